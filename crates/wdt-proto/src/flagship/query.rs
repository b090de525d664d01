//! The query string: percent-encoding out, strict decoding in.
//!
//! ```
//! use wdt_proto::query;
//!
//! let pairs = query::parse("?sid=wdtapi3&salt=a%2Bb")?;
//! assert_eq!(pairs[1], ("salt".into(), "a+b".into()));
//! assert_eq!(query::encode(pairs.iter().map(|(k, v)| (&**k, &**v))), "sid=wdtapi3&salt=a%2Bb");
//! # Ok::<(), query::MalformedQuery>(())
//! ```

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::language::{Bilingual, Language, bilingual, say};

/// The version of the protocol, sent as `v`.
///
/// ```
/// assert_eq!(wdt_proto::query::VERSION, "1.0");
/// ```
pub const VERSION: &str = "1.0";

/// The parameters that every call has, in the order of the vendor's documentation.
///
/// ```
/// use wdt_proto::query;
///
/// let pairs = query::parse("sid=wdtapi3&key=appkey&method=system.Core.now")?;
/// let absent = query::REQUIRED.iter().filter(|name| pairs.iter().all(|(key, _)| key != *name));
/// assert_eq!(absent.copied().collect::<Vec<_>>(), ["salt", "timestamp", "v", "sign"]);
/// # Ok::<(), query::MalformedQuery>(())
/// ```
pub const REQUIRED: [&str; 7] = ["sid", "key", "salt", "method", "timestamp", "v", "sign"];

/// The parameters of a paged call: together, or `page_size` alone.
///
/// ```
/// use wdt_proto::{Credentials, Pager, Request, Timestamp, query};
///
/// let credentials = Credentials::new("wdtapi3", "appkey", "testsecret:testsalt")?;
/// let sent = Request::builder("goods.Goods.queryWithSpec")
///     .pager(Pager::new(50, 0)?)
///     .raw_body("[{}]")?
///     .sign(&credentials, Timestamp::from_seconds(450_444_516)?);
/// let pairs = sent.query_pairs();
/// assert!(query::PAGING.iter().all(|name| pairs.iter().any(|(key, _)| key == name)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub const PAGING: [&str; 3] = ["page_size", "page_no", "calc_total"];

/// Takes a received query apart, with or without its leading `?`. A key that comes twice is
/// handed out twice; [`verify`](crate::verify()) refuses it.
///
/// ```
/// use wdt_proto::query;
///
/// let pairs = query::parse("?sid=%E5%8D%96%E5%AE%B6&salt=a%2Bb")?;
/// assert_eq!(pairs[0], ("sid".into(), "卖家".into()));
/// assert_eq!(query::parse("sid").unwrap_err().part(), "sid");
/// # Ok::<(), query::MalformedQuery>(())
/// ```
///
/// # Errors
/// [`MalformedQuery`] for a part that is no `key=value` in percent-encoded UTF-8.
pub fn parse(query: &str) -> Result<Vec<QueryPair<'_>>, MalformedQuery> {
    let query = query.strip_prefix('?').unwrap_or(query);
    pairs(query).map_err(|part| MalformedQuery { part: part.into() })
}

/// A query that is no list of `key=value` pairs in percent-encoded UTF-8.
///
/// ```
/// use wdt_proto::{VerifyError, query};
///
/// let error = query::parse("sid=wdtapi3&salt=%zz").unwrap_err();
/// assert_eq!(error.part(), "salt=%zz");
/// assert_eq!(VerifyError::from(error).check(), "malformed_query");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedQuery {
    part: String,
}

impl MalformedQuery {
    /// The part that is no pair.
    #[must_use]
    pub fn part(&self) -> &str {
        &self.part
    }

    pub(crate) fn into_part(self) -> String {
        self.part
    }

    /// The text of an error about this part.
    pub(crate) fn write_part(
        part: &str,
        language: Language,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        say!(
            f,
            language,
            "query: {part:?} is no key=value pair in percent-encoded UTF-8",
            "查询串：{part:?} 不是百分号编码（UTF-8）的 key=value"
        )
    }
}

bilingual!(MalformedQuery);

impl Bilingual for MalformedQuery {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::write_part(&self.part, language, f)
    }
}

impl core::error::Error for MalformedQuery {}

/// Writes pairs as a query, values percent-encoded but for RFC 3986's unreserved characters; keys
/// too.
///
/// ```
/// assert_eq!(wdt_proto::query::encode([("sid", "卖家"), ("salt", "a+b")]), "sid=%E5%8D%96%E5%AE%B6&salt=a%2Bb");
/// ```
#[must_use]
pub fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = String::new();
    for (key, value) in pairs {
        if key.bytes().all(is_unreserved) {
            push_pair(&mut query, key, value);
        } else {
            let key: String = utf8_percent_encode(key, ENCODED).collect();
            push_pair(&mut query, &key, value);
        }
    }
    query
}

/// All but RFC 3986's unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// RFC 3986's unreserved characters.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Appends `key=value`, the value encoded, with `&` between pairs.
pub(crate) fn push_pair(query: &mut String, key: &str, value: &str) {
    if value.bytes().all(is_unreserved) {
        push_plain_pair(query, key, value);
    } else {
        push_plain_pair(query, key, "");
        query.extend(utf8_percent_encode(value, ENCODED));
    }
}

/// The same for a value that needs no encoding.
pub(crate) fn push_plain_pair(query: &mut String, key: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(key);
    query.push('=');
    query.push_str(value);
}

/// A decoded key and its decoded value.
///
/// ```
/// use wdt_proto::query::{self, QueryPair};
///
/// let pairs: Vec<QueryPair<'_>> = query::parse("sid=wdtapi3")?;
/// let (key, value) = &pairs[0];
/// assert_eq!((&**key, &**value), ("sid", "wdtapi3"));
/// # Ok::<(), query::MalformedQuery>(())
/// ```
pub type QueryPair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Takes a query apart. `+` is a blank, as in HTML forms. `Err` holds the part that is no pair.
pub(crate) fn pairs(query: &str) -> Result<Vec<QueryPair<'_>>, &str> {
    query
        .split('&')
        .map(|pair| {
            let (key, value) = pair.split_once('=').ok_or(pair)?;
            Ok((decode(key).ok_or(pair)?, decode(value).ok_or(pair)?))
        })
        .collect()
}

/// Decodes one key or value; `None` for a broken escape or bytes that are not UTF-8.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    let escapes_are_whole = text
        .split('%')
        .skip(1)
        .all(|part| matches!(part.as_bytes(), [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()));
    if !escapes_are_whole {
        return None;
    }
    if text.contains('+') {
        let blanks = text.replace('+', " ");
        return percent_decode_str(&blanks).decode_utf8().ok().map(|t| Cow::Owned(t.into_owned()));
    }
    percent_decode_str(text).decode_utf8().ok()
}
