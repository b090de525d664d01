//! Any bytes as a reply: no panic, and for what is JSON the answer that `serde_json` and the tables
//! of the protocol's page lead to.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wdt_proto::{ErrorKind, Limits, MalformedReason, Response, ResponseError};
use wdt_proto_fuzz::json;

fuzz_target!(|data: &[u8]| {
    let outcome = Response::parse(data);
    match &outcome {
        Ok(response) => {
            let slice = response.data().map(str::as_bytes);
            assert!(slice.is_none_or(|s| lies_in(s, data)), "data is no part of the reply");
            let _ = response.data_as::<serde_json::Value>();
            rows(response);
        }
        Err(error) => {
            let text = format!("{error}");
            assert!(!text.is_empty() && !format!("{error:?}").is_empty());
        }
    }
    check(&outcome, &expected(data));

    // Small limits end in typed errors too.
    let limits = Limits::DEFAULT.with_max_bytes(64).with_max_depth(3);
    if let Ok(response) = Response::parse_within(data, limits) {
        assert!(data.len() <= 64 && outcome == Ok(response));
    }
});

/// Its rows as those of some queries: JSON again, and what is typed stays as it is.
fn rows(response: &Response<'_>) {
    let data = response.data().unwrap_or_default();
    let failures = wdt_proto::failures(None, response);
    assert!(failures.iter().all(|failure| !failure.message.is_empty()));
    for method in [
        "sales.TradeQuery.queryWithDetail",
        "aftersales.refund.Refund.search",
        "sales.LogisticsSync.getSyncListExt",
        "sales.StockSync.getSelfWaitSyncIdListOpen",
    ] {
        let Ok(typed) = wdt_proto::typed_rows(method, data) else { continue };
        assert!(serde_json::from_str::<Vec<&serde_json::value::RawValue>>(typed.json()).is_ok());
        assert!(typed.times().iter().all(|at| typed.json().as_bytes().get(*at) == Some(&b'"')));
        let again = wdt_proto::typed_rows(method, typed.json());
        assert!(again.is_ok_and(|again| again.json() == typed.json()));
    }
}

fn lies_in(part: &[u8], whole: &[u8]) -> bool {
    let (part, whole) = (part.as_ptr_range(), whole.as_ptr_range());
    whole.start <= part.start && part.end <= whole.end
}

/// What must come out. The texts of malformed bodies are not judged, only the reason.
#[derive(Debug)]
enum Expected<'a> {
    Success {
        data: Option<&'a str>,
        total: Option<u64>,
    },
    Api {
        status: i64,
        message: String,
        data: Option<&'a str>,
        kind: ErrorKind,
    },
    /// A web server's reply with HTTP's status, or the platform's: only members tell.
    ApiOrMalformed,
    Malformed(Option<MalformedReason>),
}

fn check(outcome: &Result<Response<'_>, ResponseError>, expected: &Expected<'_>) {
    let is_right = match (outcome, expected) {
        (Ok(response), Expected::Success { data, total }) => {
            response.data() == *data && response.total() == *total
        }
        (Err(ResponseError::Api(error)), Expected::Api { status, message, data, kind }) => {
            error.status == *status
                && error.message == *message
                && error.data.as_deref() == *data
                && error.kind == *kind
                && error.is_retryable()
                    == matches!(error.kind.as_str(), "timestamp" | "rate_limit" | "server")
        }
        (Err(ResponseError::Malformed(error)), Expected::Malformed(reason)) => {
            let names_whom = matches!(error.reason(), MalformedReason::Stranger(_));
            let may_be_another =
                matches!(reason, Some(MalformedReason::NoStatus | MalformedReason::Status));
            (names_whom && may_be_another)
                || reason.as_ref().is_none_or(|reason| error.reason() == reason)
        }
        (Err(_), Expected::ApiOrMalformed) => true,
        _ => false,
    };
    assert!(is_right, "{outcome:?} instead of {expected:?}");
}

