//! The usual mistakes with the query's parameters.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use wdt_proto::query::{PAGING, VERSION};
use wdt_proto::{EPOCH_UNIX, Language};

use crate::account::Account;
use crate::code::MistakeCode;
use crate::sent::Sent;
use crate::words::{Words, say};

/// So many parameters are left out one by one; no call has more.
const MAX_PARAMS: usize = 64;

/// Query parameters that may have been signed, `sign` left out.
pub(crate) struct Params {
    pub(crate) pairs: Vec<(String, String)>,
    /// `None`: as sent.
    pub(crate) change: Option<Change>,
}

/// What happened to the parameters between signing and sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    NotSigned {
        names: Vec<String>,
    },
    NotSent {
        name: &'static str,
    },
    Differs {
        name: &'static str,
        /// As signed and as sent; not told of the salt.
        values: Option<(String, String)>,
        why: Why,
    },
    /// An empty `sign` was signed.
    SignSigned,
    SecretSigned {
        name: &'static str,
    },
    PlusNotEncoded,
    EncodedTwice,
    /// Signed once and sent twice.
    Duplicate {
        name: String,
    },
}

/// Why a value is another one, where that can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    Unknown,
    TwoEpochs,
    UnixSigned,
    UnixSent,
    ClockReadTwice,
    Milliseconds,
    PageTurned,
}

impl Why {
    fn text(self, language: Language) -> String {
        match self {
            Self::Unknown => String::new(),
            Self::TwoEpochs => say!(
                language,
                ": with two epochs, UTC and Beijing",
                "（两处用了不同的起点：UTC 与北京时间）"
            ),
            Self::UnixSigned => say!(language, ": Unix time was signed", "（签名用了 Unix 秒数）"),
            Self::UnixSent => say!(language, ": Unix time was sent", "（发送用了 Unix 秒数）"),
            Self::ClockReadTwice => {
                say!(language, ": the clock was read twice", "（取了两次当前时间）")
            }
            Self::Milliseconds => say!(language, ": seconds and milliseconds", "（秒和毫秒混用）"),
            Self::PageTurned => {
                say!(language, ": the page was turned after signing", "（翻页后没有重新签名）")
            }
        }
    }
}

impl Words for Change {
    fn code(&self) -> MistakeCode {
        match self {
            Self::NotSigned { .. } => MistakeCode::ParameterNotSigned,
            Self::NotSent { name: "salt" } => MistakeCode::SaltMissing,
            Self::NotSent { .. } => MistakeCode::ParameterNotSent,
            Self::Differs { .. } => MistakeCode::ParameterDiffers,
            Self::SignSigned => MistakeCode::SignSigned,
            Self::SecretSigned { .. } => MistakeCode::SecretSignedAsParameter,
            Self::PlusNotEncoded => MistakeCode::PlusNotEncoded,
            Self::EncodedTwice => MistakeCode::QueryEncodedTwice,
            Self::Duplicate { .. } => MistakeCode::DuplicateParameter,
        }
    }

    fn what(&self, language: Language) -> String {
        match self {
            Self::NotSigned { names } => {
                let (english, chinese) = (names.join(", "), names.join("、"));
                say!(
                    language,
                    "{english} is sent, and missing from the signature",
                    "参数 {chinese} 发送了，却没有参与签名"
                )
            }
            Self::NotSent { name } => say!(
                language,
                "{name} was signed, and is missing in the query",
                "参数 {name} 参与了签名，却没有放进 URL 发送"
            ),
            Self::Differs { name, values: Some((signed, sent)), why } => {
                let why = why.text(language);
                say!(
                    language,
                    "{name} was signed as {signed:?} and sent as {sent:?}{why}",
                    "参数 {name} 签名时是 {signed:?}，发送的却是 {sent:?}{why}"
                )
            }
            Self::Differs { name, values: None, .. } => say!(
                language,
                "{name} was signed as issued and sent as another one",
                "参数 {name} 签名时是对的，发送的却是另一个值"
            ),
            Self::SignSigned => say!(
                language,
                "an empty sign takes part in the signature",
                "sign 自己（空值）也参与了签名"
            ),
            Self::SecretSigned { name } => say!(
                language,
                "{name} takes part in the signature as a parameter",
                "{name} 被当作参数参与了签名"
            ),
            Self::PlusNotEncoded => say!(
                language,
                "a '+' in a value is in the URL as it is, where it means a blank",
                "URL 参数值里的 + 没有编码，会被当成空格"
            ),
            Self::EncodedTwice => say!(
                language,
                "the values in the query are percent-encoded twice",
                "URL 参数值被编码了两次"
            ),
            Self::Duplicate { name } => say!(
                language,
                "{name} was signed once and sent twice in the query",
                "参数 {name} 签名时只有一个，URL 里却出现了两次"
            ),
        }
    }

