//! One scalar value against one field.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::Write as _;

use super::{Walk, Walked};
use crate::catalogue::{Field, Layout, Scalar};
use crate::check::cause::Cause;
use crate::check::found::{Expected, Found};
use crate::check::{digits, time};
use crate::decimal;
use crate::json::{Event, SyntaxError, Text, number_len};

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
            self.wrong_type(field, scalar.expected(), event)?;
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
            let characters = longest_part(text, field.separator_of_lengths());
            if characters > max {
                let tolerated = characters <= field.longest();
                self.issue(field, tolerated, |_| Cause::TooManyCharacters { characters, max });
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
                    let digits = digits.whole;
                    let cause = Cause::IntegerDigits { digits, precision, scale };
                    self.issue(field, false, |_| cause);
                    return false;
                }
                if digits.fraction > fraction {
                    let digits = digits.fraction;
                    let cause = Cause::FractionDigits { digits, precision, scale };
                    self.issue(field, false, |_| cause);
                    return false;
                }
            }
            Scalar::Integer { bits } => {
                if digits.fraction > 0 {
                    self.issue(field, false, |_| Cause::NotWhole { number: Found::kept(number) });
                    return false;
                }
                let limit = 1_i128 << (bits - 1);
                let fits = |value: &i128| (-limit..limit).contains(value);
                if digits.whole > 19 || digits::integer(number).as_ref().is_none_or(|v| !fits(v)) {
                    let number = || Found::kept(number);
                    self.issue(field, false, |_| Cause::TooWide { number: number(), bits });
                    return false;
                }
            }
            _ => {}
        }
        let is_plain = matches!(scalar, Scalar::Decimal { .. }) || is_plain_integer(number);
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
            if time::seconds(layout, &text).is_none() {
                self.other_layout(field, layout, &text);
            }
        } else if field.is_in_span()
            && !text.is_empty()
            && time::seconds_of_readable(&text).is_none()
        {
            // The page types it as plain text: nothing proves that the platform refuses it.
            self.not_a_date(field, Layout::Seconds, &text, true);
        }
        if let (Some(separator), Some(_)) = (separator, field.max_items()) {
            self.batch(field, text.split(separator).count());
        }
        if has_codes && !is_written_otherwise(field, &text) && !is_documented(field, &text) {
            self.issue(field, true, |reader| not_documented(field, Found::of(reader, event)));
        }
        if has_range {
            self.in_range(field, &text);
        }
    }

    /// A text that is no date-time of its place's layout: perhaps it can be read all the same.
    fn other_layout(&mut self, field: Field<'a>, layout: Layout, text: &str) {
        let Some(written) = time::written(text) else {
            let is_tolerated = text.is_empty() && field.tolerates_empty();
            return self.not_a_date(field, layout, text, is_tolerated);
        };
        self.issue(field, true, |_| Cause::OtherLayout {
            layout: layout.pattern(),
            text: Found::kept(text),
            written,
        });
    }

    fn not_a_date(&mut self, field: Field<'a>, layout: Layout, text: &str, is_warning: bool) {
        self.issue(field, is_warning, |_| Cause::NotADate {
            layout: layout.pattern(),
            text: Found::kept(text),
            tolerated: text.is_empty() && is_warning,
        });
    }

    fn in_range(&mut self, field: Field<'a>, text: &str) {
        let Ok(value) = decimal::parse(text) else { return };
        let (min, max) = field.range();
        let below = min.is_some_and(|min| value < min.into());
        let above = max.is_some_and(|max| value > max.into());
        if below || above {
            self.issue(field, false, |_| Cause::OutOfRange { value, min, max });
        }
    }

    fn coercible(&mut self, field: Field<'a>, scalar: Scalar, event: Event) {
        let expected = match (scalar, event) {
            (Scalar::Integer { .. }, Event::Number) => Expected::PlainInteger,
            _ => scalar.expected(),
        };
        let strict = self.found.is_strict();
        self.issue(field, true, |reader| Cause::OtherType {
            expected,
            found: Found::of(reader, event),
            strict,
        });
    }

    fn wrong(&mut self, field: Field<'a>, scalar: Scalar, event: Event) -> bool {
        self.issue(field, false, |reader| Cause::WrongType {
            expected: scalar.expected(),
            found: Found::of(reader, event),
        });
        false
    }
}

impl Scalar {
    pub(crate) fn expected(self) -> Expected {
        match self {
            Self::Text { .. } => Expected::String,
            Self::Integer { .. } => Expected::Integer,
            Self::Decimal { .. } => Expected::Number,
            Self::Bool => Expected::Boolean,
        }
    }
}

/// The characters of a text, or of the longest of the values that it joins.
fn longest_part(text: Text<'_>, separator: Option<char>) -> usize {
    let (mut longest, mut here) = (0, 0);
    for c in text.chars() {
        if c.is_ok() && c.ok() == separator {
            here = 0;
        } else {
            here += 1;
            longest = longest.max(here);
        }
    }
    longest
}

/// Whether a whole number is written as something else, `20.0` or `true`. That is an issue already:
/// the same value is not told a second time that it is no documented code.
fn is_written_otherwise(field: Field<'_>, text: &str) -> bool {
    matches!(field.scalar(), Some(Scalar::Integer { .. })) && !is_plain_integer(text)
}

fn is_plain_integer(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
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

/// The first documented values are named.
fn not_documented(field: Field<'_>, found: Found) -> Cause {
    const NAMED: usize = 8;
    let mut known = String::new();
    for (i, code) in field.codes().take(NAMED).enumerate() {
        let comma = if i > 0 { ", " } else { "" };
        // A text takes whatever is written into it.
        let _ = write!(known, "{comma}{} {}", code.value, code.label);
    }
    Cause::NotDocumented { found, known, more: field.codes().len() > NAMED }
}
