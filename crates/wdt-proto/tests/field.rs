//! Bodies that people who do this job really sent, held against the catalogue and built.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use serde::Deserialize;
use wdt_proto::{Issue, Level, Pager, Request, Severity, validate};

#[derive(Deserialize)]
struct Table {
    requests: Vec<Case>,
    builds: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    method: String,
    body: String,
    want: String,
    pager: Option<(i64, i64)>,
}

fn table() -> Table {
    serde_json::from_str(include_str!("../testdata/field.json")).unwrap()
}

/// Whether the issues are what a case wants; the table's head explains the words.
fn is_wanted(want: &str, issues: &[Issue]) -> bool {
    let has_error = issues.iter().any(|issue| issue.severity() == Severity::Error);
    match want.split_once(':') {
        None => match want {
            "no_error" => !has_error,
            "clean" => issues.is_empty(),
            "error" => has_error,
            "issue" => !issues.is_empty(),
            "warning" => !has_error && !issues.is_empty(),
            _ => panic!("{want}"),
        },
        Some(("no_code", code)) => issues.iter().all(|issue| issue.code().as_str() != code),
        Some(("says", text)) => issues
            .iter()
            .any(|issue| issue.to_string().contains(text) || issue.zh().to_string().contains(text)),
        Some(_) => panic!("{want}"),
    }
}

#[test]
fn bodies_from_the_field() {
    let cases = table().requests;
    let wrong: Vec<_> = cases
        .iter()
        .filter_map(|case| {
            let report = validate(&case.method, case.body.as_bytes(), Level::Documented);
            let is_right = is_wanted(&case.want, report.issues());
            (!is_right).then(|| format!("{} {} {}: {report}", case.name, case.method, case.want))
        })
        .collect();
    println!("{} bodies, {} judged otherwise", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn requests_from_the_field() {
    let cases = table().builds;
    for case in &cases {
        let builder = Request::builder(&case.method);
        let builder = match case.pager {
            Some((size, no)) => builder.pager(Pager::new(size, no).unwrap()),
            None => builder,
        };
        let request = builder.raw_body(case.body.as_bytes()).unwrap();
        assert!(is_wanted(&case.want, request.warnings()), "{}", case.name);
    }
    println!("{} requests", cases.len());
}
