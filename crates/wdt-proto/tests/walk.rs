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

#[test]
fn the_first_eight_documented_codes_are_named() {
    for (count, more) in [(8, false), (9, true)] {
        let codes: Vec<_> = (1..=count).map(|code| format!(r#""{code}":"c{code}""#)).collect();
        let method = format!(
            r#"{{"method":"m","title":"t","documented":true,"params":[{{"name":"f","label":"",
            "type":"int","required":true,"enum":{{{}}}}}]}}"#,
            codes.join(",")
        );
        let found = of_method(&method, "[0]");
        assert!(found.contains("8 c8"), "{found}");
        assert_eq!(found.ends_with(", …"), more, "{found}");
    }
}

/// What is found at the default level: severity, pointer and text of each issue.
fn of_method(method: &str, body: &str) -> String {
    let mut catalogue = Catalogue::new();
    catalogue.register(method).unwrap();
    let name = catalogue.methods().next().unwrap().name().to_owned();
    let report =
        validate_with(&catalogue, &name, body.as_bytes(), Level::Documented, Limits::DEFAULT);
    let lines = report.issues().iter().map(|issue| format!("{} {issue}", issue.severity()));
    lines.collect::<Vec<_>>().join("\n")
}

/// A query with a span of 30 days, typed as times or as plain text, or a number instead.
fn query(kind: &str, span: &str) -> String {
    format!(
        r#"{{"method":"m","title":"t","documented":true,{span}"params":[{{"name":"p","label":"","type":"object",
        "required":true,"one_of":["start_time+end_time","no"],"fields":[
        {{"name":"start_time","label":"","type":"{kind}","required":true,"span_to":"end_time"}},
        {{"name":"end_time","label":"","type":"{kind}","required":true}},
        {{"name":"no","label":"","type":"string(4)","required":false,"separator":",","longest":6}},
        {{"name":"num","label":"","type":"int","required":false}}]}}]}}"#
    )
}

