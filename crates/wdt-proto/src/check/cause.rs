//! Why an issue is one: a typed cause with its figures. Texts are made of it last, when somebody
//! reads them.

use alloc::borrow::Cow;
use alloc::string::String;

use rust_decimal::Decimal;

use super::code::IssueCode;
use super::found::{Expected, Found};
use crate::json::SyntaxError;

/// What is wrong with a request, with the figures that say how.
///
/// More causes may come; match on [`Issue::code`](crate::Issue::code) where the figures do not
/// matter.
///
/// ```
/// use wdt_proto::{Cause, Found, IssueCode, Level, validate};
///
/// let report = validate("sales.StockSync.cancelSync", b"[178238,2147483648]", Level::Documented);
/// let cause = report.issues()[0].cause();
/// assert_eq!(cause, &Cause::TooWide { number: "2147483648".into(), bits: 32 });
/// assert_eq!(cause.code(), IssueCode::OutOfRange);
/// assert_eq!(cause.to_string(), "2147483648 does not fit a 32-bit integer");
/// assert_eq!(cause.zh().to_string(), "2147483648 超出 32 位整数的范围");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The text is not JSON, or nested past the limit.
    NotJson(SyntaxError),
    /// The body is JSON of another type than an array.
    NotAnArray {
        /// What it is.
        found: Found,
    },
    /// The body has more bytes than the limit.
    TooManyBytes {
        /// How many; `None` where writing it stopped at the limit.
        bytes: Option<usize>,
        /// The limit.
        max: usize,
    },
    /// A binding's value nests deeper than the limit, or holds itself.
    TooDeep {
        /// The limit.
        max: usize,
    },
    /// More arguments than the method has.
    TooManyArguments {
        /// How many were given.
        found: usize,
        /// How many the method has.
        allowed: usize,
        /// Their names, with commas between.
        names: String,
    },
    /// A required argument is absent.
    MissingArgument {
        /// Its name.
        name: String,
    },
    /// A required field is absent.
    MissingField,
    /// A required field is absent, and so is everything that could stand in for it.
    MissingOneOf {
        /// The groups of fields of which one is enough: `start_time+end_time,trade_no`.
        groups: String,
    },
    /// `null` stands where a value is required.
    NullForRequired,
    /// A value of a type that cannot be sent in its place.
    WrongType {
        /// What the place takes.
        expected: Expected,
        /// What was given.
        found: Found,
    },
    /// A value of another type than documented, which the platform is known to take.
    OtherType {
        /// What the page documents.
        expected: Expected,
        /// What was given.
        found: Found,
        /// Whether the platform's being known to take it is no excuse:
        /// [`Level::Strict`](crate::Level::Strict).
        strict: bool,
    },
    /// An empty list in the place of an object: what PHP writes for an empty array.
    EmptyListForObject,
    /// A number with a fraction in the place of a whole one.
    NotWhole {
        /// The number as given.
        number: String,
    },
    /// A whole number that its place has not the bits for.
    TooWide {
        /// The number as given.
        number: String,
        /// The bits of its place, the sign's included.
        bits: u32,
    },
    /// A number with more digits than a [`Decimal`] holds.
    TooManyDigits {
        /// The number as given.
        number: String,
    },
    /// A decimal with more digits before the point than fit.
    IntegerDigits {
        /// How many there are.
        digits: i64,
        /// Digits in all of the field.
        precision: u8,
        /// Fractional digits of the field.
        scale: u8,
    },
    /// A decimal with more digits behind the point than fit.
    FractionDigits {
        /// How many there are that count.
        digits: i64,
        /// Digits in all of the field.
        precision: u8,
        /// Fractional digits of the field.
        scale: u8,
    },
    /// A number outside the documented range.
    OutOfRange {
        /// The number.
        value: Decimal,
        /// The smallest that is allowed.
        min: Option<i64>,
        /// The largest that is allowed.
        max: Option<i64>,
    },
    /// A text with more characters than fit.
    TooManyCharacters {
        /// How many Unicode scalar values it has.
        characters: usize,
        /// How many fit.
        max: usize,
    },
    /// A text that is no date-time in the layout that its place asks for.
    NotADate {
        /// The layout: `yyyy-MM-dd HH:mm:ss`.
        layout: &'static str,
        /// The text, its first [`Found::KEPT`] characters.
        text: String,
        /// Whether it is empty where examples show an empty text to be taken.
        tolerated: bool,
    },
    /// A date-time in another layout than its place asks for, which can be read one way only.
    OtherLayout {
        /// The layout: `yyyy-MM-dd HH:mm:ss`.
        layout: &'static str,
        /// The text.
        text: String,
        /// The same time as the platform writes it.
        written: String,
    },
    /// A value that is not among the documented ones.
    NotDocumented {
        /// What was given.
        found: Found,
        /// The first documented values with their labels.
        known: String,
        /// Whether there are more.
        more: bool,
    },
    /// A field that nobody documents.
    UnknownField {
        /// The documented name that it resembles, and that field's label.
        similar: Option<(String, String)>,
    },
    /// The same field twice in one object.
    DuplicateField {
        /// Whether the catalogue documents the field.
        documented: bool,
    },
    /// The same field twice in one object of a reply, both of them kept.
    CameTwice,
    /// A text that holds a character which the platform's database refuses: outside the Basic
    /// Multilingual Plane, or half of a surrogate pair.
    UnsupportedCharacter,
    /// A text of a binding's language that is no Unicode: half of a surrogate pair.
    HalfPair,
    /// A span of time that ends before it begins.
    SpanReversed {
        /// The field that begins it.
        start: String,
    },
    /// A span of time that is longer than the method allows.
    SpanTooLong {
        /// The field that begins it.
        start: String,
        /// How long it is, in seconds.
        seconds: i64,
        /// How long it may be, in seconds.
        max_seconds: i64,
    },
    /// More rows or values than one call may carry.
    TooManyItems {
        /// How many there are.
        found: usize,
        /// How many are allowed.
        max: u32,
    },
    /// A method that the catalogue does not know.
    UnknownMethod {
        /// Its name.
        name: String,
        /// The known method that it resembles.
        similar: Option<String>,
    },
    /// A method that this edition does not answer: it is called over Qimen (奇门).
    QimenOnly {
        /// Its name.
        method: String,
    },
    /// The method's name is empty.
    NoMethod,
    /// The method's name holds a control character.
    ControlCharacter {
        /// The character's code point.
        code: u32,
    },
    /// A parameter of the query outside the numbers that it can carry.
    ParameterRange {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// A paged method is called without a pager.
    NoPager {
        /// The method.
        method: String,
    },
    /// A pager for a method that is not documented as paged.
    NotPaged {
        /// The method.
        method: String,
    },
    /// A page of more rows than documented.
    PageTooLarge {
        /// How many rows were asked for.
        rows: i32,
        /// How many are documented.
        max: u32,
    },
    /// A number that JSON does not have: NaN, an infinity.
    NotANumber {
        /// The number as its language writes it; empty where it is not known.
        number: String,
    },
    /// A value that cannot be written as JSON.
    Unwritable {
        /// Why, or the type's name.
        what: String,
        /// The types that the caller's language may give instead; empty where none are named.
        accepted: &'static str,
    },
    /// What a layer above states: its two texts, and the code that they stand for.
    Stated {
        /// The code.
        code: IssueCode,
        /// The text in English.
        english: Cow<'static, str>,
        /// The text in Chinese.
        chinese: Cow<'static, str>,
    },
}

