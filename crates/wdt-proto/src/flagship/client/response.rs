//! The server's bytes, made into data or a typed error.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use serde::Deserialize;

use super::malformed::{MalformedReason, MalformedResponse};
use super::recognise;
use crate::check::Limits;
use crate::error_kind::ErrorKind;
use crate::flagship::status;
use crate::json::{Event, Reader, pointer_at};
use crate::language::{Bilingual, Language, bilingual, say};

/// A call that succeeded: status 0.
///
/// ```
/// use wdt_proto::Response;
///
/// let body = br#"{"status":0,"data":{"stock_num":999999999999999.9999},"total":7}"#;
/// let response = Response::parse(body)?;
/// assert_eq!(response.data(), Some(r#"{"stock_num":999999999999999.9999}"#));
/// assert_eq!(response.total(), Some(7));
/// # Ok::<(), wdt_proto::ResponseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response<'a> {
    data: Option<&'a str>,
    total: Option<u64>,
}

impl<'a> Response<'a> {
    /// Parses a body within the default [`Limits`]. A byte order mark is tolerated.
    ///
    /// # Errors
    /// [`ResponseError::Api`] when the status is not 0, even where there is data;
    /// [`ResponseError::Malformed`] when the body is no reply of the platform's.
    pub fn parse(body: &'a [u8]) -> Result<Self, ResponseError> {
        Self::parse_within(body, Limits::DEFAULT)
    }

    /// The same within limits of your own.
    ///
    /// # Errors
    /// As [`Response::parse`].
    pub fn parse_within(body: &'a [u8], limits: Limits) -> Result<Self, ResponseError> {
        Self::parse_with(body, limits, &mut Unseen)
    }

    /// The same, and `data` is shown to a visitor piece by piece as it is read: whoever builds
    /// objects of it does so in the one walk that checks it.
    ///
    /// What the visitor has seen counts only where this succeeds: the fault may stand behind it.
    ///
    /// ```
    /// use wdt_proto::json::{Event, Reader};
    /// use wdt_proto::{Limits, Response, VisitData};
    ///
    /// #[derive(Default)]
    /// struct Numbers<'a>(Vec<&'a str>);
    ///
    /// impl<'a> VisitData<'a> for Numbers<'a> {
    ///     fn visit(&mut self, event: Event, reader: &Reader<'a>) {
    ///         if event == Event::Number {
    ///             self.0.push(reader.token());
    ///         }
    ///     }
    /// }
    ///
    /// let mut numbers = Numbers::default();
    /// let body = br#"{"status":0,"data":[1,[2.50]],"total":7}"#;
    /// Response::parse_with(body, Limits::DEFAULT, &mut numbers)?;
    /// assert_eq!(numbers.0, ["1", "2.50"]);
    /// # Ok::<(), wdt_proto::ResponseError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Response::parse`].
    pub fn parse_with(
        body: &'a [u8],
        limits: Limits,
        visitor: &mut impl VisitData<'a>,
    ) -> Result<Self, ResponseError> {
        let envelope = Envelope::read(body, limits, visitor)
            .map_err(|reason| ResponseError::Malformed(MalformedResponse::new(reason, body)))?;
        if envelope.status == 0 {
            return Ok(Self { data: envelope.data, total: envelope.total });
        }
        Err(ResponseError::Api(ApiError {
            status: envelope.status,
            kind: envelope.kind(),
            message: envelope.message,
            data: envelope.data.map(ToOwned::to_owned),
        }))
    }

    /// `data` as exact JSON text, `None` where the reply has none.
    #[must_use]
    pub fn data(&self) -> Option<&'a str> {
        self.data
    }

    /// `data` as a type of yours; an absent `data` reads as `null`.
    ///
    /// For exact decimals give the fields `#[serde(with = "wdt_proto::decimal")]`.
    ///
    /// # Errors
    /// [`DataError`] when the data does not have that type; [`Response::data`] still has it all.
    pub fn data_as<T: Deserialize<'a>>(&self) -> Result<T, DataError> {
        let data = self.data.unwrap_or("null");
        serde_json::from_str(data).map_err(|error| DataError::new(data, error))
    }

    /// The total of a paged query that asked for it: `total` or `total_count` beside the data, or
    /// `data.total_count`.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }
}

