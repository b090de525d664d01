//! The typed calls against the documented examples.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use serde_json::Value;
use wdt_proto::catalogue::Catalogue;
use wdt_proto::stock_sync::{
    self, BatchCalculatedStock, CalculatedStock, Call, SyncInfo, WaitingIds,
};
use wdt_proto::{IssueCode, Level, Limits, Request, Response};

/// The body of the signing vector `name`, and its method.
fn vector(name: &str) -> (String, String) {
    let text = include_str!("../testdata/signing.json");
    let vectors: Value = serde_json::from_str(text).unwrap();
    let mut cases = vectors["cases"].as_array().unwrap().iter();
    let case = cases.find(|case| case["name"] == name).unwrap();
    (case["method"].as_str().unwrap().into(), case["body"].as_str().unwrap().into())
}

fn assert_is(request: &Request<'_>, name: &str) {
    let (method, body) = vector(name);
    assert_eq!(request.method(), method);
    assert_eq!(std::str::from_utf8(request.body()), Ok(body.as_str()));
}

fn info() -> SyncInfo {
    let decimal = |text: &str| text.parse().unwrap();
    SyncInfo {
        syn_stock: decimal("1.0000"),
        stock_change_count: decimal("2.0000"),
        stock_syn_rule_id: -10_000,
        stock_syn_rule_no: String::new(),
        stock_syn_other: Some(String::new()),
        stock_syn_warehouses: "6,12".into(),
        stock_syn_mask: 0,
        stock_syn_percent: 100,
        stock_syn_plus: decimal("1.0000"),
        stock_syn_min: decimal("1.0000"),
        stock_syn_max: decimal("550.0000"),
        is_auto_listing: true,
        is_auto_delisting: true,
        is_syn_success: Some(false),
        is_manual: Some(false),
        syn_result: Some("平台接口限流，稍后重试".into()),
    }
}

