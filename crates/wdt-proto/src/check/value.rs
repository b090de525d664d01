//! One scalar value against one field.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use super::issue::IssueCode;
use super::walk::{Walk, Walked};
use super::{digits, time};
use crate::catalogue::{Field, Scalar};
use crate::decimal;
use crate::json::{Event, Reader, SyntaxError, Text, number_len};

impl<'a> Walk<'a> {
    /// A scalar field's value: its type, then what else limits it.
    pub(super) fn scalar(&mut self, field: Field<'a>, scalar: Scalar, event: Event) -> Walked {
        if self.element(field, scalar, event)? {
            self.limited(field, event);
        }
        Ok(())
    }

    /// An element of a list of scalars, or the value of a scalar field: its type and its
    /// characters. Whether a look at the field's other limits makes sense.
    pub(super) fn element(
        &mut self,
        field: Field<'a>,
        scalar: Scalar,
        event: Event,
    ) -> Result<bool, SyntaxError> {
        if matches!(event, Event::BeginArray | Event::BeginObject | Event::Null) {
            self.wrong_type(field, scalar.due(), event)?;
            return Ok(false);
        }
        let is_typed = self.typed(field, scalar, event);
        if is_typed && event == Event::String && has_unsupported(self.reader.text()) {
            self.character(Some(field));
        }
        Ok(is_typed)
    }

    /// Judges the type; whether a look at the other limits makes sense.
    fn typed(&mut self, field: Field<'a>, scalar: Scalar, event: Event) -> bool {
        match scalar {
            Scalar::Text { max_chars } => self.text(field, max_chars, event),
            Scalar::Bool => self.boolean(field, event),
            Scalar::Integer { .. } | Scalar::Decimal { .. } => match event {
                Event::Number => self.number(field, scalar, self.reader.token(), false),
                // Documented examples send true and false for integers, never for decimals.
                Event::Bool(_) if matches!(scalar, Scalar::Integer { .. }) => {
                    self.coercible(field, scalar, event);
                    true
                }
                Event::Bool(_) => self.wrong(field, scalar, event),
                _ => {
                    let text = self.reader.text();
                    if text.raw().is_empty() && field.tolerates_empty() {
                        self.coercible(field, scalar, event);
                        return false;
                    }
                    match text.decode() {
                        Some(number) if number_len(number.as_bytes()) == Some(number.len()) => {
                            self.number(field, scalar, &number, true)
                        }
                        _ => self.wrong(field, scalar, event),
                    }
                }
            },
        }
    }

    fn text(&mut self, field: Field<'a>, max_chars: u32, event: Event) -> bool {
        let scalar = Scalar::Text { max_chars };
        match event {
            Event::String => {}
            Event::Number => {
                self.coercible(field, scalar, event);
                return true;
            }
            _ => return self.wrong(field, scalar, event),
        }
        let text = self.reader.text();
        let max = max_chars as usize;
        // No text has more characters than bytes.
        if max > 0 && text.raw().len() > max {
            let chars =
                if text.is_escaped() { text.chars().count() } else { text.raw().chars().count() };
            if chars > max {
                let what = format!("{chars} characters, at most {max} fit");
                self.issue(IssueCode::TooLong, field, false, &what);
            }
        }
        true
    }

    fn boolean(&mut self, field: Field<'a>, event: Event) -> bool {
        let text = match event {
            Event::Bool(_) => return true,
            Event::String => self.reader.text().decode_lossy(),
            _ => Cow::Borrowed(self.reader.token()),
        };
        let flag = matches!(&*text, "0" | "1")
            || (event == Event::String && matches!(&*text, "true" | "false"));
        if event == Event::String && text.is_empty() && field.tolerates_empty() {
            self.coercible(field, Scalar::Bool, event);
            return false;
        }
        if flag {
            self.coercible(field, Scalar::Bool, event);
            return true;
        }
        self.wrong(field, Scalar::Bool, event)
    }

    /// A number's digits and size. `quoted` if it came as text.
    fn number(&mut self, field: Field<'a>, scalar: Scalar, number: &str, quoted: bool) -> bool {
        // The usual case needs no counting.
        let fits_plainly = match scalar {
            Scalar::Integer { bits: 32 } => number.parse::<i32>().is_ok(),
            Scalar::Integer { bits: 64 } => number.parse::<i64>().is_ok(),
            Scalar::Decimal { precision, scale } => {
                digits::plainly_fit(number, (precision - scale).into(), scale.into())
            }
            _ => false,
        };
        if fits_plainly && !quoted {
            return true;
        }
        let digits = digits::count(number);
        match scalar {
            Scalar::Decimal { precision, scale } => {
                let (whole, fraction) = (i64::from(precision - scale), i64::from(scale));
                if digits.whole > whole {
                    let what = format!(
                        "{} integer digits, at most {whole} fit Decimal({precision},{scale})",
                        digits.whole
                    );
                    self.issue(IssueCode::OutOfRange, field, false, &what);
                    return false;
                }
                if digits.fraction > fraction {
                    let what = format!(
                        "{} fractional digits, at most {fraction} fit Decimal({precision},{scale}){}",
                        digits.fraction,
                        float_advice(digits.fraction)
                    );
                    self.issue(IssueCode::Scale, field, false, &what);
                    return false;
                }
            }
            Scalar::Integer { bits } => {
                if digits.fraction > 0 {
                    let what = format!("a whole number is due, not {}", shorten(number));
                    self.issue(IssueCode::Type, field, false, &what);
                    return false;
                }
                let limit = 1_i128 << (bits - 1);
                let fits = |value: &i128| (-limit..limit).contains(value);
                if digits.whole > 19 || digits::integer(number).as_ref().is_none_or(|v| !fits(v)) {
                    let what = format!("{} does not fit a {bits}-bit integer", shorten(number));
                    self.issue(IssueCode::OutOfRange, field, false, &what);
                    return false;
                }
            }
            _ => {}
        }
        let is_plain = matches!(scalar, Scalar::Decimal { .. })
            || number.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if quoted || !is_plain {
            let event = if quoted { Event::String } else { Event::Number };
            self.coercible(field, scalar, event);
        }
        true
    }

