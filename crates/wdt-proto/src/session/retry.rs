//! When to try again, and after how long: the policy alone.

use core::fmt;
use core::time::Duration;

use crate::language::{Bilingual, Language, bilingual, say};

/// How often and how long a call is tried.
///
/// Every attempt is signed anew. After a failure that may pass (the platform's `server` errors, 5xx,
/// connection faults), attempt n + 1 comes after a random time between 0 and `first_delay` × 2ⁿ⁻¹, at
/// most `longest_delay`. After a rate limit the vendor asks for 5 to 10 minutes of rest: `rest` is
/// the span that a random time is taken from. A server that says `Retry-After` is waited for
/// instead, not shorter than the back-off; who shares the limiter waits along, not longer than the
/// longest rest.
///
/// Whatever has to be waited for, no attempt starts later than `max_time` after the first.
///
/// ```
/// use core::time::Duration;
/// use wdt_proto::session::Retry;
///
/// let retry = Retry { attempts: 3, rest: None, ..Retry::default() };
/// assert_eq!(retry.check(), Ok(()));
/// assert_eq!(retry.backoff(2, 1 << 31), Duration::from_millis(500));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The most attempts of one call, the first included.
    pub attempts: u32,
    /// So long after the first attempt no other one starts.
    pub max_time: Duration,
    /// The longest that one attempt may take; the transport sees to it.
    pub attempt_time: Duration,
    /// The longest wait after the first failure.
    pub first_delay: Duration,
    /// The longest wait however many failures there were.
    pub longest_delay: Duration,
    /// The least and the longest rest after a rate limit; `None`: none, the call fails.
    pub rest: Option<(Duration, Duration)>,
    /// How far the server's clock may be from ours to be believed. Over plain HTTP anybody on the
    /// way can say what time it is: what is signed for next year stays valid until then.
    pub clock_error: Duration,
}

impl Default for Retry {
    /// 5 attempts within 15 minutes, each of at most 5; 5 to 10 minutes of rest after a rate limit;
    /// clocks that differ by at most a day.
    fn default() -> Self {
        Self {
            attempts: 5,
            max_time: Duration::from_secs(900),
            attempt_time: Duration::from_secs(300),
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(30),
            rest: Some((Duration::from_secs(300), Duration::from_secs(600))),
            clock_error: Duration::from_secs(86_400),
        }
    }
}

impl Retry {
    /// # Errors
    /// [`RetryError`] for what cannot be: no attempts, a rest that ends before it begins.
    pub fn check(&self) -> Result<(), RetryError> {
        if self.attempts == 0 {
            return Err(RetryError::NoAttempts);
        }
        match self.rest {
            Some((least, longest)) if least > longest => {
                Err(RetryError::RestReversed { least, longest })
            }
            _ => Ok(()),
        }
    }

    /// The wait after so many failures, with full jitter: `chance` is 32 random bits.
    #[must_use]
    pub fn backoff(&self, failures: u32, chance: u32) -> Duration {
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        part(self.first_delay.saturating_mul(doubled).min(self.longest_delay), chance)
    }

    /// The rest after a rate limit; `None` for none.
    #[must_use]
    pub fn rest_after_rate_limit(&self, chance: u32) -> Option<Duration> {
        self.rest.map(|(least, longest)| {
            least.saturating_add(part(longest.saturating_sub(least), chance))
        })
    }
}

/// As much of a time as `chance` is of 2³².
fn part(time: Duration, chance: u32) -> Duration {
    let nanoseconds = (time.as_nanos() >> 32) * u128::from(chance)
        + (((time.as_nanos() & 0xffff_ffff) * u128::from(chance)) >> 32);
    u64::try_from(nanoseconds).map_or(Duration::MAX, Duration::from_nanos).min(time)
}

/// A policy that cannot be.
///
/// ```
/// use wdt_proto::session::{Retry, RetryError};
///
/// let retry = Retry { attempts: 0, ..Retry::default() };
/// assert_eq!(retry.check(), Err(RetryError::NoAttempts));
/// assert_eq!(RetryError::NoAttempts.zh().to_string(), "attempts 是 0，最少是 1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryError {
    /// No attempt at all.
    NoAttempts,
    /// The longest rest is shorter than the least.
    RestReversed {
        /// The least.
        least: Duration,
        /// The longest.
        longest: Duration,
    },
}

bilingual!(RetryError);

impl Bilingual for RetryError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAttempts => {
                say!(f, language, "attempts is 0, at least 1 is needed", "attempts 是 0，最少是 1")
            }
            Self::RestReversed { least, longest } => {
                let (low, high) = (least.as_secs_f64(), longest.as_secs_f64());
                say!(
                    f,
                    language,
                    "rest ends ({high} s) before it begins ({low} s)",
                    "rest 的上限（{high} 秒）小于下限（{low} 秒）"
                )
            }
        }
    }
}

impl core::error::Error for RetryError {}
