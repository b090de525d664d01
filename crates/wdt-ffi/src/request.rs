//! Requests ready to send: a draft, signed.

use std::os::raw::c_char;
use std::ptr;
use std::sync::Arc;

use wdt_proto::{SignedRequest, Timestamp};

use crate::boundary::{borrow, clear, fallible, hand_out, text};
use crate::catalogue::wdt_catalogue;
use crate::credentials::wdt_credentials;
use crate::draft::{Draft, wdt_draft};
use crate::error::{Failure, wdt_error, wdt_status};
use crate::options::wdt_options;
use crate::outward::{Span, Texts, free, give_none, give_span};
use crate::report::wdt_report;
use crate::text::wdt_text;

/// A request ready to send: POST its URL with `Content-Type: application/json` and exactly its
/// body. What is signed is what must be sent; sign anew for every attempt.
pub struct wdt_request {
    pub(crate) draft: Arc<Draft>,
    pub(crate) signed: SignedRequest,
    texts: Texts,
    query: Span,
    sign: Span,
}

impl wdt_request {
    pub(crate) fn new(
        draft: Arc<Draft>,
        credentials: &wdt_credentials,
        unix_time: i64,
    ) -> Result<Self, Failure> {
        Ok(Self::signed(draft, credentials, Timestamp::from_unix(unix_time)?))
    }

    pub(crate) fn signed(
        draft: Arc<Draft>,
        credentials: &wdt_credentials,
        timestamp: Timestamp,
    ) -> Self {
        let signed = draft.request.sign(&credentials.inner, timestamp);
        let (query, sign) = (signed.query(), signed.signature());
        let sign = sign.as_str();
        let mut texts = Texts::with_room(query.len() + sign.len(), 2);
        Self { query: texts.add(query), sign: texts.add(sign), texts, signed, draft }
    }
}

/// Builds and signs a request from a body that is JSON already: the array of the method's
/// positional arguments. It is signed and sent byte for byte. The same as `wdt_draft_new` and
/// `wdt_draft_sign` in one.
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
            let draft = Draft::given(method, method_len, body, body_len, catalogue, options)?;
            hand_out(out, wdt_request::new(draft, credentials, unix_time)?);
        }
        Ok(())
    })
}

/// Signs a draft, as often as need be: once for every attempt. The body is not copied.
///
/// `unix_time` is in Unix seconds.
/// `WDT_ERR_VALIDATION` for a `unix_time` that cannot be one; `WDT_ERR_NULL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_draft_sign(
    draft: *const wdt_draft,
    credentials: *const wdt_credentials,
    unix_time: i64,
    out: *mut *mut wdt_request,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL.
        unsafe {
            clear(out)?;
            let draft = Arc::clone(&borrow(draft, "draft")?.0);
            let credentials = borrow(credentials, "credentials")?;
            hand_out(out, wdt_request::new(draft, credentials, unix_time)?);
        }
        Ok(())
    })
}

/// The call of a request that is there already, of a stock-sync call for instance, as a draft: for an
/// exchange, or to be signed anew. The body is not copied.
///
/// `WDT_ERR_NULL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_draft_of_request(
    request: *const wdt_request,
    out: *mut *mut wdt_draft,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL.
        unsafe {
            clear(out)?;
            hand_out(out, wdt_draft(Arc::clone(&borrow(request, "request")?.draft)));
        }
        Ok(())
    })
}

/// Signs the same call anew, for another attempt: a request of its own, with the same body, which
/// is not copied.
///
/// Errors as `wdt_draft_sign`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_request_sign_again(
    request: *const wdt_request,
    credentials: *const wdt_credentials,
    unix_time: i64,
    out: *mut *mut wdt_request,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL.
        unsafe {
            clear(out)?;
            let draft = Arc::clone(&borrow(request, "request")?.draft);
            let credentials = borrow(credentials, "credentials")?;
            hand_out(out, wdt_request::new(draft, credentials, unix_time)?);
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
    unsafe {
        request.as_ref().map_or_else(|| give_none(len), |request| request.draft.give_body(len))
    }
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
    let request = unsafe { request.as_ref() };
    request.map_or(ptr::null(), |request| ptr::from_ref(&request.draft.warnings))
}

/// The whole URL for a server's address, with or without "/openapi" and a slash behind it. Prefer
/// an "https://" base where the merchant has one. Who sends more than one request reads the address
/// once, with `wdt_endpoint_new`.
///
/// `WDT_ERR_VALIDATION` for a base that is no http(s) address, or one of another edition;
/// `WDT_ERR_NULL`; `WDT_ERR_UTF8`.
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
            hand_out(out, wdt_text::new(url));
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