    /// What limits a value beyond its type: layout, documented values, range.
    fn limited(&mut self, field: Field<'a>, event: Event) {
        if !field.is_limited() {
            return;
        }
        let has_range = field.range() != (None, None);
        let has_codes = field.codes().len() > 0;
        let separator = field.separator();
        let text = match event {
            Event::String => self.reader.text().decode_lossy(),
            _ => Cow::Borrowed(self.reader.token()),
        };
        if let Some(layout) = field.layout() {
            let empty_is_fine = text.is_empty() && field.tolerates_empty();
            if time::seconds(layout, &text).is_none() {
                let what = format!("{} is due, not {:?}", layout.pattern(), shorten(&text));
                if empty_is_fine {
                    self.issue(IssueCode::CoercibleType, field, true, &what);
                } else {
                    self.issue(IssueCode::Format, field, false, &what);
                }
            }
        }
        if let (Some(separator), Some(_)) = (separator, field.max_items()) {
            self.batch(field, text.split(separator).count());
        }
        if has_codes && !is_documented(field, &text) {
            let known = field.codes().take(8).map(|c| format!("{} {}", c.value, c.label));
            let known = known.collect::<alloc::vec::Vec<_>>().join(", ");
            let more = if field.codes().len() > 8 { ", …" } else { "" };
            let found = describe(&self.reader, event);
            let what = format!("{found} is not among the documented values: {known}{more}");
            self.issue(IssueCode::Enum, field, true, &what);
        }
        if has_range {
            self.in_range(field, &text);
        }
    }

    fn in_range(&mut self, field: Field<'a>, text: &str) {
        let Ok(value) = decimal::parse(text) else { return };
        let (min, max) = field.range();
        let below = min.is_some_and(|min| value < min.into());
        let above = max.is_some_and(|max| value > max.into());
        if below || above {
            let allowed = match (min, max) {
                (Some(min), Some(max)) => format!("{min} to {max}"),
                (Some(min), None) => format!("at least {min}"),
                (_, max) => format!("at most {}", max.unwrap_or_default()),
            };
            let what = format!("{value} is out of range, {allowed} is allowed");
            self.issue(IssueCode::OutOfRange, field, false, &what);
        }
    }

    fn coercible(&mut self, field: Field<'a>, scalar: Scalar, event: Event) {
        let due = match (scalar, event) {
            (Scalar::Integer { .. }, Event::Number) => {
                "a whole number without point or exponent is due"
            }
            _ => scalar.due(),
        };
        let known = if self.found.is_strict() { "" } else { "; the platform is known to take it" };
        let what = format!("{due}, not {}{known}", describe(&self.reader, event));
        self.issue(IssueCode::CoercibleType, field, true, &what);
    }

    fn wrong(&mut self, field: Field<'a>, scalar: Scalar, event: Event) -> bool {
        let what = format!("{}, not {}", scalar.due(), describe(&self.reader, event));
        self.issue(IssueCode::Type, field, false, &what);
        false
    }
}

impl Scalar {
    fn due(self) -> &'static str {
        match self {
            Self::Text { .. } => "a string is due",
            Self::Integer { .. } => "a whole number is due",
            Self::Decimal { .. } => "a number is due",
            Self::Bool => "true or false is due",
        }
    }
}

/// Whether a value, as text, is one of the field's documented ones, or made of them.
fn is_documented(field: Field<'_>, text: &str) -> bool {
    let is_code = |text: &str| field.codes().any(|code| code.value == text);
    if field.scalar() == Some(Scalar::Bool) {
        let other = match text {
            "true" => "1",
            "1" => "true",
            "false" => "0",
            _ => "false",
        };
        return is_code(text) || is_code(other);
    }
    if let Some(separator) = field.separator() {
        return text.split(separator).all(|part| is_code(part.trim()));
    }
    if field.is_bitmask() {
        if let Ok(bits) = text.parse::<u64>() {
            let all = field
                .codes()
                .filter_map(|code| code.value.parse::<u64>().ok())
                .fold(0, |a, b| a | b);
            return bits & !all == 0 || is_code(text);
        }
    }
    is_code(text)
}

/// Characters that the platform's database refuses: past the Basic Multilingual Plane, and halves
/// of surrogate pairs.
pub(super) fn has_unsupported(text: Text<'_>) -> bool {
    // In UTF-8 exactly the characters past the plane start with 0xF0 or above.
    text.raw().bytes().any(|b| b >= 0xF0)
        || (text.is_escaped() && text.chars().any(|c| c.map_or(true, |c| u32::from(c) > 0xFFFF)))
}

/// What stands there, for people.
pub(super) fn describe(reader: &Reader<'_>, event: Event) -> String {
    match event {
        Event::BeginObject => "an object".into(),
        Event::BeginArray => "a list".into(),
        Event::Null => "null".into(),
        Event::Number => format!("the number {}", shorten(reader.token())),
        Event::String => format!("the text {:?}", shorten(&reader.text().decode_lossy())),
        _ => reader.token().into(),
    }
}

/// The beginning of a text that may be long.
fn shorten(text: &str) -> Cow<'_, str> {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => Cow::Owned(format!("{}…", text.get(..at).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// So many digits are the mark of binary floating point.
fn float_advice(fraction: i64) -> &'static str {
    if fraction >= 15 { "; it looks like a binary float: give a Decimal instead" } else { "" }
}
