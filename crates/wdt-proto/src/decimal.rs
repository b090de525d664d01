//! Exact decimals: `rust_decimal::Decimal` to JSON number text and back, no float between.
//!
//! `rust_decimal`'s own serde support reads JSON numbers through `f64`: a field `paid: Decimal`
//! compiles and turns `999999999999999.9999` into `1000000000000000`. Give such a field the type
//! [`Exact`], or the attribute `with`; both also read a number that a server wrote as a string.
//!
//! ```
//! use rust_decimal::Decimal;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Row {
//!     paid: wdt_proto::decimal::Exact,
//!     #[serde(with = "wdt_proto::decimal")]
//!     num: Decimal,
//!     #[serde(with = "wdt_proto::decimal::option", default, skip_serializing_if = "Option::is_none")]
//!     price: Option<Decimal>,
//! }
//!
//! let text = r#"{"paid":999999999999999.9999,"num":999999999999999.9999,"price":1.0000}"#;
//! let row: Row = serde_json::from_str(text)?;
//! assert_eq!(serde_json::to_string(&row)?, text);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! It works with `serde_json` reading from text and writing to text. It does not work through
//! `serde_json::Value`, `#[serde(flatten)]` or untagged enums: those buffer numbers as floats.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

use crate::json::{Event, Reader, Writer, number_len};
use crate::language::{Bilingual, Language, bilingual, say};

/// Why a text is not an exact [`Decimal`].
///
/// ```
/// use wdt_proto::decimal::{self, DecimalError};
///
/// assert_eq!(decimal::parse("NaN"), Err(DecimalError::NotANumber));
/// assert_eq!(decimal::parse("1e29"), Err(DecimalError::TooManyDigits));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecimalError {
    /// Not a JSON number: `NaN`, `1_000`, `.5`, `+1`, ….
    NotANumber,
    /// More digits than the 28 or 29 that a [`Decimal`] holds. Nothing is rounded.
    TooManyDigits,
}

bilingual!(DecimalError);

impl Bilingual for DecimalError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber => say!(f, language, "not a JSON number", "不是 JSON 数字"),
            Self::TooManyDigits => say!(
                f,
                language,
                "more digits than a decimal holds (28)",
                "位数超过 Decimal 能保存的 28 位"
            ),
        }
    }
}

impl core::error::Error for DecimalError {}

/// Reads a JSON number to the last digit; trailing zeros are kept where they fit.
///
/// ```
/// use wdt_proto::decimal;
///
/// assert_eq!(decimal::parse("1.0000")?.to_string(), "1.0000");
/// assert_eq!(decimal::parse("1.5e3")?.to_string(), "1500");
/// assert!(decimal::parse("NaN").is_err());
/// # Ok::<(), decimal::DecimalError>(())
/// ```
///
/// # Errors
/// [`DecimalError`]; a value that does not fit is never rounded.
pub fn parse(number: &str) -> Result<Decimal, DecimalError> {
    if number_len(number.as_bytes()) != Some(number.len()) {
        return Err(DecimalError::NotANumber);
    }
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (value, moved) = match Decimal::from_str_exact(digits) {
        Ok(value) => (value, 0),
        Err(_) => without_zeros(digits).ok_or(DecimalError::TooManyDigits)?,
    };
    // An exponent past i64 leaves only zero finite, and zero has no use for it.
    let exponent = match exponent.parse::<i64>() {
        Ok(exponent) => exponent,
        Err(_) if value.is_zero() => 0,
        Err(_) => return Err(DecimalError::TooManyDigits),
    };
    let exponent = exponent.checked_add(moved).ok_or(DecimalError::TooManyDigits)?;
    shift(value, exponent).ok_or(DecimalError::TooManyDigits)
}

/// The digits that count, as an integer, and its power of ten: more zeros than a decimal holds carry
/// no value.
fn without_zeros(digits: &str) -> Option<(Decimal, i64)> {
    let fraction = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let mut kept: String = digits.chars().filter(char::is_ascii_digit).collect();
    let len = kept.len();
    kept.truncate(kept.trim_end_matches('0').len());
    let power = i64::try_from(len - kept.len()).ok()? - i64::try_from(fraction).ok()?;
    let kept = kept.trim_start_matches('0');
    if kept.is_empty() {
        return Some((Decimal::ZERO, 0));
    }
    let value = Decimal::from_str_exact(kept).ok()?;
    Some((if digits.starts_with('-') { -value } else { value }, power))
}

/// `value * 10^exponent`, exactly or not at all.
fn shift(value: Decimal, exponent: i64) -> Option<Decimal> {
    if value.is_zero() || exponent == 0 {
        return Some(value);
    }
    let mut mantissa = value.mantissa();
    let mut scale = i64::from(value.scale()).checked_sub(exponent)?;
    while scale > i64::from(Decimal::MAX_SCALE) && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    if scale < 0 {
        let zeros = u32::try_from(-scale).ok()?;
        mantissa = mantissa.checked_mul(10_i128.checked_pow(zeros)?)?;
        scale = 0;
    }
    Decimal::try_from_i128_with_scale(mantissa, u32::try_from(scale).ok()?).ok()
}

