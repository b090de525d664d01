//! What the platform refuses, with its statuses and messages.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Call, call, get, journal, last_entry, sandbox, unix_now};
use serde_json::{Value, json};

const CALC: &str = "sales.StockSync.calcStock";
const EPOCH: i64 = 1_325_347_200;

fn calc() -> Call {
    Call::new(CALC, "[1001,false]")
}

/// The vendor's error table, not ours.
fn is_in_vendors_table(status: i64, message: &str) -> bool {
    let table: Value =
        serde_json::from_str(include_str!("../../wdt-proto/testdata/errors.json")).unwrap();
    let mut rows = table.as_array().unwrap().iter();
    rows.any(|row| row["status"] == status && row["message"] == message)
}

#[test]
fn each_check_has_the_vendors_answer() {
    let sandbox = sandbox(|_| {});
    let at = |offset: i64| (unix_now() - EPOCH + offset).to_string();
    let wrong_secret = Call { secret: "another".into(), ..calc() };
    // The secret with the salt still on it: the usual mistake.
    let whole_secret = Call { secret: "sandbox-secret:sandbox-salt".into(), ..calc() };
    for (call, status, message, explanation) in [
        (wrong_secret, 1, "验证失败", "sorted by name"),
        (whole_secret, 1, "验证失败", "the whole secret:salt was used as the secret"),
        (calc().with("salt", "other"), 1, "验证失败", "salt is not the part of appsecret"),
        (calc().with("sid", "nobody"), 1, "sid is not exists", "nobody"),
        (calc().with("key", "no-key"), 1, "app auth fail", "no-key"),
        (calc().with("v", "2.0"), 8, "版本错误", "2.0"),
        (calc().with("timestamp", &at(-600)), 7, "时间戳错误", "behind the server's clock"),
        (calc().with("timestamp", &at(600)), 7, "时间戳错误", "ahead of the server's clock"),
        (calc().with("timestamp", &at(-28_800)), 7, "时间戳错误", "midnight UTC"),
        (calc().with("timestamp", "yesterday"), 7, "时间戳错误", "yesterday"),
        (calc().without("timestamp"), 1, "参数错误", "timestamp is missing"),
        (calc().without("method"), 1, "参数错误", "method is missing"),
        (Call::new("sales.StockSync.calcStok", "[]"), 1, "参数错误", "did you mean"),
        (Call::new(CALC, "[1001]"), 1, "invalid argument count", "forceSync"),
        (Call::new(CALC, "[1001,false,1]"), 1, "invalid argument count", "3 arguments"),
        (Call::new(CALC, "[{},false]"), 1, "argument type mismatch", "/0"),
        (Call::new(CALC, "{\"apiGoodsId\":1}"), 1, "参数错误", "JSON array"),
        (Call::new(CALC, "[1001,"), 1, "参数错误", "body"),
        (Call::new(CALC, "\u{FFFD}"), 1, "参数错误", "body"),
        (Call::new(CALC, "[999999,false]"), 100, "单据不存在", "there is no good 999999"),
    ] {
        let answer = call.send(sandbox.address());
        assert_eq!(answer.refusal(), (status, message.into()), "{explanation}");
        assert!(is_in_vendors_table(status, message), "{status} {message}");
        assert_eq!(answer.headers["content-type"], "application/json;charset=UTF-8");
        let entry = last_entry(sandbox.address());
        assert_eq!((&entry["status"], &entry["message"]), (&json!(status), &json!(message)));
        let why = entry["explanation"].as_str().unwrap();
        assert!(why.contains(explanation), "{message}: {why}");
        assert!(!entry["explanation_zh"].as_str().unwrap().is_empty());
    }
    let accepted = calc().send(sandbox.address());
    assert_eq!(accepted.status(), 0, "{}", accepted.body);
}

#[test]
fn a_signature_must_be_lower_case_and_whole() {
    let sandbox = sandbox(|_| {});
    let call = calc();
    for (sign, hint) in [
        (call.sign().to_uppercase(), "lower-case hex"),
        (call.sign()[..31].to_owned(), "31 characters"),
    ] {
        let target = format!("/openapi?{}", call.query_with(&sign));
        let answer = common::post(sandbox.address(), &target, &call.body).unwrap();
        assert_eq!(answer.refusal(), (1, "验证失败".into()));
        let entry = last_entry(sandbox.address());
        assert!(entry["explanation"].as_str().unwrap().contains(hint), "{entry}");
    }
}

