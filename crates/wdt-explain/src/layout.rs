//! How other programs put the canonical string together.

use std::borrow::Cow;

use wdt_proto::Language;

use crate::code::MistakeCode;
use crate::words::{Words, say};

/// A pair's key and its value, perhaps changed.
pub(crate) type Pair<'p> = (&'p str, Cow<'p, [u8]>);

/// A way of putting the string together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Sorted by key, no separators: the rule.
    Right,
    /// Sorted, but the body behind the rest.
    BodyLast,
    /// Sorted, then the body's bytes without the key `body`: Taobao's and Qimen's way.
    BodyWithoutKey,
    /// The body's bytes in their place, without the key.
    BodyKeyMissing,
    /// As in the query, the body last.
    Unsorted,
    /// As in the query, the body first.
    UnsortedBodyFirst,
    /// Sorted from z to a.
    Descending,
    /// Sorted without regard to case.
    IgnoringCase,
    /// `k=v&k=v`
    Query,
    /// `k=v&k=v`, with `&` also next to the secrets
    QueryWithSecrets,
    /// `k=v&k=v` as in the query, the body last
    QueryUnsorted,
    /// `k=v` without `&`
    Equals,
    /// `kv&kv`
    Ampersand,
    /// Values alone
    Values,
    /// White space taken out of the whole string
    NoBlanks,
    /// `03-sid:0004-shop;…` and the secret behind: the enterprise edition's (旺店通企业版) algorithm.
    Enterprise,
}

impl Layout {
    pub(crate) const ALL: [Self; 16] = [
        Self::Right,
        Self::BodyLast,
        Self::BodyWithoutKey,
        Self::BodyKeyMissing,
        Self::Unsorted,
        Self::UnsortedBodyFirst,
        Self::Descending,
        Self::IgnoringCase,
        Self::Query,
        Self::QueryWithSecrets,
        Self::QueryUnsorted,
        Self::Equals,
        Self::Ampersand,
        Self::Values,
        Self::NoBlanks,
        Self::Enterprise,
    ];

    /// The string, `before` and `after` being what stands in the secret's place.
    pub(crate) fn write<'p>(
        self,
        mut pairs: Vec<Pair<'p>>,
        body: Option<Cow<'p, [u8]>>,
        before: &[u8],
        after: &[u8],
    ) -> Vec<u8> {
        let size = pairs.iter().map(|(key, value)| key.len() + value.len() + 8).sum::<usize>();
        let body_size = body.as_ref().map_or(0, |body| body.len() + 8);
        let mut out = Vec::with_capacity(size + body_size + before.len() + after.len());
        let keyless = matches!(self, Self::BodyWithoutKey | Self::BodyKeyMissing);
        let key = if keyless { "" } else { "body" };
        let body: Option<Pair<'p>> = body.map(|body| (key, body));
        let (first, last) = match self {
            Self::BodyLast | Self::BodyWithoutKey | Self::Unsorted | Self::QueryUnsorted => {
                (None, body)
            }
            // `body` sorts before all documented keys; a key that is not written sorts as `body` all the same.
            Self::BodyKeyMissing | Self::UnsortedBodyFirst => (body, None),
            _ => {
                pairs.extend(body);
                (None, None)
            }
        };
        match self {
            Self::Unsorted | Self::UnsortedBodyFirst | Self::QueryUnsorted => {}
            Self::Descending => pairs.sort_by(|a, b| b.0.cmp(a.0)),
            Self::IgnoringCase => pairs.sort_by_key(|(key, _)| key.to_lowercase()),
            _ => pairs.sort_by(|a, b| a.0.cmp(b.0)),
        }
        let pairs = first.into_iter().chain(pairs).chain(last);
        if self == Self::Enterprise {
            for (place, (key, value)) in pairs.enumerate() {
                let chars = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().count();
                let semicolon = if place > 0 { ";" } else { "" };
                let head =
                    format!("{semicolon}{:02}-{key}:{:04}-", chars(key.as_bytes()), chars(&value));
                out.extend_from_slice(head.as_bytes());
                out.extend_from_slice(&value);
            }
            out.extend_from_slice(after);
            return out;
        }
        let (equals, ampersand) = match self {
            Self::Query | Self::QueryWithSecrets | Self::QueryUnsorted => ("=", "&"),
            Self::Equals => ("=", ""),
            Self::Ampersand => ("", "&"),
            _ => ("", ""),
        };
        let edge = if self == Self::QueryWithSecrets { "&" } else { "" };
        out.extend_from_slice(before);
        out.extend_from_slice(edge.as_bytes());
        for (place, (key, value)) in pairs.enumerate() {
            if place > 0 {
                out.extend_from_slice(ampersand.as_bytes());
            }
            if self != Self::Values {
                out.extend_from_slice(key.as_bytes());
                out.extend_from_slice(equals.as_bytes());
            }
            out.extend_from_slice(&value);
        }
        out.extend_from_slice(edge.as_bytes());
        out.extend_from_slice(after);
        if self == Self::NoBlanks {
            out.retain(|byte| !byte.is_ascii_whitespace());
        }
        out
    }
}

