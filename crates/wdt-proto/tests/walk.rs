//! What the walk over a body says of keys and methods that no page documents.
#![allow(clippy::unwrap_used)] // helpers of tests

use wdt_proto::{IssueCode, Level, validate};

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
