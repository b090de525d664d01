//! What `wdt explain` shows: a text for people in their language, a document for programs with both.

use std::fmt::{Display, Write as _};

use anstyle::Style;
use serde_json::{Value, json};
use wdt_explain::{BodyChange, Found, Mistake, Outcome, Report, Sent, Verdict, beijing, duration};
use wdt_proto::{Language, catalogue};

use crate::issues::{counts, issue_json, issue_line, more};
use crate::output::{
    BAD, FAINT, GOOD, HEAD, ODD, Output, bytes, padded, shortened, styled, visible,
};
use crate::words::either;

/// How much of a long text a person is shown; programs get it all.
const SHOWN: usize = 2_000;

/// The width of the names in front, on a terminal.
const WIDTH: usize = 9;

const BOTH: [Language; 2] = [Language::English, Language::Chinese];

/// What is checked when the signature differs, for the text that nothing explains it.
const CHECKED: [(&str, &str); 10] = [
    (
        "the body left out, or written otherwise (spaces, order of keys, escapes, numbers, line break, BOM)",
        "请求体没有参与签名，或写法不同（空格、键的顺序、转义、数字、换行、BOM）",
    ),
    ("an object for the array of arguments, and the other way round", "业务参数是对象还是数组"),
    (
        "secret:salt as the secret, one end only, none, salt or key in its place, blanks on it",
        "整个 secret:salt 当密钥、只加一端、没有密钥、用 salt 或 appkey 当密钥、密钥带空白",
    ),
    (
        "parameters left out, added or changed after signing: salt, paging, timestamp, version",
        "参数漏签、多签或签名后被改动：salt、分页、timestamp、版本",
    ),
    ("sign or the secret among the parameters", "sign 或密钥被当作参数签名"),
    (
        "values URL-encoded, double-encoded, '+' not encoded",
        "先 URL 编码再签名、编码两次、+ 没有编码",
    ),
    ("GBK, Latin-1, UTF-8 twice", "GBK、Latin-1、两次 UTF-8"),
    (
        "not sorted, '=' and '&' kept, the key `body` left out",
        "没有排序、带着 = 和 &、少了键名 body",
    ),
    ("the algorithms of the enterprise edition, Taobao and Qimen", "企业版、淘宝、奇门的签名算法"),
    (
        "upper case, 16 characters; and two of all these at once",
        "大写、16 位；以及以上任意两种同时出现",
    ),
];

/// What to do when nothing explains it.
const NEXT: [(&str, &str); 4] = [
    (
        "1. is WDT_APPSECRET that of this key? a reissued or mistyped secret looks like this",
        "1. 先核对 WDT_APPSECRET 是否与该 appkey 配套：换过、抄错都会这样",
    ),
    (
        "2. are URL and body exactly what was sent? log the bytes, not the object",
        "2. URL 和请求体是否就是实际发送的？记录字节，不要记录对象",
    ),
    (
        "3. print what your program hashes, and its length in bytes, and compare with the canonical below",
        "3. 打印你的程序做 MD5 的字符串和字节数，与下面的签名串比对",
    ),
    (
        "4. if you know which body it signed, give it: --signed-body @FILE",
        "4. 如果知道签名时的请求体，用 --signed-body @FILE 给出",
    ),
];

/// One of two texts.
fn pick<'t>(language: Language, (english, chinese): (&'t str, &'t str)) -> &'t str {
    either(language, english, chinese)
}

/// A query that cannot be taken apart.
pub(crate) fn unreadable(mistake: &Mistake, output: &Output) {
    if output.json {
        output.json(json!({
            "ok": false,
            "signature": Verdict::Absent.as_str(),
            "verdict": mistake.what(Language::English),
            "verdict_chinese": mistake.what(Language::Chinese),
            "mistakes": [mistake_json(mistake)],
        }));
    } else {
        let mut page = Page { language: output.language, text: String::new() };
        page.mistake(mistake);
        output.text(&page.text);
    }
}

pub(crate) fn write(sent: &Sent, report: &Report, output: &Output) {
    if output.json {
        output.json(document(sent, report));
    } else {
        let mut page = Page { language: output.language, text: String::new() };
        page.report(sent, report);
        output.text(&page.text);
    }
}

