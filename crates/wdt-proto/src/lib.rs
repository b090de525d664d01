#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;

mod body;
pub mod catalogue;
mod credentials;
pub mod decimal;
mod error_kind;
mod issue;
pub mod json;
mod limits;
mod nonfinite;
mod pager;
pub mod query;
mod refusal;
mod request;
mod response;
mod schema;
mod sign;
mod similar;
pub mod stock_sync;
mod timestamp;
mod verify;

pub use credentials::{AppSecret, Credentials, CredentialsError, CredentialsField};
pub use error_kind::ErrorKind;
pub use issue::{Issue, IssueCode, Pointer, Severity, ValidationError};
pub use limits::{CALLS_PER_MINUTE, Limits};
pub use pager::Pager;
pub use refusal::Refusal;
pub use request::{HEADERS, Request, RequestBuilder, SignedRequest};
pub use response::{
    ApiError, DataError, MALFORMED_HEAD_BYTES, MalformedReason, MalformedResponse, Response,
    ResponseError,
};
pub use schema::{Level, MAX_ISSUES, Report, UnknownLevel, validate, validate_with};
pub use sign::{Explanation, Signature, explain, sign};
pub use timestamp::{EPOCH_UNIX, EpochMistake, FRESHNESS_SECONDS, Timestamp, TimestampError};
pub use verify::{Lookup, VerifiedCall, VerifyError, verify};

/// The examples of the repository's front pages run as tests too.
#[cfg(doctest)]
mod front_pages {
    #[doc = include_str!("../../../README.md")]
    struct English;
    #[doc = include_str!("../../../README.zh-CN.md")]
    struct Chinese;
}
