//! `libwdt`: the C ABI of `wdt-proto`. Conversions only; the rules are the core's.
//!
//! The header `include/wdt.h` is generated from this crate and documents every function for C
//! programmers. What all of them share lies in four files, each built on those before: `outward` (texts
//! and handles that go out), `report`, `error`, `boundary` (arguments that come in, the net that
//! catches panics).
#![allow(non_camel_case_types)] // the names of the C ABI

pub mod batch;
#[cfg(feature = "bench-boundary")]
pub mod bench;
mod boundary;
pub mod catalogue;
pub mod credentials;
pub mod draft;
pub mod endpoint;
pub mod error;
pub mod exchange;
pub mod failures;
pub mod language;
mod misuse;
pub mod options;
mod outward;
pub mod pace;
#[cfg(feature = "test-panic")]
pub mod panic;
pub mod pull;
pub mod pull_options;
pub mod pull_report;
pub mod report;
pub mod request;
pub mod response;
pub mod retry;
pub mod rows;
pub mod sign;
pub mod stock_sync;
pub mod text;
pub mod validate;
pub mod verify;

use std::os::raw::c_char;

/// The version of this binary interface. It goes up when a program that was compiled against an
/// older header could misbehave.
pub const WDT_ABI_VERSION: u32 = 0;

/// The `WDT_ABI_VERSION` of the library that the program runs with; compare it with the header's.
#[unsafe(no_mangle)]
pub extern "C" fn wdt_abi_version() -> u32 {
    WDT_ABI_VERSION
}

/// The library's version, NUL-terminated: "0.1.0". Valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn wdt_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Unix seconds of the platform's epoch, 2012-01-01 00:00:00 Beijing time.
pub const WDT_EPOCH_UNIX: i64 = 1_325_347_200;

const _: () = assert!(WDT_EPOCH_UNIX == wdt_proto::EPOCH_UNIX);
