//! The sandbox's clock, right or off by what `--clock-offset` says.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wdt_proto::Timestamp;

/// Beijing's offset in seconds; the platform knows no other zone.
const BEIJING: i64 = 8 * 3600;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    offset: i64,
}

/// A moment by the sandbox's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    unix: i64,
    millis: u32,
}

impl Clock {
    pub(crate) fn new(offset: i64) -> Self {
        Self { offset }
    }

    pub(crate) fn now(self) -> Moment {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        Moment { unix: seconds.saturating_add(self.offset), millis: now.subsec_millis() }
    }
}

impl Moment {
    /// `None` before the platform's epoch.
    pub(crate) fn timestamp(self) -> Option<Timestamp> {
        Timestamp::from_unix(self.unix).ok()
    }

    /// `2026-04-10 11:28:36`, Beijing time, as the platform writes times.
    pub(crate) fn beijing(self) -> String {
        let [year, month, day, hour, minute, second] = civil(self.unix.saturating_add(BEIJING));
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }

    /// `2026-04-10T11:28:36.250+08:00`, Beijing time.
    pub(crate) fn rfc3339(self) -> String {
        let [year, month, day, hour, minute, second] = civil(self.unix.saturating_add(BEIJING));
        let millis = self.millis;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}+08:00")
    }

    /// As the `Date` header has it.
    pub(crate) fn http(self) -> String {
        // The header's format ends with the year 9999.
        let seconds = u64::try_from(self.unix.clamp(0, 253_402_300_799)).unwrap_or(0);
        httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
    }
}

/// Year, month, day, hour, minute, second of seconds since 1970, in the Gregorian calendar.
fn civil(seconds: i64) -> [i64; 6] {
    let (days, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Years that begin in March end with their leap day; eras of 400 years are all alike.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month < 3);
    [year, month, day, time / 3600, time / 60 % 60, time % 60]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected texts are those of `date -u -d @N` (GNU coreutils).
    #[test]
    fn dates_are_those_of_the_calendar() {
        for (unix, text) in [
            (0, [1970, 1, 1, 0, 0, 0]),
            (951_782_399, [2000, 2, 28, 23, 59, 59]),
            (951_868_799, [2000, 2, 29, 23, 59, 59]),
            (1_775_791_716, [2026, 4, 10, 3, 28, 36]),
            (4_107_542_400, [2100, 3, 1, 0, 0, 0]),
            (-1, [1969, 12, 31, 23, 59, 59]),
        ] {
            assert_eq!(civil(unix), text, "{unix}");
        }
        let moment = Moment { unix: 1_775_791_716, millis: 250 };
        assert_eq!(moment.beijing(), "2026-04-10 11:28:36");
        assert_eq!(moment.rfc3339(), "2026-04-10T11:28:36.250+08:00");
        assert_eq!(moment.http(), "Fri, 10 Apr 2026 03:28:36 GMT");
    }
}
