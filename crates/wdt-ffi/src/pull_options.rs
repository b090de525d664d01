//! How a pull goes about it.

use std::os::raw::c_char;

use wdt_proto::session::PullOptions;

use crate::boundary::{clear, exclusive, fallible, hand_out, text};
use crate::error::{wdt_error, wdt_status};
use crate::outward::free;

/// Options of a pull. A NULL in their place means the defaults: no state, pages as large as the
/// vendor advises (else 200 rows), a lag of 60 seconds, an overlap of 600, no account.
#[derive(Default)]
pub struct wdt_pull_options {
    pub(crate) inner: PullOptions,
    pub(crate) state: Option<String>,
}

/// Makes options that are the defaults.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_options_new(
    out: *mut *mut wdt_pull_options,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for a place.
        unsafe {
            clear(out)?;
            hand_out(out, wdt_pull_options::default());
        }
        Ok(())
    })
}

/// Sets the state of the last batch that was kept: the pull goes on behind it, and reads first what
/// failed. An empty text begins anew.
///
/// `WDT_ERR_NULL`; `WDT_ERR_UTF8`. Whether it is a state of this pull is seen by `wdt_pull_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_options_set_state(
    options: *mut wdt_pull_options,
    state: *const c_char,
    state_len: usize,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: NULL or alive and used by nobody else; readable texts.
        let (options, state) =
            unsafe { (exclusive(options, "options")?, text(state, state_len, "state")?) };
        options.state = Some(state.to_owned()).filter(|state| !state.is_empty());
        Ok(())
    })
}

/// Sets whose rows they are, the merchant's sid: a state of another one is refused.
///
/// `WDT_ERR_NULL`; `WDT_ERR_UTF8`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_options_set_account(
    options: *mut wdt_pull_options,
    account: *const c_char,
    account_len: usize,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: NULL or alive and used by nobody else; readable texts.
        let (options, account) =
            unsafe { (exclusive(options, "options")?, text(account, account_len, "account")?) };
        account.clone_into(&mut options.inner.account);
        Ok(())
    })
}

/// Sets how many rows a page has; what the method allows is seen by `wdt_pull_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_options_set_page_size(
    options: *mut wdt_pull_options,
    page_size: u32,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: NULL or alive, and nobody else uses it now.
        let options = unsafe { exclusive(options, "options") }?;
        options.inner.page_size = Some(page_size);
        Ok(())
    })
}

/// Sets how many seconds must have passed before they are asked for, since rows may become visible
/// late, and how many seconds earlier a pull begins that goes on from one that had come to its end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_options_set_lag(
    options: *mut wdt_pull_options,
    lag_seconds: u32,
    overlap_seconds: u32,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: NULL or alive, and nobody else uses it now.
        let options = unsafe { exclusive(options, "options") }?;
        (options.inner.lag, options.inner.overlap) = (lag_seconds, overlap_seconds);
        Ok(())
    })
}

/// Frees options. NULL does nothing; pulls that began with them go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_options_free(options: *mut wdt_pull_options) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(options) }
}
