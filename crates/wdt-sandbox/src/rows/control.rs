//! The routes that show the rows and change them.

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
use wdt_proto::json::Writer;

use super::spec::Churn;
use super::table::Content;
use super::{AllRows, Queried, Query, beijing};
use crate::clock::Moment;
use crate::control::{json, posted, refuse};
use crate::state::Server;
use crate::why::Why;

/// Rows that are written at once.
const LINES: u32 = 256;

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
    let Some(mut queried) = server.platform.rows.queried(&method) else { return no_rows(&method) };
    queried.table.catch_up(server.platform.clock.now().unix_millis());
    let lines = Lines { content: queried.table.content.clone(), next: 0 };
    drop(queried);
    let mut response = Response::new(Body::new(lines));
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
    const MOST: u32 = super::MAX_ROWS;
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
    let Some(mut queried) = server.platform.rows.queried(&method) else { return no_rows(&method) };
    let now = server.platform.clock.now().unix_millis();
    queried.table.catch_up(now);
    queried.table.change(rows.into(), now);
    let mut out = Writer::default();
    queried.write(&mut out);
    json(StatusCode::OK, out.into_bytes())
}

fn no_rows(method: &str) -> Response {
    let why = Why::new(
        format!("{method:?} has no rows (--rows)"),
        format!("{method:?} 没有数据行（--rows）"),
    );
    refuse(StatusCode::NOT_FOUND, &why)
}

impl AllRows {
    fn write_list(&self, now: Moment) -> Vec<u8> {
        let mut out = Writer::default();
        out.begin_object();
        out.key("churn");
        out.string(&self.churn().to_string());
        out.key("order");
        out.string(self.order.as_str());
        out.key("methods");
        out.begin_array();
        for queried in self.methods.values() {
            let mut queried = super::lock(queried);
            queried.table.catch_up(now.unix_millis());
            queried.write(&mut out);
        }
        out.end_array();
        out.end_object();
        out.into_bytes()
    }
}

impl Queried {
    fn write(&self, out: &mut Writer) {
        let integer = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let content = &self.table.content;
        out.begin_object();
        out.key("method");
        out.string(self.method.name());
        out.key("title");
        out.string(self.method.title());
        out.key("rows");
        out.integer(integer(content.len()));
        out.key("changed_rows");
        out.integer(integer(content.changed_rows()));
        out.key("changes");
        out.integer(i64::try_from(self.table.changes).unwrap_or(i64::MAX));
        for (name, entry) in
            [("first_change", self.table.order.first()), ("last_change", self.table.order.last())]
        {
            out.key(name);
            match entry {
                Some((time, _)) => out.string(&beijing(*time)),
                None => out.null(),
            }
        }
        out.key("queries");
        out.begin_array();
        for query in &self.last {
            query.write(out);
        }
        out.end_array();
        out.end_object();
    }
}

impl Query {
    fn write(&self, out: &mut Writer) {
        out.begin_object();
        out.key("time");
        out.string(&self.time);
        let (since, until) = self.span;
        for (name, time, is_open) in
            [("since", since, since == 0), ("until", until, until == u32::MAX)]
        {
            out.key(name);
            if is_open { out.null() } else { out.string(&beijing(time)) }
        }
        out.key("by");
        out.string(if self.by_change { "modified" } else { "created" });
        out.key("filters");
        out.begin_array();
        for filter in &self.filters {
            out.string(filter);
        }
        out.end_array();
        for (name, value) in [
            ("page_no", self.pager.map(|pager| i64::from(pager.page_no()))),
            ("page_size", self.pager.map(|pager| i64::from(pager.page_size()))),
            ("found", i64::try_from(self.found).ok()),
            ("returned", i64::try_from(self.returned).ok()),
        ] {
            out.key(name);
            match value {
                Some(value) => out.integer(value),
                None => out.null(),
            }
        }
        out.end_object();
    }
}

/// The rows as they were when this was made, written as somebody takes them.
struct Lines {
    content: Content,
    next: u32,
}

impl Lines {
    fn write(&mut self) -> Option<Bytes> {
        let all = u32::try_from(self.content.len()).unwrap_or(u32::MAX);
        let end = self.next.saturating_add(LINES).min(all);
        if self.next == end {
            return None;
        }
        let mut lines = Vec::with_capacity(LINES as usize * 2_048);
        for number in self.next..end {
            let row = self.content.row(number);
            let mut out = Writer::with_capacity(2_048);
            out.begin_object();
            out.key("created");
            out.string(&beijing(row.begun));
            out.key("modified");
            out.string(&beijing(row.changed));
            out.key("changes");
            out.integer(row.changes.into());
            out.key("row");
            self.content.plan.write(&mut out, &row);
            out.end_object();
            lines.append(&mut out.into_bytes());
            lines.push(b'\n');
        }
        self.next = end;
        Some(lines.into())
    }
}

impl hyper::body::Body for Lines {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.write().map(|lines| Ok(Frame::data(lines))))
    }
}
