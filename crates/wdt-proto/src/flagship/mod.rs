//! The flagship's edition of the protocol: who calls, how a call is signed, what both sides do.

pub(crate) mod client;
mod credentials;
mod pager;
pub mod query;
pub(crate) mod server;
mod sign;
mod status;
mod timestamp;

pub use credentials::{AppSecret, Credentials, CredentialsError, CredentialsField};
pub use pager::Pager;
pub use sign::{Explanation, Signature, explain, sign};
pub use timestamp::{EPOCH_UNIX, EpochMistake, FRESHNESS_SECONDS, Timestamp, TimestampError};
