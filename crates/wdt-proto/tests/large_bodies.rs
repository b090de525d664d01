//! Bodies that are large, deep or repetitive on purpose: validation neither crashes nor keeps
//! more than the first issues, and what it allocates does not grow with the body.
//!
//! The bodies are as large as the platform would never take, and past the default limit.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use peak_alloc::PeakAlloc;
use wdt_proto::catalogue::Catalogue;
use wdt_proto::{Issue, Level, Limits, MAX_ISSUES, Report, Severity, validate, validate_with};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// What is allocated is counted for the process: one test at a time.
static TURN: Mutex<()> = Mutex::new(());

/// What a validation may allocate, however large the body: 200 issues of a few hundred bytes.
const MAX_ALLOCATED: usize = 512 << 10;

const SYNC_FAIL: &str = "sales.StockSync.syncFail";
const BATCH: &str = "sales.StockSync.batchCalcStock";
const UNKNOWN: &str = "my.Unknown.method";

/// Validates within wide limits; gives the report and the bytes that were allocated at most.
fn measure(method: &str, body: &str, level: Level) -> (Report, usize) {
    let limits = Limits::DEFAULT.with_max_bytes(usize::MAX).with_max_depth(200_000);
    let catalogue = Catalogue::new();
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let report = validate_with(&catalogue, method, body.as_bytes(), level, limits);
    (report, ALLOCATED.peak_usage().saturating_sub(before))
}

/// What every report must keep to.
fn assert_capped(report: &Report) {
    let kept = |severity| {
        let all = report.issues().iter().filter(|issue| issue.severity() == severity);
        u64::try_from(all.count()).unwrap()
    };
    let most = u64::try_from(MAX_ISSUES).unwrap();
    assert_eq!(kept(Severity::Error), report.errors().min(most));
    assert_eq!(kept(Severity::Warning), report.warnings().min(most));
    let kept = u64::try_from(report.issues().len()).unwrap();
    assert_eq!(report.omitted(), report.errors() + report.warnings() - kept);
    assert_eq!(report.is_ok(), report.errors() == 0);
}

/// Codes of the issues that are kept, with how many there are of each.
fn codes(report: &Report) -> BTreeMap<&'static str, usize> {
    report.issues().iter().fold(BTreeMap::new(), |mut codes, issue| {
        *codes.entry(issue.code().as_str()).or_default() += 1;
        codes
    })
}

/// Validates a body at the default level: errors, warnings, the codes that are kept.
#[track_caller]
fn check(method: &str, body: &str, errors: u64, warnings: u64, expected: &[(&str, usize)]) {
    let (report, allocated) = measure(method, body, Level::Documented);
    assert_capped(&report);
    assert_eq!((report.errors(), report.warnings()), (errors, warnings), "{}", head(&report));
    assert_eq!(codes(&report), expected.iter().copied().collect(), "{}", head(&report));
    assert!(allocated < MAX_ALLOCATED, "{allocated} bytes for {}", body.len());

    let (strict, allocated) = measure(method, body, Level::Strict);
    assert_capped(&strict);
    assert_eq!((strict.errors(), strict.warnings()), (errors + warnings, 0));
    assert!(allocated < MAX_ALLOCATED, "{allocated} bytes for {}", body.len());
}

/// The beginning of a report.
fn head(report: &Report) -> String {
    report.to_string().chars().take(500).collect()
}

