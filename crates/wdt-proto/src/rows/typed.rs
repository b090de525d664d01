//! The pieces that typed rows are made of.

use alloc::borrow::Cow;

use super::time::Time;
use crate::json::Text;

/// A piece of typed rows.
///
/// ```
/// use wdt_proto::rows::Typed;
///
/// // A decimal that came as a number or as text, `1.5e1` or `"15"`, has its digits and no exponent.
/// let amount = Typed::Decimal("15".into());
/// assert_ne!(amount, Typed::Number("15"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed<'a> {
    /// A list begins: the rows, or one inside a row.
    BeginArray,
    /// It ends.
    EndArray,
    /// An object begins.
    BeginObject,
    /// It ends.
    EndObject,
    /// The key of an object's member; its value follows.
    Key(Text<'a>),
    /// A text. Also a text in the place of something else, which it does not fit.
    Text(Text<'a>),
    /// A whole number of a documented field.
    Integer(i64),
    /// A decimal of a documented field: all its digits, no exponent, a point where one was written.
    Decimal(Cow<'a, str>),
    /// A flag. Also a flag in the place of something else, which it does not fit.
    Bool(bool),
    /// A moment of a documented field.
    Time(Time),
    /// A number that nobody documents, or that does not fit its field: as it was written.
    Number(&'a str),
    /// `null`, or an empty text in the place of a moment.
    Null,
    /// All rows have been read, and nothing is wrong behind them.
    End,
}
