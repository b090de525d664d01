//! Arguments into the exact bytes of a body.

mod nonfinite;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use crate::check::{Cause, Issue, Limits, Pointer};

/// Serialises positional arguments, a tuple or a sequence.
pub(crate) fn from_args<T: Serialize + ?Sized>(args: &T, limits: Limits) -> Result<Vec<u8>, Issue> {
    // serde_json writes NaN and infinities as `null`, silently.
    if let Some(pointer) = nonfinite::find(args, limits.max_depth())? {
        return Err(Issue::at(pointer, Cause::NotANumber { number: String::new() }));
    }
    serde_json::to_vec(args).map_err(|e| not_serialisable(e.to_string()))
}

pub(crate) fn not_serialisable(what: String) -> Issue {
    Issue::at(Pointer::default(), Cause::Unwritable { what, accepted: "" })
}