fn turn() -> impl Drop {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Arguments of `syncFail` with these members only, of 16 required ones, 4 of which may be missing.
fn info(members: &str) -> String {
    format!("[1,{{{members}}}]")
}

#[test]
fn a_large_body_without_issues_costs_nothing() {
    let _turn = turn();
    let row = r#"{"api_goods_id":178238,"force_sync":true}"#;
    let rows = 50_000_000 / (row.len() + 1);
    let body = format!("[[{}{row}]]", format!("{row},").repeat(rows));
    assert!(body.len() > 50_000_000);
    let (report, allocated) = measure(BATCH, &body, Level::Strict);
    assert_eq!(report, Report::default());
    assert!(allocated < 4096, "{allocated} bytes");

    let refused = validate(BATCH, body.as_bytes(), Level::Documented);
    assert_eq!(refused.to_string(), format!("body: {} bytes, the limit is 33554432", body.len()));
}

#[test]
fn ten_million_elements() {
    const N: usize = 10_000_000;
    let _turn = turn();
    let list = format!("[{}0]", "0,".repeat(N - 1));
    // No object among them.
    let (report, allocated) = measure(BATCH, &format!("[{list}]"), Level::Documented);
    assert_capped(&report);
    assert_eq!((report.errors(), report.warnings()), (10_000_000, 0));
    assert_eq!(report.issues()[99].pointer(), "/0/99");
    assert!(allocated < MAX_ALLOCATED, "{allocated} bytes");

    // As arguments, two of which the method has.
    let (report, allocated) = measure(SYNC_FAIL, &list, Level::Documented);
    assert_eq!(codes(&report), BTreeMap::from([("type", 1), ("argument_count", 1)]));
    let due = "10000000 arguments, the method has 2 (apiGoodsId, info)";
    assert!(report.to_string().ends_with(due), "{report}");
    assert!(allocated < MAX_ALLOCATED, "{allocated} bytes");

    // Of a method that nobody knows.
    let (report, allocated) = measure(UNKNOWN, &list, Level::Documented);
    assert_eq!(codes(&report), BTreeMap::from([("unknown_method", 1)]));
    assert!(allocated < MAX_ALLOCATED, "{allocated} bytes");
}

#[test]
fn many_rows_of_issues() {
    let _turn = turn();
    // In each row a required field is misspelt, hence missing, and a boolean comes as a number.
    let row = r#"{"api_good_id":1,"force_sync":1}"#;
    let body = format!("[[{}{row}]]", format!("{row},").repeat(299_999));
    check(
        BATCH,
        &body,
        300_000,
        600_000,
        &[("missing", 100), ("unknown_field", 50), ("coercible_type", 50)],
    );
}

#[test]
fn the_same_known_key_a_million_times() {
    let _turn = turn();
    let body = info(&format!(r#"{}"syn_stock":1"#, r#""syn_stock":1,"#.repeat(999_999)));
    check(SYNC_FAIL, &body, 999_999 + 11, 4, &[("duplicate_field", 100), ("missing", 4)]);
    // The same escaped: the reader has no shorter way to compare it.
    let key = r#""syn_s\u0074ock":1"#;
    let body = info(&format!("{}{key}", format!("{key},").repeat(299_999)));
    check(SYNC_FAIL, &body, 299_999 + 11, 4, &[("duplicate_field", 100), ("missing", 4)]);
}

#[test]
fn the_same_unknown_key_a_million_times() {
    let _turn = turn();
    let body = info(&format!(r#"{}"colour":1"#, r#""colour":1,"#.repeat(999_999)));
    let (report, allocated) = measure(SYNC_FAIL, &body, Level::Documented);
    assert_capped(&report);
    assert_eq!(report.errors() + report.warnings(), 1_000_000 + 16);
    assert_eq!(report.issues()[0].to_string(), "/1/colour: is not documented");
    assert_eq!(report.issues()[1].to_string(), "/1/colour: duplicate field");
    assert!(allocated < MAX_ALLOCATED, "{allocated} bytes");
}

#[test]
fn a_million_different_unknown_keys() {
    let _turn = turn();
    let members: Vec<_> = (0..1_000_000).map(|i| format!(r#""key{i}":{i}"#)).collect();
    let body = info(&members.join(","));
    drop(members);
    check(SYNC_FAIL, &body, 12, 1_000_004, &[("unknown_field", 100), ("missing", 12)]);
}

#[test]
fn a_hundred_thousand_levels() {
    const DEPTH: usize = 100_000;
    let _turn = turn();
    let deep = |leaf: &str| format!("{}{leaf}{}", "[".repeat(DEPTH), "]".repeat(DEPTH));
    let objects = |leaf: &str| format!("{}{leaf}{}", r#"{"a":"#.repeat(DEPTH), "}".repeat(DEPTH));
    for nested in [deep(""), deep("1"), objects("{}"), objects("1")] {
        // Under a method that nobody knows, in place of an argument, of a field, under an unknown
        // field and behind the last argument.
        for (method, body, expected) in [
            (UNKNOWN, format!("[{nested}]"), &["unknown_method"][..]),
            (SYNC_FAIL, format!("[{nested}]"), &["type", "missing"]),
            (SYNC_FAIL, info(&format!(r#""syn_stock":{nested}"#)), &["type", "missing"]),
            (SYNC_FAIL, info(&format!(r#""colour":{nested}"#)), &["unknown_field", "missing"]),
            (BATCH, format!("[[],{nested}]"), &["argument_count"]),
        ] {
            let (report, allocated) = measure(method, &body, Level::Documented);
            assert_capped(&report);
            let found: Vec<_> = codes(&report).into_keys().collect();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected, "{}", head(&report));
            // A bit a level.
            assert!(allocated < MAX_ALLOCATED, "{allocated} bytes");

            let report = validate(method, body.as_bytes(), Level::Documented);
            assert_eq!(report.issues().len(), 1);
            assert!(report.to_string().contains("nested deeper than 128"), "{}", head(&report));
        }
    }
    // The pointer leads all the way down.
    for (nested, step) in [(deep("\"😀\""), "/0"), (objects("\"😀\""), "/a")] {
        let (report, _) = measure(UNKNOWN, &format!("[{nested}]"), Level::Documented);
        let [issue, _] = report.issues() else { panic!("{} issues", report.issues().len()) };
        assert_eq!(issue.pointer(), format!("/0{}", step.repeat(DEPTH)));
    }
    // Open without an end.
    for endless in ["[".repeat(DEPTH), r#"[{"a":"#.repeat(DEPTH / 2)] {
        let (report, _) = measure(SYNC_FAIL, &endless, Level::Documented);
        assert_eq!(codes(&report), BTreeMap::from([("not_json", 1)]));
    }
}

#[test]
fn huge_texts_and_numbers() {
    const N: usize = 3_000_000;
    let _turn = turn();
    for (value, code) in [
        (format!("\"{}\"", "库".repeat(N / 3)), "type"),
        (format!("\"{}\"", "1".repeat(N)), "out_of_range"),
        ("1".repeat(N), "out_of_range"),
        (format!("0.{}", "1".repeat(N)), "scale"),
        (format!("1e{}", "9".repeat(N)), "out_of_range"),
        (format!("1e-{}", "9".repeat(N)), "scale"),
    ] {
        let body = info(&format!(r#""syn_stock":{value}"#));
        check(SYNC_FAIL, &body, 12, 4, &[(code, 1), ("missing", 15)]);
    }
    let body = info(&format!(r#""syn_result":"{}""#, "a,".repeat(N / 2)));
    check(SYNC_FAIL, &body, 13, 3, &[("too_long", 1), ("missing", 15)]);
    // Zeros behind the point carry no value, however many they are.
    let body = info(&format!(r#""syn_stock":1.{}"#, "0".repeat(N)));
    check(SYNC_FAIL, &body, 11, 4, &[("missing", 15)]);
}

/// A key of 10 MB is in the pointer and in the message of its issue, and nowhere more often.
#[test]
fn a_huge_key() {
    const N: usize = 10_000_000;
    let _turn = turn();
    let key = "k".repeat(N);
    let body = info(&format!(r#""{key}":1"#));
    let (report, allocated) = measure(SYNC_FAIL, &body, Level::Documented);
    assert_capped(&report);
    let unknown: Vec<_> =
        report.issues().iter().filter(|i| i.code().as_str() == "unknown_field").collect();
    let [issue] = unknown[..] else { panic!("{}", head(&report)) };
    assert!(issue.message().ends_with(": is not documented"));
    assert!(allocated < 8 * N, "{allocated} bytes");

    // In what is not looked into, a key costs nothing.
    let (report, allocated) = measure(UNKNOWN, &format!(r#"[{{"{key}":1}}]"#), Level::Documented);
    assert_eq!(report.issues().iter().map(Issue::code).count(), 1);
    assert!(allocated < MAX_ALLOCATED, "{allocated} bytes");
}

#[test]
fn a_huge_key_above_many_issues() {
    let _turn = turn();
    let body = info(&format!(r#""{}":[{}0]"#, "k".repeat(1_000_000), r#""😀","#.repeat(300)));
    let (report, allocated) = measure(SYNC_FAIL, &body, Level::Documented);
    assert_capped(&report);
    assert!(allocated < MAX_ALLOCATED, "{allocated} bytes for {}", body.len());
}

#[test]
fn an_unknown_key_stands_a_million_times() {
    let _turn = turn();
    let body = info(&format!(r#"{}"colour":1"#, r#""colour":1,"#.repeat(999_999)));
    check(
        SYNC_FAIL,
        &body,
        999_999 + 12,
        5,
        &[("duplicate_field", 100), ("unknown_field", 1), ("missing", 4)],
    );
}
