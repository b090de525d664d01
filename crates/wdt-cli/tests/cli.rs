//! The program as a person and as a script meets it. `wdt explain` has its tests in
//! `test_explain.py`, where another implementation signs.
#![allow(clippy::unwrap_used, clippy::panic)] // tests

mod common;

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use common::{SALT, SECRET, TempFile, command, finish, wdt, wdt_reading};
use serde_json::{Value, json};

const COMMANDS: [&str; 9] =
    ["explain", "sign", "check", "call", "pull", "methods", "sandbox", "completions", "man"];

#[test]
fn help_names_the_environment_and_shows_nothing_of_it() {
    let help = wdt(&["--help"]);
    assert_eq!(help.code, 0);
    for name in ["WDT_SID", "WDT_APPKEY", "WDT_APPSECRET", "WDT_BASE_URL", "NO_COLOR", "600"] {
        assert!(help.out.contains(name), "{name}");
    }
    for name in COMMANDS {
        assert!(help.out.contains(name), "{name}");
        let help = wdt(&[name, "--help"]);
        assert_eq!(help.code, 0, "{name}");
        assert!(help.out.contains("Examples:") && help.out.contains("Usage:"), "{name}");
        assert!(!help.out.contains(SALT) && !help.out.contains("wdt_test"), "{name}");
        // The sandbox's fault specification is one long word.
        let fits = |line: &str| line.chars().count() <= 100 || line.contains("http_502=");
        assert!(help.out.lines().all(fits), "{name}");
    }
    assert_eq!(wdt(&[]).code, 2);
    assert!(wdt(&["--version"]).out.starts_with("wdt "));
}

#[test]
fn a_wrong_command_line_is_exit_code_2_and_no_secret_is_repeated() {
    for args in [
        &["call"] as &[&str],
        &["explain", "http://erp.example/openapi?sid=x"],
        &["explain", "http://erp.example/openapi", "--body", "[]"],
        &["sign", "system.Core.now", "--now", "yesterday"],
        &["sign", "system.Core.now", "--page-size", "0"],
        &["sign", "system.Core.now", "--page-no", "1"],
        &["sign", "--param", "no-equals-sign"],
        &["sign", "--param", "a=1", "--param", "a=2"],
        &["check", "x"],
        &["call", "m", "--appsecret", SECRET],
        &["call", "m", &format!("--appsecret={SECRET}")],
        &["call", SECRET, "--timeout", "0"],
        &["call", "m", "--level", SECRET],
        &["sign", "m", &format!("\"{SECRET}\"")],
        &["sign", "--param", &format!("a={SECRET}")],
    ] {
        let run = wdt(args);
        assert_eq!(run.code, 2, "{args:?}: {}{}", run.out, run.err);
        assert!(run.out.is_empty() && !run.err.is_empty(), "{args:?}");
        let run = wdt(&[args, &["--json"]].concat());
        assert_eq!(run.code, 2, "{args:?}");
        let document = run.json();
        assert_eq!(document["ok"], false);
        assert_eq!(document["error"]["exit_code"], 2);
        assert_eq!(document["error"]["code"], "usage");
        assert!(document["error"]["message"].as_str().unwrap().len() > 10);
    }
}

#[test]
fn credentials_are_asked_for_by_name() {
    let mut missing = command(&["sign", "system.Core.now"]);
    missing.env_remove("WDT_APPSECRET").env("WDT_SID", "");
    let run = finish(missing);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("WDT_SID, WDT_APPSECRET not set"), "{}", run.err);

    let mut colon = command(&["sign", "system.Core.now", "--json"]);
    colon.env("WDT_APPSECRET", SECRET);
    let run = finish(colon);
    assert_eq!((run.code, &run.json()["error"]["code"]), (2, &json!("credentials")));
    // What needs no credentials asks for none.
    let mut methods = command(&["methods", "StockSync"]);
    methods.env_clear();
    assert_eq!(finish(methods).code, 0);
}

