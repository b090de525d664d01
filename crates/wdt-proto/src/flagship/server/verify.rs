//! The receiving side: is this query and body a call that we trust?

use alloc::borrow::Cow;
use alloc::string::ToString;

use super::error::VerifyError;
use super::received::Received;
use crate::flagship::credentials::AppSecret;
use crate::flagship::pager::Pager;
use crate::flagship::query;
use crate::flagship::timestamp::Timestamp;

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

/// Checks a received call, in this order: the query's form, sid and key, version, time, salt,
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
    let call = Received::parse(query, body)?;
    call.unique()?;
    for name in query::REQUIRED {
        call.required(name)?;
    }
    let (sid, key) = (call.required("sid")?, call.required("key")?);
    let app_secret = match look_up(sid, key) {
        Lookup::Found(app_secret) => app_secret,
        Lookup::UnknownSid => return Err(VerifyError::UnknownSid(sid.to_string())),
        Lookup::UnknownKey => return Err(VerifyError::UnknownKey(key.to_string())),
    };
    call.version()?;
    let timestamp = call.age(now)?;
    call.salt(&app_secret)?;
    call.signature(&app_secret)?;
    Ok(VerifiedCall {
        sid: sid.clone(),
        key: key.clone(),
        method: call.required("method")?.clone(),
        timestamp,
        pager: call.pager()?,
        body,
    })
}
