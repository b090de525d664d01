//! What goes out: texts with a NUL behind them, handles to be freed, and values that cannot fail.

use std::os::raw::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// Runs the body of an entry point that cannot fail; a panic gives `otherwise`.
pub(crate) fn infallible<T>(otherwise: T, run: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(otherwise)
}

/// Takes a handle back and drops it.
///
/// # Safety
/// `handle` is NULL or was made by `Box::into_raw` and has not been freed.
pub(crate) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: by contract made by `Box::into_raw` and not freed before.
        infallible((), || drop(unsafe { Box::from_raw(handle) }));
    }
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

    /// The text without its NUL; empty where it is no UTF-8.
    pub(crate) fn as_str(&self) -> &str {
        let text = self.0.strip_suffix(&[0]).unwrap_or_default();
        std::str::from_utf8(text).unwrap_or_default()
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

    /// A text without its NUL.
    pub(crate) fn bytes(&self, span: Span) -> &[u8] {
        self.0.get(span.start..span.start + span.len).unwrap_or_default()
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

/// The same for bytes that have a NUL behind them already.
///
/// # Safety
/// As for [`Text::give`]; the byte behind `text` is in its allocation, and 0.
pub(crate) unsafe fn give_terminated(text: &[u8], len: *mut usize) -> *const c_char {
    // SAFETY: the same contract.
    unsafe { give_len(len, text.len()) };
    text.as_ptr().cast()
}

/// What there is where there is no text.
///
/// # Safety
/// As for [`Text::give`].
pub(crate) unsafe fn give_none(len: *mut usize) -> *const c_char {
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
