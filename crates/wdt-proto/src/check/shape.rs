//! The form of a body before any field is looked at: its size, and that it is one JSON array.

use super::cause::Cause;
use super::found::Found;
use super::issue::{Issue, Pointer};
use super::limits::Limits;
use crate::json::{Event, Reader, SyntaxError};

/// Checks that bytes are one JSON array within the limits, and leaves them as they are.
pub(crate) fn check(body: &[u8], limits: Limits) -> Result<(), Issue> {
    check_size(body, limits)?;
    let not_json = |error: SyntaxError| Issue::body(Cause::NotJson(error));
    let mut reader = Reader::from_bytes(body, limits.max_depth()).map_err(not_json)?;
    let first = reader.next().map_err(not_json)?;
    let found = Found::of(&reader, first);
    while reader.next().map_err(not_json)? != Event::End {}
    match first {
        Event::BeginArray => Ok(()),
        _ => Err(Issue::body(Cause::NotAnArray { found })),
    }
}

/// Checks that a text is exactly one JSON value: the argument in this place.
pub(crate) fn check_value(arg: &str, index: usize, limits: Limits) -> Result<(), Issue> {
    let walk = || {
        let mut reader = Reader::new(arg, limits.max_depth());
        while reader.next()? != Event::End {}
        Ok(())
    };
    walk().map_err(|error: SyntaxError| {
        let mut pointer = Pointer::default();
        pointer.push_index(index);
        Issue::at(pointer, Cause::NotJson(error))
    })
}

pub(crate) fn check_size(body: &[u8], limits: Limits) -> Result<(), Issue> {
    if body.len() <= limits.max_bytes() {
        return Ok(());
    }
    let (bytes, max) = (Some(body.len()), limits.max_bytes());
    Err(Issue::body(Cause::TooManyBytes { bytes, max }))
}
