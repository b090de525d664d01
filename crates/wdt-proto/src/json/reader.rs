//! Tokens out of JSON text, without recursion and without converting a number.

use alloc::vec::Vec;
use core::fmt;

use super::{Text, find_special, number_len};
use crate::language::{Bilingual, Language, bilingual, say};

/// What the reader found. The token's text stays with the reader: [`Reader::text`] for a key or a
/// string, [`Reader::token`] for a number.
///
/// ```
/// use wdt_proto::json::{Event, Reader};
///
/// let mut reader = Reader::new(r#"{"n":1.0000}"#, 128);
/// assert_eq!(reader.next()?, Event::BeginObject);
/// assert_eq!(reader.next()?, Event::Key);
/// assert!(reader.text().is("n"));
/// assert_eq!(reader.next()?, Event::Number);
/// assert_eq!(reader.token(), "1.0000");
/// assert_eq!(reader.next()?, Event::EndObject);
/// assert_eq!(reader.next()?, Event::End);
/// # Ok::<(), wdt_proto::json::SyntaxError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// `{`
    BeginObject,
    /// `}`
    EndObject,
    /// `[`
    BeginArray,
    /// `]`
    EndArray,
    /// The key of an object's member; its value follows.
    Key,
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`
    Bool(bool),
    /// `null`
    Null,
    /// The document is complete and nothing but white space follows.
    End,
}

/// Where and why a text is not JSON.
///
/// ```
/// use wdt_proto::json::{Event, Reader};
///
/// let mut reader = Reader::new("[1,]", 128);
/// let error = loop {
///     match reader.next() {
///         Ok(Event::End) => panic!("it is not JSON"),
///         Ok(_) => {}
///         Err(error) => break error,
///     }
/// };
/// assert_eq!(error.to_string(), "unexpected ']' at byte 3");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    /// The byte at which reading stopped, counted from 0.
    pub offset: usize,
    /// What was wrong there.
    pub kind: SyntaxErrorKind,
}

/// Why a text is not JSON.
///
/// ```
/// use wdt_proto::json::{Reader, SyntaxErrorKind};
///
/// let error = Reader::new("[", 0).next().unwrap_err();
/// assert_eq!(error.kind, SyntaxErrorKind::TooDeep { max_depth: 0 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// The text ends where something must follow.
    UnexpectedEnd,
    /// A byte that cannot stand in its place.
    UnexpectedByte(u8),
    /// Something that starts like a number and is none.
    InvalidNumber,
    /// A backslash that starts no escape of JSON's.
    InvalidEscape,
    /// A control character inside a string, which JSON writes as an escape.
    ControlCharacter(u8),
    /// More arrays and objects open at once than the limit allows.
    TooDeep {
        /// The limit.
        max_depth: usize,
    },
    /// A second document behind the first.
    TrailingData,
    /// The bytes are not UTF-8.
    NotUtf8,
}

bilingual!(SyntaxError);

impl Bilingual for SyntaxError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.offset;
        say!(f, language, "", "第 {offset} 字节：")?;
        match self.kind {
            SyntaxErrorKind::UnexpectedEnd => {
                say!(f, language, "the text ends too early", "文本不完整，提前结束")?;
            }
            SyntaxErrorKind::UnexpectedByte(b) if b.is_ascii_graphic() => {
                let found = char::from(b);
                say!(f, language, "unexpected '{found}'", "这里不该出现 '{found}'")?;
            }
            SyntaxErrorKind::UnexpectedByte(b) => {
                say!(f, language, "unexpected byte 0x{b:02x}", "这里不该出现字节 0x{b:02x}")?;
            }
            SyntaxErrorKind::InvalidNumber => {
                say!(f, language, "not a JSON number", "不是 JSON 数字")?;
            }
            SyntaxErrorKind::InvalidEscape => {
                say!(f, language, "not a JSON escape", "不是 JSON 转义")?;
            }
            SyntaxErrorKind::ControlCharacter(b) => say!(
                f,
                language,
                "control character U+{b:04X} in a string, write it as \\u{b:04x}",
                "字符串里有控制字符 U+{b:04X}，应写成 \\u{b:04x}"
            )?,
            SyntaxErrorKind::TooDeep { max_depth } => {
                say!(f, language, "nested deeper than {max_depth}", "嵌套超过 {max_depth} 层")?;
            }
            SyntaxErrorKind::TrailingData => {
                say!(f, language, "more text behind the document", "JSON 之后还有多余的内容")?;
            }
            SyntaxErrorKind::NotUtf8 => say!(f, language, "not UTF-8", "不是 UTF-8")?,
        }
        say!(f, language, " at byte {offset}", "")
    }
}

impl core::error::Error for SyntaxError {}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    KeyOrEnd,
    CommaOrEnd,
    Done,
}

