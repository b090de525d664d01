//! Rows of a query, each documented field as its type.

use std::os::raw::c_char;

use wdt_proto::{ValidationError, typed_rows_with};

use crate::boundary::{clear, fallible, hand_out, text};
use crate::error::{wdt_error, wdt_status};
use crate::options::wdt_options;
use crate::outward::{Text, free, give};
use crate::report::{Issues, wdt_report};

/// Typed rows, and what did not fit.
pub struct wdt_rows {
    json: Text,
    times: Vec<usize>,
    report: wdt_report,
}

/// Types the rows of a query of `method`: each documented field in one form, whatever form it came
/// in. `rows` is JSON: the list of rows, or the reply's `data` that holds it, as `wdt_response_data`
/// gives it; an empty text, as of a reply without data, has none. `options` (its limits and its
/// catalogue count) may be NULL.
///
/// `WDT_ERR_VALIDATION` whose only issue is about `method` (unknown, or without rows) or about `rows`
/// (no JSON, no such list); `WDT_ERR_NULL`; `WDT_ERR_UTF8`. A value that does not fit its field is
/// no failure: it stays as it came, and `wdt_rows_report` has it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_typed_rows(
    method: *const c_char,
    method_len: usize,
    rows: *const c_char,
    rows_len: usize,
    options: *const wdt_options,
    out: *mut *mut wdt_rows,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL.
        unsafe {
            clear(out)?;
            let options = wdt_options::or_default(options);
            let typed = typed_rows_with(
                options.catalogue(None),
                text(method, method_len, "method")?,
                text(rows, rows_len, "rows")?,
                options.limits,
            );
            let (json, times, report) = typed.map_err(ValidationError::from)?.into_parts();
            let report = wdt_report::new(Issues::Report(report));
            hand_out(out, wdt_rows { json: Text::new(json), times, report });
        }
        Ok(())
    })
}

/// The list of rows as JSON. Integers have no point, decimals always have one and all their digits
/// (`12` comes as `12.0`), flags are `true` or `false`, times are `yyyy-MM-dd HH:mm:ss` in Beijing
/// time, with `.SSS` behind where they have milliseconds. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_rows_json(rows: *const wdt_rows, len: *mut usize) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(rows.as_ref().map(|rows| &rows.json), len) }
}

/// Where in `wdt_rows_json` the times stand, in their order: the byte of each one's opening quote, `*len`
/// of them; all else in quotes is text. Belongs to the rows. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_rows_times(rows: *const wdt_rows, len: *mut usize) -> *const usize {
    // SAFETY: NULL or alive.
    let times = unsafe { rows.as_ref() }.map(|rows| rows.times.as_slice());
    if !len.is_null() {
        // SAFETY: not NULL, so a place for a length.
        unsafe { len.write(times.map_or(0, <[usize]>::len)) };
    }
    times.map_or(std::ptr::null(), <[usize]>::as_ptr)
}

/// What did not fit its field and so stayed as it came: warnings with pointers into the list of
/// rows. Belongs to the rows. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_rows_report(rows: *const wdt_rows) -> *const wdt_report {
    // SAFETY: NULL or alive.
    unsafe { rows.as_ref() }.map_or(std::ptr::null(), |rows| std::ptr::from_ref(&rows.report))
}

/// Frees typed rows. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_rows_free(rows: *mut wdt_rows) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(rows) }
}