/// Writes the exact number. For `#[serde(with = "wdt_proto::decimal")]`.
///
/// ```
/// use rust_decimal::Decimal;
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Row {
///     #[serde(serialize_with = "wdt_proto::decimal::serialize")]
///     num: Decimal,
/// }
/// let row = Row { num: "999999999999999.9999".parse()? };
/// assert_eq!(serde_json::to_string(&row)?, r#"{"num":999999999999999.9999}"#);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// The serializer's own.
pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let mut writer = Writer::default();
    writer.decimal(*value);
    let text = String::from_utf8(writer.into_bytes()).map_err(ser::Error::custom)?;
    RawValue::from_string(text).map_err(ser::Error::custom)?.serialize(serializer)
}

/// Reads the exact number, also out of a string. For `#[serde(with = "wdt_proto::decimal")]`.
///
/// ```
/// use rust_decimal::Decimal;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Row {
///     #[serde(deserialize_with = "wdt_proto::decimal::deserialize")]
///     num: Decimal,
/// }
/// let row: Row = serde_json::from_str(r#"{"num":"1.0000"}"#)?;
/// assert_eq!(row.num.to_string(), "1.0000");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// The deserializer's own, and one for a value that is no number or has too many digits.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    from_value(raw.get()).map_err(de::Error::custom)
}

/// A [`Decimal`] whose serde support loses no digit: the type for amounts in types of your own. It
/// is written and read as this module writes and reads, also inside `Option` and `Vec`.
///
/// ```
/// use wdt_proto::decimal::Exact;
/// use wdt_proto::{Response, ResponseError};
///
/// #[derive(serde::Deserialize)]
/// struct Order {
///     paid: Exact,
///     post_amount: Option<Exact>,
/// }
/// let reply = br#"{"status":0,"data":[{"paid":"999999999999999.9999","post_amount":null}]}"#;
/// let orders: Vec<Order> = Response::parse(reply)?.data_as()?;
/// assert_eq!(orders[0].paid.to_string(), "999999999999999.9999");
/// assert!(orders[0].paid.0 > 1.into() && orders[0].post_amount.is_none());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(pub Decimal);

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        Self(value)
    }
}

impl From<Exact> for Decimal {
    fn from(Exact(value): Exact) -> Self {
        value
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer).map(Self)
    }
}

/// The text of one JSON value, a number or a string that holds one.
fn from_value(json: &str) -> Result<Decimal, DecimalError> {
    let mut reader = Reader::new(json, 1);
    match reader.next() {
        Ok(Event::Number) => parse(reader.token()),
        Ok(Event::String) => parse(&reader.text().decode().ok_or(DecimalError::NotANumber)?),
        _ => Err(DecimalError::NotANumber),
    }
}

/// The same for `Option<Decimal>`: `null` is `None`. Add `default` for a field that may be absent.
pub mod option {
    use super::{Box, Decimal, Deserialize, Deserializer, RawValue, Serializer, de, from_value};

    /// Writes the exact number or `null`.
    ///
    /// ```
    /// use rust_decimal::Decimal;
    /// use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Row {
    ///     #[serde(serialize_with = "wdt_proto::decimal::option::serialize")]
    ///     price: Option<Decimal>,
    /// }
    /// assert_eq!(serde_json::to_string(&Row { price: None })?, r#"{"price":null}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// The serializer's own.
    pub fn serialize<S: Serializer>(
        value: &Option<Decimal>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => super::serialize(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads the exact number or `null`.
    ///
    /// ```
    /// use rust_decimal::Decimal;
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct Row {
    ///     #[serde(deserialize_with = "wdt_proto::decimal::option::deserialize", default)]
    ///     price: Option<Decimal>,
    /// }
    /// let row: Row = serde_json::from_str("{}")?;
    /// assert_eq!(row.price, None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`decimal::deserialize`](super::deserialize).
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Decimal>, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        match raw.get() {
            "null" => Ok(None),
            json => from_value(json).map(Some).map_err(de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn exponents_shift_exactly_or_fail() {
        for (text, plain) in [
            ("1.5e3", "1500"),
            ("15E-1", "1.5"),
            ("1.50e1", "15.0"),
            ("-2e0", "-2"),
            ("0e999999999999999999999", "0"),
            ("100e-30", "0.0000000000000000000000000001"),
            ("1e28", "10000000000000000000000000000"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), plain, "{text}");
        }
        for text in ["1e29", "1e999999999", "1e-29", "1e-999999999999999999999", "7.9e28e"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nothing_is_rounded() {
        assert_eq!(
            parse("0.12345678901234567890123456789012345"),
            Err(DecimalError::TooManyDigits)
        );
        assert_eq!(parse("999999999999999999999999999999"), Err(DecimalError::TooManyDigits));
    }

    proptest! {
        /// What our writer prints, `rust_decimal` prints too.
        #[test]
        fn the_writer_prints_what_rust_decimal_prints(
            lo: u32, mid: u32, hi: u32, negative: bool, scale in 0_u32..=28,
        ) {
            let value = Decimal::from_parts(lo, mid, hi, negative, scale);
            let mut writer = Writer::default();
            writer.decimal(value);
            prop_assert_eq!(String::from_utf8(writer.into_bytes()).unwrap(), value.to_string());
        }
    }
}
