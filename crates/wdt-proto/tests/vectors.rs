//! The shared vectors, stage by stage. They were made with an independent oracle.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use serde_json::Value;
use wdt_proto::{
    AppSecret, Credentials, EPOCH_UNIX, Level, Lookup, Pager, Request, Response, ResponseError,
    Timestamp, sign, verify,
};

fn load(file: &str) -> Value {
    let path = format!("{}/testdata/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_else(|| panic!("{field} in {case}"))
}

/// The body, which one case gives as a pattern to repeat.
fn body(case: &Value) -> String {
    case["body"].as_str().map_or_else(
        || {
            let pattern = &case["body_repeat"];
            let times = usize::try_from(pattern["times"].as_u64().unwrap()).unwrap();
            [text(pattern, "prefix"), &text(pattern, "unit").repeat(times), text(pattern, "suffix")]
                .concat()
        },
        str::to_owned,
    )
}

fn pager(case: &Value) -> Option<Pager> {
    let given = case["pager"].as_object()?;
    let number = |field: &str| given[field].as_i64().unwrap();
    let pager = Pager::new(number("page_size"), number("page_no")).unwrap();
    Some(if given["calc_total"] == true { pager.with_total() } else { pager })
}

#[test]
fn signing() {
    let vectors = load("signing.json");
    assert_eq!(vectors["epoch_unix"].as_i64(), Some(EPOCH_UNIX));
    let cases = vectors["cases"].as_array().unwrap();
    for case in cases {
        let name = text(case, "name");
        let app_secret = text(case, "app_secret");
        let (secret, _) = app_secret.split_once(':').unwrap();
        let credentials =
            Credentials::new(text(case, "sid"), text(case, "key"), app_secret).unwrap();
        let timestamp = Timestamp::from_unix(case["unix_time"].as_i64().unwrap()).unwrap();
        assert_eq!(Some(timestamp.seconds()), case["timestamp"].as_i64(), "{name}");

        let body = body(case);
        let builder = Request::builder(text(case, "method")).level(Level::Off);
        let builder = pager(case).map_or(builder, |pager| builder.pager(pager));
        let request = builder.raw_body(body.as_str()).unwrap();

        // Stage 1: the canonical string.
        let explanation = request.explain(&credentials, timestamp);
        if let Some(canonical) = case["canonical"].as_str() {
            let inner = canonical.strip_prefix(secret).unwrap().strip_suffix(secret).unwrap();
            assert_eq!(explanation.canonical, format!("***{inner}***"), "{name}");
            assert_eq!(explanation.length, canonical.len(), "{name}");
        }

        // Stage 2: the signature, by the request and by the bare algorithm, in any order.
        assert_eq!(explanation.sign.as_str(), text(case, "sign"), "{name}");
        let query = case["query"].as_object().unwrap();
        let pairs = query.iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap()));
        let parameters: Vec<_> = pairs.clone().chain([("body", body.as_str())]).collect();
        assert_eq!(sign(secret, parameters.iter().copied()).as_str(), text(case, "sign"), "{name}");
        assert_eq!(
            sign(secret, parameters.into_iter().rev()).as_str(),
            text(case, "sign"),
            "{name}"
        );

        // Stage 3: the query and what is sent.
        let signed = request.sign(&credentials, timestamp);
        let sent: serde_json::Map<String, Value> = signed
            .query_pairs()
            .into_iter()
            .map(|(key, value)| (key.into_owned(), value.into_owned().into()))
            .collect();
        assert_eq!(&sent, query, "{name}");
        assert_eq!(signed.body(), body.as_bytes(), "{name}");
        assert!(signed.query().is_ascii(), "{name}");

        // And the receiving side takes it.
        let app_secret = AppSecret::parse(app_secret).unwrap();
        let call =
            verify(signed.query(), signed.body(), |_, _| Lookup::Found(app_secret), timestamp)
                .unwrap();
        assert_eq!(call.method, text(case, "method"), "{name}");
        assert_eq!(call.pager, pager(case), "{name}");
    }
    println!("{} signing cases", cases.len());
    assert!(cases.len() >= 19);
}

#[test]
fn responses() {
    let vectors = load("responses.json");
    let cases = vectors["cases"].as_array().unwrap();
    for case in cases {
        let name = text(case, "name");
        let outcome = Response::parse(text(case, "body").as_bytes());
        match (text(case, "outcome"), outcome) {
            ("ok", Ok(response)) => {
                if let Some(data) = case.get("data") {
                    assert_eq!(response.data(), data.as_str(), "{name}");
                }
                assert_eq!(response.total(), case["total"].as_u64(), "{name}");
            }
            ("api_error", Err(ResponseError::Api(error))) => {
                assert_eq!(Some(error.status), case["status"].as_i64(), "{name}");
                if let Some(kind) = case.get("kind") {
                    assert_eq!(Some(error.kind.as_str()), kind.as_str(), "{name}");
                    assert_eq!(Some(error.is_retryable()), case["retryable"].as_bool(), "{name}");
                }
                if let Some(message) = case.get("message") {
                    assert_eq!(Some(error.message.as_str()), message.as_str(), "{name}");
                }
                assert_eq!(error.data.as_deref(), case["data"].as_str(), "{name}");
            }
            ("malformed", Err(ResponseError::Malformed(error))) => {
                assert_eq!(error.head(), text(case, "body").as_bytes(), "{name}");
            }
            (_, other) => panic!("{name}: {other:?}"),
        }
    }
    println!("{} response cases", cases.len());
    assert!(cases.len() >= 34);
}
