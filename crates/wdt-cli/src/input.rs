//! What a command reads: bodies, files, points in time.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) use wdt_explain::beijing;
use wdt_proto::{Limits, Timestamp};

use crate::failure::Failure;
use crate::words::{Words, words};

/// A body given as `--body`: the text itself, `@FILE`, or `-` for standard input.
pub(crate) fn body(given: &str) -> Result<Vec<u8>, Failure> {
    match given.strip_prefix('@') {
        Some(path) => file(Path::new(path)),
        None if given == "-" => file(Path::new("-")),
        None if !given.is_empty() && Path::new(given).is_file() => Err(Failure::usage(words!(
            "--body takes the text itself; {given:?} is a file, so write --body @{given}",
            "--body 后面写的是请求体本身；{given:?} 是个文件，请写成 --body @{given}"
        ))),
        None => Ok(given.as_bytes().to_vec()),
    }
}

/// The bytes of a file, `-` for standard input; no more than a body may have.
pub(crate) fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    let is_stdin = path == Path::new("-");
    let name = if is_stdin {
        words!("standard input", "标准输入")
    } else {
        Words::same(path.display())
    };
    let read = || -> io::Result<Vec<u8>> {
        if is_stdin { bounded(io::stdin().lock()) } else { bounded(File::open(path)?) }
    };
    let bytes = read().map_err(|error| Failure::file(&name, &error))?;
    let max = Limits::DEFAULT.max_bytes();
    if bytes.len() > max {
        let Words { english, chinese } = name;
        return Err(Failure::io(words!(
            "{english}: more than {max} bytes, the limit of a body",
            "{chinese}：超过 {max} 字节，请求体最多这么大"
        )));
    }
    Ok(bytes)
}

fn bounded(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(Limits::DEFAULT.max_bytes() as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A point in time, in Unix seconds, as `--now` takes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment(i64);

impl Moment {
    pub(crate) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(since.as_secs().try_into().unwrap_or(i64::MAX))
    }

    /// Unix seconds, RFC 3339 with its offset, or the text of an HTTP `Date` header.
    pub(crate) fn parse(text: &str) -> Result<Self, Words> {
        if let Ok(seconds) = text.parse::<i64>() {
            // Unix seconds have ten digits until the year 2286.
            return if text.len() > 12 {
                Err(words!(
                    "has more than 12 digits: expected Unix seconds, not milliseconds",
                    "超过 12 位数字：这里要 Unix 秒，不是毫秒"
                ))
            } else {
                Ok(Self(seconds))
            };
        }
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(moment.as_second()));
        }
        jiff::fmt::rfc2822::DateTimeParser::new()
            .parse_timestamp(text)
            .map(|moment| Self(moment.as_second()))
            .map_err(|_| {
                words!(
                    "give Unix seconds (1775791716), RFC 3339 (2026-04-10T11:28:36+08:00) \
                     or an HTTP date (Fri, 10 Apr 2026 03:28:36 GMT)",
                    "请写 Unix 秒（1775791716）、RFC 3339（2026-04-10T11:28:36+08:00）\
                     或 HTTP 日期（Fri, 10 Apr 2026 03:28:36 GMT）"
                )
            })
    }

    pub(crate) fn unix(self) -> i64 {
        self.0
    }

    /// As the platform counts.
    pub(crate) fn timestamp(self) -> Result<Timestamp, Failure> {
        Timestamp::from_unix(self.0).map_err(|error| {
            let Words { english, chinese } = Words::of(&error);
            Failure::usage(words!("--now: {english}", "--now：{chinese}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_in_three_notations() {
        for text in ["1775791716", "2026-04-10T11:28:36+08:00", "Fri, 10 Apr 2026 03:28:36 GMT"] {
            assert_eq!(Moment::parse(text).unwrap().unix(), 1_775_791_716, "{text}");
        }
        assert_eq!(beijing(1_775_791_716).unwrap(), "2026-04-10 11:28:36");
        for text in ["", "now", "1775791716000", "2026-04-10 11:28:36", "2026-04-10T11:28:36"] {
            assert!(Moment::parse(text).is_err(), "{text}");
        }
    }
}
