//! What a writing call refused under status 0: the cases that all languages share.
#![allow(clippy::unwrap_used)] // helpers of tests

use serde::Deserialize;
use wdt_proto::catalogue::{self, Catalogue};
use wdt_proto::{Failure, Response, failures, failures_with};

#[derive(Deserialize)]
struct Table {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    method: Option<String>,
    data: String,
    failures: Vec<Expected>,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Expected {
    key: String,
    code: String,
    message: String,
}

impl From<Failure> for Expected {
    fn from(Failure { key, code, message }: Failure) -> Self {
        Self { key, code, message }
    }
}

#[test]
fn the_shared_cases() {
    let table: Table = serde_json::from_str(include_str!("../testdata/failures.json")).unwrap();
    for case in table.cases {
        let reply = format!(r#"{{"status":0,"data":{}}}"#, case.data);
        let response = Response::parse(reply.as_bytes()).unwrap();
        let found = failures(case.method.as_deref(), &response);
        let found: Vec<Expected> = found.into_iter().map(Expected::from).collect();
        assert_eq!(found, case.failures, "{}", case.name);
    }
}

/// The documented replies that list refusals: each element is found, with its reason.
#[cfg(feature = "examples")]
#[test]
fn every_documented_refusal_is_found() {
    let mut found = 0;
    for method in catalogue::methods().filter(|method| method.failures().is_some()) {
        for reply in method.example_replies() {
            let Ok(response) = Response::parse(reply.as_bytes()) else { continue };
            let refused = failures(Some(method.name()), &response);
            found += refused.len();
            let known = method.failures().unwrap();
            for failure in &refused {
                assert!(!failure.message.is_empty() && !failure.message.starts_with('{'));
                assert_eq!(failure.key.is_empty(), known.key().is_empty(), "{}", method.name());
            }
            // Who does not know the method finds those that say what they are.
            if !known.message().is_empty() {
                assert_eq!(failures(None, &response), refused, "{}", method.name());
            }
        }
    }
    assert!(found > 20, "{found}");
}

/// No query's reply holds refusals, whatever its rows look like.
#[cfg(feature = "examples")]
#[test]
fn no_query_is_taken_for_a_refusal() {
    for method in catalogue::methods().filter(|method| !method.writes()) {
        for reply in method.example_replies() {
            let Ok(response) = Response::parse(reply.as_bytes()) else { continue };
            assert!(failures(None, &response).is_empty(), "{}: {reply}", method.name());
        }
    }
}

#[test]
fn a_registered_method_has_its_own() {
    let mut catalogue = Catalogue::new();
    catalogue
        .register(
            r#"{"method": "my.Method.push", "title": "我的接口", "documented": true,
                "failures": {"list": "/data/a~1b/c", "key": "k", "message": "m"}}"#,
        )
        .unwrap();
    let data = r#"{"a/b":{"x":1,"c":[{"k":"1","m":"no"}]}}"#;
    let refused = failures_with(&catalogue, Some("my.Method.push"), data);
    assert_eq!((refused.len(), refused[0].message.as_str()), (1, "no"));
    assert_eq!(failures_with(&catalogue, None, data), refused);
    assert!(failures_with(&catalogue, None, r#"{"a/b":[{"c":1}]}"#).is_empty());
    assert!(failures_with(&catalogue, None, r#"{"a/b":{"c":[{"k":1,"#).is_empty());
    assert!(failures_with(&catalogue, None, "").is_empty());
    assert!(catalogue::method("my.Method.push").is_none());
}
