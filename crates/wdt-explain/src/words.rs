//! How causes speak: what each can say about itself, in either language, and how figures are written.

use std::fmt::Write as _;

use wdt_proto::Language;

use crate::code::{Basis, MistakeCode};

/// What a cause says about itself. Both languages hold the same figures.
pub(crate) trait Words {
    fn code(&self) -> MistakeCode;

    fn basis(&self) -> Basis {
        Basis::Recomputed
    }

    /// What was done.
    fn what(&self, language: Language) -> String;

    /// What to do instead.
    fn fix(&self, language: Language) -> String;
}

/// One text in the language asked for: `say!(language, "in English {x}", "用中文 {x}")`.
macro_rules! say {
    ($language:expr, $english:literal, $chinese:literal $(,)?) => {
        match $language {
            wdt_proto::Language::Chinese => format_args!($chinese).to_string(),
            _ => format_args!($english).to_string(),
        }
    };
}
pub(crate) use say;

/// The length in bytes with its unit.
pub(crate) fn bytes(count: usize, language: Language) -> String {
    if count == 1 {
        say!(language, "1 byte", "1 字节")
    } else {
        say!(language, "{count} bytes", "{count} 字节")
    }
}

/// A number of seconds in the two largest units: `8 h 3 min`.
///
/// ```
/// use wdt_proto::Language;
///
/// assert_eq!(wdt_explain::duration(-28_980, Language::English), "8 h 3 min");
/// assert_eq!(wdt_explain::duration(-28_980, Language::Chinese), "8 小时 3 分");
/// ```
#[must_use]
pub fn duration(seconds: i64, language: Language) -> String {
    let seconds = seconds.unsigned_abs();
    let units = [
        (86_400 * 365, "a", "年"),
        (86_400, "d", "天"),
        (3_600, "h", "小时"),
        (60, "min", "分"),
        (1, "s", "秒"),
    ];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, english, chinese) in units {
        let count = rest / size;
        if count > 0 && parts.len() < 2 {
            parts.push(say!(language, "{count} {english}", "{count} {chinese}"));
        }
        rest %= size;
    }
    if parts.is_empty() { say!(language, "0 s", "0 秒") } else { parts.join(" ") }
}

/// Unix seconds as Beijing time; `None` past the year 9999.
///
/// ```
/// assert_eq!(wdt_explain::beijing(1_775_791_716).as_deref(), Some("2026-04-10 11:28:36"));
/// ```
#[must_use]
pub fn beijing(unix: i64) -> Option<String> {
    let moment = jiff::Timestamp::from_second(unix).ok()?;
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    Some(moment.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// A text whose control characters are to be seen.
///
/// ```
/// assert_eq!(wdt_explain::visible("\u{feff}[1]\r\n".as_bytes()), r"<BOM>[1]\r\n");
/// ```
#[must_use]
pub fn visible(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut shown = String::new();
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '\u{feff}' => shown.push_str("<BOM>"),
            c if c.is_control() => {
                let _ = write!(shown, "\\u{:04x}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_units_at_most() {
        for (seconds, english, chinese) in [
            (0, "0 s", "0 秒"),
            (-28_800, "8 h", "8 小时"),
            (90_061, "1 d 1 h", "1 天 1 小时"),
            (3_661, "1 h 1 min", "1 小时 1 分"),
        ] {
            assert_eq!(duration(seconds, Language::English), english);
            assert_eq!(duration(seconds, Language::Chinese), chinese);
        }
    }
}
