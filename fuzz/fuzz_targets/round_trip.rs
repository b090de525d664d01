//! A call that was built and signed comes out of `verify` as it went in; one changed byte of the
//! query or the body, and it does not.
//!
//! Input: sid, key, app secret, method, eight bytes of choices, each behind `0xFF`; the rest is the
//! body, as JSON or, where it is none, as the seed of an argument tree.
#![no_main]

use std::collections::BTreeMap;

use arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;
use serde::Serialize;
use wdt_proto::{
    AppSecret, Credentials, FRESHNESS_SECONDS, Level, Lookup, Pager, Request, SignedRequest,
    Timestamp, VerifiedCall, VerifyError, verify,
};
use wdt_proto_fuzz::{json, split, text};

/// An argument as a caller may give it.
#[derive(Debug, Arbitrary, Serialize)]
#[serde(untagged)]
enum Argument {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    #[serde(serialize_with = "decimal")]
    Decimal(i64, u8),
    List(Vec<Argument>),
    Object(BTreeMap<String, Argument>),
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes references
fn decimal<S: serde::Serializer>(
    units: &i64,
    scale: &u8,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    wdt_proto::decimal::serialize(&Decimal::new(*units, u32::from(scale % 29)), serializer)
}

impl Argument {
    fn is_finite(&self) -> bool {
        match self {
            Self::Float(value) => value.is_finite(),
            Self::List(items) => items.iter().all(Self::is_finite),
            Self::Object(members) => members.values().all(Self::is_finite),
            _ => true,
        }
    }
}

/// The numbers of a call.
#[derive(Debug, Arbitrary)]
struct Choices {
    timestamp: u32,
    pager: Option<(u16, u8)>,
    flipped: u16,
    bit: u8,
}

fuzz_target!(|data: &[u8]| {
    let parts = split(data, 6);
    let [sid, key, app_secret, method] = [0, 1, 2, 3].map(|i| text(parts[i]));
    let Ok(choices) = Choices::arbitrary(&mut Unstructured::new(parts[4])) else { return };
    let Ok(credentials) = Credentials::new(&sid, &key, &app_secret) else { return };
    let Ok(now) = Timestamp::from_seconds(choices.timestamp.into()) else { return };
    let pager = choices.pager.and_then(|(size, no)| Pager::new(size.into(), no.into()).ok());
    let pager = pager.map(|pager| if choices.bit & 8 == 0 { pager } else { pager.with_total() });
    let mut builder = Request::builder(&method).level(Level::Off);
    if let Some(pager) = pager {
        builder = builder.pager(pager);
    }

    let raw = json::value(parts[5]).is_some();
    let built = if raw {
        builder.raw_body(parts[5])
    } else {
        let Ok(arguments) = Vec::<Argument>::arbitrary(&mut Unstructured::new(parts[5])) else {
            return;
        };
        let built = builder.args(&arguments);
        let is_finite = arguments.iter().all(Argument::is_finite);
        if let Ok(request) = &built {
            assert_eq!(request.body(), serde_json::to_vec(&arguments).unwrap_or_default());
            assert!(is_finite, "NaN went out");
        }
        built
    };
    let Ok(request) = built else { return };
    let body = request.body().to_vec();
    assert!(!raw || body == parts[5], "the bytes were touched");
    let signed = request.sign(&credentials, now);
    assert_eq!(signed.body(), body);

    let receive =
        |query: &str, body: &[u8], now| received(query, body, &sid, &key, &app_secret, now);
    // As it was sent, with or without `?`, anywhere in the window.
    for query in [signed.query().to_owned(), format!("?{}", signed.query())] {
        for off in [0, -FRESHNESS_SECONDS, FRESHNESS_SECONDS] {
            let Ok(now) = Timestamp::from_seconds(now.seconds() + off) else { continue };
            let call = receive(&query, &body, now).expect("a signed call verifies");
            assert_eq!(
                (call.0.as_str(), call.1, call.2),
                (method.as_str(), pager, signed.timestamp())
            );
        }
    }
    for off in [-FRESHNESS_SECONDS - 1, FRESHNESS_SECONDS + 1] {
        let Ok(now) = Timestamp::from_seconds(now.seconds() + off) else { continue };
        assert_eq!(receive(signed.query(), &body, now).unwrap_err().check(), "stale_timestamp");
    }
    changed(&signed, &choices, |query, body| receive(query, body, now).is_ok());
});

type Received = (String, Option<Pager>, Timestamp);

fn received(
    query: &str,
    body: &[u8],
    sid: &str,
    key: &str,
    app_secret: &str,
    now: Timestamp,
) -> Result<Received, VerifyError> {
    let look_up = |given_sid: &str, given_key: &str| match AppSecret::parse(app_secret) {
        Ok(app_secret) if (given_sid, given_key) == (sid, key) => Lookup::Found(app_secret),
        _ if given_sid == sid => Lookup::UnknownKey,
        _ => Lookup::UnknownSid,
    };
    let call: VerifiedCall<'_> = verify(query, body, look_up, now)?;
    assert_eq!((&*call.sid, &*call.key, call.body), (sid, key, body));
    Ok((call.method.into_owned(), call.pager, call.timestamp))
}

/// One bit of the query, one of the body.
fn changed(signed: &SignedRequest, choices: &Choices, passes: impl Fn(&str, &[u8]) -> bool) {
    let at = usize::from(choices.flipped);
    let mask = 1 << (choices.bit % 8);
    let mut query = signed.query().as_bytes().to_vec();
    let place = at % query.len();
    query[place] ^= mask;
    if let Ok(query) = String::from_utf8(query) {
        // `%e5` says what `%E5` says; nothing else may mean the same.
        let same = decoded(&query) == decoded(signed.query());
        assert_eq!(passes(&query, signed.body()), same, "{query}");
    }
    let mut body = signed.body().to_vec();
    let place = at % body.len();
    body[place] ^= mask;
    assert!(!passes(signed.query(), &body), "a changed body");
    body[place] ^= mask;
    body.push(b' ');
    assert!(!passes(signed.query(), &body), "a longer body");
}

/// The bytes that a query means, `&` and `=` apart.
fn decoded(query: &str) -> Vec<u16> {
    let mut meant = Vec::new();
    let mut rest = query.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex =
            |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u16::try_from(digit).ok());
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, behind @ ..]) => {
                if let (Some(high), Some(low)) = (hex(high), hex(low)) {
                    meant.push(high * 16 + low);
                    rest = behind;
                } else {
                    meant.push(0x200);
                }
            }
            (b'+', _) => meant.push(b' '.into()),
            (b'&' | b'=' | b'%', _) => meant.push(0x100 | u16::from(*first)),
            _ => meant.push(u16::from(*first)),
        }
    }
    meant
}
