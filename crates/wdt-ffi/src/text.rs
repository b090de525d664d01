//! A text that belongs to nothing else.

use std::os::raw::c_char;

use crate::outward::{Text, free, give};

/// A text of its own.
pub struct wdt_text(Text);

impl wdt_text {
    pub(crate) fn new(text: impl AsRef<[u8]>) -> Self {
        Self(Text::new(text))
    }
}

/// The text. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_text_data(text: *const wdt_text, len: *mut usize) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(text.as_ref().map(|text| &text.0), len) }
}

/// Frees a text. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_text_free(text: *mut wdt_text) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(text) }
}