    fn fix(&self, language: Language) -> String {
        match self {
            Self::NotSigned { .. } => say!(
                language,
                "sign every query parameter but sign itself",
                "除 sign 外，所有 URL 参数都要参与签名"
            ),
            Self::NotSent { name: "salt" } => say!(
                language,
                "send salt too: the part of appsecret behind the first colon",
                "把 salt 也放进 URL：appsecret 第一个冒号之后的部分"
            ),
            Self::NotSent { .. } => say!(
                language,
                "send every parameter that is signed, but for the body",
                "参与签名的参数（body 除外）都要放进 URL"
            ),
            Self::Differs { .. } => say!(
                language,
                "make the parameters once, sign them, and send the same",
                "参数只生成一次，签名和发送用同一份"
            ),
            Self::SignSigned => say!(
                language,
                "leave sign out of the parameters that are signed",
                "签名时去掉 sign"
            ),
            Self::SecretSigned { .. } => say!(
                language,
                "put the secret at both ends of the canonical string, and nowhere else",
                "密钥只放在签名串首尾，不当作参数"
            ),
            Self::PlusNotEncoded => say!(
                language,
                "percent-encode the values in the query: '+' is %2B",
                "URL 参数值要做百分号编码，+ 写成 %2B"
            ),
            Self::EncodedTwice => say!(
                language,
                "encode once: give your HTTP library raw values, or a finished query",
                "只编码一次：给 HTTP 库原始值，或者给它拼好的参数串"
            ),
            Self::Duplicate { .. } => {
                say!(language, "send every parameter once", "每个参数只发送一次")
            }
        }
    }
}

struct Collector<'r> {
    right: Vec<(String, String)>,
    seen: HashSet<Vec<(String, String)>>,
    forms: Vec<Params>,
    sent: &'r Sent,
}

impl Collector<'_> {
    fn add(&mut self, pairs: Vec<(String, String)>, change: Change) {
        if self.seen.insert(pairs.clone()) {
            self.forms.push(Params { pairs, change: Some(change) });
        }
    }

    fn without(&mut self, names: &[&str]) {
        let is_kept = |(key, _): &&(String, String)| !names.contains(&key.as_str());
        let pairs = self.right.iter().filter(is_kept).cloned().collect();
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        self.add(pairs, Change::NotSigned { names });
    }

    fn with(&mut self, name: &str, value: &str, change: Change) {
        let mut pairs = self.right.clone();
        match pairs.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => value.clone_into(old),
            None => pairs.push((name.to_owned(), value.to_owned())),
        }
        self.add(pairs, change);
    }

    /// A parameter that is not in the query, or empty there.
    fn absent(&mut self, name: &'static str, value: &str) {
        if self.sent.get(name).is_none_or(str::is_empty) {
            self.with(name, value, Change::NotSent { name });
        }
    }

    /// A parameter that had another value when it was signed.
    fn other(&mut self, name: &'static str, value: &str, why: Why) {
        let Some(sent) = self.sent.get(name).filter(|sent| *sent != value) else { return };
        let values = (name != "salt").then(|| (value.to_owned(), sent.to_owned()));
        self.with(name, value, Change::Differs { name, values, why });
    }
}

