//! The receiving side: is this query and body a call that we trust?

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::refusal::{Fixed, table};
use crate::check::ValidationError;
use crate::error_kind::ErrorKind;
use crate::flagship::credentials::AppSecret;
use crate::flagship::pager::Pager;
use crate::flagship::query::{self, QueryPair, VERSION};
use crate::flagship::sign::{Pair, sign_pairs};
use crate::flagship::timestamp::{EpochMistake, FRESHNESS_SECONDS, Timestamp};

/// What a look-up of credentials found.
///
/// ```
/// use wdt_proto::{AppSecret, CredentialsError, Lookup};
///
/// fn lookup(sid: &str, key: &str) -> Result<Lookup, CredentialsError> {
///     Ok(match (sid, key) {
///         ("wdtapi3", "appkey") => Lookup::Found(AppSecret::parse("testsecret:testsalt")?),
///         ("wdtapi3", _) => Lookup::UnknownKey,
///         _ => Lookup::UnknownSid,
///     })
/// }
/// assert!(matches!(lookup("wdtapi3", "appkey")?, Lookup::Found(_)));
/// # Ok::<(), CredentialsError>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Lookup {
    /// The app secret of this sid and key.
    Found(AppSecret),
    /// There is no such sid.
    UnknownSid,
    /// The sid is known, the key is not.
    UnknownKey,
}

/// A call whose signature, time and version are right.
///
/// ```
/// use wdt_proto::{AppSecret, Credentials, Lookup, Pager, Request, Timestamp, verify};
///
/// let credentials = Credentials::new("wdtapi3", "appkey", "testsecret:testsalt")?;
/// let now = Timestamp::from_unix(1_775_791_716)?;
/// let sent = Request::builder("goods.Goods.queryWithSpec")
///     .pager(Pager::new(50, 0)?)
///     .raw_body("[{}]")?
///     .sign(&credentials, now);
///
/// let secret = AppSecret::parse("testsecret:testsalt")?;
/// let call = verify(sent.query(), sent.body(), |_, _| Lookup::Found(secret), now)?;
/// assert_eq!((&*call.sid, &*call.method), ("wdtapi3", "goods.Goods.queryWithSpec"));
/// assert_eq!(call.pager, Some(Pager::new(50, 0)?));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedCall<'a> {
    /// The merchant's account.
    pub sid: Cow<'a, str>,
    /// The application's key.
    pub key: Cow<'a, str>,
    /// The method called.
    pub method: Cow<'a, str>,
    /// The caller's clock.
    pub timestamp: Timestamp,
    /// Paging, where the query has it. An absent `page_no` is 0, an absent `calc_total` is no.
    pub pager: Option<Pager>,
    /// The body as received. It is authentic; whether it is JSON has not been looked at.
    pub body: &'a [u8],
}

/// Which check failed. The texts never hold a secret or the right signature.
///
/// ```
/// use wdt_proto::{ErrorKind, Lookup, Timestamp, VerifyError, verify};
///
/// let now = Timestamp::from_seconds(450_444_516)?;
/// let error = verify("sid=wdtapi3", b"[]", |_, _| Lookup::UnknownSid, now).unwrap_err();
/// assert_eq!(error, VerifyError::Missing("key"));
/// assert_eq!(error.check(), "missing_parameter");
/// // What to answer: the vendor's server says the same.
/// assert_eq!((error.status(), error.kind()), (1, ErrorKind::Parameter));
/// # Ok::<(), wdt_proto::TimestampError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The query is no list of `key=value` pairs in percent-encoded UTF-8.
    #[error("query: {0:?} is no key=value pair in percent-encoded UTF-8")]
    MalformedQuery(String),
    /// A parameter that every call has is absent or empty.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A parameter stands twice: either could be the one that counts.
    #[error("{0} stands twice in the query")]
    Duplicate(String),
    /// The look-up does not know this sid.
    #[error("sid {0:?} is unknown")]
    UnknownSid(String),
    /// The look-up does not know this key.
    #[error("key {0:?} is unknown")]
    UnknownKey(String),
    /// `v` is not `1.0`.
    #[error("v is {0:?}, not {VERSION}")]
    WrongVersion(String),
    /// `timestamp` is not a whole number of seconds since the epoch.
    #[error("timestamp {0:?} is not a number of seconds since the platform's epoch")]
    MalformedTimestamp(String),
    /// `timestamp` lies outside the window.
    #[error(
        "timestamp is {} s {} the server's clock, at most {FRESHNESS_SECONDS} s are accepted{}",
        ahead_by.unsigned_abs(),
        if *ahead_by < 0 { "behind" } else { "ahead of" },
        EpochMistake::of(*ahead_by).map_or("", EpochMistake::hint),
    )]
    StaleTimestamp {
        /// How many seconds the caller is ahead (negative: behind).
        ahead_by: i64,
    },
    /// The signature, or the salt, is not the one of this key.
    #[error("the signature does not fit the query and the body")]
    WrongSignature,
    /// The paging parameters are signed but not valid.
    #[error(transparent)]
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

    pub(crate) const fn answer(&self) -> Fixed {
        match self {
            Self::UnknownSid(_) => table::UNKNOWN_SID,
            Self::UnknownKey(_) => table::UNKNOWN_KEY,
            Self::WrongVersion(_) => table::VERSION,
            Self::MalformedTimestamp(_) | Self::StaleTimestamp { .. } => table::CLOCK,
            Self::WrongSignature => table::SIGNATURE,
            _ => table::PARAMETER,
        }
    }

    /// What the vendor's answer means to the caller.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::classify(self.status(), self.vendor_message())
    }
}

