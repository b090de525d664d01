//! The server's reply.

use std::os::raw::c_char;

use wdt_proto::{ApiError, Response, ResponseError};

use crate::boundary::{bytes, clear, fallible, hand_out};
use crate::error::{Failure, wdt_error, wdt_status};
use crate::options::wdt_options;
use crate::outward::{Text, free, give};

/// A reply of the server's, of success or of error.
pub struct wdt_response {
    status: i64,
    kind: Text,
    message: Text,
    data: Option<Text>,
    total: Option<u64>,
    is_retryable: bool,
}

impl wdt_response {
    pub(crate) fn of_success(response: &Response<'_>) -> Self {
        Self {
            status: 0,
            kind: Text::new(""),
            message: Text::new(""),
            data: response.data().map(Text::new),
            total: response.total(),
            is_retryable: false,
        }
    }

    /// The data and the total of a success; `None` for a refusal.
    pub(crate) fn success(&self) -> Option<(Option<&str>, Option<u64>)> {
        (self.status == 0).then(|| (self.data.as_ref().map(Text::as_str), self.total))
    }

    pub(crate) fn of_error(api: &ApiError) -> Self {
        Self {
            status: api.status,
            kind: Text::new(api.kind.as_str()),
            message: Text::new(&api.message),
            data: api.data.as_deref().map(Text::new),
            total: None,
            is_retryable: api.is_retryable(),
        }
    }
}

/// Parses a reply. `options` (its limits count) may be NULL.
///
/// `WDT_OK` with a handle for status 0. `WDT_ERR_API` **with a handle too**, to be freed, when the
/// server answered with another status. `WDT_ERR_MALFORMED` when the body is no reply of the
/// platform's; `WDT_ERR_NULL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_response_parse(
    body: *const c_char,
    body_len: usize,
    options: *const wdt_options,
    out: *mut *mut wdt_response,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL.
        unsafe {
            clear(out)?;
            let body = bytes(body, body_len, "body")?;
            let limits = wdt_options::or_default(options).limits;
            let reply = Response::parse_within(body, limits);
            match &reply {
                Ok(response) => hand_out(out, wdt_response::of_success(response)),
                Err(ResponseError::Api(api)) => hand_out(out, wdt_response::of_error(api)),
                Err(_) => {}
            }
            reply.map(drop).map_err(Failure::Response)
        }
    })
}

/// The server's status; 0 is success. -1 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_response_status(response: *const wdt_response) -> i64 {
    // SAFETY: NULL or alive.
    unsafe { response.as_ref() }.map_or(-1, |response| response.status)
}

/// What an error status means: "authentication", "rate_limit", …; empty for success. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_response_kind(
    response: *const wdt_response,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(response.as_ref().map(|response| &response.kind), len) }
}

/// The server's message for an error; empty for success. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_response_message(
    response: *const wdt_response,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(response.as_ref().map(|response| &response.message), len) }
}

/// Whether the same call, signed anew, may succeed later. `false` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_response_retryable(response: *const wdt_response) -> bool {
    // SAFETY: NULL or alive.
    unsafe { response.as_ref() }.is_some_and(|response| response.is_retryable)
}

/// `data` as exact JSON text, all digits kept. NULL where the reply has none, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_response_data(
    response: *const wdt_response,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(response.as_ref().and_then(|response| response.data.as_ref()), len) }
}

/// Writes the total of a paged query that asked for it to `*total` (which may be NULL) and tells
/// whether the reply has one. `false` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_response_total(
    response: *const wdt_response,
    total: *mut u64,
) -> bool {
    // SAFETY: NULL or alive.
    let Some(found) = unsafe { response.as_ref() }.and_then(|response| response.total) else {
        return false;
    };
    if !total.is_null() {
        // SAFETY: not NULL, so a place for a number.
        unsafe { total.write(found) };
    }
    true
}

/// Frees a response. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_response_free(response: *mut wdt_response) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(response) }
}
