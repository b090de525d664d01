//! What all connections share, and how a request's body is taken in.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Config;
use crate::explanation::Explanations;
use crate::faults::Injector;
use crate::journal::Journal;
use crate::page::Page;
use crate::platform::Platform;
use crate::why::Why;

/// Bytes past the limit that are read and thrown away, so that the sender gets to read the answer.
const MAX_DRAIN: usize = 64 << 20;

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) platform: Platform,
    pub(crate) explanations: Explanations,
    pub(crate) journal: Journal,
    pub(crate) faults: Injector,
    /// Tells this run from another one on the same port.
    pub(crate) id: u64,
    pub(crate) page: Page,
    pub(crate) timeout: Duration,
    pub(crate) connections: Arc<Semaphore>,
    max_body: usize,
}

impl Server {
    pub(crate) fn new(platform: Platform, config: &Config) -> Self {
        Self {
            platform,
            explanations: Explanations::new(config.seed.accounts()),
            journal: Journal::new(config.journal),
            faults: Injector::new(config.faults.clone(), config.fault_seed),
            id: fastrand::u64(..),
            page: Page::new(),
            timeout: config.timeout,
            connections: Arc::new(Semaphore::new(config.max_connections)),
            max_body: config.max_body,
        }
    }
}

/// A place among the connections: whatever works for one holds it.
#[derive(Debug, Clone)]
pub(crate) struct Place(#[allow(dead_code)] pub(crate) Arc<OwnedSemaphorePermit>); // held, not read

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

    pub(crate) fn why(self) -> Why {
        match self {
            Self::TooLarge(max) => Why::new(
                format!("the body exceeds {max} bytes (--max-body)"),
                format!("请求体超过 {max} 字节（--max-body）"),
            ),
            Self::TooSlow(limit) => {
                let seconds = limit.as_secs_f32();
                Why::new(
                    format!("the body took longer than {seconds} s"),
                    format!("请求体超过 {seconds} 秒没有收完"),
                )
            }
            Self::BrokenOff => Why::new(
                "the body broke off, or is not framed as HTTP wants it",
                "请求体中断，或者不符合 HTTP 的格式",
            ),
        }
    }

    pub(crate) fn response(self) -> Response {
        let mut response = text(self.status(), self.why().english + "\n");
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
