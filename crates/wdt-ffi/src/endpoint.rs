//! The server's address, read once.

use std::os::raw::c_char;

use wdt_proto::{Endpoint, ValidationError};

use crate::boundary::{borrow, clear, fallible, hand_out, text};
use crate::error::{wdt_error, wdt_status};
use crate::outward::{Text, free, give};
use crate::request::wdt_request;
use crate::text::wdt_text;

/// The server's address. It may hold a user's name and password: mind where it is shown.
pub struct wdt_endpoint {
    inner: Endpoint,
    address: Text,
}

/// Reads a server's address, with or without "/openapi" and a slash behind it. Prefer an "https://"
/// base where the merchant has one.
///
/// `WDT_ERR_VALIDATION` for a base that is no http(s) address, or one of another edition;
/// `WDT_ERR_NULL`; `WDT_ERR_UTF8`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_endpoint_new(
    base: *const c_char,
    base_len: usize,
    out: *mut *mut wdt_endpoint,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and readable texts.
        unsafe {
            clear(out)?;
            let inner = Endpoint::parse(text(base, base_len, "base")?)
                .map_err(|error| ValidationError::from(error.issue("base")))?;
            let address = Text::new(inner.as_str());
            hand_out(out, wdt_endpoint { inner, address });
        }
        Ok(())
    })
}

/// The address, with "/openapi" and nothing behind it. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_endpoint_address(
    endpoint: *const wdt_endpoint,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(endpoint.as_ref().map(|endpoint| &endpoint.address), len) }
}

/// The whole URL to POST a request to. It holds the salt and the signature, never the secret.
///
/// `WDT_ERR_NULL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_endpoint_url(
    endpoint: *const wdt_endpoint,
    request: *const wdt_request,
    out: *mut *mut wdt_text,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL.
        unsafe {
            clear(out)?;
            let endpoint = borrow(endpoint, "endpoint")?;
            let url = endpoint.inner.url(&borrow(request, "request")?.signed);
            hand_out(out, wdt_text::new(url));
        }
        Ok(())
    })
}

/// Frees an endpoint. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_endpoint_free(endpoint: *mut wdt_endpoint) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(endpoint) }
}
