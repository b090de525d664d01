//! From the JSON of one calculated good to the report: what every binding calls, so that none reads a
//! flag or an amount in a way of its own.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use rust_decimal::Decimal;

use super::{CalculatedStock, IncompleteStock, SyncInfo};
use crate::check::{Cause, Expected, Found, Issue, IssueCode, Limits, Pointer};
use crate::decimal::{self, DecimalError};
use crate::json::{Event, Reader, SyntaxError, Text};
use crate::language::{Bilingual, Language, bilingual, say};

impl CalculatedStock {
    /// Reads one calculated good: `data` of [`calc_stock`](super::calc_stock)'s reply, or one row of
    /// `success_date`. It takes what [`Response::data_as`](crate::Response::data_as) takes, and its
    /// error names the field.
    ///
    /// Amounts may be numbers or texts that hold one; flags are `true`, `false`, `1` or `0`. `"0"`
    /// is no flag: a language that reads texts as true would report the opposite.
    ///
    /// ```
    /// use wdt_proto::stock_sync::CalculatedStock;
    ///
    /// let stock = CalculatedStock::from_json(r#"{"rec_id":2447,"syn_stock":"12.5000"}"#)?;
    /// assert_eq!(stock.syn_stock.unwrap().to_string(), "12.5000");
    ///
    /// let error = CalculatedStock::from_json(r#"{"is_auto_listing":"0"}"#).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     r#"is_auto_listing: expected true, false, 1 or 0, found the text "0""#,
    /// );
    /// # Ok::<(), wdt_proto::stock_sync::UnreadableStock>(())
    /// ```
    ///
    /// # Errors
    /// [`UnreadableStock`] for the first field that cannot be read, and for what is no JSON object.
    pub fn from_json(json: &str) -> Result<Self, UnreadableStock> {
        read(json, Self::any)
    }
}

impl SyncInfo {
    /// What the report carries over from the JSON of one calculated good:
    /// [`CalculatedStock::from_json`] and [`CalculatedStock::sync_info`] in one. Only fields that
    /// are carried over are looked at.
    ///
    /// ```
    /// use wdt_proto::stock_sync::SyncInfo;
    ///
    /// let calculated = r#"{"rec_id":2447,"syn_stock":1,"stock_change_count":2,
    ///     "stock_syn_rule_id":-10000,"stock_syn_rule_no":"","stock_syn_warehouses":"6",
    ///     "stock_syn_mask":0,"stock_syn_percent":100,"stock_syn_plus":1.0000,"stock_syn_min":1.0000,
    ///     "stock_syn_max":550.0000,"is_auto_listing":1,"is_auto_delisting":0}"#;
    /// let info = SyncInfo::from_calculated(calculated)?.failed("平台接口限流").to_json();
    /// assert!(info.starts_with(r#"{"syn_stock":1,"stock_change_count":2,"#));
    /// assert!(info.ends_with(r#""is_syn_success":false,"syn_result":"平台接口限流"}"#));
    /// # Ok::<(), wdt_proto::stock_sync::UnreadableStock>(())
    /// ```
    ///
    /// # Errors
    /// [`UnreadableStock`] for the first field that cannot be read or, if all can, the first that is
    /// missing.
    pub fn from_calculated(json: &str) -> Result<Self, UnreadableStock> {
        Ok(read(json, CalculatedStock::carried)?.sync_info()?)
    }
}

/// Why the JSON of one calculated good cannot be read, or not be reported.
///
/// ```
/// use wdt_proto::IssueCode;
/// use wdt_proto::stock_sync::SyncInfo;
///
/// let error = SyncInfo::from_calculated(r#"{"syn_stock":1,"stock_syn_mask":0.5}"#).unwrap_err();
/// assert_eq!((error.field(), error.code()), ("stock_syn_mask", IssueCode::Type));
/// assert_eq!(error.to_string(), "stock_syn_mask: expected a whole number, found the number 0.5");
/// assert_eq!(error.zh().to_string(), "stock_syn_mask：应为整数，实际是数字 0.5");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableStock {
    field: &'static str,
    cause: Cause,
}