#[cfg(unix)]
#[test]
fn a_credentials_file_must_be_the_owners_alone() {
    let content =
        format!("sid = \"wdtapi3\"\nappkey = \"wdt_test\"\nappsecret = \"{SECRET}:{SALT}\"\n");
    let sign = |file: &TempFile| {
        let mut command =
            command(&["sign", "system.Core.now", "--json", "--credentials", file.path()]);
        command.env_clear();
        finish(command)
    };
    for mode in [0o644, 0o640, 0o604, 0o660] {
        let file = TempFile::new("open it's.toml", &content, mode);
        let run = sign(&file);
        assert_eq!(run.code, 2);
        let document = run.json();
        let text = document["error"]["message"].as_str().unwrap();
        assert!(text.contains(&format!("mode {mode:o}")), "{text}");
        // The command in the text is one that a shell takes.
        let chmod = text.lines().last().unwrap();
        assert!(Command::new("sh").args(["-c", chmod]).status().unwrap().success(), "{chmod}");
        assert_eq!(sign(&file).code, 0);
    }
    let lines = format!(
        "# made up\nexport WDT_SID=wdtapi3\nWDT_APPKEY=wdt_test\nWDT_APPSECRET={SECRET}:{SALT}\n"
    );
    assert_eq!(sign(&TempFile::new("lines", &lines, 0o600)).code, 0);
    for bad in [format!("sid\n{SECRET}"), format!("appsecret = {SECRET}:{SALT}\nsid = [\nx")] {
        let run = sign(&TempFile::new("bad", &bad, 0o600));
        assert_eq!(run.code, 2, "{bad}");
    }
    let missing = wdt(&["sign", "system.Core.now", "--credentials", "/nonexistent/file"]);
    assert_eq!(missing.code, 3);
}

/// The signature is that of the vendor's vector (testdata/signing.json), made elsewhere.
fn vector(args: &[&str]) -> Command {
    let mut command = command(args);
    command.env("WDT_APPSECRET", "testsecret:testsalt");
    command
}

const VECTOR: &str = "c9053525ed8fc05e3263c8d7210060ca";

#[test]
fn sign_makes_the_signature_of_the_vector() {
    for now in ["1775791716", "2026-04-10T11:28:36+08:00", "Fri, 10 Apr 2026 03:28:36 GMT"] {
        let run = finish(vector(&["sign", "system.Core.now", "--now", now, "--json"]));
        assert_eq!(run.code, 0);
        let document = run.json();
        assert_eq!(document["sign"], VECTOR);
        assert_eq!(document["timestamp"], 450_444_516);
        assert_eq!(document["body"], "[]");
        assert_eq!(document["headers"]["Content-Type"], "application/json");
        assert_eq!(document["url"], Value::Null);
        let query = document["query"].as_str().unwrap();
        assert!(query.ends_with(&format!("&sign={VECTOR}")), "{query}");
    }
    let run = finish(vector(&["sign", "system.Core.now", "--now", "1775791716"]));
    assert!(run.out.contains(VECTOR) && run.out.contains("2026-04-10 11:28:36"));
    let bare = [
        "sign",
        "--json",
        "--body",
        "[]",
        "--param",
        "sid=wdtapi3",
        "--param",
        "key=wdt_test",
        "--param",
        "salt=testsalt",
        "--param",
        "v=1.0",
        "--param",
        "method=system.Core.now",
        "--param",
        "timestamp=450444516",
    ];
    let document = finish(vector(&bare)).json();
    assert_eq!(document["sign"], VECTOR);
    assert_eq!(document["length"], 102);
}

#[test]
fn the_curl_command_survives_a_shell() {
    let body = r#"[{"goods_no":"it's \"$HOME\" `id` \\"}]"#;
    let mut command = command(&[
        "sign",
        "goods.Goods.queryWithSpec",
        "--body",
        body,
        "--page-size",
        "5",
        "--curl",
    ]);
    command.env("WDT_BASE_URL", "http://erp.example");
    let run = finish(command);
    assert_eq!(run.code, 0, "{}", run.err);
    let script = format!("curl() {{ printf '%s\\n' \"$@\"; }}\n{}", run.out);
    let shell = Command::new("sh").args(["-c", &script]).output().unwrap();
    let words = String::from_utf8(shell.stdout).unwrap();
    let words: Vec<&str> = words.lines().collect();
    assert!(words[1].starts_with("http://erp.example/openapi?sid=wdtapi3&"));
    assert!(words[1].contains("&page_size=5&page_no=0&calc_total=0&sign="));
    assert_eq!(words[2..], ["-H", "Content-Type: application/json", "--data-binary", body]);
}

#[test]
fn wrong_arguments_are_not_signed() {
    for command in ["sign", "call"] {
        let run = wdt(&[command, "sales.StockSync.cancelSync", "1.5"]);
        assert_eq!(run.code, 1);
        assert!(run.out.is_empty() && run.err.contains("/0 (") && run.err.contains("[type]"));
        let run = wdt(&[command, "sales.StockSync.cancelSync", "1.5", "--json"]);
        assert_eq!(run.code, 1);
        let document = run.json();
        assert_eq!(document["error"]["code"], "arguments");
        assert_eq!(document["issues"][0]["pointer"], "/0");
        assert_eq!(document["issues"][0]["code"], "type");
        assert_eq!(wdt(&[command, "sales.StockSync.cancelSync", "plain words"]).code, 1);
        // Who knows better may.
        let off = wdt(&[command, "sales.StockSync.cancelSync", "1.5", "--level", "off"]);
        assert_eq!(off.code, 0);
    }
}

