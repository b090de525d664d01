//! The program: its options, its announcements, its end.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use common::call;
use serde_json::{Value, json};
use wdt_sandbox::Seed;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wdt-sandbox"));
    command
        .args(["--listen", "127.0.0.1:0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[cfg(unix)]
#[test]
fn it_announces_itself_and_ends_on_sigterm() {
    for signal in ["TERM", "INT"] {
        let mut child = program(&["--json"]).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let page = ready["page"].as_str().unwrap();
        assert_eq!(ready["base_url"], format!("{page}openapi"));
        assert_eq!(
            (&ready["sid"], &ready["key"], &ready["pid"]),
            (&json!("sandbox"), &json!("sandbox-key"), &json!(child.id()))
        );
        assert_eq!(ready.as_object().unwrap().len(), 5, "no secret");
        let address = page.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
        assert_eq!(call(address, "sales.StockSync.calcStock", &json!([1001, false])).status(), 0);
        // The shell's own: not every machine has a program of that name.
        let kill = format!("kill -{signal} {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert!(child.wait().unwrap().success());
        let mut rest = String::new();
        out.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

#[test]
fn for_people_it_prints_what_to_export() {
    let mut child = program(&["--goods", "7"]).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    for line in out.lines() {
        let line = line.unwrap();
        text += &line;
        text.push('\n');
        if line.contains("Ctrl-C") {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for expected in [
        "export WDT_BASE_URL=http://127.0.0.1:",
        "export WDT_SID=sandbox\n",
        "export WDT_APPKEY=sandbox-key\n",
        "export WDT_APPSECRET=sandbox-secret:sandbox-salt\n",
        "7 goods, 7 of them wait",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

#[test]
fn options_make_rows() {
    let orders = "sales.TradeQuery.queryWithDetail";
    let options = ["--rows", "sales.TradeQuery.queryWithDetail=30", "--churn", "2/call"];
    let more = ["--rows", "wms.StockSpec.search=40", "--rows-span", "2025-03-01..2025-03-03"];
    let mut child = program(&[&options[..], &more, &["--rows-order", "key", "--json"]].concat())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let page = ready["page"].as_str().unwrap();
    let address = page.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
    let list = common::get(address, "/__rows").json();
    assert_eq!((&list["churn"], &list["order"]), (&json!("2/call"), &json!("key")));
    let [first, second] = list["methods"].as_array().unwrap().as_slice() else { panic!("{list}") };
    assert_eq!(
        (&first["method"], &first["rows"], &second["rows"]),
        (&json!(orders), &json!(30), &json!(40))
    );
    assert!(first["first_change"].as_str().unwrap().starts_with("2025-03-01"));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn mistakes_are_named() {
    for (arguments, named) in [
        (&["--listen", "0.0.0.0:0"][..], "--allow-remote"),
        (&["--seed", "/no/such/file"], "/no/such/file"),
        (&["--fault", "cut=2"], "probability"),
        (&["--store", "/no/such/folder/x"], "/no/such/folder/x"),
        (&["--seed", "x", "--goods", "3"], "cannot be used with"),
        (&["--goods", "100001"], "100001"),
        (&["--rows", "sales.TradeQuery.queryWithDetial=5"], "sales.TradeQuery.queryWithDetail?"),
        (&["--rows", "sales.StockSync.calcStock=5"], "is no query"),
        (&["--rows-span", "2098-01-01..2098-01-02"], "begins in the future"),
        (&["--rows-order", "random"], "shuffled"),
        (&["--churn", "5"], "5/s or 3/call"),
    ] {
        let arguments: Vec<_> = arguments.to_vec();
        let mut command = Command::new(env!("CARGO_BIN_EXE_wdt-sandbox"));
        if arguments[0] != "--listen" {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let output = command.args(&arguments).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains(named), "{arguments:?}: {told}");
        assert!(!told.contains("panicked"), "{told}");
    }
}

#[test]
fn the_seed_of_each_readme_loads() {
    for readme in [include_str!("../README.md"), include_str!("../README.zh-CN.md")] {
        let (_, rest) = readme.split_once("```json\n").unwrap();
        let (example, _) = rest.split_once("```").unwrap();
        let seed = Seed::parse(example).unwrap();
        assert_eq!(seed.accounts()[0].sid(), "my-sid");
        let sandbox = common::sandbox(|config| config.seed = seed);
        let address = sandbox.address();
        let good = common::good(address, 2447);
        assert_eq!(
            (&good["stock"]["6"], &good["stock_change_count"]),
            (&json!("12.5000"), &json!(3))
        );
        assert_eq!(common::get(address, "/__state").json()["waiting"], 1);
        // The accounts are the file's alone.
        let answer = call(address, "sales.StockSync.calcStock", &json!([2447, false]));
        assert_eq!(answer.refusal(), (1, "sid is not exists".into()));
        let mut own = common::Call::new("sales.StockSync.calcStock", "[2447,false]");
        own.secret = "my-secret".into();
        let own = own.with("sid", "my-sid").with("key", "my-key").with("salt", "my:salt");
        assert_eq!(own.send(address).json()["data"]["syn_stock"], 11);
    }
}

#[test]
fn a_wrong_seed_is_named_by_place() {
    for (json, named) in [
        (r#"{"goods":[{"api_goods_id":1,"stok":{}}]}"#, "stok"),
        (r#"{"goods":[{"api_goods_id":0}]}"#, "good 0: api_goods_id"),
        (
            r#"{"goods":[{"api_goods_id":1},{"api_goods_id":1}]}"#,
            "good 1: is in the seed more than once",
        ),
        (r#"{"goods":[{"api_goods_id":1,"stock":{"6":1.00001}}]}"#, "stock of 6: 1.00001"),
        (r#"{"goods":[{"api_goods_id":1,"rule":{"stock_syn_percent":-1}}]}"#, "stock_syn_percent"),
        (r#"{"goods":[{"api_goods_id":1,"rule":{"stock_syn_plus":1e15}}]}"#, "stock_syn_plus"),
        (r#"{"credentials":[]}"#, "credentials"),
        (r#"{"credentials":[{"sid":"a","key":"b","appsecret":"no-colon"}]}"#, "':'"),
        ("[", "line 1"),
    ] {
        let why = Seed::parse(json).unwrap_err();
        assert!(why.to_string().contains(named), "{json}: {why}");
    }
    for (json, named) in [
        (r#"{"credentials":[]}"#, "credentials：没有账号"),
        (r#"{"goods":[{"api_goods_id":1},{"api_goods_id":1}]}"#, "货品 1：在种子文件里重复出现"),
        (r#"{"goods":[{"api_goods_id":1,"stock":{"6":1.00001}}]}"#, "仓库 6 的库存：1.00001 超出"),
    ] {
        let why = Seed::parse(json).unwrap_err().zh().to_string();
        assert!(why.contains(named), "{json}: {why}");
    }
}
