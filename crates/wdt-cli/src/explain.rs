//! `wdt explain`: why a request is refused, told from what was sent.

mod bodies;
mod clock;
mod layout;
mod mistake;
mod received;
mod report;
mod search;
mod secret;
mod variants;

use wdt_proto::{IssueCode, Report, validate};

use crate::args::Explain;
use crate::credentials::Settings;
use crate::failure::{Exit, Failure};
use crate::input::{self, Moment};
use crate::output::Output;
use crate::words::words;
use mistake::Mistake;
use received::Received;
use search::{Outcome, Search, Target};

/// Whether the signature received is the one that the server computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Matches,
    Differs,
    /// There is none, or nothing that could be one.
    Absent,
}

/// All that is known about the request.
pub(crate) struct Findings {
    pub(crate) received: Received,
    pub(crate) verdict: Verdict,
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) notes: Vec<String>,
    pub(crate) expected: wdt_proto::Explanation,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) arguments: Report,
    pub(crate) clock: clock::Judgement,
}

/// `wdt explain`
pub(crate) fn run(args: &Explain, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let body = match (&args.body, &args.file) {
        (Some(body), _) => input::body(body)?,
        (None, Some(path)) => input::file(path)?,
        (None, None) => {
            return Err(Failure::usage(words!(
                "give the body: a file, -, or --body TEXT",
                "请给出请求体：文件、-，或 --body 文本"
            )));
        }
    };
    let signed_body = args.signed_body.as_deref().map(input::body).transpose()?;
    let owned = settings.credentials()?;
    let received = match Received::parse(&args.url, body)? {
        Ok(received) => received,
        Err(mistake) => {
            report::unreadable(&mistake, output);
            return Ok(Exit::Problem);
        }
    };
    let now = args.now.unwrap_or_else(Moment::now).unix();
    let (mut mistakes, notes) = received.findings(&owned, output.mask());
    let expected = wdt_proto::explain(owned.secret(), received.signed_pairs());
    let sign = received.get("sign").unwrap_or_default();
    let mut outcome = None;
    let verdict = if sign.is_empty() {
        Verdict::Absent
    } else if expected.sign.matches(sign) {
        Verdict::Matches
    } else if expected.sign.matches(&sign.to_ascii_lowercase()) {
        mistakes.insert(0, upper_case());
        Verdict::Differs
    } else if let Some(target) = Target::parse(sign) {
        let found = Search::new(&received, &owned, signed_body.as_deref(), target).run();
        let mut proved = found.found.as_ref().map(|f| f.mistakes.clone()).unwrap_or_default();
        if found.found.is_some() {
            proved.extend(form(sign, target));
        }
        // What the recomputation proves says more than that it is to be seen.
        mistakes.retain(|seen| proved.iter().all(|proved| proved.code != seen.code));
        mistakes.splice(0..0, proved);
        outcome = Some(found);
        Verdict::Differs
    } else {
        mistakes.insert(0, no_digest(sign));
        Verdict::Absent
    };
    let clock = received
        .get("timestamp")
        .filter(|text| !text.is_empty())
        .map(|text| clock::judge(text, now, args.now.is_some()))
        .unwrap_or_default();
    mistakes.extend(clock.mistake.clone());
    let level = args.level.level;
    let arguments = validate(received.get("method").unwrap_or_default(), &received.body, level);
    let is_new = |mistake: &Mistake| mistakes.iter().all(|known| known.code != mistake.code);
    let in_arguments = argument_mistake(&arguments).filter(is_new);
    mistakes.extend(in_arguments);
    let findings =
        Findings { received, verdict, mistakes, notes, expected, outcome, arguments, clock };
    report::write(&findings, output);
    let is_fine = findings.verdict == Verdict::Matches && findings.mistakes.is_empty();
    Ok(if is_fine { Exit::Fine } else { Exit::Problem })
}

fn upper_case() -> Mistake {
    Mistake::recomputed(
        "upper_case",
        "the signature is right but for its letters, which are upper case",
        "send the MD5 as lower-case hex",
        "sign 用了大写十六进制，应为小写",
    )
}

/// What is wrong with the form of a signature whose digest has been explained.
fn form(sign: &str, target: Target) -> Option<Mistake> {
    match target {
        Target::Middle(_) => Some(Mistake::recomputed(
            "short_md5",
            "only the middle 16 of the MD5's 32 characters were sent",
            "send all 32",
            "sign 用了 16 位 MD5，应为 32 位",
        )),
        Target::Whole(_) if sign.bytes().any(|b| b.is_ascii_uppercase()) => Some(upper_case()),
        Target::Whole(_) => None,
    }
}

fn no_digest(sign: &str) -> Mistake {
    let length = sign.chars().count();
    let guess = match length {
        40 => "; 40 are a SHA-1",
        64 => "; 64 are a SHA-256",
        24 => "; 24 may be an MD5 in Base64",
        _ => "",
    };
    Mistake::seen(
        "sign_form",
        format!("sign has {length} characters and is no MD5 in hex, which has 32{guess}"),
        "send the MD5 as 32 characters of lower-case hex",
        format!("sign 有 {length} 个字符，不是 32 位小写十六进制的 MD5"),
    )
}

/// What the server would say about the arguments once the signature is right.
fn argument_mistake(report: &Report) -> Option<Mistake> {
    if report.is_ok() {
        return None;
    }
    if report.issues().iter().any(|issue| issue.code() == IssueCode::NotAnArray) {
        return Some(Mistake::seen(
            "arguments_object",
            "the body is not an array: the arguments go by position, not by name",
            "send a JSON array of the method's arguments, in order: [apiGoodsId, info]",
            "请求体不是数组：业务参数要按顺序放进 JSON 数组，不能用带参数名的对象",
        ));
    }
    let count = report.errors();
    Some(Mistake::seen(
        "arguments",
        format!(
            "the arguments have {count} error{}, listed below",
            if count == 1 { "" } else { "s" }
        ),
        "mend the fields that the pointers name; `wdt methods NAME` shows what is due",
        format!("业务参数有 {count} 处错误，见下面的列表"),
    ))
}
