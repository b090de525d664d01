//! Credentials.

use std::os::raw::c_char;

use crate::boundary::{clear, fallible, hand_out, text};
use crate::error::{wdt_error, wdt_status};
use crate::outward::{Text, free, give};

/// What signs a request. The secret is wiped when the handle is freed, and nothing gives it back.
pub struct wdt_credentials {
    pub(crate) inner: wdt_proto::Credentials,
    sid: Text,
    key: Text,
    salt: Text,
}

/// Makes credentials from the merchant's sid, the application's key and the whole app secret
/// "secret:salt" as the platform issued it.
///
/// `WDT_ERR_CREDENTIALS` when a part is empty, holds a control character (a line break, say), has
/// blanks around it or lacks its colon; `WDT_ERR_NULL`, `WDT_ERR_UTF8`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_credentials_new(
    sid: *const c_char,
    sid_len: usize,
    key: *const c_char,
    key_len: usize,
    app_secret: *const c_char,
    app_secret_len: usize,
    out: *mut *mut wdt_credentials,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and readable texts.
        unsafe {
            clear(out)?;
            let inner = wdt_proto::Credentials::new(
                text(sid, sid_len, "sid")?,
                text(key, key_len, "key")?,
                text(app_secret, app_secret_len, "app_secret")?,
            )?;
            let (sid, key) = (Text::new(inner.sid()), Text::new(inner.key()));
            let salt = Text::new(inner.salt());
            hand_out(out, wdt_credentials { inner, sid, key, salt });
        }
        Ok(())
    })
}

/// The merchant's account. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_credentials_sid(
    credentials: *const wdt_credentials,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(credentials.as_ref().map(|credentials| &credentials.sid), len) }
}

/// The application's key. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_credentials_key(
    credentials: *const wdt_credentials,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(credentials.as_ref().map(|credentials| &credentials.key), len) }
}

/// The public half of the app secret. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_credentials_salt(
    credentials: *const wdt_credentials,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(credentials.as_ref().map(|credentials| &credentials.salt), len) }
}

/// Frees credentials and wipes the secret. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_credentials_free(credentials: *mut wdt_credentials) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(credentials) }
}
