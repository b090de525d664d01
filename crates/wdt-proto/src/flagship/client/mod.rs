//! The calling side: requests out, replies in.

mod endpoint;
mod failures;
mod request;
mod response;
pub mod stock_sync;

pub use endpoint::{Endpoint, EndpointError};
pub use failures::{Failure, MAX_FAILURES, failures, failures_with};
pub use request::{HEADERS, Request, RequestBuilder, SignedRequest};
pub use response::{
    ApiError, DataError, MALFORMED_HEAD_BYTES, MalformedReason, MalformedResponse, Response,
    ResponseError,
};
