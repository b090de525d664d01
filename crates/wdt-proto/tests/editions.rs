//! Replies, credentials and addresses of other editions, as people meet them: the field's cases,
//! and more of each kind.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use serde_json::Value;
use wdt_proto::{
    ApiError, AppSecret, Bilingual, Credentials, Endpoint, ErrorKind, Language, MalformedReason,
    Response, ResponseError, Stranger, StrangerKind,
};

fn field(kind: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../testdata/field.json")).unwrap();
    all[kind].as_array().unwrap().clone()
}

/// One of the two texts holds what the case asks for.
fn says(told: &impl Bilingual, case: &Value) {
    let Some(wanted) = case["says"].as_str() else { return };
    let texts = [Language::English, Language::Chinese].map(|l| told.in_language(l).to_string());
    assert!(texts.iter().any(|text| text.contains(wanted)), "{case}: {texts:?}");
}

#[test]
fn replies_of_the_field() {
    let cases = field("replies");
    for case in &cases {
        let body = case["body"].as_str().unwrap();
        match (case["outcome"].as_str().unwrap(), Response::parse(body.as_bytes())) {
            ("ok", Ok(response)) => assert_eq!(response.total(), case["total"].as_u64(), "{case}"),
            ("api_error", Err(ResponseError::Api(error))) => {
                assert_eq!(Some(error.status), case["status"].as_i64(), "{case}");
                assert_eq!(Some(error.kind.as_str()), case["kind"].as_str(), "{case}");
                assert_eq!(Some(error.is_retryable()), case["retryable"].as_bool(), "{case}");
                says(&error, case);
            }
            ("malformed", Err(ResponseError::Malformed(error))) => says(&error, case),
            (_, other) => panic!("{case}: {other:?}"),
        }
    }
    assert!(cases.len() >= 8);
}

#[test]
fn credentials_of_the_field() {
    let cases = field("credentials");
    for case in &cases {
        let of = |name, or| case[name].as_str().unwrap_or(or);
        let (sid, key, app_secret) =
            (of("sid", "sid"), of("key", "key"), of("appsecret", "secret:salt"));
        match (case["want"].as_str().unwrap(), Credentials::new(sid, key, app_secret)) {
            ("refused", Err(error)) => {
                says(&error, case);
                for text in [error.to_string(), error.zh().to_string(), format!("{error:?}")] {
                    assert!(!text.contains("2e1191428410c12ea69ad068268ffe80"), "{text}");
                }
            }
            ("accepted", Ok(_)) => {}
            (_, other) => panic!("{case}: {other:?}"),
        }
    }
    assert!(cases.len() >= 3);
}

#[test]
fn bases_of_the_field() {
    let cases = field("bases");
    for case in &cases {
        match (case["url"].as_str(), Endpoint::parse(case["base"].as_str().unwrap())) {
            (Some(url), Ok(endpoint)) => assert_eq!(endpoint.as_str(), url),
            (None, Err(error)) => {
                assert_eq!(case["want"], "refused");
                says(&error, case);
                says(&error.issue("base"), case);
            }
            (_, other) => panic!("{case}: {other:?}"),
        }
    }
    assert!(cases.len() >= 4);
}

fn reason(body: &[u8]) -> MalformedReason {
    match Response::parse(body) {
        Err(ResponseError::Malformed(error)) => error.reason().clone(),
        other => panic!("{}: {other:?}", String::from_utf8_lossy(body)),
    }
}

fn stranger(body: &str) -> Stranger {
    match reason(body.as_bytes()) {
        MalformedReason::Stranger(stranger) => stranger,
        other => panic!("{body}: {other:?}"),
    }
}

fn check(body: &str, kind: StrangerKind, code: &str, words: &str) {
    let found = stranger(body);
    assert_eq!((found.kind(), found.code(), found.words()), (kind, code, words), "{body}");
}

