//! Every public type is `Send` and `Sync`: one set of credentials serves all threads of a program.
//!
//! The compiler checks it; the one test checks that no type was left out.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use std::path::Path;

/// Compiles for types that may be moved to another thread, shared between threads, and kept by them.
const fn check<T: Send + Sync + 'static>() {}

/// The check, and the types' names.
macro_rules! all {
    ($($module:path { $($type:ident $(<$($given:tt),*>)?),* $(,)? })*) => {
        const _: () = { $({
            #[allow(clippy::wildcard_imports)] // the types are named right here
            use $module::*;
            $(check::<$type $(<$($given),*>)?>();)*
        })* };
        const CHECKED: &[&str] = &[$($(stringify!($type)),*),*];
    };
}

all! {
    ::wdt_proto {
        ApiError, AppSecret, Cause, Credentials, CredentialsError, CredentialsField, DataError,
        Endpoint, EndpointError, EpochMistake, ErrorKind, Expected, Explanation, Failure, Found, Issue,
        IssueCode, Language, Level, Limits, Lookup, MalformedReason, MalformedResponse, Pager,
        Pointer, Received<'static>, Refusal, Report, Request<'static>,
        RequestBuilder<'static>, Response<'static>, ResponseError, RowsError, Severity, Signature,
        SignedRequest, Stranger, StrangerKind, Timestamp, TimestampError, TypedRows, UnknownLevel,
        ValidationError, VerifiedCall<'static>, VerifyError, Worded<'static, Issue>,
    }
    ::wdt_proto::catalogue { Catalogue, CatalogueError, Code<'static>, Failures<'static>, Field<'static>, Kind, Method<'static>, Span<'static> }
    ::wdt_proto::decimal { DecimalError, Exact }
    ::wdt_proto::json {
        Event, NotANumber, Reader<'static>, SyntaxError, SyntaxErrorKind, Text<'static>, Writer,
    }
    ::wdt_proto::query { MalformedQuery }
    ::wdt_proto::rows { Time, Typed<'static>, TypedReader<'static> }
    ::wdt_proto::session {
        Ask, Attempt, Batch, Exchange, ExchangeError, FailedSpan, FailedWhy, Fate, Limiter, Moment,
        Now, Outcome, Paced, PacedStep, Page<'static>, Pages, PagesError, PagesOptions, Pull, PullError, PullOptions,
        PullReport, Reply<'static>, Retry, RetryError, ServerClock, Step, TransportError, Turn,
        WaitFor, Waiting<'static>,
    }
    ::wdt_proto::stock_sync {
        BatchCalculatedStock, CalculatedStock, CalculationError, Call<'static>, IncompleteStock,
        SyncInfo, UnreadableStock, WaitingIds,
    }
}

#[test]
fn no_public_type_is_left_out() {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort_unstable();
    let mut checked: Vec<String> = CHECKED.iter().map(ToString::to_string).collect();
    checked.sort_unstable();
    assert_eq!(found, checked);
}

/// Names of the types that the sources declare as public.
fn collect(folder: &Path, found: &mut Vec<String>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
            continue;
        }
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let name = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
            if let Some(name) = name {
                let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
                found.push(name[..end].to_owned());
            }
        }
    }
}
