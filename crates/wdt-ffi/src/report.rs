//! Issues: of a validation, of a refused request, of a request's warnings.

use std::os::raw::c_char;

use wdt_proto::{Issue, Severity};

use crate::boundary::{Span, Texts, bytes, clear, fallible, free, give_span, hand_out, text};
use crate::catalogue::{self, wdt_catalogue};
use crate::error::{wdt_error, wdt_status};
use crate::options::wdt_options;

/// A list of issues, in the order of the body: at most 100 errors and as many warnings.
pub struct wdt_report {
    is_ok: bool,
    texts: Texts,
    issues: Vec<Row>,
    omitted: u64,
}

struct Row {
    pointer: Span,
    code: Span,
    message: Span,
    label: Span,
    is_error: bool,
}

impl wdt_report {
    pub(crate) fn new(is_ok: bool, issues: &[Issue], omitted: u64) -> Self {
        let parts = |issue: &Issue| -> usize {
            [issue.pointer(), issue.code().as_str(), issue.message(), issue.label()]
                .map(str::len)
                .iter()
                .sum()
        };
        let mut texts = Texts::with_room(issues.iter().map(parts).sum(), 4 * issues.len());
        let row = |issue: &Issue| Row {
            pointer: texts.add(issue.pointer()),
            code: texts.add(issue.code().as_str()),
            message: texts.add(issue.message()),
            label: texts.add(issue.label()),
            is_error: issue.severity() == Severity::Error,
        };
        let issues = issues.iter().map(row).collect();
        Self { is_ok, texts, issues, omitted }
    }
}

/// Holds the body of a call of `method` against the catalogue, without building a request.
/// `catalogue` may be NULL (the built-in methods), `options` too.
///
/// Returns `WDT_OK` whenever there is a report, also one with errors: ask `wdt_report_ok`.
/// `WDT_ERR_NULL`; `WDT_ERR_UTF8` for the method's name (a body that is no UTF-8 is an issue).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_validate(
    catalogue: *const wdt_catalogue,
    method: *const c_char,
    method_len: usize,
    body: *const c_char,
    body_len: usize,
    options: *const wdt_options,
    out: *mut *mut wdt_report,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL.
        unsafe {
            clear(out)?;
            let options = wdt_options::or_default(options);
            let report = wdt_proto::validate_with(
                catalogue::or_builtin(catalogue),
                text(method, method_len, "method")?,
                bytes(body, body_len, "body")?,
                options.level,
                options.limits,
            );
            hand_out(out, wdt_report::new(report.is_ok(), report.issues(), report.omitted()));
        }
        Ok(())
    })
}

/// Whether there is no error (there may be warnings). `false` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_ok(report: *const wdt_report) -> bool {
    // SAFETY: NULL or alive.
    unsafe { report.as_ref() }.is_some_and(|report| report.is_ok)
}

/// How many issues the report has. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_len(report: *const wdt_report) -> usize {
    // SAFETY: NULL or alive.
    unsafe { report.as_ref() }.map_or(0, |report| report.issues.len())
}

/// How many issues were left out. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_omitted(report: *const wdt_report) -> u64 {
    // SAFETY: NULL or alive.
    unsafe { report.as_ref() }.map_or(0, |report| report.omitted)
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
    unsafe { give_span(row(report, index).map(|(texts, row)| (texts, row.pointer)), len) }
}

/// The stable code of issue `index`: "missing", "scale", …. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_code(
    report: *const wdt_report,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_span(row(report, index).map(|(texts, row)| (texts, row.code)), len) }
}

/// One line for people about issue `index`. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_message(
    report: *const wdt_report,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_span(row(report, index).map(|(texts, row)| (texts, row.message)), len) }
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
    unsafe { give_span(row(report, index).map(|(texts, row)| (texts, row.label)), len) }
}

/// Whether issue `index` is an error; else it is a warning. `false` for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_is_error(report: *const wdt_report, index: usize) -> bool {
    // SAFETY: NULL or alive.
    unsafe { row(report, index) }.is_some_and(|(_, row)| row.is_error)
}

/// Frees a report that `wdt_validate` handed out. NULL does nothing. One that belongs to an error
/// or a request goes with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_report_free(report: *mut wdt_report) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(report) }
}

unsafe fn row<'r>(report: *const wdt_report, index: usize) -> Option<(&'r Texts, &'r Row)> {
    // SAFETY: by contract NULL or alive.
    let report = unsafe { report.as_ref() }?;
    Some((&report.texts, report.issues.get(index)?))
}