fn mistake_json(mistake: &Mistake) -> Value {
    let [what, what_zh] = BOTH.map(|language| mistake.what(language));
    let [fix, fix_zh] = BOTH.map(|language| mistake.fix(language));
    let [detail, detail_zh] = BOTH.map(|language| mistake.detail(language).unwrap_or_default());
    json!({
        "code": mistake.code().as_str(),
        "basis": mistake.basis().as_str(),
        "what": what,
        "what_zh": what_zh,
        "fix": fix,
        "fix_zh": fix_zh,
        "chinese": mistake.zh().to_string(),
        "changes": mistake.changes().iter().copied().map(BodyChange::as_str).collect::<Vec<_>>(),
        "detail": detail,
        "detail_zh": detail_zh,
    })
}

fn document(sent: &Sent, report: &Report) -> Value {
    let [english, chinese] = BOTH.map(|language| report.summary(language));
    let [notes, notes_zh] = BOTH.map(|language| report.notes(language));
    let found = report.search().and_then(Outcome::found);
    let issues = report.issues().iter().map(issue_json).collect::<Vec<_>>();
    let pairs = sent.pairs().iter().map(|(key, value)| json!([key, value]));
    let (expected, arguments) = (report.expected(), report.arguments());
    json!({
        "ok": report.is_right(),
        "signature": report.verdict().as_str(),
        "verdict": english,
        "verdict_chinese": chinese,
        "mistakes": report.mistakes().iter().map(mistake_json).collect::<Vec<_>>(),
        "notes": notes,
        "notes_zh": notes_zh,
        "sign": { "received": sent.get("sign"), "expected": expected.sign.as_str() },
        "canonical": { "text": expected.canonical, "bytes": expected.length },
        "signed_instead": found.map(|found| json!({
            "text": String::from_utf8_lossy(found.canonical()),
            "bytes": found.length(),
            "body": found.signed_body().map(String::from_utf8_lossy),
        })),
        "request": {
            "sid": sent.get("sid"),
            "key": sent.get("key"),
            "method": sent.get("method"),
            "timestamp": sent.get("timestamp"),
            "unix_time": report.time().unix(),
            "beijing_time": report.time().unix().and_then(beijing),
            "ahead_by": report.time().ahead_by(),
            "query": pairs.collect::<Vec<_>>(),
            "body_bytes": sent.body().len(),
        },
        "arguments": {
            "errors": arguments.errors(),
            "warnings": arguments.warnings(),
            "omitted": arguments.omitted(),
            "issues": issues,
        },
        "search": report.search().map(|search| json!({
            "tried": search.tried(),
            "complete": search.is_complete(),
        })),
    })
}

/// The text for people, as it grows.
struct Page {
    language: Language,
    text: String,
}

impl Page {
    /// One line under a name, which may be empty.
    fn row(&mut self, style: Style, name: (&str, &str), value: impl Display) {
        let name = padded(pick(self.language, name), WIDTH);
        let _ = writeln!(self.text, "{} {value}", styled(style, name));
    }

    /// One line more under the same name.
    fn more(&mut self, value: impl Display) {
        let _ = writeln!(self.text, "{:WIDTH$} {value}", "");
    }

    fn report(&mut self, sent: &Sent, report: &Report) {
        if report.verdict() == Verdict::Matches {
            let right = match report.mistakes() {
                [] => report.summary(self.language),
                _ => pick(self.language, ("the signature matches", "签名本身正确")).to_owned(),
            };
            self.row(GOOD, ("right", "正确"), right);
        } else if report.is_unexplained() {
            self.row(BAD, ("differs", "不符"), report.summary(self.language));
        }
        for mistake in report.mistakes() {
            self.mistake(mistake);
        }
        for note in report.notes(self.language) {
            self.row(ODD, ("note", "提示"), note);
        }
        if let Some(search) = report.search().filter(|_| report.is_unexplained()) {
            self.next_steps(search);
        }
        self.text.push('\n');
        self.signatures(sent, report);
        self.request(sent, report);
        self.arguments(sent, report);
    }

    fn mistake(&mut self, mistake: &Mistake) {
        let code = styled(FAINT, format!("[{}]", mistake.code()));
        self.row(BAD, ("mistake", "错误"), format!("{} {code}", mistake.what(self.language)));
        if let Some(detail) = mistake.detail(self.language) {
            self.more(detail);
        }
        self.row(HEAD, ("fix", "改法"), mistake.fix(self.language));
        let basis = mistake.basis().text(self.language);
        self.more(styled(
            FAINT,
            match self.language {
                Language::Chinese => format!("（{basis}）"),
                _ => format!("({basis})"),
            },
        ));
    }

