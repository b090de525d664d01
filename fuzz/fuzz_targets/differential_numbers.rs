//! Numbers: our grammar against `serde_json`'s, our decimals and digit counts against `num-bigint`'s
//! integers of any size.
//!
//! Input: any text, looked at as one number and as a document.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use num_bigint::BigInt;
use num_traits::{Pow, Signed, Zero};
use rust_decimal::Decimal;
use wdt_proto::catalogue::Catalogue;
use wdt_proto::json::{Event, Reader, Writer};
use wdt_proto::{IssueCode, Level, Limits, Severity, decimal, validate_with};
use wdt_proto_fuzz::json;

/// Past this many digits the judge would take too long; the exponent's sign alone counts then.
const MAX_EXPONENT: i64 = 2000;

fuzz_target!(|data: &[u8]| {
    document(data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    let is_number = json::value(data).is_some_and(|raw| raw.get() == text && is_number(text));
    let mut writer = Writer::default();
    assert_eq!(writer.number(text).is_ok(), is_number, "{text:?}");
    assert_eq!(writer.into_bytes(), if is_number { data } else { b"" });
    if !is_number {
        assert_eq!(decimal::parse(text), Err(decimal::DecimalError::NotANumber), "{text:?}");
        return;
    }
    let exact = Exact::parse(text);
    // Digits enough to outweigh a huge exponent: the judge has no answer.
    if exact.is_none() && text.len() > 1000 {
        return;
    }
    parsed(text, exact.as_ref());
    judged(text, exact.as_ref());
});

fn is_number(json: &str) -> bool {
    json.starts_with(|c: char| c == '-' || c.is_ascii_digit())
}

/// The walk takes what `serde_json` takes, and hands out the same numbers.
fn document(data: &[u8]) {
    let mut numbers = Vec::new();
    let mut walk = || {
        let mut reader = Reader::from_bytes(data, usize::MAX)?;
        loop {
            match reader.next()? {
                Event::Number => numbers.push(reader.token()),
                Event::End => return Ok::<_, wdt_proto::json::SyntaxError>(()),
                _ => {}
            }
        }
    };
    let is_json = walk().is_ok();
    let judge = json::value(data);
    assert_eq!(is_json, judge.is_some());
    if let Some(raw) = judge {
        let mut expected = Vec::new();
        collect(raw.get(), &mut expected);
        assert_eq!(numbers, expected);
    }
}

fn collect<'j>(json: &'j str, numbers: &mut Vec<&'j str>) {
    // Deep documents are the response target's; here they would only recurse.
    if is_number(json) {
        numbers.push(json);
    } else if let Some(elements) = json::elements(json) {
        for value in elements {
            collect(value.get(), numbers);
        }
    } else if let Some(members) = json::members(json) {
        for (_, value) in members {
            collect(value.get(), numbers);
        }
    }
}

/// `units * 10^exponent`, no zeros at the end of the units.
struct Exact {
    units: BigInt,
    exponent: i64,
}

impl Exact {
    /// `None` for an exponent that is far past every limit.
    fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut units: BigInt = format!("{whole}{fraction}").parse().ok()?;
        if units.is_zero() {
            return Some(Self { units, exponent: 0 });
        }
        let exponent = exponent
            .parse::<i64>()
            .ok()
            .filter(|e| e.checked_abs().is_some_and(|e| e < MAX_EXPONENT))?;
        let mut exponent = exponent - i64::try_from(fraction.len()).ok()?;
        while (&units % 10_u8).is_zero() {
            units /= 10_u8;
            exponent += 1;
        }
        Some(Self { units, exponent })
    }

    /// The same as an integer, where it is one.
    fn integer(&self) -> Option<BigInt> {
        let zeros = u32::try_from(self.exponent).ok()?;
        Some(&self.units * BigInt::from(10).pow(zeros))
    }

    fn fraction_digits(&self) -> i64 {
        (-self.exponent).max(0)
    }

    fn whole_digits(&self) -> i64 {
        if self.units.is_zero() {
            return 0;
        }
        let digits = self.units.abs().to_string().len();
        (i64::try_from(digits).unwrap_or(i64::MAX) + self.exponent).max(0)
    }

    /// Whether 96 bits and 28 places hold it.
    fn fits_a_decimal(&self) -> bool {
        let most = (BigInt::from(1) << 96_u8) - 1;
        match self.integer() {
            Some(integer) => integer.abs() <= most,
            None => self.exponent >= -28 && self.units.abs() <= most,
        }
    }
}

