//! Faults: what the caller sees, and what the platform did all the same.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use common::{Call, call, get, good, info, journal, post, sandbox, set_stock};
use serde_json::{Value, json};

const CALC: &str = "sales.StockSync.calcStock";
const SUCCESS: &str = "sales.StockSync.syncSuccess";

fn set_faults(address: SocketAddr, spec: &str) {
    let body = json!({"fault": spec, "seed": 11}).to_string();
    let answer = post(address, "/__faults", body.as_bytes()).unwrap();
    assert_eq!((answer.http, &answer.json()["fault"]), (200, &json!(spec)));
}

/// A report for good 1001, sent `times` times: what each met.
fn report(address: SocketAddr, times: usize) -> Vec<std::io::Result<common::Answer>> {
    let faults = get(address, "/__faults").json()["fault"].as_str().unwrap().to_owned();
    set_faults(address, "");
    let stock = call(address, CALC, &json!([1001, false])).json()["data"].clone();
    set_faults(address, &faults);
    let report = Call::new(SUCCESS, json!([1001, info(&stock, "")]).to_string());
    let target = format!("/openapi?{}", report.query());
    (0..times).map(|_| post(address, &target, &report.body)).collect()
}

/// The journal's entries of reports.
fn reports(address: SocketAddr) -> Vec<Value> {
    journal(address).into_iter().filter(|entry| entry["method"] == SUCCESS).collect()
}

#[test]
fn faults_that_are_an_answer_have_no_effect() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    for (name, status, message) in [
        ("rate_limit", 100, "超过每分钟最大调用频率限制，请稍后重试"),
        ("server", 4, "数据库错误"),
        ("clock", 7, "时间戳错误"),
    ] {
        set_faults(address, &format!("{name}=1"));
        let answer = report(address, 1).remove(0).unwrap();
        assert_eq!(answer.refusal(), (status, message.into()));
        assert_eq!(answer.mark(), format!("fault={name}"));
        let entry = reports(address).pop().unwrap();
        assert_eq!((&entry["fault"], &entry["effect"]), (&json!(name), &Value::Null));
        assert!(entry["explanation"].as_str().unwrap().starts_with("injected"));
    }
    assert!(good(address, 1001)["waiting"].as_bool().unwrap());
}

#[test]
fn a_gateways_error_comes_before_or_after_the_platform() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    set_faults(address, "http_502=1");
    for answer in report(address, 40) {
        let answer = answer.unwrap();
        assert_eq!((answer.http, answer.mark()), (502, "fault=http_502"));
        assert_eq!(answer.headers["content-type"], "text/html");
        assert!(answer.body.starts_with("<html>"));
    }
    both_ways(address, &json!(502), "http_502");
}

#[test]
fn a_connection_is_cut_before_or_after_the_platform() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    set_faults(address, "cut=1");
    for answer in report(address, 40) {
        let error = answer.err().unwrap();
        assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof, "not a byte of an answer");
    }
    both_ways(address, &Value::Null, "cut");
}

/// With a coin that has two sides, both come up in 40 throws.
fn both_ways(address: SocketAddr, http: &Value, fault: &str) {
    let entries = reports(address);
    assert_eq!(entries.len(), 40);
    let (done, lost): (Vec<_>, Vec<_>) =
        entries.iter().partition(|entry| !entry["effect"].is_null());
    assert!(done.len() > 5 && lost.len() > 5, "{} and {}", done.len(), lost.len());
    for entry in &entries {
        assert_eq!((&entry["http_status"], &entry["fault"]), (http, &json!(fault)));
    }
    for entry in done {
        assert_eq!(
            (&entry["status"], &entry["effect"]["kind"]),
            (&json!(0), &json!("sync_success"))
        );
    }
    for entry in lost {
        assert_eq!(entry["status"], Value::Null);
    }
    assert!(!good(address, 1001)["waiting"].as_bool().unwrap());
}

#[test]
fn slow_is_slow_and_nothing_else() {
    let sandbox = sandbox(|config| config.faults = "slow=300ms".parse().unwrap());
    let started = Instant::now();
    assert_eq!(call(sandbox.address(), CALC, &json!([1001, false])).status(), 0);
    assert!(started.elapsed() >= Duration::from_millis(300));
    assert_eq!(journal(sandbox.address())[0]["delay_ms"], 300);
}

#[test]
fn the_same_seed_draws_the_same_faults() {
    let draw = |seed| {
        let sandbox = sandbox(|config| {
            config.faults = "rate_limit=0.2,server=0.2,clock=0.1".parse().unwrap();
            config.fault_seed = Some(seed);
        });
        let calls = 200;
        for _ in 0..calls {
            call(sandbox.address(), CALC, &json!([1001, false]));
        }
        let faults = journal(sandbox.address());
        faults.iter().map(|entry| entry["fault"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let faults = draw(5);
    let count = |name: Option<&str>| faults.iter().filter(|f| f.as_deref() == name).count();
    // 6 standard deviations wide.
    assert!((7..=73).contains(&count(Some("rate_limit"))));
    assert!((58..=142).contains(&count(None)));
    assert_eq!(faults, draw(5));
    assert_ne!(faults, draw(6));
}

#[test]
fn a_caller_who_hangs_up_leaves_the_effect_in_the_journal() {
    let sandbox = sandbox(|config| config.faults = "slow=2s".parse().unwrap());
    let address = sandbox.address();
    let stock = call(address, CALC, &json!([1001, false])).json()["data"].clone();
    let report = Call::new(SUCCESS, json!([1001, info(&stock, "")]).to_string());
    let text = format!(
        "POST /openapi?{} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
        report.query(),
        report.body.len()
    );
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    std::io::Write::write_all(&mut stream, &[text.as_bytes(), &report.body].concat()).unwrap();
    // Gone before the answer: once the request has had time to arrive.
    std::thread::sleep(Duration::from_millis(700));
    drop(stream);
    let deadline = Instant::now() + common::PATIENCE;
    while reports(address).is_empty() {
        assert!(Instant::now() < deadline, "never journalled");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(reports(address)[0]["effect"]["kind"], "sync_success");
}

#[test]
fn a_wrong_specification_changes_nothing() {
    let sandbox = sandbox(|config| config.faults = "cut=0".parse().unwrap());
    let address = sandbox.address();
    for body in [r#"{"fault":"cut=2"}"#, r#"{"fault":7}"#, r#"{"faults":""}"#, "cut=1", ""] {
        assert_eq!(post(address, "/__faults", body.as_bytes()).unwrap().http, 422, "{body}");
    }
    assert_eq!(set_stock(address, 1001, "1", "5").http, 200);
    assert_eq!(get(address, "/__faults").json()["fault"], "");
}
