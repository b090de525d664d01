//! Are these arguments right? One walk over a body's JSON, held against the catalogue; knows no
//! edition of the platform.

mod cause;
mod digits;
mod issue;
mod level;
mod limits;
mod report;
mod shape;
mod time;
mod walk;

pub use cause::{Cause, Expected, Found};
pub use issue::{Issue, IssueCode, Pointer, Severity, ValidationError};
pub use level::{Level, UnknownLevel};
pub use limits::{CALLS_PER_MINUTE, Limits};
pub use report::{MAX_ISSUES, Report};
pub(crate) use shape::{check_size, check_value};
pub use walk::{validate, validate_with};
