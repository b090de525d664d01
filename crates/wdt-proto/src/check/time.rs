//! Date-times as the platform writes them, and the seconds between two of them.

use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::catalogue::Layout;
use crate::language::{Bilingual, Language, say};

/// Seconds since 0000-03-01 of a text in this layout; `None` for another form and for dates that
/// do not exist. Which epoch it is does not matter: only differences count.
pub(crate) fn seconds(layout: Layout, text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let pattern = layout.pattern().as_bytes();
    let fits = |(pattern, byte): (&u8, &u8)| match pattern {
        b'y' | b'M' | b'd' | b'H' | b'm' | b's' => byte.is_ascii_digit(),
        other => other == byte,
    };
    if bytes.len() != pattern.len() || !pattern.iter().zip(bytes).all(fits) {
        return None;
    }
    let number = |at: usize, len: usize| {
        let digits = bytes.get(at..at + len).unwrap_or_default();
        digits.iter().fold(0, |n, digit| n * 10 + i64::from(digit - b'0'))
    };
    let (year, month, day) = (number(0, 4), number(5, 2), number(8, 2));
    let time = match layout {
        Layout::Seconds => [number(11, 2), number(14, 2), number(17, 2)],
        Layout::Minutes => [number(11, 2), number(14, 2), 0],
        Layout::Days => [0; 3],
    };
    let [hour, minute, second] = time;
    let exists = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    exists.then(|| ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
}

/// Seconds of a date-time that can be read one way only: month, day, hour, minute and second with
/// one digit or two, the time of day left out or without its seconds.
pub(super) fn seconds_of_readable(text: &str) -> Option<i64> {
    seconds(Layout::Seconds, text).or_else(|| seconds(Layout::Seconds, &written(text)?))
}

/// The same date-time as the platform writes it, `yyyy-MM-dd HH:mm:ss`, where it can be read one
/// way only.
pub(crate) fn written(text: &str) -> Option<String> {
    let (date, time) = match text.split_once(' ') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, two(parts.next()?)?, two(parts.next()?)?);
    if parts.next().is_some() || year.len() != 4 || !is_digits(year) {
        return None;
    }
    let mut of_day = time.unwrap_or("0:0").split(':');
    let (hour, minute) = (two(of_day.next()?)?, two(of_day.next()?)?);
    let second = two(of_day.next().unwrap_or("0"))?;
    if of_day.next().is_some() {
        return None;
    }
    let text = format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    seconds(Layout::Seconds, &text).map(|_| text)
}

/// A number of one digit or two.
fn two(text: &str) -> Option<u8> {
    (matches!(text.len(), 1 | 2) && is_digits(text)).then(|| text.parse().ok())?
}

pub(crate) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 0000-03-01 in the Gregorian calendar. A year that begins in March ends with its leap
/// day.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let months = (month + 9) % 12;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * months + 2) / 5 + day - 1
}

/// From 0000-03-01, where [`days`] begins, to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;

pub(crate) fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    days(year, month, day) - DAYS_TO_1970
}

/// Year, month and day, so many days after 1970-01-01.
pub(crate) fn date_of(days: i64) -> (i64, i64, i64) {
    const DAYS_IN_400_YEARS: i64 = 146_097;
    let since_march = days + DAYS_TO_1970;
    let (cycle, day) =
        (since_march.div_euclid(DAYS_IN_400_YEARS), since_march.rem_euclid(DAYS_IN_400_YEARS));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (cycle * 400 + year + next_year, month, day_of_month)
}

/// A length of time in seconds, for people: `30 days`, `61 minutes`, `30 days and 60 seconds`.
pub(super) struct Duration(pub(super) i64);

