//! What failed: a status for the program, a text for people, and the details of each kind.

use std::os::raw::c_char;

use wdt_proto::ValidationError;

use crate::boundary::{self, Text, give, infallible};
use crate::report::wdt_report;

/// What a fallible function returns: `WDT_OK` or one of the `WDT_ERR_` numbers.
pub type wdt_status = i32;

/// The call succeeded.
pub const WDT_OK: wdt_status = 0;
/// A pointer that must not be NULL is NULL, or a length is more than memory holds.
pub const WDT_ERR_NULL: wdt_status = 1;
/// A text is no UTF-8.
pub const WDT_ERR_UTF8: wdt_status = 2;
/// Credentials are empty, lack their colon, or hold a control character.
pub const WDT_ERR_CREDENTIALS: wdt_status = 3;
/// A request was refused before it was signed: `wdt_error_report` has the issues.
pub const WDT_ERR_VALIDATION: wdt_status = 4;
/// The server answered with a status other than 0: the response handle has it.
pub const WDT_ERR_API: wdt_status = 5;
/// The body is no reply of the platform's: `wdt_error_body` has its beginning.
pub const WDT_ERR_MALFORMED: wdt_status = 6;
/// A received call failed a check: `wdt_error_check` and the vendor's answer tell which.
pub const WDT_ERR_VERIFY: wdt_status = 7;
/// A method's file could not be registered.
pub const WDT_ERR_CATALOGUE: wdt_status = 8;
/// A number is none of the values that its place has.
pub const WDT_ERR_ARGUMENT: wdt_status = 9;
/// The library panicked: a defect of its own.
pub const WDT_ERR_PANIC: wdt_status = 10;

/// Why a call failed.
pub struct wdt_error {
    code: wdt_status,
    message: Text,
    report: Option<wdt_report>,
    body: Option<Text>,
    check: Option<Text>,
    vendor_message: Option<Text>,
    vendor_status: i64,
}

/// What failed, before it is made a handle.
pub(crate) struct Failure(Box<wdt_error>);

impl Failure {
    pub(crate) fn new(code: wdt_status, message: &str) -> Self {
        Self(Box::new(wdt_error {
            code,
            message: Text::new(message),
            report: None,
            body: None,
            check: None,
            vendor_message: None,
            vendor_status: 0,
        }))
    }

    pub(crate) fn code(&self) -> wdt_status {
        self.0.code
    }

    pub(crate) fn with_body(mut self, body: &[u8]) -> Self {
        self.0.body = Some(Text::new(body));
        self
    }
}

impl From<ValidationError> for Failure {
    fn from(error: ValidationError) -> Self {
        let mut failure = Self::new(WDT_ERR_VALIDATION, &error.to_string());
        failure.0.report = Some(wdt_report::new(false, error.issues(), error.omitted()));
        failure
    }
}

impl From<wdt_proto::TimestampError> for Failure {
    fn from(error: wdt_proto::TimestampError) -> Self {
        ValidationError::from(error).into()
    }
}

impl From<wdt_proto::CredentialsError> for Failure {
    fn from(error: wdt_proto::CredentialsError) -> Self {
        Self::new(WDT_ERR_CREDENTIALS, &error.to_string())
    }
}

impl From<wdt_proto::VerifyError> for Failure {
    fn from(error: wdt_proto::VerifyError) -> Self {
        let mut failure = Self::new(WDT_ERR_VERIFY, &error.to_string());
        failure.0.check = Some(Text::new(error.check()));
        failure.0.vendor_message = Some(Text::new(error.vendor_message()));
        failure.0.vendor_status = error.status();
        failure
    }
}

impl wdt_error {
    pub(crate) fn handle(failure: Failure) -> *mut Self {
        Box::into_raw(failure.0)
    }
}

/// The status that the failed function returned. `WDT_OK` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_code(error: *const wdt_error) -> wdt_status {
    // SAFETY: NULL or alive, as the header asks.
    infallible(WDT_ERR_PANIC, || unsafe { error.as_ref() }.map_or(WDT_OK, |error| error.code))
}

/// What failed and what to do, for people; one line an issue. It never holds a secret. NULL for
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_message(
    error: *const wdt_error,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(error.as_ref().map(|error| &error.message), len) }
}

/// The issues of a `WDT_ERR_VALIDATION`, NULL for any other. Belongs to the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_report(error: *const wdt_error) -> *const wdt_report {
    // SAFETY: NULL or alive.
    let report = unsafe { error.as_ref() }.and_then(|error| error.report.as_ref());
    report.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// The first bytes of the body of a `WDT_ERR_MALFORMED`, NULL for any other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_body(error: *const wdt_error, len: *mut usize) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(error.as_ref().and_then(|error| error.body.as_ref()), len) }
}

/// Which check a `WDT_ERR_VERIFY` is about ("wrong_signature", "stale_timestamp", …), NULL for any
/// other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_check(
    error: *const wdt_error,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(error.as_ref().and_then(|error| error.check.as_ref()), len) }
}

/// The status that the vendor's server answers for a `WDT_ERR_VERIFY`, 0 for any other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_vendor_status(error: *const wdt_error) -> i64 {
    // SAFETY: NULL or alive.
    unsafe { error.as_ref() }.map_or(0, |error| error.vendor_status)
}

/// The message that the vendor's server answers for a `WDT_ERR_VERIFY`, NULL for any other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_vendor_message(
    error: *const wdt_error,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(error.as_ref().and_then(|error| error.vendor_message.as_ref()), len) }
}

/// Frees an error. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_free(error: *mut wdt_error) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { boundary::free(error) }
}

/// Panics, for the test of the panic boundary.
#[cfg(feature = "test-panic")]
#[unsafe(no_mangle)]
#[allow(clippy::panic, clippy::missing_panics_doc)] // the panic is the point, and is caught
pub extern "C" fn wdt_test_panic(error: *mut *mut wdt_error) -> wdt_status {
    boundary::fallible(error, || panic!("asked for"))
}
