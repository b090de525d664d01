//! The server's status codes, sorted by what a caller can do about them.

use core::fmt;

/// What an error status of the server means for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Unknown sid or key, wrong signature, or a dynamic password is due.
    Authentication,
    /// The arguments are wrong in number, type or value.
    Parameter,
    /// The server's database failed.
    Server,
    /// This address, key or account may not do it.
    Permission,
    /// The clocks differ by more than 120 s.
    Timestamp,
    /// The protocol version is not accepted.
    Version,
    /// Too many calls a minute, or too many at once.
    RateLimit,
    /// The platform's own rules say no.
    Business,
    /// A status that the documentation does not explain.
    Unknown,
}

impl ErrorKind {
    /// Sorts a status; some are told apart by their message.
    ///
    /// ```
    /// use wdt_proto::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::classify(1, "验证失败"), ErrorKind::Authentication);
    /// assert_eq!(ErrorKind::classify(1, "invalid argument count"), ErrorKind::Parameter);
    /// ```
    #[must_use]
    pub fn classify(status: i64, message: &str) -> Self {
        let has_one_of = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
        match status {
            1 if has_one_of(&["验证失败", "app auth fail", "sid is not "]) => {
                Self::Authentication
            }
            1 | 2 => Self::Parameter,
            3 => Self::Authentication,
            4 | 5 => Self::Server,
            6 => Self::Permission,
            7 => Self::Timestamp,
            8 => Self::Version,
            100 if has_one_of(&["超过每分钟最大调用频率限制", "超过每分钟最大并发次数限制"]) => {
                Self::RateLimit
            }
            // The third stands in the vendor's error table, for methods closed to merchants.
            100 if has_one_of(&["权限不足", "无仓库访问权限", "used internal only"]) => {
                Self::Permission
            }
            100 => Self::Business,
            _ => Self::Unknown,
        }
    }

    /// The kind as text, the same in every binding: `rate_limit`, ….
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Parameter => "parameter",
            Self::Server => "server",
            Self::Permission => "permission",
            Self::Timestamp => "timestamp",
            Self::Version => "version",
            Self::RateLimit => "rate_limit",
            Self::Business => "business",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the same call, signed anew, may succeed later.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Server | Self::Timestamp | Self::RateLimit)
    }

    /// What to do about it, in a few words.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Authentication => {
                "check sid, key and appsecret, and compare the canonical string with `explain`"
            }
            Self::Parameter => "compare the arguments with the method's documentation",
            Self::Server => "try again later",
            Self::Permission => {
                "ask the merchant to permit this address, method or warehouse for the key"
            }
            Self::Timestamp => "set the clock right, within 120 s of the server's, and sign anew",
            Self::Version => "this platform wants another protocol version than 1.0",
            Self::RateLimit => "rest for 5 to 10 minutes, then call more slowly",
            Self::Business => "the platform's rules refuse the call; the message says why",
            Self::Unknown => "the documentation does not explain this status; ask the platform",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