#[test]
fn check_lists_all_issues() {
    let bad = r#"[1.5,{"syn_stock":1.00001,"stock_syn_mx":5}]"#;
    let run = wdt_reading(&["check", "sales.StockSync.syncFail", "-", "--json"], bad.as_bytes());
    assert_eq!(run.code, 1);
    let document = run.json();
    let keys: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["errors", "issues", "level", "method", "ok", "omitted", "warnings"]);
    let issues = document["issues"].as_array().unwrap();
    let count = document["errors"].as_u64().unwrap() + document["warnings"].as_u64().unwrap();
    assert_eq!(issues.len() as u64, count);
    assert_eq!(
        issues[1],
        json!({
            "pointer": "/1/syn_stock",
            "code": "scale",
            "severity": "error",
            "label": "最后同步库存量",
            "message": "/1/syn_stock (最后同步库存量): 5 fractional digits, at most 4 fit Decimal(19,4)",
            "message_zh": "/1/syn_stock（最后同步库存量）：小数部分有 5 位，Decimal(19,4) 最多 4 位",
        })
    );
    let run = wdt_reading(&["check", "sales.StockSync.syncFail", "-"], bad.as_bytes());
    assert_eq!(run.code, 1);
    assert!(run.out.contains("did you mean stock_syn_max (最大同步)?"), "{}", run.out);

    let file = TempFile::new("body.json", "[178238,-1]", 0o600);
    for level in ["strict", "documented", "off"] {
        let run = wdt(&["check", "sales.StockSync.cancelSync", file.path(), "--level", level]);
        assert_eq!(run.code, 0, "{}", run.out);
    }
    let text = TempFile::new("text.json", r#"["178238",-1]"#, 0o600);
    assert_eq!(wdt(&["check", "sales.StockSync.cancelSync", text.path()]).code, 0);
    let strict = wdt(&["check", "sales.StockSync.cancelSync", text.path(), "--level", "strict"]);
    assert_eq!(strict.code, 1);
    assert_eq!(wdt(&["check", "x", "/nonexistent/body.json"]).code, 3);
    let missing = wdt(&["check", "x", "/nonexistent/body.json", "--json"]);
    assert_eq!((missing.code, &missing.json()["error"]["code"]), (3, &json!("io")));
}

#[test]
fn a_file_where_a_text_is_due_is_pointed_out() {
    let file = TempFile::new("args.json", "[178238,-1]", 0o600);
    let run = wdt(&["sign", "sales.StockSync.cancelSync", "--body", file.path()]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains(&format!("--body @{}", file.path())), "{}", run.err);
    let at = format!("@{}", file.path());
    assert_eq!(wdt(&["sign", "sales.StockSync.cancelSync", "--body", &at]).code, 0);
    let run = wdt_reading(&["sign", "sales.StockSync.cancelSync", "--body", "-"], b"[178238,-1]");
    assert_eq!(run.code, 0);
}

