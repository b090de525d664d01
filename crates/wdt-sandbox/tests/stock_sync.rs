//! The stock-sync loop, call by call.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::net::SocketAddr;

use common::{call, get, good, info, journal, last_entry, post, sandbox, set_stock};
use serde_json::{Value, json};
use wdt_sandbox::Seed;

const WAIT: &str = "sales.StockSync.getSelfWaitSyncIdListOpen";
const CALC: &str = "sales.StockSync.calcStock";
const BATCH: &str = "sales.StockSync.batchCalcStock";
const SUCCESS: &str = "sales.StockSync.syncSuccess";
const FAIL: &str = "sales.StockSync.syncFail";
const CANCEL: &str = "sales.StockSync.cancelSync";

fn calculated(address: SocketAddr, id: i64) -> Value {
    call(address, CALC, &json!([id, false])).json()["data"].clone()
}

fn waiting(address: SocketAddr, count: i64, position: i64) -> (Vec<i64>, i64) {
    let data = call(address, WAIT, &json!([count, position])).json()["data"].clone();
    let ids = data["id_list"].as_array().unwrap().iter().map(|id| id.as_i64().unwrap());
    (ids.collect(), data["position"].as_i64().unwrap())
}

#[test]
fn the_whole_loop() {
    let sandbox = sandbox(|config| config.seed = Seed::made_up(25));
    let address = sandbox.address();
    let (mut position, mut done) = (0, Vec::new());
    loop {
        let (ids, next) = waiting(address, 10, position);
        if ids.is_empty() {
            assert_eq!(next, position);
            break;
        }
        for id in &ids {
            let stock = calculated(address, *id);
            assert_eq!(stock["rec_id"], *id);
            let method = if id % 5 == 0 { FAIL } else { SUCCESS };
            let report = call(address, method, &json!([id, info(&stock, "结果")]));
            assert_eq!(report.body, r#"{"status":0}"#);
            assert_eq!(report.mark(), "live");
        }
        done.extend(ids);
        position = next;
    }
    assert_eq!(done, (1001..=1025).collect::<Vec<_>>());
    assert_eq!(waiting(address, 10, 0).0, [0_i64; 0]);
    let effects: Vec<_> = journal(address)
        .iter()
        .filter(|entry| !entry["effect"].is_null())
        .map(|entry| entry["effect"]["api_goods_id"].as_i64().unwrap())
        .collect();
    assert_eq!(effects, done, "one effect for each good");
    let failed = good(address, 1005);
    assert_eq!(
        (&failed["last_success"], &failed["last_result"], &failed["waiting"]),
        (&json!(false), &json!("结果"), &json!(false))
    );
}

#[test]
fn a_report_is_refused_when_the_stock_has_changed_since() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    let stock = calculated(address, 1002);
    assert_eq!(set_stock(address, 1002, "1", "77.5000").http, 200);
    let late = call(address, SUCCESS, &json!([1002, info(&stock, "")]));
    assert_eq!(late.status(), 100);
    assert!(late.message().contains("库存变化量已更新"), "{}", late.message());
    assert_eq!(last_entry(address)["effect"], Value::Null);
    let after = good(address, 1002);
    assert_eq!((&after["waiting"], &after["last_success"]), (&json!(true), &Value::Null));
    // It waits at the end now, and the new calculation counts.
    assert_eq!(waiting(address, 5000, 0).0.last(), Some(&1002));
    let stock = calculated(address, 1002);
    assert_eq!(
        (stock["syn_stock"].as_i64(), stock["stock_change_count"].as_i64()),
        (Some(78), Some(2))
    );
    assert_eq!(call(address, SUCCESS, &json!([1002, info(&stock, "")])).status(), 0);
    assert!(!waiting(address, 5000, 0).0.contains(&1002));
}

#[test]
fn a_blind_repetition_takes_effect_twice() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    let stock = calculated(address, 1001);
    for _ in 0..2 {
        assert_eq!(call(address, SUCCESS, &json!([1001, info(&stock, "")])).status(), 0);
        assert_eq!(
            last_entry(address)["effect"],
            json!({"kind": "sync_success", "api_goods_id": 1001, "stock_change_count": 1})
        );
    }
}

