//! The signature that was received: whether it can be one, and what is wrong with its form.

use wdt_proto::Language;

use crate::code::{Basis, MistakeCode};
use crate::words::{Words, say};

/// The signature that was received, as far as it looks like one.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    Whole([u8; 16]),
    /// The middle 16 of the 32 characters.
    Middle([u8; 8]),
}

impl Target {
    /// 32 hex characters of either case, or 16 of them.
    pub(crate) fn parse(sign: &str) -> Option<Self> {
        let bytes: Option<Vec<u8>> = sign
            .as_bytes()
            .chunks(2)
            .map(|pair| {
                let text = std::str::from_utf8(pair).ok().filter(|t| !t.starts_with('+'))?;
                u8::from_str_radix(text, 16).ok().filter(|_| text.len() == 2)
            })
            .collect();
        let bytes = bytes?;
        match <[u8; 16]>::try_from(bytes.as_slice()) {
            Ok(whole) => Some(Self::Whole(whole)),
            Err(_) => bytes.as_slice().try_into().ok().map(Self::Middle),
        }
    }

    pub(crate) fn is(self, digest: &[u8]) -> bool {
        match self {
            Self::Whole(bytes) => digest == bytes,
            Self::Middle(bytes) => digest.get(4..12) == Some(&bytes),
        }
    }

    /// What is wrong with the form of a signature whose digest has been explained.
    pub(crate) fn wrong(self, sign: &str) -> Option<WrongForm> {
        match self {
            Self::Middle(_) => Some(WrongForm::Short),
            Self::Whole(_) if sign.bytes().any(|b| b.is_ascii_uppercase()) => {
                Some(WrongForm::UpperCase)
            }
            Self::Whole(_) => None,
        }
    }
}

/// What is wrong with the form of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WrongForm {
    UpperCase,
    Short,
    NoDigest { length: usize },
}

impl Words for WrongForm {
    fn code(&self) -> MistakeCode {
        match self {
            Self::UpperCase => MistakeCode::UpperCase,
            Self::Short => MistakeCode::ShortMd5,
            Self::NoDigest { .. } => MistakeCode::SignForm,
        }
    }

    fn basis(&self) -> Basis {
        if matches!(self, Self::NoDigest { .. }) { Basis::Seen } else { Basis::Recomputed }
    }

    fn what(&self, language: Language) -> String {
        match self {
            Self::UpperCase => say!(
                language,
                "the signature is right but for its letters, which are upper case",
                "sign 除了用了大写字母，其他都对"
            ),
            Self::Short => say!(
                language,
                "only the middle 16 of the MD5's 32 characters were sent",
                "sign 只发了 32 位 MD5 的中间 16 位"
            ),
            Self::NoDigest { length } => {
                let guess = match length {
                    40 => say!(language, "; 40 are a SHA-1", "（40 个是 SHA-1）"),
                    64 => say!(language, "; 64 are a SHA-256", "（64 个是 SHA-256）"),
                    24 => say!(
                        language,
                        "; 24 may be an MD5 in Base64",
                        "（24 个可能是 Base64 的 MD5）"
                    ),
                    _ => String::new(),
                };
                say!(
                    language,
                    "sign has {length} characters and is not an MD5 in hex, which has 32{guess}",
                    "sign 有 {length} 个字符，不是 32 位十六进制的 MD5{guess}"
                )
            }
        }
    }

    fn fix(&self, language: Language) -> String {
        match self {
            Self::UpperCase => {
                say!(language, "send the MD5 as lower-case hex", "MD5 用小写十六进制发送")
            }
            Self::Short => say!(language, "send all 32", "32 位全部发送"),
            Self::NoDigest { .. } => say!(
                language,
                "send the MD5 as 32 characters of lower-case hex",
                "发送 32 位小写十六进制的 MD5"
            ),
        }
    }
}
