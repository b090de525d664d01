//! A check without a request.

use std::os::raw::c_char;

use crate::boundary::{bytes, clear, fallible, hand_out, text};
use crate::catalogue::wdt_catalogue;
use crate::error::{wdt_error, wdt_status};
use crate::options::wdt_options;
use crate::report::{Issues, wdt_report};

/// Holds the body of a call of `method` against the catalogue, without building a request.
/// `catalogue` may be NULL (that of the options, else the built-in methods), `options` too.
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
                options.catalogue(catalogue.as_ref()),
                text(method, method_len, "method")?,
                bytes(body, body_len, "body")?,
                options.level,
                options.limits,
            );
            hand_out(out, wdt_report::new(Issues::Report(report)));
        }
        Ok(())
    })
}
