//! The vendor's clock: seconds since 2012-01-01 00:00:00 Beijing time.

use alloc::string::ToString;
use core::fmt;

use crate::check::{Cause, Issue, IssueCode, ValidationError};
use crate::language::{Bilingual, Language, bilingual, say};

/// Unix seconds of the vendor's epoch: 2012-01-01 00:00:00 at UTC+8, not midnight UTC.
///
/// ```
/// use wdt_proto::{EPOCH_UNIX, Timestamp};
///
/// assert_eq!(Timestamp::from_unix(EPOCH_UNIX)?.seconds(), 0);
/// # Ok::<(), wdt_proto::TimestampError>(())
/// ```
pub const EPOCH_UNIX: i64 = 1_325_347_200;

/// How far a request's timestamp may lie from the server's clock, in seconds, both ends included.
///
/// ```
/// use wdt_proto::{FRESHNESS_SECONDS, Timestamp};
///
/// let (sent, now) = (Timestamp::from_seconds(1_000)?, Timestamp::from_seconds(1_120)?);
/// assert_eq!(now.ahead_of(sent), FRESHNESS_SECONDS);
/// assert!(sent.is_fresh(now));
/// # Ok::<(), wdt_proto::TimestampError>(())
/// ```
pub const FRESHNESS_SECONDS: i64 = 120;

/// Why a time was refused.
///
/// ```
/// use wdt_proto::{Timestamp, TimestampError};
///
/// // A clock that was never set.
/// assert_eq!(Timestamp::from_unix(0), Err(TimestampError::BeforeEpoch { given: 0 }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampError {
    /// The time lies before the vendor's epoch.
    BeforeEpoch {
        /// The Unix seconds given.
        given: i64,
    },
    /// A number of 13 digits: milliseconds, as Java's and JavaScript's clocks count.
    Milliseconds {
        /// The number given.
        given: i64,
    },
    /// The time does not fit 64-bit Unix seconds.
    Overflow {
        /// The seconds since the vendor's epoch that were given.
        given: i64,
    },
}

impl Bilingual for TimestampError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeforeEpoch { given } => say!(
                f,
                language,
                "{given} lies before the platform's epoch; \
                 Unix seconds from {EPOCH_UNIX} (2012-01-01 00:00:00 Beijing time) on are valid",
                "{given} 早于平台纪元；有效的是从 {EPOCH_UNIX}（北京时间 2012-01-01 00:00:00）起的 Unix 秒"
            ),
            Self::Milliseconds { given } => say!(
                f,
                language,
                "{given} seems to be milliseconds; give Unix seconds: divide by 1000",
                "{given} 看起来是毫秒；请给 Unix 秒：除以 1000"
            ),
            Self::Overflow { given } => say!(
                f,
                language,
                "{given} seconds after the platform's epoch do not fit 64-bit Unix seconds",
                "平台纪元之后 {given} 秒超出 64 位 Unix 秒的范围"
            ),
        }
    }
}

bilingual!(TimestampError);

impl core::error::Error for TimestampError {}

impl From<TimestampError> for ValidationError {
    fn from(error: TimestampError) -> Self {
        let (english, chinese) = (error.to_string(), error.zh().to_string());
        Issue::of("unix_time", Cause::stated(IssueCode::OutOfRange, english, chinese)).into()
    }
}

