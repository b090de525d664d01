//! The receiving side: is a call to be trusted, and what is answered to one that is not?

mod refusal;
mod verify;

pub use refusal::Refusal;
pub use verify::{Lookup, VerifiedCall, VerifyError, verify};