/// Checks a received call, in this order: the query's form, sid and key, version, time, salt and
/// signature, paging.
///
/// `query` is the query string as received, with or without the leading `?`; `body` the received
/// bytes; `now` the server's clock. All parameters of the query are signed, also those that this
/// crate does not know. Signatures are compared in constant time.
///
/// ```
/// use wdt_proto::{AppSecret, Credentials, Lookup, Request, Timestamp, verify};
///
/// let credentials = Credentials::new("wdtapi3", "appkey", "testsecret:testsalt")?;
/// let now = Timestamp::from_unix(1_775_791_716)?;
/// let sent = Request::builder("system.Core.now").raw_body("[]")?.sign(&credentials, now);
///
/// let look_up = |sid: &str, key: &str| match (sid, key) {
///     ("wdtapi3", "appkey") => AppSecret::parse("testsecret:testsalt").map(Lookup::Found),
///     ("wdtapi3", _) => Ok(Lookup::UnknownKey),
///     _ => Ok(Lookup::UnknownSid),
/// };
/// let app_secret = look_up("wdtapi3", "appkey")?;
/// let call = verify(sent.query(), sent.body(), |_, _| app_secret, now)?;
/// assert_eq!(call.method, "system.Core.now");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// [`VerifyError`] for the first check that fails; [`VerifyError::status`] is the vendor's answer.
pub fn verify<'a>(
    query: &'a str,
    body: &'a [u8],
    look_up: impl FnOnce(&str, &str) -> Lookup,
    now: Timestamp,
) -> Result<VerifiedCall<'a>, VerifyError> {
    let query = Query::parse(query)?;
    let [sid, key, salt, method, given_timestamp, version, sign] =
        query::REQUIRED.map(|name| query.required(name));
    let (sid, key, salt, method) = (sid?, key?, salt?, method?);
    let (given_timestamp, version, sign) = (given_timestamp?, version?, sign?);

    let app_secret = match look_up(sid, key) {
        Lookup::Found(app_secret) => app_secret,
        Lookup::UnknownSid => return Err(VerifyError::UnknownSid(sid.to_string())),
        Lookup::UnknownKey => return Err(VerifyError::UnknownKey(key.to_string())),
    };
    if version != VERSION {
        return Err(VerifyError::WrongVersion(version.to_string()));
    }
    let timestamp = parse_timestamp(given_timestamp)
        .ok_or_else(|| VerifyError::MalformedTimestamp(given_timestamp.to_string()))?;
    if !timestamp.is_fresh(now) {
        return Err(VerifyError::StaleTimestamp { ahead_by: timestamp.ahead_of(now) });
    }
    let expected = sign_pairs(app_secret.secret(), &mut query.signed_with(body));
    if salt != app_secret.salt() || !expected.matches(sign) {
        return Err(VerifyError::WrongSignature);
    }
    Ok(VerifiedCall {
        sid: sid.clone(),
        key: key.clone(),
        method: method.clone(),
        timestamp,
        pager: query.pager()?,
        body,
    })
}

/// The pairs of a received query, no key twice.
struct Query<'a> {
    pairs: Vec<QueryPair<'a>>,
}

impl<'a> Query<'a> {
    fn parse(query: &'a str) -> Result<Self, VerifyError> {
        let pairs = query::parse(query)?;
        let mut keys: Vec<&str> = pairs.iter().map(|(key, _)| &**key).collect();
        keys.sort_unstable();
        if let Some(twice) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(VerifyError::Duplicate(twice[0].into()));
        }
        Ok(Self { pairs })
    }

    fn get(&self, name: &str) -> Option<&Cow<'a, str>> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    fn required(&self, name: &'static str) -> Result<&Cow<'a, str>, VerifyError> {
        self.get(name).filter(|v| !v.is_empty()).ok_or(VerifyError::Missing(name))
    }

    fn signed_with<'q>(&'q self, body: &'q [u8]) -> Vec<Pair<'q>> {
        let signed = self.pairs.iter().filter(|(key, _)| key != "sign");
        signed.map(|(k, v)| (&**k, v.as_bytes())).chain([("body", body)]).collect()
    }

    fn pager(&self) -> Result<Option<Pager>, VerifyError> {
        let Some(page_size) = self.get("page_size") else {
            return match self.get("page_no").or(self.get("calc_total")) {
                Some(_) => Err(VerifyError::Missing("page_size")),
                None => Ok(None),
            };
        };
        let page_no = self.get("page_no").map_or("0", |v| v);
        // What is no number becomes one that the pager refuses, naming the parameter.
        let number = |text: &str| text.parse().unwrap_or(-1);
        let pager = Pager::new(number(page_size), number(page_no)).map_err(VerifyError::Pager)?;
        let calc_total = self.get("calc_total").is_some_and(|v| v == "1");
        Ok(Some(if calc_total { pager.with_total() } else { pager }))
    }
}

/// Digits only: a sign or a blank would be another text for the same number.
fn parse_timestamp(text: &str) -> Option<Timestamp> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().and_then(|seconds| Timestamp::from_seconds(seconds).ok())
}
