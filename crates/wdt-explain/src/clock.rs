//! The timestamp held against a clock.

use wdt_proto::{EPOCH_UNIX, EpochMistake, FRESHNESS_SECONDS, Language, Timestamp};

use crate::code::{Basis, MistakeCode};
use crate::words::{Words, beijing, duration, say};

/// What the timestamp says.
///
/// ```
/// use wdt_explain::{Account, Sent, explain};
///
/// let account = Account::new("wdtapi3", "wdt_test", "testsecret:testsalt")?;
/// let sent = Sent::parse("sid=wdtapi3&timestamp=450444516", "[]")?;
/// let report = explain(&sent, &account, 1_775_791_726);
/// assert_eq!(report.time().unix(), Some(1_775_791_716));
/// assert_eq!(report.time().ahead_by(), Some(-10));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Time {
    unix: Option<i64>,
    ahead_by: Option<i64>,
}

impl Time {
    /// The time that the timestamp stands for, in Unix seconds; `None` for no number of seconds.
    #[must_use]
    pub const fn unix(&self) -> Option<i64> {
        self.unix
    }

    /// Seconds ahead of the clock, negative: behind.
    #[must_use]
    pub const fn ahead_by(&self) -> Option<i64> {
        self.ahead_by
    }
}

/// What is wrong with a timestamp, or merely odd.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    pub(crate) wrong: Option<WrongTime>,
    pub(crate) age: Option<Age>,
    pub(crate) time: Time,
}

/// What is wrong with a timestamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WrongTime {
    Malformed { found: String },
    Milliseconds { of_unix: bool },
    Unix { seconds: i64 },
    UtcEpoch { is_given: bool },
    Zone { hours: i64 },
    Off { ahead_by: i64 },
}

/// A request that was sent so many seconds ago, which is no mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Age {
    seconds: i64,
    sent: i64,
}

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// Judges a query's timestamp at Unix time `now`. `is_given`: that is when the request was sent,
/// not merely when somebody looks at it.
pub(crate) fn judge(text: &str, now: i64, is_given: bool) -> Judgement {
    let wrong = |wrong| Judgement { wrong: Some(wrong), ..Judgement::default() };
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let seconds = text.parse::<i64>().ok().filter(|_| is_number);
    let timestamp = seconds.and_then(|seconds| Timestamp::from_seconds(seconds).ok());
    let (Some(seconds), Some(timestamp)) = (seconds, timestamp) else {
        return wrong(WrongTime::Malformed { found: text.to_owned() });
    };
    let is_past = |unix: i64| (EPOCH_UNIX..=now.saturating_add(DAY)).contains(&unix);
    if let Some(of_unix) = milliseconds(seconds, is_past) {
        return wrong(WrongTime::Milliseconds { of_unix });
    }
    let ahead_by = timestamp.to_unix().saturating_sub(now);
    let time = Time { unix: Some(timestamp.to_unix()), ahead_by: Some(ahead_by) };
    let mut judgement = Judgement { time, ..Judgement::default() };
    // As Unix time it lies in the past, as the platform counts it lies decades ahead.
    if is_past(seconds) && ahead_by > EPOCH_UNIX / 2 {
        judgement.wrong = Some(WrongTime::Unix { seconds });
    } else if EpochMistake::of(ahead_by) == Some(EpochMistake::Utc) {
        judgement.wrong = Some(WrongTime::UtcEpoch { is_given });
    } else if ahead_by.saturating_abs() > FRESHNESS_SECONDS {
        off(&mut judgement, ahead_by, timestamp.to_unix(), is_given);
    }
    judgement
}

/// Whether a number counts milliseconds of a time in the past: of Unix time, or else since the
/// platform's epoch.
fn milliseconds(number: i64, is_past: impl Fn(i64) -> bool) -> Option<bool> {
    let seconds = number / 1_000;
    // As seconds, these would be thousands of years ahead.
    if number < 100_000_000_000 {
        None
    } else if is_past(seconds) {
        Some(true)
    } else {
        is_past(seconds.saturating_add(EPOCH_UNIX)).then_some(false)
    }
}

/// Outside the window, and none of the epochs explains it.
fn off(judgement: &mut Judgement, ahead_by: i64, sent: i64, is_given: bool) {
    if !is_given && ahead_by < 0 {
        judgement.age = Some(Age { seconds: ahead_by.saturating_neg(), sent });
        return;
    }
    let hours = ahead_by.saturating_add(ahead_by.signum() * HOUR / 2) / HOUR;
    let is_whole_hours =
        (1..=14).contains(&hours.abs()) && (ahead_by - hours * HOUR).abs() <= FRESHNESS_SECONDS;
    judgement.wrong =
        Some(if is_whole_hours { WrongTime::Zone { hours } } else { WrongTime::Off { ahead_by } });
}

impl Words for WrongTime {
    fn code(&self) -> MistakeCode {
        match self {
            Self::Malformed { .. } => MistakeCode::MalformedTimestamp,
            Self::Milliseconds { .. } => MistakeCode::Milliseconds,
            Self::Unix { .. } => MistakeCode::UnixTime,
            Self::UtcEpoch { .. } => MistakeCode::UtcEpoch,
            Self::Zone { .. } => MistakeCode::TimeZone,
            Self::Off { .. } => MistakeCode::StaleTimestamp,
        }
    }

    fn basis(&self) -> Basis {
        if matches!(self, Self::Malformed { .. }) { Basis::Seen } else { Basis::Clock }
    }

