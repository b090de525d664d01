//! A local stand-in for the server of the Wangdian flagship (旺店通旗舰版, qjb) open API.
//!
//! It checks calls as the platform does (signature, clock, arguments, paging, calls a minute),
//! keeps the state of the stock-sync loop for real, answers queries with made-up rows and every other
//! documented method with its documented example, fails on demand, and shows on a web page what arrived and why it was
//! refused. The README says what it does and does not imitate.
//!
//! ```
//! use wdt_sandbox::{Config, Sandbox};
//!
//! let sandbox = Sandbox::start(Config::default())?;
//! assert!(sandbox.base_url().ends_with("/openapi"));
//! sandbox.stop();
//! # Ok::<(), wdt_sandbox::SandboxError>(())
//! ```

mod canned;
pub mod cli;
mod clock;
mod config;
mod control;
mod endpoint;
mod error;
mod explanation;
mod faults;
mod journal;
mod limiter;
mod live;
mod page;
mod patience;
mod platform;
mod reply;
mod routes;
mod rows;
mod rows_control;
mod sandbox;
mod seed;
mod server;
mod shop;
mod state;
mod store;
mod why;

pub use config::{Config, DEFAULT_JOURNAL, DEFAULT_MAX_BODY, DEFAULT_RATE_LIMIT};
pub use error::SandboxError;
pub use faults::{Fault, FaultSpecError, Faults};
pub use rows::{Churn, MAX_ROWS, MethodRows, Rows, RowsOrder, RowsSpan, RowsSpecError};
pub use sandbox::Sandbox;
pub use seed::{APP_SECRET, Account, KEY, MAX_GOODS, SID, Seed};
pub use why::Why;

/// The examples of the front pages run as tests too.
#[cfg(doctest)]
mod front_pages {
    #[doc = include_str!("../README.md")]
    struct English;
    #[doc = include_str!("../README.zh-CN.md")]
    struct Chinese;
}
