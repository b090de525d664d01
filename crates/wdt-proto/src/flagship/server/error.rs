//! Which check of a received call failed.

use alloc::string::String;
use core::fmt;

use crate::check::ValidationError;
use crate::error_kind::ErrorKind;
use crate::flagship::query::{MalformedQuery, VERSION};
use crate::flagship::status::{self, Fixed};
use crate::flagship::timestamp::{EpochMistake, FRESHNESS_SECONDS};
use crate::language::{Bilingual, Language, bilingual, say};

/// Which check failed. The texts never hold a secret or the right signature.
///
/// ```
/// use wdt_proto::{ErrorKind, Lookup, Timestamp, VerifyError, verify};
///
/// let now = Timestamp::from_seconds(450_444_516)?;
/// let error = verify("sid=wdtapi3", b"[]", |_, _| Lookup::UnknownSid, now).unwrap_err();
/// assert_eq!(error, VerifyError::Missing("key"));
/// assert_eq!(error.check(), "missing_parameter");
/// assert_eq!(error.zh().to_string(), "缺少 key");
/// // What to answer: the vendor's server says the same.
/// assert_eq!((error.status(), error.kind()), (1, ErrorKind::Parameter));
/// # Ok::<(), wdt_proto::TimestampError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The query is no list of `key=value` pairs in percent-encoded UTF-8.
    MalformedQuery(String),
    /// A parameter that every call has is absent or empty.
    Missing(&'static str),
    /// A parameter comes twice: either could be the one that counts.
    Duplicate(String),
    /// The look-up does not know this sid.
    UnknownSid(String),
    /// The look-up does not know this key.
    UnknownKey(String),
    /// `v` is not `1.0`.
    WrongVersion(String),
    /// `timestamp` is not a whole number of seconds since the epoch.
    MalformedTimestamp(String),
    /// `timestamp` lies outside the window.
    StaleTimestamp {
        /// How many seconds the caller is ahead (negative: behind).
        ahead_by: i64,
    },
    /// The salt is not the one of this key.
    WrongSalt,
    /// The signature is not the one of this key, query and body.
    WrongSignature,
    /// The paging parameters are signed but not valid.
    Pager(ValidationError),
}

impl VerifyError {
    /// Which check failed, as text, the same in every binding.
    #[must_use]
    pub const fn check(&self) -> &'static str {
        match self {
            Self::MalformedQuery(_) => "malformed_query",
            Self::Missing(_) => "missing_parameter",
            Self::Duplicate(_) => "duplicate_parameter",
            Self::UnknownSid(_) => "unknown_sid",
            Self::UnknownKey(_) => "unknown_key",
            Self::WrongVersion(_) => "wrong_version",
            Self::MalformedTimestamp(_) => "malformed_timestamp",
            Self::StaleTimestamp { .. } => "stale_timestamp",
            Self::WrongSalt => "wrong_salt",
            Self::WrongSignature => "wrong_signature",
            Self::Pager(_) => "pager",
        }
    }

    /// The status that the vendor's server answers in this case.
    #[must_use]
    pub const fn status(&self) -> i64 {
        self.answer().0
    }

    /// The message that the vendor's server answers in this case.
    #[must_use]
    pub const fn vendor_message(&self) -> &'static str {
        self.answer().1
    }

    pub(super) const fn answer(&self) -> Fixed {
        match self {
            Self::UnknownSid(_) => status::UNKNOWN_SID,
            Self::UnknownKey(_) => status::UNKNOWN_KEY,
            Self::WrongVersion(_) => status::VERSION,
            Self::MalformedTimestamp(_) | Self::StaleTimestamp { .. } => status::CLOCK,
            Self::WrongSalt | Self::WrongSignature => status::SIGNATURE,
            _ => status::PARAMETER,
        }
    }

    /// What the vendor's answer means to the caller.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::classify(self.status(), self.vendor_message())
    }
}

bilingual!(VerifyError);

impl Bilingual for VerifyError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MalformedQuery(part) => MalformedQuery::write_part(part, language, f),
            Self::Missing(name) => say!(f, language, "{name} is missing", "缺少 {name}"),
            Self::Duplicate(name) => {
                say!(f, language, "duplicate parameter {name} in the query", "查询串里 {name} 重复")
            }
            Self::UnknownSid(sid) => {
                say!(f, language, "sid {sid:?} is unknown", "没有 sid {sid:?}")
            }
            Self::UnknownKey(key) => {
                say!(f, language, "key {key:?} is unknown", "没有 key {key:?}")
            }
            Self::WrongVersion(v) => {
                say!(f, language, "v is {v:?}, not {VERSION}", "v 是 {v:?}，应为 {VERSION}")
            }
            Self::MalformedTimestamp(text) => say!(
                f,
                language,
                "timestamp {text:?} is not a number of seconds since the platform's epoch",
                "timestamp {text:?} 不是平台纪元以来的秒数"
            ),
            Self::StaleTimestamp { ahead_by } => {
                let seconds = ahead_by.unsigned_abs();
                if *ahead_by < 0 {
                    say!(
                        f,
                        language,
                        "timestamp is {seconds} s behind the server's clock, \
                         at most {FRESHNESS_SECONDS} s are accepted",
                        "timestamp 比服务器时钟慢 {seconds} 秒，最多允许相差 {FRESHNESS_SECONDS} 秒"
                    )?;
                } else {
                    say!(
                        f,
                        language,
                        "timestamp is {seconds} s ahead of the server's clock, \
                         at most {FRESHNESS_SECONDS} s are accepted",
                        "timestamp 比服务器时钟快 {seconds} 秒，最多允许相差 {FRESHNESS_SECONDS} 秒"
                    )?;
                }
                match EpochMistake::of(*ahead_by) {
                    Some(mistake) => {
                        say!(f, language, "; ", "；")?;
                        mistake.write(language, f)
                    }
                    None => Ok(()),
                }
            }
            Self::WrongSalt => {
                say!(f, language, "the salt is not the one of this key", "salt 与这个 key 的不一致")
            }
            Self::WrongSignature => say!(
                f,
                language,
                "the signature does not fit the query and the body",
                "签名与查询串和请求体不符"
            ),
            Self::Pager(error) => error.write(language, f),
        }
    }
}

impl core::error::Error for VerifyError {}

impl From<MalformedQuery> for VerifyError {
    fn from(error: MalformedQuery) -> Self {
        Self::MalformedQuery(error.into_part())
    }
}
