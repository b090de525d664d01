//! The program as a person meets it whose machine speaks Chinese: texts change, nothing else does.
#![allow(clippy::unwrap_used, clippy::panic)] // tests

mod common;

use std::process::Stdio;

use common::{Peer, Run, TempFile, command, finish, judge};
use serde_json::Value;

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn speaking(locale: &str, args: &[&str]) -> Run {
    let mut command = command(args);
    command.env("LC_ALL", locale);
    finish(command)
}

fn chinese(args: &[&str]) -> Run {
    speaking("zh_CN.UTF-8", args)
}

#[test]
fn the_environment_says_which_language() {
    let help = |variables: &[(&str, &str)]| {
        let mut command = command(&["--help"]);
        command.envs(variables.iter().copied());
        finish(command).out
    };
    for variables in [
        &[("WDT_LANG", "zh"), ("LC_ALL", "C")] as &[(&str, &str)],
        &[("LC_ALL", "zh_CN.UTF-8"), ("LANG", "en_US.UTF-8")],
        &[("LC_MESSAGES", "zh_CN"), ("LANG", "C")],
        &[("LANG", "zh_TW.UTF-8")],
    ] {
        assert!(help(variables).contains("用法："), "{variables:?}");
    }
    for variables in [&[] as &[(&str, &str)], &[("WDT_LANG", "en"), ("LC_ALL", "zh_CN")]] {
        assert!(help(variables).contains("Usage:"), "{variables:?}");
    }
}

#[test]
fn every_commands_help_is_chinese_and_has_the_same_options() {
    let options = |text: &str| -> Vec<String> {
        let word =
            |line: &str| line.split_whitespace().find(|w| w.starts_with("--")).map(String::from);
        let mut found: Vec<_> = text
            .lines()
            .filter(|line| line.trim_start().starts_with('-'))
            .filter_map(word)
            .collect();
        found.sort();
        // A text's own line may begin with an option's name.
        found.dedup();
        found
    };
    let commands =
        ["explain", "sign", "check", "call", "pull", "methods", "sandbox", "completions", "man"];
    for args in commands.map(|name| vec![name, "--help"]).into_iter().chain([vec!["--help"]]) {
        let (english, help) = (speaking("C.UTF-8", &args), chinese(&args));
        assert_eq!((english.code, help.code), (0, 0), "{args:?}");
        assert!(!options(&help.out).is_empty(), "{args:?}");
        assert_eq!(options(&help.out), options(&english.out), "{args:?}");
        let first = help.out.lines().next().unwrap();
        assert!(first.contains(is_chinese), "{args:?}: {first}");
        assert_eq!(chinese(&[args[0], "-h"]).out, help.out, "{args:?}");
    }
    // What programs read stays as it is.
    for args in [&["man"] as &[&str], &["completions", "bash"], &["--version"]] {
        assert_eq!(chinese(args).out, speaking("C", args).out, "{args:?}");
    }
}

