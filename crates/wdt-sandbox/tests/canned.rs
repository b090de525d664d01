//! Every other method: its documented example, page by page.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Call, sandbox};
use serde_json::Value;
use wdt_proto::Response;

/// A method's file, overlay apart: what the vendor's page says.
struct File(Value);

fn files() -> Vec<File> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../wdt-proto/catalogue");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| {
        path.extension().is_some_and(|kind| kind == "json") && !path.ends_with("exceptions.json")
    });
    paths
        .map(|path| File(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()))
        .collect()
}

impl File {
    fn method(&self) -> &str {
        self.0["method"].as_str().unwrap()
    }

    fn call(&self) -> Call {
        let body = match &self.0["strict_example"] {
            Value::Null => "[]".to_owned(),
            example => example.to_string(),
        };
        Call::new(self.method(), body)
    }
}

/// The rows of a reply: its longest list, in `data` or as `data`.
fn rows(data: &Value) -> &[Value] {
    let list = |value: &Value| value.as_array().map(Vec::len);
    match data {
        Value::Array(rows) => rows,
        Value::Object(members) => members
            .iter()
            // One method sums up beside its rows.
            .filter(|(key, value)| value.is_array() && *key != "summary_data")
            .map(|(_, value)| value)
            .max_by_key(|value| list(value))
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice),
        _ => &[],
    }
}

#[test]
fn every_method_answers_with_its_documented_example() {
    let sandbox = sandbox(|_| {});
    let files = files();
    assert_eq!(files.len(), 188);
    for file in &files {
        let method = wdt_proto::catalogue::method(file.method()).unwrap();
        let call = if method.is_paged() { file.call().paged(1_000, 0, true) } else { file.call() };
        let answer = call.send(sandbox.address());
        assert_eq!(answer.http, 200);
        if file.method().starts_with("sales.StockSync.") {
            assert_eq!(answer.mark(), "live", "{}", file.method());
            continue;
        }
        assert_eq!(
            (answer.mark(), answer.status()),
            ("canned", 0),
            "{}: {}",
            file.method(),
            answer.body
        );
        Response::parse(answer.body.as_bytes()).unwrap();
        let documented = file.0["examples"]["response"].as_array();
        let succeeds = |reply: &&Value| {
            matches!(&reply["status"], Value::Null)
                || reply["status"] == 0
                || reply["status"] == "0"
        };
        let Some(example) =
            documented.and_then(|replies| replies.iter().filter(|r| r.is_object()).find(succeeds))
        else {
            continue;
        };
        let example = if example["status"].is_null() { example } else { &example["data"] };
        assert_eq!(rows(&answer.json()["data"]), rows(example), "{}", file.method());
    }
}

#[test]
fn numbers_keep_their_zeros() {
    let sandbox = sandbox(|_| {});
    let file = include_str!("../../wdt-proto/catalogue/finance.StockCost.search.json");
    let call = File(serde_json::from_str(file).unwrap()).call().paged(100, 0, true);
    let answer = call.send(sandbox.address());
    // As the file spells it.
    for number in [r#""avg_cost":1.0000,"#, r#""planned_cost":1.0000,"#] {
        assert!(file.contains(number) && answer.body.contains(number), "{}", answer.body);
    }
}

#[test]
fn pages_and_totals_agree() {
    let sandbox = sandbox(|_| {});
    let mut several = 0;
    for file in files() {
        let method = wdt_proto::catalogue::method(file.method()).unwrap();
        if !method.is_paged() {
            continue;
        }
        let page = |size, no, total| {
            let answer = file.call().paged(size, no, total).send(sandbox.address());
            let total = Response::parse(answer.body.as_bytes()).unwrap().total();
            (rows(&answer.json()["data"]).to_vec(), total)
        };
        let (all, total) = page(1_000, 0, true);
        assert_eq!(total, Some(all.len() as u64), "{}", file.method());
        assert_eq!(page(1_000, 0, false), (all.clone(), None), "{}", file.method());
        let mut paged = Vec::new();
        for no in 0..all.len() {
            let (rows, total) = page(1, no, no == 0);
            assert_eq!((rows.len(), total.is_some()), (1, no == 0), "{}", file.method());
            paged.extend(rows);
        }
        assert_eq!(paged, all, "{}", file.method());
        for beyond in [all.len(), 1_000_000] {
            assert_eq!(page(1, beyond, true), (vec![], total), "{}", file.method());
        }
        several += usize::from(all.len() > 1);
    }
    assert!(several > 10, "only {several} examples have more than one row");
}