    fn next_steps(&mut self, search: &Outcome) {
        let tried = search.tried();
        let head = match self.language {
            Language::Chinese => format!("逐一验算了 {tried} 种写法："),
            _ => format!("{tried} ways to go wrong, computed one by one:"),
        };
        self.row(HEAD, ("checked", "已查"), head);
        for what in CHECKED {
            let what = pick(self.language, what);
            self.more(format!("· {what}"));
        }
        if !search.is_complete() {
            let incomplete = (
                "not all of them, because the body is large: try a smaller one",
                "请求体较大，没有全部验算：换个小一点的试试",
            );
            self.row(ODD, ("", ""), pick(self.language, incomplete));
        }
        let [first, rest @ ..] = NEXT;
        self.row(HEAD, ("next", "下一步"), pick(self.language, first));
        for step in rest {
            self.more(pick(self.language, step));
        }
    }

    fn signatures(&mut self, sent: &Sent, report: &Report) {
        let (language, expected) = (self.language, report.expected());
        let none = pick(language, ("(none)", "（无）"));
        self.row(HEAD, ("received", "收到"), sent.get("sign").unwrap_or(none));
        let server = (
            "what the server computes from this query and body",
            "服务器按这个 URL 和请求体算出的签名",
        );
        let server = styled(FAINT, pick(language, server));
        self.row(HEAD, ("expected", "应为"), format!("{} {server}", expected.sign));
        let canonical = shortened(&visible(expected.canonical.as_bytes()), SHOWN, language);
        self.row(HEAD, ("canonical", "签名串"), canonical);
        let length = bytes(expected.length, language);
        let length = match language {
            Language::Chinese => format!("{length}，含首尾两次密钥"),
            _ => format!("{length}, the secret included twice"),
        };
        self.more(styled(FAINT, length));
        if let Some(found) = report.search().and_then(Outcome::found) {
            self.instead(found, &report.first_difference(language).unwrap_or_default());
        }
    }

    fn instead(&mut self, found: &Found, difference: &str) {
        let signed = shortened(&visible(found.canonical()), SHOWN, self.language);
        self.row(HEAD, ("signed", "实际签的"), signed);
        let length = bytes(found.length(), self.language);
        let note = match self.language {
            Language::Chinese => format!("{length}，你的程序签的就是它；{difference}"),
            _ => format!("{length}, what your program must have signed; {difference}"),
        };
        self.more(styled(FAINT, note));
    }

    fn request(&mut self, sent: &Sent, report: &Report) {
        let language = self.language;
        let none = pick(language, ("(none)", "（无）"));
        let of = |name| sent.get(name).unwrap_or(none);
        let name = of("method");
        let unknown = pick(language, ("not in the catalogue", "不在接口目录里"));
        let title = catalogue::method(name).map_or(unknown, |method| method.title());
        let (sid, key) = (of("sid"), of("key"));
        let line = match language {
            Language::Chinese => format!("{name} {title}，sid {sid}，key {key}"),
            _ => format!("{name} {title}, sid {sid}, key {key}"),
        };
        self.row(HEAD, ("request", "请求"), line);
        if let (Some(unix), Some(ahead)) = (report.time().unix(), report.time().ahead_by()) {
            let far = pick(language, ("far in the future", "遥远的将来"));
            let time = beijing(unix).unwrap_or_else(|| far.to_owned());
            let (by, timestamp) = (duration(ahead, language), of("timestamp"));
            self.more(match (language, ahead <= 0) {
                (Language::Chinese, true) => {
                    format!("timestamp {timestamp}：北京时间 {time}，{by}前")
                }
                (Language::Chinese, false) => {
                    format!("timestamp {timestamp}：北京时间 {time}，{by}后")
                }
                (_, true) => format!("timestamp {timestamp}: {time} Beijing time, {by} ago"),
                (_, false) => format!("timestamp {timestamp}: {time} Beijing time, {by} ahead"),
            });
        }
    }

    fn arguments(&mut self, sent: &Sent, report: &Report) {
        let (language, arguments) = (self.language, report.arguments());
        let size = bytes(sent.body().len(), language);
        let name = ("body", "请求体");
        if arguments.issues().is_empty() {
            let line = match language {
                Language::Chinese => format!("{size}，业务参数与文档一致"),
                _ => format!("{size}, the arguments are as documented"),
            };
            return self.row(HEAD, name, line);
        }
        let counts = counts(arguments, language);
        let line = match language {
            Language::Chinese => format!("{size}；业务参数：{counts}"),
            _ => format!("{size}; {counts} in its arguments"),
        };
        self.row(HEAD, name, line);
        for issue in arguments.issues() {
            self.more(issue_line(issue, language));
        }
        if arguments.omitted() > 0 {
            self.more(more(arguments.omitted(), language));
        }
    }
}