impl UnreadableStock {
    /// The field's name; empty for the calculation as a whole.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// The kind of mistake, as for an issue of a request:
    /// - `missing` for a field that is absent or null and that the report must carry over,
    /// - `type` for a value of another type, and for what is no object,
    /// - `out_of_range` for a number that its type cannot hold,
    /// - `duplicate_field` for a field that comes twice,
    /// - `unsupported_character` for half a surrogate pair in a text,
    /// - `not_json`.
    #[must_use]
    pub fn code(&self) -> IssueCode {
        self.cause.code()
    }

    /// The same as an issue, with a pointer into the calculation, for a program that reports it as
    /// it reports what is wrong with a request.
    ///
    /// ```
    /// use wdt_proto::stock_sync::SyncInfo;
    ///
    /// let issue = SyncInfo::from_calculated(r#"{"syn_stock":[]}"#).unwrap_err().issue();
    /// assert_eq!(issue.pointer(), "/syn_stock");
    /// assert_eq!(issue.message(), "/syn_stock: expected a number, found a list");
    ///
    /// let issue = SyncInfo::from_calculated("null").unwrap_err().issue();
    /// assert_eq!((issue.pointer(), issue.label()), ("", "calculated"));
    /// ```
    #[must_use]
    pub fn issue(&self) -> Issue {
        if self.field.is_empty() {
            return Issue::of("calculated", self.cause.clone());
        }
        let mut pointer = Pointer::default();
        pointer.push(self.field);
        Issue::at(pointer, self.cause.clone())
    }
}

impl Bilingual for UnreadableStock {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.field;
        let cause = self.cause.text(language);
        match self.cause {
            Cause::MissingField => IncompleteStock(field).write(language, f),
            _ if field.is_empty() => {
                say!(f, language, "the calculated stock: {cause}", "库存计算结果：{cause}")
            }
            _ => say!(f, language, "{field}: {cause}", "{field}：{cause}"),
        }
    }
}

bilingual!(UnreadableStock);

impl core::error::Error for UnreadableStock {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.cause {
            Cause::NotJson(error) => Some(error),
            _ => None,
        }
    }
}

impl From<IncompleteStock> for UnreadableStock {
    fn from(IncompleteStock(field): IncompleteStock) -> Self {
        Self { field, cause: Cause::MissingField }
    }
}

impl From<SyntaxError> for UnreadableStock {
    fn from(error: SyntaxError) -> Self {
        Self { field: "", cause: Cause::NotJson(error) }
    }
}

/// A field of [`CalculatedStock`], by its name.
type Place<'s> = (&'static str, &'s mut dyn Member);