/// A pull reader over one JSON document.
///
/// Open arrays and objects are kept as bits, so depth costs one bit a level and no stack.
///
/// ```
/// use wdt_proto::json::{Event, Reader};
///
/// let mut reader = Reader::new("[1.0000]", 128);
/// assert_eq!(reader.next()?, Event::BeginArray);
/// assert_eq!(reader.next()?, Event::Number);
/// assert_eq!(reader.token(), "1.0000");
/// assert_eq!(reader.next()?, Event::EndArray);
/// assert_eq!(reader.next()?, Event::End);
/// # Ok::<(), wdt_proto::json::SyntaxError>(())
/// ```
#[derive(Debug)]
pub struct Reader<'a> {
    source: &'a str,
    at: usize,
    token_start: usize,
    token_end: usize,
    escaped: bool,
    expect: Expect,
    depth: usize,
    max_depth: usize,
    /// One bit an open container, 1 for an object: the innermost 64 here, the outer ones behind.
    open: u64,
    outer: Vec<u64>,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of `source`; `max_depth` bounds the arrays and objects open at once.
    #[must_use]
    pub fn new(source: &'a str, max_depth: usize) -> Self {
        Self {
            source,
            at: 0,
            token_start: 0,
            token_end: 0,
            escaped: false,
            expect: Expect::Value,
            depth: 0,
            max_depth,
            open: 0,
            outer: Vec::new(),
        }
    }

    /// The same from bytes.
    ///
    /// # Errors
    /// [`SyntaxErrorKind::NotUtf8`].
    pub fn from_bytes(bytes: &'a [u8], max_depth: usize) -> Result<Self, SyntaxError> {
        match core::str::from_utf8(bytes) {
            Ok(source) => Ok(Self::new(source, max_depth)),
            Err(e) => Err(SyntaxError { offset: e.valid_up_to(), kind: SyntaxErrorKind::NotUtf8 }),
        }
    }

    /// How many arrays and objects are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The last token as it stands in the source, a string's quotes included.
    #[must_use]
    pub fn token(&self) -> &'a str {
        self.source_since(self.token_start)
    }

    /// The last key or string. Behind any other token it means nothing.
    #[must_use]
    pub fn text(&self) -> Text<'a> {
        let inner = self.source.get(self.token_start + 1..self.token_end.saturating_sub(1));
        Text::new(inner.unwrap_or_default(), self.escaped)
    }

    /// The last number, boolean or null as if it had come in quotes.
    pub(crate) fn bare_text(&self) -> Text<'a> {
        Text::new(self.token(), false)
    }

    /// The byte at which the last token starts.
    #[must_use]
    pub fn token_start(&self) -> usize {
        self.token_start
    }

    /// The source from byte `start` to the end of the last token.
    #[must_use]
    pub fn source_since(&self, start: usize) -> &'a str {
        self.source.get(start..self.token_end).unwrap_or_default()
    }

    /// A fresh reader over the value that begins at byte `start`, which has been read before.
    pub(crate) fn again_from(&self, start: usize) -> Self {
        Self::new(self.source.get(start..).unwrap_or_default(), self.max_depth)
    }

    /// Whether the list that has just begun ends at once.
    pub(crate) fn is_at_empty_list(&self) -> bool {
        let mut ahead = self.again_from(self.token_start);
        ahead.next() == Ok(Event::BeginArray) && ahead.next() == Ok(Event::EndArray)
    }

    /// The string whose opening quote stands at byte `start`, if it has no escapes: for a second
    /// look at a value that has been read.
    pub(crate) fn string_at(&self, start: usize) -> Option<&'a str> {
        let inner = self.source.get(start..)?.strip_prefix('"')?;
        let end = inner.find(['"', '\\'])?;
        inner[end..].starts_with('"').then(|| &inner[..end])
    }

    /// Reads the next token.
    ///
    /// # Errors
    /// [`SyntaxError`]; do not read on behind one.
    #[allow(clippy::should_implement_trait)] // `?` reads better here than an iterator of results
    pub fn next(&mut self) -> Result<Event, SyntaxError> {
        let bytes = self.source.as_bytes();
        let byte = self.next_byte(bytes);
        match self.expect {
            Expect::CommaOrEnd => match (byte, self.in_object()) {
                (Some(b','), true) => {
                    self.at += 1;
                    let byte = self.next_byte(bytes);
                    self.key(bytes, byte)
                }
                (Some(b','), false) => {
                    self.at += 1;
                    let byte = self.next_byte(bytes);
                    self.value(bytes, byte)
                }
                (Some(b'}'), true) | (Some(b']'), false) => Ok(self.close()),
                _ => Err(self.unexpected(byte)),
            },
            Expect::ValueOrEnd if byte == Some(b']') => Ok(self.close()),
            Expect::Value | Expect::ValueOrEnd => self.value(bytes, byte),
            Expect::KeyOrEnd if byte == Some(b'}') => Ok(self.close()),
            Expect::KeyOrEnd => self.key(bytes, byte),
            Expect::Done if byte.is_none() => Ok(Event::End),
            Expect::Done => Err(self.error(SyntaxErrorKind::TrailingData)),
        }
    }

    /// Reads on until the array or object that `event` opened is closed. For any other event it
    /// does nothing.
    ///
    /// # Errors
    /// [`SyntaxError`], as for [`Reader::next`].
    pub fn skip(&mut self, event: Event) -> Result<(), SyntaxError> {
        if matches!(event, Event::BeginArray | Event::BeginObject) {
            let depth = self.depth;
            while self.depth >= depth {
                self.next()?;
            }
        }
        Ok(())
    }

    #[inline]
    fn value(&mut self, bytes: &[u8], byte: Option<u8>) -> Result<Event, SyntaxError> {
        self.token_start = self.at;
        let event = match byte {
            Some(b'"') => {
                self.string(bytes)?;
                Event::String
            }
            Some(b'-' | b'0'..=b'9') => {
                match number_len(&bytes[self.at..]) {
                    Some(len) => self.at += len,
                    None => return Err(self.error(SyntaxErrorKind::InvalidNumber)),
                }
                Event::Number
            }
            Some(b'{') => return self.open(true),
            Some(b'[') => return self.open(false),
            Some(b't') => self.literal(bytes, b"true", Event::Bool(true))?,
            Some(b'f') => self.literal(bytes, b"false", Event::Bool(false))?,
            Some(b'n') => self.literal(bytes, b"null", Event::Null)?,
            _ => return Err(self.unexpected(byte)),
        };
        self.token_end = self.at;
        self.after_value();
        Ok(event)
    }

    #[inline]
    fn key(&mut self, bytes: &[u8], byte: Option<u8>) -> Result<Event, SyntaxError> {
        if byte != Some(b'"') {
            return Err(self.unexpected(byte));
        }
        self.token_start = self.at;
        self.string(bytes)?;
        self.token_end = self.at;
        match self.next_byte(bytes) {
            Some(b':') => self.at += 1,
            byte => return Err(self.unexpected(byte)),
        }
        self.expect = Expect::Value;
        Ok(Event::Key)
    }

    /// From the opening quote to behind the closing one.
    #[inline]
    fn string(&mut self, bytes: &[u8]) -> Result<(), SyntaxError> {
        self.escaped = false;
        self.at += 1;
        loop {
            self.at = find_special(bytes, self.at).unwrap_or(bytes.len());
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.escaped = true;
                    match escape_len(&bytes[self.at..]) {
                        Some(len) => self.at += len,
                        None => return Err(self.error(SyntaxErrorKind::InvalidEscape)),
                    }
                }
                Some(&control) => {
                    return Err(self.error(SyntaxErrorKind::ControlCharacter(control)));
                }
                None => return Err(self.error(SyntaxErrorKind::UnexpectedEnd)),
            }
        }
    }

    fn literal(&mut self, bytes: &[u8], word: &[u8], event: Event) -> Result<Event, SyntaxError> {
        if !bytes[self.at..].starts_with(word) {
            return Err(self.unexpected(bytes.get(self.at).copied()));
        }
        self.at += word.len();
        Ok(event)
    }

    fn open(&mut self, object: bool) -> Result<Event, SyntaxError> {
        if self.depth == self.max_depth {
            return Err(self.error(SyntaxErrorKind::TooDeep { max_depth: self.max_depth }));
        }
        if self.depth % 64 == 0 && self.depth > 0 {
            self.outer.push(self.open);
        }
        self.open = self.open << 1 | u64::from(object);
        self.depth += 1;
        self.at += 1;
        self.token_end = self.at;
        self.expect = if object { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
        Ok(if object { Event::BeginObject } else { Event::BeginArray })
    }

    fn close(&mut self) -> Event {
        let object = self.in_object();
        self.token_start = self.at;
        self.at += 1;
        self.token_end = self.at;
        self.depth -= 1;
        self.open = match self.depth {
            depth if depth % 64 == 0 && depth > 0 => self.outer.pop().unwrap_or_default(),
            _ => self.open >> 1,
        };
        self.after_value();
        if object { Event::EndObject } else { Event::EndArray }
    }

    fn in_object(&self) -> bool {
        self.open & 1 == 1
    }

    fn after_value(&mut self) {
        self.expect = if self.depth == 0 { Expect::Done } else { Expect::CommaOrEnd };
    }

    /// The next byte that is no white space.
    #[inline]
    fn next_byte(&mut self, bytes: &[u8]) -> Option<u8> {
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                byte => return byte.copied(),
            }
        }
    }

    #[cold]
    fn unexpected(&self, byte: Option<u8>) -> SyntaxError {
        self.error(match byte {
            Some(byte) => SyntaxErrorKind::UnexpectedByte(byte),
            None => SyntaxErrorKind::UnexpectedEnd,
        })
    }

    #[cold]
    fn error(&self, kind: SyntaxErrorKind) -> SyntaxError {
        SyntaxError { offset: self.at, kind }
    }
}

/// The length of the escape that `bytes` starts with, the backslash included.
fn escape_len(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => bytes.get(2..6)?.iter().all(u8::is_ascii_hexdigit).then_some(6),
        _ => None,
    }
}
