//! `wdt call`: one request over HTTP, never repeated.

use std::io::Read as _;
use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;
use wdt_proto::{ApiError, HEADERS, Limits, Request, Response, ResponseError, SignedRequest};

use crate::args::Call;
use crate::check::issue_line;
use crate::credentials::Settings;
use crate::failure::{Exit, Failure};
use crate::input::Moment;
use crate::output::{BAD, FAINT, HEAD, ODD, Output, styled};
use crate::sign::{self, signed_json, signed_text};

/// `wdt call`
pub(crate) fn run(args: &Call, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let owned = settings.credentials()?;
    let base = settings.base_url().ok_or_else(sign::no_base);
    let request: Request<'_> = match sign::request(&args.method, &args.content)? {
        Ok(request) => request,
        Err(refused) => return Ok(sign::refuse(&args.method, &refused, output)),
    };
    let signed = request.sign(&owned.credentials, Moment::now().timestamp()?);
    sign::keep_secret(output, &signed)?;
    if !args.send {
        return dry_run(&args.method, &signed, base.ok(), output);
    }
    let url = sign::url(&signed, base?)?;
    if !output.json {
        for warning in signed.warnings() {
            output.remark(&issue_line(warning));
        }
        if is_open(&url) {
            output.remark(&styled(FAINT, "plain http: anybody on the way can read this call"));
        }
    }
    let reply = send(&url, signed.body(), Duration::from_secs(args.timeout))?;
    if args.raw {
        Output::exact(&reply.body);
    }
    judge(args, &reply, output)
}

/// Whether the call crosses a network in the clear.
fn is_open(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let is_local =
        ["127.", "localhost:", "localhost/", "[::1]"].iter().any(|h| rest.starts_with(h));
    !is_local
}

fn dry_run(
    method: &str,
    signed: &SignedRequest,
    base: Option<&str>,
    output: &Output,
) -> Result<Exit, Failure> {
    let url = base.map(|base| sign::url(signed, base)).transpose()?;
    if output.json {
        let mut value = signed_json(method, signed, url.as_deref());
        value["sent"] = false.into();
        output.json(value);
    } else {
        output.text(&signed_text(signed, url.as_deref()));
        let missing = if url.is_none() { " (after setting WDT_BASE_URL)" } else { "" };
        output.remark(&styled(ODD, format!("dry run: nothing was sent; --send sends it{missing}")));
    }
    Ok(Exit::Fine)
}

/// What came back.
struct Reply {
    http_status: u16,
    body: Vec<u8>,
}

fn send(url: &str, body: &[u8], timeout: Duration) -> Result<Reply, Failure> {
    // Fails only where a provider is set already, which then serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let tls = ureq::tls::TlsConfig::builder()
        .root_certs(ureq::tls::RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(std::sync::Arc::new(
            rustls::crypto::ring::default_provider(),
        ))
        .build();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(timeout))
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(concat!("wdt/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls)
        .build()
        .into();
    let mut request = agent.post(url);
    for (name, value) in HEADERS {
        request = request.header(name, value);
    }
    let mut response = request.send(body).map_err(|error| lost(&error))?;
    let http_status = response.status().as_u16();
    let limit = Limits::DEFAULT.max_bytes() as u64;
    let mut body = Vec::new();
    response
        .body_mut()
        .as_reader()
        .take(limit + 1)
        .read_to_end(&mut body)
        .map_err(|error| lost(&ureq::Error::from(error)))?;
    Ok(Reply { http_status, body })
}

/// No whole reply. Whether the request took effect is known only where it never left.
fn lost(error: &ureq::Error) -> Failure {
    let never_left = matches!(
        error,
        ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
            | ureq::Error::BadUri(_)
            | ureq::Error::Tls(_)
            | ureq::Error::Rustls(_)
            | ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect)
    ) || matches!(error, ureq::Error::Io(io) if io.kind() == std::io::ErrorKind::ConnectionRefused);
    let fate = if never_left {
        "the request was not sent"
    } else {
        "whether the call took effect is unknown: ask the server before you repeat one that writes"
    };
    Failure::transport(format!("{error}; {fate}"))
}

fn judge(args: &Call, reply: &Reply, output: &Output) -> Result<Exit, Failure> {
    match Response::parse(&reply.body) {
        Ok(response) => {
            if output.json {
                Output::exact_json(&Document {
                    ok: true,
                    method: &args.method,
                    sent: true,
                    http_status: reply.http_status,
                    total: response.total(),
                    data: raw(response.data()),
                    error: None,
                });
            } else if !args.raw {
                if let Some(total) = response.total() {
                    output.remark(&format!("{} {total}", styled(HEAD, "total")));
                }
                Output::exact(pretty(response.data().unwrap_or("null")).as_bytes());
            }
            Ok(Exit::Fine)
        }
        Err(ResponseError::Api(error)) => {
            refused(args, reply, &error, output);
            Ok(Exit::Problem)
        }
        Err(error) => {
            let http = match reply.http_status {
                200 => String::new(),
                status => format!("HTTP {status}: "),
            };
            Err(Failure::transport(format!("{http}{error}")))
        }
    }
}

fn refused(args: &Call, reply: &Reply, error: &ApiError, output: &Output) {
    if output.json {
        Output::exact_json(&Document {
            ok: false,
            method: &args.method,
            sent: true,
            http_status: reply.http_status,
            total: None,
            data: raw(error.data.as_deref()),
            error: Some(Refusal {
                code: "api",
                status: error.status,
                kind: error.kind.as_str(),
                message: output.mask().apply(&error.message),
                retryable: error.is_retryable(),
                advice: error.kind.advice(),
                exit_code: Exit::Problem.number(),
            }),
        });
        return;
    }
    if let Some(data) = error.data.as_deref().filter(|_| !args.raw) {
        Output::exact(pretty(data).as_bytes());
    }
    let retry = if error.is_retryable() { "worth another try" } else { "no use repeating it" };
    output.remark(&format!(
        "{} status {} {}: {}\n  {} ({retry})",
        styled(BAD, "refused:"),
        error.status,
        styled(HEAD, error.kind),
        error.message.trim(),
        error.kind.advice(),
    ));
    if error.kind == wdt_proto::ErrorKind::Authentication {
        output.remark(
            "  your own program's request: `wdt explain URL BODY` says what is wrong with it",
        );
    }
}

/// What `--json` prints of a reply.
#[derive(Serialize)]
struct Document<'a> {
    ok: bool,
    method: &'a str,
    sent: bool,
    http_status: u16,
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
    exit_code: u8,
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
