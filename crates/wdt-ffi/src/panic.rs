//! For the test of the panic boundary.

use crate::boundary::fallible;
use crate::error::{wdt_error, wdt_status};

/// Panics.
#[unsafe(no_mangle)]
#[allow(clippy::panic, clippy::missing_panics_doc)] // the panic is the point, and is caught
pub extern "C" fn wdt_test_panic(error: *mut *mut wdt_error) -> wdt_status {
    fallible(error, || panic!("asked for"))
}
