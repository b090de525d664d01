//! The pieces that typed rows are made of.

use alloc::borrow::Cow;

use super::time::Time;
use crate::json::{Text, Writer};

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

impl Typed<'_> {
    /// Writes the piece as JSON: a decimal with the digits it has, a time as text, nothing for the
    /// end.
    ///
    /// ```
    /// use wdt_proto::json::Writer;
    /// use wdt_proto::rows::Typed;
    ///
    /// let mut out = Writer::default();
    /// let pieces = [Typed::BeginArray, Typed::Decimal("1.50".into()), Typed::Null, Typed::EndArray];
    /// for piece in pieces {
    ///     piece.write(&mut out);
    /// }
    /// assert_eq!(out.into_bytes(), b"[1.50,null]");
    /// ```
    pub fn write(&self, out: &mut Writer) {
        match self {
            Self::BeginArray => out.begin_array(),
            Self::EndArray => out.end_array(),
            Self::BeginObject => out.begin_object(),
            Self::EndObject => out.end_object(),
            Self::Key(key) => out.raw_key(*key),
            Self::Text(text) => out.raw_string(*text),
            Self::Integer(integer) => out.integer(*integer),
            Self::Decimal(number) => write_number(out, number),
            Self::Number(number) => write_number(out, number),
            Self::Bool(flag) => out.boolean(*flag),
            Self::Time(time) => out.string(&time.text()),
            Self::Null => out.null(),
            Self::End => {}
        }
    }
}

/// A number that a reader has read: the writer takes it.
fn write_number(out: &mut Writer, number: &str) {
    if out.number(number).is_err() {
        out.null();
    }
}
