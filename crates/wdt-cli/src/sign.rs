//! `wdt sign`: what to send, and a curl command that sends it.

use std::fmt::Write as _;

use serde_json::{Value, json};
use wdt_proto::{FRESHNESS_SECONDS, HEADERS, Request, SignedRequest, ValidationError};

use crate::args::{Content, Sign};
use crate::check::{issue_json, issue_line};
use crate::credentials::Settings;
use crate::failure::{Exit, Failure};
use crate::input::{self, Moment};
use crate::output::{FAINT, HEAD, Output, shortened, styled, visible};

/// `wdt sign`
pub(crate) fn run(args: &Sign, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let Some(method) = &args.method else { return bare(args, settings, output) };
    let owned = settings.credentials()?;
    let request = match request(method, &args.content)? {
        Ok(request) => request,
        Err(refused) => return Ok(refuse(method, &refused, output)),
    };
    let moment = args.now.unwrap_or_else(Moment::now);
    let signed = request.sign(&owned.credentials, moment.timestamp()?);
    keep_secret(output, &signed)?;
    if args.curl && !output.json {
        let base = settings.base_url().ok_or_else(no_base)?;
        output.text(&format!("{}\n", curl(&url(&signed, base)?, signed.body())));
        return Ok(Exit::Fine);
    }
    let url = settings.base_url().map(|base| url(&signed, base)).transpose()?;
    if output.json {
        output.json(signed_json(method, &signed, url.as_deref()));
    } else {
        output.text(&signed_text(&signed, url.as_deref()));
    }
    Ok(Exit::Fine)
}

/// The call that the arguments make, or what is wrong with them.
pub(crate) fn request<'m>(
    method: &'m str,
    content: &Content,
) -> Result<Result<Request<'m>, ValidationError>, Failure> {
    let mut builder = Request::builder(method).level(content.level.level);
    if let Some(pager) = content.paging.pager()? {
        builder = builder.pager(pager);
    }
    if let Some(body) = &content.body {
        return Ok(builder.raw_body(input::body(body)?));
    }
    let args: Vec<&str> = content.args.iter().map(String::as_str).collect();
    Ok(builder.raw_args(&args))
}

/// Arguments that are wrong: nothing is signed.
pub(crate) fn refuse(method: &str, refused: &ValidationError, output: &Output) -> Exit {
    if output.json {
        output.json(json!({
            "ok": false,
            "method": method,
            "error": {
                "code": "arguments",
                "message": "the arguments are wrong; nothing was signed",
                "exit_code": Exit::Problem.number(),
            },
            "omitted": refused.omitted(),
            "issues": refused.issues().iter().map(issue_json).collect::<Vec<_>>(),
        }));
        return Exit::Problem;
    }
    for issue in refused.issues() {
        output.remark(&issue_line(issue));
        if issue.code() == wdt_proto::IssueCode::NotJson && !issue.pointer().is_empty() {
            output.remark(&styled(FAINT, "  an argument is JSON: write a text as '\"text\"'"));
        }
    }
    if refused.omitted() > 0 {
        output.remark(&format!("… and {} more", refused.omitted()));
    }
    output.remark(&format!(
        "nothing was signed; `wdt methods {method}` shows the fields, --level off asks nothing"
    ));
    Exit::Problem
}

/// A secret in the body or the method would travel, and masked it would not be what was signed.
pub(crate) fn keep_secret(output: &Output, signed: &SignedRequest) -> Result<(), Failure> {
    let body = String::from_utf8_lossy(signed.body());
    if output.mask().holds(&body) || output.mask().holds(signed.query()) {
        return Err(leaking());
    }
    Ok(())
}

fn leaking() -> Failure {
    Failure::usage(
        "the request itself holds the secret (the part of appsecret before ':'), which must not travel",
    )
}

pub(crate) fn url(signed: &SignedRequest, base: &str) -> Result<String, Failure> {
    signed.url(base).map_err(|error| {
        let text = error.to_string();
        Failure::credentials(text.replacen("base", crate::credentials::BASE_URL, 1))
    })
}

pub(crate) fn no_base() -> Failure {
    Failure::credentials(format!(
        "{} is not set: the server's address, https:// where the merchant has one",
        crate::credentials::BASE_URL
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

pub(crate) fn signed_text(signed: &SignedRequest, url: Option<&str>) -> String {
    const SHOWN: usize = 4_000;
    let mut text = String::new();
    for warning in signed.warnings() {
        let _ = writeln!(text, "{}", issue_line(warning));
    }
    let time = input::beijing(signed.timestamp().to_unix()).unwrap_or_default();
    let seconds = signed.timestamp().seconds();
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "{} {value}", styled(HEAD, format!("{name:<10}")));
    };
    row("sign", signed.signature().as_str());
    row("timestamp", &format!("{seconds} ({time} Beijing time, good for {FRESHNESS_SECONDS} s)"));
    match url {
        Some(url) => row("POST", url),
        None => row("query", signed.query()),
    }
    for (name, value) in signed.headers() {
        row("header", &format!("{name}: {value}"));
    }
    row("body", &shortened(&visible(signed.body()), SHOWN));
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

/// In single quotes, the only ones in which a shell changes nothing.
pub(crate) fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Parameters as they are, no method: the bare algorithm.
fn bare(args: &Sign, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let owned = settings.credentials()?;
    let mut pairs = Vec::new();
    for pair in &args.param {
        let (key, value) = pair.split_once('=').ok_or_else(|| {
            Failure::usage(format!("--param {pair:?} has no '=': give KEY=VALUE"))
        })?;
        pairs.push((key, value.as_bytes()));
    }
    let body = args.content.body.as_deref().map(input::body).transpose()?;
    let shown = args.param.iter().any(|pair| output.mask().holds(pair));
    if shown
        || body.as_ref().is_some_and(|body| output.mask().holds(&String::from_utf8_lossy(body)))
    {
        return Err(leaking());
    }
    let mut signed = pairs.clone();
    if let Some(body) = &body {
        signed.push(("body", body));
    }
    let mut keys: Vec<_> = signed.iter().map(|(key, _)| *key).collect();
    keys.sort_unstable();
    if let Some([twice, ..]) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Failure::usage(format!("the parameter {twice} stands twice")));
    }
    let explanation = wdt_proto::explain(owned.secret(), signed);
    let sent = args.param.iter().filter_map(|pair| pair.split_once('='));
    let sent = sent.filter(|(key, _)| *key != "sign");
    let query = wdt_proto::query::encode(sent.chain([("sign", explanation.sign.as_str())]));
    if output.json {
        output.json(json!({
            "ok": true,
            "sign": explanation.sign.as_str(),
            "query": query,
            "canonical": explanation.canonical,
            "length": explanation.length,
        }));
    } else {
        output.text(&format!(
            "{} {}\n{} {query}\n{} {}\n{} {} bytes, the secret included twice\n",
            styled(HEAD, "sign     "),
            explanation.sign,
            styled(HEAD, "query    "),
            styled(HEAD, "canonical"),
            visible(explanation.canonical.as_bytes()),
            styled(HEAD, "length   "),
            explanation.length,
        ));
    }
    Ok(Exit::Fine)
}
