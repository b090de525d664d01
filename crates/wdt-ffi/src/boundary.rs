//! What every entry point shares: texts in, texts out, handles, and the net that catches panics.

use std::os::raw::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use crate::error::{Failure, wdt_error, wdt_status};
use crate::error::{WDT_ERR_NULL, WDT_ERR_PANIC, WDT_ERR_UTF8, WDT_OK};

/// Runs the body of a fallible entry point: no panic gets past it, `*error` receives what failed.
pub(crate) fn fallible(
    error: *mut *mut wdt_error,
    run: impl FnOnce() -> Result<(), Failure>,
) -> wdt_status {
    let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        Err(Failure::new(WDT_ERR_PANIC, "a defect of this library: it panicked; please report it"))
    });
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

/// Runs the body of an entry point that cannot fail; a panic gives `otherwise`.
pub(crate) fn infallible<T>(otherwise: T, run: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(otherwise)
}

/// Empties `*out` at the start of a call.
///
/// # Safety
/// `out` is NULL or a place for a pointer.
pub(crate) unsafe fn clear<T>(out: *mut *mut T) -> Result<(), Failure> {
    if out.is_null() {
        return Err(Failure::new(WDT_ERR_NULL, "out is NULL"));
    }
    // SAFETY: not NULL, so by contract a place for a pointer.
    unsafe { out.write(ptr::null_mut()) };
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

/// Takes a handle back and drops it.
///
/// # Safety
/// `handle` is NULL or came from [`hand_out`] and has not been freed.
pub(crate) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: by contract made by `Box::into_raw` and not freed before.
        infallible((), || drop(unsafe { Box::from_raw(handle) }));
    }
}

/// A handle as a reference.
///
/// # Safety
/// `handle` is NULL or a living handle of its type.
pub(crate) unsafe fn borrow<'h, T>(handle: *const T, name: &str) -> Result<&'h T, Failure> {
    // SAFETY: by contract NULL or alive.
    unsafe { handle.as_ref() }.ok_or_else(|| Failure::new(WDT_ERR_NULL, &format!("{name} is NULL")))
}

/// Bytes that C gives as pointer and length. (NULL, 0) is empty.
///
/// # Safety
/// `data` is NULL or points to `len` readable bytes that nobody changes during the call.
pub(crate) unsafe fn bytes<'b>(
    data: *const c_char,
    len: usize,
    name: &str,
) -> Result<&'b [u8], Failure> {
    if data.is_null() {
        return match len {
            0 => Ok(&[]),
            _ => Err(Failure::new(WDT_ERR_NULL, &format!("{name} is NULL, but has a length"))),
        };
    }
    if isize::try_from(len).is_err() {
        let text = format!("{name}: {len} bytes are more than memory holds");
        return Err(Failure::new(WDT_ERR_NULL, &text));
    }
    // SAFETY: by contract readable; the length fits `isize`.
    Ok(unsafe { std::slice::from_raw_parts(data.cast(), len) })
}

/// The same as text.
///
/// # Safety
/// As for [`bytes`].
pub(crate) unsafe fn text<'b>(
    data: *const c_char,
    len: usize,
    name: &str,
) -> Result<&'b str, Failure> {
    // SAFETY: the same contract.
    let bytes = unsafe { bytes(data, len, name) }?;
    std::str::from_utf8(bytes).map_err(|error| {
        let text = format!("{name} is no UTF-8 at byte {}", error.valid_up_to());
        Failure::new(WDT_ERR_UTF8, &text)
    })
}

/// A text with a NUL behind it, as C receives it.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text(Vec<u8>);

impl Text {
    pub(crate) fn new(text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref();
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text);
        bytes.push(0);
        Self(bytes)
    }

    /// Pointer and, where the caller wants it, length.
    ///
    /// # Safety
    /// `len` is NULL or a place for a length.
    pub(crate) unsafe fn give(&self, len: *mut usize) -> *const c_char {
        // SAFETY: the same contract.
        unsafe { give_len(len, self.0.len().saturating_sub(1)) };
        self.0.as_ptr().cast()
    }
}

/// Texts of one handle in one block of memory: an allocation a text is what a request would cost
/// most.
pub(crate) struct Texts(Vec<u8>);

/// Where in [`Texts`] a text lies.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    start: usize,
    len: usize,
}

impl Texts {
    /// `len` is that of all texts to come, `count` their number.
    pub(crate) fn with_room(len: usize, count: usize) -> Self {
        Self(Vec::with_capacity(len + count))
    }

    pub(crate) fn add(&mut self, text: impl AsRef<[u8]>) -> Span {
        let (text, start) = (text.as_ref(), self.0.len());
        self.0.extend_from_slice(text);
        self.0.push(0);
        Span { start, len: text.len() }
    }

    /// As [`Text::give`].
    ///
    /// # Safety
    /// `len` is NULL or a place for a length.
    pub(crate) unsafe fn give(&self, span: Span, len: *mut usize) -> *const c_char {
        // SAFETY: the same contract.
        unsafe { give_len(len, span.len) };
        self.0.get(span.start..).map_or(ptr::null(), |text| text.as_ptr().cast())
    }
}

/// Gives an optional text; NULL and 0 where there is none.
///
/// # Safety
/// As for [`Text::give`].
pub(crate) unsafe fn give(text: Option<&Text>, len: *mut usize) -> *const c_char {
    // SAFETY: the same contract.
    unsafe { text.map_or_else(|| give_none(len), |text| text.give(len)) }
}

/// The same for one of several texts.
///
/// # Safety
/// As for [`Text::give`].
pub(crate) unsafe fn give_span(text: Option<(&Texts, Span)>, len: *mut usize) -> *const c_char {
    // SAFETY: the same contract.
    unsafe { text.map_or_else(|| give_none(len), |(texts, span)| texts.give(span, len)) }
}

unsafe fn give_none(len: *mut usize) -> *const c_char {
    // SAFETY: by contract NULL or a place for a length.
    unsafe { give_len(len, 0) };
    ptr::null()
}

unsafe fn give_len(len: *mut usize, value: usize) {
    if !len.is_null() {
        // SAFETY: by contract a place for a length.
        unsafe { len.write(value) };
    }
}
