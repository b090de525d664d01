//! Are these arguments right? One walk over a body's JSON, held against the catalogue; knows no
//! edition of the platform.

mod digits;
mod issue;
mod limits;
mod report;
mod shape;
mod time;
mod value;
mod walk;

pub use issue::{Issue, IssueCode, Pointer, Severity, ValidationError};
pub use limits::{CALLS_PER_MINUTE, Limits};
pub use report::{MAX_ISSUES, Report};
pub(crate) use shape::{check_size, check_value};
pub(crate) use walk::SPAN_TOO_LONG;
pub use walk::{Level, UnknownLevel, validate, validate_with};
