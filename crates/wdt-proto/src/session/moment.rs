//! Seconds as Beijing's clocks show them: what spans of time are counted in.

use core::fmt;

use crate::check::time;
use crate::rows::Time;

const BEIJING_OFFSET: i64 = 8 * 3600;

/// A second, as Beijing's clocks show it. There is no daylight saving time.
///
/// ```
/// use wdt_proto::session::Moment;
///
/// let moment = Moment::read("2026-05-01 10:00:00").unwrap();
/// assert_eq!(moment, Moment::from_unix(1_777_600_800));
/// assert_eq!(moment.plus(3600).to_string(), "2026-05-01 11:00:00");
/// assert_eq!(Moment::read("2026-05-01"), Some(moment.plus(-10 * 3600)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// Reads what [`rows::Time`](crate::rows::Time) reads; parts of a second are left out.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Time::read(text).map(Self::from)
    }

    /// The moment of so many seconds since 1970 in UTC.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds.saturating_add(BEIJING_OFFSET))
    }

    /// Seconds since 1970 in UTC.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0.saturating_sub(BEIJING_OFFSET)
    }

    /// So many seconds later; earlier where negative.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// The seconds from `earlier` to this moment.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The midnight before, or this one.
    pub(super) const fn midnight(self) -> Self {
        Self(self.0 - self.0.rem_euclid(86_400))
    }

    /// `yyyy-MM-dd`.
    pub(super) fn date(self) -> impl fmt::Display {
        let (year, month, day) = time::date_of(self.0.div_euclid(86_400));
        alloc::format!("{year:04}-{month:02}-{day:02}")
    }
}

impl From<Time> for Moment {
    fn from(time: Time) -> Self {
        let days =
            time::days_since_1970(time.year().into(), time.month().into(), time.day().into());
        let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(i64::from);
        Self(((days * 24 + hour) * 60 + minute) * 60 + second)
    }
}

/// `yyyy-MM-dd HH:mm:ss`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_day = self.0.rem_euclid(86_400);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        write!(f, "{} {hour:02}:{minute:02}:{second:02}", self.date())
    }
}
