//! What the tests of rows share: the platform's own state, and queries for a span.

use std::net::SocketAddr;

use serde_json::Value;
use wdt_proto::catalogue::{self, Field, Method};
use wdt_sandbox::{MethodRows, Rows, Sandbox};

use super::{Answer, Call, post, request, sandbox};

/// The day on which all rows of these tests came about, over when they run.
pub const DAY: &str = "2025-03-01";

/// A sandbox with rows of that day, changed by `change`.
pub fn with_rows(methods: &[(&str, u32)], change: impl FnOnce(&mut Rows)) -> Sandbox {
    let methods = methods.iter().map(|(name, n)| MethodRows::new(name, *n).unwrap()).collect();
    let span = Some(format!("{DAY}..{DAY}").parse().unwrap());
    let mut rows = Rows { methods, span, ..Rows::default() };
    change(&mut rows);
    sandbox(|config| config.rows = rows)
}

/// All methods with rows.
pub fn queries() -> Vec<Method<'static>> {
    catalogue::methods().filter(|method| MethodRows::new(method.name(), 1).is_ok()).collect()
}

/// Every row as the platform has it now.
pub fn state(address: SocketAddr, method: &str) -> Vec<Value> {
    let answer = request(address, "GET", &format!("/__rows/{method}"), &[], b"").unwrap();
    assert_eq!(answer.http, 200, "{}", answer.body);
    let chunked = answer.headers.get("transfer-encoding").is_some_and(|how| how == "chunked");
    let text = if chunked { unchunked(&answer.body) } else { answer.body };
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A body in HTTP's chunks: their sizes in hex, each on its line.
fn unchunked(body: &str) -> String {
    let (mut rest, mut whole) = (body.as_bytes(), Vec::new());
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n").unwrap();
        let size = std::str::from_utf8(&rest[..line]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return String::from_utf8(whole).unwrap();
        }
        whole.extend_from_slice(&rest[line + 2..line + 2 + size]);
        rest = &rest[line + 2 + size + 2..];
    }
}

pub fn change_rows(address: SocketAddr, method: &str, rows: u32) -> Answer {
    let body = format!("{{\"rows\":{rows}}}");
    post(address, &format!("/__rows/{method}/churn"), body.as_bytes()).unwrap()
}

pub fn set_churn(address: SocketAddr, churn: &str) -> Answer {
    post(address, "/__rows", format!("{{\"churn\":{churn:?}}}").as_bytes()).unwrap()
}

/// A query with these arguments.
pub fn query(method: &str, arguments: &Value) -> Call {
    Call::new(method, format!("[{arguments}]"))
}

/// The rows of a reply.
pub fn rows_of(method: &str, answer: &Answer) -> Vec<Value> {
    let reply = answer.json();
    assert_eq!(reply["status"], 0, "{method}: {}", answer.body);
    let rows = match catalogue::method(method).unwrap().rows().unwrap() {
        "" => &reply["data"],
        rows => &reply["data"][rows],
    };
    rows.as_array().unwrap().clone()
}

/// A value's text, whatever form it came in.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What tells two rows apart, by the catalogue's word or its guess.
pub fn key(method: Method<'_>, row: &Value) -> Vec<String> {
    let mut names: Vec<_> = method.row_key().collect();
    if names.is_empty() {
        names = method.row_key_guess().collect();
    }
    names.iter().map(|name| text(&row[*name])).collect()
}

/// The fields of the first argument.
pub fn arguments(method: Method<'static>) -> impl Iterator<Item = Field<'static>> {
    method.params().next().into_iter().flat_map(Field::fields)
}
