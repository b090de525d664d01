//! Moments as the platform writes them: text in Beijing time, or milliseconds since 1970.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use core::fmt::{self, Write as _};

use crate::catalogue::Layout;
use crate::check::{digits, time};
use crate::json::is_number;

/// A moment in Beijing time, to the millisecond.
///
/// ```
/// use wdt_proto::rows::Time;
///
/// let time = Time::read("1686712380000").unwrap();
/// assert_eq!(time.to_string(), "2023-06-14 11:13:00");
/// assert_eq!(Time::read("2023-06-14 11:13"), Some(time));
/// assert_eq!((time.year(), time.month(), time.day()), (2023, 6, 14));
/// assert_eq!(Time::read("2023-02-30"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    millisecond: u16,
}

impl Time {
    /// Reads a moment:
    ///
    /// - `yyyy-MM-dd HH:mm:ss`; also with one digit for month, day, hour, minute or second, without
    ///   the seconds or the time of day, and with a fraction of the second behind: Beijing time,
    /// - a whole number of 13 digits, in any form that JSON has for it: milliseconds since 1970 in
    ///   UTC.
    ///
    /// `None` for all else, for dates that do not exist, and for parts of a millisecond.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if is_number(text) {
            let millis = i64::try_from(digits::integer(text)?).ok()?;
            return Self::of_millis(millis);
        }
        let (whole, millisecond) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, millis_of(fraction)?),
            None => (text, 0),
        };
        let is_usual = time::seconds(Layout::Seconds, whole).is_some();
        // A fraction stands behind seconds alone.
        if text.len() > whole.len() && whole.matches(':').count() != 2 {
            return None;
        }
        let written: Cow<'_, str> =
            if is_usual { whole.into() } else { time::written(whole)?.into() };
        let number = |at: usize, len: usize| written.get(at..at + len)?.parse::<u16>().ok();
        let small = |at: usize| written.get(at..at + 2)?.parse::<u8>().ok();
        Some(Self {
            // No calendar that programs use has a year 0.
            year: number(0, 4).filter(|year| *year > 0)?,
            month: small(5)?,
            day: small(8)?,
            hour: small(11)?,
            minute: small(14)?,
            second: small(17)?,
            millisecond,
        })
    }

    /// From milliseconds since 1970, of 13 digits: those of other lengths may be seconds, or ids.
    fn of_millis(millis: i64) -> Option<Self> {
        const BEIJING_OFFSET: i64 = 8 * 3_600_000;
        const DAY: i64 = 86_400_000;
        if !(1_000_000_000_000..10_000_000_000_000).contains(&millis) {
            return None;
        }
        let local = millis + BEIJING_OFFSET;
        let (year, month, day) = time::date_of(local / DAY);
        let of_day = local % DAY;
        Some(Self {
            year: u16::try_from(year).ok()?,
            month: u8::try_from(month).ok()?,
            day: u8::try_from(day).ok()?,
            hour: u8::try_from(of_day / 3_600_000).ok()?,
            minute: u8::try_from(of_day / 60_000 % 60).ok()?,
            second: u8::try_from(of_day / 1_000 % 60).ok()?,
            millisecond: u16::try_from(of_day % 1_000).ok()?,
        })
    }

    /// `yyyy-MM-dd HH:mm:ss`, with `.SSS` behind where there are milliseconds.
    pub(super) fn text(self) -> String {
        let Self { year, month, day, hour, minute, second, millisecond } = self;
        let mut text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
        if millisecond > 0 {
            // A text takes whatever is written into it.
            let _ = write!(text, ".{millisecond:03}");
        }
        text
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The hour, 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    #[must_use]
    pub const fn minute(self) -> u8 {
        self.minute
    }

    /// The second, 0 to 59.
    #[must_use]
    pub const fn second(self) -> u8 {
        self.second
    }

    /// The millisecond, 0 to 999.
    #[must_use]
    pub const fn millisecond(self) -> u16 {
        self.millisecond
    }
}

/// `yyyy-MM-dd HH:mm:ss`, with `.SSS` behind where there are milliseconds.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// The milliseconds of a fraction of a second; what is finer must be nothing.
fn millis_of(fraction: &str) -> Option<u16> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (first, finer) = fraction.split_at(fraction.len().min(3));
    let fits = finer.bytes().all(|b| b == b'0');
    fits.then(|| format!("{first:0<3}").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn forms_of_one_moment() {
        for (text, written) in [
            ("2023-06-14 11:13:00", "2023-06-14 11:13:00"),
            ("2023-06-14 11:13", "2023-06-14 11:13:00"),
            ("2023-6-14 11:13:0", "2023-06-14 11:13:00"),
            ("2023-06-14", "2023-06-14 00:00:00"),
            ("1686712380000", "2023-06-14 11:13:00"),
            ("1.68671238E12", "2023-06-14 11:13:00"),
            ("1686712380000.0", "2023-06-14 11:13:00"),
            ("1686712380007", "2023-06-14 11:13:00.007"),
            ("2023-06-14 11:13:00.0", "2023-06-14 11:13:00"),
            ("2023-06-14 11:13:00.07", "2023-06-14 11:13:00.070"),
            ("2023-06-14 11:13:00.123000", "2023-06-14 11:13:00.123"),
            ("1000000000000", "2001-09-09 09:46:40"),
            ("9999999999999", "2286-11-21 01:46:39.999"),
            ("1709135999999", "2024-02-28 23:59:59.999"),
            ("1709222400000", "2024-03-01 00:00:00"),
            ("1709136000000", "2024-02-29 00:00:00"),
            ("0001-01-01", "0001-01-01 00:00:00"),
        ] {
            let time = Time::read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(time.to_string(), written, "{text}");
            assert_eq!(Time::read(written), Some(time), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment() {
        for text in [
            "",
            "0",
            "1686712380",
            "999999999999",
            "10000000000000",
            "-1686712380000",
            "1686712380000.5",
            "+1686712380000",
            " 1686712380000",
            "2023-06-14 11:13:00.",
            "2023-06-14 11:13:00.1234",
            "2023-06-14 11:13.5",
            "2023-06-14.5",
            "2023-06-31 00:00:00",
            "2023-06-14T11:13:00",
            "0000-00-00 00:00:00",
            "0000-03-01",
            "昨天",
            "2023-06-14 11:13:00.+1",
            "2023-06-14 11:13:00.😀",
        ] {
            assert_eq!(Time::read(text), None, "{text}");
        }
    }
}
