//! `--store`: what was acknowledged is there after a restart, also after SIGKILL.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{call, get, good, info, post, sandbox, set_stock};
use rusqlite::Connection;
use serde_json::{Value, json};
use wdt_sandbox::{Config, Sandbox, SandboxError, Seed};

/// A folder of its own for a test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wdt-sandbox-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("state.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program, as a process of its own.
struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wdt-sandbox"))
            .args(["--listen", "127.0.0.1:0", "--json", "--rate-limit", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(ready["pid"], child.id());
        let page = ready["page"].as_str().unwrap();
        let address = page.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
        Self { child, address }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap(); // SIGKILL
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const CALC: &str = "sales.StockSync.calcStock";

/// What was acknowledged about a good.
#[derive(Debug, Clone, PartialEq)]
struct Acknowledged {
    stock: String,
    count: i64,
    result: Option<String>,
}

/// One good's changes and reports, over and over, until the sandbox is gone.
fn hammer(
    address: SocketAddr,
    id: i64,
    known: &Mutex<HashMap<i64, Acknowledged>>,
    done: &AtomicUsize,
) {
    for round in 1.. {
        let stock = format!("{round}.2500");
        let body = json!({"api_goods_id": id, "warehouse": "1", "stock": stock}).to_string();
        let Ok(answer) = post(address, "/__stock", body.as_bytes()) else { return };
        let count = answer.json()["stock_change_count"].as_i64().unwrap();
        let changed = |known: &mut HashMap<i64, Acknowledged>, result: Option<String>| {
            let entry = known.entry(id).or_insert(Acknowledged {
                stock: String::new(),
                count: 0,
                result: None,
            });
            entry.stock.clone_from(&stock);
            entry.count = count;
            if result.is_some() {
                entry.result = result;
            }
        };
        changed(&mut known.lock().unwrap(), None);
        let calculated = common::Call::new(CALC, json!([id, false]).to_string());
        let Ok(answer) =
            post(address, &format!("/openapi?{}", calculated.query()), &calculated.body)
        else {
            return;
        };
        let result = format!("round {round}");
        let report = json!([id, info(&answer.json()["data"], &result)]).to_string();
        let report = common::Call::new("sales.StockSync.syncFail", report);
        let Ok(answer) = post(address, &format!("/openapi?{}", report.query()), &report.body)
        else {
            return;
        };
        assert_eq!(answer.status(), 0);
        changed(&mut known.lock().unwrap(), Some(result));
        done.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn every_acknowledged_write_outlives_sigkill() {
    let folder = Folder::new("kill");
    let file = folder.file();
    let file = file.to_str().unwrap();
    let mut program = Program::start(&["--store", file, "--goods", "8"]);
    let (known, done) = (Mutex::default(), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let threads: Vec<_> = (1001..=1008)
            .map(|id| {
                scope.spawn({
                    let (address, known, done) = (program.address, &known, &done);
                    move || hammer(address, id, known, done)
                })
            })
            .collect();
        while done.load(Ordering::Relaxed) < 200 {
            assert!(!threads.iter().all(std::thread::ScopedJoinHandle::is_finished), "all gave up");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        program.kill();
    });
    let known = known.into_inner().unwrap();
    assert_eq!(known.len(), 8);

    // What SQLite itself finds in the file.
    let connection = Connection::open(file).unwrap();
    let check: String =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    for (id, acknowledged) in &known {
        let (count, result): (i64, Option<String>) = connection
            .query_row(
                "SELECT stock_change_count, last_result FROM goods WHERE api_goods_id = ?1",
                [id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        let stock: String = connection
            .query_row(
                "SELECT stock FROM stock WHERE api_goods_id = ?1 AND warehouse = '1'",
                [id],
                |row| row.get(0),
            )
            .unwrap();
        holds(*id, acknowledged, &Acknowledged { stock, count, result });
    }
    drop(connection);

    // And what a restart makes of it: other seed goods are not taken.
    let program = Program::start(&["--store", file, "--goods", "3"]);
    assert_eq!(get(program.address, "/__state").json()["total"], 8);
    for (id, acknowledged) in &known {
        let good = good(program.address, *id);
        let kept = Acknowledged {
            stock: good["stock"]["1"].as_str().unwrap().into(),
            count: good["stock_change_count"].as_i64().unwrap(),
            result: good["last_result"].as_str().map(str::to_owned),
        };
        holds(*id, acknowledged, &kept);
        let calculated = call(program.address, CALC, &json!([id, false])).json();
        assert_eq!(calculated["data"]["stock_change_count"], kept.count);
    }
}

/// The write that was under way when the process died may or may not have been kept.
fn holds(id: i64, acknowledged: &Acknowledged, kept: &Acknowledged) {
    let next = Acknowledged {
        stock: format!("{}.2500", acknowledged.count), // counters begin at 1, rounds too
        count: acknowledged.count + 1,
        result: acknowledged.result.clone(),
    };
    let reported = Acknowledged {
        result: Some(format!("round {}", acknowledged.count - 1)),
        ..acknowledged.clone()
    };
    assert!(
        [acknowledged, &next, &reported].contains(&kept),
        "{id}: {acknowledged:?}, kept {kept:?}"
    );
}

fn start(file: &Path, goods: u32) -> Sandbox {
    sandbox(|config| {
        config.store = Some(file.into());
        config.seed = Seed::made_up(goods);
    })
}

#[test]
fn a_restart_goes_on_where_it_ended() {
    let folder = Folder::new("restart");
    let sandbox = start(&folder.file(), 4);
    let address = sandbox.address();
    let stock = call(address, CALC, &json!([1001, false])).json()["data"].clone();
    assert_eq!(
        call(address, "sales.StockSync.syncSuccess", &json!([1001, info(&stock, "好")])).status(),
        0
    );
    assert_eq!(call(address, "sales.StockSync.cancelSync", &json!([1002, -1])).status(), 0);
    assert_eq!(set_stock(address, 1003, "new", "0.1000").http, 200);
    let before = get(address, "/__state").json();
    sandbox.stop();

    let sandbox = start(&folder.file(), 9);
    let address = sandbox.address();
    assert_eq!(get(address, "/__state").json(), before);
    assert!(sandbox.notes()[0].contains("has the state: 4 goods"), "{:?}", sandbox.notes());
    // Positions go on, none is given twice.
    let changed = set_stock(address, 1004, "1", "1").json();
    assert_eq!(changed["waiting_position"], 6);
    let waiting =
        call(address, "sales.StockSync.getSelfWaitSyncIdListOpen", &json!([10, 0])).json();
    assert_eq!(waiting["data"], json!({"id_list": [1003, 1004], "position": 6}));
}

#[test]
fn a_store_has_one_owner_and_must_be_a_store() {
    let folder = Folder::new("owner");
    let try_start = |file: &Path| {
        Sandbox::start(Config { store: Some(file.into()), ..Config::default() }).map(|_| ())
    };
    let first = start(&folder.file(), 1);
    let refused = try_start(&folder.file()).unwrap_err();
    assert!(matches!(refused, SandboxError::Store(_)));
    assert!(refused.to_string().contains("another process"), "{refused}");
    first.stop();
    try_start(&folder.file()).unwrap();

    let text = folder.0.join("notes.txt");
    std::fs::write(&text, "these are notes, and more of them than a page of a database has")
        .unwrap();
    assert!(try_start(&text).unwrap_err().to_string().contains("no SQLite file"));
    let other = folder.0.join("other.sqlite");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    let before = std::fs::read(&other).unwrap();
    assert!(try_start(&other).unwrap_err().to_string().contains("no store"));
    assert_eq!(std::fs::read(&other).unwrap(), before);
    assert_eq!(std::fs::read(&text).unwrap().len(), 63, "left as it was");
}
