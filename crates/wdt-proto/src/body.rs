//! Arguments into the exact bytes of a body.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use crate::issue::{Issue, IssueCode, Pointer};
use crate::json::{Event, Reader, SyntaxError};
use crate::limits::Limits;
use crate::nonfinite;

/// Serialises positional arguments, a tuple or a sequence.
pub(crate) fn from_args<T: Serialize + ?Sized>(args: &T, limits: Limits) -> Result<Vec<u8>, Issue> {
    // serde_json writes NaN and infinities as `null`, silently.
    if let Some(pointer) = nonfinite::find(args, limits.max_depth())? {
        let what = "NaN and infinities are not JSON numbers; leave the field out or send a number";
        return Err(Issue::error(pointer, IssueCode::Type, what));
    }
    serde_json::to_vec(args).map_err(|e| not_serialisable(&e.to_string()))
}

pub(crate) fn not_serialisable(why: &str) -> Issue {
    Issue::body(IssueCode::Type, &alloc::format!("the arguments cannot be written as JSON: {why}"))
}

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
