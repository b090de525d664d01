//! The timestamp held against a clock.

use std::fmt::Write as _;

use wdt_proto::{EPOCH_UNIX, EpochMistake, FRESHNESS_SECONDS, Timestamp};

use super::mistake::{Basis, Mistake};
use crate::input::{beijing, duration};

/// What the timestamp says.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    pub(crate) mistake: Option<Mistake>,
    pub(crate) note: Option<String>,
    /// The time that it stands for, in Unix seconds.
    pub(crate) unix: Option<i64>,
    /// Seconds ahead of the clock, negative: behind.
    pub(crate) ahead_by: Option<i64>,
}

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// Judges a query's timestamp at Unix time `now`. `is_given`: that is when the request was sent,
/// not merely when somebody looks at it.
pub(crate) fn judge(text: &str, now: i64, is_given: bool) -> Judgement {
    let wrong = |mistake| Judgement { mistake: Some(mistake), ..Judgement::default() };
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let seconds = text.parse::<i64>().ok().filter(|_| is_number);
    let timestamp = seconds.and_then(|seconds| Timestamp::from_seconds(seconds).ok());
    let (Some(seconds), Some(timestamp)) = (seconds, timestamp) else {
        return wrong(Mistake::seen(
            "malformed_timestamp",
            format!("timestamp is {text:?}, not a number of seconds"),
            format!("send Unix seconds minus {EPOCH_UNIX}"),
            format!("timestamp 应为整数秒：Unix 秒数 − {EPOCH_UNIX}，实际是 {text:?}"),
        ));
    };
    let is_past = |unix: i64| (EPOCH_UNIX..=now.saturating_add(DAY)).contains(&unix);
    if let Some(unit) = milliseconds(seconds, is_past) {
        return wrong(Mistake::new(
            "milliseconds",
            Basis::Clock,
            format!("timestamp is in milliseconds ({unit})"),
            format!("send whole seconds: Unix seconds minus {EPOCH_UNIX}"),
            format!("timestamp 用了毫秒，应为秒：Unix 秒数 − {EPOCH_UNIX}"),
        ));
    }
    let ahead_by = timestamp.to_unix().saturating_sub(now);
    let unix = Some(timestamp.to_unix());
    let mut judgement = Judgement { unix, ahead_by: Some(ahead_by), ..Judgement::default() };
    // As Unix time it lies in the past, as the platform counts it lies decades ahead.
    if is_past(seconds) && ahead_by > EPOCH_UNIX / 2 {
        judgement.mistake = Some(Mistake::new(
            "unix_time",
            Basis::Clock,
            "timestamp is raw Unix time: the platform counts from 2012, and nothing was subtracted",
            format!("subtract {EPOCH_UNIX}: {seconds} becomes {}", seconds - EPOCH_UNIX),
            format!(
                "timestamp 直接用了 Unix 秒数，没有减去 {EPOCH_UNIX}（起点是北京时间 2012-01-01 00:00:00）"
            ),
        ));
    } else if EpochMistake::of(ahead_by) == Some(EpochMistake::Utc) {
        let unless =
            if is_given { "" } else { " (unless it was captured 8 hours ago: then give --now)" };
        judgement.mistake = Some(Mistake::new(
            "utc_epoch",
            Basis::Clock,
            format!(
                "timestamp is 8 h behind: it counts from 2012-01-01 midnight UTC, not Beijing time{unless}"
            ),
            format!("subtract {EPOCH_UNIX} (2012-01-01 00:00:00 Beijing time) from Unix seconds"),
            format!(
                "timestamp 小了 28800 秒：起点是北京时间 2012-01-01 00:00:00，不是 UTC 零点，应为 Unix 秒数 − {EPOCH_UNIX}"
            ),
        ));
    } else if ahead_by.abs() > FRESHNESS_SECONDS {
        off(&mut judgement, ahead_by, is_given);
    }
    judgement
}

/// Which count of milliseconds a number is, if it is one of a time in the past.
fn milliseconds(number: i64, is_past: impl Fn(i64) -> bool) -> Option<&'static str> {
    let seconds = number / 1_000;
    // As seconds, these would be thousands of years ahead.
    if number < 100_000_000_000 {
        None
    } else if is_past(seconds) {
        Some("Unix time")
    } else if is_past(seconds.saturating_add(EPOCH_UNIX)) {
        Some("since the platform's epoch")
    } else {
        None
    }
}

