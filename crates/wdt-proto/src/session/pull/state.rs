//! The state of a pull as a text: kept with the rows, in one transaction.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{FailedSpan, FailedWhy, PullError};
use crate::session::Moment;

const VERSION: u32 = 1;

/// The most rows that a state remembers, so as not to hand them out again. Where more lie in the
/// seconds that are read twice, the rest may come a second time.
pub(super) const MAX_SEEN: usize = 10_000;

/// How far a pull has come.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// All up to here has been handed out, but for what failed.
    pub(super) cursor: Moment,
    /// Where the last pull was to end.
    pub(super) until: Moment,
    pub(super) failed: Vec<FailedSpan>,
    pub(super) seen: Seen,
}

/// Rows that were handed out and may come again: how often each, and the latest second of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen(BTreeMap<u64, (u32, Moment)>);

impl Seen {
    /// Whether this very row was handed out before; then it is forgotten, so that a second row
    /// with the same content is not taken for it.
    pub(super) fn take(&mut self, content: u64) -> bool {
        let Some((count, _)) = self.0.get_mut(&content) else { return false };
        *count -= 1;
        if *count == 0 {
            self.0.remove(&content);
        }
        true
    }

    pub(super) fn add(&mut self, content: u64, at: Moment) {
        if self.0.len() < MAX_SEEN {
            let (count, latest) = self.0.entry(content).or_insert((0, at));
            *count += 1;
            *latest = at.max(*latest);
        }
    }

    pub(super) fn forget_before(&mut self, from: Moment) {
        self.0.retain(|_, (_, at)| *at >= from);
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    v: u32,
    method: String,
    account: String,
    arguments: String,
    cursor: String,
    until: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    failed: Vec<(String, String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seen: Vec<(String, u32, String)>,
}

impl State {
    pub(super) fn write(&self, method: &str, account: &str, arguments: &str) -> String {
        let text = Text {
            v: VERSION,
            method: method.to_owned(),
            account: account.to_owned(),
            arguments: arguments.to_owned(),
            cursor: self.cursor.to_string(),
            until: self.until.to_string(),
            failed: self
                .failed
                .iter()
                .map(|failed| {
                    let why = failed.why.kept().to_owned();
                    (failed.since.to_string(), failed.until.to_string(), why)
                })
                .collect(),
            seen: self
                .seen
                .0
                .iter()
                .map(|(content, (count, at))| (format!("{content:016x}"), *count, at.to_string()))
                .collect(),
        };
        // Strings and numbers alone can be written.
        serde_json::to_string(&text).unwrap_or_default()
    }

    pub(super) fn read(
        state: &str,
        method: &str,
        account: &str,
        arguments: &str,
    ) -> Result<Self, PullError> {
        let text: Text = serde_json::from_str(state).map_err(|_| PullError::NotAState)?;
        if text.v != VERSION {
            return Err(PullError::NotAState);
        }
        let is_same = [
            ("method", text.method == method),
            ("account", text.account == account),
            ("arguments", text.arguments == arguments),
        ];
        if let Some((what, _)) = is_same.into_iter().find(|(_, same)| !same) {
            return Err(PullError::OtherPull { what });
        }
        let moment = |text: &str| Moment::read(text).ok_or(PullError::NotAState);
        let mut failed = Vec::new();
        for (since, until, why) in text.failed {
            let why = FailedWhy::of_kept(why);
            failed.push(FailedSpan { since: moment(&since)?, until: moment(&until)?, why });
        }
        let mut seen = Seen::default();
        for (content, count, at) in text.seen {
            let content = u64::from_str_radix(&content, 16).map_err(|_| PullError::NotAState)?;
            if count == 0 {
                return Err(PullError::NotAState);
            }
            seen.0.insert(content, (count, moment(&at)?));
        }
        Ok(Self { cursor: moment(&text.cursor)?, until: moment(&text.until)?, failed, seen })
    }
}
