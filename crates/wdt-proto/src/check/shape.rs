//! The form of a body before any field is looked at: its size, and that it is one JSON array.

use alloc::string::{String, ToString};

use super::issue::{Issue, IssueCode, Pointer};
use super::limits::Limits;
use crate::json::{Event, Reader, SyntaxError};

/// Checks that bytes are one JSON array within the limits, and leaves them as they are.
pub(crate) fn check(body: &[u8], limits: Limits) -> Result<(), Issue> {
    check_size(body, limits)?;
    let not_json = |e: SyntaxError| Issue::body(IssueCode::NotJson, &e.to_string());
    let mut reader = Reader::from_bytes(body, limits.max_depth()).map_err(not_json)?;
    let first = reader.next().map_err(not_json)?;
    while reader.next().map_err(not_json)? != Event::End {}
    match first {
        Event::BeginArray => Ok(()),
        _ => Err(Issue::body(IssueCode::NotAnArray, &not_an_array(first))),
    }
}

/// Checks that a text is exactly one JSON value: the argument in this place.
pub(crate) fn check_value(arg: &str, index: usize, limits: Limits) -> Result<(), Issue> {
    let walk = || {
        let mut reader = Reader::new(arg, limits.max_depth());
        while reader.next()? != Event::End {}
        Ok(())
    };
    walk().map_err(|e: SyntaxError| {
        let mut pointer = Pointer::default();
        pointer.push_index(index);
        Issue::error(pointer, IssueCode::NotJson, &e.to_string())
    })
}

pub(crate) fn check_size(body: &[u8], limits: Limits) -> Result<(), Issue> {
    if body.len() <= limits.max_bytes() {
        return Ok(());
    }
    let what = alloc::format!("{} bytes, the limit is {}", body.len(), limits.max_bytes());
    Err(Issue::body(IssueCode::TooLong, &what))
}

pub(crate) fn not_an_array(first: Event) -> String {
    let found = match first {
        Event::BeginObject => "an object",
        Event::String => "a string",
        Event::Number => "a number",
        Event::Bool(_) => "a boolean",
        _ => "null",
    };
    alloc::format!(
        "the body must be a JSON array of the method's positional arguments, in order, not {found}; \
         `[]` where there are none"
    )
}
