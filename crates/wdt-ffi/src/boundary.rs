//! What every fallible entry point shares: arguments in, a handle or an error out, and the net that
//! catches panics.

use std::os::raw::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use crate::error::{Failure, WDT_OK, wdt_error, wdt_status};
use crate::misuse::Misuse;

/// Runs the body of a fallible entry point: no panic gets past it, `*error` receives what failed.
pub(crate) fn fallible(
    error: *mut *mut wdt_error,
    run: impl FnOnce() -> Result<(), Failure>,
) -> wdt_status {
    let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(Failure::Panic));
    let (status, handle) = match outcome {
        Ok(()) => (WDT_OK, ptr::null_mut()),
        Err(failure) if error.is_null() => (failure.code(), ptr::null_mut()),
        Err(failure) => (failure.code(), wdt_error::handle(failure)),
    };
    if !error.is_null() {
        // SAFETY: the caller gives NULL or a place for a pointer.
        unsafe { error.write(handle) };
    }
    status
}

/// Empties `*out` at the start of a call.
///
/// # Safety
/// `out` is NULL or a place for a pointer.
pub(crate) unsafe fn clear<T>(out: *mut *mut T) -> Result<(), Failure> {
    if out.is_null() {
        return Err(Failure::null("out"));
    }
    // SAFETY: not NULL, so by contract a place for a pointer.
    unsafe { out.write(ptr::null_mut()) };
    Ok(())
}

/// Writes a value to a place that may not be NULL.
///
/// # Safety
/// `place` is NULL or a place for a `T`.
pub(crate) unsafe fn put<T: Copy>(place: *mut T, name: &str, value: T) -> Result<(), Failure> {
    if place.is_null() {
        return Err(Failure::null(name));
    }
    // SAFETY: not NULL, so by contract a place.
    unsafe { place.write(value) };
    Ok(())
}

/// Hands a value out as a handle.
///
/// # Safety
/// `out` has passed [`clear`].
pub(crate) unsafe fn hand_out<T>(out: *mut *mut T, value: T) {
    // SAFETY: by contract a place for a pointer.
    unsafe { out.write(Box::into_raw(Box::new(value))) };
}

/// A handle as a reference.
///
/// # Safety
/// `handle` is NULL or a living handle of its type.
pub(crate) unsafe fn borrow<'h, T>(handle: *const T, name: &str) -> Result<&'h T, Failure> {
    // SAFETY: by contract NULL or alive.
    unsafe { handle.as_ref() }.ok_or_else(|| Failure::null(name))
}

/// A handle that the call changes.
///
/// # Safety
/// `handle` is NULL or a living handle of its type that nobody else uses during the call.
pub(crate) unsafe fn exclusive<'h, T>(handle: *mut T, name: &str) -> Result<&'h mut T, Failure> {
    // SAFETY: by contract NULL or alive and used by nobody else.
    unsafe { handle.as_mut() }.ok_or_else(|| Failure::null(name))
}

/// An array that C gives as pointer and length. (NULL, 0) is empty.
///
/// # Safety
/// `data` is NULL or points to `len` elements that nobody changes during the call.
pub(crate) unsafe fn array<'a, T>(
    data: *const T,
    len: usize,
    name: &str,
) -> Result<&'a [T], Failure> {
    if data.is_null() {
        return match len {
            0 => Ok(&[]),
            _ => Err(Misuse::NullWithLength(name.into()).into()),
        };
    }
    let fits = len.checked_mul(size_of::<T>()).is_some_and(|bytes| isize::try_from(bytes).is_ok());
    if !fits {
        return Err(Misuse::TooLong { name: name.into(), len }.into());
    }
    // SAFETY: by contract readable; the size fits `isize`.
    Ok(unsafe { std::slice::from_raw_parts(data, len) })
}

/// Bytes that C gives as pointer and length. (NULL, 0) is empty.
///
/// # Safety
/// As for [`array`].
pub(crate) unsafe fn bytes<'b>(
    data: *const c_char,
    len: usize,
    name: &str,
) -> Result<&'b [u8], Failure> {
    // SAFETY: the same contract.
    unsafe { array(data.cast(), len, name) }
}

/// The same as text.
///
/// # Safety
/// As for [`array`].
pub(crate) unsafe fn text<'b>(
    data: *const c_char,
    len: usize,
    name: &str,
) -> Result<&'b str, Failure> {
    // SAFETY: the same contract.
    let bytes = unsafe { bytes(data, len, name) }?;
    std::str::from_utf8(bytes)
        .map_err(|error| Misuse::NotUtf8 { name: name.into(), at: error.valid_up_to() }.into())
}
