//! Rows that change while somebody reads: who pages forwards loses some, who begins at the end none.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use common::rows::{DAY, change_rows, query, rows_of, set_churn, state, text, with_rows};
use common::{get, post, request, sandbox};
use serde_json::{Value, json};
use wdt_proto::Response;
use wdt_sandbox::{Config, Rows, Sandbox, SandboxError};

const ORDERS: &str = "sales.TradeQuery.queryWithDetail";
const REFUNDS: &str = "aftersales.refund.RawRefund.search";
const SIZE: usize = 100;

/// All refunds of the day, a page, and the total.
fn page(address: SocketAddr, no: usize) -> (Vec<Value>, usize) {
    let day =
        json!({"start_time": format!("{DAY} 00:00:00"), "end_time": format!("{DAY} 23:59:59")});
    let answer = query(REFUNDS, &day).paged(SIZE, no, true).send(address);
    let total = Response::parse(answer.body.as_bytes()).unwrap().total().unwrap();
    (rows_of(REFUNDS, &answer), usize::try_from(total).unwrap())
}

/// The ids of the rows on these pages, and how many came twice.
fn read(address: SocketAddr, pages: impl Iterator<Item = usize>) -> (BTreeSet<String>, usize) {
    let (mut found, mut twice) = (BTreeSet::new(), 0);
    for no in pages {
        for row in page(address, no).0 {
            twice += usize::from(!found.insert(text(&row["refund_id"])));
        }
    }
    (found, twice)
}

/// The ids of the rows that never changed: they stood in the span all the time.
fn unchanged(address: SocketAddr) -> BTreeSet<String> {
    let lines = state(address, REFUNDS);
    let still = lines.iter().filter(|line| line["changes"] == 0);
    still.map(|line| text(&line["row"]["refund_id"])).collect()
}

#[test]
fn paging_forwards_loses_rows_and_paging_from_the_back_does_not() {
    for order in ["time", "key", "shuffled"] {
        let lost = |from_the_back: bool| {
            let sandbox = with_rows(&[(REFUNDS, 1_000)], |rows| {
                rows.churn = "10/call".parse().unwrap();
                rows.order = order.parse().unwrap();
            });
            let address = sandbox.address();
            let (_, total) = page(address, 0);
            assert_eq!(total, 1_000);
            let pages = 0..total.div_ceil(SIZE);
            let (found, twice) =
                if from_the_back { read(address, pages.rev()) } else { read(address, pages) };
            let still = unchanged(address);
            assert!((850..950).contains(&still.len()), "{}", still.len());
            (still.difference(&found).count(), twice)
        };
        let (forwards, twice) = lost(false);
        assert!(forwards >= 10 && twice == 0, "{order}: {forwards} lost, {twice} twice");
        let (backwards, twice) = lost(true);
        assert!(backwards == 0 && twice >= 10, "{order}: {backwards} lost, {twice} twice");
    }
}

#[test]
fn the_same_seed_and_the_same_calls_give_the_same_rows() {
    let read = |seed: u64| {
        let sandbox = with_rows(&[(REFUNDS, 300)], |rows| {
            rows.churn = "7/call".parse().unwrap();
            rows.seed = seed;
        });
        let address = sandbox.address();
        let pages: Vec<_> = (0..3).map(|no| page(address, no)).collect();
        (pages, state(address, REFUNDS))
    };
    assert_eq!(read(5), read(5));
    assert_ne!(read(5).1[0]["row"], read(6).1[0]["row"]);
}

#[test]
fn a_change_keeps_the_number_and_brings_new_content_later() {
    let sandbox = with_rows(&[(ORDERS, 400)], |_| {});
    let address = sandbox.address();
    let before = state(address, ORDERS);
    let answer = change_rows(address, ORDERS, 100).json();
    assert_eq!((&answer["rows"], &answer["changes"]), (&json!(400), &json!(100)));
    let after = state(address, ORDERS);
    let mut changed = 0;
    for (old, new) in before.iter().zip(&after) {
        for field in ["trade_id", "trade_no", "shop_no", "created"] {
            assert_eq!(old["row"][field], new["row"][field], "{field}");
        }
        if new["changes"] == 0 {
            assert_eq!(old, new);
            continue;
        }
        changed += 1;
        assert!(text(&old["modified"]) < text(&new["modified"]));
        assert_eq!(new["modified"], new["row"]["modified"]);
        let fields = old["row"].as_object().unwrap();
        let other = fields.keys().filter(|name| old["row"][*name] != new["row"][*name]).count();
        assert!(other > 10, "{other}");
    }
    assert_eq!(answer["changed_rows"], changed);
    assert!(changed > 80);
}

#[test]
fn a_pull_that_reads_its_windows_from_the_back_ends_with_the_platforms_state() {
    let sandbox = with_rows(&[(ORDERS, 900)], |rows| rows.churn = "2/call".parse().unwrap());
    let address = sandbox.address();
    let mut sink = BTreeMap::new();
    let mut read = |start: &str, end: &str| {
        let span =
            json!({"start_time": format!("{DAY} {start}"), "end_time": format!("{DAY} {end}")});
        let first = query(ORDERS, &span).paged(50, 0, true).send(address);
        let total = Response::parse(first.body.as_bytes()).unwrap().total().unwrap();
        for no in (0..usize::try_from(total).unwrap().div_ceil(50)).rev() {
            let answer = query(ORDERS, &span).paged(50, no, false).send(address);
            let rows = rows_of(ORDERS, &answer);
            sink.extend(rows.into_iter().map(|row| (text(&row["trade_id"]), row)));
        }
    };
    for hour in 0..23 {
        read(&format!("{hour:02}:00:00"), &format!("{:02}:00:00", hour + 1));
    }
    assert!(set_churn(address, "0").json()["methods"][0]["changes"].as_u64().unwrap() > 100);
    read("23:00:00", "23:59:59");
    let lines = state(address, ORDERS);
    let day_end = format!("{DAY} 23:59:59");
    let within = lines.iter().filter(|line| text(&line["modified"]) <= day_end);
    let expected: BTreeMap<_, _> =
        within.map(|line| (text(&line["row"]["trade_id"]), line["row"].clone())).collect();
    assert!(expected.len() > 800, "{}", expected.len());
    for (id, row) in &expected {
        assert_eq!(sink.get(id), Some(row), "{id}");
    }
}

