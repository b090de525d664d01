#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;

mod args;
pub mod catalogue;
mod check;
pub mod decimal;
mod digest;
mod error_kind;
mod flagship;
pub mod json;
mod language;
pub mod rows;
pub mod session;

pub use check::{
    CALLS_PER_MINUTE, Cause, Expected, Found, Issue, IssueCode, Level, Limits, MAX_ISSUES, Pointer,
    Report, Severity, UnknownLevel, ValidationError, validate, validate_with,
};
pub use error_kind::ErrorKind;
pub use flagship::client::stock_sync;
pub use flagship::client::{
    ApiError, DataError, Endpoint, EndpointError, Failure, HEADERS, MALFORMED_HEAD_BYTES,
    MAX_FAILURES, MalformedReason, MalformedResponse, Request, RequestBuilder, Response,
    ResponseError, SignedRequest, Stranger, StrangerKind, VisitData, failures, failures_with,
};
pub use flagship::query;
pub use flagship::server::{Lookup, Received, Refusal, VerifiedCall, VerifyError, verify};
pub use flagship::{
    AppSecret, Credentials, CredentialsError, CredentialsField, EPOCH_UNIX, EpochMistake,
    Explanation, FRESHNESS_SECONDS, Pager, Signature, Timestamp, TimestampError, explain, sign,
};
pub use language::{Bilingual, Language, Worded};
pub use rows::{RowsError, TypedRows, typed_rows, typed_rows_with};

/// The examples of the repository's front pages run as tests too.
#[cfg(doctest)]
mod front_pages {
    #[doc = include_str!("../../../README.md")]
    struct English;
    #[doc = include_str!("../../../README.zh-CN.md")]
    struct Chinese;
}