    fn what(&self, language: Language) -> String {
        match self {
            Self::Malformed { found } => say!(
                language,
                "timestamp is {found:?}, not a number of seconds",
                "timestamp 是 {found:?}，不是整数秒"
            ),
            Self::Milliseconds { of_unix: true } => say!(
                language,
                "timestamp is in milliseconds (Unix time)",
                "timestamp 用了毫秒（Unix 毫秒数）"
            ),
            Self::Milliseconds { of_unix: false } => say!(
                language,
                "timestamp is in milliseconds (since the platform's epoch)",
                "timestamp 用了毫秒（从平台的起点算起）"
            ),
            Self::Unix { .. } => say!(
                language,
                "timestamp is raw Unix time: the platform counts from 2012, and nothing was subtracted",
                "timestamp 直接用了 Unix 秒数：平台从 2012 年起算，却没有减去起点"
            ),
            Self::UtcEpoch { is_given: true } => say!(
                language,
                "timestamp is 8 h behind: it counts from 2012-01-01 midnight UTC, not Beijing time",
                "timestamp 小了 8 小时：起点用了 UTC 的 2012-01-01 零点，应为北京时间"
            ),
            Self::UtcEpoch { is_given: false } => say!(
                language,
                "timestamp is 8 h behind: it counts from 2012-01-01 midnight UTC, not Beijing time \
                 (unless it was captured 8 hours ago: then give --now)",
                "timestamp 小了 8 小时：起点用了 UTC 的 2012-01-01 零点，应为北京时间\
                （如果请求就是 8 小时前发的，请用 --now 给出发送时刻）"
            ),
            Self::Zone { hours } => {
                let count = hours.abs();
                let (side, chinese) = side(*hours);
                say!(
                    language,
                    "timestamp is {count} h {side} the clock: local time was taken for UTC, or the other way round",
                    "timestamp 比时钟{chinese}了整 {count} 小时：多半是把本地时间当成了 UTC，或者反过来"
                )
            }
            Self::Off { ahead_by } => {
                let by = duration(*ahead_by, language);
                let (side, chinese) = side(*ahead_by);
                say!(
                    language,
                    "timestamp is {by} {side} the clock; the server accepts {FRESHNESS_SECONDS} s",
                    "timestamp 比时钟{chinese}了 {by}，服务器最多接受 {FRESHNESS_SECONDS} 秒"
                )
            }
        }
    }

    fn fix(&self, language: Language) -> String {
        match self {
            Self::Malformed { .. } => say!(
                language,
                "send Unix seconds minus {EPOCH_UNIX}",
                "timestamp = Unix 秒数 − {EPOCH_UNIX}"
            ),
            Self::Milliseconds { .. } => say!(
                language,
                "send whole seconds: Unix seconds minus {EPOCH_UNIX}",
                "用整数秒：Unix 秒数 − {EPOCH_UNIX}"
            ),
            Self::Unix { seconds } => {
                let right = seconds - EPOCH_UNIX;
                say!(
                    language,
                    "subtract {EPOCH_UNIX}: {seconds} becomes {right}",
                    "减去 {EPOCH_UNIX}：{seconds} 应为 {right}"
                )
            }
            Self::UtcEpoch { .. } => say!(
                language,
                "subtract {EPOCH_UNIX} (2012-01-01 00:00:00 Beijing time) from Unix seconds",
                "用 Unix 秒数减去 {EPOCH_UNIX}（北京时间 2012-01-01 00:00:00）"
            ),
            Self::Zone { .. } => say!(
                language,
                "take Unix time, which knows no time zone, and subtract {EPOCH_UNIX}",
                "直接用 Unix 秒数（与时区无关）减去 {EPOCH_UNIX}"
            ),
            Self::Off { .. } => say!(
                language,
                "set the clock right (NTP), and sign anew for every attempt",
                "校准系统时间（NTP），每次发送都重新签名"
            ),
        }
    }
}

fn side(ahead_by: i64) -> (&'static str, &'static str) {
    if ahead_by < 0 { ("behind", "慢") } else { ("ahead of", "快") }
}

impl Age {
    pub(crate) fn text(self, language: Language) -> String {
        let by = duration(self.seconds, language);
        let sent = beijing(self.sent).unwrap_or_default();
        let mut text = say!(
            language,
            "by its timestamp it was sent {by} ago ({sent} Beijing time); the server would refuse \
             it now, and it is judged as of then",
            "按 timestamp 计算，请求是 {by}前发送的（北京时间 {sent}）；现在发送会被拒绝，这里按当时判断"
        );
        let since_utc = self.seconds.saturating_sub(8 * HOUR);
        if (0..HOUR).contains(&since_utc) {
            let minutes = since_utc / 60;
            text += &say!(
                language,
                ". If it was in fact sent {minutes} min ago, it counts from midnight UTC instead of \
                 Beijing time: give the time with --now",
                "。如果其实是 {minutes} 分前发送的，那就是起点用了 UTC 零点而不是北京时间：请用 --now 给出发送时刻"
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_775_791_716;

    fn code(timestamp: i64, is_given: bool) -> Option<&'static str> {
        let judgement = judge(&timestamp.to_string(), NOW, is_given);
        judgement.wrong.map(|wrong| wrong.code().as_str())
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
            let wrong = judge(text, NOW, false).wrong.unwrap();
            assert_eq!(wrong.code(), MistakeCode::MalformedTimestamp, "{text:?}");
        }
    }

    #[test]
    fn a_request_of_eight_hours_and_some_minutes_ago_is_left_open() {
        let judgement = judge(&(NOW - EPOCH_UNIX - 28_800 - 600).to_string(), NOW, false);
        assert!(judgement.wrong.is_none());
        let age = judgement.age.unwrap();
        assert!(age.text(Language::English).contains("10 min ago"));
        assert!(age.text(Language::Chinese).contains("10 分前"));
    }
}
