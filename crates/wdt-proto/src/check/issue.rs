//! What is wrong with a request: issues, each with a JSON pointer, a stable code and a text.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::flagship::TimestampError;

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

/// How much an issue weighs.
///
/// ```
/// use wdt_proto::{Level, Severity, validate};
///
/// let severity = |level| validate("no.such.method", b"[]", level).issues()[0].severity();
/// assert_eq!(severity(Level::Documented), Severity::Warning);
/// assert_eq!(severity(Level::Strict), Severity::Error);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Reported, and the request goes out.
    Warning,
    /// The request is refused.
    Error,
}

impl Severity {
    /// `warning` or `error`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a body: a JSON pointer (RFC 6901), built segment by segment.
///
/// ```
/// let mut pointer = wdt_proto::Pointer::default();
/// pointer.push_index(1);
/// pointer.push("a/b");
/// assert_eq!(pointer.as_str(), "/1/a~1b");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pointer(String);

impl Pointer {
    /// Goes down to a member of an object.
    pub fn push(&mut self, key: &str) {
        self.0.push('/');
        if !key.bytes().any(|b| b == b'~' || b == b'/') {
            self.0.push_str(key);
            return;
        }
        for c in key.chars() {
            match c {
                '~' => self.0.push_str("~0"),
                '/' => self.0.push_str("~1"),
                c => self.0.push(c),
            }
        }
    }

    /// Goes down to an element of an array.
    pub fn push_index(&mut self, index: usize) {
        self.push(itoa::Buffer::new().format(index));
    }

    /// The pointer's text; empty for the whole body.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// With room for the message that an issue makes of it.
    pub(crate) fn with_room() -> Self {
        Self(String::with_capacity(128))
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
}

/// One thing that is wrong with a request.
///
/// `Display` gives [`Issue::message`].
///
/// ```
/// use wdt_proto::{IssueCode, Level, validate};
///
/// let report = validate("sales.StockSync.cancelSync", b"[178238,2147483648]", Level::Documented);
/// let issue = &report.issues()[0];
/// assert_eq!((issue.pointer(), issue.label()), ("/1", "库存变化量"));
/// assert_eq!(issue.code(), IssueCode::OutOfRange);
/// assert_eq!(issue.message(), "/1 (库存变化量): 2147483648 does not fit a 32-bit integer");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// `/1/syn_stock (最后同步库存量): …` or `page_size: …`: pointer and label are parts of it.
    message: String,
    pointer: usize,
    label: Range<usize>,
    code: IssueCode,
    severity: Severity,
}

impl Issue {
    pub(crate) fn new(
        pointer: Pointer,
        code: IssueCode,
        severity: Severity,
        label: &str,
        what: &str,
    ) -> Self {
        let mut message = pointer.0;
        let pointer = message.len();
        let (open, close) = match (pointer, label) {
            (0, "") => ("body", ": "),
            (0, _) | (_, "") => ("", ": "),
            _ => (" (", "): "),
        };
        message.reserve(open.len() + label.len() + close.len() + what.len());
        message.push_str(open);
        let label_start = message.len();
        message.push_str(label);
        let label = label_start..message.len();
        message.push_str(close);
        message.push_str(what);
        Self { message, pointer, label, code, severity }
    }

    /// An error at a place in the body, found by a binding while it converts its language's
    /// values: `what` is wrong with the value.
    #[must_use]
    pub fn error(pointer: Pointer, code: IssueCode, what: &str) -> Self {
        Self::new(pointer, code, Severity::Error, "", what)
    }

    /// An error outside the body: `name` is the query parameter or the call's argument.
    #[must_use]
    pub fn parameter(name: &str, code: IssueCode, what: &str) -> Self {
        Self::new(Pointer::default(), code, Severity::Error, name, what)
    }

    pub(crate) fn body(code: IssueCode, what: &str) -> Self {
        Self::error(Pointer::default(), code, what)
    }

    /// Where in the body, as a JSON pointer (RFC 6901). Empty for the body as a whole and for
    /// what lies outside it (`page_size`, `unix_time`, …), which [`Issue::label`] then names.
    #[must_use]
    pub fn pointer(&self) -> &str {
        self.message.get(..self.pointer).unwrap_or_default()
    }

    /// The kind of issue.
    #[must_use]
    pub fn code(&self) -> IssueCode {
        self.code
    }

    /// Warning or error.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// One line for people that names the place and says what to do.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The field's label, or the parameter's name; empty where there is neither.
    #[must_use]
    pub fn label(&self) -> &str {
        self.message.get(self.label.clone()).unwrap_or_default()
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A request was refused before it was signed: a list of issues, at least one of them an error.
///
/// `Display` gives one line an issue.
///
/// ```
/// use wdt_proto::{IssueCode, Request};
///
/// let error = Request::builder("sales.StockSync.cancelSync").args(&(178_238, 1.5)).unwrap_err();
/// assert_eq!(error.issues()[0].code(), IssueCode::Type);
/// assert_eq!(error.to_string(), "/1 (库存变化量): a whole number is due, not 1.5");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    issues: Vec<Issue>,
    omitted: u64,
}

impl ValidationError {
    /// What is wrong, in the order of the body.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// How many issues were left out: a report keeps the first
    /// [`MAX_ISSUES`](crate::MAX_ISSUES) errors and as many warnings.
    #[must_use]
    pub fn omitted(&self) -> u64 {
        self.omitted
    }

    pub(crate) fn new(issues: Vec<Issue>, omitted: u64) -> Self {
        Self { issues, omitted }
    }
}

impl From<Issue> for ValidationError {
    fn from(issue: Issue) -> Self {
        Self::new(alloc::vec![issue], 0)
    }
}

impl From<TimestampError> for ValidationError {
    fn from(error: TimestampError) -> Self {
        Issue::parameter("unix_time", IssueCode::OutOfRange, &error.to_string()).into()
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_lines(f, &self.issues, self.omitted)
    }
}

/// One line an issue, and one for those that were left out.
pub(crate) fn write_lines(
    f: &mut fmt::Formatter<'_>,
    issues: &[Issue],
    omitted: u64,
) -> fmt::Result {
    for (i, issue) in issues.iter().enumerate() {
        if i > 0 {
            f.write_str("\n")?;
        }
        f.write_str(&issue.message)?;
    }
    if omitted > 0 {
        write!(f, "\n… and {omitted} more")?;
    }
    Ok(())
}

impl core::error::Error for ValidationError {}