/// Is shown the pieces of a reply's `data`, see [`Response::parse_with`].
///
/// ```
/// use wdt_proto::json::{Event, Reader};
/// use wdt_proto::{Limits, Response, VisitData};
///
/// struct Depth(usize);
///
/// impl<'a> VisitData<'a> for Depth {
///     fn visit(&mut self, _: Event, reader: &Reader<'a>) {
///         self.0 = self.0.max(reader.depth());
///     }
/// }
///
/// let mut depth = Depth(0);
/// Response::parse_with(br#"{"status":0,"data":[[]]}"#, Limits::DEFAULT, &mut depth)?;
/// assert_eq!(depth.0, 3);
/// # Ok::<(), wdt_proto::ResponseError>(())
/// ```
pub trait VisitData<'a> {
    /// Takes a piece; the reader has its text.
    fn visit(&mut self, event: Event, reader: &Reader<'a>);
}

/// Nobody looks.
pub(crate) struct Unseen;

impl VisitData<'_> for Unseen {
    #[inline]
    fn visit(&mut self, _: Event, _: &Reader<'_>) {}
}

/// `data` does not have the type that was asked for. The text says where and why.
///
/// ```
/// use wdt_proto::Response;
///
/// let response = Response::parse(br#"{"status":0,"data":{"total":"many"}}"#)?;
/// let error = response.data_as::<Vec<u64>>().unwrap_err();
/// assert!(error.to_string().starts_with("data: invalid type: map"));
/// assert_eq!(response.data(), Some(r#"{"total":"many"}"#));
/// # Ok::<(), wdt_proto::ResponseError>(())
/// ```
#[derive(Debug)]
pub struct DataError {
    pointer: String,
    error: serde_json::Error,
}

impl DataError {
    fn new(data: &str, error: serde_json::Error) -> Self {
        Self { pointer: pointer_at(data, error.line(), error.column()), error }
    }

    /// Where in `data` the value stands that does not fit, as a JSON pointer (RFC 6901); empty for
    /// `data` as a whole.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }
}

bilingual!(DataError, ResponseError, ApiError);

impl Bilingual for DataError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, error } = self;
        say!(f, language, "data{pointer}: {error}", "data{pointer} 不是要求的类型：{error}")
    }
}

impl core::error::Error for DataError {}

/// Why there is no data.
///
/// ```
/// use wdt_proto::{Response, ResponseError};
///
/// match Response::parse(b"<html>502 Bad Gateway</html>") {
///     Ok(response) => println!("{:?}", response.data()),
///     Err(ResponseError::Api(error)) => println!("the platform refused: {error}"),
///     Err(ResponseError::Malformed(error)) => assert!(error.head().starts_with(b"<html>")),
///     Err(error) => println!("{error}"),
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseError {
    /// The server answered with an error.
    Api(ApiError),
    /// The body is no reply of the platform's.
    Malformed(MalformedResponse),
}

impl Bilingual for ResponseError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) => error.write(language, f),
            Self::Malformed(error) => error.write(language, f),
        }
    }
}

impl core::error::Error for ResponseError {}

/// The server answered with a status other than 0.
///
/// ```
/// use wdt_proto::{ErrorKind, Response, ResponseError};
///
/// let reply = r#"{"status":100,"message":"超过每分钟最大调用频率限制"}"#;
/// let Err(ResponseError::Api(error)) = Response::parse(reply.as_bytes()) else { panic!() };
/// assert_eq!((error.status, error.kind), (100, ErrorKind::RateLimit));
/// assert!(error.is_retryable());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// The server's number.
    pub status: i64,
    /// The server's text; empty where it sent none.
    pub message: String,
    /// What the two mean.
    pub kind: ErrorKind,
    /// `data` as exact JSON text, where the error carries some.
    pub data: Option<String>,
}

impl ApiError {
    /// Whether the same call, signed anew, may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.kind.is_retryable()
    }
}