#[test]
fn all_six_calls_write_the_vectors_bytes() {
    assert_is(
        &stock_sync::sync_fail(2447, &info(), Level::Documented).unwrap(),
        "syncFail, all sixteen info fields, Chinese text",
    );
    let success = SyncInfo { syn_result: Some("同步成功".into()), ..info() };
    assert_is(&stock_sync::sync_success(2447, &success, Level::Documented).unwrap(), "syncSuccess");
    assert_is(
        &stock_sync::cancel_sync(178_238, -1, Level::Documented).unwrap(),
        "cancelSync, negative integer",
    );
    assert_is(
        &stock_sync::calc_stock(2447, false, Level::Documented).unwrap(),
        "calcStock, boolean argument",
    );
    assert_is(
        &stock_sync::batch_calc_stock(&[(2447, false), (2448, false)], Level::Documented).unwrap(),
        "batchCalcStock, one list argument",
    );
    assert_is(
        &stock_sync::get_self_wait_sync_id_list_open(500, 0, Level::Documented).unwrap(),
        "getSelfWaitSyncIdListOpen",
    );
    let large = SyncInfo { syn_stock: "999999999999999.9999".parse().unwrap(), ..info() };
    let body = stock_sync::sync_fail(2447, &large, Level::Documented).unwrap();
    assert!(body.body().starts_with(br#"[2447,{"syn_stock":999999999999999.9999,"#));
}

#[test]
fn the_documented_example_in_another_order_is_the_same_values() {
    let (_, body) = vector("syncFail, the documented example body");
    let documented: Value = serde_json::from_str(&body).unwrap();
    let typed = SyncInfo {
        syn_stock: 1.into(),
        stock_change_count: 2.into(),
        stock_syn_other: None,
        stock_syn_warehouses: "6".into(),
        is_syn_success: None,
        is_manual: None,
        syn_result: None,
        ..info()
    };
    let request = stock_sync::sync_fail(2447, &typed, Level::Documented).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(request.body()).unwrap(), documented);
}

#[test]
fn texts_are_escaped_as_json_needs() {
    let info = SyncInfo { syn_result: Some("a\"b\\c\n\r\t\u{1}/你".into()), ..info() };
    let request = stock_sync::sync_fail(1, &info, Level::Documented).unwrap();
    let back: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(back[1]["syn_result"], "a\"b\\c\n\r\t\u{1}/你");
}

#[test]
fn replies_are_read_exactly() {
    let reply = include_bytes!("../benches/calc_stock_reply.json");
    let stock: CalculatedStock = Response::parse(reply).unwrap().data_as().unwrap();
    assert_eq!(stock.rec_id, Some(2447));
    assert_eq!(stock.stock_syn_max.unwrap().to_string(), "550.0000");
    assert_eq!(stock.is_auto_listing, Some(true), "the documented example has 1 here");
    let info = stock.sync_info().unwrap().failed("x");
    assert_eq!(info.stock_change_count, 2.into());
    assert_eq!(info.stock_syn_warehouses, "6");

    let batch = br#"{"status":0,"data":{"success_date":[{}],"error_date":[{"err_msg":"force_sync","rec_id":2447}]}}"#;
    let batch: BatchCalculatedStock = Response::parse(batch).unwrap().data_as().unwrap();
    assert_eq!(batch.error_date[0].rec_id, Some(2447));
    let missing = batch.success_date[0].sync_info().unwrap_err();
    assert!(missing.to_string().contains("syn_stock"));

    let ids = br#"{"status":0,"data":{"id_list":[174004,175511],"position":239126414}}"#;
    let ids: WaitingIds = Response::parse(ids).unwrap().data_as().unwrap();
    assert_eq!((ids.id_list, ids.position), (vec![174_004, 175_511], Some(239_126_414)));

    let wrong = Response::parse(br#"{"status":0,"data":{"is_auto_listing":2}}"#).unwrap();
    assert!(wrong.data_as::<CalculatedStock>().is_err());
}

#[test]
fn flags_are_read_as_the_server_writes_them_and_nothing_else() {
    let read = |flag: &str| {
        let reply = format!(r#"{{"status":0,"data":{{"is_auto_listing":{flag}}}}}"#);
        let stock = Response::parse(reply.as_bytes()).unwrap().data_as::<CalculatedStock>();
        stock.map(|stock| stock.is_auto_listing).map_err(|error| error.to_string())
    };
    for (flag, value) in [
        ("true", Some(true)),
        ("1", Some(true)),
        ("false", Some(false)),
        ("0", Some(false)),
        ("null", None),
    ] {
        assert_eq!(read(flag), Ok(value), "{flag}");
    }
    for flag in ["2", "-1", "\"1\"", "1.0", "[]"] {
        assert!(read(flag).unwrap_err().contains("true, false, 1, 0 or null"), "{flag}");
    }
}

#[test]
fn a_report_says_how_it_went() {
    let info = SyncInfo::default().succeeded("同步成功");
    assert_eq!((info.is_syn_success, info.syn_result.as_deref()), (Some(true), Some("同步成功")));
    let info = info.failed("平台接口限流");
    assert_eq!(
        (info.is_syn_success, info.syn_result.as_deref()),
        (Some(false), Some("平台接口限流"))
    );
}

#[test]
fn a_call_takes_level_limits_and_catalogue_as_any_other() {
    let code = |call: Call<'_>| call.request().unwrap_err().issues()[0].code();
    let waiting = || Call::get_self_wait_sync_id_list_open(1, 0);
    assert_eq!(code(waiting()), IssueCode::OutOfRange, "10 at least");
    assert_eq!(waiting().level(Level::Off).request().unwrap().body(), b"[1,0]");
    let report = || Call::sync_fail(1, &SyncInfo::default());
    assert_eq!(report().request().unwrap().warnings()[0].code(), IssueCode::Missing);
    assert_eq!(code(report().level(Level::Strict)), IssueCode::Missing);

    let short = Limits::DEFAULT.with_max_bytes(4);
    for level in [Level::Off, Level::Documented, Level::Strict] {
        assert_eq!(code(Call::cancel_sync(10, 20).level(level).limits(short)), IssueCode::TooLong);
    }

    // A catalogue of one's own decides, and the request outlives it.
    let request: Request<'static> = {
        let mut catalogue = Catalogue::new();
        let method = r#"{"method":"sales.StockSync.cancelSync","title":"t","documented":true,
            "params":[{"name":"a","label":"a","type":"long","required":true}]}"#;
        catalogue.register(method).unwrap();
        let too_many = Call::cancel_sync(178_238, -1).catalogue(&catalogue);
        assert_eq!(code(too_many), IssueCode::ArgumentCount);
        Call::calc_stock(2447, true).catalogue(&catalogue).request().unwrap()
    };
    assert_eq!((request.method(), request.body()), (stock_sync::CALC_STOCK, &b"[2447,true]"[..]));
    assert_eq!(request.pager(), None);
}

#[test]
fn the_short_ways_are_the_calls() {
    let (info, level) = (info(), Level::Documented);
    let goods = [(2447, false), (2448, true)];
    for (short, call) in [
        (stock_sync::sync_fail(1, &info, level), Call::sync_fail(1, &info)),
        (stock_sync::sync_success(1, &info, level), Call::sync_success(1, &info)),
        (stock_sync::cancel_sync(1, -1, level), Call::cancel_sync(1, -1)),
        (stock_sync::calc_stock(1, true, level), Call::calc_stock(1, true)),
        (stock_sync::batch_calc_stock(&goods, level), Call::batch_calc_stock(&goods)),
        (
            stock_sync::get_self_wait_sync_id_list_open(10, 1, level),
            Call::get_self_wait_sync_id_list_open(10, 1),
        ),
    ] {
        assert_eq!(short, call.request());
    }
}
