//! A received call, and one method for each thing that is looked at.

use alloc::borrow::Cow;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::error::VerifyError;
use crate::flagship::credentials::AppSecret;
use crate::flagship::pager::Pager;
use crate::flagship::query::{self, MalformedQuery, QueryPair, VERSION};
use crate::flagship::sign::{Pair, sign_pairs};
use crate::flagship::timestamp::Timestamp;

/// A call as it came in: the query's pairs and the body's bytes. Each method makes one check;
/// [`verify`](crate::verify()) makes them all and stops at the first that fails, who explains a
/// refusal asks for each.
///
/// ```
/// use wdt_proto::{AppSecret, Received, VerifyError};
///
/// let call = Received::parse("sid=wdtapi3&key=k&salt=pepper&method=m&timestamp=9&v=2&sign=0", b"[]")?;
/// let secret = AppSecret::parse("testsecret:testsalt")?;
/// assert_eq!(call.required("sid").map(|sid| &**sid), Ok("wdtapi3"));
/// assert_eq!(call.version(), Err(VerifyError::WrongVersion("2".into())));
/// assert_eq!(call.salt(&secret), Err(VerifyError::WrongSalt));
/// assert_eq!(call.signature(&secret), Err(VerifyError::WrongSignature));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Received<'a> {
    pairs: Vec<QueryPair<'a>>,
    body: &'a [u8],
}

impl<'a> Received<'a> {
    /// Takes a call apart: the query string as received, with or without its leading `?`, and the
    /// received bytes.
    ///
    /// # Errors
    /// [`MalformedQuery`] for a part that is no `key=value` in percent-encoded UTF-8.
    pub fn parse(query: &'a str, body: &'a [u8]) -> Result<Self, MalformedQuery> {
        Ok(Self { pairs: query::parse(query)?, body })
    }

    /// The query's pairs, decoded, in the order received.
    #[must_use]
    pub fn pairs(&self) -> &[QueryPair<'a>] {
        &self.pairs
    }

    /// The body as received.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// A parameter of the query; the first where there are two.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Cow<'a, str>> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Whether each parameter comes once.
    ///
    /// # Errors
    /// [`VerifyError::Duplicate`]
    pub fn unique(&self) -> Result<(), VerifyError> {
        let mut keys: Vec<&str> = self.pairs.iter().map(|(key, _)| &**key).collect();
        keys.sort_unstable();
        match keys.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(twice) => Err(VerifyError::Duplicate(twice[0].into())),
            None => Ok(()),
        }
    }

    /// A parameter that every call has ([`query::REQUIRED`]), not empty.
    ///
    /// # Errors
    /// [`VerifyError::Missing`]
    pub fn required(&self, name: &'static str) -> Result<&Cow<'a, str>, VerifyError> {
        self.get(name).filter(|value| !value.is_empty()).ok_or(VerifyError::Missing(name))
    }

    /// Whether `v` is the version that this crate speaks.
    ///
    /// # Errors
    /// [`VerifyError::Missing`], [`VerifyError::WrongVersion`]
    pub fn version(&self) -> Result<(), VerifyError> {
        match self.required("v")? {
            version if version == VERSION => Ok(()),
            version => Err(VerifyError::WrongVersion(version.to_string())),
        }
    }

    /// The caller's clock. Digits only: a sign or a blank would be another text for the same number.
    ///
    /// # Errors
    /// [`VerifyError::Missing`], [`VerifyError::MalformedTimestamp`]
    pub fn timestamp(&self) -> Result<Timestamp, VerifyError> {
        let text = self.required("timestamp")?;
        let seconds = Some(text).filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
        seconds
            .and_then(|text| text.parse().ok())
            .and_then(|seconds| Timestamp::from_seconds(seconds).ok())
            .ok_or_else(|| VerifyError::MalformedTimestamp(text.to_string()))
    }

    /// The caller's clock, where a server whose clock shows `now` accepts it.
    ///
    /// # Errors
    /// As [`Received::timestamp`], and [`VerifyError::StaleTimestamp`].
    pub fn age(&self, now: Timestamp) -> Result<Timestamp, VerifyError> {
        let timestamp = self.timestamp()?;
        if timestamp.is_fresh(now) {
            return Ok(timestamp);
        }
        Err(VerifyError::StaleTimestamp { ahead_by: timestamp.ahead_of(now) })
    }

    /// Whether the salt is this app secret's.
    ///
    /// # Errors
    /// [`VerifyError::Missing`], [`VerifyError::WrongSalt`]
    pub fn salt(&self, app_secret: &AppSecret) -> Result<(), VerifyError> {
        if self.required("salt")? == app_secret.salt() {
            Ok(())
        } else {
            Err(VerifyError::WrongSalt)
        }
    }

    /// Whether the signature is right: made with this app secret over all of the query, also what
    /// this crate does not know, and the body. Compared in constant time.
    ///
    /// # Errors
    /// [`VerifyError::Missing`], [`VerifyError::WrongSignature`]
    pub fn signature(&self, app_secret: &AppSecret) -> Result<(), VerifyError> {
        let sign = self.required("sign")?;
        let signed = self.pairs.iter().filter(|(key, _)| key != "sign");
        let mut signed: Vec<Pair<'_>> =
            signed.map(|(k, v)| (&**k, v.as_bytes())).chain([("body", self.body)]).collect();
        let expected = sign_pairs(app_secret.secret(), &mut signed);
        if expected.matches(sign) { Ok(()) } else { Err(VerifyError::WrongSignature) }
    }

    /// Paging, where the query has it. An absent `page_no` is 0, an absent `calc_total` is no.
    ///
    /// # Errors
    /// [`VerifyError::Missing`] for paging without `page_size`, [`VerifyError::Pager`]
    pub fn pager(&self) -> Result<Option<Pager>, VerifyError> {
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
