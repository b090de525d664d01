//! `wdt call --send` against a peer on the loopback, and `wdt sandbox` as that peer.
#![allow(clippy::unwrap_used, clippy::panic)] // tests

mod common;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{Peer, Run, SECRET, command, finish};
use serde_json::{Value, json};

const CALL: [&str; 5] = ["call", "sales.StockSync.cancelSync", "178238", "-1", "--send"];

fn call(peer: &Peer, more: &[&str]) -> Run {
    let args = [&CALL, more].concat();
    let mut command = command(&args);
    command.env("WDT_BASE_URL", peer.base());
    finish(command)
}

#[test]
fn a_dry_run_sends_nothing() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut dry = command(&[&CALL[..4], &["--json"]].concat());
    dry.env("WDT_BASE_URL", format!("http://{}", listener.local_addr().unwrap()));
    let run = finish(dry);
    assert_eq!(run.code, 0);
    let document = run.json();
    assert_eq!(document["sent"], false);
    assert_eq!(document["body"], "[178238,-1]");
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    let run = finish(command(&CALL[..4]));
    assert!(run.err.contains("nothing was sent"), "{}", run.err);
}

#[test]
fn the_request_arrives_as_it_was_signed() {
    let peer = Peer::answering("200 OK", br#"{"status":0}"#);
    let base = peer.base();
    assert_eq!(call(&peer, &[]).code, 0);
    let request = peer.request();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, "[178238,-1]");
    assert!(head.starts_with("POST /openapi?sid=wdtapi3&key=wdt_test&salt=testsalt&method=sales.StockSync.cancelSync&timestamp="));
    let head = head.to_lowercase() + "\r\n";
    assert!(head.contains("\r\ncontent-type: application/json\r\n"), "{head}");
    assert!(head.contains("\r\ncontent-length: 11\r\n"), "{head}");
    assert!(head.contains(&format!("\r\nhost: {}\r\n", base.trim_start_matches("http://"))));
    assert!(!head.contains(SECRET) && !head.contains("accept-encoding: gzip"), "{head}");
}

#[test]
fn numbers_are_printed_digit_by_digit() {
    let reply = r#"{"status":0,"data":{"n":999999999999999.9999,"z":1.0000,"e":1E+2,"i":123456789012345678901,"名":"\u4e2d"},"total":7}"#;
    let data = &reply[19..reply.rfind(",\"total\"").unwrap()];
    let run = call(&Peer::answering("200 OK", reply), &[]);
    assert_eq!(run.code, 0);
    let compact: String = run.out.split_whitespace().collect();
    assert_eq!(compact, data);
    assert!(run.out.contains("\n  \"n\": 999999999999999.9999,\n"), "{}", run.out);
    assert!(run.err.contains("total 7"));

    let run = call(&Peer::answering("200 OK", reply), &["--raw"]);
    assert_eq!(run.out, reply);
    let run = call(&Peer::answering("200 OK", reply), &["--json"]);
    assert!(run.out.contains(data), "{}", run.out);
    let document = run.json();
    assert_eq!((&document["ok"], &document["sent"]), (&json!(true), &json!(true)));
    assert_eq!((&document["total"], &document["http_status"]), (&json!(7), &json!(200)));
}

