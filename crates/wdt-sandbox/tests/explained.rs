//! What the journal says of a wrong signature: the proven mistake and its fix, in both languages, and
//! nothing that the caller did not have.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::time::Instant;

use common::{Call, get, last_entry, sandbox};
use serde_json::{Value, json};

const CALC: &str = "sales.StockSync.calcStock";
/// As the README says it.
const MAX_EXPLAINED: usize = 32 << 10;

fn calc() -> Call {
    Call::new(CALC, "[1001,false]")
}

/// The call as `signed` signs it.
fn signed_as(call: &Call, signed: &Call) -> String {
    call.query_with(&signed.sign())
}

fn codes(entry: &Value) -> Vec<&str> {
    let mistakes = entry["mistakes"].as_array().unwrap();
    mistakes.iter().map(|mistake| mistake["code"].as_str().unwrap()).collect()
}

#[test]
fn the_proven_mistake_is_named_in_both_languages_and_nothing_is_given_away() {
    let sandbox = sandbox(|_| {});
    let secret = |secret: &str| Call { secret: secret.into(), ..calc() };
    let rewritten = Call { body: b"[1001, false]".to_vec(), ..calc() };
    let other_salt = calc().with("salt", "my-salt");
    for (call, signed, expected, english, chinese) in [
        (
            calc(),
            secret("sandbox-secret:sandbox-salt"),
            "secret_with_salt",
            "the whole secret:salt",
            "整个 secret:salt",
        ),
        (
            calc(),
            secret("sandbox-salt"),
            "secret_is_salt",
            "the salt was used",
            "把 salt 当成了密钥",
        ),
        (calc(), rewritten, "body_reserialised", "give your HTTP library bytes", "只序列化一次"),
        (calc(), calc().with("page_size", "7"), "", "check the appsecret", "请先核对 appsecret"),
        (calc().with("v2", "x"), calc(), "parameter_not_signed", "v2 is sent", "参数 v2 发送了"),
        // The right salt was signed and another one sent: neither is shown.
        (other_salt, calc(), "parameter_differs", "sent as another one", "发送的却是另一个值"),
    ] {
        let target = format!("/openapi?{}", signed_as(&call, &signed));
        let answer = common::post(sandbox.address(), &target, &call.body).unwrap();
        assert_eq!(answer.refusal(), (1, "验证失败".into()));
        let entry = last_entry(sandbox.address());
        assert_eq!(codes(&entry).first().copied().unwrap_or_default(), expected, "{entry}");
        let text = |key: &str| entry[key].as_str().unwrap().to_owned();
        assert!(text("explanation").contains(english), "{entry}");
        assert!(text("explanation_zh").contains(chinese), "{entry}");
        let proved = ["sign received comes out exactly", "恰好得到收到的 sign"];
        assert_eq!(text("explanation").contains(proved[0]), !expected.is_empty(), "{entry}");
        assert_eq!(text("explanation_zh").contains(proved[1]), !expected.is_empty(), "{entry}");
        for mistake in entry["mistakes"].as_array().unwrap() {
            assert!(mistake["title"].as_str().unwrap().is_ascii());
            assert!(!mistake["title_zh"].as_str().unwrap().is_ascii());
        }
        let journal = get(sandbox.address(), "/__journal").body;
        for hidden in ["sandbox-secret", "sandbox-salt", "my-salt", &call.sign(), &signed.sign()] {
            assert!(!journal.contains(hidden), "{hidden}: {journal}");
        }
    }
}

#[test]
fn the_answer_is_the_same_whatever_is_explained() {
    let sandbox = sandbox(|_| {});
    let call = Call { secret: "sandbox-secret:sandbox-salt".into(), ..calc() };
    let answer = call.send(sandbox.address());
    assert_eq!(answer.json(), json!({"status": 1, "message": "验证失败"}));
    calc().send(sandbox.address());
    assert_eq!(codes(&last_entry(sandbox.address())), [""; 0]);
    // An injected fault is told first; the call was not looked at.
    let body = br#"{"fault":"server=1"}"#;
    assert_eq!(common::post(sandbox.address(), "/__faults", body).unwrap().http, 200);
    call.send(sandbox.address());
    let entry = last_entry(sandbox.address());
    assert!(entry["explanation_zh"].as_str().unwrap().starts_with("注入的故障（server）"));
    assert_eq!(codes(&entry), [""; 0]);
}

/// Whoever sends a large body, or a query of thousands of parameters, buys no large search.
#[test]
fn what_is_explained_is_bounded() {
    let sandbox = sandbox(|config| config.max_body = 20 << 20);
    let secret = "sandbox-secret:sandbox-salt";
    let body = |size: usize| format!("[\"{}\"]", "x".repeat(size - 4)).into_bytes();
    for (size, expected) in
        [(MAX_EXPLAINED, "secret_with_salt"), (MAX_EXPLAINED + 1, ""), (20 << 20, "")]
    {
        let call = Call { secret: secret.into(), body: body(size), ..calc() };
        let started = Instant::now();
        assert_eq!(call.send(sandbox.address()).refusal(), (1, "验证失败".into()));
        assert!(started.elapsed().as_secs() < 20, "{size}: {:?}", started.elapsed());
        let entry = last_entry(sandbox.address());
        assert_eq!(codes(&entry).first().copied().unwrap_or_default(), expected);
        let advises = entry["explanation"].as_str().unwrap().contains("`wdt explain`");
        assert_eq!(advises, expected.is_empty(), "{size}");
    }
    let many = (0..400).fold(calc(), |call, n| call.with(&format!("p{n}"), ""));
    let many = Call { secret: "another".into(), ..many };
    let started = Instant::now();
    assert_eq!(many.send(sandbox.address()).status(), 1);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn one_is_explained_at_a_time_and_all_are_answered() {
    let sandbox = sandbox(|_| {});
    let address = sandbox.address();
    let callers: Vec<_> = (0..24)
        .map(|n| {
            let call = Call { secret: format!("another{n}"), ..calc() };
            std::thread::spawn(move || call.send(address).refusal())
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.join().unwrap(), (1, "验证失败".into()));
    }
    assert!(common::journal(address).iter().all(|entry| codes(entry).is_empty()));
}
