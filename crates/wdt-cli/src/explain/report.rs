//! What `wdt explain` says, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};
use wdt_proto::{Language, catalogue};

use super::bodies::first_difference;
use super::mistake::Mistake;
use super::search::{Found, Outcome};
use super::{Findings, Verdict};
use crate::input::{beijing, duration};
use crate::issues::{counts, issue_json, issue_line};
use crate::output::{BAD, FAINT, GOOD, HEAD, ODD, Output, bytes, shortened, styled, visible};

/// How much of a long text a person is shown; programs get it all.
const SHOWN: usize = 2_000;

/// The width of the names in front.
const WIDTH: usize = 9;

/// What is checked when the signature differs, for the text that nothing explains it.
const CHECKED: [&str; 10] = [
    "the body left out, or written otherwise (spaces, order of keys, escapes, numbers, line break, BOM)",
    "an object for the array of arguments, and the other way round",
    "secret:salt as the secret, one end only, none, salt or key in its place, blanks on it",
    "parameters left out, added or changed after signing: salt, paging, timestamp, version",
    "sign or the secret among the parameters",
    "values URL-encoded, double-encoded, '+' not encoded",
    "GBK, Latin-1, UTF-8 twice",
    "not sorted, '=' and '&' kept, the key `body` left out",
    "the algorithms of the enterprise edition, Taobao and Qimen",
    "upper case, 16 characters; and two of all these at once",
];

/// A query that cannot be taken apart.
pub(crate) fn unreadable(mistake: &Mistake, output: &Output) {
    if output.json {
        output.json(json!({
            "ok": false,
            "signature": "absent",
            "verdict": mistake.what,
            "verdict_chinese": mistake.chinese,
            "mistakes": [mistake.json()],
        }));
    } else {
        let mut text = String::new();
        write_mistake(&mut text, mistake);
        output.text(&text);
    }
}

pub(crate) fn write(findings: &Findings, output: &Output) {
    if output.json {
        output.json(document(findings));
    } else {
        output.text(&text(findings));
    }
}

/// The verdict in one line, in English and in Chinese.
fn verdict(findings: &Findings) -> (String, String) {
    let explained = findings.outcome.as_ref().is_none_or(|outcome| outcome.found.is_some());
    match (findings.verdict, findings.mistakes.first()) {
        (Verdict::Matches, None) => (
            "the signature matches: the server computes the same from this query and body".into(),
            "签名正确：服务器按这个 URL 和请求体算出的签名相同".into(),
        ),
        (Verdict::Matches, Some(mistake)) => (
            format!("the signature matches, but {}", mistake.what),
            format!("签名本身正确，但是：{}", mistake.chinese),
        ),
        (Verdict::Differs, _) if !explained => (
            "the signature differs, and none of the usual mistakes explains it".into(),
            "签名不符，而且不属于任何常见错误".into(),
        ),
        (_, Some(mistake)) => (mistake.what.clone(), mistake.chinese.clone()),
        (_, None) => ("there is no signature to compare".into(), "没有可比对的签名".into()),
    }
}

