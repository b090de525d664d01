//! The calling side: requests out, replies in.

mod endpoint;
mod failures;
mod gbk;
mod malformed;
mod recognise;
mod request;
mod response;
pub mod stock_sync;
mod stranger;

pub use endpoint::{Endpoint, EndpointError};
pub use failures::{Failure, MAX_FAILURES, failures, failures_with};
pub use malformed::{MALFORMED_HEAD_BYTES, MalformedReason, MalformedResponse};
pub use request::{HEADERS, Request, RequestBuilder, SignedRequest};
pub(crate) use response::Unseen;
pub use response::{ApiError, DataError, Response, ResponseError, VisitData};
pub use stranger::{Stranger, StrangerKind};
