//! Issues: of a validation, of a refused request, of a request's warnings.

use std::os::raw::c_char;
use std::sync::OnceLock;

use wdt_proto::{Issue, Language, Report, Request, Severity, ValidationError};

use crate::outward::{Span, Texts, free, give_none, give_span, infallible};

/// A list of issues, in the order of the body: at most 100 errors and as many warnings.
pub struct wdt_report {
    issues: Issues,
    /// The texts of each [`Column`], made when the first of them is read.
    columns: [OnceLock<Box<Table>>; 5],
}

/// Where the issues come from.
pub(crate) enum Issues {
    Report(Report),
    Error(ValidationError),
    Warnings(Request<'static>),
}

/// What each issue has a text of.
#[derive(Clone, Copy)]
enum Column {
    Pointer,
    Code,
    Label,
    Message,
    MessageZh,
}

/// One text an issue.
struct Table {
    texts: Texts,
    rows: Vec<Span>,
}

impl Issues {
    fn all(&self) -> &[Issue] {
        match self {
            Self::Report(report) => report.issues(),
            Self::Error(error) => error.issues(),
            Self::Warnings(request) => request.warnings(),
        }
    }

    fn omitted(&self) -> u64 {
        match self {
            Self::Report(report) => report.omitted(),
            Self::Error(error) => error.omitted(),
            Self::Warnings(_) => 0,
        }
    }

    fn has_no_error(&self) -> bool {
        match self {
            Self::Report(report) => report.is_ok(),
            Self::Error(_) => false,
            Self::Warnings(_) => true,
        }
    }
}

impl Table {
    fn new(issues: &[Issue], column: Column) -> Self {
        let mut texts = Texts::with_room(0, 0);
        let row = |issue: &Issue| match column {
            Column::Pointer => texts.add(issue.pointer()),
            Column::Code => texts.add(issue.code().as_str()),
            Column::Label => texts.add(issue.label()),
            Column::Message => texts.add(issue.text(Language::English).to_string()),
            Column::MessageZh => texts.add(issue.text(Language::Chinese).to_string()),
        };
        let rows = issues.iter().map(row).collect();
        Self { texts, rows }
    }
}

impl wdt_report {
    pub(crate) fn new(issues: Issues) -> Self {
        Self { issues, columns: Default::default() }
    }

    /// All of it, one line an issue.
    pub(crate) fn lines(&self, language: Language) -> String {
        match &self.issues {
            Issues::Report(report) => report.text(language).to_string(),
            Issues::Error(error) => error.text(language).to_string(),
            Issues::Warnings(request) => {
                let lines = request.warnings().iter().map(|w| w.text(language).to_string());
                lines.collect::<Vec<_>>().join("\n")
            }
        }
    }

    fn column(&self, column: Column) -> &Table {
        let make = || Box::new(Table::new(self.issues.all(), column));
        self.columns[column as usize].get_or_init(make)
    }
}

/// Whether there is no error (there may be warnings). `false` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_ok(report: *const wdt_report) -> bool {
    // SAFETY: NULL or alive.
    unsafe { report.as_ref() }.is_some_and(|report| report.issues.has_no_error())
}

/// How many issues the report has. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_len(report: *const wdt_report) -> usize {
    // SAFETY: NULL or alive.
    unsafe { report.as_ref() }.map_or(0, |report| report.issues.all().len())
}

/// How many issues were left out. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_omitted(report: *const wdt_report) -> u64 {
    // SAFETY: NULL or alive.
    unsafe { report.as_ref() }.map_or(0, |report| report.issues.omitted())
}

/// Where issue `index` lies in the body, as a JSON pointer; empty for the body as a whole and for
/// what lies outside it. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_pointer(
    report: *const wdt_report,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(report, Column::Pointer, index, len) }
}

/// The stable code of issue `index`: "missing", "scale", …. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_code(
    report: *const wdt_report,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(report, Column::Code, index, len) }
}

/// One line for people about issue `index`, in English. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_message(
    report: *const wdt_report,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(report, Column::Message, index, len) }
}

/// The same line in Chinese. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_message_zh(
    report: *const wdt_report,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(report, Column::MessageZh, index, len) }
}

/// The label of the field, or the name of the parameter, that issue `index` is about; empty where
/// there is neither. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_label(
    report: *const wdt_report,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(report, Column::Label, index, len) }
}

/// Whether issue `index` is an error; else it is a warning. `false` for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_is_error(report: *const wdt_report, index: usize) -> bool {
    // SAFETY: NULL or alive.
    let issue = unsafe { report.as_ref() }.and_then(|report| report.issues.all().get(index));
    issue.is_some_and(|issue| issue.severity() == Severity::Error)
}

/// Frees a report that `wdt_validate` handed out. NULL does nothing. One that belongs to an error,
/// a draft or a request goes with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_free(report: *mut wdt_report) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(report) }
}

/// # Safety
/// `report` is NULL or alive, `len` is NULL or a place for a length.
unsafe fn give_cell(
    report: *const wdt_report,
    column: Column,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: the same contract.
    infallible(std::ptr::null(), || unsafe {
        // An index past the end makes no texts.
        let report = report.as_ref().filter(|report| index < report.issues.all().len());
        let Some(report) = report else { return give_none(len) };
        let table = report.column(column);
        give_span(table.rows.get(index).map(|span| (&table.texts, *span)), len)
    })
}
