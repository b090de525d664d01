//! What is wrong with a request: issues, each with a JSON pointer and a typed cause;
//! its text is made when somebody reads it.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use once_cell::race::OnceBox;

use super::cause::Cause;
use super::code::IssueCode;
use crate::language::{Bilingual, Language, bilingual, say};

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

    /// With room for the label that an issue puts behind it.
    pub(crate) fn with_room() -> Self {
        Self(String::with_capacity(64))
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
}

/// One thing that is wrong with a request.
///
/// `Display` gives [`Issue::message`]; `zh()` the same in Chinese.
///
/// ```
/// use wdt_proto::{IssueCode, Level, validate};
///
/// let report = validate("sales.StockSync.cancelSync", b"[178238,2147483648]", Level::Documented);
/// let issue = &report.issues()[0];
/// assert_eq!((issue.pointer(), issue.label()), ("/1", "库存变化量"));
/// assert_eq!(issue.code(), IssueCode::OutOfRange);
/// assert_eq!(issue.message(), "/1 (库存变化量): 2147483648 does not fit a 32-bit integer");
/// assert_eq!(issue.zh().to_string(), "/1（库存变化量）：2147483648 超出 32 位整数的范围");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Pointer and label, one behind the other.
    place: String,
    pointer: usize,
    severity: Severity,
    cause: Cause,
    message: Made,
}

impl Issue {
    pub(crate) fn new(pointer: Pointer, severity: Severity, label: &str, cause: Cause) -> Self {
        let mut place = pointer.0;
        let pointer = place.len();
        place.push_str(label);
        Self { place, pointer, severity, cause, message: Made::default() }
    }

    /// An error at a place in the body, found by a binding while it converts its language's
    /// values: `what` is wrong with the value.
    #[must_use]
    pub fn error(pointer: Pointer, code: IssueCode, what: &str) -> Self {
        Self::at(pointer, Cause::stated(code, what.to_owned(), what.to_owned()))
    }

    /// An error outside the body: `name` is the query parameter or the call's argument.
    #[must_use]
    pub fn parameter(name: &str, code: IssueCode, what: &str) -> Self {
        Self::of(name, Cause::stated(code, what.to_owned(), what.to_owned()))
    }

    /// An error at a place in the body.
    ///
    /// ```
    /// use wdt_proto::{Cause, Issue, Pointer};
    ///
    /// let issue = Issue::at(Pointer::default(), Cause::TooManyBytes { bytes: None, max: 8 });
    /// assert_eq!(issue.zh().to_string(), "请求体：超过上限 8 字节");
    /// ```
    #[must_use]
    pub fn at(pointer: Pointer, cause: Cause) -> Self {
        Self::new(pointer, Severity::Error, "", cause)
    }

    /// An error outside the body: `name` is the query parameter or the call's argument.
    ///
    /// ```
    /// use wdt_proto::{Cause, Issue};
    ///
    /// let issue = Issue::of("page_no", Cause::ParameterRange { min: 0, max: 9 });
    /// assert_eq!(issue.to_string(), "page_no: must be from 0 to 9");
    /// ```
    #[must_use]
    pub fn of(name: &str, cause: Cause) -> Self {
        Self::new(Pointer::default(), Severity::Error, name, cause)
    }

    /// The same issue, which refuses nothing.
    pub(crate) fn into_warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    pub(crate) fn body(cause: Cause) -> Self {
        Self::at(Pointer::default(), cause)
    }

    /// Where in the body, as a JSON pointer (RFC 6901). Empty for the body as a whole and for
    /// what lies outside it (`page_size`, `unix_time`, …), which [`Issue::label`] then names.
    #[must_use]
    pub fn pointer(&self) -> &str {
        self.place.get(..self.pointer).unwrap_or_default()
    }

    /// The kind of issue.
    #[must_use]
    pub fn code(&self) -> IssueCode {
        self.cause.code()
    }

    /// Warning or error.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Why it is one, with the figures.
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// One line for people that names the place and says what to do, in English. It is made when
    /// it is first asked for.
    #[must_use]
    pub fn message(&self) -> &str {
        self.message.0.get_or_init(|| {
            // Most messages fit, so that they are written without growing.
            let mut message = String::with_capacity(self.place.len() + 80);
            // A text takes whatever is written into it.
            let _ = write!(message, "{self}");
            Box::new(message)
        })
    }

    /// The field's label, or the parameter's name; empty where there is neither.
    #[must_use]
    pub fn label(&self) -> &str {
        self.place.get(self.pointer..).unwrap_or_default()
    }
}

bilingual!(Issue, ValidationError);

impl Bilingual for Issue {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pointer, label) = (self.pointer(), self.label());
        match (pointer, label) {
            ("", "") => say!(f, language, "body: ", "请求体：")?,
            ("", one) | (one, "") => say!(f, language, "{one}: ", "{one}：")?,
            _ => say!(f, language, "{pointer} ({label}): ", "{pointer}（{label}）：")?,
        }
        self.cause.write(language, f)
    }
}

/// A message that is made once. It says nothing that the rest of the issue does not say.
#[derive(Default)]
struct Made(OnceBox<String>);

impl Clone for Made {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Made {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Made {}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// A request was refused before it was signed: a list of issues, at least one of them an error.
///
/// `Display` gives one line an issue, `zh()` the same in Chinese.
///
/// ```
/// use wdt_proto::{IssueCode, Request};
///
/// let error = Request::builder("sales.StockSync.cancelSync").args(&(178_238, 1.5)).unwrap_err();
/// assert_eq!(error.issues()[0].code(), IssueCode::Type);
/// assert_eq!(error.to_string(), "/1 (库存变化量): expected a whole number, found 1.5");
/// assert_eq!(error.zh().to_string(), "/1（库存变化量）：应为整数，实际是 1.5");
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

impl Bilingual for ValidationError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_lines(&self.issues, self.omitted, language, f)
    }
}

/// One line an issue, a warning among errors marked as one, and one for those that were left out.
pub(super) fn write_lines(
    issues: &[Issue],
    omitted: u64,
    language: Language,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let has_errors = issues.iter().any(|issue| issue.severity == Severity::Error);
    for (i, issue) in issues.iter().enumerate() {
        if i > 0 {
            f.write_str("\n")?;
        }
        issue.write(language, f)?;
        if has_errors && issue.severity == Severity::Warning {
            say!(f, language, " (warning)", "（警告）")?;
        }
    }
    if omitted > 0 {
        say!(f, language, "\n… and {omitted} more", "\n……还有 {omitted} 条")?;
    }
    Ok(())
}

impl core::error::Error for ValidationError {}
