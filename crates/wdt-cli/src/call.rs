//! `wdt call`: one request over HTTP, never repeated.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use wdt_proto::{ApiError, Language, Response, ResponseError, SignedRequest};

use crate::args::Call;
use crate::credentials::{BASE_URL, Settings};
use crate::failure::{Exit, Failure};
use crate::http::{Http, Lost, Reply};
use crate::input::Moment;
use crate::issues::{issue_json, issue_line};
use crate::output::{BAD, FAINT, HEAD, ODD, Output, styled, visible};
use crate::signed::{self, signed_json, signed_text};
use crate::words::{Words, either, said, words};

/// `wdt call`
pub(crate) fn run(args: &Call, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let owned = settings.credentials()?;
    let request = match signed::request(&args.method, &args.content) {
        Ok(request) => request,
        Err(unsigned) => return unsigned.end(&args.method, output),
    };
    let signed = request.sign(&owned.credentials, Moment::now().timestamp()?);
    signed::keep_secret(output, &signed)?;
    let url = settings.endpoint()?.map(|endpoint| endpoint.url(&signed));
    if !args.send {
        dry_run(&args.method, &signed, url.as_deref(), output);
        return Ok(Exit::Fine);
    }
    let url = url.ok_or_else(signed::no_base)?;
    if !output.json {
        for warning in signed.warnings() {
            output.remark(&issue_line(warning, output.language));
        }
        remark_open(&url, output);
    }
    let timeout = Duration::from_secs(args.timeout);
    let reply = Http::new().send(&url, &signed, timeout).map_err(|error| lost(&error))?;
    if args.raw {
        output.exact(&reply.body);
    }
    judge(args, &signed, &reply, output)
}

/// Says so where calls cross a network in the clear.
pub(crate) fn remark_open(url: &str, output: &Output) {
    if is_open(url) {
        let open = words!(
            "plain http: anybody on the way can read this call",
            "明文 http：途经的任何人都能看到这次调用的内容"
        );
        output.remark(&styled(FAINT, said(&open, output.language)));
    }
}

fn is_open(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let is_local =
        ["127.", "localhost:", "localhost/", "[::1]"].iter().any(|h| rest.starts_with(h));
    !is_local
}

fn dry_run(method: &str, signed: &SignedRequest, url: Option<&str>, output: &Output) {
    if output.json {
        let mut value = signed_json(method, signed, url);
        value["sent"] = false.into();
        output.json(value);
    } else {
        output.text(&signed_text(signed, url, output.language));
        let dry = match url {
            Some(_) => words!(
                "dry run: nothing was sent; --send sends it",
                "仅预览，没有发送；加 --send 才会发送"
            ),
            None => words!(
                "dry run: nothing was sent; --send sends it (after setting {BASE_URL})",
                "仅预览，没有发送；设置 {BASE_URL} 后加 --send 才会发送"
            ),
        };
        output.remark(&styled(ODD, said(&dry, output.language)));
    }
}

/// No whole reply. Whether the request took effect is known only where it never left.
fn lost(lost: &Lost) -> Failure {
    let Words { english, chinese } = &lost.why;
    let fate = if lost.never_left {
        words!("the request was not sent", "请求没有发出去")
    } else {
        unknown_fate()
    };
    Failure::transport(Words {
        english: format!("{english}; {}", fate.english),
        chinese: format!("{chinese}；{}", fate.chinese),
    })
}

/// What is to be known of a call that was sent and not answered by the platform.
fn unknown_fate() -> Words {
    words!(
        "whether the call took effect is unknown: ask the server before you repeat one that writes",
        "不确定调用是否已生效：写入类接口先向服务器核实，再决定是否重发"
    )
}

/// What came is no answer of the platform's, so that the call's fate is open.
fn no_answer(http_status: u16, why: &Words) -> Failure {
    let http = match http_status {
        200 => String::new(),
        status => format!("HTTP {status}"),
    };
    let join = |colon: &'static str| if http.is_empty() { "" } else { colon };
    let fate = unknown_fate();
    Failure::transport(Words {
        english: format!("{http}{}{}; {}", join(": "), why.english, fate.english),
        chinese: format!("{http}{}{}；{}", join("："), why.chinese, fate.chinese),
    })
}