/// A moment as the wire carries it: whole seconds since the vendor's epoch, never negative.
///
/// ```
/// use wdt_proto::Timestamp;
///
/// let timestamp = Timestamp::from_unix(1_775_791_716)?;
/// assert_eq!(timestamp.seconds(), 450_444_516);
/// assert_eq!(timestamp.to_unix(), 1_775_791_716);
/// # Ok::<(), wdt_proto::TimestampError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The vendor's epoch itself.
    pub(crate) const FIRST: Self = Self(0);

    /// From Unix seconds.
    ///
    /// # Errors
    /// [`TimestampError::BeforeEpoch`] for a time before [`EPOCH_UNIX`],
    /// [`TimestampError::Milliseconds`] for a number of 13 digits.
    ///
    /// ```
    /// use wdt_proto::{Timestamp, TimestampError};
    ///
    /// let given = 1_775_791_716_000;
    /// assert_eq!(Timestamp::from_unix(given), Err(TimestampError::Milliseconds { given }));
    /// ```
    pub const fn from_unix(unix_seconds: i64) -> Result<Self, TimestampError> {
        const MILLISECONDS: i64 = 1_000_000_000_000;
        if unix_seconds < EPOCH_UNIX {
            return Err(TimestampError::BeforeEpoch { given: unix_seconds });
        }
        if unix_seconds >= MILLISECONDS && unix_seconds < 10 * MILLISECONDS {
            return Err(TimestampError::Milliseconds { given: unix_seconds });
        }
        Ok(Self(unix_seconds - EPOCH_UNIX))
    }

    /// From seconds since the vendor's epoch, as found in a query's `timestamp`.
    ///
    /// # Errors
    /// [`TimestampError::BeforeEpoch`] for a negative number, [`TimestampError::Overflow`] for
    /// one whose Unix seconds exceed 64 bits.
    pub const fn from_seconds(seconds: i64) -> Result<Self, TimestampError> {
        if seconds < 0 {
            // Cannot overflow: a negative number plus a positive one.
            return Err(TimestampError::BeforeEpoch { given: seconds + EPOCH_UNIX });
        }
        if seconds > i64::MAX - EPOCH_UNIX {
            return Err(TimestampError::Overflow { given: seconds });
        }
        Ok(Self(seconds))
    }

    /// Seconds since the vendor's epoch.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Unix seconds.
    #[must_use]
    pub const fn to_unix(self) -> i64 {
        self.0 + EPOCH_UNIX
    }

    /// How many seconds this moment is ahead of `now` (negative: behind).
    #[must_use]
    pub const fn ahead_of(self, now: Self) -> i64 {
        self.0 - now.0
    }

    /// Whether a server whose clock shows `now` still accepts this moment:
    /// within [`FRESHNESS_SECONDS`], both ends included.
    #[must_use]
    pub const fn is_fresh(self, now: Self) -> bool {
        self.ahead_of(now).abs() <= FRESHNESS_SECONDS
    }
}

/// A usual mistake in counting seconds, told by how far a timestamp is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EpochMistake {
    /// Counted from 2012-01-01 midnight UTC instead of midnight in Beijing: 8 hours too small.
    Utc,
    /// Unix seconds, from which nothing was subtracted.
    Unix,
}

impl EpochMistake {
    /// What explains a timestamp that is so many seconds ahead of the clock (negative: behind),
    /// give or take [`FRESHNESS_SECONDS`].
    ///
    /// ```
    /// use wdt_proto::EpochMistake;
    ///
    /// assert_eq!(EpochMistake::of(-28_790), Some(EpochMistake::Utc));
    /// assert_eq!(EpochMistake::of(-3_600), None);
    /// ```
    #[must_use]
    pub const fn of(ahead_by: i64) -> Option<Self> {
        const BEIJING_OFFSET: i64 = 8 * 3600;
        const fn off_by(ahead_by: i64, expected: i64) -> bool {
            ahead_by.saturating_sub(expected).saturating_abs() <= FRESHNESS_SECONDS
        }
        if off_by(ahead_by, -BEIJING_OFFSET) {
            Some(Self::Utc)
        } else if off_by(ahead_by, EPOCH_UNIX) {
            Some(Self::Unix)
        } else {
            None
        }
    }
}

bilingual!(EpochMistake);

impl Bilingual for EpochMistake {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utc => say!(
                f,
                language,
                "it seems to count from 2012-01-01 midnight UTC instead of midnight in Beijing",
                "看起来是从 UTC 的 2012-01-01 零点算起的，应从北京时间零点算起"
            ),
            Self::Unix => say!(
                f,
                language,
                "it seems to be Unix seconds: subtract {EPOCH_UNIX}",
                "看起来是 Unix 秒：要减去 {EPOCH_UNIX}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_closed_at_both_ends() {
        let now = Timestamp::from_seconds(1_000).unwrap();
        for (seconds, fresh) in [(879, false), (880, true), (1_120, true), (1_121, false)] {
            assert_eq!(Timestamp::from_seconds(seconds).unwrap().is_fresh(now), fresh, "{seconds}");
        }
    }

    #[test]
    fn the_edges_of_the_range() {
        assert_eq!(Timestamp::from_unix(EPOCH_UNIX).unwrap().seconds(), 0);
        assert_eq!(Timestamp::from_unix(i64::MAX).unwrap().to_unix(), i64::MAX);
        for unix in [i64::MIN, -1, 0, EPOCH_UNIX - 1] {
            assert_eq!(
                Timestamp::from_unix(unix),
                Err(TimestampError::BeforeEpoch { given: unix })
            );
        }
        assert!(Timestamp::from_seconds(i64::MAX - EPOCH_UNIX).is_ok());
        assert!(matches!(
            Timestamp::from_seconds(i64::MAX - EPOCH_UNIX + 1),
            Err(TimestampError::Overflow { .. })
        ));
        assert!(matches!(
            Timestamp::from_seconds(i64::MIN),
            Err(TimestampError::BeforeEpoch { .. })
        ));
    }
}
