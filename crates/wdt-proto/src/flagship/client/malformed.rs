//! A body that is no reply of the platform's: what is wrong with it, and who answered instead.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::stranger::{Stranger, masked};
use crate::json::SyntaxError;
use crate::language::{Bilingual, Language, bilingual, say};

bilingual!(MalformedResponse, MalformedReason);

/// How many bytes of a malformed body its error keeps.
///
/// ```
/// use wdt_proto::{MALFORMED_HEAD_BYTES, Response, ResponseError};
///
/// let page = format!("<html>{}", "x".repeat(5000));
/// let Err(ResponseError::Malformed(error)) = Response::parse(page.as_bytes()) else { panic!() };
/// assert_eq!(error.head().len(), MALFORMED_HEAD_BYTES);
/// ```
pub const MALFORMED_HEAD_BYTES: usize = 1024;

/// The body is no reply of the platform's: a gateway's page, a text cut short, ….
///
/// ```
/// use wdt_proto::{MalformedReason, Response, ResponseError};
///
/// let Err(ResponseError::Malformed(error)) = Response::parse(b"[]") else { panic!() };
/// assert_eq!(error.reason(), &MalformedReason::NotAnObject);
/// assert_eq!(error.head(), b"[]");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedResponse {
    reason: MalformedReason,
    head: Vec<u8>,
}

impl MalformedResponse {
    pub(super) fn new(reason: MalformedReason, body: &[u8]) -> Self {
        Self { reason, head: body[..body.len().min(MALFORMED_HEAD_BYTES)].to_vec() }
    }

    /// What was wrong.
    #[must_use]
    pub fn reason(&self) -> &MalformedReason {
        &self.reason
    }

    /// The first [`MALFORMED_HEAD_BYTES`] bytes of the body.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head
    }
}

impl Bilingual for MalformedResponse {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 80;
        let reason = self.reason.text(language);
        let text = masked(&String::from_utf8_lossy(&self.head));
        let mut shown = text.chars();
        let start: String = shown.by_ref().take(SHOWN).collect();
        let more = if shown.next().is_some() { "…" } else { "" };
        say!(
            f,
            language,
            "not a reply of the platform: {reason}; the body starts with {start:?}{more}",
            "不是平台的应答：{reason}；响应体开头是 {start:?}{more}"
        )
    }
}

impl core::error::Error for MalformedResponse {}

/// What is wrong with a malformed body.
///
/// ```
/// use wdt_proto::{Limits, MalformedReason, Response, ResponseError};
///
/// let limits = Limits::DEFAULT.with_max_bytes(8);
/// let reply = Response::parse_within(br#"{"status":0}"#, limits);
/// let Err(ResponseError::Malformed(error)) = reply else { panic!() };
/// assert_eq!(error.reason(), &MalformedReason::TooLarge { bytes: 12, max_bytes: 8 });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MalformedReason {
    /// No bytes at all.
    Empty,
    /// More bytes than the limit.
    TooLarge {
        /// The body's length.
        bytes: usize,
        /// The limit.
        max_bytes: usize,
    },
    /// Not JSON, or nested past the limit.
    Syntax(SyntaxError),
    /// JSON, but not an object.
    NotAnObject,
    /// An object without `status`.
    NoStatus,
    /// A `status` that is not an integer.
    Status,
    /// A field that counts comes twice.
    Duplicate(&'static str),
    /// Another server's reply: another edition's, a gateway's, a web server's.
    Stranger(Stranger),
    /// In GBK, where the platform writes UTF-8.
    Gbk {
        /// The first byte that is not UTF-8, counted from 0.
        offset: usize,
        /// Who answered, where that shows.
        stranger: Option<Stranger>,
    },
}

impl Bilingual for MalformedReason {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => say!(f, language, "the body is empty", "响应体是空的"),
            Self::TooLarge { bytes, max_bytes } => say!(
                f,
                language,
                "{bytes} bytes, the limit is {max_bytes}",
                "{bytes} 字节，上限是 {max_bytes}"
            ),
            Self::Syntax(error) => error.write(language, f),
            Self::NotAnObject => {
                say!(f, language, "JSON, but not an object", "是 JSON，但不是对象")
            }
            Self::NoStatus => say!(f, language, "no status", "没有 status"),
            Self::Status => say!(f, language, "status is not an integer", "status 不是整数"),
            Self::Duplicate(name) => {
                say!(f, language, "duplicate field {name}", "字段 {name} 重复")
            }
            Self::Stranger(stranger) => stranger.write(language, f),
            Self::Gbk { offset, stranger } => {
                say!(
                    f,
                    language,
                    "the body is in GBK, not UTF-8 (byte {offset}): another server wrote it, \
                     or something on the way converts what the platform sends",
                    "响应体是 GBK 编码，不是 UTF-8（第 {offset} 字节）：\
                     不是平台写的，或者途中有程序转换了编码"
                )?;
                match stranger {
                    Some(stranger) => {
                        say!(f, language, "; ", "；")?;
                        stranger.write(language, f)
                    }
                    None => Ok(()),
                }
            }
        }
    }
}

impl core::error::Error for MalformedReason {}

impl From<SyntaxError> for MalformedReason {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax(error)
    }
}
