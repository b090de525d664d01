//! What the walk over a body says of keys and methods that no page documents.
#![allow(clippy::unwrap_used)] // helpers of tests

use wdt_proto::catalogue::Catalogue;
use wdt_proto::{IssueCode, Level, Limits, validate, validate_with};

#[test]
fn a_long_key_is_cut_in_its_pointer() {
    // 256 bytes are shown in full, one more leaves the first 64 characters.
    for (len, shown) in [(256, "x".repeat(256)), (257, format!("{}…", "x".repeat(64)))] {
        let body = format!(r#"[1,{{"{}":1}}]"#, "x".repeat(len));
        let report = validate("sales.StockSync.syncFail", body.as_bytes(), Level::Documented);
        let unknown = report.issues().iter().find(|i| i.code() == IssueCode::UnknownField).unwrap();
        assert_eq!(unknown.pointer(), format!("/1/{shown}"), "{len}");
    }
}

#[test]
fn a_method_known_by_its_name_alone_takes_any_arguments() {
    let method = wdt_proto::catalogue::method("sales.TradeQuery.getLog2").unwrap();
    assert!(!method.is_documented());
    let report = validate(method.name(), br#"[1,{"a":null}]"#, Level::Strict);
    assert_eq!(report.issues(), []);
}

#[test]
fn a_flag_written_as_a_number_is_the_documented_code() {
    let mut catalogue = Catalogue::new();
    let field = |code| {
        format!(
            r#"{{"name":"f","label":"","type":"bool","required":true,"enum":{{"{code}":"x"}}}}"#
        )
    };
    for (code, body, documented) in [
        ("true", "[1]", true),
        ("false", "[0]", true),
        ("true", "[0]", false),
        ("1", "[true]", true),
    ] {
        let method =
            format!(r#"{{"method":"m","title":"t","documented":true,"params":[{}]}}"#, field(code));
        catalogue.register(&method).unwrap();
        let report =
            validate_with(&catalogue, "m", body.as_bytes(), Level::Documented, Limits::DEFAULT);
        let is_odd = report.issues().iter().any(|issue| issue.code() == IssueCode::Enum);
        assert_eq!(is_odd, !documented, "{code} {body}");
    }
}

#[test]
fn codes_that_add_up_are_documented_together() {
    let mut catalogue = Catalogue::new();
    let method = r#"{"method":"m","title":"t","documented":true,"params":[{"name":"f","label":"","type":"int",
        "required":true,"bitmask":true,"enum":{"1":"a","3":"b","4":"c"}}]}"#;
    catalogue.register(method).unwrap();
    for (value, documented) in [(5, true), (7, true), (8, false), (13, false)] {
        let body = format!("[{value}]");
        let report =
            validate_with(&catalogue, "m", body.as_bytes(), Level::Documented, Limits::DEFAULT);
        assert_eq!(report.issues().is_empty(), documented, "{value}: {report}");
    }
}
