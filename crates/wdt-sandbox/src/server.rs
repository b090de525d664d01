//! HTTP: the connections and their bounds.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use crate::endpoint::CutMark;
use crate::patience::Patient;
use crate::routes;
use crate::state::{Place, Server};

/// How long calls under way may take when the sandbox stops.
pub(crate) const GRACE: Duration = Duration::from_secs(5);
/// Bytes of a request's line and headers.
const MAX_HEAD: usize = 64 << 10;
/// Headers of a request.
const MAX_HEADERS: usize = 64;

#[derive(Debug, thiserror::Error)]
#[error("cut on purpose")]
struct CutOnPurpose;

/// Takes connections until told to stop, then waits for those that are open.
pub(crate) async fn serve(
    listener: TcpListener,
    server: Arc<Server>,
    mut stopped: watch::Receiver<bool>,
) {
    let router = routes::router(server.clone());
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
