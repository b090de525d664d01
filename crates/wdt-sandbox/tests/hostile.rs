//! Input that no honest client sends: a clear refusal, and the next call is answered as ever.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use common::{Call, call, journal, last_entry, parse, post, raw, request, sandbox};
use serde_json::json;
use wdt_sandbox::Sandbox;

fn is_well(sandbox: &Sandbox) {
    let answer = call(sandbox.address(), "sales.StockSync.calcStock", &json!([1001, false]));
    assert_eq!(answer.status(), 0, "{}", answer.body);
}

#[test]
fn a_body_past_the_limit_is_413() {
    let sandbox = sandbox(|config| config.max_body = 10_000);
    let address = sandbox.address();
    let fits = post(address, "/openapi?sid=a", &vec![b' '; 10_000]).unwrap();
    assert_eq!(fits.http, 200);
    for size in [10_001, 5_000_000] {
        let answer = post(address, "/openapi?sid=a", &vec![b' '; size]).unwrap();
        assert_eq!(answer.http, 413, "{size}");
        assert!(answer.body.contains("10000 bytes"), "{}", answer.body);
        assert_eq!(last_entry(address)["http_status"], 413);
    }
    // Without a length there is nothing to believe.
    let mut chunks =
        b"POST /openapi HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..20 {
        chunks.extend(b"400\r\n");
        chunks.extend([b'x'; 0x400]);
        chunks.extend(b"\r\n");
    }
    chunks.extend(b"0\r\n\r\n");
    assert_eq!(raw(address, &chunks).unwrap().http, 413);
    // Whoever asks first is told before sending anything.
    let asks = b"POST /openapi HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 99999999999\r\n\r\n";
    assert_eq!(raw(address, asks).unwrap().http, 413);
    is_well(&sandbox);
}

/// Sends a beginning, then nothing, and reads what the sandbox makes of it.
fn stall(address: SocketAddr, beginning: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(common::PATIENCE)).unwrap();
    stream.write_all(beginning).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

#[test]
fn slow_senders_get_408() {
    let sandbox = sandbox(|config| config.timeout = Duration::from_millis(400));
    let address = sandbox.address();
    for beginning in [
        "P",
        "POST /openapi?sid=a HTTP/1.1\r\nhost: x\r\nx-head",
        "POST /openapi?sid=a HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n[1,",
        "POST /openapi?sid=a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\n[1",
    ] {
        let answer = parse(&stall(address, beginning.as_bytes()));
        assert_eq!(answer.http, 408, "{beginning}");
        assert!(answer.body.contains("slow") || answer.body.contains("longer"), "{}", answer.body);
    }
    assert_eq!(stall(address, b""), b"", "an idle connection is closed without a word");
    assert_eq!(journal(address).len(), 2, "those whose head arrived");
    is_well(&sandbox);
}

/// A byte now and then does not buy more time.
#[test]
fn a_trickle_gets_408() {
    let sandbox = sandbox(|config| config.timeout = Duration::from_millis(600));
    let address = sandbox.address();
    for head in [
        "POST /openapi HTTP/1.1\r\nx-long: ",
        "POST /openapi HTTP/1.1\r\nhost: x\r\ncontent-length: 99999\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = [0; 1024];
        let mut sent = 0;
        let length = loop {
            // A write after the answer may fail; the answer is still to be read.
            let _ = stream.write_all(b"x");
            sent += 1;
            assert!(sent < 1_000, "still open");
            match stream.read(&mut answer) {
                Ok(length) => break length,
                Err(error)
                    if matches!(
                        error.kind(),
                        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                    ) => {}
                Err(error) => panic!("{error}"),
            }
        };
        assert_eq!(parse(&answer[..length]).http, 408, "{head}");
    }
    is_well(&sandbox);
}

/// Whoever asks for much and reads nothing loses the connection, and its place.
#[test]
fn who_does_not_read_loses_the_connection() {
    let sandbox = sandbox(|config| {
        config.timeout = Duration::from_millis(400);
        config.max_connections = 1;
    });
    let address = sandbox.address();
    let large = vec![b'x'; 8 << 10];
    // The connection before may not have left its place yet.
    let arrived = || post(address, "/openapi?sid=a", &large).is_ok_and(|answer| answer.http == 200);
    let arrivals = (0..100_000).filter(|_| arrived()).take(1_000).count();
    assert_eq!(arrivals, 1_000);
    let ask = || {
        let mut stream = TcpStream::connect(address).unwrap();
        let request = b"GET /__journal HTTP/1.1\r\nhost: localhost\r\n\r\n";
        let mut status = [0; 12];
        let answered = stream.write_all(request).and_then(|()| stream.read_exact(&mut status));
        (answered.is_ok() && status == *b"HTTP/1.1 200").then_some(stream)
    };
    let mut greedy = (0..100_000).find_map(|_| ask()).unwrap();
    // 8 MiB do not fit the sockets' buffers; once given up, there is room for the next.
    let deadline = std::time::Instant::now() + common::PATIENCE;
    while request(address, "GET", "/__faults", &[], b"").map_or(0, |answer| answer.http) != 200 {
        assert!(std::time::Instant::now() < deadline, "never free again");
    }
    let mut rest = Vec::new();
    // Ends early: with a reset, or with fewer bytes than were announced.
    let _ = greedy.read_to_end(&mut rest);
    assert!(rest.len() < 8 << 20, "{} bytes", rest.len());
}