/// Fields by their names: the name finds the place, the place's type says how it is read.
macro_rules! places {
    ($($function:ident: $($field:ident)*;)*) => {
        impl CalculatedStock {$(
            fn $function(&mut self, key: Text<'_>) -> Option<Place<'_>> {
                $(if key.is(stringify!($field)) {
                    return Some((stringify!($field), &mut self.$field));
                })*
                None
            }
        )*}
    };
    (carried: $($carried:ident)*; others: $($other:ident)*) => {
        places! { carried: $($carried)*; any: $($carried)* $($other)*; }
    };
}

places! {
    carried:
        syn_stock stock_change_count stock_syn_rule_id stock_syn_rule_no stock_syn_warehouses
        stock_syn_mask stock_syn_percent stock_syn_plus stock_syn_min stock_syn_max is_auto_listing
        is_auto_delisting;
    others:
        match_code list_time stock_num sub_platform_id outer_id spec_outer_id spec_id match_target_id
        match_target_type mask reserve_s goods_id rec_id last_syn_num shop_id last_syn_time
        delist_time platform_id status
}

/// Reads the fields that `place` finds, skips the others.
fn read(
    json: &str,
    place: impl for<'s> Fn(&'s mut CalculatedStock, Text<'_>) -> Option<Place<'s>>,
) -> Result<CalculatedStock, UnreadableStock> {
    let mut stock = CalculatedStock::default();
    let mut seen: Vec<&'static str> = Vec::new();
    let mut reader = Reader::new(json, Limits::DEFAULT.max_depth());
    let first = reader.next()?;
    if first != Event::BeginObject {
        let cause =
            Cause::WrongType { expected: Expected::Object, found: Found::of(&reader, first) };
        return Err(UnreadableStock { field: "", cause });
    }
    while reader.next()? == Event::Key {
        let key = reader.text();
        let value = reader.next()?;
        match place(&mut stock, key) {
            Some((field, _)) if seen.contains(&field) => {
                return Err(UnreadableStock {
                    field,
                    cause: Cause::DuplicateField { documented: false },
                });
            }
            Some((field, member)) => {
                member.read(value, &reader).map_err(|cause| UnreadableStock { field, cause })?;
                seen.push(field);
            }
            None => reader.skip(value)?,
        }
    }
    // Nothing may follow the object.
    reader.next()?;
    Ok(stock)
}

/// A field that may stay empty.
trait Member {
    fn read(&mut self, value: Event, reader: &Reader<'_>) -> Result<(), Cause>;
}

impl<T: Scalar> Member for Option<T> {
    fn read(&mut self, value: Event, reader: &Reader<'_>) -> Result<(), Cause> {
        if value != Event::Null {
            *self = Some(T::read(value, reader)?);
        }
        Ok(())
    }
}

/// A field's type.
trait Scalar: Sized {
    const EXPECTED: Expected;

    fn read(value: Event, reader: &Reader<'_>) -> Result<Self, Cause>;

    fn other_type(value: Event, reader: &Reader<'_>) -> Cause {
        Cause::WrongType { expected: Self::EXPECTED, found: Found::of(reader, value) }
    }
}

impl Scalar for String {
    const EXPECTED: Expected = Expected::String;

    fn read(value: Event, reader: &Reader<'_>) -> Result<Self, Cause> {
        match value {
            Event::String => reader.text().decode().map(Cow::into_owned).ok_or(Cause::HalfPair),
            other => Err(Self::other_type(other, reader)),
        }
    }
}

impl Scalar for Decimal {
    const EXPECTED: Expected = Expected::Number;

    fn read(value: Event, reader: &Reader<'_>) -> Result<Self, Cause> {
        let text = match value {
            Event::Number => Some(Cow::Borrowed(reader.token())),
            Event::String => reader.text().decode(),
            _ => None,
        };
        let text = text.ok_or_else(|| Self::other_type(value, reader))?;
        decimal::parse(&text).map_err(|error| match error {
            DecimalError::NotANumber => Self::other_type(value, reader),
            DecimalError::TooManyDigits => Cause::TooManyDigits { number: Found::kept(&text) },
        })
    }
}

impl Scalar for bool {
    const EXPECTED: Expected = Expected::Flag;

    fn read(value: Event, reader: &Reader<'_>) -> Result<Self, Cause> {
        match (value, reader.token()) {
            (Event::Bool(flag), _) => Ok(flag),
            (Event::Number, "1") => Ok(true),
            (Event::Number, "0") => Ok(false),
            _ => Err(Self::other_type(value, reader)),
        }
    }
}

impl Scalar for i32 {
    const EXPECTED: Expected = Expected::Integer;

    fn read(value: Event, reader: &Reader<'_>) -> Result<Self, Cause> {
        integer(value, reader, Self::BITS)
    }
}

impl Scalar for i64 {
    const EXPECTED: Expected = Expected::Integer;

    fn read(value: Event, reader: &Reader<'_>) -> Result<Self, Cause> {
        integer(value, reader, Self::BITS)
    }
}

fn integer<T: Scalar + FromStr>(value: Event, reader: &Reader<'_>, bits: u32) -> Result<T, Cause> {
    let token = reader.token();
    if value != Event::Number || token.contains(['.', 'e', 'E']) {
        return Err(T::other_type(value, reader));
    }
    token.parse().map_err(|_| Cause::TooWide { number: Found::kept(token), bits })
}
