//! The routes that are not the platform's: the journal, the state, and what changes them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use rust_decimal::Decimal;
use serde::Deserialize;
use wdt_proto::json::Writer;

use crate::faults::Faults;
use crate::journal::parameter;
use crate::platform::ControlError;
use crate::shop::{Good, Shop, StockError};
use crate::state::{NotReceived, Server, receive, text};
use crate::why::Why;

/// Entries of the journal in one answer, if the caller does not say, and at most.
const DEFAULT_LIMIT: usize = 1_000;
const MAX_LIMIT: usize = 10_000;

/// Lets through what was addressed to this machine by a name that only this machine has: a page
/// from elsewhere that made a name of its own point here (DNS rebinding) sends that name.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if !host.is_some_and(is_loopback) {
        let why = "this route answers under localhost, 127.0.0.1 or [::1] only\n";
        return text(StatusCode::FORBIDDEN, why);
    }
    next.run(request).await
}

fn is_loopback(host: &str) -> bool {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) => name,
        _ => host,
    };
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `GET /__journal?after=SEQ&limit=N`
pub(crate) async fn journal(State(server): State<Arc<Server>>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let number = |name| parameter(query, name)?.parse::<u64>().ok();
    let after = number("after").unwrap_or(0);
    let limit = number("limit").and_then(|n| usize::try_from(n).ok()).unwrap_or(DEFAULT_LIMIT);
    let extract = server.journal.extract(after, limit.min(MAX_LIMIT));
    match serde_json::to_vec(&extract) {
        Ok(body) => json(StatusCode::OK, body),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &Why::one(error)),
    }
}

/// `GET /__state`: all goods. With an `ETag`, so that a page that looks every second costs little.
pub(crate) async fn state(State(server): State<Arc<Server>>, headers: HeaderMap) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok());
    let (tag, body) = server.platform.with_shop(|shop| {
        let tag = format!("\"{}-{}\"", server.id, shop.version());
        let body = (known != Some(&tag)).then(|| write_state(shop));
        (tag, body)
    });
    let mut response = match body {
        Some(body) => json(StatusCode::OK, body),
        None => json(StatusCode::NOT_MODIFIED, Vec::new()),
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    // Keep it, and ask each time whether it still stands.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// `POST /__stock`
pub(crate) async fn stock(State(server): State<Arc<Server>>, request: Request) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct NewStock {
        api_goods_id: i64,
        warehouse: String,
        #[serde(with = "wdt_proto::decimal")]
        stock: Decimal,
    }
    let NewStock { api_goods_id, warehouse, stock } = match posted(&server, request).await {
        Ok(new) => new,
        Err(response) => return response,
    };
    match server.platform.set_stock(api_goods_id, &warehouse, stock).await {
        Ok(good) => {
            let mut out = Writer::default();
            write_good(&mut out, &good);
            json(StatusCode::OK, out.into_bytes())
        }
        Err(ControlError::Stock(StockError::NoSuchGood(id))) => {
            let why = Why::new(format!("there is no good {id}"), format!("没有 id 为 {id} 的货品"));
            refuse(StatusCode::NOT_FOUND, &why)
        }
        Err(ControlError::Stock(StockError::Invalid(what))) => {
            refuse(StatusCode::UNPROCESSABLE_ENTITY, &what)
        }
        Err(ControlError::Store) => {
            let why = Why::new("the store cannot be written", "存储文件无法写入");
            refuse(StatusCode::INTERNAL_SERVER_ERROR, &why)
        }
    }
}

/// `POST /__faults`: `{"fault": "cut=0.1", "seed": 7}`; the seed may be left out.
pub(crate) async fn set_faults(State(server): State<Arc<Server>>, request: Request) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct NewFaults {
        fault: String,
        seed: Option<u64>,
    }
    let new: NewFaults = match posted(&server, request).await {
        Ok(new) => new,
        Err(response) => return response,
    };
    match new.fault.parse::<Faults>() {
        Ok(faults) => {
            server.faults.replace(faults, new.seed);
            answer_faults(&server)
        }
        Err(error) => refuse(StatusCode::UNPROCESSABLE_ENTITY, &Why::of(&error)),
    }
}