#[test]
fn other_editions_are_told_by_their_shape() {
    use StrangerKind::{Enterprise, Qimen, Taobao};
    for (body, kind, code, words) in [
        (r#"{"code":1010,"message":"签名错误"}"#, Enterprise, "1010", "签名错误"),
        (r#"{"code":0,"message":"ok","total_count":1,"trades":[{}]}"#, Enterprise, "0", "ok"),
        (r#"{"trades":[{"a":{"code":1}}],"code":"0"}"#, Enterprise, "0", ""),
        (r#"{"code":1011,"msg":"x"}"#, Enterprise, "1011", "x"),
        (
            r#"{"response":{"flag":"failure","code":"50","message":"Remote service error","sub_message":"sign error"}}"#,
            Qimen,
            "50",
            "Remote service error: sign error",
        ),
        (r#"{"response":{"status":0,"data":{"total_count":2}}}"#, Qimen, "0", ""),
        (r#"{"response":{"data":{"order":[]}}}"#, Qimen, "", ""),
        (r#"{"wdt_wms_stockspec_search_response":{"status":0}}"#, Qimen, "0", ""),
        (
            r#"{"flag":"failure","code":"sign-check-failure","message":"x"}"#,
            Qimen,
            "sign-check-failure",
            "x",
        ),
        (
            r#"{"error_response":{"code":25,"msg":"Invalid signature"}}"#,
            Taobao,
            "25",
            "Invalid signature",
        ),
        (
            r#"{"error_response":{"code":15,"msg":"Remote service error","sub_code":"isv.x","sub_msg":"y","request_id":"r"}}"#,
            Taobao,
            "15",
            "Remote service error: y",
        ),
        (
            r#"{"code":25,"msg":"Invalid signature","request_id":"r"}"#,
            Taobao,
            "25",
            "Invalid signature",
        ),
        (r#"{"code":11,"msg":"a","sub_code":"isv.b","sub_msg":"c"}"#, Taobao, "11", "a: c"),
        (
            r#"<?xml version="1.0" encoding="utf-8" ?><error_response><args list="true"/><code>31</code><msg>Invalid timestamp</msg></error_response><!--top-->"#,
            Taobao,
            "31",
            "Invalid timestamp",
        ),
        (
            "\u{feff}<response>\n<flag>failure</flag><code>50</code><message><![CDATA[a<b]]></message></response>",
            Qimen,
            "50",
            "a<b",
        ),
    ] {
        check(body, kind, code, words);
    }
}

#[test]
fn web_servers_are_told_by_their_shape() {
    use StrangerKind::{WebPage, WebServer};
    for (body, kind, code, words) in [
        (
            r#"{"timestamp":1700000000000,"status":404,"error":"Not Found","path":"/openapi/"}"#,
            WebServer,
            "404",
            "Not Found",
        ),
        (
            r#"{"timestamp":"2026-05-01T02:00:00.000+00:00","status":500,"error":"Internal Server Error","message":"No message available","path":"/openapi"}"#,
            WebServer,
            "500",
            "Internal Server Error: No message available",
        ),
        (r#"{"timestamp":"x","status":999,"error":"None"}"#, WebServer, "999", "None"),
        (r#"{"status":"502","error":"Bad Gateway"}"#, WebServer, "502", "Bad Gateway"),
        (
            r#"{"type":"about:blank","title":"Not Found","status":404}"#,
            WebServer,
            "404",
            "Not Found",
        ),
        (r#"{"status":405,"error":{"message":"no POST"}}"#, WebServer, "405", "no POST"),
        (r#"{"error":"502 Bad Gateway"}"#, WebServer, "", "502 Bad Gateway"),
        (r#"{"error":{"code":403,"message":"no"}}"#, WebServer, "403", "no"),
        (
            r#"{"message":"no Route matched with those values"}"#,
            WebServer,
            "",
            "no Route matched with those values",
        ),
        (r#"{"message":"x","request_id":"r"}"#, WebServer, "", "x"),
        (r#"{"success":false,"errorCode":"E1","errorMsg":"m"}"#, WebServer, "E1", "m"),
        (r#"{"errors":[{"message":"x"}],"data":null}"#, WebServer, "", ""),
        (r#"{"error_msg":"404 Route Not Found"}"#, WebServer, "", "404 Route Not Found"),
        (
            r#"{"statusCode":404,"message":"Cannot POST","error":"Not Found"}"#,
            WebServer,
            "404",
            "Cannot POST: Not Found",
        ),
        (
            r#"{"Message":"No HTTP resource was found"}"#,
            WebServer,
            "",
            "No HTTP resource was found",
        ),
        (r#"{"code":404,"message":"Not Found"}"#, WebServer, "404", "Not Found"),
        (r#"{"code":401,"msg":"认证失败"}"#, WebServer, "401", "认证失败"),
        (
            r#"{"code":"rest_no_route","message":"No route","data":{"status":404}}"#,
            WebServer,
            "rest_no_route",
            "No route",
        ),
        (
            r#"{"kind":"Status","status":"Failure","message":"m","code":404}"#,
            WebServer,
            "Failure",
            "m",
        ),
        ("<html>\n<head><title>502 Bad Gateway</title></head>", WebPage, "", "502 Bad Gateway"),
        ("<!DOCTYPE html><!-- a --><HTML><TITLE>\nLogin\n</TITLE>", WebPage, "", "Login"),
        ("<Error><Code>AccessDenied</Code><Message>no</Message></Error>", WebPage, "", "no"),
    ] {
        check(body, kind, code, words);
    }
}

#[test]
fn the_platforms_own_replies_are_no_strangers() {
    let api = |body: &str| match Response::parse(body.as_bytes()) {
        Err(ResponseError::Api(error)) => error,
        other => panic!("{body}: {other:?}"),
    };
    for (body, status) in [
        (r#"{"status":100,"message":"m"}"#, 100),
        (r#"{"status":100,"message":"m","error":"e","path":"/a","timestamp":1}"#, 100),
        (r#"{"status":404,"message":"m"}"#, 404),
        (r#"{"status":500,"code":"x","message":"m","data":{"error":"e"}}"#, 500),
        (r#"{"status":1,"message":"m","response":{"status":0}}"#, 1),
    ] {
        assert_eq!(api(body).status, status, "{body}");
    }
    // A code for programs, whatever the status and the message.
    for (body, kind) in [
        (r#"{"status":100,"code":"right.required","message":"m"}"#, ErrorKind::Permission),
        (
            r#"{"code":"right\u002erequired","status":"1","message":"验证失败"}"#,
            ErrorKind::Permission,
        ),
        (r#"{"status":100,"code":"right.other","message":"m"}"#, ErrorKind::Business),
        (r#"{"status":100,"code":["right.required"],"message":"m"}"#, ErrorKind::Business),
    ] {
        let ApiError { kind: found, .. } = api(body);
        assert_eq!(found, kind, "{body}");
    }
    assert!(Response::parse(br#"{"status":0,"code":"right.required"}"#).is_ok());
    for (body, wanted) in [
        (r#"{"data":{"error":"x"}}"#, MalformedReason::NoStatus),
        (r#"{"message":"m","data":[]}"#, MalformedReason::NoStatus),
        (r#"{"code":"right.required","message":"m"}"#, MalformedReason::NoStatus),
        (r#"{"error":null,"data":1}"#, MalformedReason::NoStatus),
        ("{}", MalformedReason::NoStatus),
        (r#"{"status":"x"}"#, MalformedReason::Status),
        (r#"{"status":null,"data":1}"#, MalformedReason::Status),
        (r#"[{"error":"x"}]"#, MalformedReason::NotAnObject),
    ] {
        assert_eq!(reason(body.as_bytes()), wanted, "{body}");
    }
    for body in ["404 page not found", "<", "< 5", "{\"error\":", "<!-- <html>"] {
        assert!(matches!(reason(body.as_bytes()), MalformedReason::Syntax(_)), "{body}");
    }
}

#[test]
fn a_body_in_gbk_is_called_so() {
    // {"code":1010,"message":"签名错误"}, whose first pair may be UTF-8 too.
    let enterprise = b"{\"code\":1010,\"message\":\"\xc7\xa9\xc3\xfb\xb4\xed\xce\xf3\"}";
    let MalformedReason::Gbk { offset: 26, stranger: Some(stranger) } = reason(enterprise) else {
        panic!()
    };
    assert_eq!((stranger.kind(), stranger.code()), (StrangerKind::Enterprise, "1010"));
    assert_eq!(stranger.words(), "", "of the characters nothing is known");
    let ours = b"{\"status\":1,\"message\":\"\xd1\xe9\xd6\xa4\xca\xa7\xb0\xdc\"}";
    assert_eq!(reason(ours), MalformedReason::Gbk { offset: 23, stranger: None });
    let error = Response::parse(ours).unwrap_err();
    for text in [error.to_string(), error.zh().to_string()] {
        assert!(text.contains("GBK") && text.contains("UTF-8"), "{text}");
    }
    // 网页
    let page = b"<html><title>\xcd\xf8\xd2\xb3</title></html>";
    let MalformedReason::Gbk { stranger: Some(stranger), .. } = reason(page) else { panic!() };
    assert_eq!(stranger.kind(), StrangerKind::WebPage);
    // Neither UTF-8 nor GBK.
    assert!(matches!(reason(b"{\"status\":0,\"data\":\"\xff\"}"), MalformedReason::Syntax(_)));
}

#[test]
fn what_a_server_repeats_of_the_query_is_shown_without_signature_and_salt() {
    let query = "sid=s&salt=SALT&sign=SIGN";
    for body in [
        format!(r#"{{"Message":"no match for 'http://a/openapi?{query}'."}}"#),
        format!(r#"{{"status":404,"error":"/openapi?{query}","path":"x"}}"#),
        format!("<title>Cannot POST /openapi?{query}</title>"),
        format!("POST /openapi?{query} not found"),
    ] {
        let error = Response::parse(body.as_bytes()).unwrap_err();
        for text in [error.to_string(), error.zh().to_string()] {
            assert!(text.contains("/openapi?sid=s"), "{text}");
            assert!(!text.contains("SALT") && !text.contains("SIGN"), "{text}");
        }
    }
}

#[test]
fn an_app_secret_is_refused_by_the_receiving_side_too() {
    assert!(AppSecret::parse(" secret:salt").is_err());
}