/// A failure, the parts of its Chinese text, and the exit code.
#[test]
fn failures_are_told_in_chinese_and_coded_as_before() {
    let body = TempFile::new("chinese.json", "[178238,-1]", 0o600);
    let open = TempFile::new("open-chinese", "sid=x", 0o644);
    let cases: Vec<(Vec<&str>, Vec<&str>)> = vec![
        (vec!["chekc"], vec!["没有 'chekc' 这个命令", "check"]),
        (vec!["call"], vec!["缺少必需的参数：<METHOD>", "用法：wdt call"]),
        (vec!["call", "m", "--timeout", "0"], vec!["--timeout", "'0'", "1..=3600"]),
        (vec!["sign", "m", "--page-size", "0"], vec!["page_size", "1"]),
        (vec!["sign", "--param", "x"], vec!["\"x\"", "KEY=VALUE"]),
        (vec!["sign", "--param", "a=1", "--param", "a=2"], vec!["参数 a 重复"]),
        (vec!["sign", "m", "--body", body.path()], vec!["请写成 --body @", body.path()]),
        (vec!["sign", "m", "--now", "1"], vec!["--now：", "2012"]),
        (vec!["check", "m", "/nonexistent/f"], vec!["/nonexistent/f：没有这个文件", "os error 2"]),
        (vec!["sign", "m", "--credentials", open.path()], vec!["权限是 644", "chmod 600"]),
        (vec!["call", "sales.StockSync.cancelSync", "1", "2"], vec!["WDT_BASE_URL"]),
        (
            vec!["sign", "sales.StockSync.cancelSync", "1.5", "2"],
            vec!["错误：/0（", "1.5", "[type]"],
        ),
        (vec!["sign", "sales.StockSync.cancelSync", "x", "2"], vec!["文本要写成", "wdt methods"]),
        (vec!["methods", "nosuch"], vec!["没有接口", "nosuch"]),
    ];
    for (args, parts) in cases {
        let args = if args[0] == "call" && args.len() > 3 && args[2] == "1" {
            [args.as_slice(), &["--send"]].concat()
        } else {
            args
        };
        let (english, run) = (speaking("C.UTF-8", &args), chinese(&args));
        assert_eq!(run.code, english.code, "{args:?}");
        assert_ne!(run.code, 0, "{args:?}");
        for part in parts {
            assert!(run.err.contains(part), "{args:?} {part}: {}", run.err);
        }
        assert!(run.err.contains(is_chinese) && !run.err.contains("rror: "), "{}", run.err);
        let json = [args.as_slice(), &["--json"]].concat();
        let document = chinese(&json).json();
        assert_eq!(document, speaking("C.UTF-8", &json).json(), "{args:?}");
        if let Some(message) = document["error"]["message"].as_str() {
            assert!(!message.contains(is_chinese), "{message}");
            assert!(document["error"]["message_zh"].as_str().unwrap().contains(is_chinese));
        }
    }
}

