//! The shared validation vectors at both levels.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use serde_json::Value;
use wdt_proto::{Issue, Level, validate};

fn found(issue: &Issue) -> [String; 3] {
    [issue.pointer(), issue.code().as_str(), issue.severity().as_str()].map(str::to_owned)
}

#[test]
fn all_vectors_at_both_levels() {
    let vectors: Value = serde_json::from_str(include_str!("../testdata/validation.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    let mut wrong = Vec::new();
    for case in cases {
        let text = |field: &str| case[field].as_str().unwrap();
        for (level, column) in [(Level::Documented, 2), (Level::Strict, 3)] {
            let expected: Vec<[String; 3]> = case["issues"]
                .as_array()
                .unwrap()
                .iter()
                .map(|issue| [0, 1, column].map(|i: usize| issue[i].as_str().unwrap().to_owned()))
                .collect();
            let report = validate(text("method"), text("body").as_bytes(), level);
            let got: Vec<_> = report.issues().iter().map(found).collect();
            if got != expected {
                wrong.push(format!("{} at {}: {got:?}\n{report}", text("name"), level.as_str()));
            }
            assert_eq!(report.is_ok(), !expected.iter().any(|issue| issue[2] == "error"));
        }
        assert!(
            validate(text("method"), text("body").as_bytes(), Level::Off)
                .issues()
                .iter()
                .all(|issue| matches!(issue.code().as_str(), "not_json" | "not_an_array"))
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{} validation cases at two levels", cases.len());
    assert!(cases.len() >= 50);
}

/// The places of unsupported characters in what no field describes.
#[test]
fn characters_are_found_anywhere() {
    let body = r#"[{"a":[1,{"b":"x","c/d":["y","😀"]}],"😀":null},"\ud83d",[[],["😀"]]]"#;
    let report = validate("my.Unknown.method", body.as_bytes(), Level::Documented);
    let places: Vec<_> = report
        .issues()
        .iter()
        .filter(|issue| issue.code().as_str() == "unsupported_character")
        .map(Issue::pointer)
        .collect();
    assert_eq!(places, ["/0/a/1/c~1d/1", "/0/😀", "/1", "/2/1/0"]);
}

fn codes(method: &str, body: &str) -> Vec<String> {
    let report = validate(method, body.as_bytes(), Level::Documented);
    report.issues().iter().map(|i| format!("{} {}", i.pointer(), i.code())).collect()
}

#[test]
fn spans_of_fields_that_have_no_layout() {
    let query = |start: &str, end: &str| {
        let rest = r#""start_time":"S","end_time":"E""#;
        codes(
            "wms.StockSpec.search",
            &format!("[{{{}}}]", rest.replace('S', start).replace('E', end)),
        )
    };
    assert_eq!(query("2026-01-01 00:00:00", "2026-01-01 01:00:00"), [""; 0]);
    assert_eq!(query("2026-01-02 00:00:00", "2026-01-01 00:00:00"), ["/0/end_time span"]);
    assert_eq!(query("2020-01-02 00:00:00", "2026-01-01 00:00:00"), ["/0/end_time span"]);
}

#[test]
fn whole_numbers_with_any_number_of_zeros() {
    let body = "[1.00000000000000000000000000000000000,0.0000000000000000000000000000000]";
    assert_eq!(
        codes("sales.StockSync.cancelSync", body),
        ["/0 coercible_type", "/1 coercible_type"]
    );
}
