//! The bare algorithm, and what was signed.

use std::os::raw::c_char;

use wdt_proto::{Level, Timestamp};

use crate::boundary::{array, borrow, bytes, clear, fallible, hand_out, text};
use crate::credentials::wdt_credentials;
use crate::error::{Failure, wdt_error, wdt_status};
use crate::options::wdt_options;
use crate::outward::{Text, free, give};
use crate::text::wdt_text;

/// One parameter of `wdt_sign`: a query parameter with its raw value, or "body" with the bytes of
/// the HTTP body. Also a header of a reply, for `wdt_exchange_reply`.
#[repr(C)]
pub struct wdt_parameter {
    /// The key, UTF-8.
    pub key: *const c_char,
    /// Its length in bytes.
    pub key_len: usize,
    /// The value before URL encoding.
    pub value: *const c_char,
    /// Its length in bytes.
    pub value_len: usize,
}

/// Signs any parameters, in any order: the bare algorithm. A "sign" among them is left out.
/// `secret` is the part of the app secret before the first colon. (NULL, 0) is no parameters.
///
/// `WDT_ERR_NULL`; `WDT_ERR_UTF8` for the secret and the keys.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_sign(
    secret: *const c_char,
    secret_len: usize,
    parameters: *const wdt_parameter,
    parameters_len: usize,
    out: *mut *mut wdt_text,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and readable texts.
        unsafe {
            clear(out)?;
            let secret = text(secret, secret_len, "secret")?;
            let pairs = array(parameters, parameters_len, "parameters")?
                .iter()
                .map(|parameter| {
                    let key = text(parameter.key, parameter.key_len, "parameters: a key")?;
                    let value = bytes(parameter.value, parameter.value_len, key)?;
                    Ok((key, value))
                })
                .collect::<Result<Vec<_>, Failure>>()?;
            let signature = wdt_proto::sign(secret, pairs);
            hand_out(out, wdt_text::new(signature.as_str()));
        }
        Ok(())
    })
}

/// What was signed, for people who hunt a mismatch.
pub struct wdt_explanation {
    canonical: Text,
    length: usize,
    sign: Text,
}

/// Shows what `wdt_request_build` would sign. The arguments are not held against the catalogue;
/// `options` may be NULL.
///
/// `WDT_ERR_VALIDATION` for a body that is no JSON array; `WDT_ERR_NULL`; `WDT_ERR_UTF8`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_explain(
    credentials: *const wdt_credentials,
    method: *const c_char,
    method_len: usize,
    body: *const c_char,
    body_len: usize,
    unix_time: i64,
    options: *const wdt_options,
    out: *mut *mut wdt_explanation,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL.
        unsafe {
            clear(out)?;
            let credentials = borrow(credentials, "credentials")?;
            let method = text(method, method_len, "method")?;
            let request = wdt_options::or_default(options)
                .builder(method, None)
                .level(Level::Off)
                .raw_body(bytes(body, body_len, "body")?)?;
            let explanation = request.explain(&credentials.inner, Timestamp::from_unix(unix_time)?);
            hand_out(
                out,
                wdt_explanation {
                    canonical: Text::new(&explanation.canonical),
                    length: explanation.length,
                    sign: Text::new(explanation.sign.as_str()),
                },
            );
        }
        Ok(())
    })
}

/// The canonical string, with "***" where the secret stands at both ends. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_explanation_canonical(
    explanation: *const wdt_explanation,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(explanation.as_ref().map(|explanation| &explanation.canonical), len) }
}

/// The length in bytes of the real canonical string, the secret included twice. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_explanation_length(explanation: *const wdt_explanation) -> usize {
    // SAFETY: NULL or alive.
    unsafe { explanation.as_ref() }.map_or(0, |explanation| explanation.length)
}

/// The signature. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_explanation_sign(
    explanation: *const wdt_explanation,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(explanation.as_ref().map(|explanation| &explanation.sign), len) }
}

/// Frees an explanation. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_explanation_free(explanation: *mut wdt_explanation) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(explanation) }
}
