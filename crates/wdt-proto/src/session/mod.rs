//! What to send next, and when: the conversation with the platform, without I/O.
//!
//! State machines that are told the time and what came, and say what to ask for.

mod moment;
mod pull;

pub use moment::Moment;
pub use pull::{Ask, Batch, FailedSpan, FailedWhy, Pull, PullError, PullOptions, PullReport};
