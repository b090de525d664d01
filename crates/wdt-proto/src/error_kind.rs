//! The server's status codes, sorted by what a caller can do about them.

use core::fmt;

use crate::language::Language;

/// What an error status of the server means for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Unknown sid or key, wrong signature, or a dynamic password is asked for.
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

    /// The kind of this text, which [`as_str`](ErrorKind::as_str) gives.
    ///
    /// ```
    /// use wdt_proto::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::of("rate_limit"), Some(ErrorKind::RateLimit));
    /// assert_eq!(ErrorKind::of("timeout"), None);
    /// ```
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        [
            Self::Authentication,
            Self::Parameter,
            Self::Server,
            Self::Permission,
            Self::Timestamp,
            Self::Version,
            Self::RateLimit,
            Self::Business,
            Self::Unknown,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == text)
    }

    /// Whether the same call, signed anew, may succeed later.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Server | Self::Timestamp | Self::RateLimit)
    }

    /// What to do about it, in a few words.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        self.advice_in(Language::English)
    }

    /// The same in either language.
    ///
    /// ```
    /// use wdt_proto::{ErrorKind, Language};
    ///
    /// let advice = ErrorKind::RateLimit.advice_in(Language::Chinese);
    /// assert_eq!(advice, "先停 5 到 10 分钟，之后放慢调用");
    /// ```
    #[must_use]
    pub const fn advice_in(self, language: Language) -> &'static str {
        let (english, chinese) = match self {
            Self::Authentication => (
                "check sid, key and appsecret, and compare the canonical string with `explain`",
                "核对 sid、key 和 appsecret，用 `explain` 比对签名原文",
            ),
            Self::Parameter => {
                ("compare the arguments with the method's documentation", "对照接口文档检查参数")
            }
            Self::Server => ("try again later", "稍后重试"),
            Self::Permission => (
                "ask the merchant to permit this address, method or warehouse for the key",
                "请商家为这个 key 开通该 IP、接口或仓库的权限",
            ),
            Self::Timestamp => (
                "set the clock right, within 120 s of the server's, and sign anew",
                "校准时钟，与服务器相差不超过 120 秒，再重新签名",
            ),
            Self::Version => (
                "this platform wants another protocol version than 1.0",
                "该平台要求的协议版本不是 1.0",
            ),
            Self::RateLimit => (
                "rest for 5 to 10 minutes, then call more slowly",
                "先停 5 到 10 分钟，之后放慢调用",
            ),
            Self::Business => (
                "the platform's rules refuse the call; the message says why",
                "平台的业务规则拒绝了这次调用，原因见上面的消息",
            ),
            Self::Unknown => (
                "the documentation does not explain this status; ask the platform",
                "文档没有说明这个状态码，请咨询平台",
            ),
        };
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
