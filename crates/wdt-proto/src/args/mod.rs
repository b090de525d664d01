//! Arguments into the exact bytes of a body.

mod nonfinite;

use alloc::string::ToString;
use alloc::vec::Vec;

use serde::Serialize;

use crate::check::{Issue, IssueCode, Limits};

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
