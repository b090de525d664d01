//! The receiving side.

use std::os::raw::{c_char, c_void};

use wdt_proto::{AppSecret, Lookup, Timestamp};

use crate::boundary::{bytes, clear, fallible, hand_out, text};
use crate::error::{Failure, wdt_error, wdt_status};
use crate::misuse::Misuse;
use crate::outward::{Text, free, give};

/// The look-up found the app secret.
pub const WDT_LOOKUP_FOUND: i32 = 0;
/// The look-up does not know the sid.
pub const WDT_LOOKUP_UNKNOWN_SID: i32 = 1;
/// The look-up knows the sid, but not the key.
pub const WDT_LOOKUP_UNKNOWN_KEY: i32 = 2;

/// Finds the app secret of a sid and a key, NUL-terminated texts that are valid during the call.
/// Returns one of the `WDT_LOOKUP_` numbers; for `WDT_LOOKUP_FOUND` it sets `*app_secret` and
/// `*app_secret_len` to "secret:salt", which must stay readable until `wdt_verify` returns.
/// It must not throw or jump out.
pub type wdt_lookup = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        sid: *const c_char,
        sid_len: usize,
        key: *const c_char,
        key_len: usize,
        app_secret: *mut *const c_char,
        app_secret_len: *mut usize,
    ) -> i32,
>;

/// A received call whose signature, time and version are right.
pub struct wdt_call {
    sid: Text,
    key: Text,
    method: Text,
    timestamp: i64,
    page: Option<(i32, i32, bool)>,
}

/// Checks a received call: the query string with or without "?", the body's bytes, and the
/// server's clock in Unix seconds. `lookup` is called at most once, with `context`.
///
/// `WDT_ERR_VERIFY` tells which check failed and what the vendor's server answers;
/// `WDT_ERR_CREDENTIALS` when the look-up gave no "secret:salt"; `WDT_ERR_ARGUMENT` when it
/// returned another number; `WDT_ERR_NULL`; `WDT_ERR_UTF8`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_verify(
    query: *const c_char,
    query_len: usize,
    body: *const c_char,
    body_len: usize,
    unix_time: i64,
    lookup: wdt_lookup,
    context: *mut c_void,
    out: *mut *mut wdt_call,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and readable texts.
        let (query, body) = unsafe {
            clear(out)?;
            (text(query, query_len, "query")?, bytes(body, body_len, "body")?)
        };
        let lookup = lookup.ok_or_else(|| Failure::null("lookup"))?;
        let now = Timestamp::from_unix(unix_time)?;
        let mut failed = None;
        let ask = |sid: &str, key: &str| {
            // SAFETY: the header says what the function may do.
            let found = unsafe { look_up(lookup, context, sid, key) };
            found.unwrap_or_else(|failure| {
                failed = Some(failure);
                Lookup::UnknownKey
            })
        };
        let outcome = wdt_proto::verify(query, body, ask, now);
        if let Some(failure) = failed {
            return Err(failure);
        }
        let call = outcome?;
        let handle = wdt_call {
            sid: Text::new(&*call.sid),
            key: Text::new(&*call.key),
            method: Text::new(&*call.method),
            timestamp: call.timestamp.seconds(),
            page: call.pager.map(|p| (p.page_size(), p.page_no(), p.calc_total())),
        };
        // SAFETY: `out` has been cleared, so it is a place.
        unsafe { hand_out(out, handle) };
        Ok(())
    })
}

unsafe fn look_up(
    lookup: unsafe extern "C" fn(
        *mut c_void,
        *const c_char,
        usize,
        *const c_char,
        usize,
        *mut *const c_char,
        *mut usize,
    ) -> i32,
    context: *mut c_void,
    sid: &str,
    key: &str,
) -> Result<Lookup, Failure> {
    let (sid, key) = (Text::new(sid), Text::new(key));
    let (mut sid_len, mut key_len) = (0, 0);
    let (mut secret, mut secret_len) = (std::ptr::null(), 0);
    // SAFETY: the places are ours; what the function may do is in the header.
    unsafe {
        let (sid, key) = (sid.give(&raw mut sid_len), key.give(&raw mut key_len));
        match lookup(context, sid, sid_len, key, key_len, &raw mut secret, &raw mut secret_len) {
            WDT_LOOKUP_FOUND => {
                let app_secret = text(secret, secret_len, "the look-up's app_secret")?;
                Ok(Lookup::Found(AppSecret::parse(app_secret)?))
            }
            WDT_LOOKUP_UNKNOWN_SID => Ok(Lookup::UnknownSid),
            WDT_LOOKUP_UNKNOWN_KEY => Ok(Lookup::UnknownKey),
            other => Err(Misuse::Lookup(other).into()),
        }
    }
}

/// The merchant's account. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_call_sid(call: *const wdt_call, len: *mut usize) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(call.as_ref().map(|call| &call.sid), len) }
}

/// The application's key. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_call_key(call: *const wdt_call, len: *mut usize) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(call.as_ref().map(|call| &call.key), len) }
}

/// The method called. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_call_method(call: *const wdt_call, len: *mut usize) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(call.as_ref().map(|call| &call.method), len) }
}

/// The caller's clock, in seconds since the platform's epoch. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_call_timestamp(call: *const wdt_call) -> i64 {
    // SAFETY: NULL or alive.
    unsafe { call.as_ref() }.map_or(0, |call| call.timestamp)
}

/// Writes the page that the call asks for to the places, each of which may be NULL, and tells
/// whether it asks for one. `false` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_call_pager(
    call: *const wdt_call,
    page_size: *mut i32,
    page_no: *mut i32,
    calc_total: *mut bool,
) -> bool {
    // SAFETY: NULL or alive.
    let Some((size, no, total)) = unsafe { call.as_ref() }.and_then(|call| call.page) else {
        return false;
    };
    // SAFETY: each is NULL or a place for its number.
    unsafe {
        if !page_size.is_null() {
            page_size.write(size);
        }
        if !page_no.is_null() {
            page_no.write(no);
        }
        if !calc_total.is_null() {
            calc_total.write(total);
        }
    }
    true
}

/// Frees a call. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_call_free(call: *mut wdt_call) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(call) }
}