#[test]
fn methods_are_found_by_name_title_and_field() {
    let all = wdt(&["methods", "--json"]).json();
    assert_eq!(all["count"], 188);
    let names = |words: &[&str]| -> Vec<String> {
        let document = wdt(&[&["methods", "--json"], words].concat()).json();
        let methods = document["methods"].as_array().unwrap();
        methods.iter().map(|m| m["name"].as_str().unwrap().to_owned()).collect()
    };
    assert!(names(&["库存同步失败"]).contains(&"sales.StockSync.syncFail".to_owned()));
    assert!(names(&["stocksync", "失败"]).contains(&"sales.StockSync.syncFail".to_owned()));
    // A label that stands in no name or title.
    let by_field = wdt(&["methods", "最后同步库存量", "--json"]).json();
    assert_eq!(by_field["methods"][0]["field"], "info.syn_stock (最后同步库存量)");

    let one = wdt(&["methods", "sales.StockSync.syncFail", "--json"]).json();
    assert_eq!(one["title"], "库存同步失败");
    assert_eq!(one["params"][1]["fields"][0]["type"], "decimal(19,4)");
    assert_eq!(one["params"][1]["fields"][0]["label"], "最后同步库存量");
    let text = wdt(&["methods", "sales.StockSync.syncFail", "--reply"]).out;
    for part in ["最后同步库存量", "decimal(19,4)", "string(1024)", "Reply", "自有平台"]
    {
        assert!(text.contains(part), "{part}");
    }
    assert!(text.lines().any(|line| line.starts_with("   syn_stock ")), "{text}");

    let query = wdt(&["methods", "wms.stockout.Sales.queryWithDetail", "--json"]).json();
    assert_eq!((&query["rows"], &query["row_key"][0]), (&"order".into(), &"stockout_id".into()));
    assert_eq!(query["span"]["filters_on"], "consigned");
    assert!(query["span"]["modified_params"]["status_type"].is_u64(), "{query}");
    assert_eq!((&query["failures"], &one["span"]), (&Value::Null, &Value::Null));
    let text = wdt(&["methods", "wms.stockout.Sales.queryWithDetail"]).out;
    for part in
        ["data.order", "stockout_id", "the time of consignment (consign_time)", "status_type"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let trades = wdt(&["methods", "sales.TradeQuery.queryWithDetail"]).out;
    for part in
        ["no rows of 淘系", "the last page first", "trade_no, src_tid", "the time of change"]
    {
        assert!(trades.contains(part), "{part}: {trades}");
    }
    let push = wdt(&["methods", "sales.RawTrade.pushSelf2"]).out;
    assert!(
        push.contains("/data/error_list: no, error; no repeats /params/rawTradeList/tid"),
        "{push}"
    );

    let none = wdt(&["methods", "nosuchword"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""));
    let near = wdt(&["methods", "sales.StockSync.synkFail"]);
    assert!(near.err.contains("did you mean sales.StockSync.syncFail?"), "{}", near.err);
    assert_eq!(wdt(&["methods", "nosuchword", "--json"]).json()["ok"], false);
}

#[test]
fn completions_and_man_pages() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = wdt(&["completions", shell]);
        assert_eq!(run.code, 0);
        assert!(COMMANDS.iter().all(|name| run.out.contains(name)), "{shell}");
        let document = wdt(&["completions", shell, "--json"]).json();
        assert_eq!(document["script"], run.out);
    }
    let script = wdt(&["completions", "bash"]).out;
    let bash = Command::new("bash").args(["-n", "-c", &script]).status().unwrap();
    assert!(bash.success());

    let page = wdt(&["man"]).out;
    assert!(page.contains(".TH wdt 1") && page.contains("WDT_APPSECRET"));
    let dir = std::env::temp_dir().join(format!("wdt-man-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let run = wdt(&["man", "--dir", dir.to_str().unwrap(), "--json"]);
    assert_eq!(run.json()["files"].as_array().unwrap().len(), COMMANDS.len() + 1);
    let explain = std::fs::read_to_string(dir.join("wdt-explain.1")).unwrap();
    assert!(explain.contains("signed\\-body") && explain.contains("Examples"));
    std::fs::remove_dir_all(&dir).unwrap();
    assert_eq!(wdt(&["man", "--dir", "/nonexistent/dir"]).code, 3);
}

#[test]
fn a_closed_pipe_is_no_panic() {
    for args in [&["methods"] as &[&str], &["methods", "--json"], &["completions", "zsh"]] {
        let mut child =
            command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        // The pipe is closed here, most of the output unread.
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}");
        assert_eq!(err, "", "{args:?}");
    }
}

#[test]
fn explain_reads_a_url_a_query_and_a_line_of_a_log() {
    let signed = finish(vector(&["sign", "system.Core.now", "--now", "1775791716", "--json"]));
    let query = signed.json()["query"].as_str().unwrap().to_owned();
    for given in [
        query.clone(),
        format!("?{query}"),
        format!("http://erp.example/openapi?{query}"),
        format!("'https://erp.example/x/openapi?{query}'"),
        format!("POST /openapi?{query} HTTP/1.1"),
    ] {
        let run = finish(vector(&["explain", &given, "--body", "[]", "--json"]));
        assert_eq!(run.code, 0, "{given}: {}", run.out);
        let document = run.json();
        assert_eq!(document["signature"], "matches");
        assert_eq!(document["sign"]["expected"], VECTOR);
        assert_eq!(document["canonical"]["bytes"], 102);
        assert_eq!(document["request"]["beijing_time"], "2026-04-10 11:28:36");
    }
}

