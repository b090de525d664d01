//! What a caller of a C function can do wrong: pointers, lengths, encodings, numbers.

use std::fmt;

use wdt_proto::{Bilingual, Language};

/// A call that does not keep the header's rules. The text names the argument.
pub(crate) enum Misuse {
    /// A pointer that must not be NULL.
    Null(Box<str>),
    /// NULL, with a length.
    NullWithLength(Box<str>),
    /// More bytes than memory holds.
    TooLong { name: Box<str>, len: usize },
    /// Bytes that are no UTF-8, from this one on.
    NotUtf8 { name: Box<str>, at: usize },
    /// None of the `WDT_LEVEL_` numbers.
    Level(i32),
    /// The look-up returned none of the `WDT_LOOKUP_` numbers.
    Lookup(i32),
    /// None of the two fates that a fault can have.
    Fate(i32),
    /// A limiter that lets nobody call.
    NoCalls,
    /// A refusal, where the response of a success is asked for.
    Refusal,
}

impl Bilingual for Misuse {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zh = language == Language::Chinese;
        match self {
            Self::Null(name) if zh => write!(f, "{name} 是 NULL"),
            Self::Null(name) => write!(f, "{name} is NULL"),
            Self::NullWithLength(name) if zh => write!(f, "{name} 是 NULL，却带有长度"),
            Self::NullWithLength(name) => write!(f, "{name} is NULL, but has a length"),
            Self::TooLong { name, len } if zh => {
                write!(f, "{name}：长度 {len} 超出内存所能容纳")
            }
            Self::TooLong { name, len } => {
                write!(f, "{name}: a length of {len} is more than memory holds")
            }
            Self::NotUtf8 { name, at } if zh => {
                write!(f, "{name} 从第 {at} 字节起不是 UTF-8；若是 GBK 等编码，请先转码")
            }
            Self::NotUtf8 { name, at } => write!(
                f,
                "{name} is no UTF-8 at byte {at}; convert text in GBK or another encoding first"
            ),
            Self::Level(level) if zh => write!(
                f,
                "level {level} 不是 WDT_LEVEL_DOCUMENTED、WDT_LEVEL_STRICT、WDT_LEVEL_OFF 之一"
            ),
            Self::Level(level) => {
                write!(f, "level {level} is none of WDT_LEVEL_DOCUMENTED, _STRICT and _OFF")
            }
            Self::Lookup(answer) if zh => {
                write!(f, "lookup 返回了 {answer}，不是 WDT_LOOKUP_ 常量之一")
            }
            Self::Lookup(answer) => {
                write!(f, "lookup returned {answer}, which is no WDT_LOOKUP_ number")
            }
            Self::Fate(fate) if zh => {
                write!(f, "fate {fate} 不是 WDT_FATE_NOT_SENT、WDT_FATE_UNKNOWN 之一")
            }
            Self::Fate(fate) => {
                write!(f, "fate {fate} is neither WDT_FATE_NOT_SENT nor WDT_FATE_UNKNOWN")
            }
            Self::NoCalls if zh => f.write_str("per_minute 是 0；不想限速请不要给 limiter"),
            Self::NoCalls => f.write_str("per_minute is 0; to call without a limiter, give none"),
            Self::Refusal if zh => {
                f.write_str("response 是平台的拒绝，没有数据行；请改用 wdt_pull_fail")
            }
            Self::Refusal => f.write_str(
                "response is a refusal of the platform's and has no rows; tell wdt_pull_fail",
            ),
        }
    }
}