#[test]
fn warnings_are_told_and_the_call_is_made() {
    let odd = ["call", "sales.StockSync.cancelSync", "\"178238\"", "-1", "--send"];
    let call = |more: &[&str], language: &str| {
        let peer = Peer::answering("200 OK", r#"{"status":0,"data":1}"#);
        let mut command = command(&[&odd, more].concat());
        command.env("WDT_BASE_URL", peer.base()).env("WDT_LANG", language);
        let run = finish(command);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        run
    };
    let run = call(&[], "en");
    assert!(run.err.contains("warning: /0") && run.out == "1\n", "{}{}", run.out, run.err);
    assert!(call(&[], "zh").err.contains("警告：/0"));
    let document = call(&["--json"], "en").json();
    assert_eq!(document["warnings"][0]["code"], "coercible_type");
    let peer = Peer::answering("200 OK", r#"{"status":0}"#);
    let mut plain = command(&[&CALL[..], &["--json"]].concat());
    plain.env("WDT_BASE_URL", peer.base());
    assert_eq!(finish(plain).json()["warnings"], json!([]));
}

#[test]
fn who_answered_in_the_platforms_place_is_named() {
    for (reply, part) in [
        (r#"{"code":1010,"message":"x"}"#, "enterprise edition"),
        (r#"{"error_response":{"code":25,"msg":"x"}}"#, "Qimen"),
        (r#"{"status":404,"error":"Not Found","path":"/"}"#, "web server"),
    ] {
        let run = call(&Peer::answering("200 OK", reply), &[]);
        assert_eq!(run.code, 3);
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
}

#[test]
fn a_refusal_is_exit_code_1() {
    let reply =
        r#"{"status":100,"message":"超过每分钟最大调用频率限制，请稍后重试","data":{"n":1.0000}}"#;
    let run = call(&Peer::answering("200 OK", reply), &[]);
    assert_eq!(run.code, 1);
    for part in ["status 100", "rate_limit", "超过每分钟", "5 to 10 minutes", "worth another try"]
    {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
    let run = call(&Peer::answering("200 OK", reply), &["--json"]);
    assert_eq!(run.code, 1);
    let document = run.json();
    assert_eq!(document["error"]["code"], "api");
    assert_eq!(document["error"]["status"], 100);
    assert_eq!(document["error"]["kind"], "rate_limit");
    assert_eq!(document["error"]["retryable"], true);
    assert!(run.out.contains(r#"{"n":1.0000}"#), "{}", run.out);
    // A server that repeats the secret is not repeated.
    let echo = format!(r#"{{"status":1,"message":"验证失败 {SECRET}"}}"#);
    for more in [&[] as &[&str], &["--json"]] {
        let run = call(&Peer::answering("200 OK", echo.clone()), more);
        assert_eq!(run.code, 1);
        assert!(format!("{}{}", run.out, run.err).contains("验证失败 ***"));
    }
}

#[test]
fn what_is_no_reply_of_the_platforms_is_exit_code_3() {
    let cases: [(Peer, &str); 8] = [
        (Peer::answering("502 Bad Gateway", "<html>502</html>"), "HTTP 502"),
        (Peer::answering("200 OK", ""), "the body is empty"),
        (Peer::answering("200 OK", r#"{"data":1}"#), "no status"),
        (Peer::answering("301 Moved\r\nLocation: http://127.0.0.1:1/", ""), "HTTP 301"),
        (Peer::answering("200 OK", vec![b' '; (32 << 20) + 1]), "the limit is 33554432"),
        // A gateway's failure that carries the text of a success is none.
        (Peer::answering("500 Internal Server Error", r#"{"status":0}"#), "HTTP 500"),
        (Peer::answering("403 Forbidden", r#"{"status":0,"data":1}"#), "HTTP 403"),
        (Peer::answering("302 Found", r#"{"status":0}"#), "HTTP 302"),
    ];
    for (peer, part) in cases {
        let run = call(&peer, &["--json"]);
        assert_eq!(run.code, 3, "{}", run.out);
        let document = run.json();
        assert_eq!(document["error"]["code"], "transport");
        assert_eq!(document["error"]["exit_code"], 3);
        let text = document["error"]["message"].as_str().unwrap();
        assert!(text.contains(part), "{part}: {text}");
        assert!(text.contains("whether the call took effect is unknown"), "{text}");
        assert!(document["error"]["message_zh"].as_str().unwrap().contains("不确定"));
    }
    // A refusal keeps its meaning whatever the HTTP status.
    let reply = r#"{"status":7,"message":"时间戳错误"}"#;
    assert_eq!(call(&Peer::answering("500 Internal Server Error", reply), &[]).code, 1);
}

#[test]
fn a_lost_answer_says_that_the_call_may_have_taken_effect() {
    let unknown = "whether the call took effect is unknown";
    let run = call(&Peer::start(|_| {}), &[]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains(unknown), "{}", run.err);

    let cut = Peer::start(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"status\":0").unwrap();
    });
    let run = call(&cut, &[]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains(unknown), "{}", run.err);

    let (done, wait) = std::sync::mpsc::channel::<()>();
    let silent = Peer::start(move |_| {
        let _ = wait.recv_timeout(Duration::from_secs(60));
    });
    let run = call(&silent, &["--timeout", "1"]);
    drop(done);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("timeout") && run.err.contains(unknown), "{}", run.err);

    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut refused = command(&CALL);
    refused.env("WDT_BASE_URL", format!("http://{address}"));
    let run = finish(refused);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("was not sent"), "{}", run.err);
}

#[test]
fn a_base_that_is_none_is_named() {
    for (base, part) in [
        ("", "WDT_BASE_URL is not set"),
        ("erp.example", "WDT_BASE_URL: must start"),
        ("http://api.example/openapi2", "WDT_BASE_URL: is an address of the enterprise edition"),
    ] {
        let mut call = command(&CALL);
        call.env("WDT_BASE_URL", base);
        let run = finish(call);
        assert_eq!(run.code, 2);
        assert!(run.err.contains(part), "{}", run.err);
    }
}

#[cfg(unix)]
#[test]
fn the_sandbox_answers_what_wdt_signs() {
    let mut sandbox = command(&["sandbox", "--json", "--listen", "127.0.0.1:0", "--goods", "3"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(sandbox.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let run = |app_secret: &str, args: &[&str]| {
        let mut command = command(args);
        command
            .env("WDT_SID", ready["sid"].as_str().unwrap())
            .env("WDT_APPKEY", ready["key"].as_str().unwrap())
            .env("WDT_APPSECRET", app_secret)
            .env("WDT_BASE_URL", ready["base_url"].as_str().unwrap());
        finish(command)
    };
    let ask = ["call", "sales.StockSync.getSelfWaitSyncIdListOpen", "100", "0", "--send", "--json"];
    let right = run("sandbox-secret:sandbox-salt", &ask);
    let wrong = run("another-secret:sandbox-salt", &ask);
    // The shell's own: not every machine has a program of that name.
    let kill = format!("kill -TERM {}", sandbox.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let ended = sandbox.wait().unwrap();

    assert_eq!(right.code, 0, "{}{}", right.out, right.err);
    assert!(right.json()["data"].is_object(), "{}", right.out);
    assert_eq!(wrong.code, 1);
    assert_eq!(wrong.json()["error"]["kind"], "authentication");
    assert_eq!(ended.code(), Some(0));
}