#[test]
fn rows_that_reach_up_to_now_change_now() {
    let rows = Rows { methods: vec![format!("{ORDERS}=500").parse().unwrap()], ..Rows::default() };
    let sandbox = sandbox(|config| config.rows = rows);
    let address = sandbox.address();
    let list = get(address, "/__rows").json();
    let start = text(&list["methods"][0]["last_change"]);
    change_rows(address, ORDERS, 20);
    let lines = state(address, ORDERS);
    let changed: Vec<_> = lines.iter().filter(|line| line["changes"] != 0).collect();
    assert!(changed.len() > 10 && changed.iter().all(|line| text(&line["modified"]) >= start));
    assert!(
        lines
            .iter()
            .filter(|line| line["changes"] == 0)
            .all(|line| text(&line["modified"]) <= start)
    );
    // With time they change by themselves.
    set_churn(address, "1000/s");
    std::thread::sleep(std::time::Duration::from_millis(50));
    let so_far =
        |address| get(address, "/__rows").json()["methods"][0]["changes"].as_u64().unwrap();
    assert!(so_far(address) >= 20 + 50);
    assert_eq!(set_churn(address, "0").json()["churn"], "0");
    let stopped = so_far(address);
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert_eq!(so_far(address), stopped);
}

#[test]
fn faults_hit_queries_and_the_list_shows_what_was_asked() {
    let sandbox = with_rows(&[(REFUNDS, 250), (ORDERS, 10)], |rows| {
        rows.churn = "3/call".parse().unwrap();
    });
    let address = sandbox.address();
    page(address, 2);
    let list = get(address, "/__rows").json();
    assert_eq!((&list["churn"], &list["order"]), (&json!("3/call"), &json!("time")));
    let [refunds, orders] = list["methods"].as_array().unwrap().as_slice() else { panic!() };
    assert_eq!(refunds["method"], REFUNDS);
    assert_eq!((&refunds["title"], &refunds["rows"]), (&json!("原始退款单查询"), &json!(250)));
    assert_eq!(orders["queries"], json!([]));
    let query = &refunds["queries"][0];
    assert_eq!(
        (&query["since"], &query["until"], &query["by"]),
        (&json!(format!("{DAY} 00:00:00")), &json!(format!("{DAY} 23:59:59")), &json!("modified"))
    );
    for (name, value) in [("page_no", 2), ("page_size", 100), ("found", 250), ("returned", 50)] {
        assert_eq!(query[name], value, "{name}");
    }
    post(address, "/__faults", br#"{"fault": "rate_limit=1"}"#).unwrap();
    let day =
        json!({"start_time": format!("{DAY} 00:00:00"), "end_time": format!("{DAY} 23:59:59")});
    let refused = common::rows::query(REFUNDS, &day).paged(SIZE, 0, true).send(address);
    assert_eq!(refused.status(), 100);
    let same = get(address, "/__rows").json();
    assert_eq!(
        (&same["methods"][0]["changes"], &same["methods"][0]["queries"]),
        (&json!(3), &refunds["queries"])
    );
}

#[test]
fn control_refuses_what_it_does_not_understand() {
    let sandbox = with_rows(&[(ORDERS, 10)], |_| {});
    let address = sandbox.address();
    for (target, body, http, named) in [
        ("/__rows", r#"{"churn": "5/m"}"#, 422, "5/s"),
        ("/__rows", r#"{"churns": "5/s"}"#, 422, "churns"),
        ("/__rows/no.such.method/churn", r#"{"rows": 1}"#, 404, "--rows"),
        (&format!("/__rows/{ORDERS}/churn"), r#"{"rows": -1}"#, 422, "-1"),
        (&format!("/__rows/{ORDERS}/churn"), r#"{"rows": 5000001}"#, 422, "5000000"),
    ] {
        let answer = post(address, target, body.as_bytes()).unwrap();
        assert_eq!(answer.http, http, "{}", answer.body);
        assert!(answer.json()["error"].as_str().unwrap().contains(named), "{}", answer.body);
        assert!(answer.json()["error_zh"].is_string());
    }
    assert_eq!(get(address, "/__rows/no.such.method").http, 404);
    let elsewhere = [("host", "evil.example")];
    for target in ["/__rows".to_owned(), format!("/__rows/{ORDERS}")] {
        assert_eq!(request(address, "GET", &target, &elsewhere, b"").unwrap().http, 403);
    }
}

#[test]
fn rows_of_the_future_are_refused() {
    let span = Some("2098-01-01..2098-01-02".parse().unwrap());
    let methods = vec![format!("{ORDERS}=1").parse().unwrap()];
    let rows = Rows { methods, span, ..Rows::default() };
    let error = Sandbox::start(Config { rows, ..Config::default() }).unwrap_err();
    assert!(matches!(error, SandboxError::Rows(_)));
    assert!(error.to_string().contains("begins in the future"), "{error}");
    assert!(error.zh().to_string().contains("在将来"), "{error}");
}
