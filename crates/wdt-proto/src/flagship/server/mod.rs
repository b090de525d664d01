//! The receiving side: is a call to be trusted, and what is answered to one that is not?

mod error;
mod received;
mod refusal;
mod verify;

pub use error::VerifyError;
pub use received::Received;
pub use refusal::Refusal;
pub use verify::{Lookup, VerifiedCall, verify};