#[test]
fn calculations_are_exact_and_have_the_documented_fields() {
    let seed = r#"{"goods": [{"api_goods_id": 2447, "goods_id": "lz3", "spec_id": "lz38",
        "outer_id": "lz3", "spec_outer_id": "lz38", "match_code": "lz38", "shop_id": 69,
        "match_target_id": 12581, "stock_change_count": 2, "stock": {"6": 0, "7": "999999999999999.9999"},
        "rule": {"stock_syn_warehouses": "6", "stock_syn_plus": 1.0000, "stock_syn_min": 1.0000,
                 "stock_syn_max": 550.0000}}]}"#;
    let sandbox = sandbox(|config| config.seed = Seed::parse(seed).unwrap());
    let answer = call(sandbox.address(), CALC, &json!([2447, false]));
    // The vendor's documented reply to this very call.
    let file = include_str!("../../wdt-proto/catalogue/sales.StockSync.calcStock.json");
    let documented: Value = serde_json::from_str(file).unwrap();
    assert_eq!(answer.json(), documented["examples"]["response"][0]);
    for exact in [r#""stock_syn_min":1.0000,"#, r#""stock_syn_max":550.0000"#, r#""syn_stock":1,"#]
    {
        assert!(answer.body.contains(exact), "{exact} in {}", answer.body);
    }
    let stock = &good(sandbox.address(), 2447)["stock"];
    assert_eq!(*stock, json!({"6": "0.0000", "7": "999999999999999.9999"}));
}

#[test]
fn a_batch_tells_what_it_could_not_calculate() {
    let seed = r#"{"goods": [
        {"api_goods_id": 1, "stock": {"1": 5}},
        {"api_goods_id": 2, "goods_id": "jitx002", "spec_id": "jitx002", "enabled": false, "stock": {"1": 6}}]}"#;
    let sandbox = sandbox(|config| config.seed = Seed::parse(seed).unwrap());
    let address = sandbox.address();
    let wanted = |id: i64, force: bool| json!({"api_goods_id": id, "force_sync": force});
    let answer = call(
        address,
        BATCH,
        &json!([[wanted(1, false), wanted(2, false), wanted(3, false), wanted(2, true)]]),
    );
    let data = &answer.json()["data"];
    let ids = |list: &str| -> Vec<_> {
        data[list].as_array().unwrap().iter().map(|row| row["rec_id"].as_i64().unwrap()).collect()
    };
    assert_eq!((ids("success_date"), ids("error_date")), (vec![1, 2], vec![2, 3]));
    let disabled = "货品id:jitx002规格Id:jitx002 已停用或者未开启同步";
    assert_eq!(data["error_date"][0]["err_msg"], disabled);
    assert_eq!(data["error_date"][1]["err_msg"], "单据不存在");
    assert_eq!(call(address, CALC, &json!([2, false])).refusal(), (100, disabled.into()));
    assert_eq!(call(address, CALC, &json!([2, true])).json()["data"]["syn_stock"], 6);
}

#[test]
fn cancelling() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    assert_eq!(call(address, CANCEL, &json!([1001, 7])).refusal(), (100, "取消失败".into()));
    assert!(good(address, 1001)["waiting"].as_bool().unwrap());
    for (id, count) in [(1001, 1), (1002, -1)] {
        assert_eq!(call(address, CANCEL, &json!([id, count])).status(), 0);
        assert_eq!(last_entry(address)["effect"]["kind"], "cancel");
        assert!(!good(address, id)["waiting"].as_bool().unwrap());
    }
    assert_eq!(call(address, CANCEL, &json!([5, -1])).refusal(), (100, "单据不存在".into()));
}

/// The documented examples send numbers as text and 0 or 1 for booleans; the platform takes them.
#[test]
fn tolerated_types_are_taken_as_what_they_stand_for() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    let data = call(address, WAIT, &json!(["10", "15"])).json()["data"].clone();
    assert_eq!((data["id_list"].as_array().unwrap().len(), &data["position"]), (5, &json!(20)));
    assert_eq!(call(address, CALC, &json!(["1001", 1])).json()["data"]["rec_id"], 1001);
    let mut report = info(&calculated(address, 1001), "");
    report["stock_change_count"] = json!("1.0000");
    report["syn_stock"] = json!("3.0");
    assert_eq!(call(address, SUCCESS, &json!(["1001", report])).status(), 0);
    assert_eq!(good(address, 1001)["last_syn_num"], "3.0");
}

#[test]
fn stock_is_changed_within_bounds_only() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    let changed = set_stock(address, 1001, "9", "12.0000").json();
    assert_eq!(
        (&changed["stock"]["9"], &changed["stock_change_count"], &changed["waiting_position"]),
        (&json!("12.0000"), &json!(2), &json!(21))
    );
    assert_eq!(set_stock(address, 7, "1", "1").http, 404);
    for (warehouse, stock) in
        [("1", "1.00001"), ("1", "1e15"), ("1", "NaN"), ("1", ""), ("a,b", "1"), ("", "1")]
    {
        let answer = set_stock(address, 1001, warehouse, stock);
        assert_eq!(answer.http, 422, "{warehouse:?} {stock:?}");
        assert!(!answer.json()["error"].as_str().unwrap().is_empty());
    }
    let unknown = br#"{"api_goods_id":1001,"warehouse":"1","stock":1,"stok":2}"#;
    assert_eq!(post(address, "/__stock", unknown).unwrap().http, 422);
    assert_eq!(good(address, 1001)["stock_change_count"], 2);
    assert_eq!(get(address, "/__stock").http, 405);
}
