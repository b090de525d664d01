//! `Date` and `Retry-After` as HTTP writes them (RFC 9110, 5.6.7 and 10.2.3).

use crate::check::time::{days_since_1970, is_digits};

/// Milliseconds since 1970 in UTC of an HTTP date in any of its three forms; `None` for others.
pub(super) fn read(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = [""; 6];
    let words = text.split([' ', ',', '-', '\t']).filter(|part| !part.is_empty());
    for (at, word) in words.enumerate() {
        *parts.get_mut(at)? = word;
    }
    // Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT; Sun Nov  6 08:49:37 1994
    let [_, day, month, year, of_day] = match parts {
        [name, month, day, of_day, year, ""] => [name, day, month, year, of_day],
        [name, day, month, year, of_day, "GMT" | "UTC" | "+0000"] => {
            [name, day, month, year, of_day]
        }
        _ => return None,
    };
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let year = match (number(year)?, year.len()) {
        (year, 4) => year,
        // RFC 850's, of the century that began last; nothing older answers today.
        (year, 2) => year + 2000,
        _ => return None,
    };
    let mut of_day = of_day.split(':').map(number);
    let (hour, minute, second) = (of_day.next()??, of_day.next()??, of_day.next()??);
    let day = number(day)?;
    // 60 is a leap second.
    let exists = of_day.next().is_none()
        && year >= 1970
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    let days = days_since_1970(year, i64::try_from(month).ok()?, day);
    exists.then_some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
}

/// The seconds of a `Retry-After` that is a number; what is beyond counting is the most.
pub(super) fn seconds(text: &str) -> Option<u64> {
    is_number(text).then(|| text.parse().unwrap_or(u64::MAX))
}

fn number(text: &str) -> Option<i64> {
    is_number(text).then(|| text.parse().ok())?
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && is_digits(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_rfc_9110_are_one_moment() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 +0000",
        ] {
            assert_eq!(read(text), Some(784_111_777_000), "{text}");
        }
        assert_eq!(read("Friday, 15-Jan-27 08:00:00 GMT"), Some(1_800_000_000_000));
    }

    #[test]
    fn an_odd_header_is_no_time() {
        for text in [
            "",
            "soon",
            "-5",
            "1.5",
            "٣",
            "Mon, 99 Nov 2026 08:00:00 GMT",
            "Mon, 01 Foo 2026 08:00:00 GMT",
            "Mon, 01 Nov 2026 08:00 GMT",
            "Mon, 01 Nov 2026 08:00:00 CST",
            "Mon, 01 Nov 2026 08:00:00 GMT GMT",
            "Mon, 01 Nov 99999999999999999999 08:00:00 GMT",
            "\0",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        for text in ["", "-5", "1.5", "٣", "+7"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(seconds("077"), Some(77));
        assert_eq!(seconds("99999999999999999999999"), Some(u64::MAX));
    }
}