fn document(findings: &Findings) -> Value {
    let (english, chinese) = verdict(findings);
    let received = &findings.received;
    let found = findings.outcome.as_ref().and_then(|outcome| outcome.found.as_ref());
    let issues = findings.arguments.issues().iter().map(issue_json).collect::<Vec<_>>();
    let pairs = received.pairs.iter().map(|(key, value)| json!([key, value]));
    json!({
        "ok": findings.verdict == Verdict::Matches && findings.mistakes.is_empty(),
        "signature": match findings.verdict {
            Verdict::Matches => "matches",
            Verdict::Differs => "differs",
            Verdict::Absent => "absent",
        },
        "verdict": english,
        "verdict_chinese": chinese,
        "mistakes": findings.mistakes.iter().map(Mistake::json).collect::<Vec<_>>(),
        "notes": notes(findings),
        "sign": { "received": received.get("sign"), "expected": findings.expected.sign.as_str() },
        "canonical": { "text": findings.expected.canonical, "bytes": findings.expected.length },
        "signed_instead": found.map(|found| json!({
            "text": String::from_utf8_lossy(&found.canonical),
            "bytes": found.length,
            "body": found.signed_body.as_ref().map(|body| String::from_utf8_lossy(body)),
        })),
        "request": {
            "sid": received.get("sid"),
            "key": received.get("key"),
            "method": received.get("method"),
            "timestamp": received.get("timestamp"),
            "unix_time": findings.clock.unix,
            "beijing_time": findings.clock.unix.and_then(beijing),
            "ahead_by": findings.clock.ahead_by,
            "query": pairs.collect::<Vec<_>>(),
            "body_bytes": received.body.len(),
        },
        "arguments": {
            "errors": findings.arguments.errors(),
            "warnings": findings.arguments.warnings(),
            "omitted": findings.arguments.omitted(),
            "issues": issues,
        },
        "search": findings.outcome.as_ref().map(|outcome| json!({
            "tried": outcome.tried,
            "complete": outcome.complete,
        })),
    })
}

fn notes(findings: &Findings) -> Vec<String> {
    findings.notes.iter().cloned().chain(findings.clock.note.clone()).collect()
}

fn text(findings: &Findings) -> String {
    let mut text = String::new();
    let (english, chinese) = verdict(findings);
    let unexplained = findings.outcome.as_ref().filter(|outcome| outcome.found.is_none());
    if findings.verdict == Verdict::Matches && findings.mistakes.is_empty() {
        let _ = writeln!(
            text,
            "{} {english}\n{:WIDTH$} {chinese}",
            styled(GOOD, format!("{:<WIDTH$}", "right")),
            ""
        );
    } else if findings.verdict == Verdict::Matches {
        let _ = writeln!(
            text,
            "{} the signature matches 签名本身正确",
            styled(GOOD, format!("{:<WIDTH$}", "right"))
        );
    } else if unexplained.is_some() {
        let _ = writeln!(
            text,
            "{} {english}\n{:WIDTH$} {chinese}",
            styled(BAD, format!("{:<WIDTH$}", "differs")),
            ""
        );
    }
    for mistake in &findings.mistakes {
        write_mistake(&mut text, mistake);
    }
    for note in notes(findings) {
        row(&mut text, ODD, "note", &note);
    }
    if let Some(outcome) = unexplained {
        next_steps(&mut text, outcome);
    }
    text.push('\n');
    signatures(&mut text, findings);
    request(&mut text, findings);
    arguments(&mut text, findings);
    text
}

fn row(text: &mut String, style: anstyle::Style, name: &str, value: &str) {
    let _ = writeln!(text, "{} {value}", styled(style, format!("{name:<WIDTH$}")));
}

fn write_mistake(text: &mut String, mistake: &Mistake) {
    let basis = match mistake.basis {
        super::mistake::Basis::Recomputed => {
            "proved: so computed, the sign received comes out exactly"
        }
        super::mistake::Basis::Seen => "seen in the request",
        super::mistake::Basis::Clock => "by the clock",
    };
    row(
        text,
        BAD,
        "mistake",
        &format!("{} {}", mistake.what, styled(FAINT, format!("[{}]", mistake.code))),
    );
    row(text, BAD, "", &mistake.chinese);
    if !mistake.detail.is_empty() {
        row(text, HEAD, "", &mistake.detail);
    }
    row(text, HEAD, "fix", &mistake.fix);
    row(text, FAINT, "", &styled(FAINT, format!("({basis})")));
}