#[test]
fn floods_of_headers_are_431() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    let many = (0..500).map(|n| format!("x-{n}: y\r\n")).collect::<Vec<_>>().concat();
    let long = format!("x: {}\r\n", "y".repeat(200_000));
    for headers in [many, long] {
        let head = format!("POST /openapi HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
        assert_eq!(raw(address, head.as_bytes()).unwrap().http, 431);
    }
    let target = format!("/openapi?sid={}", "a".repeat(70_000));
    let answer =
        raw(address, format!("POST {target} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).unwrap();
    assert!(matches!(answer.http, 414 | 431), "{}", answer.http);
    is_well(&sandbox);
}

#[test]
fn bad_utf_8_is_refused_by_the_platform() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    // Rightly signed, so that the body itself is what is looked at.
    let signed = Call::new("sales.StockSync.calcStock", b"[1001,\"\xff\xfe\"]".to_vec());
    assert_eq!(signed.send(address).refusal(), (1, "参数错误".into()));
    let entry = last_entry(address);
    assert!(entry["explanation"].as_str().unwrap().to_lowercase().contains("utf-8"), "{entry}");
    for query in ["sid=%FF&key=b", "sid=%", "sid=%zz", "%80=1", "&&&", "="] {
        let answer = post(address, &format!("/openapi?{query}"), b"[]").unwrap();
        assert_eq!(answer.refusal(), (1, "参数错误".into()), "{query}");
    }
    let raw_bytes = b"POST /openapi?sid=\xff\xfe HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n[]";
    let answer = raw(address, raw_bytes).unwrap();
    assert!(answer.http == 400 || answer.status() == 1, "{}", answer.http);
    is_well(&sandbox);
}

#[test]
fn what_is_no_http_is_400() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS client\r\n\r\n"[..],
        b"POST /openapi HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /openapi HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST /openapi HTTP/1.1\r\nbad header\r\n\r\n",
        b"POST /openapi HTTP/9.9\r\n\r\n",
    ] {
        assert_eq!(raw(address, bytes).unwrap().http, 400, "{}", String::from_utf8_lossy(bytes));
    }
    let broken = b"POST /openapi HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n";
    assert_eq!(raw(address, broken).unwrap().http, 400);
    is_well(&sandbox);
}

#[test]
fn deep_and_odd_json_is_refused() {
    let sandbox = sandbox(|_| {});
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for body in [
        nested(100_000),
        format!("[{}", "{\"a\":".repeat(50_000)),
        "[1001,false]]".to_owned(),
        "[1e999999999,false]".to_owned(),
        format!("[{},false]", "9".repeat(100_000)),
        "\u{feff}[1001,false]".to_owned(),
        String::new(),
        "\0".to_owned(),
    ] {
        let answer = Call::new("sales.StockSync.calcStock", body.clone()).send(sandbox.address());
        let shown = &body[..body.len().min(20)];
        assert!(answer.http == 200 && answer.status() == 1, "{shown}: {}", answer.body);
        assert!(answer.body.len() < 10_000, "{shown}: {} bytes", answer.body.len());
    }
    is_well(&sandbox);
}

#[test]
fn connections_past_the_bound_are_turned_away() {
    let sandbox = sandbox(|config| config.max_connections = 8);
    let address = sandbox.address();
    let mut held: Vec<_> = (0..8).map(|_| TcpStream::connect(address).unwrap()).collect();
    // All eight are taken in before the ninth, for connections are accepted in order.
    let answer = parse(&stall(address, b""));
    assert_eq!(answer.http, 503);
    held.clear();
    let deadline = std::time::Instant::now() + common::PATIENCE;
    loop {
        match request(address, "GET", "/__state", &[], b"") {
            Ok(answer) if answer.http == 200 => break,
            _ => assert!(std::time::Instant::now() < deadline, "never free again"),
        }
    }
    is_well(&sandbox);
}
