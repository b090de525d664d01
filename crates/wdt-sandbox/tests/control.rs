//! The journal, the state and the page: what they answer, and whom they do not answer.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Call, call, get, info, journal, post, request, sandbox, set_stock};
use serde_json::{Value, json};
use wdt_sandbox::Seed;

#[test]
fn the_journal_goes_on_where_the_reader_stopped() {
    let sandbox = sandbox(|config| config.journal = 50);
    let address = sandbox.address();
    for id in 1..=70 {
        call(address, "sales.StockSync.calcStock", &json!([id, false]));
    }
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let extract = get(address, &format!("/__journal?after={after}&limit=20")).json();
        assert_eq!((&extract["first"], &extract["last"]), (&json!(21), &json!(70)));
        let entries = extract["entries"].as_array().unwrap();
        seen.extend(entries.iter().map(|entry| entry["seq"].as_u64().unwrap()));
        if entries.is_empty() {
            assert_eq!(extract["next"], after);
            break;
        }
        after = extract["next"].as_u64().unwrap();
    }
    assert_eq!(seen, (21..=70).collect::<Vec<_>>(), "the last 50");
    assert_eq!(get(address, "/__journal?after=99999999999999999999&limit=x").http, 200);
}

#[test]
fn an_entry_says_what_arrived() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    let stock = call(address, "sales.StockSync.calcStock", &json!([1001, false])).json();
    let report = info(&stock["data"], "<script>alert(1)</script> 库存");
    let sent = Call::new("sales.StockSync.syncFail", json!([1001, report]).to_string());
    sent.send(address);
    let entry = journal(address).pop().unwrap();
    assert_eq!(entry["body"], json!([1001, report]).to_string());
    assert_eq!(
        (&entry["body_cut"], &entry["body_bytes"]),
        (&json!(false), &json!(sent.body.len()))
    );
    assert_eq!(
        (&entry["sid"], &entry["method"]),
        (&json!("sandbox"), &json!("sales.StockSync.syncFail"))
    );
    assert_eq!(entry["title"], "库存同步失败");
    let query = entry["query"].as_str().unwrap();
    assert!(
        query.contains("timestamp=") && query.ends_with("&sign=***") && query.contains("salt=***")
    );
    assert!(entry["time"].as_str().unwrap().ends_with("+08:00"));
    assert_eq!(
        entry["effect"],
        json!({"kind": "sync_fail", "api_goods_id": 1001, "stock_change_count": 1})
    );
    assert_eq!(
        (&entry["fault"], &entry["explanation"], &entry["kind"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
}

#[test]
fn a_long_body_is_cut_and_said_to_be() {
    let sandbox = sandbox(|_| {});
    let goods: Vec<_> =
        (1..=1_000).map(|id| json!({"api_goods_id": id, "force_sync": false})).collect();
    let sent = json!([goods]).to_string();
    call(sandbox.address(), "sales.StockSync.batchCalcStock", &json!([goods]));
    let entry = journal(sandbox.address()).pop().unwrap();
    assert_eq!(entry["body"].as_str().unwrap(), &sent[..8 << 10]);
    assert_eq!((&entry["body_cut"], &entry["body_bytes"]), (&json!(true), &json!(sent.len())));
}

#[test]
fn the_state_is_answered_anew_only_when_it_changed() {
    let sandbox = sandbox(|config| config.seed = Seed::made_up(3));
    let address = sandbox.address();
    let state = get(address, "/__state");
    assert_eq!((&state.json()["total"], &state.json()["waiting"]), (&json!(3), &json!(3)));
    let tag = state.headers["etag"].clone();
    let again =
        |tag: &str| request(address, "GET", "/__state", &[("if-none-match", tag)], b"").unwrap();
    assert_eq!((again(&tag).http, again(&tag).body.as_str()), (304, ""));
    assert_eq!(set_stock(address, 1001, "1", "5").http, 200);
    let changed = again(&tag);
    assert_eq!(changed.http, 200);
    assert_ne!(changed.headers["etag"], tag);
}

#[test]
fn the_page_lets_nothing_run_but_its_own_script() {
    let sandbox = sandbox(|_| {});
    let page = get(sandbox.address(), "/");
    assert_eq!(
        (page.http, page.headers["content-type"].as_str()),
        (200, "text/html;charset=UTF-8")
    );
    let policy = &page.headers["content-security-policy"];
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
}

/// A page elsewhere can make a name of its own point at 127.0.0.1, and it can send forms.
#[test]
fn other_pages_in_the_same_browser_get_nothing() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    for path in ["/", "/__journal", "/__state", "/__faults"] {
        let foreign = request(address, "GET", path, &[("host", "evil.example:8620")], b"").unwrap();
        assert_eq!(foreign.http, 403, "{path}");
        let local = request(address, "GET", path, &[("host", "localhost:8620")], b"").unwrap();
        assert_eq!(local.http, 200, "{path}");
    }
    let body = br#"{"fault":"cut=1"}"#;
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let form = request(address, "POST", "/__faults", &[("content-type", kind)], body).unwrap();
        assert_eq!(form.http, 415, "{kind}");
    }
    let headers = [("content-type", "application/json"), ("host", "evil.example")];
    assert_eq!(request(address, "POST", "/__faults", &headers, body).unwrap().http, 403);
    assert_eq!(get(address, "/__faults").json()["fault"], "");
    // The platform itself answers under any name: a container or a proxy may give it one.
    let platform = request(address, "POST", "/openapi", &[("host", "erp.example")], b"[]").unwrap();
    assert_eq!(platform.http, 200);
    assert_eq!(post(address, "/__journal", b"{}").unwrap().http, 405);
}
