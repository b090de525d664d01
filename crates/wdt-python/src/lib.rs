//! `wdt_proto._native`: conversions between Python and `wdt_proto`, and nothing else.
//!
//! Rules, limits and texts live in the core; exceptions and result classes in Python, so that they
//! pickle and can be subclassed.

mod catalogue;
mod classes;
mod convert;
mod errors;
mod exchange;
mod from_json;
mod language;
mod lines;
mod pace;
mod pages;
mod pull;
mod python;
mod recent;
mod reply;
mod request;
mod rows;
mod sync_info;
mod to_json;
mod verify;

/// The native half of `wdt_proto`. Import `wdt_proto` instead.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    use pyo3::prelude::*;
    use wdt_proto::stock_sync;

    #[pymodule_export]
    use crate::catalogue::{method, methods, register, writes};
    #[pymodule_export]
    use crate::classes::{Credentials, Limits, Pager};
    #[pymodule_export]
    use crate::exchange::{Exchange, Policy, ServerClock, waiting};
    #[pymodule_export]
    use crate::language::language;
    #[pymodule_export]
    use crate::lines::Lines;
    #[pymodule_export]
    use crate::pace::{Pace, Turn};
    #[pymodule_export]
    use crate::pages::Pages;
    #[pymodule_export]
    use crate::pull::Pull;
    #[pymodule_export]
    use crate::reply::parse_response;
    #[pymodule_export]
    use crate::request::{Request, SignedRequest, build_request, endpoint, explain, validate};
    #[pymodule_export]
    use crate::rows::{failures, typed_rows};
    #[pymodule_export]
    use crate::sync_info::sync_info;
    #[pymodule_export]
    use crate::verify::{sign, verify};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("EPOCH_UNIX", wdt_proto::EPOCH_UNIX)?;
        module.add("CALLS_PER_MINUTE", wdt_proto::CALLS_PER_MINUTE)?;
        module.add("FRESHNESS_SECONDS", wdt_proto::FRESHNESS_SECONDS)?;
        module.add("MAX_ISSUES", wdt_proto::MAX_ISSUES)?;
        module.add("MALFORMED_HEAD_BYTES", wdt_proto::MALFORMED_HEAD_BYTES)?;
        module
            .add("GET_SELF_WAIT_SYNC_ID_LIST_OPEN", stock_sync::GET_SELF_WAIT_SYNC_ID_LIST_OPEN)?;
        module.add("CALC_STOCK", stock_sync::CALC_STOCK)?;
        module.add("BATCH_CALC_STOCK", stock_sync::BATCH_CALC_STOCK)?;
        module.add("SYNC_SUCCESS", stock_sync::SYNC_SUCCESS)?;
        module.add("SYNC_FAIL", stock_sync::SYNC_FAIL)?;
        module.add("CANCEL_SYNC", stock_sync::CANCEL_SYNC)
    }
}
