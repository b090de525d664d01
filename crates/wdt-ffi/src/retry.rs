//! When a call is tried again, and after how long.

use std::time::Duration;

use wdt_proto::session::Retry;

use crate::boundary::{clear, exclusive, fallible, hand_out};
use crate::error::{Failure, wdt_error, wdt_status};
use crate::outward::free;

/// How often and how long calls are tried. A NULL in its place means the defaults: 5 attempts within
/// 15 minutes, each of at most 5; waits that double from half a second to at most 30 seconds; 5 to 10
/// minutes of rest after a rate limit; a server's clock is believed up to a day from the local one.
pub struct wdt_retry(pub(crate) Retry);

/// Makes a policy that is the defaults.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_retry_new(
    out: *mut *mut wdt_retry,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for a place.
        unsafe {
            clear(out)?;
            hand_out(out, wdt_retry(Retry::default()));
        }
        Ok(())
    })
}

/// Sets the most attempts of one call, the first included, and after how long from the first none
/// starts any more.
///
/// `WDT_ERR_ARGUMENT` for no attempts at all; `WDT_ERR_NULL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_retry_set_attempts(
    retry: *mut wdt_retry,
    attempts: u32,
    max_time_ms: u64,
    error: *mut *mut wdt_error,
) -> wdt_status {
    let max_time = Duration::from_millis(max_time_ms);
    // SAFETY: the same contract.
    unsafe { change(retry, error, |policy| Retry { attempts, max_time, ..policy }) }
}

/// Sets the longest that one attempt may take: `wdt_exchange_step` tells until when.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_retry_set_attempt_time(
    retry: *mut wdt_retry,
    attempt_time_ms: u64,
    error: *mut *mut wdt_error,
) -> wdt_status {
    let attempt_time = Duration::from_millis(attempt_time_ms);
    // SAFETY: the same contract.
    unsafe { change(retry, error, |policy| Retry { attempt_time, ..policy }) }
}

/// Sets the longest wait after the first failure, which doubles with each more, and the longest wait
/// however many there were.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_retry_set_delays(
    retry: *mut wdt_retry,
    first_ms: u64,
    longest_ms: u64,
    error: *mut *mut wdt_error,
) -> wdt_status {
    let [first_delay, longest_delay] = [first_ms, longest_ms].map(Duration::from_millis);
    // SAFETY: the same contract.
    unsafe { change(retry, error, |policy| Retry { first_delay, longest_delay, ..policy }) }
}

/// Sets the least and the longest rest after a rate limit.
///
/// `WDT_ERR_ARGUMENT` where the longest is shorter than the least; `WDT_ERR_NULL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_retry_set_rest(
    retry: *mut wdt_retry,
    least_ms: u64,
    longest_ms: u64,
    error: *mut *mut wdt_error,
) -> wdt_status {
    let [least, longest] = [least_ms, longest_ms].map(Duration::from_millis);
    // SAFETY: the same contract.
    unsafe { change(retry, error, |policy| Retry { rest: Some((least, longest)), ..policy }) }
}

/// After a rate limit there is no rest: the call fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_retry_set_no_rest(
    retry: *mut wdt_retry,
    error: *mut *mut wdt_error,
) -> wdt_status {
    // SAFETY: the same contract.
    unsafe { change(retry, error, |policy| Retry { rest: None, ..policy }) }
}

/// Sets how far the server's clock may be from the local one to be believed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_retry_set_clock_error(
    retry: *mut wdt_retry,
    clock_error_ms: u64,
    error: *mut *mut wdt_error,
) -> wdt_status {
    let clock_error = Duration::from_millis(clock_error_ms);
    // SAFETY: the same contract.
    unsafe { change(retry, error, |policy| Retry { clock_error, ..policy }) }
}

/// Frees a policy. NULL does nothing; exchanges that began with it go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_retry_free(retry: *mut wdt_retry) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(retry) }
}

/// A policy that cannot be leaves the one that is there.
///
/// # Safety
/// `retry` is NULL or alive and used by nobody else, `error` is NULL or a place for a pointer.
unsafe fn change(
    retry: *mut wdt_retry,
    error: *mut *mut wdt_error,
    change: impl FnOnce(Retry) -> Retry,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the same contract.
        let retry = unsafe { exclusive(retry, "retry") }?;
        let changed = change(retry.0);
        changed.check().map_err(Failure::Retry)?;
        retry.0 = changed;
        Ok(())
    })
}
