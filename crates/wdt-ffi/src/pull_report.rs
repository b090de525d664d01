//! What a pull has done.

use std::os::raw::c_char;

use wdt_proto::session::PullReport;

use crate::outward::{Span, Texts, free, give_none, give_span};

/// What a pull has done up to the moment at which the report was made.
pub struct wdt_pull_report {
    rows: u64,
    calls: u64,
    least_calls: u64,
    windows: u64,
    texts: Texts,
    failed: Vec<Failed>,
}

struct Failed {
    since: Span,
    until: Span,
    why: Span,
    why_zh: Span,
}

impl wdt_pull_report {
    pub(crate) fn new(report: &PullReport) -> Self {
        let mut texts = Texts::with_room(0, 0);
        let failed = report
            .failed
            .iter()
            .map(|failed| Failed {
                since: texts.add(failed.since.to_string()),
                until: texts.add(failed.until.to_string()),
                why: texts.add(failed.why.to_string()),
                why_zh: texts.add(failed.why.zh().to_string()),
            })
            .collect();
        let PullReport { rows, calls, least_calls, windows, .. } = *report;
        Self { rows, calls, least_calls, windows, texts, failed }
    }
}

/// How many rows were handed out. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_report_rows(report: *const wdt_pull_report) -> u64 {
    // SAFETY: NULL or alive.
    unsafe { report.as_ref() }.map_or(0, |report| report.rows)
}

/// How many calls were answered. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_report_calls(report: *const wdt_pull_report) -> u64 {
    // SAFETY: NULL or alive.
    unsafe { report.as_ref() }.map_or(0, |report| report.calls)
}

/// The least calls that could have brought as many rows. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_report_least_calls(report: *const wdt_pull_report) -> u64 {
    // SAFETY: NULL or alive.
    unsafe { report.as_ref() }.map_or(0, |report| report.least_calls)
}

/// How many windows were read whole. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_report_windows(report: *const wdt_pull_report) -> u64 {
    // SAFETY: NULL or alive.
    unsafe { report.as_ref() }.map_or(0, |report| report.windows)
}

/// How many parts of the span failed, in this pull or before, and have not been read since. A later
/// pull with the state takes them up. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_report_failed(report: *const wdt_pull_report) -> usize {
    // SAFETY: NULL or alive.
    unsafe { report.as_ref() }.map_or(0, |report| report.failed.len())
}

/// The first second of failed part `index`. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_report_since(
    report: *const wdt_pull_report,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(report, index, |failed| failed.since, len) }
}

/// The last second of failed part `index`. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_report_until(
    report: *const wdt_pull_report,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(report, index, |failed| failed.until, len) }
}

/// Why part `index` failed, for people, in English; what `wdt_pull_fail` was told stays as it was
/// told. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_report_why(
    report: *const wdt_pull_report,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(report, index, |failed| failed.why, len) }
}

/// The same in Chinese. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_report_why_zh(
    report: *const wdt_pull_report,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(report, index, |failed| failed.why_zh, len) }
}

/// Frees a report of a pull. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_report_free(report: *mut wdt_pull_report) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(report) }
}

/// # Safety
/// `report` is NULL or alive, `len` is NULL or a place for a length.
unsafe fn give_cell(
    report: *const wdt_pull_report,
    index: usize,
    cell: impl FnOnce(&Failed) -> Span,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: the same contract.
    unsafe {
        let Some(report) = report.as_ref() else { return give_none(len) };
        give_span(report.failed.get(index).map(|failed| (&report.texts, cell(failed))), len)
    }
}