#[test]
fn one_of_several_is_enough() {
    let method = query("datetime", "");
    for body in [r#"[{"no":"A"}]"#, r#"[{"no":"A","start_time":null,"end_time":null}]"#] {
        assert_eq!(of_method(&method, body), "", "{body}");
    }
    let give = "is missing; give start_time and end_time, or no";
    assert_eq!(
        of_method(&method, "[{}]"),
        format!("error /0/start_time: {give}\nerror /0/end_time: {give}")
    );
    // Half of a group is none, and a null is as good as nothing.
    assert_eq!(
        of_method(&method, r#"[{"start_time":"2026-05-01 00:00:00","no":null}]"#),
        format!("error /0/end_time: {give}")
    );
    assert_eq!(
        of_method(&method, r#"[{"start_time":null}]"#),
        format!("error /0/start_time: null, but the field is required\nerror /0/end_time: {give}")
    );
}

#[test]
fn a_time_that_reads_one_way_is_a_warning_that_says_how_to_write_it() {
    let method = query("datetime", "");
    let found =
        of_method(&method, r#"[{"start_time":"2025-12-28","end_time":"2025-12-28 9:01:00"}]"#);
    assert_eq!(
        found,
        "warning /0/start_time: \"2025-12-28\" can be read, but is not yyyy-MM-dd HH:mm:ss; write 2025-12-28 00:00:00\n\
         warning /0/end_time: \"2025-12-28 9:01:00\" can be read, but is not yyyy-MM-dd HH:mm:ss; write 2025-12-28 09:01:00"
    );
    for (kind, severity) in [("datetime", "error"), ("string", "warning")] {
        let body = r#"[{"start_time":"2023/02/06 17:59:19","end_time":"昨天"}]"#;
        let found = of_method(&query(kind, ""), body);
        for (line, at) in found.lines().zip(["/0/start_time", "/0/end_time"]) {
            assert!(
                line.starts_with(&format!("{severity} {at}: expected yyyy-MM-dd HH:mm:ss, found")),
                "{found}"
            );
        }
        assert_eq!(found.lines().count(), 2, "{found}");
    }
}

#[test]
fn a_span_over_the_limit_is_an_error_but_for_less_than_a_day_over_thirty() {
    for kind in ["datetime", "string"] {
        for (limit, end, severity) in [
            (r#""max_span":{"days":30},"#, "2026-05-31 00:00:00", ""),
            (r#""max_span":{"days":30},"#, "2026-05-31 00:00:01", "warning"),
            (r#""max_span":{"days":30},"#, "2026-05-31 23:59:59", "warning"),
            (r#""max_span":{"days":30},"#, "2026-06-01 00:00:00", "error"),
            (r#""max_span":{"days":7},"#, "2026-05-08 00:00:01", "error"),
            (r#""max_span":{"minutes":60},"#, "2026-05-01 01:00:00", ""),
            (r#""max_span":{"minutes":60},"#, "2026-05-01 01:00:01", "error"),
            ("", "2030-01-01 00:00:00", ""),
            ("", "2026-04-30 23:59:59", "error"),
        ] {
            let body = format!(r#"[{{"start_time":"2026-05-01 00:00:00","end_time":"{end}"}}]"#);
            let found = of_method(&query(kind, limit), &body);
            let due = if severity.is_empty() { "" } else { &format!("{severity} /0/end_time: ") };
            assert!(found.starts_with(due) && found.is_empty() == due.is_empty(), "{end}: {found}");
            assert!(found.lines().count() <= 1, "{found}");
        }
    }
}

#[test]
fn a_joined_text_is_as_long_as_its_longest_value() {
    let method = query("datetime", "");
    for (no, found) in [
        ("1234,1234,12", ""),
        ("12345,1", "warning /0/no: 5 characters, at most 4 fit"),
        ("1,123456", "warning /0/no: 6 characters, at most 4 fit"),
        ("1,1234567,1", "error /0/no: 7 characters, at most 4 fit"),
        ("\\u5e93\\u5e93\\u5e93\\u5e93,\\u5e93", ""),
    ] {
        assert_eq!(of_method(&method, &format!(r#"[{{"no":"{no}"}}]"#)), found, "{no}");
    }
}

#[test]
fn an_empty_text_stands_for_nothing_where_nothing_is_required() {
    let method = query("datetime", "");
    let found = of_method(&method, r#"[{"start_time":"","end_time":"","no":"A","num":""}]"#);
    assert_eq!(
        found,
        "error /0/start_time: expected yyyy-MM-dd HH:mm:ss, found \"\"\n\
         error /0/end_time: expected yyyy-MM-dd HH:mm:ss, found \"\"\n\
         warning /0/num: expected a whole number, found the text \"\"; the platform is known to take it"
    );
}

#[test]
fn a_code_written_otherwise_is_one_warning() {
    let method = r#"{"method":"m","title":"t","documented":true,"params":[{"name":"f","label":"","type":"int",
        "required":true,"enum":{"1":"a","20":"b"}}]}"#;
    for (value, count) in [
        ("20", 0),
        ("20.0", 1),
        ("true", 1),
        ("1.00", 1),
        ("\"20\"", 1),
        ("20.5", 1),
        ("false", 1),
        ("7", 1),
        ("\"7\"", 2),
    ] {
        let found = of_method(method, &format!("[{value}]"));
        assert_eq!(found.lines().count(), count, "{value}: {found}");
    }
}

#[test]
fn an_empty_list_for_an_object_is_told_as_php_writes_it() {
    let method = query("datetime", "");
    assert!(of_method(&method, "[[]]").contains("PHP"));
    assert_eq!(of_method(&method, "[[1]]"), "error /0: expected an object, found a list");
}

#[test]
fn what_only_qimen_answers_is_said_once() {
    let method = query("datetime", r#""qimen_only":true,"#);
    let found = of_method(&method, r#"[{"no":"A"}]"#);
    assert_eq!(found, "warning body: m answers over Qimen alone, not at this address");
}
