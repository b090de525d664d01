//! A method and its arguments, made into a request that is signed as often as it is sent.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::Serialize;

use crate::args;
use crate::catalogue::Catalogue;
use crate::check::{
    Cause, Issue, Level, Limits, ValidationError, check_size, check_value, validate_method,
};
use crate::flagship::credentials::Credentials;
use crate::flagship::pager::Pager;
use crate::flagship::query::{self, QueryPair, VERSION};
use crate::flagship::sign::{Explanation, Pair, Signature, explain_sorted, sign_sorted};
use crate::flagship::timestamp::Timestamp;
use crate::json::Writer;

/// The headers of every request.
///
/// ```
/// assert!(wdt_proto::HEADERS.contains(&("Content-Type", "application/json")));
/// ```
pub const HEADERS: [(&str, &str); 1] = [("Content-Type", "application/json")];

static BUILTIN: Catalogue = Catalogue::new();

/// Collects what a request needs, the body last. Made by [`Request::builder`].
///
/// ```
/// use wdt_proto::{Level, Pager, Request};
///
/// let request = Request::builder("goods.Goods.queryWithSpec")
///     .pager(Pager::new(50, 0)?.with_total())
///     .level(Level::Strict)
///     .raw_args(&[r#"{"goods_no":"A1"}"#])?;
/// assert_eq!(request.body(), br#"[{"goods_no":"A1"}]"#);
/// # Ok::<(), wdt_proto::ValidationError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct RequestBuilder<'m> {
    method: &'m str,
    pager: Option<Pager>,
    level: Level,
    catalogue: &'m Catalogue,
    limits: Limits,
}

impl<'m> RequestBuilder<'m> {
    /// Sends paging parameters in the query. Without it there are none.
    ///
    /// A pager that the method does not document, none for a paged method, and more rows than
    /// documented are warnings of the request; at [`Level::Strict`] they refuse it.
    #[must_use]
    pub fn pager(self, pager: Pager) -> Self {
        Self { pager: Some(pager), ..self }
    }

    /// How strictly the arguments are held against the catalogue. Default:
    /// [`Level::Documented`].
    #[must_use]
    pub fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// The catalogue to hold them against, with methods that you registered. Default: the built-in
    /// one.
    #[must_use]
    pub fn catalogue(self, catalogue: &'m Catalogue) -> Self {
        Self { catalogue, ..self }
    }

    /// Bounds on the body. Default: [`Limits::DEFAULT`].
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The bounds in force, for a binding that writes the body itself.
    #[must_use]
    pub fn limits_in_force(&self) -> Limits {
        self.limits
    }