#[test]
fn check_and_methods_speak_chinese() {
    let body = TempFile::new("wrong.json", r#"[178238,{"syn_stock":1.00001}]"#, 0o600);
    let args = ["check", "sales.StockSync.syncFail", body.path()];
    let (english, run) = (speaking("C.UTF-8", &args), chinese(&args));
    assert_eq!((run.code, english.code), (1, 1));
    let codes = |text: &str| -> Vec<String> {
        let code = |line: &str| line.rsplit_once('[').map(|(_, code)| code.to_owned());
        text.lines().filter_map(code).collect()
    };
    assert!(codes(&run.out).len() > 1);
    assert_eq!(codes(&run.out), codes(&english.out));
    assert!(
        run.out.contains("错误：/1/syn_stock（最后同步库存量）：") && run.out.contains("个错误")
    );
    let document = chinese(&[&args[..], &["--json"]].concat()).json();
    assert_eq!(document, speaking("C", &[&args[..], &["--json"]].concat()).json());
    for issue in document["issues"].as_array().unwrap() {
        assert!(english.out.contains(issue["message"].as_str().unwrap()));
        assert!(run.out.contains(issue["message_zh"].as_str().unwrap()));
    }

    let one = chinese(&["methods", "sales.StockSync.syncFail", "--reply"]).out;
    for part in ["参数", "返回", "必填", "自有平台", "起", "string(1024)"] {
        assert!(one.contains(part), "{part}: {one}");
    }
    assert!(!one.contains("required") && !one.contains("Arguments"), "{one}");
    let query = chinese(&["methods", "wms.stockout.Sales.queryWithDetail"]).out;
    for part in ["数据行", "行的唯一键", "发货时间 (consign_time)", "改按修改时间"]
    {
        assert!(query.contains(part), "{part}: {query}");
    }
    // Columns stay under each other, Chinese being two columns wide.
    let place = |line: &str, what: &str| -> usize {
        let (before, _) = line.split_once(what).unwrap();
        before.chars().map(|c| 1 + usize::from(is_chinese(c))).sum()
    };
    let list = chinese(&["methods", "库存同步"]).out;
    let places: Vec<_> = list
        .lines()
        .filter(|line| line.contains("自有平台"))
        .map(|l| place(l, "自有平台"))
        .collect();
    assert!(places.len() > 1 && places.iter().all(|p| *p == places[0]), "{list}");
    assert!(list.contains("共 188 个接口"), "{list}");
}

#[test]
fn what_is_signed_and_what_is_refused_is_told_in_chinese() {
    let signed = chinese(&["sign", "system.Core.now", "--now", "1775791716"]).out;
    assert!(signed.contains("北京时间 2026-04-10 11:28:36，120 秒内有效"), "{signed}");
    let dry = chinese(&["call", "system.Core.now"]);
    assert!(dry.err.contains("没有发送") && dry.err.contains("--send"), "{}", dry.err);

    let ask = |peer: &Peer, more: &[&str]| {
        let mut command = command(&[&["call", "system.Core.now", "--send"], more].concat());
        command.env("LC_ALL", "zh_CN.UTF-8").env("WDT_BASE_URL", peer.base());
        finish(command)
    };
    let refusal = r#"{"status":100,"message":"超过每分钟最大调用频率限制，请稍后重试"}"#;
    let run = ask(&Peer::answering("200 OK", refusal), &[]);
    assert_eq!(run.code, 1);
    for part in
        ["被拒绝：", "status 100", "rate_limit", "超过每分钟", "5 到 10 分钟", "可以稍后重试"]
    {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
    let error = ask(&Peer::answering("200 OK", refusal), &["--json"]).json()["error"].clone();
    assert!(error["advice"].as_str().unwrap().contains("5 to 10 minutes"));
    assert!(error["advice_zh"].as_str().unwrap().contains("5 到 10 分钟"));

    let run = ask(&Peer::start(|_| {}), &[]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("不确定调用是否已生效"), "{}", run.err);
}

/// What a server, a file or a command line holds never reaches a terminal as a command to it.
#[test]
fn what_could_steer_a_terminal_is_shown_encoded() {
    let hostile = "\u{1b}[2J\u{1b}[31mX\u{9b}1A\u{7f}\r\u{202e}";
    let encoded = r"\u001b[2J\u001b[31mX\u009b1A\u007f\u000d\u202e";
    let message = Value::from(format!("验证失败{hostile}\n")).to_string();
    let data = format!(r#"{{"a":{},"n":1.0000}}"#, Value::from(format!("b{hostile}")));
    for (status, wanted) in [(1, "验证失败"), (0, "b")] {
        let reply = format!(r#"{{"status":{status},"message":{message},"data":{data}}}"#);
        let peer = Peer::answering("200 OK", reply);
        let mut call = command(&["call", "system.Core.now", "--send"]);
        call.env("WDT_BASE_URL", peer.base());
        let run = finish(call);
        let all = format!("{}{}", run.out, run.err);
        assert!(all.contains(wanted), "{all}");
        assert!(!all.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'), "{all:?}");
        // Escaped, it is still the same JSON.
        let shown: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(shown["a"], format!("b{hostile}"));
        assert!(run.out.contains("1.0000"));
    }
    let body = format!(r"[1,{{{}:1}}]", Value::from(format!("k{hostile}")));
    let file = TempFile::new("hostile.json", &body, 0o600);
    for args in [
        &["check", "sales.StockSync.syncFail", file.path()] as &[&str],
        &["check", hostile, file.path()],
        &["check", "m", &format!("/nonexistent/{hostile}")],
        &["methods", hostile],
        &["sign", "system.Core.now", "--level", hostile],
        &[hostile],
        &["sign", hostile, "--body", &format!("[\"{hostile}\"]"), "--level", "off"],
    ] {
        for locale in ["C.UTF-8", "zh_CN.UTF-8"] {
            let run = speaking(locale, args);
            let all = format!("{}{}", run.out, run.err);
            assert!(
                !all.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'),
                "{args:?}: {all:?}"
            );
        }
    }
    let run = speaking("C", &["check", "m", &format!("/nonexistent/{hostile}")]);
    assert!(run.err.contains(encoded), "{}", run.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_exit_code_3() {
    for args in [
        &["methods"] as &[&str],
        &["methods", "--json"],
        &["completions", "bash"],
        &["sign", "system.Core.now"],
        &["--help"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = command(args);
        command.stdout(full).stderr(Stdio::piped()).env("LC_ALL", "zh_CN.UTF-8");
        let child = command.spawn().unwrap();
        let run = judge(&child.wait_with_output().unwrap());
        assert_eq!(run.code, 3, "{args:?}: {}", run.err);
        assert!(run.err.contains("标准输出：磁盘已满 (os error 28)"), "{}", run.err);
    }
}