fn parsed(text: &str, exact: Option<&Exact>) {
    let parsed = decimal::parse(text);
    let fits = exact.is_some_and(Exact::fits_a_decimal);
    assert_eq!(parsed.is_ok(), fits, "{text}: {parsed:?}");
    let (Ok(value), Some(exact)) = (parsed, exact) else { return };
    let same = {
        let (units, exponent) = (BigInt::from(value.mantissa()), -i64::from(value.scale()));
        let least = exponent.min(exact.exponent);
        let scaled = |units: &BigInt, exponent: i64| {
            units * BigInt::from(10).pow(u32::try_from(exponent - least).unwrap_or(u32::MAX))
        };
        scaled(&units, exponent) == scaled(&exact.units, exact.exponent)
    };
    assert!(same, "{text} became {value}");

    // Where `rust_decimal` reads the text to the digit, so do we, zeros at the end included.
    if !text.contains(['e', 'E'])
        && let Ok(theirs) = Decimal::from_str_exact(text)
    {
        assert_eq!((value, value.scale()), (theirs, theirs.scale()), "{text}");
    }
    let mut writer = Writer::default();
    writer.decimal(value);
    assert_eq!(writer.into_bytes(), value.to_string().into_bytes());
}

/// A method with one argument of each sort of number.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut catalogue = Catalogue::new();
    let method = r#"{"method": "fuzz.Number.check", "title": "t", "documented": true, "params": [
        {"name": "a", "label": "", "type": "decimal(19,4)", "required": true},
        {"name": "b", "label": "", "type": "byte", "required": true},
        {"name": "c", "label": "", "type": "short", "required": true},
        {"name": "d", "label": "", "type": "int", "required": true},
        {"name": "e", "label": "", "type": "long", "required": true},
        {"name": "f", "label": "", "type": "long", "required": true, "min": 10, "max": 5000}]}"#;
    catalogue.register(method).expect("a good file");
    catalogue
});

/// The validation's answer for each sort of number, from the exact value.
fn judged(text: &str, exact: Option<&Exact>) {
    let body = format!("[{}]", [text; 6].join(","));
    let report = validate_with(
        &CATALOGUE,
        "fuzz.Number.check",
        body.as_bytes(),
        Level::Documented,
        Limits::DEFAULT,
    );
    let found = |index: usize| {
        let pointer = format!("/{index}");
        let mut issues = report.issues().iter().filter(|issue| issue.pointer() == pointer);
        issues.find(|issue| issue.severity() == Severity::Error).map(wdt_proto::Issue::code)
    };
    let expected = match exact {
        Some(exact) => expected(exact),
        None if text.contains("e-") || text.contains("E-") => {
            [Some(IssueCode::Scale)].into_iter().chain([Some(IssueCode::Type); 5]).collect()
        }
        None => vec![Some(IssueCode::OutOfRange); 6],
    };
    for (index, expected) in expected.into_iter().enumerate() {
        assert_eq!(found(index), expected, "{text} at {index}: {report}");
    }
}

fn expected(exact: &Exact) -> Vec<Option<IssueCode>> {
    let mut expected = vec![if exact.whole_digits() > 15 {
        Some(IssueCode::OutOfRange)
    } else {
        (exact.fraction_digits() > 4).then_some(IssueCode::Scale)
    }];
    for (bits, range) in [(8, None), (16, None), (32, None), (64, None), (64, Some((10, 5000)))] {
        let limit = BigInt::from(1) << (bits - 1);
        expected.push(match exact.integer() {
            None => Some(IssueCode::Type),
            Some(value) if value < -&limit || value >= limit => Some(IssueCode::OutOfRange),
            Some(value) => range
                .filter(|(min, max)| value < (*min).into() || value > (*max).into())
                .map(|_: (i64, i64)| IssueCode::OutOfRange),
        });
    }
    expected
}
