//! Are these arguments right? One walk over a body's JSON, held against the catalogue; knows no
//! edition of the platform.

mod cause;
mod code;
pub(crate) mod digits;
mod found;
mod issue;
mod level;
mod limits;
mod report;
mod shape;
pub(crate) mod time;
mod walk;
mod wording;

pub use cause::Cause;
pub use code::IssueCode;
pub use found::{Expected, Found};
pub use issue::{Issue, Pointer, Severity, ValidationError};
pub use level::{Level, UnknownLevel};
pub use limits::{CALLS_PER_MINUTE, Limits};
pub(crate) use report::Collector;
pub use report::{MAX_ISSUES, Report};
pub(crate) use shape::{check_size, check_value};
pub(crate) use walk::{Members, shown, validate_method};
pub use walk::{validate, validate_with};
