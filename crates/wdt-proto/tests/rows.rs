//! Typed rows: the cases that all languages share, every form of a value, every documented reply.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests

use proptest::prelude::*;
use serde::Deserialize;
use wdt_proto::catalogue::Catalogue;
use wdt_proto::rows::{Time, Typed, TypedReader};
use wdt_proto::{
    Limits, MAX_ISSUES, RowsError, Severity, ValidationError, typed_rows, typed_rows_with,
};

const TRADES: &str = "sales.TradeQuery.queryWithDetail";

#[derive(Deserialize)]
struct Case {
    name: String,
    method: String,
    rows: String,
    #[serde(default)]
    typed: String,
    #[serde(default)]
    issues: Vec<Told>,
    error: Option<Refused>,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Told {
    pointer: String,
    code: String,
    message: String,
    message_zh: String,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Refused {
    code: String,
    message: String,
    message_zh: String,
}

#[derive(Deserialize)]
struct Table {
    cases: Vec<Case>,
}

fn cases() -> Vec<Case> {
    let table: Table = serde_json::from_str(include_str!("../testdata/typed_rows.json")).unwrap();
    table.cases
}

#[test]
fn the_shared_cases() {
    for Case { name, method, rows, typed, issues, error } in cases() {
        let made = match (typed_rows(&method, &rows), error) {
            (Ok(made), None) => made,
            (Err(found), Some(error)) => {
                let found = ValidationError::from(found);
                let issue = &found.issues()[0];
                let told = Refused {
                    code: issue.code().as_str().into(),
                    message: issue.message().into(),
                    message_zh: issue.zh().to_string(),
                };
                assert_eq!(told, error, "{name}");
                continue;
            }
            (made, error) => panic!("{name}: {made:?}, {error:?}"),
        };
        assert_eq!(made.json(), typed, "{name}");
        let told: Vec<Told> = made
            .issues()
            .iter()
            .map(|issue| Told {
                pointer: issue.pointer().into(),
                code: issue.code().as_str().into(),
                message: issue.message().into(),
                message_zh: issue.zh().to_string(),
            })
            .collect();
        assert_eq!(told, issues, "{name}");
        assert!(made.issues().iter().all(|issue| issue.severity() == Severity::Warning));
        for at in made.times() {
            let text = made.json()[at + 1..].split('"').next().unwrap();
            assert_eq!(Time::read(text).unwrap().to_string(), text, "{name}");
        }
        // What is typed is typed: once more changes nothing.
        assert_eq!(typed_rows(&method, made.json()).unwrap().json(), made.json(), "{name}");
    }
}

#[test]
fn a_report_is_bounded() {
    let rows = format!("[{}]", vec![r#"{"paid":"x"}"#; 500].join(","));
    let made = typed_rows(TRADES, &rows).unwrap();
    assert_eq!((made.issues().len(), made.report().omitted()), (MAX_ISSUES, 400));
    assert_eq!(made.json(), rows);
    let (json, times, report) = made.into_parts();
    assert_eq!((json, times.len(), report.warnings()), (rows, 0, 500));
}

#[test]
fn limits_hold() {
    let within = |limits| typed_rows_with(&Catalogue::new(), TRADES, "[[[1]]]", limits);
    assert!(within(Limits::DEFAULT.with_max_bytes(7)).is_ok());
    assert_eq!(
        within(Limits::DEFAULT.with_max_bytes(6)),
        Err(RowsError::TooLarge { bytes: 7, max_bytes: 6 })
    );
    assert!(matches!(within(Limits::DEFAULT.with_max_depth(2)), Err(RowsError::NotJson(_))));
}

#[test]
fn a_reader_stays_at_its_end() {
    let catalogue = Catalogue::new();
    for rows in ["null", "[]", r#"{"order":[],"total_count":1}"#] {
        let mut reader = TypedReader::new(&catalogue, TRADES, rows, Limits::DEFAULT).unwrap();
        let pieces: Vec<_> = (0..4).map(|_| reader.next().unwrap()).collect();
        assert_eq!(pieces, [Typed::BeginArray, Typed::EndArray, Typed::End, Typed::End], "{rows}");
    }
}

/// The value of a member of the only row, as JSON.
fn member(name: &str, value: &str) -> String {
    let rows = typed_rows(TRADES, &format!(r#"[{{"{name}":{value}}}]"#)).unwrap();
    assert!(rows.issues().is_empty(), "{rows:?}");
    let start = format!(r#"[{{"{name}":"#);
    let json = rows.json().strip_prefix(&start).unwrap();
    json.strip_suffix("}]").unwrap().to_owned()
}

/// Digits with a point among them, as `(mantissa, scale)` has them.
fn plain(negative: bool, mantissa: u128, scale: usize) -> String {
    let digits = format!("{mantissa:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let point = if scale > 0 { "." } else { "" };
    format!("{}{whole}{point}{fraction}", if negative { "-" } else { "" })
}

proptest! {
    #[test]
    fn a_decimal_in_any_form_is_the_same_to_the_last_digit(
        negative: bool, mantissa: u128, scale in 0_usize..40, exponent in -12_i32..12, quoted: bool,
    ) {
        let number = plain(negative, mantissa, scale);
        let with_point = if scale == 0 { format!("{number}.0") } else { number.clone() };
        let form = |text: &str| if quoted { format!("\"{text}\"") } else { text.to_owned() };
        prop_assert_eq!(member("paid", &form(&number)), with_point);
        // The same value with an exponent: the digits that count are the same, in their order.
        let moved = member("paid", &form(&format!("{number}e{exponent}")));
        prop_assert!(!moved.contains(['e', 'E']) && moved.contains('.'));
        let point = |text: &str| text.find('.').map_or(0, |at| text.len() - at - 1);
        let digits = |text: &str| {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            digits.trim_start_matches('0').trim_end_matches('0').to_owned()
        };
        prop_assert_eq!(digits(&moved), digits(&number));
        let expected_scale = i64::try_from(scale).unwrap() - i64::from(exponent);
        let found_scale = i64::try_from(point(&moved)).unwrap();
        prop_assert!(found_scale == expected_scale || (expected_scale < 1 && found_scale == 1));
    }

    #[test]
    fn a_whole_number_in_any_form_is_the_same(value: i64, zeros in 0_usize..5, quoted: bool) {
        let form = |text: String| if quoted { format!("\"{text}\"") } else { text };
        let forms = [
            value.to_string(),
            format!("{value}.0{}", "0".repeat(zeros)),
            format!("{value}{}e-{zeros}", "0".repeat(zeros)),
            format!("{value}E+0"),
        ];
        for written in forms {
            prop_assert_eq!(member("trade_id", &form(written)), value.to_string());
        }
    }

    #[test]
    fn a_moment_in_any_form_is_the_same(millis in 1_000_000_000_000_i64..10_000_000_000_000) {
        let typed = member("modified", &millis.to_string());
        let quoted = member("modified", &format!("\"{millis}\""));
        prop_assert_eq!(&typed, &quoted);
        prop_assert_eq!(&typed, &member("trade_time", &format!("{millis}.0")));
        prop_assert_eq!(&typed, &member("modified", &typed));
        let time = Time::read(typed.trim_matches('"')).unwrap();
        prop_assert_eq!(i64::from(time.millisecond()), millis % 1000);
        prop_assert_eq!(i64::from(time.second()), millis / 1000 % 60);
        prop_assert_eq!(i64::from(time.minute()), millis / 60_000 % 60);
        prop_assert_eq!(i64::from(time.hour()), (millis / 3_600_000 + 8) % 24);
        // A day later is the next day: the calendar is walked from its known end.
        let next = Time::read(&(millis + 86_400_000).to_string());
        if let Some(next) = next {
            let follows = (next.year(), next.month(), next.day()) > (time.year(), time.month(), time.day());
            prop_assert!(follows && (next.day() == time.day() + 1 || next.day() == 1));
        }
    }

    #[test]
    fn any_text_is_typed_or_kept(
        text in "([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\\..{0,5})?)?)?|[-0-9.eE+]{0,14}).{0,2}",
    ) {
        prop_assume!(!text.is_empty());
        let quoted = serde_json::to_string(&text).unwrap();
        for name in ["modified", "paid", "trade_id", "is_sealed", "detail_list"] {
            let rows = format!(r#"[{{"{name}":{quoted}}}]"#);
            let made = typed_rows(TRADES, &rows).unwrap();
            // A time in the usual form looks as it did.
            let is_kept = made.json() == rows && made.times().is_empty();
            prop_assert_eq!(made.issues().len(), usize::from(is_kept), "{}", made.json());
        }
    }

    #[test]
    fn any_json_is_kept_or_refused_never_lost(rows in "[\\[\\]{}:,\"a-f0-9.eE\\-tn ]{0,60}") {
        if let Ok(made) = typed_rows(TRADES, &rows) {
            prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(made.json()).is_ok());
        }
    }
}

#[cfg(feature = "examples")]
mod documented {
    use super::*;
    use wdt_proto::catalogue::{self, Field, Kind};
    use wdt_proto::json::Text;

    /// Walks beside the documented fields and checks that each value has its type, or is reported.
    fn well_typed(
        field: Field<'_>,
        value: &Value,
        is_element: bool,
        at: &str,
        reported: &[String],
    ) {
        if reported.iter().any(|pointer| pointer == at) || *value == Value::Null {
            return;
        }
        let is = |ok: bool| assert!(ok, "{at}: {value:?} is no {}", field.kind());
        if field.is_list() && !is_element {
            let Value::List(elements) = value else { return is(false) };
            for (i, element) in elements.iter().enumerate() {
                well_typed(field, element, true, &format!("{at}/{i}"), reported);
            }
            return;
        }
        let Value::Scalar(piece) = value else {
            let Value::Object(members) = value else { return is(false) };
            for (name, value) in members {
                if let Some(field) = field.fields().find(|field| field.name() == name) {
                    well_typed(field, value, false, &format!("{at}/{name}"), reported);
                }
            }
            return;
        };
        let is_empty = matches!(piece, Typed::Text(text) if text.raw().is_empty());
        is(match field.kind() {
            _ if field.is_time() => matches!(piece, Typed::Time(_)),
            Kind::String { .. } => matches!(piece, Typed::Text(_)),
            Kind::Int | Kind::Long | Kind::Short | Kind::Byte => {
                matches!(piece, Typed::Integer(_)) || is_empty
            }
            Kind::Decimal { .. } => matches!(piece, Typed::Decimal(_)) || is_empty,
            Kind::Bool => matches!(piece, Typed::Bool(_)) || is_empty,
            Kind::Object => false,
            _ => true,
        });
    }

    #[derive(Debug, PartialEq)]
    enum Value<'a> {
        List(Vec<Value<'a>>),
        Object(Vec<(String, Value<'a>)>),
        Scalar(Typed<'a>),
        Null,
    }

    fn tree<'a>(reader: &mut TypedReader<'a>, piece: Typed<'a>) -> Value<'a> {
        match piece {
            Typed::BeginArray => {
                let mut elements = Vec::new();
                loop {
                    match reader.next().unwrap() {
                        Typed::EndArray => return Value::List(elements),
                        piece => elements.push(tree(reader, piece)),
                    }
                }
            }
            Typed::BeginObject => {
                let mut members = Vec::new();
                while let Typed::Key(key) = reader.next().unwrap() {
                    let piece = reader.next().unwrap();
                    members.push((Text::decode(key).unwrap().into_owned(), tree(reader, piece)));
                }
                Value::Object(members)
            }
            Typed::Null => Value::Null,
            piece => Value::Scalar(piece),
        }
    }

    #[test]
    fn every_documented_reply_is_typed() {
        let known = Catalogue::new();
        let (mut methods, mut values) = (0, 0);
        for method in catalogue::methods().filter(|method| method.row_field().is_some()) {
            let mut has_rows = false;
            for reply in method.example_replies() {
                let Ok(response) = wdt_proto::Response::parse(reply.as_bytes()) else { continue };
                let data = response.data().unwrap_or("null");
                let Ok(rows) = typed_rows(method.name(), data) else { continue };
                let reported: Vec<String> =
                    rows.issues().iter().map(|issue| issue.pointer().to_owned()).collect();
                let mut reader =
                    TypedReader::new(&known, method.name(), data, Limits::DEFAULT).unwrap();
                let first = reader.next().unwrap();
                let Value::List(rows) = tree(&mut reader, first) else {
                    panic!("{}", method.name())
                };
                for (i, row) in rows.iter().enumerate() {
                    let row_field = method.row_field().unwrap();
                    well_typed(row_field, row, true, &format!("/{i}"), &reported);
                    has_rows = true;
                    values += 1;
                }
            }
            methods += usize::from(has_rows);
        }
        assert!(methods > 80 && values > 100, "{methods} methods, {values} rows");
    }
}
