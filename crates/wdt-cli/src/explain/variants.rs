//! The usual mistakes with parameters and encodings.

use std::borrow::Cow;
use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use wdt_proto::EPOCH_UNIX;
use wdt_proto::query::{PAGING, VERSION};

use super::mistake::Mistake;
use super::received::Received;
use crate::credentials::Owned;

/// Query parameters that may have been signed, `sign` left out.
pub(crate) struct Params {
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) mistake: Option<Mistake>,
}

struct ParamCollector<'r> {
    right: Vec<(String, String)>,
    seen: HashSet<Vec<(String, String)>>,
    forms: Vec<Params>,
    received: &'r Received,
}

impl ParamCollector<'_> {
    fn add(&mut self, pairs: Vec<(String, String)>, mistake: impl FnOnce() -> Mistake) {
        if self.seen.insert(pairs.clone()) {
            self.forms.push(Params { pairs, mistake: Some(mistake()) });
        }
    }

    fn without(&mut self, names: &[&str]) {
        let pairs: Vec<_> =
            self.right.iter().filter(|(key, _)| !names.contains(&key.as_str())).cloned().collect();
        let names = names.join(", ");
        self.add(pairs, || {
            Mistake::recomputed(
                "parameter_not_signed",
                format!("{names} is sent, and missing from the signature"),
                "sign every query parameter but sign itself",
                format!("参数 {names} 发送了却没有参与签名：除 sign 外所有 URL 参数都要签名"),
            )
        });
    }

    fn with(&mut self, name: &str, value: &str, mistake: impl FnOnce() -> Mistake) {
        let mut pairs = self.right.clone();
        match pairs.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => value.clone_into(old),
            None => pairs.push((name.to_owned(), value.to_owned())),
        }
        self.add(pairs, mistake);
    }

    /// A parameter that is not in the query, or empty there.
    fn absent(&mut self, name: &str, value: &str) {
        if self.received.get(name).is_some_and(|value| !value.is_empty()) {
            return;
        }
        let (code, fix) = if name == "salt" {
            ("salt_missing", "send salt too: the part of appsecret behind the first colon")
        } else {
            ("parameter_not_sent", "send every parameter that is signed, but for the body")
        };
        self.with(name, value, || {
            Mistake::recomputed(
                code,
                format!("{name} was signed, and is missing in the query"),
                fix,
                format!("参数 {name} 参与了签名，却没有放进 URL 发送"),
            )
        });
    }

    /// A parameter that was signed with another value than it was sent with.
    fn other(&mut self, name: &str, value: &str, why: &str, chinese: &str) {
        let Some(sent) = self.received.get(name).filter(|sent| *sent != value) else { return };
        let (sent, value) = (sent.to_owned(), value.to_owned());
        self.with(name, &value, || {
            Mistake::recomputed(
                "parameter_differs",
                format!("{name} was signed as {value:?} and sent as {sent:?}{why}"),
                "make the parameters once, sign them, and send the same",
                format!("参数 {name} 签名时是 {value:?}，发送的却是 {sent:?}{chinese}"),
            )
        });
    }
}

/// All forms of the parameters, as sent first.
pub(crate) fn params(received: &Received, owned: &Owned) -> Vec<Params> {
    let right: Vec<_> = received.pairs.iter().filter(|(key, _)| key != "sign").cloned().collect();
    let mut found = ParamCollector {
        seen: HashSet::from([right.clone()]),
        forms: vec![Params { pairs: right.clone(), mistake: None }],
        right,
        received,
    };
    plus_signs(&mut found);
    twice_encoded(&mut found);
    let credentials = &owned.credentials;
    for (name, value) in [
        ("sid", credentials.sid()),
        ("key", credentials.key()),
        ("salt", credentials.salt()),
        ("v", VERSION),
    ] {
        found.absent(name, value);
        found.other(name, value, "", "");
    }
    for value in ["0", "1", "true", "false"] {
        found.absent("calc_total", value);
    }
    found.absent("page_no", "0");
    let names: Vec<&str> = received.pairs.iter().map(|(key, _)| key.as_str()).collect();
    for name in names.iter().filter(|name| **name != "sign") {
        found.without(&[name]);
    }
    found.without(&PAGING);
    found.without(&["calc_total", "page_no"]);
    found.with("sign", "", || {
        Mistake::recomputed(
            "sign_signed",
            "an empty sign takes part in the signature",
            "leave sign out of the parameters that are signed",
            "sign 自己（空值）也参与了签名：签名时要去掉 sign",
        )
    });
    secret_as_parameter(owned, &mut found);
    times(&mut found);
    for (name, values) in [
        ("calc_total", ["true", "false", "True", "False", "0", "1"].as_slice()),
        ("v", &["1", "1.00"]),
    ] {
        for value in values {
            found.other(name, value, "", "");
        }
    }
    pages(&mut found);
    second_values(&mut found);
    found.forms
}