/// `GET /__faults`
pub(crate) async fn faults(State(server): State<Arc<Server>>) -> Response {
    answer_faults(&server)
}

fn answer_faults(server: &Server) -> Response {
    let mut out = Writer::default();
    out.begin_object();
    out.key("fault");
    out.string(&server.faults.current().to_string());
    out.end_object();
    json(StatusCode::OK, out.into_bytes())
}

/// The body of a POST. A page from elsewhere cannot send `application/json` unasked.
pub(crate) async fn posted<T: for<'de> Deserialize<'de>>(
    server: &Server,
    request: Request,
) -> Result<T, Response> {
    let (head, body) = request.into_parts();
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        let why = Why::new(
            "expected content-type: application/json",
            "应带 content-type: application/json",
        );
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, &why));
    }
    let body = receive(server, &head.headers, body).await.map_err(NotReceived::response)?;
    serde_json::from_slice(&body)
        .map_err(|error| refuse(StatusCode::UNPROCESSABLE_ENTITY, &Why::one(error)))
}

pub(crate) fn refuse(status: StatusCode, why: &Why) -> Response {
    let mut out = Writer::default();
    out.begin_object();
    out.key("error");
    out.string(&why.english);
    out.key("error_zh");
    out.string(&why.chinese);
    out.end_object();
    json(status, out.into_bytes())
}

pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn write_state(shop: &Shop) -> Vec<u8> {
    let mut out = Writer::with_capacity(64 + 512 * shop.goods().len());
    let integer = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    out.begin_object();
    out.key("total");
    out.integer(integer(shop.goods().len()));
    out.key("waiting");
    out.integer(integer(shop.waiting_count()));
    out.key("goods");
    out.begin_array();
    for good in shop.goods() {
        write_good(&mut out, good);
    }
    out.end_array();
    out.end_object();
    out.into_bytes()
}

/// Quantities are strings: many a reader would make binary fractions of numbers.
fn write_good(out: &mut Writer, good: &Good) {
    let (spec, last) = (&good.spec, good.last.as_ref());
    out.begin_object();
    out.key("api_goods_id");
    out.integer(spec.api_goods_id);
    for (key, value) in [
        ("goods_id", &spec.goods_id),
        ("spec_id", &spec.spec_id),
        ("outer_id", &spec.outer_id),
        ("spec_outer_id", &spec.spec_outer_id),
        ("match_code", &spec.match_code),
        ("stock_syn_rule_no", &spec.rule.stock_syn_rule_no),
    ] {
        out.key(key);
        out.string(value);
    }
    out.key("enabled");
    out.boolean(spec.enabled);
    out.key("stock");
    out.begin_object();
    for (warehouse, stock) in &good.stock {
        out.key(warehouse);
        out.string(&stock.to_string());
    }
    out.end_object();
    out.key("syn_stock");
    out.integer(good.syn_stock());
    out.key("stock_change_count");
    out.integer(good.stock_change_count);
    out.key("waiting");
    out.boolean(good.waiting_position.is_some());
    out.key("waiting_position");
    match good.waiting_position {
        Some(position) => out.integer(position),
        None => out.null(),
    }
    let last_num = last.map(|last| last.num.to_string());
    for (key, value) in [
        ("last_syn_num", last_num.as_deref()),
        ("last_syn_time", last.map(|last| last.time.as_str())),
        ("last_result", last.map(|last| last.result.as_str())),
    ] {
        out.key(key);
        match value {
            Some(value) => out.string(value),
            None => out.null(),
        }
    }
    out.key("last_success");
    match last {
        Some(last) => out.boolean(last.success),
        None => out.null(),
    }
    out.end_object();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_pass() {
        for host in
            ["localhost", "LOCALHOST:8620", "127.0.0.1:1", "127.9.9.9", "[::1]", "[::1]:8620"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "evil.example:127",
            "192.168.0.1:8620",
            "[::2]:1",
            "0.0.0.0",
            "localhost:",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
