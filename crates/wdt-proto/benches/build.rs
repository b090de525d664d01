//! Building the documented syncFail, beside the floor: MD5 over the same canonical bytes.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use md5::{Digest, Md5};
use wdt_proto::catalogue::{self, Catalogue};
use wdt_proto::stock_sync::{self, SyncInfo};
use wdt_proto::{
    Credentials, Level, Limits, Request, Response, Timestamp, validate, validate_with,
};

/// The documented example to the letter.
const BODY: &str = r#"[2447,{"stock_syn_min":1.0000,"stock_syn_rule_id":-10000,"stock_syn_mask":0,"stock_syn_warehouses":"6","stock_syn_max":550.0000,"stock_syn_percent":100,"is_auto_delisting":true,"stock_syn_plus":1.0000,"is_auto_listing":true,"stock_syn_rule_no":"","syn_stock":1,"stock_change_count":2}]"#;

/// The documented example, field by field.
fn documented() -> SyncInfo {
    let decimal = |text: &str| text.parse().unwrap();
    SyncInfo {
        syn_stock: decimal("1"),
        stock_change_count: decimal("2"),
        stock_syn_rule_id: -10_000,
        stock_syn_warehouses: "6".into(),
        stock_syn_percent: 100,
        stock_syn_plus: decimal("1.0000"),
        stock_syn_min: decimal("1.0000"),
        stock_syn_max: decimal("550.0000"),
        is_auto_listing: true,
        is_auto_delisting: true,
        ..SyncInfo::default()
    }
}

fn sync_fail(c: &mut Criterion) {
    let credentials = Credentials::new("wdtapi3", "appkey", "testsecret:testsalt").unwrap();
    let timestamp = Timestamp::from_seconds(450_444_516).unwrap();
    let info = documented();
    let request = stock_sync::sync_fail(2447, &info, Level::Off).unwrap();
    let values = |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).unwrap();
    assert_eq!(values(request.body()), values(BODY.as_bytes()));
    assert_eq!(request.body().len(), BODY.len());
    let explanation = request.explain(&credentials, timestamp);
    let canonical = explanation.canonical.replace("***", "testsecret");
    assert_eq!(canonical.len(), explanation.length);

    let mut group = c.benchmark_group("sync_fail");
    group.bench_function("floor: MD5 of the canonical bytes", |b| {
        b.iter(|| Md5::digest(black_box(canonical.as_bytes())));
    });
    group.bench_function("from the typed form", |b| {
        b.iter(|| {
            stock_sync::sync_fail(black_box(2447), black_box(&info), Level::Off)
                .unwrap()
                .sign(black_box(&credentials), black_box(timestamp))
        });
    });
    group.bench_function("validating alone", |b| {
        b.iter(|| {
            validate(
                black_box(stock_sync::SYNC_FAIL),
                black_box(BODY.as_bytes()),
                Level::Documented,
            )
        });
    });
    group.bench_function("from raw JSON, validated", |b| {
        b.iter(|| {
            Request::builder(black_box(stock_sync::SYNC_FAIL))
                .raw_body(black_box(BODY))
                .unwrap()
                .sign(black_box(&credentials), black_box(timestamp))
        });
    });
    group.finish();
}

fn parse(c: &mut Criterion) {
    let reply = include_str!("calc_stock_reply.json");
    let mut group = c.benchmark_group("parse");
    group.throughput(criterion::Throughput::Bytes(reply.len() as u64));
    group.bench_function("floor: serde_json, syntax only", |b| {
        b.iter(|| serde_json::from_str::<serde::de::IgnoredAny>(black_box(reply)).unwrap());
    });
    group.bench_function("a calcStock reply", |b| {
        b.iter(|| Response::parse(black_box(reply.as_bytes())).unwrap());
    });
    group.finish();
}

/// Linear in the size of the body: rows of two short fields, and rows of a whole `info` each.
fn validate_rows(c: &mut Criterion) {
    let mut group = c.benchmark_group("validate");
    group.sample_size(10);
    let short = r#"{"api_goods_id":2447,"force_sync":false}"#;
    let method = "sales.StockSync.batchCalcStock";
    for megabytes in [1, 10, 100] {
        let rows = vec![short; megabytes * 1_000_000 / (short.len() + 1)];
        let body = format!("[[{}]]", rows.join(","));
        let limits = Limits::DEFAULT.with_max_bytes(body.len());
        let catalogue = Catalogue::new();
        let run = || {
            validate_with(&catalogue, method, black_box(body.as_bytes()), Level::Documented, limits)
        };
        assert_eq!(run().to_string(), "");
        group.throughput(criterion::Throughput::Bytes(body.len() as u64));
        group.bench_function(format!("rows, {megabytes} MB"), |b| b.iter(run));
    }
    group.finish();
}

/// Finding a method by its name.
fn look_up(c: &mut Criterion) {
    let names: Vec<&str> = catalogue::methods().map(catalogue::Method::name).collect();
    let mut at = 0;
    c.bench_function("look up a method", |b| {
        b.iter(|| {
            at = (at + 1) % names.len();
            catalogue::method(black_box(names[at]))
        });
    });
}

criterion_group!(benches, sync_fail, parse, validate_rows, look_up);
criterion_main!(benches);
