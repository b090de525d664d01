//! What fuzzing found, each once more with the smallest input.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use wdt_proto::decimal::{self, DecimalError};
use wdt_proto::{IssueCode, Level, validate};

/// `differential_numbers`: a value that fits was refused for zeros that carry no value.
#[test]
fn zeros_beyond_what_a_decimal_holds_carry_no_value() {
    let zeros = "0".repeat(40);
    for (text, value) in [
        (format!("0.1{zeros}"), "0.1"),
        (format!("-2.50{zeros}"), "-2.5"),
        (format!("7.{zeros}"), "7"),
        (format!("0.{zeros}"), "0"),
        (format!("1{zeros}e-40"), "1"),
        (format!("0.{zeros}1e41"), "1"),
        (format!("-12{zeros}.5{zeros}e-41"), ""),
    ] {
        match decimal::parse(&text) {
            Ok(parsed) => assert_eq!(parsed.to_string(), value, "{text}"),
            Err(error) => assert_eq!((error, value), (DecimalError::TooManyDigits, ""), "{text}"),
        }
    }
}

/// The same: behind such zeros a documented range was not checked (`count` is 10 to 5000).
#[test]
fn zeros_do_not_hide_a_number_from_its_range() {
    let zeros = "0".repeat(40);
    let codes = |count: &str| -> Vec<IssueCode> {
        let body = format!("[{count},0]");
        let method = "sales.StockSync.getSelfWaitSyncIdListOpen";
        let report = validate(method, body.as_bytes(), Level::Documented);
        report.issues().iter().map(wdt_proto::Issue::code).collect()
    };
    assert_eq!(codes("5001"), [IssueCode::OutOfRange]);
    let found = codes(&format!("5001.{zeros}"));
    assert_eq!(found, [IssueCode::CoercibleType, IssueCode::OutOfRange]);
    assert_eq!(codes(&format!("5000.{zeros}")), [IssueCode::CoercibleType]);
}

/// `response`: a fraction of a second was cut in the midst of a character.
#[test]
fn a_fraction_of_a_second_may_be_any_text() {
    for fraction in ["😀", "0é", "12好", "时"] {
        let rows = format!(r#"[{{"modified":"2023-06-14 11:13:00.{fraction}"}}]"#);
        let typed = wdt_proto::typed_rows("sales.TradeQuery.queryWithDetail", &rows).unwrap();
        assert_eq!((typed.json(), typed.issues().len()), (rows.as_str(), 1));
    }
}
