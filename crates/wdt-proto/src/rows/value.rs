//! One value against one field of a reply: its type, or why it has none.

use alloc::borrow::Cow;
use alloc::string::String;

use super::time::Time;
use super::typed::Typed;
use crate::catalogue::{Field, Layout, Scalar};
use crate::check::{Cause, Expected, Found, digits};
use crate::json::{Event, Reader, is_number};

/// The bits of a whole number: pages call ids `int` that have outgrown 32 of them.
const BITS: u32 = 64;

/// The most digits that a number with an exponent may have without it.
const MAX_PLAIN_DIGITS: usize = 100;

/// The value that the reader has come to, no container, as the field's type.
pub(super) fn scalar<'a>(
    field: Field<'_>,
    scalar: Scalar,
    reader: &Reader<'a>,
    event: Event,
) -> Result<Typed<'a>, Cause> {
    if let Event::String = event {
        let text = reader.text();
        if text.raw().is_empty() && (field.is_time() || !matches!(scalar, Scalar::Text { .. })) {
            // Replies write no time as an empty text. Of numbers and flags none is known to do so.
            return Ok(if field.is_time() { Typed::Null } else { Typed::Text(text) });
        }
    }
    if field.is_time() {
        return moment(reader, event);
    }
    match scalar {
        Scalar::Text { .. } => match event {
            Event::String => Ok(Typed::Text(reader.text())),
            _ => Ok(Typed::Text(reader.bare_text())),
        },
        Scalar::Integer { .. } => integer(reader, event),
        Scalar::Decimal { .. } => decimal(reader, event),
        Scalar::Bool => boolean(reader, event),
    }
}

/// What a field takes, where a list or an object was given.
pub(super) fn expected(field: Field<'_>) -> Expected {
    match field.scalar() {
        // Replies write 0 and 1, too.
        Some(Scalar::Bool) => Expected::Flag,
        scalar => scalar.map_or(Expected::String, Scalar::expected),
    }
}

/// A value that cannot be what its field is.
pub(super) fn wrong(expected: Expected, reader: &Reader<'_>, event: Event) -> Cause {
    Cause::WrongType { expected, found: Found::of(reader, event) }
}

fn moment<'a>(reader: &Reader<'a>, event: Event) -> Result<Typed<'a>, Cause> {
    let text = written(reader, event);
    Time::read(&text).map(Typed::Time).ok_or_else(|| Cause::NotADate {
        layout: Layout::Seconds.pattern(),
        text: Found::kept(&text),
        tolerated: false,
    })
}

fn integer<'a>(reader: &Reader<'a>, event: Event) -> Result<Typed<'a>, Cause> {
    if let Event::Bool(flag) = event {
        return Ok(Typed::Integer(flag.into()));
    }
    let text = written(reader, event);
    if !is_number(&text) {
        return Err(wrong(Expected::Integer, reader, event));
    }
    if digits::count(&text).fraction > 0 {
        return Err(Cause::NotWhole { number: Found::kept(&text) });
    }
    let value = digits::integer(&text).and_then(|value| i64::try_from(value).ok());
    value
        .map(Typed::Integer)
        .ok_or_else(|| Cause::TooWide { number: Found::kept(&text), bits: BITS })
}

fn decimal<'a>(reader: &Reader<'a>, event: Event) -> Result<Typed<'a>, Cause> {
    let text = written(reader, event);
    if matches!(event, Event::Bool(_)) || !is_number(&text) {
        return Err(wrong(Expected::Number, reader, event));
    }
    if text.contains(['e', 'E']) {
        let plain = plain(&text).ok_or_else(|| Cause::TooManyDigits { number: Found::kept(&text) });
        return plain.map(|number| Typed::Decimal(Cow::Owned(number)));
    }
    Ok(Typed::Decimal(text))
}

fn boolean<'a>(reader: &Reader<'a>, event: Event) -> Result<Typed<'a>, Cause> {
    let text = written(reader, event);
    let value = match &*text {
        "true" => Some(true),
        "false" => Some(false),
        number if is_number(number) => match digits::integer(number) {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        _ => None,
    };
    value.map(Typed::Bool).ok_or_else(|| wrong(Expected::Flag, reader, event))
}

/// The value's text, whether it came in quotes or not.
fn written<'a>(reader: &Reader<'a>, event: Event) -> Cow<'a, str> {
    match event {
        Event::String => reader.text().decode_lossy(),
        _ => Cow::Borrowed(reader.token()),
    }
}

/// A number without its exponent, to the last digit; `None` where it would be too long.
fn plain(number: &str) -> Option<String> {
    let (mantissa, exponent) = number.split_once(['e', 'E'])?;
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = String::from(whole);
    digits.push_str(fraction);
    // Zero has no use for an exponent that is past all bounds.
    let is_zero = digits.bytes().all(|digit| digit == b'0');
    let exponent = match exponent.trim_start_matches('+').parse::<i32>() {
        Ok(exponent) if exponent.unsigned_abs() as usize <= MAX_PLAIN_DIGITS => exponent,
        _ if is_zero => 0,
        _ => return None,
    };
    let point = i32::try_from(whole.len()).ok()? + exponent;
    if point <= 0 {
        let zeros = usize::try_from(1 - point).ok()?;
        digits.insert_str(0, &"0".repeat(zeros));
    }
    let point = usize::try_from(point.max(1)).ok()?;
    while digits.len() < point {
        digits.push('0');
    }
    if digits.len() > MAX_PLAIN_DIGITS {
        return None;
    }
    let (whole, fraction) = digits.split_at(point);
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    Some([sign, whole, point, fraction].concat())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn exponents_are_written_out() {
        for (number, out) in [
            ("1e3", "1000"),
            ("1.5E+3", "1500"),
            ("1.50e1", "15.0"),
            ("-1.5e-3", "-0.0015"),
            ("12.34e1", "123.4"),
            ("12.34e-1", "1.234"),
            ("12e-2", "0.12"),
            ("0.05e1", "0.5"),
            ("0.05e2", "5"),
            ("0e3", "0"),
            ("0.00e1", "0.0"),
            ("0e999999999999", "0"),
            ("-0e-999999999999", "-0"),
            ("1e0", "1"),
        ] {
            assert_eq!(plain(number).as_deref(), Some(out), "{number}");
        }
        for number in ["1e100", "1e-100", "1e999999999", "1e-99999999999999999999"] {
            assert_eq!(plain(number), None, "{number}");
        }
        assert_eq!(plain("1e99").map(|number| number.len()), Some(100));
    }
}