impl Bilingual for ApiError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (status, kind, message) = (self.status, self.kind, self.message.trim());
        say!(f, language, "status {status} ({kind})", "状态码 {status}（{kind}）")?;
        if !message.is_empty() {
            say!(f, language, ": {message}", "：{message}")?;
        }
        let advice = kind.advice_in(language);
        say!(f, language, "; {advice}", "；{advice}")
    }
}

impl core::error::Error for ApiError {}

/// The fields of a reply that count, still as text.
struct Envelope<'a> {
    status: i64,
    message: String,
    data: Option<&'a str>,
    total: Option<u64>,
    is_right_required: bool,
}

impl<'a> Envelope<'a> {
    /// What the platform says with its status.
    fn kind(&self) -> ErrorKind {
        if self.is_right_required {
            return ErrorKind::Permission;
        }
        ErrorKind::classify(self.status, &self.message)
    }

    fn read(
        body: &'a [u8],
        limits: Limits,
        visitor: &mut impl VisitData<'a>,
    ) -> Result<Self, MalformedReason> {
        const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
        if body.len() > limits.max_bytes() {
            let (bytes, max_bytes) = (body.len(), limits.max_bytes());
            return Err(MalformedReason::TooLarge { bytes, max_bytes });
        }
        let text = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        if text.is_empty() {
            return Err(MalformedReason::Empty);
        }
        let found = Self::walk(text, limits, visitor);
        match &found {
            Ok(envelope) if !recognise::is_http_error(envelope.status) => found,
            _ => recognise::instead_of(text, limits, found.as_ref().err()).map_or(found, Err),
        }
    }

    fn walk(
        text: &'a [u8],
        limits: Limits,
        visitor: &mut impl VisitData<'a>,
    ) -> Result<Self, MalformedReason> {
        let mut reader = Reader::from_bytes(text, limits.max_depth())?;
        let first = reader.next()?;
        if first != Event::BeginObject {
            // Finish the walk: what is no JSON at all says so.
            while reader.next()? != Event::End {}
            return Err(MalformedReason::NotAnObject);
        }
        let (mut status, mut message, mut data, mut total) = (None, None, None, None);
        let (mut total_count, mut total_inside) = (None, None);
        let mut is_right_required = false;
        while reader.next()? == Event::Key {
            let key = reader.text();
            let value = reader.next()?;
            if key.is("status") {
                let number = integer(&reader, value).ok_or(MalformedReason::Status)?;
                set(&mut status, number, "status")?;
            } else if key.is("message") {
                set(&mut message, read_message(&mut reader, value)?, "message")?;
            } else if key.is("data") {
                let start = reader.token_start();
                total_inside = read_data(&mut reader, value, visitor)?;
                set(&mut data, reader.source_since(start), "data")?;
            } else if key.is("total") {
                set(&mut total, count(&reader, value), "total")?;
                reader.skip(value)?;
            } else if key.is("total_count") {
                set(&mut total_count, count(&reader, value), "total_count")?;
                reader.skip(value)?;
            } else if key.is("code") {
                is_right_required |=
                    value == Event::String && reader.text().is(status::RIGHT_REQUIRED);
                reader.skip(value)?;
            } else {
                reader.skip(value)?;
            }
        }
        while reader.next()? != Event::End {}
        Ok(Self {
            status: status.ok_or(MalformedReason::NoStatus)?,
            message: message.unwrap_or_default(),
            data,
            total: total.flatten().or(total_count.flatten()).or(total_inside),
            is_right_required,
        })
    }
}

/// Keeps a field that counts. Twice the same is refused: either could be the right one.
fn set<T>(slot: &mut Option<T>, value: T, name: &'static str) -> Result<(), MalformedReason> {
    match slot.replace(value) {
        Some(_) => Err(MalformedReason::Duplicate(name)),
        None => Ok(()),
    }
}

/// The server's text. Anything but a string is kept as it stands.
fn read_message(reader: &mut Reader<'_>, value: Event) -> Result<String, MalformedReason> {
    match value {
        Event::String => Ok(reader.text().decode_lossy().into_owned()),
        Event::Null => Ok(String::new()),
        other => {
            let start = reader.token_start();
            reader.skip(other)?;
            Ok(reader.source_since(start).to_owned())
        }
    }
}

