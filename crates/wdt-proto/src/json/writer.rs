//! Compact JSON, written once, commas kept by the writer.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use rust_decimal::Decimal;

use super::{Text, find_special, number_len};

/// A text that should be a JSON number and is none (`NaN`, `Infinity`, `1_000`, `.5`, …).
///
/// ```
/// use wdt_proto::json::{NotANumber, Writer};
///
/// assert_eq!(Writer::default().number("1_000"), Err(NotANumber));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotANumber;

impl fmt::Display for NotANumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a JSON number")
    }
}

impl core::error::Error for NotANumber {}

/// Writes compact JSON into memory.
///
/// The writer sets commas and quotes; pairing `begin_…` with `end_…` and keys with values is the
/// caller's.
///
/// ```
/// use wdt_proto::json::Writer;
///
/// let mut writer = Writer::default();
/// writer.begin_array();
/// writer.integer(2447);
/// writer.begin_object();
/// writer.key("syn_stock");
/// writer.number("999999999999999.9999")?;
/// writer.end_object();
/// writer.end_array();
/// assert_eq!(writer.into_bytes(), br#"[2447,{"syn_stock":999999999999999.9999}]"#);
/// # Ok::<(), wdt_proto::json::NotANumber>(())
/// ```
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    comma_due: bool,
}

impl Writer {
    /// With room for `bytes` bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes), comma_due: false }
    }

    /// The bytes written so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether nothing has been written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// The bytes, always UTF-8.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// `[`
    pub fn begin_array(&mut self) {
        self.begin(b'[');
    }

    /// `]`
    pub fn end_array(&mut self) {
        self.end(b']');
    }

    /// `{`
    pub fn begin_object(&mut self) {
        self.begin(b'{');
    }

    /// `}`
    pub fn end_object(&mut self) {
        self.end(b'}');
    }

    /// A member's key; its value is to follow.
    pub fn key(&mut self, key: &str) {
        self.separate();
        self.quoted(key);
        self.out.push(b':');
        self.comma_due = false;
    }

    /// A member's key that is known to need no escapes, quotes and colon included.
    pub(crate) fn quoted_key(&mut self, key: &'static str) {
        self.separate();
        self.out.extend_from_slice(key.as_bytes());
        self.comma_due = false;
    }

    /// A key as a [`Reader`](super::Reader) read it, its escapes as they stand.
    pub fn raw_key(&mut self, key: Text<'_>) {
        self.separate();
        self.raw(key);
        self.out.push(b':');
        self.comma_due = false;
    }

    /// A string as a [`Reader`](super::Reader) read it, its escapes as they stand: also half of a
    /// surrogate pair, which no Rust text holds.
    ///
    /// ```
    /// use wdt_proto::json::{Reader, Writer};
    ///
    /// let mut reader = Reader::new(r#""\ud83d""#, 1);
    /// reader.next()?;
    /// let mut writer = Writer::default();
    /// writer.raw_string(reader.text());
    /// assert_eq!(writer.into_bytes(), br#""\ud83d""#);
    /// # Ok::<(), wdt_proto::json::SyntaxError>(())
    /// ```
    pub fn raw_string(&mut self, text: Text<'_>) {
        self.separate();
        self.raw(text);
    }

    /// A string. Characters beyond ASCII are written as themselves.
    pub fn string(&mut self, text: &str) {
        self.separate();
        self.quoted(text);
    }

    /// An integer.
    pub fn integer(&mut self, value: i64) {
        self.separate();
        self.out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    }

    /// A decimal with all its digits, trailing zeros included: `1.0000` stays `1.0000`.
    pub fn decimal(&mut self, value: Decimal) {
        self.separate();
        let scale = value.scale() as usize;
        let mantissa = value.mantissa();
        let mut buffer = itoa::Buffer::new();
        let digits = match u64::try_from(mantissa.unsigned_abs()) {
            Ok(small) => buffer.format(small),
            Err(_) => buffer.format(mantissa.unsigned_abs()),
        }
        .as_bytes();
        if value.is_sign_negative() {
            self.out.push(b'-');
        }
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
        self.out.extend_from_slice(if whole.is_empty() { b"0" } else { whole });
        if scale > 0 {
            self.out.push(b'.');
            self.out.resize(self.out.len() + scale - fraction.len(), b'0');
            self.out.extend_from_slice(fraction);
        }
    }

    /// A number that is already text, written to the letter.
    ///
    /// # Errors
    /// [`NotANumber`] when `text` is not a JSON number; nothing is written then.
    pub fn number(&mut self, text: &str) -> Result<(), NotANumber> {
        if number_len(text.as_bytes()) != Some(text.len()) {
            return Err(NotANumber);
        }
        self.separate();
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// `true` or `false`
    pub fn boolean(&mut self, value: bool) {
        self.separate();
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// `null`
    pub fn null(&mut self) {
        self.separate();
        self.out.extend_from_slice(b"null");
    }

    fn begin(&mut self, bracket: u8) {
        self.separate();
        self.out.push(bracket);
        self.comma_due = false;
    }

    fn end(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.comma_due = true;
    }

    fn separate(&mut self) {
        if self.comma_due {
            self.out.push(b',');
        }
        self.comma_due = true;
    }

    fn raw(&mut self, text: Text<'_>) {
        self.out.push(b'"');
        self.out.extend_from_slice(text.raw().as_bytes());
        self.out.push(b'"');
    }

    fn quoted(&mut self, text: &str) {
        let bytes = text.as_bytes();
        self.out.reserve(bytes.len() + 3);
        self.out.push(b'"');
        let mut written = 0;
        while let Some(at) = find_special(bytes, written) {
            self.out.extend_from_slice(&bytes[written..at]);
            match bytes[at] {
                b'"' => self.out.extend_from_slice(b"\\\""),
                b'\\' => self.out.extend_from_slice(b"\\\\"),
                b'\n' => self.out.extend_from_slice(b"\\n"),
                b'\r' => self.out.extend_from_slice(b"\\r"),
                b'\t' => self.out.extend_from_slice(b"\\t"),
                control => {
                    let mut escape = String::with_capacity(6);
                    // Writing to a String cannot fail.
                    let _ = write!(escape, "\\u{control:04x}");
                    self.out.extend_from_slice(escape.as_bytes());
                }
            }
            written = at + 1;
        }
        self.out.extend_from_slice(&bytes[written..]);
        self.out.push(b'"');
    }
}