    /// Positional arguments: a tuple, a slice, anything that serialises to a JSON array.
    ///
    /// Give exact numbers as integers, as `rust_decimal::Decimal` through
    /// [`decimal`](crate::decimal), or as `serde_json::value::RawValue`. An `f64` is written as the
    /// shortest text that reads back as the same float.
    ///
    /// # Errors
    /// [`ValidationError`] with what the catalogue finds at the [`Level`], and with the code
    /// - `not_an_array` when the arguments serialise to something else,
    /// - `type` for NaN and infinities (with the pointer), and for what JSON cannot carry,
    /// - `too_long` or `not_json` past the [`Limits`],
    /// - `missing` or `unsupported_character` for the method's name.
    pub fn args<T: Serialize + ?Sized>(self, args: &T) -> Result<Request<'m>, ValidationError> {
        let body = args::from_args(args, self.limits)?;
        self.finish(body)
    }

    /// A body that is JSON already. It is signed and sent byte for byte, white space included.
    ///
    /// # Errors
    /// [`ValidationError`] with what the catalogue finds at the [`Level`], and with the code
    /// - `not_json` for bytes that are no UTF-8 or no JSON, or nested past the [`Limits`],
    /// - `not_an_array` for JSON of another type,
    /// - `too_long` past the [`Limits`],
    /// - `missing` or `unsupported_character` for the method's name.
    pub fn raw_body(self, body: impl Into<Vec<u8>>) -> Result<Request<'m>, ValidationError> {
        self.finish(body.into())
    }

    /// Arguments that are JSON already, one text each: `["2447", "{\"syn_stock\":1.0000}"]`. They
    /// are joined to an array, else sent to the letter.
    ///
    /// # Errors
    /// As [`RequestBuilder::raw_body`], and `not_json` for a text that is not exactly one value.
    pub fn raw_args(self, args: &[&str]) -> Result<Request<'m>, ValidationError> {
        let bytes = args.iter().map(|arg| arg.len() + 1).sum::<usize>() + 2;
        let mut body = Vec::with_capacity(bytes);
        body.push(b'[');
        for (index, arg) in args.iter().enumerate() {
            check_value(arg, index, self.limits)?;
            if index > 0 {
                body.push(b',');
            }
            body.extend_from_slice(arg.as_bytes());
        }
        body.push(b']');
        self.finish(body)
    }

    /// A body that a [`Writer`] made: for bindings, which walk their own language's values.
    ///
    /// At [`Level::Off`] its JSON is not read once more, so brackets and keys must have been
    /// paired.
    ///
    /// # Errors
    /// As [`RequestBuilder::raw_body`].
    pub fn written(self, body: Writer) -> Result<Request<'m>, ValidationError> {
        let content = self.check_written(body)?;
        Ok(Request::new(self.method, self.pager, content))
    }

    /// What [`RequestBuilder::written`] does, as a content that borrows nothing of the builder.
    pub(super) fn check_written(self, body: Writer) -> Result<Content, ValidationError> {
        let body = body.into_bytes();
        if self.level == Level::Off && body.first() == Some(&b'[') {
            self.check_method()?;
            check_size(&body, self.limits)?;
            return Ok(Content { body, warnings: Vec::new() });
        }
        self.check(body)
    }

    fn finish(self, body: Vec<u8>) -> Result<Request<'m>, ValidationError> {
        let content = self.check(body)?;
        Ok(Request::new(self.method, self.pager, content))
    }

    fn check(self, body: Vec<u8>) -> Result<Content, ValidationError> {
        self.check_method()?;
        let Self { method: name, pager, level, catalogue, limits } = self;
        let method = catalogue.method(name);
        let report = validate_method(catalogue, name, method, &body, level, limits);
        let mut warnings = report.into_result()?;
        let paging = method.filter(|_| level != Level::Off).and_then(|it| it.paging_issue(pager));
        match paging {
            Some(issue) if level == Level::Strict => return Err(issue.into()),
            Some(issue) => warnings.push(issue.into_warning()),
            None => {}
        }
        Ok(Content { body, warnings })
    }

    fn check_method(self) -> Result<(), Issue> {
        let refused = |cause| Err(Issue::of("method", cause));
        if self.method.is_empty() {
            return refused(Cause::NoMethod);
        }
        if self.method.bytes().all(|b| b.is_ascii_graphic()) {
            return Ok(());
        }
        match self.method.chars().find(|c| c.is_control()) {
            Some(c) => refused(Cause::ControlCharacter { code: c.into() }),
            None => Ok(()),
        }
    }
}

/// What has been checked: the bytes of a body, and what was odd about them. A request and all its
/// signatures share one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Content {
    body: Vec<u8>,
    warnings: Vec<Issue>,
}

/// A request that is complete but for credentials and time: build it once, sign it for each attempt.
///
/// A clone shares the body, and so does each [`SignedRequest`]: nothing is copied.
///
/// ```
/// use wdt_proto::{Credentials, Request, Timestamp};
///
/// let credentials = Credentials::new("wdtapi3", "appkey", "testsecret:testsalt")?;
/// let signed = Request::builder("sales.StockSync.cancelSync")
///     .args(&(178_238, -1))?
///     .sign(&credentials, Timestamp::from_unix(1_775_791_718)?);
///
/// assert_eq!(signed.body(), b"[178238,-1]");
/// assert_eq!(signed.signature().as_str(), "a0cb9982e675382a5872a46a1e785f7c");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'m> {
    method: Cow<'m, str>,
    pager: Option<Pager>,
    content: Arc<Content>,
}