impl Bilingual for Duration {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAY: i64 = 24 * 3600;
        let (days, rest) = (self.0 / DAY, self.0 % DAY);
        if days > 0 {
            say!(f, language, "{days} days", "{days} 天")?;
        }
        match rest {
            0 if days > 0 => Ok(()),
            rest => {
                if days > 0 {
                    say!(f, language, " and ", "又 ")?;
                }
                match (rest % 60, rest / 60) {
                    (0, minutes) => say!(f, language, "{minutes} minutes", "{minutes} 分钟"),
                    _ => say!(f, language, "{rest} seconds", "{rest} 秒"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn only_dates_that_exist() {
        let ok = |text: &str| seconds(Layout::Seconds, text).is_some();
        for text in ["2026-11-01 00:00:00", "2024-02-29 23:59:59", "2000-02-29 00:00:00"] {
            assert!(ok(text), "{text}");
        }
        for text in [
            "2023-06-31 00:00:00",
            "2023-02-29 00:00:00",
            "1900-02-29 00:00:00",
            "2026-13-01 00:00:00",
            "2026-00-01 00:00:00",
            "2026-01-00 00:00:00",
            "2026-01-01 24:00:00",
            "2026-01-01 00:60:00",
            "2026-01-01 00:00:60",
            "2023-1-1 00:00:00",
            "2026-01-01T00:00:00",
            "2026-01-01",
            "",
            "2026-01-01 00:00:00 ",
            "２026-01-01 00:00",
        ] {
            assert!(!ok(text), "{text}");
        }
        assert!(seconds(Layout::Days, "2026-11-01").is_some());
        assert!(seconds(Layout::Minutes, "2026-11-01 12:30").is_some());
    }

    #[test]
    fn what_reads_one_way_only() {
        for (text, full) in [
            ("2025-12-28", "2025-12-28 00:00:00"),
            ("2020-08-28 9:01:00", "2020-08-28 09:01:00"),
            ("2023-1-1 00:00:00", "2023-01-01 00:00:00"),
            ("2023-1-1 7:5", "2023-01-01 07:05:00"),
            ("2024-02-29 23:59:59", "2024-02-29 23:59:59"),
        ] {
            assert_eq!(written(text).as_deref(), Some(full), "{text}");
            assert_eq!(seconds_of_readable(text), seconds(Layout::Seconds, full), "{text}");
        }
        for text in [
            "2023/02/06 17:59:19",
            "昨天",
            "23-02-06",
            "2023-02-30",
            "2023-02-06 24:00",
            "2023-02-06 1",
            "2023-02-06  10:00:00",
            "2023-02-06 10:00:00 ",
            "2023-02-06 10:00:00.0",
            "2023-02-06-1",
            "2023-02-06 10:00:00:00",
            "2023-002-06",
            "+023-02-06",
            "1665947116495",
            "",
        ] {
            assert_eq!(written(text), None, "{text}");
        }
    }

    #[test]
    fn differences() {
        let between =
            |a, b| seconds(Layout::Seconds, b).unwrap() - seconds(Layout::Seconds, a).unwrap();
        assert_eq!(between("2024-02-28 00:00:00", "2024-03-01 00:00:00"), 2 * 86_400);
        assert_eq!(between("1970-01-01 00:00:00", "2012-01-01 00:00:00"), 1_325_376_000);
        assert_eq!(between("1999-12-31 23:59:59", "2000-01-01 00:00:00"), 1);
    }

    #[test]
    fn dates_of_days_and_days_of_dates() {
        assert_eq!(date_of(0), (1970, 1, 1));
        assert_eq!(date_of(-1), (1969, 12, 31));
        let first = days(1970, 1, 1);
        for day in -200_000..200_000 {
            let (year, month, day_of_month) = date_of(day);
            assert_eq!(days(year, month, day_of_month) - first, day);
            assert!((1..=days_in(year, month)).contains(&day_of_month), "{day}");
        }
    }

    #[test]
    fn durations_for_people() {
        for (seconds, english, chinese) in [
            (30 * 86_400, "30 days", "30 天"),
            (61 * 60, "61 minutes", "61 分钟"),
            (61, "61 seconds", "61 秒"),
            (30 * 86_400 + 90, "30 days and 90 seconds", "30 天又 90 秒"),
        ] {
            let said = |language| Duration(seconds).in_language(language).to_string();
            assert_eq!(said(Language::English), english);
            assert_eq!(said(Language::Chinese), chinese);
        }
    }
}
