//! Rows of a pull, with the state to keep beside them.

use std::os::raw::c_char;
use std::sync::OnceLock;

use wdt_proto::session::Batch;

use crate::outward::{Span, Text, Texts, free, give, give_none, give_span, infallible};

/// Rows to keep, and the state to keep with them, in one transaction.
pub struct wdt_batch {
    texts: Texts,
    rows: Vec<Span>,
    since: Span,
    until: Span,
    state: Span,
    json: OnceLock<Text>,
}

impl wdt_batch {
    pub(crate) fn new(batch: &Batch) -> Self {
        let len = batch.rows.iter().map(String::len).sum::<usize>() + batch.state.len();
        let mut texts = Texts::with_room(len + 40, batch.rows.len() + 3);
        Self {
            rows: batch.rows.iter().map(|row| texts.add(row)).collect(),
            since: texts.add(batch.since.to_string()),
            until: texts.add(batch.until.to_string()),
            state: texts.add(&batch.state),
            texts,
            json: OnceLock::new(),
        }
    }

    fn list(&self) -> Text {
        let mut list = vec![b'['];
        for (index, row) in self.rows.iter().enumerate() {
            if index > 0 {
                list.push(b',');
            }
            list.extend_from_slice(self.texts.bytes(*row));
        }
        list.push(b']');
        Text::new(list)
    }
}

/// How many rows there are; there may be none: the state has moved on. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_batch_len(batch: *const wdt_batch) -> usize {
    // SAFETY: NULL or alive.
    unsafe { batch.as_ref() }.map_or(0, |batch| batch.rows.len())
}

/// Row `index` as JSON, with the digits that the platform sent. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_batch_row(
    batch: *const wdt_batch,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe {
        let Some(batch) = batch.as_ref() else { return give_none(len) };
        give_span(batch.rows.get(index).map(|row| (&batch.texts, *row)), len)
    }
}

/// All rows as one JSON array, as `wdt_typed_rows` takes it. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_batch_json(batch: *const wdt_batch, len: *mut usize) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    infallible(std::ptr::null(), || unsafe {
        give(batch.as_ref().map(|batch| batch.json.get_or_init(|| batch.list())), len)
    })
}

/// The first second that the rows are of, as the platform writes it. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_batch_since(
    batch: *const wdt_batch,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_span(batch.as_ref().map(|batch| (&batch.texts, batch.since)), len) }
}

/// The last second that the rows are of. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_batch_until(
    batch: *const wdt_batch,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_span(batch.as_ref().map(|batch| (&batch.texts, batch.until)), len) }
}

/// The state from which a later pull goes on (`wdt_pull_options_set_state`): keep it with the rows.
/// NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_batch_state(
    batch: *const wdt_batch,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_span(batch.as_ref().map(|batch| (&batch.texts, batch.state)), len) }
}

/// Frees a batch. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_batch_free(batch: *mut wdt_batch) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(batch) }
}