fn next_steps(text: &mut String, outcome: &Outcome) {
    row(
        text,
        HEAD,
        "checked",
        &format!("{} ways to go wrong, computed one by one:", outcome.tried),
    );
    for what in CHECKED {
        let _ = writeln!(text, "{:WIDTH$} · {what}", "");
    }
    if !outcome.complete {
        row(text, ODD, "", "not all of them, because the body is large: try a smaller one");
    }
    row(
        text,
        HEAD,
        "next",
        "1. is WDT_APPSECRET that of this key? a reissued or mistyped secret looks like this",
    );
    row(text, HEAD, "", "   先核对 appsecret 是否与该 appkey 配套：换过、抄错都会这样");
    row(text, HEAD, "", "2. are URL and body exactly what was sent? log the bytes, not the object");
    row(
        text,
        HEAD,
        "",
        "3. print what your program hashes, and its length in bytes, and compare with the canonical below",
    );
    row(text, HEAD, "", "4. if you know which body it signed, give it: --signed-body @FILE");
}

fn signatures(text: &mut String, findings: &Findings) {
    let received = findings.received.get("sign").unwrap_or("(none)");
    let expected = &findings.expected;
    row(text, HEAD, "received", received);
    row(
        text,
        HEAD,
        "expected",
        &format!(
            "{} {}",
            expected.sign,
            styled(FAINT, "what the server computes from this query and body")
        ),
    );
    let canonical = shortened(&visible(expected.canonical.as_bytes()), SHOWN, Language::English);
    row(text, HEAD, "canonical", &canonical);
    row(
        text,
        HEAD,
        "",
        &styled(
            FAINT,
            format!("{}, the secret included twice", bytes(expected.length, Language::English)),
        ),
    );
    let found = findings.outcome.as_ref().and_then(|outcome| outcome.found.as_ref());
    if let Some(found) = found {
        instead(text, findings, found);
    }
}

fn instead(text: &mut String, findings: &Findings, found: &Found) {
    row(text, HEAD, "signed", &shortened(&visible(&found.canonical), SHOWN, Language::English));
    let sides = first_difference(&found.canonical, findings.expected.canonical.as_bytes());
    let sides = sides.replacen("sent `", "due `", 1);
    let note = format!(
        "{}, what your program must have signed; {sides}",
        bytes(found.length, Language::English)
    );
    row(text, HEAD, "", &styled(FAINT, note));
}

fn request(text: &mut String, findings: &Findings) {
    let received = &findings.received;
    let name = received.get("method").unwrap_or("(no method)");
    let title = catalogue::method(name).map_or("not in the catalogue", |method| method.title());
    let of = |name| received.get(name).unwrap_or("(none)");
    row(text, HEAD, "request", &format!("{name} {title}, sid {}, key {}", of("sid"), of("key")));
    if let (Some(unix), Some(ahead)) = (findings.clock.unix, findings.clock.ahead_by) {
        let side = if ahead <= 0 { "ago" } else { "ahead" };
        let time = beijing(unix).unwrap_or_else(|| "far in the future".to_owned());
        row(
            text,
            HEAD,
            "",
            &format!(
                "timestamp {}: {time} Beijing time, {} {side}",
                of("timestamp"),
                duration(ahead, Language::English)
            ),
        );
    }
}

fn arguments(text: &mut String, findings: &Findings) {
    let report = &findings.arguments;
    if report.issues().is_empty() {
        row(
            text,
            HEAD,
            "body",
            &format!(
                "{}, the arguments are as documented",
                bytes(findings.received.body.len(), Language::English)
            ),
        );
        return;
    }
    let size = bytes(findings.received.body.len(), Language::English);
    row(
        text,
        HEAD,
        "body",
        &format!("{size}; {} in its arguments", counts(report, Language::English)),
    );
    for issue in report.issues() {
        let _ = writeln!(text, "{:WIDTH$} {}", "", issue_line(issue, Language::English));
    }
    if report.omitted() > 0 {
        let _ = writeln!(text, "{:WIDTH$} … and {} more", "", report.omitted());
    }
}
