//! Requests: built, signed, explained.

use std::os::raw::c_char;
use std::ptr;

use wdt_proto::{Request, SignedRequest, Timestamp};

use crate::boundary::{
    Span, Text, Texts, borrow, bytes, clear, fallible, free, give, give_span, hand_out, text,
};
use crate::catalogue::{self, wdt_catalogue};
use crate::credentials::wdt_credentials;
use crate::error::{wdt_error, wdt_status};
use crate::options::wdt_options;
use crate::report::wdt_report;

/// A request ready to send: POST its URL with `Content-Type: application/json` and exactly its
/// body. What is signed is what must be sent; sign anew for every attempt.
pub struct wdt_request {
    signed: SignedRequest,
    texts: Texts,
    query: Span,
    body: Span,
    sign: Span,
    warnings: wdt_report,
}

impl wdt_request {
    pub(crate) fn new(signed: SignedRequest) -> Self {
        let (query, body, sign) = (signed.query(), signed.body(), signed.signature());
        let sign = sign.as_str();
        let mut texts = Texts::with_room(query.len() + body.len() + sign.len(), 3);
        Self {
            query: texts.add(query),
            body: texts.add(body),
            sign: texts.add(sign),
            warnings: wdt_report::new(true, signed.warnings(), 0),
            texts,
            signed,
        }
    }
}

/// Builds and signs a request from a body that is JSON already: the array of the method's
/// positional arguments. It is signed and sent byte for byte.
///
/// `unix_time` is in Unix seconds. `catalogue` and `options` may be NULL.
/// `WDT_ERR_VALIDATION` with the issues; `WDT_ERR_NULL`; `WDT_ERR_UTF8` for the method's name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_request_build(
    credentials: *const wdt_credentials,
    method: *const c_char,
    method_len: usize,
    body: *const c_char,
    body_len: usize,
    unix_time: i64,
    catalogue: *const wdt_catalogue,
    options: *const wdt_options,
    out: *mut *mut wdt_request,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL.
        unsafe {
            clear(out)?;
            let credentials = borrow(credentials, "credentials")?;
            let method = text(method, method_len, "method")?;
            let builder = Request::builder(method).catalogue(catalogue::or_builtin(catalogue));
            let request = wdt_options::or_default(options)
                .apply(builder)
                .raw_body(bytes(body, body_len, "body")?)?;
            let timestamp = Timestamp::from_unix(unix_time)?;
            hand_out(out, wdt_request::new(request.sign(&credentials.inner, timestamp)));
        }
        Ok(())
    })
}

/// The query string, percent-encoded, without "?". It never holds the secret. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_request_query(
    request: *const wdt_request,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_span(request.as_ref().map(|request| (&request.texts, request.query)), len) }
}

/// The bytes to send as the HTTP body. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_request_body(
    request: *const wdt_request,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_span(request.as_ref().map(|request| (&request.texts, request.body)), len) }
}

/// The signature, also in the query: 32 lower-case hex characters. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_request_sign(
    request: *const wdt_request,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_span(request.as_ref().map(|request| (&request.texts, request.sign)), len) }
}

/// The signed time, in seconds since the platform's epoch. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_request_timestamp(request: *const wdt_request) -> i64 {
    // SAFETY: NULL or alive.
    unsafe { request.as_ref() }.map_or(0, |request| request.signed.timestamp().seconds())
}

/// The warnings: what the catalogue finds odd and the platform is known to take. Belongs to the
/// request. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_request_warnings(request: *const wdt_request) -> *const wdt_report {
    // SAFETY: NULL or alive.
    unsafe { request.as_ref() }.map_or(ptr::null(), |request| ptr::from_ref(&request.warnings))
}

/// The whole URL for a server's address, with or without "/openapi" and a slash behind it. Prefer
/// an "https://" base where the merchant has one.
///
/// `WDT_ERR_VALIDATION` for a base that is no http(s) address; `WDT_ERR_NULL`; `WDT_ERR_UTF8`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_request_url(
    request: *const wdt_request,
    base: *const c_char,
    base_len: usize,
    out: *mut *mut wdt_text,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL.
        unsafe {
            clear(out)?;
            let request = borrow(request, "request")?;
            let url = request.signed.url(text(base, base_len, "base")?)?;
            hand_out(out, wdt_text(Text::new(url)));
        }
        Ok(())
    })
}

/// Frees a request. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_request_free(request: *mut wdt_request) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(request) }
}

/// A text of its own.
pub struct wdt_text(pub(crate) Text);

/// The text. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_text_data(text: *const wdt_text, len: *mut usize) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(text.as_ref().map(|text| &text.0), len) }
}

/// Frees a text. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_text_free(text: *mut wdt_text) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(text) }
}
