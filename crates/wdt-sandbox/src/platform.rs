//! The platform: a received query and body into its answer. No HTTP here.

use std::time::{SystemTime, UNIX_EPOCH};

use wdt_proto::{Level, Timestamp, VerifyError, catalogue, validate, verify};

use crate::canned;
use crate::config::Config;
use crate::reply::Reply;
use crate::sandbox::SandboxError;
use crate::seed::Accounts;

/// How an answer came about, for the header `x-wdt-sandbox`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Live,
    Canned,
}

/// The platform's side of the sandbox.
#[derive(Debug)]
pub(crate) struct Platform {
    accounts: Accounts,
    clock_offset: i64,
}

impl Platform {
    pub(crate) fn new(config: &Config) -> Result<Self, SandboxError> {
        Ok(Self {
            accounts: Accounts::new(config.seed.accounts())?,
            clock_offset: config.clock_offset,
        })
    }

    /// Unix seconds and nanoseconds by the sandbox's clock.
    pub(crate) fn unix_now(&self) -> (i64, u32) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        (seconds.saturating_add(self.clock_offset), now.subsec_nanos())
    }

    pub(crate) fn answer(&self, query: &str, body: &[u8]) -> (Reply, Source) {
        let Ok(now) = Timestamp::from_unix(self.unix_now().0) else {
            return (Reply::error(4, "数据库错误"), Source::Live);
        };
        let call = match verify(query, body, |sid, key| self.accounts.look_up(sid, key), now) {
            Ok(call) => call,
            Err(error) => return (refused(&error), Source::Live),
        };
        let Some(method) = catalogue::method(&call.method) else {
            return (Reply::error(1, "参数错误"), Source::Live);
        };
        if method.is_paged() && call.pager.is_none() {
            let message = format!("此方法仅支持分页查询：{}", method.name());
            return (Reply::error(100, message), Source::Live);
        }
        if !validate(method.name(), body, Level::Documented).is_ok() {
            return (Reply::error(1, "参数错误"), Source::Live);
        }
        (canned::reply(method, call.pager), Source::Canned)
    }
}

fn refused(error: &VerifyError) -> Reply {
    Reply::error(error.status(), error.vendor_message())
}
