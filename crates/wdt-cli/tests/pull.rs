//! `wdt pull` where something is odd: rows, files, signals. That all rows are there, once and exact,
//! is `test_pull.py`'s, with readers that are not ours.
#![cfg(all(feature = "pull", feature = "sandbox"))]
#![allow(clippy::unwrap_used, clippy::panic)] // tests

mod common;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Decimal128Type, TimestampMillisecondType};
use arrow_array::{Array as _, RecordBatch};
use common::{Peer, Run, SALT, SECRET, command, finish};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rusqlite::Connection;
use serde_json::Value;

const ORDERS: &str = "sales.TradeQuery.queryWithDetail";
const SHOPS: &str = "setting.Shop.queryShop";

/// A folder that is gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wdt-pull-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// `wdt sandbox` with rows.
struct Sandbox {
    process: Child,
    base: String,
}

impl Sandbox {
    fn start(options: &[&str]) -> Self {
        let args = ["sandbox", "--json", "--listen", "127.0.0.1:0", "--rate-limit", "0"];
        let mut process =
            command(&[&args, options].concat()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        Self { process, base: ready["base_url"].as_str().unwrap().to_owned() }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn pulling(base: &str, method: &str, to: &Path, more: &[&str]) -> Command {
    let args = ["pull", method, "--to", to.to_str().unwrap(), "--per-minute", "0"];
    let mut command = command(&[&args, more].concat());
    command.env("WDT_BASE_URL", base);
    command
}

/// In the sandbox's name.
fn pull(sandbox: &Sandbox, method: &str, to: &Path, more: &[&str]) -> Run {
    finish(known(pulling(&sandbox.base, method, to, more)))
}

fn known(mut command: Command) -> Command {
    command
        .env("WDT_SID", "sandbox")
        .env("WDT_APPKEY", "sandbox-key")
        .env("WDT_APPSECRET", "sandbox-secret:sandbox-salt");
    command
}

fn signal(process: &Child, name: &str) {
    // The shell's own: not every machine has a program of that name.
    let kill = format!("kill -{name} {}", process.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

fn wait_for(mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(30), "it does not come about");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The rows of a folder of parts.
fn parts(folder: &Path) -> Vec<RecordBatch> {
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let file = File::open(path).unwrap();
        ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap()
    };
    paths.iter().flat_map(read).map(Result::unwrap).collect()
}

fn count(db: &Path, table: &str) -> i64 {
    let db = Connection::open(db).unwrap();
    db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

/// One row in which hardly anything is as documented, and a page of it.
const ODD: &str = r#"{"trade_id":"7","modified":1790784030250,"paid":"abc","receivable":0.00001,"goods_amount":"12345678901234567.5","post_amount":-999999999999999.9999,"is_sealed":"1","neu":{"a":[1.10,"\u4e2d"]},"detail_list":[{"num":"2.50","x":1},5]}"#;

fn odd_page(to: &Path, more: &[&str]) -> Run {
    page_of(ODD, to, more)
}

/// Pulls a page of one row.
fn page_of(row: &str, to: &Path, more: &[&str]) -> Run {
    let reply = format!(r#"{{"status":0,"data":{{"total_count":1,"order":[{row}]}}}}"#);
    let peer = Peer::answering("200 OK", reply);
    let span = ["--since", "2026-10-01", "--until", "2026-10-01 00:01:00", "--json"];
    finish(pulling(&peer.base(), ORDERS, to, &[&span, more].concat()))
}

#[test]
fn what_does_not_fit_is_kept_as_it_came_and_counted() {
    let folder = Folder::new("odd");
    let lines = folder.at("x.jsonl");
    let run = odd_page(&lines, &[]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert_eq!(fs::read_to_string(&lines).unwrap(), format!("{ODD}\n"));

    let table = folder.at("x.sqlite");
    let report = odd_page(&table, &[]).json();
    assert_eq!((&report["rows"], &report["ok"]), (&1.into(), &true.into()));
    // `paid`, and the 5 that is no detail.
    assert_eq!(report["odd_values"], 2);
    let db = Connection::open(&table).unwrap();
    let name = ORDERS.replace('.', "_");
    let columns = "trade_id, modified, paid, receivable, goods_amount, post_amount, _more";
    let row: (i64, String, Option<String>, String, String, String, String) =
        db.query_row(&format!("SELECT {columns} FROM {name}"), [], |row| row.try_into()).unwrap();
    assert_eq!((row.0, &*row.1, row.2), (7, "2026-10-01 00:00:30.250", None));
    assert_eq!((&*row.3, &*row.4), ("0.00001", "12345678901234567.5"));
    assert_eq!(row.5, "-999999999999999.9999");
    assert_eq!(row.6, r#"{"paid":"abc","neu":{"a":[1.10,"\u4e2d"]}}"#);
    let nested: Vec<(i64, Option<String>, Option<String>)> = db
        .prepare(&format!("SELECT _n, num, _more FROM {name}__detail_list ORDER BY _n"))
        .unwrap()
        .query_map([], |row| row.try_into())
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let more = |text: &str| Some(text.to_owned());
    assert_eq!(nested[0], (0, more("2.50"), more(r#"{"x":1}"#)));
    assert_eq!(nested[1], (1, None, more("5")));

    let dataset = folder.at("x.parquet");
    assert_eq!(odd_page(&dataset, &[]).code, 0);
    let batches = parts(&dataset);
    let row = &batches[0];
    let decimals = |name: &str| row.column_by_name(name).unwrap().as_primitive::<Decimal128Type>();
    assert_eq!(decimals("post_amount").value(0), -9_999_999_999_999_999_999);
    assert!(decimals("receivable").is_null(0) && decimals("goods_amount").is_null(0));
    let modified = row.column_by_name("modified").unwrap();
    let at = modified.as_primitive::<TimestampMillisecondType>().value_as_datetime(0).unwrap();
    assert_eq!(at.to_string(), "2026-10-01 00:00:30.250");
    let more: Value =
        serde_json::from_str(row.column_by_name("_more").unwrap().as_string::<i32>().value(0))
            .unwrap();
    let names: Vec<_> = more.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["goods_amount", "neu", "paid", "receivable"]);
    let details = row.column_by_name("detail_list").unwrap().as_list::<i32>().value(0);
    let details = details.as_struct();
    let num = details.column_by_name("num").unwrap().as_primitive::<Decimal128Type>();
    assert_eq!((num.value(0), num.is_null(1)), (25_000, true));
}

#[test]
fn a_nested_list_that_does_not_come_shifts_no_column() {
    let folder = Folder::new("no-list");
    for row in [
        r#"{"trade_id":8,"buyer_nick":"n","neu":1}"#,
        r#"{"trade_id":8,"detail_list":null,"neu":1}"#,
    ] {
        let (table, dataset) = (folder.at("l.sqlite"), folder.at("l.parquet"));
        let run = page_of(row, &table, &[]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        let name = ORDERS.replace('.', "_");
        let kept: (i64, String) = Connection::open(&table)
            .unwrap()
            .query_row(&format!("SELECT trade_id, _more FROM {name}"), [], |row| row.try_into())
            .unwrap();
        assert_eq!(kept, (8, r#"{"neu":1}"#.to_owned()));
        assert_eq!(count(&table, &format!("{name}__detail_list")), 0);
        assert_eq!(page_of(row, &dataset, &[]).code, 0);
        assert!(parts(&dataset)[0].column_by_name("detail_list").unwrap().is_null(0));
        fs::remove_file(&table).unwrap();
        fs::remove_dir_all(&dataset).unwrap();
        fs::remove_file(folder.at("l.parquet.state")).unwrap();
    }
}

#[test]
fn a_method_without_a_span_takes_the_place_of_what_was_there() {
    let folder = Folder::new("whole");
    let rows = |n: usize| {
        Sandbox::start(&[
            "--rows",
            &format!("{SHOPS}={n}"),
            "--rows-span",
            "2026-10-01..2026-10-31",
        ])
    };
    let down = Sandbox::start(&["--fault", "server=1"]);
    let (many, few) = (rows(450), rows(30));
    let since = ["--since", "2026-10-01"];
    for name in ["s.jsonl", "s.sqlite", "s.parquet"] {
        let to = folder.at(name);
        let there = || match name {
            "s.jsonl" => fs::read_to_string(&to).unwrap().lines().count(),
            "s.sqlite" => usize::try_from(count(&to, "setting_Shop_queryShop")).unwrap(),
            _ => parts(&to).iter().map(RecordBatch::num_rows).sum(),
        };
        for (sandbox, expected) in [(&many, 450), (&many, 450), (&few, 30)] {
            let run = pull(sandbox, SHOPS, &to, &since);
            assert_eq!((run.code, there()), (0, expected), "{name}: {}{}", run.out, run.err);
        }
        // What cannot be read takes nothing away.
        let run = pull(&down, SHOPS, &to, &[&since[..], &["--attempts", "1"]].concat());
        assert_eq!((run.code, there()), (1, 30), "{name}: {}{}", run.out, run.err);
        let run = pull(&many, SHOPS, &to, &since);
        assert_eq!((run.code, there()), (0, 450), "{name}: {}{}", run.out, run.err);
    }
}

#[test]
fn a_run_that_is_killed_before_it_has_kept_anything_is_gone_on_with() {
    let folder = Folder::new("killed");
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/openapi", deaf.local_addr().unwrap());
    let sandbox = Sandbox::start(&["--rows", &format!("{SHOPS}=3")]);
    for name in ["k.jsonl", "k.sqlite", "k.parquet"] {
        let to = folder.at(name);
        let mut process = known(pulling(&base, SHOPS, &to, &["--since", "2026-10-01"]))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_for(|| to.exists());
        process.kill().unwrap();
        process.wait().unwrap();
        // What a write that was cut off has left.
        if name == "k.jsonl" {
            fs::write(&to, r#"{"shop_id":1,"#).unwrap();
        }
        let run = pull(&sandbox, SHOPS, &to, &["--since", "2026-10-01", "--json"]);
        assert_eq!((run.code, &run.json()["rows"]), (0, &3.into()), "{name}: {}", run.err);
    }
    let lines = fs::read_to_string(folder.at("k.jsonl")).unwrap();
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{lines}");
}

#[test]
fn what_is_somebody_elses_is_left_alone() {
    let folder = Folder::new("others");
    let base = "http://127.0.0.1:9";
    let run = |method: &str, name: &str, more: &[&str]| {
        let since = ["--since", "2026-10-01"];
        finish(pulling(base, method, &folder.at(name), &[&since, more].concat()))
    };
    // Refused before a file is made.
    assert_eq!(run(ORDERS, "x.csv", &[]).code, 2);
    let secret = format!(r#"{{"trade_no":"{SECRET}"}}"#);
    let leak = run(ORDERS, "x.jsonl", &["--args", &secret]);
    assert!(leak.code == 2 && leak.err.contains("holds the secret"), "{}", leak.err);
    assert_eq!(run("sales.StockSync.syncFail", "x.jsonl", &[]).code, 2);
    assert_eq!(folder.names(), [] as [&str; 0]);

    let own = Connection::open(folder.at("own.db")).unwrap();
    own.execute_batch(
        "CREATE TABLE setting_Shop_queryShop (shop_id INTEGER); \
         INSERT INTO setting_Shop_queryShop VALUES (1);",
    )
    .unwrap();
    let refused = run(SHOPS, "own.db", &[]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("has rows, but no state"), "{}", refused.err);
    assert_eq!(count(&folder.at("own.db"), "setting_Shop_queryShop"), 1);

    fs::write(folder.at("no.sqlite"), "no database, but long enough to be taken for one").unwrap();
    assert_eq!(run(SHOPS, "no.sqlite", &[]).code, 3);
    fs::write(folder.at("x.jsonl.state"), "[]").unwrap();
    let refused = run(ORDERS, "x.jsonl", &[]);
    assert!(refused.code == 3 && refused.err.contains("not a state"), "{}", refused.err);
    // Rows that the state vouches for are gone.
    fs::write(folder.at("y.jsonl.state"), r#"{"done":9,"state":null}"#).unwrap();
    let refused = run(ORDERS, "y.jsonl", &[]);
    assert!(
        refused.code == 3 && refused.err.contains("y.jsonl: rows that its state"),
        "{}",
        refused.err
    );
}

#[test]
fn who_follows_waits_for_a_platform_that_is_down_and_ends_when_told() {
    let folder = Folder::new("follow");
    // Nobody listens there.
    let base = {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/openapi", free.local_addr().unwrap())
    };
    let to = folder.at("f.jsonl");
    let options = ["--since", "2026-10-01", "--attempts", "1", "--follow", "--json"];
    let mut process = pulling(&base, ORDERS, &to, &options)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    assert!(line.contains(ORDERS), "{line}");
    assert_eq!(process.try_wait().unwrap(), None);
    signal(&process, "TERM");
    let mut out = String::new();
    process.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    // What it could not read is a failure all the same.
    assert_eq!(process.wait().unwrap().code(), Some(1), "{out}");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&report["complete"], report["failed"].as_array().unwrap().len()),
        (&true.into(), 2)
    );
    assert!(!format!("{line}{out}").contains(SALT));

    // Without --follow that is the end, and what is there is good.
    let run = finish(pulling(&base, ORDERS, &to, &options[..4]));
    assert_eq!(run.code, 3, "{}", run.err);
    let sandbox = Sandbox::start(&["--rows", &format!("{SHOPS}=3")]);
    let mut process =
        known(pulling(&sandbox.base, SHOPS, &folder.at("s.jsonl"), &["--since", "2026-10-01"]))
            .args(["--follow", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
    wait_for(|| fs::metadata(folder.at("s.jsonl")).is_ok_and(|found| found.len() > 0));
    signal(&process, "INT");
    assert_eq!(process.wait().unwrap().code(), Some(0));
}
