//! A client of its own: sockets of the standard library, signatures made here from MD5 alone.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)] // each test file uses a part of it

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use md5::{Digest as _, Md5};
use serde_json::{Value, json};
use wdt_sandbox::{Config, Sandbox};

/// Long enough for a busy machine; a test that needs it all has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub mod rows;

pub struct Answer {
    pub http: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    pub fn status(&self) -> i64 {
        self.json()["status"].as_i64().unwrap()
    }

    pub fn message(&self) -> String {
        self.json()["message"].as_str().unwrap_or_default().into()
    }

    pub fn refusal(&self) -> (i64, String) {
        assert_eq!(self.http, 200, "{}", self.body);
        (self.status(), self.message())
    }

    pub fn mark(&self) -> &str {
        self.headers.get("x-wdt-sandbox").map_or("", String::as_str)
    }
}

/// The query's pairs before they are signed, and what signs them.
#[derive(Clone)]
pub struct Call {
    pub pairs: BTreeMap<String, String>,
    pub secret: String,
    pub body: Vec<u8>,
}

pub fn unix_now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

impl Call {
    pub fn new(method: &str, body: impl Into<Vec<u8>>) -> Self {
        let timestamp = (unix_now() - 1_325_347_200).to_string();
        let pairs = [
            ("sid", "sandbox"),
            ("key", "sandbox-key"),
            ("salt", "sandbox-salt"),
            ("method", method),
            ("timestamp", &timestamp),
            ("v", "1.0"),
        ];
        Self {
            pairs: pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect(),
            secret: "sandbox-secret".into(),
            body: body.into(),
        }
    }

    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.pairs.insert(key.into(), value.into());
        self
    }

    pub fn without(mut self, key: &str) -> Self {
        self.pairs.remove(key);
        self
    }

    pub fn paged(self, size: usize, no: usize, total: bool) -> Self {
        self.with("page_size", &size.to_string())
            .with("page_no", &no.to_string())
            .with("calc_total", if total { "1" } else { "0" })
    }

    pub fn sign(&self) -> String {
        let mut signed: BTreeMap<&[u8], &[u8]> =
            self.pairs.iter().map(|(k, v)| (k.as_bytes(), v.as_bytes())).collect();
        signed.insert(b"body", &self.body);
        let mut hash = Md5::new();
        hash.update(&self.secret);
        for (key, value) in signed {
            hash.update(key);
            hash.update(value);
        }
        hash.update(&self.secret);
        hash.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }

    /// The query, signed as the pairs are now.
    pub fn query(&self) -> String {
        self.query_with(&self.sign())
    }

    pub fn query_with(&self, sign: &str) -> String {
        let encoded = |text: &str| -> String {
            text.bytes()
                .map(|b| match b {
                    b if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) => char::from(b).into(),
                    b => format!("%{b:02X}"),
                })
                .collect()
        };
        let pairs: Vec<_> =
            self.pairs.iter().map(|(k, v)| format!("{}={}", encoded(k), encoded(v))).collect();
        format!("{}&sign={sign}", pairs.join("&"))
    }

    pub fn send(&self, address: SocketAddr) -> Answer {
        post(address, &format!("/openapi?{}", self.query()), &self.body).unwrap()
    }
}

pub fn call(address: SocketAddr, method: &str, arguments: &Value) -> Answer {
    Call::new(method, arguments.to_string()).send(address)
}

pub fn post(address: SocketAddr, target: &str, body: &[u8]) -> std::io::Result<Answer> {
    request(address, "POST", target, &[("content-type", "application/json")], body)
}

pub fn get(address: SocketAddr, target: &str) -> Answer {
    request(address, "GET", target, &[], b"").unwrap()
}

pub fn request(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<Answer> {
    let own = ("host", address.to_string());
    let host = headers.iter().all(|(name, _)| *name != "host").then_some((own.0, own.1.as_str()));
    let lines =
        headers.iter().copied().chain(host).map(|(name, value)| format!("{name}: {value}\r\n"));
    let head = format!(
        "{method} {target} HTTP/1.1\r\nconnection: close\r\n{}content-length: {}\r\n\r\n",
        lines.collect::<Vec<_>>().concat(),
        body.len()
    );
    raw(address, &[head.as_bytes(), body].concat())
}

/// Sends bytes as they are and reads until the connection ends.
pub fn raw(address: SocketAddr, bytes: &[u8]) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // A server that refuses early may close while we still send; its answer is what counts.
    let sent = stream.write_all(bytes);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if answer.is_empty() => Err(error),
        _ if answer.is_empty() => sent.and(Err(std::io::ErrorKind::UnexpectedEof.into())),
        _ => Ok(parse(&answer)),
    }
}

pub fn parse(answer: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.split("\r\n");
    let http = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(k, v)| (k.to_lowercase(), v.to_owned())).collect();
    Answer { http, headers, body: body.to_owned() }
}

/// A sandbox without a limit on calls, changed by `change`.
pub fn sandbox(change: impl FnOnce(&mut Config)) -> Sandbox {
    let mut config = Config { rate_limit: 0, ..Config::default() };
    change(&mut config);
    Sandbox::start(config).unwrap()
}

/// All entries of the journal.
pub fn journal(address: SocketAddr) -> Vec<Value> {
    let extract = get(address, "/__journal?limit=10000").json();
    extract["entries"].as_array().unwrap().clone()
}

pub fn last_entry(address: SocketAddr) -> Value {
    journal(address).pop().unwrap()
}

/// The good's part of `/__state`.
pub fn good(address: SocketAddr, id: i64) -> Value {
    let state = get(address, "/__state").json();
    let goods = state["goods"].as_array().unwrap();
    goods.iter().find(|good| good["api_goods_id"] == id).unwrap().clone()
}

pub fn set_stock(address: SocketAddr, id: i64, warehouse: &str, stock: &str) -> Answer {
    let body = json!({"api_goods_id": id, "warehouse": warehouse, "stock": stock}).to_string();
    post(address, "/__stock", body.as_bytes()).unwrap()
}

/// `info` of a report, carried over from what `calcStock` answered.
pub fn info(calculated: &Value, result: &str) -> Value {
    let mut info = json!({"syn_result": result});
    for field in [
        "syn_stock",
        "stock_change_count",
        "stock_syn_rule_id",
        "stock_syn_rule_no",
        "stock_syn_warehouses",
        "stock_syn_mask",
        "stock_syn_percent",
        "stock_syn_plus",
        "stock_syn_min",
        "stock_syn_max",
        "is_auto_listing",
        "is_auto_delisting",
    ] {
        info[field] = calculated[field].clone();
    }
    info
}
