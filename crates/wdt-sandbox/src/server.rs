//! HTTP: connections and their bounds, the routes, bodies.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::config::Config;
use crate::platform::{Platform, Source};

/// How long calls under way may take when the sandbox stops.
pub(crate) const GRACE: Duration = Duration::from_secs(5);
/// Bytes of a request's line and headers.
const MAX_HEAD: usize = 64 << 10;
/// Headers of a request.
const MAX_HEADERS: usize = 64;
/// Bytes past the limit that are read and thrown away, so that the sender gets to read the answer.
const MAX_DRAIN: usize = 64 << 20;

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Server {
    platform: Platform,
    max_body: usize,
    read_timeout: Duration,
    connections: Arc<Semaphore>,
}

impl Server {
    pub(crate) fn new(platform: Platform, config: &Config) -> Self {
        Self {
            platform,
            max_body: config.max_body,
            read_timeout: config.read_timeout,
            connections: Arc::new(Semaphore::new(config.max_connections)),
        }
    }
}

/// A response with this mark is not sent: the connection ends instead.
#[derive(Debug, Clone, Copy)]
struct CutMark;

#[derive(Debug, thiserror::Error)]
#[error("cut on purpose")]
struct CutOnPurpose;

/// Takes connections until told to stop, then waits for those that are open.
pub(crate) async fn serve(
    listener: TcpListener,
    server: Arc<Server>,
    mut stopped: watch::Receiver<bool>,
) {
    let router = Router::new()
        .route("/openapi", post(openapi))
        .route("/openapi/", post(openapi))
        .with_state(server.clone());
    let (open, mut all_closed) = tokio::sync::mpsc::channel::<Infallible>(1);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = told_to_stop(&mut stopped) => break,
        };
        let Ok((stream, _)) = accepted else {
            // Most often too many open files; it passes.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let Ok(permit) = server.connections.clone().try_acquire_owned() else {
            // A short text fits the socket's buffer; whoever does not read it loses it.
            let text = raw("503 Service Unavailable", "too many connections are open\n");
            let _ = stream.try_write(text.as_bytes());
            continue;
        };
        let (router, timeout) = (router.clone(), server.read_timeout);
        let (stopped, open) = (stopped.clone(), open.clone());
        tokio::spawn(async move {
            connection(stream, router, timeout, stopped).await;
            drop((permit, open));
        });
    }
    drop((open, listener));
    // Ends when the last connection has dropped its sender.
    let _ = all_closed.recv().await;
}

async fn connection(
    stream: TcpStream,
    router: Router,
    read_timeout: Duration,
    mut stopped: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let inner = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |request| {
        let answer = inner.call(request);
        Box::pin(async move {
            match answer.await {
                Ok(response) if response.extensions().get::<CutMark>().is_some() => {
                    Err(CutOnPurpose)
                }
                Ok(response) => Ok(response),
            }
        })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(read_timeout)
        .max_buf_size(MAX_HEAD)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = poll_fn(|context| connection.poll_without_shutdown(context)) => Some(ended),
        () = told_to_stop(&mut stopped) => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            Pin::new(&mut connection).graceful_shutdown();
            poll_fn(|context| connection.poll_without_shutdown(context)).await
        }
    };
    let parts = connection.into_parts();
    let stream = parts.io.into_inner();
    // hyper closes a connection whose head is late without a word.
    if matches!(&ended, Err(error) if error.is_timeout()) && !parts.read_buf.is_empty() {
        let text = raw("408 Request Timeout", "the request's head came too slowly\n");
        let _ = stream.try_write(text.as_bytes());
    }
}

async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    // An error: whoever could tell is gone, which tells as much.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// A whole response where there is no connection of hyper's to send one.
fn raw(status: &str, text: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain;charset=UTF-8\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{text}",
        text.len()
    )
}

async fn openapi(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = match receive(&server, &head.headers, body).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    let query = head.uri.query().unwrap_or_default();
    let (reply, source) = server.platform.answer(query, &body);
    let mark = match source {
        Source::Live => "live",
        Source::Canned => "canned",
    };
    let mut response = Response::new(Body::from(reply.body));
    let headers = response.headers_mut();
    headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    headers.insert("x-wdt-sandbox", HeaderValue::from_static(mark));
    let (seconds, _) = server.platform.unix_now();
    let date = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.try_into().unwrap_or(0));
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(date)) {
        headers.insert(header::DATE, date);
    }
    response
}

/// The whole body, within the limits of size and time.
async fn receive(
    server: &Server,
    headers: &axum::http::HeaderMap,
    body: Body,
) -> Result<Bytes, Response> {
    let max = server.max_body;
    let too_large = || {
        let text = format!("the body exceeds {max} bytes (--max-body)\n");
        refuse(StatusCode::PAYLOAD_TOO_LARGE, text)
    };
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    // Who waits for "100 Continue" has not sent anything yet.
    if announced.is_some_and(|bytes: usize| bytes > max) && headers.contains_key(header::EXPECT) {
        return Err(too_large());
    }
    let read = read_up_to(body, max);
    match tokio::time::timeout(server.read_timeout, read).await {
        Err(_) => Err(refuse(StatusCode::REQUEST_TIMEOUT, "the body came too slowly\n".into())),
        Ok(Read::Whole(body)) => Ok(body),
        Ok(Read::TooLarge) => Err(too_large()),
        Ok(Read::Broken) => Err(refuse(StatusCode::BAD_REQUEST, "the body broke off\n".into())),
    }
}

enum Read {
    Whole(Bytes),
    TooLarge,
    Broken,
}

async fn read_up_to(mut body: Body, max: usize) -> Read {
    let mut whole = Vec::new();
    let mut past = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Read::Broken };
        let Ok(data) = frame.into_data() else { continue };
        if past == 0 && whole.len() + data.len() <= max {
            whole.extend_from_slice(&data);
            continue;
        }
        whole = Vec::new();
        past += data.len();
        if past > MAX_DRAIN {
            break;
        }
    }
    if past > 0 { Read::TooLarge } else { Read::Whole(whole.into()) }
}

fn refuse(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