impl<'m> Request<'m> {
    /// Starts a request to `method`, named as the vendor names it. A method that the catalogue does
    /// not know is sent with a warning: the vendor adds methods.
    #[must_use]
    pub const fn builder(method: &'m str) -> RequestBuilder<'m> {
        RequestBuilder {
            method,
            pager: None,
            level: Level::Documented,
            catalogue: &BUILTIN,
            limits: Limits::DEFAULT,
        }
    }

    pub(super) fn new(method: &'m str, pager: Option<Pager>, content: Content) -> Self {
        Self { method: Cow::Borrowed(method), pager, content: Arc::new(content) }
    }

    /// The same, with a method's name of its own: a request to keep, wherever its name came from.
    ///
    /// ```
    /// use wdt_proto::Request;
    ///
    /// fn now(module: &str) -> Result<Request<'static>, wdt_proto::ValidationError> {
    ///     let method = format!("system.{module}.now");
    ///     Ok(Request::builder(&method).raw_body("[]")?.into_owned())
    /// }
    /// assert_eq!(now("Core")?.method(), "system.Core.now");
    /// # Ok::<(), wdt_proto::ValidationError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Request<'static> {
        let Self { method, pager, content } = self;
        Request { method: Cow::Owned(method.into_owned()), pager, content }
    }

    /// The method's name.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The paging parameters, if any.
    #[must_use]
    pub fn pager(&self) -> Option<Pager> {
        self.pager
    }

