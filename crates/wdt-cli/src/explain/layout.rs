//! How other programs put the canonical string together.

use std::borrow::Cow;

use super::mistake::Mistake;

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

    pub(crate) fn mistake(self) -> Option<Mistake> {
        let sorted = "sort all pairs by key, byte by byte, `body` among them";
        let (code, what, fix, chinese) = match self {
            Self::Right => return None,
            Self::BodyLast => (
                "body_not_sorted",
                "the body was put behind the sorted parameters",
                sorted,
                "body 被放在了最后：它也要按键名排序（排在最前）",
            ),
            Self::BodyWithoutKey => (
                "body_key_missing",
                "the body was put behind the parameters without its key, as Taobao and Qimen do",
                "sign the pair `body` = the bytes, sorted with the rest",
                "请求体没有带键名 body、直接拼在最后（淘宝/奇门的算法）：这里要以 body 为键参与排序",
            ),
            Self::BodyKeyMissing => (
                "body_key_missing",
                "the body was signed without its key",
                "sign the pair `body` = the bytes: the key's name is part of the string",
                "请求体签名时少了键名 body",
            ),
            Self::Unsorted | Self::UnsortedBodyFirst => {
                ("not_sorted", "the parameters were not sorted", sorted, "参数没有按键名排序")
            }
            Self::Descending => (
                "not_sorted",
                "the parameters were sorted from z to a",
                sorted,
                "参数按键名倒序了，应为升序",
            ),
            Self::IgnoringCase => (
                "not_sorted",
                "the parameters were sorted without regard to case",
                sorted,
                "排序时忽略了大小写：应按字节序升序",
            ),
            Self::Query | Self::QueryWithSecrets | Self::Equals | Self::Ampersand => (
                "separators",
                "'=' or '&' stand between keys and values",
                "join keys and values with nothing in between",
                "签名串里多了 = 或 &：键和值直接相连，不加分隔符",
            ),
            Self::QueryUnsorted => (
                "separators",
                "the query was signed as it is, not sorted, with '=' and '&'",
                "sort the pairs by key, and join keys and values with nothing in between",
                "直接用了 URL 参数串签名：要按键名排序，键值直接相连，不加 = 和 &",
            ),
            Self::Values => (
                "keys_not_signed",
                "only values were signed, no keys",
                "sign key and value of each pair",
                "只拼了参数值，没有拼键名",
            ),
            Self::NoBlanks => (
                "blanks_removed",
                "blanks and line breaks were taken out of the canonical string",
                "sign the bytes as they are sent",
                "签名串被去掉了空白字符：签名与发送必须是同样的字节",
            ),
            Self::Enterprise => (
                "enterprise_algorithm",
                "that is the algorithm of the enterprise edition (旺店通企业版), with lengths before keys and values",
                "this is the flagship edition: sort, join without lengths, the secret at both ends",
                "用了企业版（02-key:0004-value;）的签名算法：旗舰版是排序后键值直接相连、密钥放首尾",
            ),
        };
        Some(Mistake::recomputed(code, what, fix, chinese))
    }
}