/// Walks over `data`, picking up `total_count` from its first level on the way.
fn read_data<'a>(
    reader: &mut Reader<'a>,
    value: Event,
    visitor: &mut impl VisitData<'a>,
) -> Result<Option<u64>, MalformedReason> {
    if value != Event::BeginObject {
        show(reader, value, visitor)?;
        return Ok(None);
    }
    visitor.visit(value, reader);
    let mut total_count = None;
    loop {
        let event = reader.next()?;
        visitor.visit(event, reader);
        if event != Event::Key {
            return Ok(total_count);
        }
        let key = reader.text();
        let value = reader.next()?;
        if key.is("total_count") {
            total_count = count(reader, value);
        }
        show(reader, value, visitor)?;
    }
}

/// Reads a value to its end, and shows its pieces.
fn show<'a>(
    reader: &mut Reader<'a>,
    value: Event,
    visitor: &mut impl VisitData<'a>,
) -> Result<(), MalformedReason> {
    visitor.visit(value, reader);
    if matches!(value, Event::BeginArray | Event::BeginObject) {
        let depth = reader.depth();
        while reader.depth() >= depth {
            let event = reader.next()?;
            visitor.visit(event, reader);
        }
    }
    Ok(())
}

/// An integer, also where the server wrote it as a string.
fn integer(reader: &Reader<'_>, value: Event) -> Option<i64> {
    match value {
        Event::Number => reader.token().parse().ok(),
        Event::String => reader.text().raw().parse().ok(),
        _ => None,
    }
}

/// A number of rows.
fn count(reader: &Reader<'_>, value: Event) -> Option<u64> {
    integer(reader, value).and_then(|n| u64::try_from(n).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(body: &str) -> MalformedReason {
        match Response::parse(body.as_bytes()) {
            Err(ResponseError::Malformed(e)) => e.reason().clone(),
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn what_could_be_read_two_ways_is_refused() {
        assert_eq!(reason(r#"{"status":1,"status":0}"#), MalformedReason::Duplicate("status"));
        assert_eq!(
            reason(r#"{"data":1,"status":0,"d\u0061ta":2}"#),
            MalformedReason::Duplicate("data")
        );
    }

    #[test]
    fn a_status_must_be_an_integer() {
        for status in ["null", "true", "[]", "0.0", "1e2", r#""x""#, r#""""#, "9223372036854775808"]
        {
            assert_eq!(
                reason(&alloc::format!(r#"{{"status":{status}}}"#)),
                MalformedReason::Status
            );
        }
    }

    #[test]
    fn the_head_of_a_malformed_body_is_kept() {
        let body = alloc::vec![b'<'; 5000];
        let Err(ResponseError::Malformed(error)) = Response::parse(&body) else { panic!() };
        assert_eq!(error.head(), &body[..crate::MALFORMED_HEAD_BYTES]);
        assert!(alloc::format!("{error}").len() < 300);
    }

    #[test]
    fn total_count_counts_beside_data_and_at_its_first_level() {
        let total = |body: &'static str| Response::parse(body.as_bytes()).unwrap().total();
        assert_eq!(total(r#"{"status":0,"data":{"total_count":"22"}}"#), Some(22));
        assert_eq!(total(r#"{"status":0,"data":{"a":{"total_count":22}}}"#), None);
        assert_eq!(total(r#"{"status":0,"data":[{"total_count":22}]}"#), None);
        assert_eq!(total(r#"{"status":0,"total_count":22}"#), Some(22));
        assert_eq!(total(r#"{"status":0,"total_count":"22","data":{"total_count":7}}"#), Some(22));
        assert_eq!(total(r#"{"status":0,"total_count":[],"data":{"total_count":7}}"#), Some(7));
        assert_eq!(total(r#"{"status":0,"data":{"total_count":22},"total":7}"#), Some(7));
        assert_eq!(total(r#"{"status":0,"total":-1}"#), None);
    }
}