/// All forms of the parameters, as sent first.
pub(crate) fn params(sent: &Sent, account: &Account) -> Vec<Params> {
    let right: Vec<_> = sent.params().cloned().collect();
    let mut found = Collector {
        seen: HashSet::from([right.clone()]),
        forms: vec![Params { pairs: right.clone(), change: None }],
        right,
        sent,
    };
    plus_signs(&mut found);
    twice_encoded(&mut found);
    for (name, value) in
        [("sid", account.sid()), ("key", account.key()), ("salt", account.salt()), ("v", VERSION)]
    {
        found.absent(name, value);
        found.other(name, value, Why::Unknown);
    }
    for value in ["0", "1", "true", "false"] {
        found.absent("calc_total", value);
    }
    found.absent("page_no", "0");
    for (name, _) in sent.params().take(MAX_PARAMS) {
        found.without(&[name]);
    }
    found.without(&PAGING);
    found.without(&["calc_total", "page_no"]);
    found.with("sign", "", Change::SignSigned);
    for name in ["appsecret", "app_secret", "appSecret", "secret"] {
        for value in [account.app_secret(), account.secret()] {
            found.with(name, value, Change::SecretSigned { name });
        }
    }
    times(&mut found);
    for (name, values) in [
        ("calc_total", ["true", "false", "True", "False", "0", "1"].as_slice()),
        ("v", &["1", "1.00"]),
    ] {
        for value in values {
            found.other(name, value, Why::Unknown);
        }
    }
    pages(&mut found);
    second_values(&mut found);
    found.forms
}

/// The timestamp taken twice, once for the signature and once for the query.
fn times(found: &mut Collector<'_>) {
    let Some(sent) = found.sent.get("timestamp").and_then(|text| text.parse::<i64>().ok()) else {
        return;
    };
    let near = (1..=10).flat_map(|n| [-n, n]);
    for by in near.chain([28_800, -28_800, EPOCH_UNIX, -EPOCH_UNIX]) {
        let Some(value) = sent.checked_add(by) else { continue };
        let why = match by {
            28_800 | -28_800 => Why::TwoEpochs,
            EPOCH_UNIX => Why::UnixSigned,
            _ if by == -EPOCH_UNIX => Why::UnixSent,
            _ => Why::ClockReadTwice,
        };
        found.other("timestamp", &value.to_string(), why);
    }
    for value in [sent.saturating_mul(1_000), sent / 1_000] {
        found.other("timestamp", &value.to_string(), Why::Milliseconds);
    }
}

/// A page turned without signing anew.
fn pages(found: &mut Collector<'_>) {
    const PAGES: i64 = 100;
    let Some(sent) = found.sent.get("page_no").and_then(|text| text.parse::<i64>().ok()) else {
        return;
    };
    for page in (sent.saturating_sub(PAGES).max(0)..sent).rev().chain([0, sent.saturating_add(1)]) {
        found.other("page_no", &page.to_string(), Why::PageTurned);
    }
}

/// A `+` that was not encoded: in a query it is a blank.
fn plus_signs(found: &mut Collector<'_>) {
    let pairs = found.sent.query.split('&').filter_map(|pair| pair.split_once('='));
    let literal = pairs.filter(|(key, _)| *key != "sign").map(|(key, value)| {
        let value = value.replace('+', "%2B");
        (key.to_owned(), percent_decode_str(&value).decode_utf8_lossy().into_owned())
    });
    found.add(literal.collect(), Change::PlusNotEncoded);
}

/// Values that the HTTP library encoded once more.
fn twice_encoded(found: &mut Collector<'_>) {
    let decoded = found.right.iter().map(|(key, value)| {
        let value = percent_decode_str(value).decode_utf8().map_or(value.clone(), Into::into);
        (key.clone(), value)
    });
    found.add(decoded.collect(), Change::EncodedTwice);
}

/// Where a parameter was sent twice: one of the two alone.
fn second_values(found: &mut Collector<'_>) {
    let pairs = found.right.clone();
    let mut counts = std::collections::HashMap::<&str, usize>::new();
    for (key, _) in &pairs {
        *counts.entry(key).or_default() += 1;
    }
    let is_twice = |(_, (key, _)): &(usize, &(String, String))| {
        counts.get(key.as_str()).is_some_and(|count| *count > 1)
    };
    for (skipped, (key, _)) in pairs.iter().enumerate().filter(is_twice).take(MAX_PARAMS) {
        let mut once = pairs.clone();
        once.remove(skipped);
        found.add(once, Change::Duplicate { name: key.clone() });
    }
}