impl Words for Layout {
    fn code(&self) -> MistakeCode {
        match self {
            Self::BodyLast => MistakeCode::BodyNotSorted,
            Self::BodyWithoutKey | Self::BodyKeyMissing => MistakeCode::BodyKeyMissing,
            Self::Query
            | Self::QueryWithSecrets
            | Self::Equals
            | Self::Ampersand
            | Self::QueryUnsorted => MistakeCode::Separators,
            Self::Values => MistakeCode::KeysNotSigned,
            Self::NoBlanks => MistakeCode::BlanksRemoved,
            Self::Enterprise => MistakeCode::EnterpriseAlgorithm,
            // The right one is no mistake, and nobody makes one of it.
            Self::Right
            | Self::Unsorted
            | Self::UnsortedBodyFirst
            | Self::Descending
            | Self::IgnoringCase => MistakeCode::NotSorted,
        }
    }

    fn what(&self, language: Language) -> String {
        match self {
            Self::BodyLast => say!(
                language,
                "the body was put behind the sorted parameters",
                "body 被放在了签名串最后，没有参与排序"
            ),
            Self::BodyWithoutKey => say!(
                language,
                "the body was put behind the parameters without its key, as Taobao and Qimen do",
                "请求体没有带键名 body，直接拼在最后（淘宝/奇门的算法）"
            ),
            Self::BodyKeyMissing => {
                say!(language, "the body was signed without its key", "请求体签名时少了键名 body")
            }
            Self::Right | Self::Unsorted | Self::UnsortedBodyFirst => {
                say!(language, "the parameters were not sorted", "参数没有按键名排序")
            }
            Self::Descending => {
                say!(language, "the parameters were sorted from z to a", "参数按键名倒序排了")
            }
            Self::IgnoringCase => say!(
                language,
                "the parameters were sorted without regard to case",
                "参数排序时忽略了大小写"
            ),
            Self::Query | Self::QueryWithSecrets | Self::Equals | Self::Ampersand => say!(
                language,
                "there are '=' or '&' between keys and values",
                "签名串里多了 = 或 &"
            ),
            Self::QueryUnsorted => say!(
                language,
                "the query was signed as it is, not sorted, with '=' and '&'",
                "直接拿 URL 参数串签名了，没有排序，还带着 = 和 &"
            ),
            Self::Values => {
                say!(language, "only values were signed, no keys", "只拼了参数值，没有拼键名")
            }
            Self::NoBlanks => say!(
                language,
                "blanks and line breaks were taken out of the canonical string",
                "签名串被去掉了空白字符"
            ),
            Self::Enterprise => say!(
                language,
                "that is the algorithm of the enterprise edition (旺店通企业版), with lengths before keys and values",
                "用了旺店通企业版的签名算法（键和值前面带长度）"
            ),
        }
    }

    fn fix(&self, language: Language) -> String {
        match self {
            Self::BodyWithoutKey => say!(
                language,
                "sign the pair `body` = the bytes, sorted with the rest",
                "以 body 为键、请求体原始字节为值，和其他参数一起排序"
            ),
            Self::BodyKeyMissing => say!(
                language,
                "sign the pair `body` = the bytes: the key's name is part of the string",
                "以 body 为键、请求体原始字节为值：键名也要拼进签名串"
            ),
            Self::Query | Self::QueryWithSecrets | Self::Equals | Self::Ampersand => say!(
                language,
                "join keys and values with nothing in between",
                "键和值直接相连，不加分隔符"
            ),
            Self::QueryUnsorted => say!(
                language,
                "sort the pairs by key, and join keys and values with nothing in between",
                "按键名排序，键和值直接相连，不加分隔符"
            ),
            Self::Values => {
                say!(
                    language,
                    "sign key and value of each pair",
                    "每个参数的键名和值都要拼进签名串"
                )
            }
            Self::NoBlanks => {
                say!(language, "sign the bytes as they are sent", "签名与发送用同样的字节")
            }
            Self::Enterprise => say!(
                language,
                "this is the flagship edition: sort, join without lengths, the secret at both ends",
                "旗舰版的规则：排序后键值直接相连，不带长度，首尾各加一次密钥"
            ),
            Self::Right
            | Self::BodyLast
            | Self::Unsorted
            | Self::UnsortedBodyFirst
            | Self::Descending
            | Self::IgnoringCase => say!(
                language,
                "sort all pairs by key, byte by byte, `body` among them",
                "所有参数连同 body 一起，按键名的字节序升序排列"
            ),
        }
    }
}