fn secret_as_parameter(owned: &Owned, found: &mut ParamCollector<'_>) {
    for name in ["appsecret", "app_secret", "appSecret", "secret"] {
        for value in [owned.app_secret(), owned.secret()] {
            found.with(name, value, || {
                Mistake::recomputed(
                    "secret_signed_as_parameter",
                    format!("{name} takes part in the signature as a parameter"),
                    "the secret stands at both ends of the canonical string, and nowhere else",
                    format!("{name} 被当作参数参与了签名：密钥只放在签名串首尾"),
                )
            });
        }
    }
}

/// The timestamp taken twice, once for the signature and once for the query.
fn times(found: &mut ParamCollector<'_>) {
    let Some(sent) = found.received.get("timestamp").and_then(|text| text.parse::<i64>().ok())
    else {
        return;
    };
    let near = (1..=10).flat_map(|n| [-n, n]);
    for by in near.chain([28_800, -28_800, EPOCH_UNIX, -EPOCH_UNIX]) {
        let Some(value) = sent.checked_add(by) else { continue };
        let (why, chinese) = match by {
            28_800 | -28_800 => {
                (": with two epochs, UTC and Beijing", "：两处用了不同的起点（UTC 与北京时间）")
            }
            EPOCH_UNIX => (": Unix time was signed", "：签名用了 Unix 秒数"),
            _ if by == -EPOCH_UNIX => (": Unix time was sent", "：发送用了 Unix 秒数"),
            _ => (": the clock was read twice", "：取了两次当前时间"),
        };
        found.other("timestamp", &value.to_string(), why, chinese);
    }
    for value in [sent.saturating_mul(1_000), sent / 1_000] {
        found.other(
            "timestamp",
            &value.to_string(),
            ": seconds and milliseconds",
            "：秒和毫秒混用",
        );
    }
}

/// A page turned without signing anew.
fn pages(found: &mut ParamCollector<'_>) {
    const PAGES: i64 = 100;
    let Some(sent) = found.received.get("page_no").and_then(|text| text.parse::<i64>().ok()) else {
        return;
    };
    for page in (sent.saturating_sub(PAGES).max(0)..sent).rev().chain([0, sent.saturating_add(1)]) {
        let why = ": the page was turned after signing";
        found.other("page_no", &page.to_string(), why, "：翻页后没有重新签名");
    }
}

/// A `+` that was not encoded: in a query it is a blank.
fn plus_signs(found: &mut ParamCollector<'_>) {
    let literal: Vec<(String, String)> = found
        .received
        .raw_pairs
        .iter()
        .filter(|(key, _)| key != "sign")
        .map(|(key, value)| {
            let value = value.replace('+', "%2B");
            (key.clone(), percent_decode_str(&value).decode_utf8_lossy().into_owned())
        })
        .collect();
    found.add(literal, || {
        Mistake::recomputed(
            "plus_not_encoded",
            "a '+' in a value stands in the URL as it is, where it means a blank",
            "percent-encode the values in the query: '+' is %2B",
            "URL 里的 + 没有编码，会被当成空格：参数值要做百分号编码，+ 写成 %2B",
        )
    });
}