fn expected(data: &[u8]) -> Expected<'_> {
    const DEPTH: usize = 128;
    let text = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data);
    if text.is_empty() {
        return Expected::Malformed(Some(MalformedReason::Empty));
    }
    // An error of the syntax, or another one met before it.
    let Some(reply) = json::value(text).map(serde_json::value::RawValue::get) else {
        return Expected::Malformed(None);
    };
    if json::depth(reply) > DEPTH {
        return Expected::Malformed(None);
    }
    let Some(members) = json::members(reply) else {
        return Expected::Malformed(Some(MalformedReason::NotAnObject));
    };
    let (mut status, mut message, mut found, mut total) = (None, None, None, None);
    let (mut total_beside, mut is_right_required) = (None, false);
    for (key, value) in members {
        let value = value.get();
        let stood = match key.as_str() {
            "status" => match integer(value) {
                Some(number) => status.replace(number).is_some(),
                None => return Expected::Malformed(Some(MalformedReason::Status)),
            },
            "message" => message.replace(text_of(value)).is_some(),
            "data" => found.replace(value).is_some(),
            "total" => total.replace(count(value)).is_some(),
            "total_count" => total_beside.replace(count(value)).is_some(),
            "code" => {
                is_right_required |= json::string(value).as_deref() == Some("right.required");
                false
            }
            _ => false,
        };
        if stood {
            let names = ["status", "message", "data", "total", "total_count"];
            let name = names.into_iter().find(|name| *name == key).unwrap_or_default();
            return Expected::Malformed(Some(MalformedReason::Duplicate(name)));
        }
    }
    let Some(status) = status else { return Expected::Malformed(Some(MalformedReason::NoStatus)) };
    if matches!(status, 400..=599 | 999) {
        return Expected::ApiOrMalformed;
    }
    if status != 0 {
        let message = message.unwrap_or_default();
        let kind = if is_right_required { ErrorKind::Permission } else { kind(status, &message) };
        return Expected::Api { status, message, data: found, kind };
    }
    // Where `total_count` stands twice, the last one counts.
    let inner = found.and_then(json::members).unwrap_or_default();
    let total_count = inner.iter().rfind(|(key, _)| key == "total_count");
    let total_count = total_count.and_then(|(_, value)| count(value.get()));
    let total = total.flatten().or(total_beside.flatten()).or(total_count);
    Expected::Success { data: found, total }
}

/// A whole number that 64 bits hold, as a number or as text without escapes.
fn integer(json: &str) -> Option<i64> {
    let text = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(json);
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits
        .bytes()
        .try_fold(0_i128, |n, digit| n.checked_mul(10)?.checked_add(i128::from(digit - b'0')))?;
    i64::try_from(if text.starts_with('-') { -magnitude } else { magnitude }).ok()
}

fn count(json: &str) -> Option<u64> {
    integer(json).and_then(|n| u64::try_from(n).ok())
}

fn text_of(json: &str) -> String {
    match json {
        "null" => String::new(),
        _ => json::string(json).unwrap_or_else(|| json.to_owned()),
    }
}

/// The table of statuses in the protocol's page.
fn kind(status: i64, message: &str) -> ErrorKind {
    let says = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    match status {
        1 if says(&["验证失败", "app auth fail", "sid is not "]) => ErrorKind::Authentication,
        3 => ErrorKind::Authentication,
        1 | 2 => ErrorKind::Parameter,
        4 | 5 | 1064 => ErrorKind::Server,
        6 => ErrorKind::Permission,
        7 => ErrorKind::Timestamp,
        8 => ErrorKind::Version,
        100 if says(&["超过每分钟最大调用频率限制", "超过每分钟最大并发次数限制"]) => {
            ErrorKind::RateLimit
        }
        100 if says(&["权限不足", "无仓库访问权限", "used internal only"]) => {
            ErrorKind::Permission
        }
        100 => ErrorKind::Business,
        _ => ErrorKind::Unknown,
    }
}
