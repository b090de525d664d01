//! What other programs do to values before they sign them: URL encoding, other character sets.

use std::borrow::Cow;
use std::collections::HashSet;

use wdt_proto::Language;

use crate::code::MistakeCode;
use crate::sent::Sent;
use crate::words::{Words, say};

/// What was done to values before they were signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Encoding {
    way: Way,
    params: bool,
    body: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    None,
    /// Percent-encoded: what stays as it is, blanks as `+`, hex digits in lower case.
    Percent {
        keep: &'static [u8],
        plus: bool,
        lower: bool,
    },
    Gbk,
    /// Characters that Latin-1 has not become `?`.
    Latin1,
    /// UTF-8 bytes taken for Latin-1 and encoded once more.
    Utf8Twice,
    NoBlanks,
}

const RFC3986: &[u8] = b"-._~";
/// JavaScript's `encodeURIComponent`.
const COMPONENT: &[u8] = b"-._~!'()*";
/// Java's `URLEncoder`, which also writes blanks as `+`.
const FORM: &[u8] = b"-._*";
/// PHP's `urlencode`, which also writes blanks as `+`.
const PHP: &[u8] = b"-._";
/// Python's `quote`.
const QUOTE: &[u8] = b"-._~/";
/// JavaScript's `encodeURI`.
const URI: &[u8] = b"-._~!'()*;/?:@&=+$,#";

/// All encodings that change anything, none first.
pub(crate) fn encodings(sent: &Sent) -> Vec<Encoding> {
    let mut ways = Vec::new();
    for keep in [RFC3986, COMPONENT, QUOTE, URI, FORM, PHP] {
        for (plus, lower) in [(false, false), (true, false), (false, true), (true, true)] {
            ways.push(Way::Percent { keep, plus, lower });
        }
    }
    ways.extend([Way::Gbk, Way::Latin1, Way::Utf8Twice, Way::NoBlanks]);
    let none = Encoding { way: Way::None, params: false, body: false };
    let effect = |encoding: &Encoding| -> (Vec<Vec<u8>>, Vec<u8>) {
        let params = sent.params().map(|(_, value)| encoding.param(value.as_bytes()).into_owned());
        (params.collect(), encoding.body(sent.body()).into_owned())
    };
    let mut seen = HashSet::from([effect(&none)]);
    let mut found = vec![none];
    for way in ways {
        for (params, body) in [(true, false), (false, true), (true, true)] {
            let encoding = Encoding { way, params, body };
            if seen.insert(effect(&encoding)) {
                found.push(encoding);
            }
        }
    }
    found
}

impl Encoding {
    pub(crate) fn param<'v>(&self, value: &'v [u8]) -> Cow<'v, [u8]> {
        if self.params { self.way.apply(value) } else { Cow::Borrowed(value) }
    }

    pub(crate) fn body<'v>(&self, value: &'v [u8]) -> Cow<'v, [u8]> {
        if self.body { self.way.apply(value) } else { Cow::Borrowed(value) }
    }

    pub(crate) fn is_none(&self) -> bool {
        self.way == Way::None
    }

    /// What was encoded, as the texts call it.
    fn part(self, language: Language) -> String {
        match (self.params, self.body) {
            (true, true) => say!(language, "the values and the body", "参数值和请求体"),
            (true, false) => say!(language, "the query's values", "URL 参数值"),
            _ => say!(language, "the body", "请求体"),
        }
    }
}

impl Words for Encoding {
    fn code(&self) -> MistakeCode {
        match self.way {
            Way::None | Way::Percent { .. } => MistakeCode::UrlEncoded,
            Way::Gbk | Way::Latin1 | Way::Utf8Twice => MistakeCode::Charset,
            Way::NoBlanks => MistakeCode::BlanksRemoved,
        }
    }

    fn what(&self, language: Language) -> String {
        let part = self.part(language);
        match self.way {
            Way::None | Way::Percent { .. } => {
                say!(language, "{part} were signed URL-encoded", "{part}先做了 URL 编码再签名")
            }
            Way::Gbk => say!(language, "{part} were signed in GBK", "{part}按 GBK 编码签名了"),
            Way::Latin1 => say!(
                language,
                "{part} were signed in Latin-1 or ASCII, Chinese characters as '?'",
                "{part}按 Latin-1 或 ASCII 编码签名了，中文变成了 ?"
            ),
            Way::Utf8Twice => say!(
                language,
                "{part} were encoded to UTF-8 twice before signing",
                "{part}在签名前被按 UTF-8 编码了两次（乱码）"
            ),
            Way::NoBlanks => say!(
                language,
                "blanks and line breaks were taken out of {part} before signing",
                "{part}在签名前被去掉了空白字符"
            ),
        }
    }

    fn fix(&self, language: Language) -> String {
        match self.way {
            Way::None | Way::Percent { .. } => say!(
                language,
                "sign raw values; only the query in the URL is encoded",
                "签名用原始值，只有放进 URL 时才编码"
            ),
            Way::Gbk | Way::Latin1 | Way::Utf8Twice => say!(
                language,
                "make the canonical string of UTF-8 bytes, the same that are sent",
                "签名串按 UTF-8 取字节，且与发送的相同"
            ),
            Way::NoBlanks => {
                say!(language, "sign the bytes as they are sent", "签名与发送用同样的字节")
            }
        }
    }
}

impl Way {
    fn apply(self, value: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::None => Cow::Borrowed(value),
            Self::Percent { keep, plus, lower } => percent(value, keep, plus, lower).into(),
            Self::Gbk => match std::str::from_utf8(value) {
                Ok(text) => encoding_rs::GBK.encode(text).0.into_owned().into(),
                Err(_) => encoding_rs::GBK.decode(value).0.into_owned().into_bytes().into(),
            },
            Self::Latin1 => {
                let text = String::from_utf8_lossy(value);
                text.chars()
                    .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
                    .collect::<Vec<_>>()
                    .into()
            }
            Self::Utf8Twice => {
                value.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes().into()
            }
            Self::NoBlanks => value
                .iter()
                .copied()
                .filter(|byte| !byte.is_ascii_whitespace())
                .collect::<Vec<_>>()
                .into(),
        }
    }
}

/// As other languages' encoders do it; ours is the core's.
fn percent(value: &[u8], keep: &[u8], plus: bool, lower: bool) -> Vec<u8> {
    let digits = if lower { b"0123456789abcdef" } else { b"0123456789ABCDEF" };
    let digit = |half: u8| digits.get(usize::from(half)).copied().unwrap_or_default();
    let mut out = Vec::with_capacity(value.len() * 3);
    for &byte in value {
        if byte.is_ascii_alphanumeric() || keep.contains(&byte) {
            out.push(byte);
        } else if byte == b' ' && plus {
            out.push(b'+');
        } else {
            out.extend([b'%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}
