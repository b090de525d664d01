//! The words that bindings and users compare: stable API, so each stands here once more.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use wdt_proto::catalogue::{Catalogue, Field};
use wdt_proto::json::{Reader, SyntaxErrorKind};
use wdt_proto::{
    ErrorKind, IssueCode, Level, Limits, Pager, Response, ResponseError, Severity, Timestamp,
    VerifyError, validate_with,
};

#[test]
fn kinds_of_errors_and_what_to_do() {
    for (status, message, word, retryable, advice) in [
        (1, "验证失败", "authentication", false, "explain"),
        (1, "invalid argument count", "parameter", false, "documentation"),
        (2, "", "parameter", false, "documentation"),
        (3, "需要动态口令", "authentication", false, "sid, key and appsecret"),
        (4, "", "server", true, "later"),
        (5, "数据库错误", "server", true, "later"),
        (6, "ip限制", "permission", false, "permit"),
        (7, "时间戳错误", "timestamp", true, "clock"),
        (8, "", "version", false, "1.0"),
        (100, "超过每分钟最大并发次数限制", "rate_limit", true, "5 to 10 minutes"),
        (100, "新建订单权限不足", "permission", false, "permit"),
        (100, "used internal only", "permission", false, "permit"),
        (100, "货品不存在", "business", false, "message"),
        (99, "", "unknown", false, "ask the platform"),
        (-1, "", "unknown", false, "ask the platform"),
    ] {
        let body = format!(r#"{{"status":{status},"message":"{message}"}}"#);
        let Err(ResponseError::Api(error)) = Response::parse(body.as_bytes()) else { panic!() };
        assert_eq!(error.kind, ErrorKind::classify(status, message));
        assert_eq!((error.kind.as_str(), error.is_retryable()), (word, retryable), "{body}");
        assert!(error.kind.advice().contains(advice), "{body}");
        let text = error.to_string();
        assert!(
            text.contains(&format!("status {status} ({word})"))
                && text.ends_with(error.kind.advice())
        );
        assert!(text.contains(message), "{text}");
    }
}

#[test]
fn the_server_that_refuses_answers_as_the_vendor_does() {
    let text = || "x".to_owned();
    let pager = VerifyError::Pager(Pager::new(0, 0).unwrap_err());
    for (error, check, status, message, kind) in [
        (VerifyError::MalformedQuery(text()), "malformed_query", 1, "参数错误", "parameter"),
        (VerifyError::Missing("sid"), "missing_parameter", 1, "参数错误", "parameter"),
        (VerifyError::Duplicate(text()), "duplicate_parameter", 1, "参数错误", "parameter"),
        (VerifyError::UnknownSid(text()), "unknown_sid", 1, "sid is not exists", "authentication"),
        (VerifyError::UnknownKey(text()), "unknown_key", 1, "app auth fail", "authentication"),
        (VerifyError::WrongVersion(text()), "wrong_version", 8, "版本错误", "version"),
        (
            VerifyError::MalformedTimestamp(text()),
            "malformed_timestamp",
            7,
            "时间戳错误",
            "timestamp",
        ),
        (
            VerifyError::StaleTimestamp { ahead_by: 121 },
            "stale_timestamp",
            7,
            "时间戳错误",
            "timestamp",
        ),
        (VerifyError::WrongSalt, "wrong_salt", 1, "验证失败", "authentication"),
        (VerifyError::WrongSignature, "wrong_signature", 1, "验证失败", "authentication"),
        (pager, "pager", 1, "参数错误", "parameter"),
    ] {
        assert_eq!(error.check(), check);
        assert_eq!((error.status(), error.vendor_message()), (status, message), "{check}");
        assert_eq!(error.kind().as_str(), kind, "{check}");
    }
}

#[test]
fn levels_are_read_from_their_words() {
    for (word, level) in
        [("strict", Level::Strict), ("documented", Level::Documented), ("off", Level::Off)]
    {
        assert_eq!((word.parse(), level.as_str()), (Ok(level), word));
    }
    for word in ["", "Strict", "OFF", "off "] {
        let error = word.parse::<Level>().unwrap_err().to_string();
        assert!(error.contains("\"strict\"") && error.contains("\"off\""));
    }
    assert_eq!(Level::default(), Level::Documented);
    assert_eq!(Limits::default(), Limits::DEFAULT);
}

#[test]
fn issues_print_their_code_and_weight() {
    assert_eq!(IssueCode::CoercibleType.to_string(), "coercible_type");
    assert_eq!(
        (Severity::Warning.to_string(), Severity::Error.to_string()),
        ("warning".into(), "error".into())
    );
}

#[test]
fn kinds_of_fields_are_written_as_in_the_catalogue() {
    let types = [
        "string",
        "string(40)",
        "int",
        "long",
        "short",
        "byte",
        "decimal(19,4)",
        "bool",
        "datetime",
        "object",
        "map",
        "unknown",
    ];
    let fields: Vec<String> = types
        .iter()
        .enumerate()
        .map(|(i, t)| format!(r#"{{"name":"f{i}","label":"","type":"{t}","required":false}}"#))
        .collect();
    let method = format!(
        r#"{{"method":"m","title":"t","documented":true,"params":[{}]}}"#,
        fields.join(",")
    );
    let mut catalogue = Catalogue::new();
    catalogue.register(&method).unwrap();
    let method = catalogue.method("m").unwrap();
    let written: Vec<String> = method.params().map(|field| field.kind().to_string()).collect();
    assert_eq!(written, types);
    // Short in a debugger: names, not tables.
    assert_eq!(format!("{method:?}"), r#"Method("m")"#);
    let first: Field<'_> = method.params().next().unwrap();
    assert_eq!(format!("{first:?}"), r#"Field("f0")"#);
}

#[test]
fn objects_of_more_than_64_fields_are_checked_to_the_last() {
    let fields: Vec<String> = (0..70)
        .map(|i| format!(r#"{{"name":"f{i}","label":"","type":"int","required":true}}"#))
        .collect();
    let method = format!(
        r#"{{"method":"m","title":"t","documented":true,"params":[
            {{"name":"p","label":"","type":"object","required":true,"fields":[{}]}}]}}"#,
        fields.join(",")
    );
    let mut catalogue = Catalogue::new();
    catalogue.register(&method).unwrap();
    let members = |numbers: &mut dyn Iterator<Item = u32>| -> String {
        numbers.map(|i| format!(r#""f{i}":{i}"#)).collect::<Vec<_>>().join(",")
    };
    let issues = |members: &str| -> Vec<(String, &str)> {
        let body = format!("[{{{members}}}]");
        validate_with(&catalogue, "m", body.as_bytes(), Level::Documented, Limits::DEFAULT)
            .issues()
            .iter()
            .map(|issue| (issue.pointer().to_owned(), issue.code().as_str()))
            .collect()
    };
    assert_eq!(issues(&members(&mut (0..70))), []);
    assert_eq!(issues(&members(&mut (0..70).rev())), []);
    assert_eq!(issues(&members(&mut (0..69))), [("/0/f69".into(), "missing")]);
    let twice = format!("{},\"f68\":1", members(&mut (0..70)));
    assert_eq!(issues(&twice), [("/0/f68".into(), "duplicate_field")]);
}

#[test]
fn what_is_no_json_says_where_and_why() {
    let error = |text: &str| {
        let mut reader = Reader::new(text, 3);
        loop {
            match reader.next() {
                Ok(wdt_proto::json::Event::End) => panic!("{text} is JSON"),
                Ok(_) => {}
                Err(error) => return error,
            }
        }
    };
    for (text, offset, message) in [
        ("[1,", 3, "the text ends too early at byte 3"),
        ("[1;2]", 2, "unexpected ';' at byte 2"),
        ("[\u{1}]", 1, "unexpected byte 0x01 at byte 1"),
        ("[tru]", 1, "unexpected 't' at byte 1"),
        ("[1.]", 1, "not a JSON number at byte 1"),
        (r#"["\x"]"#, 2, "not a JSON escape at byte 2"),
        (r#"["\ud8"]"#, 2, "not a JSON escape at byte 2"),
        ("[\"\u{1f}\"]", 2, "control character U+001F in a string, write it as \\u001f at byte 2"),
        ("[[[[]]]]", 3, "nested deeper than 3 at byte 3"),
        ("[] []", 3, "more text behind the document at byte 3"),
        (r#"{"a":1,}"#, 7, "unexpected '}' at byte 7"),
        (r#"{"a" 1}"#, 5, "unexpected '1' at byte 5"),
        ("{1:1}", 1, "unexpected '1' at byte 1"),
    ] {
        let found = error(text);
        assert_eq!((found.offset, found.to_string().as_str()), (offset, message), "{text}");
    }
    let error = Reader::from_bytes(b"[\"\xe5\xba\"]", 3).unwrap_err();
    assert_eq!((error.offset, error.kind), (2, SyntaxErrorKind::NotUtf8));
    assert_eq!(error.to_string(), "not UTF-8 at byte 2");
}

#[test]
fn moments_are_compared() {
    let [early, late] = [5, 9].map(|seconds| Timestamp::from_seconds(seconds).unwrap());
    assert!(early < late);
    assert_eq!((late.ahead_of(early), early.ahead_of(late)), (4, -4));
}