impl Cause {
    /// A cause whose texts are not made of figures: for layers above the check.
    #[must_use]
    pub fn stated(
        code: IssueCode,
        english: impl Into<Cow<'static, str>>,
        chinese: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Stated { code, english: english.into(), chinese: chinese.into() }
    }

    /// The kind of issue that it makes.
    #[must_use]
    pub const fn code(&self) -> IssueCode {
        match self {
            Self::NotJson(_) | Self::TooDeep { .. } => IssueCode::NotJson,
            Self::NotAnArray { .. } => IssueCode::NotAnArray,
            Self::TooManyBytes { .. } | Self::TooManyCharacters { .. } => IssueCode::TooLong,
            Self::TooManyArguments { .. } => IssueCode::ArgumentCount,
            Self::MissingArgument { .. }
            | Self::MissingField
            | Self::MissingOneOf { .. }
            | Self::NoMethod
            | Self::NoPager { .. } => IssueCode::Missing,
            Self::NullForRequired => IssueCode::Null,
            Self::WrongType { .. }
            | Self::EmptyListForObject
            | Self::NotWhole { .. }
            | Self::NotANumber { .. }
            | Self::Unwritable { .. } => IssueCode::Type,
            Self::OtherType { .. } | Self::NotADate { tolerated: true, .. } => {
                IssueCode::CoercibleType
            }
            Self::TooWide { .. }
            | Self::TooManyDigits { .. }
            | Self::IntegerDigits { .. }
            | Self::OutOfRange { .. }
            | Self::ParameterRange { .. }
            | Self::PageTooLarge { .. } => IssueCode::OutOfRange,
            Self::FractionDigits { .. } => IssueCode::Scale,
            Self::NotADate { .. } | Self::OtherLayout { .. } => IssueCode::Format,
            Self::NotDocumented { .. } => IssueCode::Enum,
            Self::UnknownField { .. } | Self::NotPaged { .. } => IssueCode::UnknownField,
            Self::DuplicateField { .. } | Self::CameTwice => IssueCode::DuplicateField,
            Self::UnsupportedCharacter | Self::HalfPair | Self::ControlCharacter { .. } => {
                IssueCode::UnsupportedCharacter
            }
            Self::SpanReversed { .. } | Self::SpanTooLong { .. } => IssueCode::Span,
            Self::TooManyItems { .. } => IssueCode::Batch,
            Self::UnknownMethod { .. } | Self::QimenOnly { .. } => IssueCode::UnknownMethod,
            Self::Stated { code, .. } => *code,
        }
    }
}