#[test]
fn explain_survives_whatever_it_is_given() {
    let big = format!("[{}]", vec!["1"; 2_000].join(","));
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let bodies: [&[u8]; 6] = [b"", b"\xff\xfe\x00", b"null", big.as_bytes(), deep.as_bytes(), b"{"];
    let sign = "0123456789abcdef0123456789abcdef";
    for body in bodies {
        for url in [
            format!(
                "sid=wdtapi3&key=wdt_test&salt=testsalt&method=m&timestamp=1&v=1.0&sign={sign}"
            ),
            format!("sid=%E5&sign={sign}"),
            "=&=&sign=".to_owned(),
            format!("a={}&sign=+{}", "%20".repeat(500), &sign[1..]),
            "timestamp=99999999999999999999&sign=é0".to_owned(),
        ] {
            let run = wdt_reading(&["explain", &url, "-"], body);
            assert_eq!(run.code, 1, "{url}: {}", run.err);
            let run = wdt_reading(&["explain", &url, "-", "--json"], body);
            assert_eq!(run.json()["ok"], false);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_terminal_gets_colours_unless_it_wants_none() {
    // `script` gives the program a terminal; where there is none there is nothing to test with.
    let program = env!("CARGO_BIN_EXE_wdt");
    let run = |no_color: Option<&str>| {
        let mut script = Command::new("script");
        script.args(["-qec", &format!("{program} methods sales.StockSync.syncFail"), "/dev/null"]);
        script.env_remove("NO_COLOR").env("TERM", "xterm").stdin(Stdio::null());
        if let Some(value) = no_color {
            script.env("NO_COLOR", value);
        }
        let output = script.output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(run(None).contains('\u{1b}'));
    let plain = run(Some("1"));
    assert!(plain.contains("库存同步失败") && !plain.contains('\u{1b}'));
}

#[test]
fn a_trial_secret_tears_no_other_text_apart() {
    let mut sign = command(&["sign", "test.Method.test", "--level", "off", "--json"]);
    sign.env("WDT_APPSECRET", "test:testsalt").env("WDT_SID", "testshop");
    let run = finish(sign);
    assert_eq!(run.code, 0, "{}", run.out);
    let query = run.json()["query"].as_str().unwrap().to_owned();
    assert!(query.starts_with("sid=testshop&key=wdt_test&salt=testsalt&method=test.Method.test&"));
    let mut explain = command(&["explain", &query, "--body", "[]", "--level", "off"]);
    explain.env("WDT_APPSECRET", "test:testsalt").env("WDT_SID", "testshop");
    let run = finish(explain);
    assert_eq!(run.code, 0, "{}", run.out);
}

#[test]
fn the_secret_is_masked_where_a_request_leaks_it() {
    let url = format!("sid=wdtapi3&key=wdt_test&salt={SECRET}&method=m&timestamp=1&v=1.0&sign=x");
    let run = wdt(&["explain", &url, "--body", &format!("[\"{SECRET}\"]")]);
    assert!(run.out.contains("secret_leaked") && run.out.contains("***"));
    let body = format!(r#"["{SECRET}",{{"{SECRET}":"{SECRET}"}}]"#);
    for method in ["sales.StockSync.syncFail", SECRET] {
        for more in [&[] as &[&str], &["--json"]] {
            let run = wdt_reading(&[&["check", method, "-"], more].concat(), body.as_bytes());
            assert!(run.out.contains("***"), "{}", run.out);
        }
    }
    assert!(wdt(&["methods", SECRET]).err.contains("***"));
}

/// What the pages show is what the program prints, to the letter; `…` stands for the rest.
#[cfg(unix)]
#[test]
fn the_pages_show_what_the_program_prints() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_wdt")).parent().unwrap();
    // The pages of docs/ are run by `make test-docs`.
    for (page, language) in [("README.md", "en"), ("README.zh-CN.md", "zh")] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        let promised = text
            .split("```console\n")
            .filter_map(|part| part.split_once("\n```").map(|(block, _)| block))
            .find_map(|block| block.split_once("$ wdt explain ").map(|(_, rest)| rest))
            .unwrap_or_else(|| panic!("{page} shows no wdt explain"));
        let (arguments, promised) = promised.split_once('\n').unwrap();
        let run = Command::new("/bin/sh")
            .args(["-c", &format!("wdt explain {arguments}")])
            .env_clear()
            .env("PATH", program)
            .envs([("WDT_SID", "wdtapi3"), ("WDT_APPKEY", "wdt_test")])
            .env("WDT_APPSECRET", "testsecret:testsalt")
            .env("WDT_LANG", language)
            .output()
            .unwrap();
        let printed = String::from_utf8(run.stdout).unwrap();
        match promised.strip_suffix("\n…") {
            Some(start) => assert!(printed.starts_with(start), "{page}: {printed}"),
            None => assert_eq!(printed.trim_end(), promised, "{page}"),
        }
    }
}