    /// The exact bytes that will be signed and sent.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.content.body
    }

    /// What the catalogue finds odd and the platform is known to take.
    #[must_use]
    pub fn warnings(&self) -> &[Issue] {
        &self.content.warnings
    }

    /// Signs, as often as need be. Sign anew for every attempt: the server refuses a timestamp 120 s
    /// away from its own.
    ///
    /// ```
    /// use wdt_proto::{Credentials, Request, Timestamp};
    ///
    /// let credentials = Credentials::new("wdtapi3", "appkey", "testsecret:testsalt")?;
    /// let request = Request::builder("sales.StockSync.cancelSync").args(&(178_238, -1))?;
    /// let first = request.sign(&credentials, Timestamp::from_unix(1_775_791_718)?);
    /// let again = request.sign(&credentials, Timestamp::from_unix(1_775_791_748)?);
    /// assert_ne!(first.signature(), again.signature());
    /// assert_eq!(first.body().as_ptr(), again.body().as_ptr());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sign(&self, credentials: &Credentials, timestamp: Timestamp) -> SignedRequest {
        let (query, signature) = self.with_pairs(credentials, timestamp, |plain, signed| {
            let signature = sign_sorted(credentials.secret(), signed);
            let plain_len = plain.iter().map(|(k, v)| k.len() + v.len() + 2).sum::<usize>();
            let encoded = credentials.encoded();
            let mut query = String::with_capacity(
                encoded.len() + "&method=&sign=".len() + self.method.len() + plain_len + 32,
            );
            query.push_str(encoded);
            query::push_pair(&mut query, "method", &self.method);
            for (key, value) in plain {
                query::push_plain_pair(&mut query, key, value);
            }
            query::push_plain_pair(&mut query, "sign", signature.as_str());
            (query, signature)
        });
        SignedRequest { query, signature, timestamp, content: Arc::clone(&self.content) }
    }

    /// Shows what [`Request::sign`] would sign: the canonical string, the secret masked, its
    /// length, and the signature.
    ///
    /// The salt, which the wire shows anyway, is not masked; nor is a secret that somebody put
    /// into the body.
    ///
    /// ```
    /// use wdt_proto::{Credentials, Request, Timestamp};
    ///
    /// let credentials = Credentials::new("wdtapi3", "wdt_test", "testsecret:testsalt")?;
    /// let explanation = Request::builder("system.Core.now")
    ///     .raw_body("[]")?
    ///     .explain(&credentials, Timestamp::from_seconds(450_444_516)?);
    /// assert_eq!(
    ///     explanation.canonical,
    ///     "***body[]keywdt_testmethodsystem.Core.nowsalttestsaltsidwdtapi3timestamp450444516v1.0***",
    /// );
    /// assert_eq!(explanation.length, 102);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain(&self, credentials: &Credentials, timestamp: Timestamp) -> Explanation {
        self.with_pairs(credentials, timestamp, |_, signed| {
            explain_sorted(credentials.secret(), signed)
        })
    }

    /// Hands out the query parameters that need no encoding, in the order of the vendor's
    /// documentation, and all pairs that are signed, sorted by key.
    fn with_pairs<R>(
        &self,
        credentials: &Credentials,
        timestamp: Timestamp,
        run: impl FnOnce(&[(&str, &str)], &[Pair<'_>]) -> R,
    ) -> R {
        let mut numbers = [itoa::Buffer::new(); 3];
        let [seconds, page_size, page_no] = &mut numbers;
        let timestamp = ("timestamp", seconds.format(timestamp.seconds()));
        let v = ("v", VERSION);
        let body: Pair<'_> = ("body", &self.content.body);
        let key = raw(("key", credentials.key()));
        let method = raw(("method", &self.method));
        let salt = raw(("salt", credentials.salt()));
        let sid = raw(("sid", credentials.sid()));
        let Some(pager) = self.pager else {
            return run(&[timestamp, v], &[body, key, method, salt, sid, raw(timestamp), raw(v)]);
        };
        let size = ("page_size", page_size.format(pager.page_size()));
        let no = ("page_no", page_no.format(pager.page_no()));
        let total = ("calc_total", if pager.calc_total() { "1" } else { "0" });
        let signed =
            [body, raw(total), key, method, raw(no), raw(size), salt, sid, raw(timestamp), raw(v)];
        run(&[timestamp, v, size, no, total], &signed)
    }
}

/// A query parameter as it is signed: the raw value.
fn raw<'a>((key, value): (&'a str, &'a str)) -> Pair<'a> {
    (key, value.as_bytes())
}

/// A request ready to send: `POST` [`SignedRequest::url`] with [`SignedRequest::headers`] and
/// exactly [`SignedRequest::body`].
///
/// What is signed is what must be sent: do not parse and write the body again on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRequest {
    query: String,
    signature: Signature,
    timestamp: Timestamp,
    content: Arc<Content>,
}

impl SignedRequest {
    /// The query string, percent-encoded, without `?`. It holds the salt and the signature, never
    /// the secret.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The query as raw pairs, for an HTTP library that encodes by itself.
    #[must_use]
    pub fn query_pairs(&self) -> Vec<QueryPair<'_>> {
        // Our own encoding always decodes.
        query::pairs(&self.query).unwrap_or_default()
    }

    /// The bytes to send as the HTTP body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.content.body
    }

    /// The same bytes, given away: copied only while the [`Request`], or another signature of it,
    /// still needs them.
    #[must_use]
    pub fn into_body(self) -> Vec<u8> {
        Arc::try_unwrap(self.content).map_or_else(|shared| shared.body.clone(), |own| own.body)
    }

    /// What the catalogue found odd and the platform is known to take.
    #[must_use]
    pub fn warnings(&self) -> &[Issue] {
        &self.content.warnings
    }

    /// The HTTP headers to send.
    #[must_use]
    pub fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &HEADERS
    }

    /// The signature, also in the query as `sign`.
    #[must_use]
    pub fn signature(&self) -> Signature {
        self.signature
    }

    /// The time that was signed.
    #[must_use]
    pub fn timestamp(&self) -> Timestamp {
        self.timestamp
    }
}
