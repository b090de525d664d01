//! What a validation found, with a bound on how much of it is kept.

use alloc::vec::Vec;
use core::fmt;

use super::cause::Cause;
use super::issue::{Issue, Pointer, Severity, ValidationError, write_lines};
use super::level::Level;
use crate::language::{Bilingual, Language, bilingual};

/// How many errors, and how many warnings, a report keeps: the first 100 of each.
///
/// ```
/// use wdt_proto::{Level, MAX_ISSUES, validate};
///
/// let goods = format!("[[{}]]", vec!["{}"; 500].join(","));
/// let report = validate("sales.StockSync.batchCalcStock", goods.as_bytes(), Level::Strict);
/// assert_eq!(report.issues().len(), MAX_ISSUES);
/// assert_eq!(report.errors(), MAX_ISSUES as u64 + report.omitted());
/// ```
pub const MAX_ISSUES: usize = 100;

/// What a validation found, in the order of the body.
///
/// `Display` gives one line an issue, and one more where some were left out.
///
/// ```
/// use wdt_proto::{Level, validate};
///
/// let report = validate("sales.StockSync.cancelSync", br#"["178238",1.5]"#, Level::Documented);
/// assert!(!report.is_ok());
/// assert_eq!((report.errors(), report.warnings(), report.omitted()), (1, 1, 0));
/// let error = report.into_result().unwrap_err();
/// assert_eq!(error.issues().len(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    issues: Vec<Issue>,
    errors: u64,
    warnings: u64,
}

impl Report {
    /// Whether there is no error. There may be warnings.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.errors == 0
    }

    /// The issues, at most [`MAX_ISSUES`] errors and as many warnings.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// How many errors there are in all.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.errors
    }

    /// How many warnings there are in all.
    #[must_use]
    pub fn warnings(&self) -> u64 {
        self.warnings
    }

    /// How many issues were left out of [`Report::issues`].
    #[must_use]
    pub fn omitted(&self) -> u64 {
        self.errors + self.warnings - self.issues.len() as u64
    }

    /// The warnings of a report without errors.
    ///
    /// # Errors
    /// [`ValidationError`] with all kept issues, warnings too, when there is an error.
    pub fn into_result(self) -> Result<Vec<Issue>, ValidationError> {
        if self.is_ok() {
            return Ok(self.issues);
        }
        let omitted = self.omitted();
        Err(ValidationError::new(self.issues, omitted))
    }
}

impl From<Issue> for Report {
    fn from(issue: Issue) -> Self {
        let is_error = issue.severity() == Severity::Error;
        Self { issues: alloc::vec![issue], errors: is_error.into(), warnings: (!is_error).into() }
    }
}

bilingual!(Report);

impl Bilingual for Report {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_lines(&self.issues, self.omitted(), language, f)
    }
}

/// A report that is being made.
#[derive(Debug)]
pub(crate) struct Collector {
    level: Level,
    kept_errors: usize,
    kept_warnings: usize,
    report: Report,
}

impl Collector {
    pub(crate) fn new(level: Level) -> Self {
        Self { level, kept_errors: 0, kept_warnings: 0, report: Report::default() }
    }

    pub(crate) fn finish(self) -> Report {
        self.report
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.level == Level::Strict
    }

    /// Whether an issue that weighs so much by default would still be kept.
    pub(crate) fn wants(&self, severity: Severity) -> bool {
        match self.weigh(severity) {
            Severity::Error => self.kept_errors < MAX_ISSUES,
            Severity::Warning => self.kept_warnings < MAX_ISSUES,
        }
    }

    fn weigh(&self, severity: Severity) -> Severity {
        if self.is_strict() { Severity::Error } else { severity }
    }

    /// Counts an issue, and keeps it while there is room. Its pointer and its cause are made only
    /// then.
    pub(crate) fn add(
        &mut self,
        severity: Severity,
        label: &str,
        point: impl FnOnce(&mut Pointer),
        cause: impl FnOnce() -> Cause,
    ) {
        let wanted = self.wants(severity);
        let severity = self.weigh(severity);
        let (count, kept) = match severity {
            Severity::Error => (&mut self.report.errors, &mut self.kept_errors),
            Severity::Warning => (&mut self.report.warnings, &mut self.kept_warnings),
        };
        *count += 1;
        if wanted {
            *kept += 1;
            let mut pointer = Pointer::with_room();
            point(&mut pointer);
            self.report.issues.push(Issue::new(pointer, severity, label, cause()));
        }
    }

    /// Counts an issue of the body as a whole.
    pub(crate) fn add_of_body(&mut self, severity: Severity, cause: impl FnOnce() -> Cause) {
        self.add(severity, "", |_| {}, cause);
    }
}
