//! `POST /openapi`: from the request to the platform and back, with what happens on the way.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;

use crate::clock::Moment;
use crate::explanation::Explained;
use crate::faults::{Drawn, Fault};
use crate::journal::Entry;
use crate::platform::Source;
use crate::reply::Reply;
use crate::state::{Place, Server, receive, text};
use crate::why::Why;

/// Says where an answer comes from.
const MARK: HeaderName = HeaderName::from_static("x-wdt-sandbox");

const GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>wdt-sandbox, injected</center>\r\n\
    </body>\r\n</html>\r\n";

/// A response with this mark is not sent: the connection ends instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CutMark;

/// A call of the platform.
pub(crate) async fn call(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let query = head.uri.query().unwrap_or_default().to_owned();
    let body = match receive(&server, &head.headers, body).await {
        Ok(body) => body,
        Err(error) => {
            let now = server.platform.clock.now();
            let mut entry = Entry::received(now.rfc3339(), &query, b"");
            entry.http_status = Some(error.status().as_u16());
            entry.explain(error.why());
            server.journal.add(entry);
            return dated(error.response(), now);
        }
    };
    let place = head.extensions.get::<Place>().cloned();
    // On a task of its own: the caller may hang up, what the platform does is done and journalled.
    let answered = tokio::spawn(async move {
        let response = answer(&server, &query, &body).await;
        drop(place);
        response
    });
    answered.await.unwrap_or_else(|_| {
        text(StatusCode::INTERNAL_SERVER_ERROR, "the sandbox failed; please report it\n")
    })
}

async fn answer(server: &Server, query: &str, body: &Bytes) -> Response {
    let now = server.platform.clock.now();
    let mut entry = Entry::received(now.rfc3339(), query, body);
    let Drawn { fault, handled_first, delay } = server.faults.draw();
    if let Some(delay) = delay {
        entry.delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        tokio::time::sleep(delay).await;
    }
    entry.fault = fault;

    let refusal = fault.and_then(Fault::refusal);
    let reaches_platform = refusal.is_none() && (fault.is_none() || handled_first);
    let answer = if reaches_platform {
        Some(server.platform.answer(query, body, now).settled().await)
    } else {
        None
    };
    let mut explanation = None;
    if let Some(answer) = &answer {
        entry.answered(answer.reply.status, &answer.reply.message);
        entry.effect = answer.effect;
        explanation = answer.explanation.clone();
        if answer.is_wrong_signature {
            let explained = server.explanations.explain(query, body, now.unix()).await;
            let Explained { why, mistakes } = explained;
            explanation = explanation.map(|refused| refused.because(&why));
            entry.mistakes = mistakes;
        }
    }
    if let Some(refusal) = &refusal {
        entry.answered(refusal.status(), refusal.message());
    }
    let explanation = match (fault, explanation) {
        (None, explanation) => explanation,
        (Some(fault), None) => Some(injected(fault, reaches_platform)),
        (Some(fault), Some(why)) => Some(injected(fault, reaches_platform).line(&why)),
    };
    if let Some(why) = explanation {
        entry.explain(why);
    }

    let response = match (fault, refusal, answer) {
        (Some(Fault::Cut), ..) => {
            entry.http_status = None;
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(CutMark);
            response
        }
        (Some(fault), Some(refusal), _) => platform_reply(Reply::from(&refusal), fault_mark(fault)),
        (None, _, Some(answer)) => {
            let mark = match answer.source {
                Source::Live => "live",
                Source::Rows => "rows",
                Source::Canned => "canned",
            };
            platform_reply(answer.reply, HeaderValue::from_static(mark))
        }
        (fault, ..) => {
            entry.http_status = Some(StatusCode::BAD_GATEWAY.as_u16());
            let mut response = text(StatusCode::BAD_GATEWAY, GATEWAY);
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
            headers.insert(MARK, fault_mark(fault.unwrap_or(Fault::Http502)));
            response
        }
    };
    server.journal.add(entry);
    dated(response, now)
}

fn injected(fault: Fault, reached: bool) -> Why {
    let name = fault.as_str();
    let (english, chinese) = match (fault, reached) {
        (Fault::Http502 | Fault::Cut, true) => (
            "the platform handled the request, its answer was lost",
            "平台已经处理了请求，应答丢失了",
        ),
        (Fault::Http502 | Fault::Cut, false) => {
            ("the request did not reach the platform", "请求没有到达平台")
        }
        _ => ("the platform did not look at the request", "平台没有处理请求"),
    };
    Why::new(format!("injected ({name}): {english}"), format!("注入的故障（{name}）：{chinese}"))
}

fn fault_mark(fault: Fault) -> HeaderValue {
    HeaderValue::from_static(match fault {
        Fault::RateLimit => "fault=rate_limit",
        Fault::Http502 => "fault=http_502",
        Fault::Server => "fault=server",
        Fault::Clock => "fault=clock",
        Fault::Cut => "fault=cut",
    })
}

fn platform_reply(reply: Reply, mark: HeaderValue) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/json;charset=UTF-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(MARK, mark);
    response
}

/// With the date of the sandbox's clock, from which clients correct theirs.
fn dated(mut response: Response, now: Moment) -> Response {
    if let Ok(date) = HeaderValue::try_from(now.http()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// Another HTTP method than POST.
pub(crate) async fn wrong_method(State(server): State<Arc<Server>>, request: Request) -> Response {
    let method = request.method();
    let why = Why::new(
        format!("{method}: the platform takes POST only"),
        format!("{method}：平台只接受 POST"),
    );
    astray(&server, request, StatusCode::METHOD_NOT_ALLOWED, why).await
}

/// A path where nothing is.
pub(crate) async fn wrong_path(State(server): State<Arc<Server>>, request: Request) -> Response {
    let path = request.uri().path();
    let why = Why::new(
        format!("{path}: there is nothing here, the base URL ends with /openapi"),
        format!("{path}：这里什么都没有，接口地址以 /openapi 结尾"),
    );
    astray(&server, request, StatusCode::NOT_FOUND, why).await
}

async fn astray(server: &Server, request: Request, status: StatusCode, why: Why) -> Response {
    let (head, body) = request.into_parts();
    let body = receive(server, &head.headers, body).await.unwrap_or_default();
    let now = server.platform.clock.now();
    let query = head.uri.query().unwrap_or_default();
    let mut entry = Entry::received(now.rfc3339(), query, &body);
    entry.http_status = Some(status.as_u16());
    let shown = format!("{}\n", why.english);
    entry.explain(why);
    server.journal.add(entry);
    dated(text(status, shown), now)
}
