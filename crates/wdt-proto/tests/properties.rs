//! What must hold for every input.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wdt_proto::json::{Event, Reader, Writer};
use wdt_proto::{
    AppSecret, Credentials, Level, Lookup, Pager, Request, SignedRequest, Timestamp, VerifyError,
    decimal, verify,
};

/// Any text that credentials and method names may be: not empty, no control characters, no blanks
/// around it.
fn name() -> impl Strategy<Value = String> {
    "\\PC{1,12}".prop_filter("control or blank", |s: &String| {
        !s.chars().any(char::is_control) && s.trim() == s
    })
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

#[derive(Debug, Clone)]
struct Call {
    sid: String,
    key: String,
    secret: String,
    salt: String,
    method: String,
    args: Vec<Value>,
    pager: Option<(i32, i32, bool)>,
    seconds: i64,
}

fn call() -> impl Strategy<Value = Call> {
    let parts = (name(), name(), name(), name(), name());
    let pager = prop::option::of((1..i32::MAX, 0..i32::MAX, any::<bool>()));
    (parts, prop::collection::vec(json(), 0..4), pager, 0..4_000_000_000_i64).prop_map(
        |((sid, key, secret, salt, method), args, pager, seconds)| Call {
            sid,
            key,
            secret: secret.replace(':', ";"),
            salt,
            method,
            args,
            pager,
            seconds,
        },
    )
}

impl Call {
    fn app_secret(&self) -> String {
        format!("{}:{}", self.secret, self.salt)
    }

    fn pager(&self) -> Option<Pager> {
        self.pager.map(|(size, no, total)| {
            let pager = Pager::new(size.into(), no.into()).unwrap();
            if total { pager.with_total() } else { pager }
        })
    }

    fn time(&self) -> Timestamp {
        Timestamp::from_seconds(self.seconds).unwrap()
    }

    fn build(&self) -> SignedRequest {
        let credentials = Credentials::new(&self.sid, &self.key, &self.app_secret()).unwrap();
        let builder = Request::builder(&self.method).level(Level::Off);
        let builder = self.pager().map_or(builder, |pager| builder.pager(pager));
        builder.args(&self.args).unwrap().sign(&credentials, self.time())
    }

    fn verify(&self, query: &str, body: &[u8]) -> Result<(), VerifyError> {
        let look_up = |sid: &str, key: &str| match (sid == self.sid, key == self.key) {
            (true, true) => Lookup::Found(AppSecret::parse(&self.app_secret()).unwrap()),
            (true, false) => Lookup::UnknownKey,
            (false, _) => Lookup::UnknownSid,
        };
        let call = verify(query, body, look_up, self.time())?;
        assert_eq!(
            (&*call.sid, &*call.key, &*call.method),
            (&*self.sid, &*self.key, &*self.method)
        );
        assert_eq!((call.timestamp, call.pager, call.body), (self.time(), self.pager(), body));
        Ok(())
    }
}

/// Whether two queries differ in nothing but the letter case of a `%XX` escape, which RFC 3986
/// calls the same query.
fn same_escapes(a: &[u8], b: &[u8]) -> bool {
    let lower = |query: &[u8]| {
        let mut query = query.to_vec();
        for at in 0..query.len() {
            if query[at] == b'%' {
                query.iter_mut().skip(at + 1).take(2).for_each(u8::make_ascii_lowercase);
            }
        }
        query
    };
    lower(a) == lower(b)
}

proptest! {
    #[test]
    fn what_is_built_verifies(call in call()) {
        let signed = call.build();
        prop_assert_eq!(call.verify(signed.query(), signed.body()), Ok(()));
        let args: Vec<Value> = serde_json::from_slice(signed.body()).unwrap();
        prop_assert_eq!(args, call.args);
    }

    #[test]
    fn one_changed_byte_of_the_body_fails(call in call(), at: prop::sample::Index, flip in 1..=255_u8) {
        let signed = call.build();
        let mut body = signed.body().to_vec();
        *at.get_mut(&mut body) ^= flip;
        prop_assert_eq!(call.verify(signed.query(), &body), Err(VerifyError::WrongSignature));
    }

    #[test]
    fn one_changed_byte_of_the_query_fails(call in call(), at: prop::sample::Index, to: u8) {
        let signed = call.build();
        let mut query = signed.query().as_bytes().to_vec();
        *at.get_mut(&mut query) = to;
        prop_assume!(!same_escapes(&query, signed.query().as_bytes()));
        // A query that is no UTF-8 never gets as far as `verify`, which takes text.
        if let Ok(query) = std::str::from_utf8(&query) {
            prop_assert!(call.verify(query, signed.body()).is_err(), "{}", query);
        }
    }

    #[test]
    fn the_secret_is_in_nothing_that_is_sent_or_shown(call in call()) {
        let call = Call { secret: "S3CR3T-MARKER".into(), ..call };
        let credentials = Credentials::new(&call.sid, &call.key, &call.app_secret()).unwrap();
        let request = Request::builder(&call.method).level(Level::Off).args(&call.args).unwrap();
        let explanation = request.explain(&credentials, call.time());
        let shown = format!("{credentials:?} {explanation:?} {:?}", request.sign(&credentials, call.time()));
        prop_assert!(!shown.contains("S3CR3T-MARKER"));
    }

    #[test]
    fn decimals_survive_the_wire(whole in 0..1_000_000_000_000_000_i64, fraction in 0..10_000_i64,
                                 scale in 0..=4_u32, negative: bool) {
        #[derive(Serialize, Deserialize)]
        struct Row(#[serde(with = "wdt_proto::decimal")] Decimal);

        let kept = fraction / 10_i64.pow(4 - scale);
        let mantissa = i128::from(whole) * i128::from(10_i64.pow(scale)) + i128::from(kept);
        let value = Decimal::from_i128_with_scale(if negative { -mantissa } else { mantissa }, scale);

        let request = Request::builder("m").args(&[Row(value)]).unwrap();
        let text = std::str::from_utf8(request.body()).unwrap();
        // The oracle: the text, written with integers alone.
        let sign = if negative && mantissa != 0 { "-" } else { "" };
        let width = scale as usize;
        let plain = if scale == 0 { format!("[{sign}{whole}]") } else { format!("[{sign}{whole}.{kept:0width$}]") };
        prop_assert_eq!(text, plain);
        let [Row(back)]: [Row; 1] = serde_json::from_str(text).unwrap();
        prop_assert_eq!((back, back.scale()), (value, value.scale()));

        let mut typed = Writer::default();
        typed.decimal(value);
        prop_assert_eq!(decimal::parse(std::str::from_utf8(&typed.into_bytes()).unwrap()), Ok(value));
    }

    #[test]
    fn the_reader_agrees_with_serde_json(text in r#"[\[\]{}:,"\\a\-0-9.eE+ tfn\u0000]{0,24}"#) {
        let ours = walk(&text);
        // `RawValue` is serde_json's own walk over the text: syntax alone, no conversion.
        let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?}: {:?} {:?}", text, ours, theirs);
    }

    #[test]
    fn the_reader_takes_what_serde_json_writes(value in json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let mut strings = Vec::new();
        collect(&value, &mut strings);
        let mut read = walk(&text).unwrap();
        strings.sort();
        read.sort();
        prop_assert_eq!(read, strings);
    }

    #[test]
    fn cut_short_is_never_json(value in json(), at: prop::sample::Index) {
        let text = serde_json::to_string(&[value]).unwrap();
        let cut = &text.as_bytes()[..at.index(text.len())];
        prop_assert!(Reader::from_bytes(cut, 128).and_then(finish).is_err());
    }

    #[test]
    fn any_bytes_are_answered_without_a_panic(bytes: Vec<u8>) {
        let _ = wdt_proto::Response::parse(&bytes);
        let _ = Request::builder("m").raw_body(bytes.clone());
        let query = String::from_utf8_lossy(&bytes);
        let _ = verify(&query, &bytes, |_, _| Lookup::UnknownSid, Timestamp::from_seconds(0).unwrap());
        let _ = Credentials::new(&query, &query, &query);
        let _ = decimal::parse(&query);
    }
}

fn finish(mut reader: Reader<'_>) -> Result<(), wdt_proto::json::SyntaxError> {
    while reader.next()? != Event::End {}
    Ok(())
}

/// All keys and strings, decoded.
fn walk(text: &str) -> Result<Vec<String>, wdt_proto::json::SyntaxError> {
    let mut reader = Reader::new(text, 128);
    let mut found = Vec::new();
    loop {
        match reader.next()? {
            Event::Key | Event::String => found.push(reader.text().decode_lossy().into_owned()),
            Event::End => return Ok(found),
            _ => {}
        }
    }
}

fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(members) => {
            for (key, value) in members {
                into.push(key.clone());
                collect(value, into);
            }
        }
        _ => {}
    }
}