/// Values that the HTTP library encoded once more.
fn twice_encoded(found: &mut ParamCollector<'_>) {
    let decoded: Vec<(String, String)> = found
        .right
        .iter()
        .map(|(key, value)| {
            let value = percent_decode_str(value).decode_utf8().map_or(value.clone(), Into::into);
            (key.clone(), value)
        })
        .collect();
    found.add(decoded, || {
        Mistake::recomputed(
            "query_encoded_twice",
            "the values in the query are percent-encoded twice",
            "encode once: give your HTTP library raw values, or a finished query",
            "URL 参数被编码了两次：只编码一次",
        )
    });
}

/// Where a parameter stands twice: one of the two alone.
fn second_values(found: &mut ParamCollector<'_>) {
    let pairs = found.right.clone();
    let is_twice = |key: &str| pairs.iter().filter(|(other, _)| other == key).count() > 1;
    for skipped in 0..pairs.len() {
        let Some((key, _)) = pairs.get(skipped).filter(|(key, _)| is_twice(key)) else { continue };
        let mut once = pairs.clone();
        once.remove(skipped);
        found.add(once, || {
            Mistake::recomputed(
                "duplicate_parameter",
                format!("{key} was signed once and stands twice in the query"),
                "send every parameter once",
                format!("参数 {key} 签名时只有一个，URL 里却出现了两次"),
            )
        });
    }
}

/// What was done to values before they were signed.
#[derive(Clone, Copy)]
pub(crate) struct Encoding {
    way: Way,
    params: bool,
    body: bool,
}

#[derive(Clone, Copy, PartialEq)]
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
pub(crate) fn encodings(received: &Received) -> Vec<Encoding> {
    let mut ways = Vec::new();
    for keep in [RFC3986, COMPONENT, QUOTE, URI, FORM, PHP] {
        for (plus, lower) in [(false, false), (true, false), (false, true), (true, true)] {
            ways.push(Way::Percent { keep, plus, lower });
        }
    }
    ways.extend([Way::Gbk, Way::Latin1, Way::Utf8Twice, Way::NoBlanks]);
    let none = Encoding { way: Way::None, params: false, body: false };
    let effect = |encoding: &Encoding| -> (Vec<Vec<u8>>, Vec<u8>) {
        let pairs = received.pairs.iter().filter(|(key, _)| key != "sign");
        let params = pairs.map(|(_, value)| encoding.param(value.as_bytes()).into_owned());
        (params.collect(), encoding.body(&received.body).into_owned())
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

    pub(crate) fn mistake(&self) -> Option<Mistake> {
        let (what, chinese) = match (self.params, self.body) {
            (true, true) => ("the values and the body", "参数值和请求体"),
            (true, false) => ("the query's values", "URL 参数值"),
            _ => ("the body", "请求体"),
        };
        let utf8 = "make the canonical string of UTF-8 bytes, the same that are sent";
        let utf8_chinese = "签名串必须按 UTF-8 取字节，且与发送的相同";
        Some(match self.way {
            Way::None => return None,
            Way::Percent { .. } => Mistake::recomputed(
                "url_encoded",
                format!("{what} were signed URL-encoded"),
                "sign raw values; only the query in the URL is encoded",
                format!("{chinese}先做了 URL 编码再签名：签名要用原始值，只有放进 URL 时才编码"),
            ),
            Way::Gbk => Mistake::recomputed(
                "charset",
                format!("{what} were signed in GBK"),
                utf8,
                format!("{chinese}按 GBK 编码签名了：{utf8_chinese}"),
            ),
            Way::Latin1 => Mistake::recomputed(
                "charset",
                format!("{what} were signed in Latin-1 or ASCII, Chinese characters as '?'"),
                utf8,
                format!("{chinese}里的中文在签名时变成了 ?：{utf8_chinese}"),
            ),
            Way::Utf8Twice => Mistake::recomputed(
                "charset",
                format!("{what} were encoded to UTF-8 twice before signing"),
                utf8,
                format!("{chinese}在签名前被按 UTF-8 编码了两次（乱码）：{utf8_chinese}"),
            ),
            Way::NoBlanks => Mistake::recomputed(
                "blanks_removed",
                format!("blanks and line breaks were taken out of {what} before signing"),
                "sign the bytes as they are sent",
                format!("{chinese}在签名前被去掉了空白字符：签名与发送必须是同样的字节"),
            ),
        })
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
