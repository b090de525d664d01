//! The sandbox's clock, right or off by what `--clock-offset` says.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Zoned;
use jiff::tz::TimeZone;
use wdt_proto::Timestamp;

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
    pub(crate) fn unix(self) -> i64 {
        self.unix
    }

    pub(crate) fn unix_millis(self) -> i64 {
        self.unix.saturating_mul(1_000).saturating_add(self.millis.into())
    }

    /// `None` before the platform's epoch.
    pub(crate) fn timestamp(self) -> Option<Timestamp> {
        Timestamp::from_unix(self.unix).ok()
    }

    /// `2026-04-10 11:28:36`, Beijing time, as the platform writes times.
    pub(crate) fn beijing(self) -> String {
        in_beijing(self.unix).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// `2026-04-10T11:28:36.250+08:00`, Beijing time.
    pub(crate) fn rfc3339(self) -> String {
        let seconds = in_beijing(self.unix).strftime("%Y-%m-%dT%H:%M:%S").to_string();
        format!("{seconds}.{:03}+08:00", self.millis)
    }

    /// As the `Date` header has it.
    pub(crate) fn http(self) -> String {
        let moment = jiff::Timestamp::from_second(self.unix.max(0)).unwrap_or(jiff::Timestamp::MAX);
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        printer.timestamp_to_rfc9110_string(&moment).unwrap_or_default()
    }
}

/// Seconds since 1970 in Beijing; what no calendar reaches is its first or last second.
fn in_beijing(unix: i64) -> Zoned {
    let (first, last) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
    let seconds = unix.clamp(first.as_second(), last.as_second());
    let moment = jiff::Timestamp::from_second(seconds).unwrap_or(last);
    moment.to_zoned(TimeZone::fixed(jiff::tz::offset(8)))
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
            let [year, month, day, hour, minute, second] = text;
            let text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
            // Beijing's clocks show it eight hours before UTC's do.
            let moment = Moment { unix: unix - 8 * 3600, millis: 0 };
            assert_eq!(moment.beijing(), text, "{unix}");
        }
        let moment = Moment { unix: 1_775_791_716, millis: 250 };
        assert_eq!(moment.beijing(), "2026-04-10 11:28:36");
        assert_eq!(moment.rfc3339(), "2026-04-10T11:28:36.250+08:00");
        assert_eq!(moment.http(), "Fri, 10 Apr 2026 03:28:36 GMT");
    }
}