#[test]
fn the_body_is_part_of_the_signature() {
    let sandbox = sandbox(|_| {});
    let call = calc();
    let target = format!("/openapi?{}", call.query());
    // The same JSON, serialised otherwise.
    let answer = common::post(sandbox.address(), &target, b"[1001, false]").unwrap();
    assert_eq!(answer.refusal(), (1, "验证失败".into()));
    let answer = common::post(sandbox.address(), &target, b"[1001,false]").unwrap();
    assert_eq!(answer.status(), 0);
}

#[test]
fn parameters_that_nobody_knows_are_signed_too() {
    let sandbox = sandbox(|_| {});
    assert_eq!(calc().with("extra", "库 存&+=").send(sandbox.address()).status(), 0);
    let unsigned = format!("/openapi?{}&extra=1", calc().query());
    let answer = common::post(sandbox.address(), &unsigned, b"[1001,false]").unwrap();
    assert_eq!(answer.refusal(), (1, "验证失败".into()));
    let twice = format!("/openapi?{}&sid=sandbox", calc().query());
    let answer = common::post(sandbox.address(), &twice, b"[1001,false]").unwrap();
    assert_eq!(answer.refusal(), (1, "参数错误".into()));
}

#[test]
fn the_window_of_the_clock_follows_the_offset() {
    let sandbox = sandbox(|config| config.clock_offset = 3_600);
    let at = |offset: i64| calc().with("timestamp", &(unix_now() - EPOCH + offset).to_string());
    assert_eq!(at(0).send(sandbox.address()).refusal(), (7, "时间戳错误".into()));
    // 60 s of slack on either side for a slow machine.
    for offset in [3_600 - 60, 3_600, 3_600 + 60] {
        assert_eq!(at(offset).send(sandbox.address()).status(), 0);
    }
    let date = at(3_600).send(sandbox.address()).headers["date"].clone();
    let date = httpdate::parse_http_date(&date).unwrap();
    let ahead = date.duration_since(std::time::SystemTime::now()).unwrap().as_secs();
    assert!((3_500..=3_600).contains(&ahead), "{ahead}");
}

#[test]
fn a_paged_method_wants_a_page() {
    let sandbox = sandbox(|_| {});
    let method = "goods.Goods.queryWithSpec";
    let body = r#"[{"start_time":"2024-01-01 00:00:00","end_time":"2024-01-02 00:00:00"}]"#;
    let bare = Call::new(method, body).send(sandbox.address());
    assert_eq!(bare.refusal(), (100, format!("此方法仅支持分页查询：{method}")));
    assert!(is_in_vendors_table(100, "此方法仅支持分页查询：接口method"));
    let limited = |size| Call::new("wms.StockSpec.search2", body).paged(size, 0, true);
    let limited = |size| limited(size).send(sandbox.address());
    assert_eq!(limited(1001).refusal(), (1, "参数错误".into()), "documented: at most 1000");
    assert!(last_entry(sandbox.address())["explanation"].as_str().unwrap().contains("page_size"));
    for (key, value) in [("page_size", "0"), ("page_size", "x"), ("page_no", "-1")] {
        let call = Call::new(method, body).paged(10, 0, true).with(key, value);
        assert_eq!(call.send(sandbox.address()).refusal(), (1, "参数错误".into()), "{key}={value}");
    }
    assert_eq!(Call::new(method, body).paged(10, 0, true).send(sandbox.address()).status(), 0);
}