fn judge(
    args: &Call,
    signed: &SignedRequest,
    reply: &Reply,
    output: &Output,
) -> Result<Exit, Failure> {
    match Response::parse(&reply.body) {
        // A gateway that fails may still have kept the text of a reply.
        Ok(_) if !(200..300).contains(&reply.status) => {
            let why = words!("status 0, which contradicts it", "与应答里的 status 0 矛盾");
            Err(no_answer(reply.status, &why))
        }
        Ok(response) => {
            if output.json {
                output.exact_json(&Document {
                    ok: true,
                    method: &args.method,
                    sent: true,
                    http_status: reply.status,
                    warnings: warnings(signed),
                    total: response.total(),
                    data: raw(response.data()),
                    error: None,
                });
            } else if !args.raw {
                if let Some(total) = response.total() {
                    let name = either(output.language, "total", "总数");
                    output.remark(&format!("{} {total}", styled(HEAD, name)));
                }
                output.document(&pretty(response.data().unwrap_or("null")));
            }
            Ok(Exit::Fine)
        }
        Err(ResponseError::Api(error)) => {
            refused(args, signed, reply, &error, output);
            Ok(Exit::Problem)
        }
        Err(error) => Err(no_answer(reply.status, &Words::of(&error))),
    }
}

fn refused(args: &Call, signed: &SignedRequest, reply: &Reply, error: &ApiError, output: &Output) {
    if output.json {
        output.exact_json(&Document {
            ok: false,
            method: &args.method,
            sent: true,
            http_status: reply.status,
            warnings: warnings(signed),
            total: None,
            data: raw(error.data.as_deref()),
            error: Some(Refusal {
                code: "api",
                status: error.status,
                kind: error.kind.as_str(),
                message: output.mask().apply(&error.message),
                retryable: error.is_retryable(),
                advice: error.kind.advice(),
                advice_zh: error.kind.advice_in(Language::Chinese),
                exit_code: Exit::Problem.number(),
            }),
        });
        return;
    }
    let language = output.language;
    if let Some(data) = error.data.as_deref().filter(|_| !args.raw) {
        output.document(&pretty(data));
    }
    let retry = if error.is_retryable() {
        words!("worth another try", "可以稍后重试")
    } else {
        words!("no use repeating it", "重试没有用")
    };
    let retry = said(&retry, language);
    let advice = error.kind.advice_in(language);
    let kind = styled(HEAD, error.kind);
    let status = error.status;
    let message = visible(error.message.trim().as_bytes());
    let refused = styled(BAD, either(language, "refused: ", "被拒绝："));
    output.say(&words!(
        "{refused}status {status} {kind}: {message}\n  {advice} ({retry})",
        "{refused}status {status} {kind}：{message}\n  {advice}（{retry}）"
    ));
    if error.kind == wdt_proto::ErrorKind::Authentication {
        output.say(&words!(
            "  your own program's request: `wdt explain URL BODY` says what is wrong with it",
            "  要查自己程序发出的请求：`wdt explain URL BODY` 会指出错在哪里"
        ));
    }
}

/// What `--json` prints of a reply.
#[derive(Serialize)]
struct Document<'a> {
    ok: bool,
    method: &'a str,
    sent: bool,
    http_status: u16,
    warnings: Vec<Value>,
    total: Option<u64>,
    data: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Refusal>,
}

#[derive(Serialize)]
struct Refusal {
    code: &'static str,
    status: i64,
    kind: &'static str,
    message: String,
    retryable: bool,
    advice: &'static str,
    advice_zh: &'static str,
    exit_code: u8,
}

fn warnings(signed: &SignedRequest) -> Vec<Value> {
    signed.warnings().iter().map(issue_json).collect()
}

/// JSON that the core has read, as it stands.
fn raw(data: Option<&str>) -> Option<&RawValue> {
    serde_json::from_str(data?).ok()
}

/// A line a value, every token as it came.
fn pretty(data: &str) -> String {
    match wdt_explain::indented(data.as_bytes()) {
        Some(text) => text + "\n",
        // The core has read it, so it is JSON; were it not, it is shown as it came.
        None => format!("{data}\n"),
    }
}
