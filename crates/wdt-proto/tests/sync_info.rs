//! From a calculation to the report's `info`: one table of cases, which every language's tests read.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use core::error::Error as _;

use serde_json::Value;
use wdt_proto::stock_sync::{CalculatedStock, IncompleteStock, SyncInfo, UnreadableStock};
use wdt_proto::{IssueCode, Language};

fn cases() -> Vec<Value> {
    let table: Value = serde_json::from_str(include_str!("../testdata/sync_info.json")).unwrap();
    let Value::Array(cases) = table["cases"].clone() else { panic!("cases") };
    cases
}

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_else(|| panic!("{field} in {case}"))
}

fn info(case: &Value) -> Result<String, UnreadableStock> {
    let info = SyncInfo::from_calculated(text(case, "calculated"))?;
    let outcome = &case["outcome"];
    let result = text(outcome, "result");
    let is_taken = outcome["success"].as_bool().unwrap();
    Ok(if is_taken { info.succeeded(result) } else { info.failed(result) }.to_json())
}

#[test]
fn the_table_of_cases() {
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    for case in &cases {
        let name = text(case, "name");
        let expected = case["error"].as_object().map_or_else(
            || Ok(text(case, "info").to_owned()),
            |error| {
                let [field, code] = ["field", "code"].map(|key| error[key].as_str().unwrap());
                Err((field.to_owned(), code.to_owned()))
            },
        );
        let made = info(case).map_err(|e| (e.field().to_owned(), e.code().as_str().to_owned()));
        assert_eq!(made, expected, "{name}");
    }
}

/// The digits in a text, number by number.
fn figures(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect()
}

#[test]
fn each_error_is_told_in_both_languages_with_the_same_figures() {
    let mut codes = Vec::new();
    for case in cases() {
        let Err(error) = info(&case) else { continue };
        codes.push(error.code().as_str());
        let (english, chinese) = (error.to_string(), error.zh().to_string());
        assert!(english.is_ascii(), "{english}");
        assert!(chinese.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{chinese}");
        assert!(english.contains(error.field()) && chinese.contains(error.field()), "{chinese}");
        assert_eq!(error.text(Language::English).to_string(), english);
        let sorted = |text| {
            let mut figures = figures(text);
            figures.sort_unstable();
            figures.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(sorted(&english), sorted(&chinese), "{english} {chinese}");
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(
        codes,
        ["duplicate_field", "missing", "not_json", "out_of_range", "type", "unsupported_character"]
    );
}

#[test]
fn texts_say_what_was_found() {
    let long = format!(r#"{{"syn_stock":"{}"}}"#, "x".repeat(50));
    for (json, english, chinese) in [
        (
            r#"{"is_auto_listing":"0"}"#,
            r#"is_auto_listing: expected true, false, 1 or 0, found the text "0""#,
            r#"is_auto_listing：应为布尔值（true、false、1 或 0），实际是字符串 "0""#,
        ),
        (
            r#"{"syn_stock":{}}"#,
            "syn_stock: expected a number, found an object",
            "syn_stock：应为数字，实际是对象",
        ),
        (
            r#"{"stock_syn_mask":2147483648}"#,
            "stock_syn_mask: 2147483648 does not fit a 32-bit integer",
            "stock_syn_mask：2147483648 超出 32 位整数的范围",
        ),
        (
            r#"{"stock_syn_rule_no":true}"#,
            "stock_syn_rule_no: expected a string, found true",
            "stock_syn_rule_no：应为字符串，实际是布尔值 true",
        ),
        (
            "null",
            "the calculated stock: expected an object, found null",
            "库存计算结果：应为对象，实际是空值 null",
        ),
        (
            "{]",
            "the calculated stock: unexpected ']' at byte 1",
            "库存计算结果：第 1 字节：这里不该出现 ']'",
        ),
        (
            "{}",
            "the calculated stock has no syn_stock, which the report must carry over",
            "库存计算结果里没有 syn_stock，而上报时必须带上它",
        ),
        (
            &long,
            &format!("syn_stock: expected a number, found the text \"{}…\"", "x".repeat(40)),
            &format!("syn_stock：应为数字，实际是字符串 \"{}…\"", "x".repeat(40)),
        ),
    ] {
        let error = SyncInfo::from_calculated(json).unwrap_err();
        assert_eq!((&*error.to_string(), &*error.zh().to_string()), (english, chinese));
        assert_eq!(error.source().is_some(), error.code() == IssueCode::NotJson);
    }
    let missing = IncompleteStock("stock_syn_mask");
    assert_eq!(missing.zh().to_string(), UnreadableStock::from(missing).zh().to_string());
}

/// All 31 fields of the documented reply, one type each.
const REPLY: &str = include_str!("../benches/calc_stock_reply.json");

#[test]
fn a_calculation_is_read_as_a_reply_is() {
    let reply: Value = serde_json::from_str(REPLY).unwrap();
    let fields: Vec<&String> = reply["data"].as_object().unwrap().keys().collect();
    assert_eq!(fields.len(), 31);

    let values = [
        "null",
        "true",
        "false",
        "0",
        "1",
        "2",
        "-1",
        "1.0",
        "1.5000",
        "1e2",
        "2147483647",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "999999999999999.9999",
        "0.12345678901234567890123456789012345",
        r#""""#,
        r#""0""#,
        r#""1.5000""#,
        r#""x\u4e2d""#,
        r#""\ud83d""#,
        "[]",
        "[1]",
        "{}",
    ];
    for field in fields {
        let mut taken = 0;
        for value in values {
            let json = format!(r#"{{"{field}":{value}}}"#);
            let ours = CalculatedStock::from_json(&json);
            let serdes = serde_json::from_str::<CalculatedStock>(&json);
            match (ours, serdes) {
                (Ok(ours), Ok(serdes)) => assert_eq!(ours, serdes, "{json}"),
                (Err(error), Err(_)) => assert_eq!(error.field(), field, "{json}"),
                (ours, serdes) => panic!("{json}: {ours:?} {serdes:?}"),
            }
            taken += usize::from(
                CalculatedStock::from_json(&json).unwrap_or_default() != CalculatedStock::default(),
            );
        }
        assert!(taken >= 3, "{field} is read");
    }
    let whole = reply["data"].to_string();
    let ours = CalculatedStock::from_json(&whole).unwrap();
    assert_eq!(ours, serde_json::from_str(&whole).unwrap());
    assert!(!format!("{ours:?}").contains("None"), "every field is read");
}

#[test]
fn the_report_written_alone_is_the_one_in_the_body() {
    let info = SyncInfo {
        stock_syn_other: Some("其他".into()),
        is_manual: Some(true),
        ..SyncInfo::default()
    }
    .succeeded("同步成功");
    let request = wdt_proto::stock_sync::Call::sync_success(1, &info).request().unwrap();
    assert_eq!(request.body(), format!("[1,{}]", info.to_json()).as_bytes());
}
