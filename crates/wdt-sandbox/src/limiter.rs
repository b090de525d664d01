//! Calls a minute and sid.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);

/// Remembers the calls of the last minute. Sids are those of the accounts, so it does not grow.
#[derive(Debug)]
pub(crate) struct Limiter {
    /// 0: no limit.
    pub(crate) limit: usize,
    calls: Mutex<HashMap<String, VecDeque<Instant>>>,
}

impl Limiter {
    pub(crate) fn new(limit: u32) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Self { limit, calls: Mutex::default() }
    }

    /// Counts a call at `now`, unless the minute before it is full: refused calls do not count.
    pub(crate) fn admits(&self, sid: &str, now: Instant) -> bool {
        if self.limit == 0 {
            return true;
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = match calls.get_mut(sid) {
            Some(calls) => calls,
            None => calls.entry(sid.to_owned()).or_default(),
        };
        while calls.front().is_some_and(|call| now.saturating_duration_since(*call) >= MINUTE) {
            calls.pop_front();
        }
        let admitted = calls.len() < self.limit;
        if admitted {
            calls.push_back(now);
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_beyond_the_limit_waits_for_the_first_to_be_a_minute_old() {
        let limiter = Limiter::new(60);
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        assert!((0..60).all(|n| limiter.admits("a", at(n * 100))));
        assert!(!limiter.admits("a", at(6_000)), "the 61st");
        assert!(limiter.admits("b", at(6_000)), "another sid");
        assert!(!limiter.admits("a", at(59_999)));
        assert!(limiter.admits("a", at(60_000)));
        assert!(!limiter.admits("a", at(60_001)), "the second is due 100 ms later");
        assert!(limiter.admits("a", at(60_100)));
        let off = Limiter::new(0);
        assert!((0..1000).all(|_| off.admits("a", start)));
    }
}
