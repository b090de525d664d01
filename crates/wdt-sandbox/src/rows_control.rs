//! The routes that show the rows of queries and change them.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use hyper::body::Frame;
use serde::Deserialize;

use crate::control::{json, posted, refuse};
use crate::rows::{Churn, Lines, MAX_ROWS};
use crate::state::Server;
use crate::why::Why;

/// `GET /__rows`: what there is of each method.
pub(crate) async fn list(State(server): State<Arc<Server>>) -> Response {
    answer_list(&server)
}

/// `POST /__rows`: `{"churn": "5/s"}` from now on.
pub(crate) async fn set_churn(State(server): State<Arc<Server>>, request: Request) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct New {
        churn: String,
    }
    let new: New = match posted(&server, request).await {
        Ok(new) => new,
        Err(response) => return response,
    };
    match new.churn.parse::<Churn>() {
        Ok(churn) => {
            server.platform.rows.set_churn(churn, server.platform.clock.now());
            answer_list(&server)
        }
        Err(error) => refuse(StatusCode::UNPROCESSABLE_ENTITY, &Why::of(&error)),
    }
}

fn answer_list(server: &Server) -> Response {
    json(StatusCode::OK, server.platform.rows.write_list(server.platform.clock.now()))
}

/// `GET /__rows/METHOD`: every row as it is now, one a line.
pub(crate) async fn lines(
    State(server): State<Arc<Server>>,
    Path(method): Path<String>,
) -> Response {
    let now = server.platform.clock.now();
    let Some(lines) = server.platform.rows.lines(&method, now) else { return no_rows(&method) };
    let mut response = Response::new(Body::new(Streamed(lines)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `POST /__rows/METHOD/churn`: `{"rows": 20}`, so many change at once.
pub(crate) async fn change(
    State(server): State<Arc<Server>>,
    Path(method): Path<String>,
    request: Request,
) -> Response {
    /// As many changes as rows there may be.
    const MOST: u32 = MAX_ROWS;
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Change {
        rows: u32,
    }
    let Change { rows } = match posted(&server, request).await {
        Ok(change) => change,
        Err(response) => return response,
    };
    if rows > MOST {
        let why = Why::new(format!("rows: at most {MOST}"), format!("rows：最多 {MOST}"));
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, &why);
    }
    let now = server.platform.clock.now();
    match server.platform.rows.change(&method, rows, now) {
        Some(changed) => json(StatusCode::OK, changed),
        None => no_rows(&method),
    }
}

fn no_rows(method: &str) -> Response {
    let why = Why::new(
        format!("{method:?} has no rows (--rows)"),
        format!("{method:?} 没有数据行（--rows）"),
    );
    refuse(StatusCode::NOT_FOUND, &why)
}

/// Lines that are written as somebody takes them.
struct Streamed(Lines);

impl hyper::body::Body for Streamed {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(|lines| Ok(Frame::data(lines))))
    }
}
