//! Every shape that serde knows, on its way into a body; `serde_json` is the judge of the bytes, and
//! a NaN is found wherever it hides.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize, Serializer};
use wdt_proto::catalogue::Catalogue;
use wdt_proto::json::Writer;
use wdt_proto::{
    Credentials, HEADERS, IssueCode, Level, Limits, Pager, Request, Response, Timestamp,
    ValidationError, decimal,
};

#[derive(Serialize)]
enum Shape {
    Unit,
    Newtype(f64),
    Tuple(u8, f64),
    Struct { at: Option<f64> },
}

#[derive(Serialize)]
struct Newtype(f64);

#[derive(Serialize)]
struct Tuple(i8, f64);

#[derive(Serialize)]
struct Unit;

/// All at once; `x` stands in every place that a float may have.
fn everything(x: f64) -> impl Serialize {
    let numbers =
        (1_i8, 2_i16, 3_i32, 4_u8, 5_u16, 6_u32, u64::MAX, i64::MIN, i128::MAX, u128::MAX);
    let shapes =
        [Shape::Unit, Shape::Newtype(x), Shape::Tuple(1, x), Shape::Struct { at: Some(x) }];
    let others = (true, 'c', "text", (), Unit, Newtype(x), Tuple(1, x), None::<f64>, 0.5_f32);
    (numbers, shapes, others, BTreeMap::from([(7, vec![x])]))
}

fn build<T: Serialize>(args: &T) -> Result<Request<'static>, ValidationError> {
    Request::builder("m").level(Level::Off).args(args)
}

#[test]
fn all_shapes_are_written_as_serde_json_writes_them() {
    let args = everything(1.5);
    assert_eq!(build(&args).unwrap().body(), serde_json::to_vec(&args).unwrap());
}

#[test]
fn a_nan_is_found_in_every_shape() {
    let pointer = |error: ValidationError| {
        assert_eq!(error.issues()[0].code(), IssueCode::Type);
        error.issues()[0].pointer().to_owned()
    };
    let nan = f64::NAN;
    for (args, expected) in [
        ((Shape::Newtype(nan), 0.0), "/0/Newtype"),
        ((Shape::Tuple(0, nan), 0.0), "/0/1"),
        ((Shape::Struct { at: Some(nan) }, 0.0), "/0/at"),
        ((Shape::Unit, f64::INFINITY), "/1"),
    ] {
        assert_eq!(pointer(build(&args).unwrap_err()), expected);
    }
    assert_eq!(pointer(build(&[Newtype(nan)]).unwrap_err()), "/0");
    assert_eq!(pointer(build(&[Tuple(1, f64::NEG_INFINITY)]).unwrap_err()), "/0/1");
    assert_eq!(pointer(build(&[f32::NAN]).unwrap_err()), "/0");
    assert_eq!(pointer(build(&[BTreeMap::from([(7, [nan])])]).unwrap_err()), "/0/7/0");
    assert_eq!(pointer(build(&everything(nan)).unwrap_err()), "/1/1/Newtype");
}

#[test]
fn what_refuses_to_be_written_says_why() {
    struct Refuses;
    impl Serialize for Refuses {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("the shop is closed"))
        }
    }
    let error = build(&[Refuses]).unwrap_err();
    assert_eq!(error.issues()[0].code(), IssueCode::Type);
    assert!(error.to_string().contains("the shop is closed"), "{error}");
}

#[test]
fn the_writer_writes_all_that_json_has() {
    let mut writer = Writer::with_capacity(64);
    assert!(writer.is_empty());
    writer.begin_array();
    assert_eq!(writer.len(), 1);
    writer.boolean(true);
    writer.boolean(false);
    writer.null();
    writer.integer(i64::MIN);
    writer.string("库\u{1f}\"\\\u{8}");
    writer.begin_object();
    writer.key("a\n");
    writer.decimal(Decimal::new(-5, 3));
    writer.key("b");
    writer.number("1e-7").unwrap();
    writer.end_object();
    writer.begin_array();
    writer.end_array();
    for text in ["", "NaN", "1_000", ".5", "1 ", "+1", "01"] {
        let error = writer.number(text).unwrap_err();
        assert_eq!(error.to_string(), "not a JSON number", "{text}");
    }
    writer.end_array();
    let text = String::from_utf8(writer.into_bytes()).unwrap();
    assert_eq!(
        text,
        "[true,false,null,-9223372036854775808,\"库\\u001f\\\"\\\\\\u0008\",{\"a\\n\":-0.005,\"b\":1e-7},[]]"
    );
    let back: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(back[4], "库\u{1f}\"\\\u{8}");
}

