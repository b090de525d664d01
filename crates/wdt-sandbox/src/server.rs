//! HTTP: connections and their bounds, the routes, bodies.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use crate::config::Config;
use crate::control;
use crate::endpoint::{self, CutMark};
use crate::faults::Injector;
use crate::journal::Journal;
use crate::page::Page;
use crate::patience::Patient;
use crate::platform::Platform;

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
    pub(crate) platform: Platform,
    pub(crate) journal: Journal,
    pub(crate) faults: Injector,
    /// Tells this run from another one on the same port.
    pub(crate) id: u64,
    page: Page,
    max_body: usize,
    timeout: Duration,
    connections: Arc<Semaphore>,
}

impl Server {
    pub(crate) fn new(platform: Platform, config: &Config) -> Self {
        Self {
            platform,
            journal: Journal::new(config.journal),
            faults: Injector::new(config.faults.clone(), config.fault_seed),
            id: fastrand::u64(..),
            page: Page::new(),
            max_body: config.max_body,
            timeout: config.timeout,
            connections: Arc::new(Semaphore::new(config.max_connections)),
        }
    }

    fn router(self: &Arc<Self>) -> Router {
        let control = Router::new()
            .route(
                "/",
                get(|State(server): State<Arc<Self>>| async move { server.page.response() }),
            )
            .route("/__journal", get(control::journal))
            .route("/__state", get(control::state))
            .route("/__stock", post(control::stock))
            .route("/__faults", get(control::faults).post(control::set_faults))
            .route_layer(axum::middleware::from_fn(control::guard));
        Router::new()
            .route("/openapi", post(endpoint::call).fallback(endpoint::wrong_method))
            .route("/openapi/", post(endpoint::call).fallback(endpoint::wrong_method))
            .merge(control)
            .fallback(endpoint::wrong_path)
            .with_state(self.clone())
    }
}

/// A place among the connections: whatever works for one holds it.
#[derive(Debug, Clone)]
pub(crate) struct Place(#[allow(dead_code)] Arc<OwnedSemaphorePermit>); // held, not read

#[derive(Debug, thiserror::Error)]
#[error("cut on purpose")]
struct CutOnPurpose;

/// Takes connections until told to stop, then waits for those that are open.
pub(crate) async fn serve(
    listener: TcpListener,
    server: Arc<Server>,
    mut stopped: watch::Receiver<bool>,
) {
    let router = server.router();
    let (open, mut all_closed) = mpsc::channel::<Infallible>(1);
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
        let (router, timeout) = (router.clone(), server.timeout);
        let (stopped, open) = (stopped.clone(), open.clone());
        tokio::spawn(async move {
            connection(stream, router, timeout, Place(Arc::new(permit)), stopped).await;
            drop(open);
        });
    }
    drop((open, listener));
    // Ends when the last connection has dropped its sender.
    let _ = all_closed.recv().await;
}

async fn connection(
    stream: TcpStream,
    router: Router,
    timeout: Duration,
    place: Place,
    mut stopped: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let inner = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<_>| {
        request.extensions_mut().insert(place.clone());
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
        .header_read_timeout(timeout)
        .max_buf_size(MAX_HEAD)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(Patient::new(stream, timeout)), service);
    let ended = tokio::select! {
        ended = poll_fn(|context| connection.poll_without_shutdown(context)) => Some(ended),
        () = told_to_stop(&mut stopped) => None,
    };
    let ended = if let Some(ended) = ended {
        ended
    } else {
        Pin::new(&mut connection).graceful_shutdown();
        poll_fn(|context| connection.poll_without_shutdown(context)).await
    };
    let parts = connection.into_parts();
    let stream = parts.io.into_inner().into_inner();
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

/// Why a body did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotReceived {
    TooLarge(usize),
    TooSlow(Duration),
    BrokenOff,
}

impl NotReceived {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::BrokenOff => StatusCode::BAD_REQUEST,
        }
    }

    pub(crate) fn why(self) -> String {
        match self {
            Self::TooLarge(max) => format!("the body exceeds {max} bytes (--max-body)"),
            Self::TooSlow(limit) => format!("the body took longer than {} s", limit.as_secs_f32()),
            Self::BrokenOff => "the body broke off, or is not framed as HTTP wants it".into(),
        }
    }

    pub(crate) fn response(self) -> Response {
        let mut response = text(self.status(), self.why() + "\n");
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

/// The whole body, within the limits of size and time.
pub(crate) async fn receive(
    server: &Server,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, NotReceived> {
    let too_large = NotReceived::TooLarge(server.max_body);
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    // Who waits for "100 Continue" has not sent anything yet.
    if announced.is_some_and(|bytes: usize| bytes > server.max_body)
        && headers.contains_key(header::EXPECT)
    {
        return Err(too_large);
    }
    match tokio::time::timeout(server.timeout, read_up_to(body, server.max_body)).await {
        Err(_) => Err(NotReceived::TooSlow(server.timeout)),
        Ok(Err(BrokenOff)) => Err(NotReceived::BrokenOff),
        Ok(Ok(body)) => body.ok_or(too_large),
    }
}

struct BrokenOff;

/// `None` for a body that is too large; what exceeds the limit is not kept.
async fn read_up_to(mut body: Body, max: usize) -> Result<Option<Bytes>, BrokenOff> {
    let (mut whole, mut past) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BrokenOff)?.into_data() else { continue };
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
    Ok((past == 0).then(|| whole.into()))
}

pub(crate) fn text(status: StatusCode, text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain;charset=UTF-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
