//! What a writing call refused though its status is 0.

use std::os::raw::c_char;

use wdt_proto::{Failure, failures_with};

use crate::boundary::{borrow, clear, fallible, hand_out, text};
use crate::error::{wdt_error, wdt_status};
use crate::options::wdt_options;
use crate::outward::{Span, Texts, free, give_none, give_span};
use crate::response::wdt_response;

/// What a writing call refused under status 0, in the order of the reply.
pub struct wdt_failures {
    texts: Texts,
    rows: Vec<Row>,
}

struct Row {
    key: Span,
    code: Span,
    message: Span,
}

impl wdt_failures {
    fn new(failures: &[Failure]) -> Self {
        let mut texts = Texts::with_room(0, 0);
        let rows = failures
            .iter()
            .map(|failure| Row {
                key: texts.add(&failure.key),
                code: texts.add(&failure.code),
                message: texts.add(&failure.message),
            })
            .collect();
        Self { texts, rows }
    }
}

/// Finds what a call of `method` refused although its status is 0: such a reply looks like a success.
/// A `method` that is empty is not known: then the places of all methods are looked at whose refusals
/// are objects with a reason. A method whose page shows no such list has none. `options` (its
/// catalogue counts) may be NULL.
///
/// `WDT_ERR_NULL`; `WDT_ERR_UTF8`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_failures_find(
    response: *const wdt_response,
    method: *const c_char,
    method_len: usize,
    options: *const wdt_options,
    out: *mut *mut wdt_failures,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL.
        unsafe {
            clear(out)?;
            let (data, _) = borrow(response, "response")?.success().unwrap_or_default();
            let method = text(method, method_len, "method")?;
            let method = Some(method).filter(|method| !method.is_empty());
            let catalogue = wdt_options::or_default(options).catalogue(None);
            let failures = failures_with(catalogue, method, data.unwrap_or_default());
            hand_out(out, wdt_failures::new(&failures));
        }
        Ok(())
    })
}

/// How many there are. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_failures_len(failures: *const wdt_failures) -> usize {
    // SAFETY: NULL or alive.
    unsafe { failures.as_ref() }.map_or(0, |failures| failures.rows.len())
}

/// What ties failure `index` to what was sent, an order's number, say; empty where nothing does.
/// NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_failures_key(
    failures: *const wdt_failures,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(failures, index, |row| row.key, len) }
}

/// The server's code for failure `index`; empty where there is none. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_failures_code(
    failures: *const wdt_failures,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(failures, index, |row| row.code, len) }
}

/// Why failure `index` was refused, in the server's words; the whole element of the reply where that
/// names no reason. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_failures_message(
    failures: *const wdt_failures,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_cell(failures, index, |row| row.message, len) }
}

/// Frees failures. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_failures_free(failures: *mut wdt_failures) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(failures) }
}

/// # Safety
/// `failures` is NULL or alive, `len` is NULL or a place for a length.
unsafe fn give_cell(
    failures: *const wdt_failures,
    index: usize,
    cell: impl FnOnce(&Row) -> Span,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: the same contract.
    unsafe {
        let Some(failures) = failures.as_ref() else { return give_none(len) };
        give_span(failures.rows.get(index).map(|row| (&failures.texts, cell(row))), len)
    }
}
