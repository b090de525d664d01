//! The Rust side of the boundary's benchmark: what `wdt_request_build` does, without the boundary.

use std::hint::black_box;
use std::os::raw::c_char;

use wdt_proto::{Request, Timestamp};

use crate::boundary::{borrow, bytes, text};
use crate::credentials::wdt_credentials;

/// Builds, signs and drops a request `times` times. Returns how many succeeded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_bench_build(
    credentials: *const wdt_credentials,
    method: *const c_char,
    method_len: usize,
    body: *const c_char,
    body_len: usize,
    unix_time: i64,
    times: usize,
) -> usize {
    // SAFETY: the benchmark gives living handles and readable texts.
    let (credentials, method, body) = unsafe {
        (
            borrow(credentials, "credentials"),
            text(method, method_len, "method"),
            bytes(body, body_len, "body"),
        )
    };
    let (Ok(credentials), Ok(method), Ok(body)) = (credentials, method, body) else {
        return 0;
    };
    (0..times)
        .filter(|_| {
            let request = Request::builder(black_box(method)).raw_body(black_box(body));
            let timestamp = Timestamp::from_unix(black_box(unix_time));
            let Ok((request, timestamp)) = request.and_then(|r| Ok((r, timestamp?))) else {
                return false;
            };
            black_box(request.sign(black_box(&credentials.inner), timestamp));
            true
        })
        .count()
}
