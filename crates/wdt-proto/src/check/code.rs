//! The kinds of issues: stable API.

use core::fmt;

/// The kind of an issue. Codes are stable API; the texts beside them are for people.
///
/// ```
/// use wdt_proto::{IssueCode, Level, validate};
///
/// let report = validate("sales.StockSync.cancelSync", b"[178238]", Level::Strict);
/// assert_eq!(report.issues()[0].code(), IssueCode::Missing);
/// assert_eq!(IssueCode::OutOfRange.as_str(), "out_of_range");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IssueCode {
    /// The body is not JSON, or nested deeper than the limit.
    NotJson,
    /// The body is JSON but not an array of positional arguments.
    NotAnArray,
    /// More arguments than the method has.
    ArgumentCount,
    /// A required value is absent.
    Missing,
    /// `null` stands where a value is required.
    Null,
    /// A value has a type that cannot be sent in its place.
    Type,
    /// A value has another type than documented, which the platform is known to take: a number as
    /// text, `1` for `true`, ….
    CoercibleType,
    /// A number lies outside what its place allows.
    OutOfRange,
    /// A decimal has more fractional digits than fit.
    Scale,
    /// A text has more characters than fit, or the body more bytes than the limit.
    TooLong,
    /// A field that nobody documents, or a misspelt one.
    UnknownField,
    /// The same field twice in one object, where the catalogue describes the object.
    DuplicateField,
    /// A character that the platform cannot take: outside the Basic Multilingual Plane, half of a
    /// surrogate pair, or a control character in a name.
    UnsupportedCharacter,
    /// A text does not have the form that its place asks for.
    Format,
    /// A value that is not among the documented ones.
    Enum,
    /// A span of time that ends before it begins, or is longer than the method allows.
    Span,
    /// More rows or values than one call may carry.
    Batch,
    /// A method that the catalogue does not know.
    UnknownMethod,
}

impl IssueCode {
    /// The code as text, the same in every binding: `not_json`, `out_of_range`, ….
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::NotAnArray => "not_an_array",
            Self::ArgumentCount => "argument_count",
            Self::Missing => "missing",
            Self::Null => "null",
            Self::Type => "type",
            Self::CoercibleType => "coercible_type",
            Self::OutOfRange => "out_of_range",
            Self::Scale => "scale",
            Self::TooLong => "too_long",
            Self::UnknownField => "unknown_field",
            Self::DuplicateField => "duplicate_field",
            Self::UnsupportedCharacter => "unsupported_character",
            Self::Format => "format",
            Self::Enum => "enum",
            Self::Span => "span",
            Self::Batch => "batch",
            Self::UnknownMethod => "unknown_method",
        }
    }
}

impl fmt::Display for IssueCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
