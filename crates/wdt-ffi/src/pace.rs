//! What the calls of one account share: their pace, and what they know of the server's clock.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wdt_proto::session::{Limiter, ServerClock};

use crate::boundary::{clear, fallible, hand_out};
use crate::error::{wdt_error, wdt_status};
use crate::misuse::Misuse;
use crate::outward::{free, infallible};

/// At most so many calls in any minute. The platform counts those of a merchant (sid): all exchanges
/// of that sid share one, in whatever threads they are. Other processes are not seen.
pub struct wdt_limiter(pub(crate) Arc<Mutex<Limiter>>);

/// The server's clock as far as it is known: what one exchange learns of it, all know that share it,
/// in whatever threads they are.
pub struct wdt_clock(pub(crate) Arc<Mutex<ServerClock>>);

/// What a lock holds is whole after each call, a panic or not.
pub(crate) fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a limiter. The platform is known to take 60 calls a minute.
///
/// `WDT_ERR_ARGUMENT` for a `per_minute` of 0: to call without a limiter, give none; `WDT_ERR_NULL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_limiter_new(
    per_minute: u32,
    out: *mut *mut wdt_limiter,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for a place.
        unsafe {
            clear(out)?;
            let per_minute = NonZeroU32::new(per_minute).ok_or(Misuse::NoCalls)?;
            hand_out(out, wdt_limiter(Arc::new(Mutex::new(Limiter::new(per_minute)))));
        }
        Ok(())
    })
}

/// How many calls fit into a minute. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_limiter_per_minute(limiter: *const wdt_limiter) -> u32 {
    // SAFETY: NULL or alive.
    let limiter = unsafe { limiter.as_ref() };
    infallible(0, || limiter.map_or(0, |limiter| locked(&limiter.0).per_minute()))
}

/// Frees a limiter. NULL does nothing; exchanges that began with it go on sharing it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_limiter_free(limiter: *mut wdt_limiter) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(limiter) }
}

/// Makes a clock that is taken for the local one until the server says otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_clock_new(
    out: *mut *mut wdt_clock,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for a place.
        unsafe {
            clear(out)?;
            hand_out(out, wdt_clock(Arc::new(Mutex::new(ServerClock::default()))));
        }
        Ok(())
    })
}

/// The server's time in Unix seconds, from the local time in milliseconds since 1970 in UTC. For NULL
/// the local time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_clock_unix(clock: *const wdt_clock, unix_ms: i64) -> i64 {
    // SAFETY: NULL or alive.
    let clock = unsafe { clock.as_ref() };
    infallible(0, || known(clock).unix(unix_ms))
}

/// How many milliseconds the server's clock is ahead of the local one. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_clock_offset_ms(clock: *const wdt_clock) -> i64 {
    // SAFETY: NULL or alive.
    let clock = unsafe { clock.as_ref() };
    infallible(0, || known(clock).offset_ms())
}

/// Frees a clock. NULL does nothing; exchanges that began with it go on sharing it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_clock_free(clock: *mut wdt_clock) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(clock) }
}

fn known(clock: Option<&wdt_clock>) -> ServerClock {
    clock.map(|clock| *locked(&clock.0)).unwrap_or_default()
}