/// Outside the window, and none of the epochs explains it.
fn off(judgement: &mut Judgement, ahead_by: i64, is_given: bool) {
    let side = if ahead_by < 0 { "behind" } else { "ahead of" };
    let by = duration(ahead_by, wdt_proto::Language::English);
    let hours = (ahead_by + ahead_by.signum() * HOUR / 2) / HOUR;
    let is_whole_hours =
        (1..=14).contains(&hours.abs()) && (ahead_by - hours * HOUR).abs() <= FRESHNESS_SECONDS;
    if is_whole_hours && (is_given || ahead_by > 0) {
        judgement.mistake = Some(Mistake::new(
            "time_zone",
            Basis::Clock,
            format!(
                "timestamp is {} h {side} the clock: local time was taken for UTC, or the other way round",
                hours.abs()
            ),
            format!("take Unix time, which knows no time zone, and subtract {EPOCH_UNIX}"),
            format!(
                "timestamp 差了整 {} 小时，多半是时区算错：直接用 Unix 秒数 − {EPOCH_UNIX}",
                hours.abs()
            ),
        ));
    } else if is_given || ahead_by > 0 {
        judgement.mistake = Some(Mistake::new(
            "stale_timestamp",
            Basis::Clock,
            format!("timestamp is {by} {side} the clock; the server accepts {FRESHNESS_SECONDS} s"),
            "set the clock right (NTP), and sign anew for every attempt",
            format!(
                "timestamp 与服务器时间相差超过 {FRESHNESS_SECONDS} 秒：校准系统时间（NTP），每次发送都重新签名"
            ),
        ));
    } else {
        let sent = judgement.unix.and_then(beijing).unwrap_or_default();
        let mut note = format!(
            "by its timestamp it was sent {by} ago ({sent} Beijing time); the server would refuse it \
             now, and it is judged as of then"
        );
        let since_utc = -ahead_by - 8 * HOUR;
        if (0..HOUR).contains(&since_utc) {
            let minutes = since_utc / 60;
            let _ = write!(
                note,
                ". If it was in fact sent {minutes} min ago, it counts from midnight UTC instead of \
                 Beijing time: give the time with --now"
            );
        }
        judgement.note = Some(note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_775_791_716;

    fn code(timestamp: i64, is_given: bool) -> Option<&'static str> {
        judge(&timestamp.to_string(), NOW, is_given).mistake.map(|mistake| mistake.code)
    }

    #[test]
    fn what_is_off_is_named() {
        let right = NOW - EPOCH_UNIX;
        for (timestamp, is_given, expected) in [
            (right, true, None),
            (right - 120, true, None),
            (right + 120, false, None),
            (right - 121, true, Some("stale_timestamp")),
            (right - 121, false, None),
            (right + 121, false, Some("stale_timestamp")),
            (right - 28_800, false, Some("utc_epoch")),
            (right - 28_900, true, Some("utc_epoch")),
            (right + 28_800, false, Some("time_zone")),
            (right - 7_200, true, Some("time_zone")),
            (right - 7_200, false, None),
            (right - 86_400 * 400, false, None),
            (NOW, true, Some("unix_time")),
            (NOW - 86_400 * 365, false, Some("unix_time")),
            (NOW * 1_000, false, Some("milliseconds")),
            (right * 1_000, false, Some("milliseconds")),
            (0, false, None),
            (i64::MAX, false, Some("malformed_timestamp")),
        ] {
            assert_eq!(code(timestamp, is_given), expected, "{timestamp} {is_given}");
        }
    }

    #[test]
    fn what_is_no_number_is_named() {
        for text in ["", "-1", "+1", " 1", "1.0", "2026-04-10 11:28:36", "９"] {
            let mistake = judge(text, NOW, false).mistake.unwrap();
            assert_eq!(mistake.code, "malformed_timestamp", "{text:?}");
        }
    }

    #[test]
    fn a_request_of_eight_hours_and_some_minutes_ago_is_left_open() {
        let judgement = judge(&(NOW - EPOCH_UNIX - 28_800 - 600).to_string(), NOW, false);
        assert!(judgement.mistake.is_none());
        assert!(judgement.note.unwrap().contains("10 min ago"));
    }
}
