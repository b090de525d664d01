//! A call, made from the command line and signed: what `wdt sign` prints and `wdt call` sends.

use std::fmt::Write as _;

use serde_json::{Value, json};
use wdt_proto::{FRESHNESS_SECONDS, HEADERS, Language, Request, SignedRequest, ValidationError};

use crate::args::Content;
use crate::credentials::BASE_URL;
use crate::failure::{Exit, Failure};
use crate::input;
use crate::issues::{issue_json, issue_line, more};
use crate::output::{FAINT, HEAD, Output, padded, shell_quoted, shortened, styled, visible};
use crate::words::{either, said, words};

/// Why there is no request to sign.
pub(crate) enum Unsigned {
    Arguments(ValidationError),
    Failure(Failure),
}

impl From<Failure> for Unsigned {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<ValidationError> for Unsigned {
    fn from(refused: ValidationError) -> Self {
        Self::Arguments(refused)
    }
}

impl Unsigned {
    /// How the command ends: wrong arguments are shown, one by one.
    pub(crate) fn end(self, method: &str, output: &Output) -> Result<Exit, Failure> {
        match self {
            Self::Arguments(refused) => {
                show(method, &refused, output);
                Ok(Exit::Problem)
            }
            Self::Failure(failure) => Err(failure),
        }
    }
}

/// The call that the command line describes.
pub(crate) fn request<'m>(method: &'m str, content: &Content) -> Result<Request<'m>, Unsigned> {
    let mut builder = Request::builder(method).level(content.level.level);
    if let Some(pager) = content.paging.pager()? {
        builder = builder.pager(pager);
    }
    if let Some(body) = &content.body {
        return Ok(builder.raw_body(input::body(body)?)?);
    }
    let args: Vec<&str> = content.args.iter().map(String::as_str).collect();
    Ok(builder.raw_args(&args)?)
}

fn show(method: &str, refused: &ValidationError, output: &Output) {
    let language = output.language;
    if output.json {
        let words = words!("the arguments are wrong; nothing was signed", "参数有误，没有签名");
        output.json(json!({
            "ok": false,
            "method": method,
            "error": {
                "code": "arguments",
                "message": words.english,
                "message_zh": words.chinese,
                "exit_code": Exit::Problem.number(),
            },
            "omitted": refused.omitted(),
            "issues": refused.issues().iter().map(issue_json).collect::<Vec<_>>(),
        }));
        return;
    }
    for issue in refused.issues() {
        output.remark(&issue_line(issue, language));
        if issue.code() == wdt_proto::IssueCode::NotJson && !issue.pointer().is_empty() {
            let hint = words!(
                "  an argument is JSON: write a text as '\"text\"'",
                "  参数是 JSON：文本要写成 '\"文本\"'"
            );
            output.remark(&styled(FAINT, said(&hint, language)));
        }
    }
    if refused.omitted() > 0 {
        output.remark(&more(refused.omitted(), language));
    }
    output.say(&words!(
        "nothing was signed; `wdt methods {method}` shows the fields, --level off skips the check",
        "没有签名；用 `wdt methods {method}` 查看字段，--level off 可跳过检查"
    ));
}

/// A secret in the body or the method would travel, and masked it would not be what was signed.
pub(crate) fn keep_secret(output: &Output, signed: &SignedRequest) -> Result<(), Failure> {
    let body = String::from_utf8_lossy(signed.body());
    if output.mask().holds(&body) || output.mask().holds(signed.query()) {
        return Err(leaking());
    }
    Ok(())
}

pub(crate) fn leaking() -> Failure {
    Failure::usage(words!(
        "the request itself holds the secret (the part of appsecret before ':'), which must not travel",
        "请求里出现了密钥（appsecret 冒号前的部分），密钥不能发出去"
    ))
}

pub(crate) fn no_base() -> Failure {
    Failure::credentials(words!(
        "{BASE_URL} is not set: the server's address, https:// where the merchant has one",
        "{BASE_URL} 没有设置：请填服务器地址，有 https:// 就用 https://"
    ))
}

pub(crate) fn signed_json(method: &str, signed: &SignedRequest, url: Option<&str>) -> Value {
    let body = String::from_utf8_lossy(signed.body());
    let headers: serde_json::Map<_, _> =
        signed.headers().iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    json!({
        "ok": true,
        "method": method,
        "sign": signed.signature().as_str(),
        "timestamp": signed.timestamp().seconds(),
        "unix_time": signed.timestamp().to_unix(),
        "query": signed.query(),
        "url": url,
        "headers": headers,
        "body": body,
        "curl": url.map(|url| curl(url, signed.body())),
        "warnings": signed.warnings().iter().map(issue_json).collect::<Vec<_>>(),
    })
}

pub(crate) fn signed_text(signed: &SignedRequest, url: Option<&str>, language: Language) -> String {
    const SHOWN: usize = 4_000;
    let mut text = String::new();
    for warning in signed.warnings() {
        let _ = writeln!(text, "{}", issue_line(warning, language));
    }
    let time = input::beijing(signed.timestamp().to_unix()).unwrap_or_default();
    let seconds = signed.timestamp().seconds();
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "{} {value}", styled(HEAD, padded(name, 10)));
    };
    let when = words!(
        "{seconds} ({time} Beijing time, good for {FRESHNESS_SECONDS} s)",
        "{seconds}（北京时间 {time}，{FRESHNESS_SECONDS} 秒内有效）"
    );
    row("sign", signed.signature().as_str());
    row("timestamp", &said(&when, language));
    match url {
        Some(url) => row("POST", url),
        None => row("query", signed.query()),
    }
    for (name, value) in signed.headers() {
        row(either(language, "header", "请求头"), &format!("{name}: {value}"));
    }
    let body = shortened(&visible(signed.body()), SHOWN, language);
    row(either(language, "body", "请求体"), &body);
    text
}

/// A command for a POSIX shell.
pub(crate) fn curl(url: &str, body: &[u8]) -> String {
    let mut command = format!("curl -sS {}", shell_quoted(url));
    for (name, value) in HEADERS {
        let _ = write!(command, " -H {}", shell_quoted(&format!("{name}: {value}")));
    }
    let body = String::from_utf8_lossy(body);
    let _ = write!(command, " --data-binary {}", shell_quoted(&body));
    command
}