#[test]
fn exact_decimals_through_serde() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Row {
        #[serde(with = "decimal")]
        num: Decimal,
        #[serde(with = "decimal::option", default)]
        price: Option<Decimal>,
    }
    let read = |text: &str| serde_json::from_str::<Row>(text);
    let text = r#"{"num":1.0000,"price":null}"#;
    let row = read(text).unwrap();
    assert_eq!((row.num.to_string().as_str(), row.price), ("1.0000", None));
    assert_eq!(serde_json::to_string(&row).unwrap(), text);
    let row = read(r#"{"num":"-2.50","price":"\u0031"}"#).unwrap();
    assert_eq!((row.num.to_string(), row.price.unwrap().to_string()), ("-2.50".into(), "1".into()));
    for (value, why) in [
        (r#""x""#, "not a JSON number"),
        (r#""\ud83d""#, "not a JSON number"),
        ("true", "not a JSON number"),
        ("[1]", "not a JSON number"),
        ("1e99", "more digits"),
    ] {
        let error = read(&format!(r#"{{"num":1,"price":{value}}}"#)).unwrap_err().to_string();
        assert!(error.contains(why), "{value}: {error}");
        assert!(read(&format!(r#"{{"num":{value}}}"#)).is_err());
    }
}

#[test]
fn messages_of_other_types_are_kept_as_they_stand() {
    for (message, text) in [
        (r#""\u9a8c\ud83d""#, "验\u{fffd}"),
        ("null", ""),
        ("404", "404"),
        (r#"{"code": [1.0]}"#, r#"{"code": [1.0]}"#),
    ] {
        let body = format!(r#"{{"status":9,"message":{message}}}"#);
        let Err(wdt_proto::ResponseError::Api(error)) = Response::parse(body.as_bytes()) else {
            panic!("{body}")
        };
        assert_eq!(error.message, text);
    }
    let page = Response::parse("<html>网关超时 ".repeat(50).as_bytes()).unwrap_err().to_string();
    assert!(page.contains("the body starts with \"<html>网关") && page.ends_with('…'), "{page}");
}

#[test]
fn a_request_hands_out_what_it_was_made_of() {
    let mut catalogue = Catalogue::new();
    catalogue
        .register(r#"{"method":"my.Call","title":"t","documented":true,"paged":true}"#)
        .unwrap();
    let pager = Pager::new(50, 2).unwrap();
    let limits = Limits::DEFAULT.with_max_bytes(20).with_max_depth(2);
    let builder = Request::builder("my.Call").catalogue(&catalogue).pager(pager).limits(limits);
    assert_eq!(builder.limits_in_force(), limits);
    assert!(builder.raw_body("[[[]]]").is_err() && builder.raw_body(" ".repeat(21)).is_err());

    let request = builder.raw_body("[ ]").unwrap();
    assert_eq!(
        (request.method(), request.pager(), request.body()),
        ("my.Call", Some(pager), &b"[ ]"[..])
    );
    assert_eq!(request.warnings(), [], "the registered method is known");
    let unknown = Request::builder("my.Call").raw_body("[]").unwrap();
    assert_eq!(unknown.warnings()[0].code(), IssueCode::UnknownMethod);

    let now = Timestamp::from_seconds(450_444_516).unwrap();
    let credentials = Credentials::new("s", "k", "secret:salt").unwrap();
    let signed = unknown.sign(&credentials, now);
    assert_eq!((signed.timestamp(), signed.headers()), (now, &HEADERS[..]));
    assert_eq!(signed.warnings()[0].code(), IssueCode::UnknownMethod);
    let sign = signed.signature().to_string();
    assert_eq!(format!("{:?}", signed.signature()), format!("Signature({sign})"));
    assert!(signed.signature().matches(&sign) && !signed.signature().matches(&sign.to_uppercase()));
    let pairs = signed.query_pairs();
    assert_eq!(pairs.last().unwrap(), &("sign".into(), sign.into()));
    assert_eq!(signed.into_body(), b"[]");
}

#[test]
fn a_body_of_a_writer_is_held_to_the_same_rules() {
    let written = |text: &str, level, limits| {
        let mut writer = Writer::default();
        match text {
            "" => writer.null(),
            text => {
                writer.begin_array();
                writer.string(text);
                writer.end_array();
            }
        }
        Request::builder("m")
            .level(level)
            .limits(limits)
            .written(writer)
            .map_err(|error| error.issues()[0].code())
    };
    for level in [Level::Off, Level::Documented] {
        assert_eq!(written("x", level, Limits::DEFAULT).unwrap().body(), br#"["x"]"#);
        assert_eq!(written("", level, Limits::DEFAULT).unwrap_err(), IssueCode::NotAnArray);
        let short = Limits::DEFAULT.with_max_bytes(4);
        assert_eq!(written("x", level, short).unwrap_err(), IssueCode::TooLong);
    }
}

#[test]
fn all_signatures_of_a_request_are_over_the_same_bytes() {
    let credentials = Credentials::new("s", "k", "secret:salt").unwrap();
    let times = [450_444_516, 450_444_520].map(|s| Timestamp::from_seconds(s).unwrap());
    let method = String::from("system.Core.now");
    let request = Request::builder(&method).raw_body("[ ]").unwrap().into_owned();
    drop(method);

    let [first, second] = times.map(|time| request.sign(&credentials, time));
    assert_eq!([first.timestamp(), second.timestamp()], times);
    assert!(first.query().contains("timestamp=450444516&"));
    assert!(second.query().contains("timestamp=450444520&"));
    assert_eq!(first.signature(), request.explain(&credentials, times[0]).sign);
    assert_ne!(first.signature(), second.signature());
    assert_eq!(first, request.clone().sign(&credentials, times[0]));

    let bytes = request.body().as_ptr();
    assert_eq!([first.body().as_ptr(), second.body().as_ptr()], [bytes, bytes]);
    assert_eq!(first.warnings().as_ptr(), request.warnings().as_ptr());

    let copy = first.into_body();
    assert_ne!(copy.as_ptr(), bytes, "the request still has the bytes");
    drop(request);
    let body = second.into_body();
    assert_eq!((body.as_ptr(), &body), (bytes, &copy), "the last one gives them away");
}