/// The mistakes with spans of time that the platform refuses, and what the journal says of each.
#[test]
fn a_span_that_the_platform_refuses_is_refused() {
    let sandbox = sandbox(|_| {});
    let (hour, month) = ("finance.settle.Logistics.search", "aftersales.refund.RawRefund.search");
    let span = |start: &str, end: &str| json!([{"start_time": start, "end_time": end}]);
    let day = span("2024-01-01 00:00:00", "2024-01-01 23:59:59");
    let a_second_more = span("2024-01-01 00:00:00", "2024-01-01 01:00:01");
    let reversed = span("2024-01-01 01:00:00", "2024-01-01 00:00:00");
    let half_a_year = span("2024-01-01 00:00:00", "2024-07-01 00:00:00");
    let no_end = json!([{"start_time": "2024-01-01 00:00:00"}]);
    let null_end = json!([{"start_time": "2024-01-01 00:00:00", "end_time": null}]);
    let no_start = json!([{"end_time": "2024-01-01 00:00:00"}]);
    let too_long = |limit| format!("您的查询时间过宽,查询时间不能大于{limit}");
    let missing = || "参数中必须包含起止时间".to_owned();
    for (method, body, status, message, names) in [
        (hour, day, 100, too_long("60分钟"), "end_time"),
        (hour, a_second_more, 100, too_long("60分钟"), "end_time"),
        (month, half_a_year, 100, too_long("30天"), "end_time"),
        (hour, reversed, 1, "参数错误".to_owned(), "start_time"),
        (hour, no_end, 100, missing(), "end_time"),
        (hour, null_end, 100, missing(), "end_time"),
        (hour, no_start, 100, missing(), "start_time"),
    ] {
        let answer = Call::new(method, body.to_string()).paged(10, 0, true).send(sandbox.address());
        assert_eq!(answer.refusal(), (status, message.clone()), "{body}");
        assert!(is_in_vendors_table(status, &message), "{message}");
        let entry = last_entry(sandbox.address());
        for explanation in ["explanation", "explanation_zh"] {
            let why = entry[explanation].as_str().unwrap();
            assert!(why.contains(names), "{body}: {why}");
        }
    }
    // Exactly the limit is taken.
    let whole = span("2024-01-01 00:00:00", "2024-01-01 01:00:00");
    let answer = Call::new(hour, whole.to_string()).paged(10, 0, true).send(sandbox.address());
    assert_eq!(answer.status(), 0, "{}", answer.body);
}

#[test]
fn the_61st_call_within_a_minute_is_refused() {
    let sandbox = sandbox(|config| config.rate_limit = 60);
    // What the signature does not cover does not count.
    let forged = Call { secret: "another".into(), ..calc() };
    for _ in 0..70 {
        assert_eq!(forged.send(sandbox.address()).status(), 1);
    }
    let started = std::time::Instant::now();
    let answers: Vec<_> = (0..70).map(|_| calc().send(sandbox.address()).refusal()).collect();
    assert!(started.elapsed().as_secs() < 60, "too slow a machine to tell");
    let message = "超过每分钟最大调用频率限制，请稍后重试";
    assert!(answers[..60].iter().all(|(status, _)| *status == 0));
    assert!(answers[60..].iter().all(|answer| *answer == (100, message.to_owned())));
    assert!(is_in_vendors_table(100, message));
}

#[test]
fn what_goes_astray_is_in_the_journal_too() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    assert_eq!(get(address, "/openapi?method=a.b").http, 405);
    assert_eq!(common::post(address, "/open-api", b"[]").unwrap().http, 404);
    assert_eq!(common::post(address, "/openapi/", b"[]").unwrap().status(), 1);
    let entries = journal(address);
    let explained = |n: usize| entries[n]["explanation"].as_str().unwrap().to_owned();
    assert!(explained(0).contains("POST only") && explained(1).contains("/openapi"));
    assert_eq!(entries[1]["http_status"], 404);
    assert_eq!(entries[0]["method"], "a.b");
}

#[test]
fn no_secret_is_in_any_output() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    let calls = [calc(), calc().with("appsecret", "sandbox-secret:sandbox-salt")];
    for call in calls {
        call.send(address);
        Call { secret: "x".into(), ..call }.send(address);
    }
    call(address, CALC, &json!([1, 2, 3]));
    for path in ["/__journal", "/__state", "/__faults", "/"] {
        let answer = get(address, path);
        assert_eq!(answer.http, 200);
        for hidden in ["sandbox-secret", "sandbox-salt"] {
            assert!(!answer.body.contains(hidden), "{path}: {hidden}");
        }
    }
    assert!(!format!("{sandbox:?}").contains("sandbox-secret"));
    assert_eq!(journal(address).len(), 5);
}
