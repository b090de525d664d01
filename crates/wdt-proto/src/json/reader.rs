//! Tokens out of JSON text, without recursion and without converting a number.

use alloc::vec::Vec;
use core::fmt;

use super::{Text, find_special, number_len};

/// What the reader found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// `{`
    BeginObject,
    /// `}`
    EndObject,
    /// `[`
    BeginArray,
    /// `]`
    EndArray,
    /// The key of an object's member; its value follows.
    Key(Text<'a>),
    /// A string.
    String(Text<'a>),
    /// A number, to the letter.
    Number(&'a str),
    /// `true` or `false`
    Bool(bool),
    /// `null`
    Null,
}

/// Where and why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    /// The byte at which reading stopped, counted from 0.
    pub offset: usize,
    /// What was wrong there.
    pub kind: SyntaxErrorKind,
}

/// Why a text is not JSON.
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

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            SyntaxErrorKind::UnexpectedEnd => f.write_str("the text ends too early")?,
            SyntaxErrorKind::UnexpectedByte(b) if b.is_ascii_graphic() => {
                write!(f, "unexpected '{}'", char::from(b))?;
            }
            SyntaxErrorKind::UnexpectedByte(b) => write!(f, "unexpected byte 0x{b:02x}")?,
            SyntaxErrorKind::InvalidNumber => f.write_str("not a JSON number")?,
            SyntaxErrorKind::InvalidEscape => f.write_str("not a JSON escape")?,
            SyntaxErrorKind::ControlCharacter(b) => {
                write!(f, "control character U+{b:04X} in a string, write it as \\u{b:04x}")?;
            }
            SyntaxErrorKind::TooDeep { max_depth } => {
                write!(f, "nested deeper than {max_depth}")?;
            }
            SyntaxErrorKind::TrailingData => f.write_str("more text behind the document")?,
            SyntaxErrorKind::NotUtf8 => f.write_str("not UTF-8")?,
        }
        write!(f, " at byte {}", self.offset)
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
/// use wdt_proto::json::{Reader, Token};
///
/// let mut reader = Reader::new("[1.0000]", 128);
/// assert_eq!(reader.next()?, Some(Token::BeginArray));
/// assert_eq!(reader.next()?, Some(Token::Number("1.0000")));
/// assert_eq!(reader.next()?, Some(Token::EndArray));
/// assert_eq!(reader.next()?, None);
/// # Ok::<(), wdt_proto::json::SyntaxError>(())
/// ```
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    token_start: usize,
    expect: Expect,
    depth: usize,
    max_depth: usize,
    /// One bit an open container, 1 for an object: the innermost 64 here, the outer ones behind.
    open: u64,
    outer: Vec<u64>,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of `text`; `max_depth` bounds the arrays and objects open at once.
    #[must_use]
    pub fn new(text: &'a str, max_depth: usize) -> Self {
        Self {
            text,
            at: 0,
            token_start: 0,
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
        let text = core::str::from_utf8(bytes)
            .map_err(|e| SyntaxError { offset: e.valid_up_to(), kind: SyntaxErrorKind::NotUtf8 })?;
        Ok(Self::new(text, max_depth))
    }

    /// How many arrays and objects are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The byte at which the last token starts.
    #[must_use]
    pub fn token_start(&self) -> usize {
        self.token_start
    }

    /// The text from byte `start` to the end of the last token.
    #[must_use]
    pub fn text_since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// The next token, or `None` behind the document's end.
    ///
    /// # Errors
    /// [`SyntaxError`]; the reader then stays where it is.
    #[allow(clippy::should_implement_trait)] // `?` reads better here than an iterator of results
    pub fn next(&mut self) -> Result<Option<Token<'a>>, SyntaxError> {
        let bytes = self.text.as_bytes();
        self.skip_white(bytes);
        match self.expect {
            Expect::Value | Expect::ValueOrEnd => self.value(bytes).map(Some),
            Expect::KeyOrEnd if bytes.get(self.at) == Some(&b'}') => Ok(Some(self.close())),
            Expect::KeyOrEnd => self.key(bytes).map(Some),
            Expect::CommaOrEnd => match (bytes.get(self.at), self.in_object()) {
                (Some(b','), true) => {
                    self.at += 1;
                    self.skip_white(bytes);
                    self.key(bytes).map(Some)
                }
                (Some(b','), false) => {
                    self.at += 1;
                    self.skip_white(bytes);
                    self.expect = Expect::Value;
                    self.value(bytes).map(Some)
                }
                (Some(b'}'), true) | (Some(b']'), false) => Ok(Some(self.close())),
                _ => Err(self.unexpected(bytes)),
            },
            Expect::Done if self.at == bytes.len() => Ok(None),
            Expect::Done => Err(self.error(SyntaxErrorKind::TrailingData)),
        }
    }

    /// Reads on until the array or object that the last token opened is closed. Behind any other
    /// token it does nothing.
    ///
    /// # Errors
    /// [`SyntaxError`], as for [`Reader::next`].
    pub fn skip(&mut self, opened: Token<'a>) -> Result<(), SyntaxError> {
        if !matches!(opened, Token::BeginArray | Token::BeginObject) {
            return Ok(());
        }
        let depth = self.depth;
        while self.depth >= depth {
            self.next()?;
        }
        Ok(())
    }

    fn value(&mut self, bytes: &'a [u8]) -> Result<Token<'a>, SyntaxError> {
        self.token_start = self.at;
        let token = match bytes.get(self.at) {
            Some(b'"') => {
                let text = self.string(bytes)?;
                Token::String(text)
            }
            Some(b'-' | b'0'..=b'9') => {
                let rest = &bytes[self.at..];
                let len =
                    number_len(rest).ok_or_else(|| self.error(SyntaxErrorKind::InvalidNumber))?;
                let start = self.at;
                self.at += len;
                Token::Number(self.text_since(start))
            }
            Some(b'{') => return self.open(true),
            Some(b'[') => return self.open(false),
            Some(b']') if self.expect == Expect::ValueOrEnd => return Ok(self.close()),
            Some(b't') => self.literal(bytes, "true", Token::Bool(true))?,
            Some(b'f') => self.literal(bytes, "false", Token::Bool(false))?,
            Some(b'n') => self.literal(bytes, "null", Token::Null)?,
            _ => return Err(self.unexpected(bytes)),
        };
        self.after_value();
        Ok(token)
    }

    fn key(&mut self, bytes: &'a [u8]) -> Result<Token<'a>, SyntaxError> {
        if bytes.get(self.at) != Some(&b'"') {
            return Err(self.unexpected(bytes));
        }
        self.token_start = self.at;
        let key = self.string(bytes)?;
        self.skip_white(bytes);
        if bytes.get(self.at) != Some(&b':') {
            return Err(self.unexpected(bytes));
        }
        self.at += 1;
        self.expect = Expect::Value;
        Ok(Token::Key(key))
    }

    fn string(&mut self, bytes: &'a [u8]) -> Result<Text<'a>, SyntaxError> {
        let start = self.at + 1;
        let mut at = start;
        let mut escaped = false;
        loop {
            at = match find_special(bytes, at) {
                Some(at) => at,
                None => return Err(Self::error_at(bytes.len(), SyntaxErrorKind::UnexpectedEnd)),
            };
            match bytes[at] {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    at += escape_len(&bytes[at..])
                        .ok_or(Self::error_at(at, SyntaxErrorKind::InvalidEscape))?;
                }
                control => {
                    return Err(Self::error_at(at, SyntaxErrorKind::ControlCharacter(control)));
                }
            }
        }
        self.at = at + 1;
        Ok(Text::new(self.text.get(start..at).unwrap_or_default(), escaped))
    }

    fn literal(
        &mut self,
        bytes: &[u8],
        word: &str,
        token: Token<'a>,
    ) -> Result<Token<'a>, SyntaxError> {
        if !bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.unexpected(bytes));
        }
        self.at += word.len();
        Ok(token)
    }

    fn open(&mut self, object: bool) -> Result<Token<'a>, SyntaxError> {
        if self.depth == self.max_depth {
            return Err(self.error(SyntaxErrorKind::TooDeep { max_depth: self.max_depth }));
        }
        if self.depth % 64 == 0 && self.depth > 0 {
            self.outer.push(self.open);
        }
        self.open = self.open << 1 | u64::from(object);
        self.depth += 1;
        self.at += 1;
        self.expect = if object { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
        Ok(if object { Token::BeginObject } else { Token::BeginArray })
    }

    fn close(&mut self) -> Token<'a> {
        let object = self.in_object();
        self.token_start = self.at;
        self.at += 1;
        self.depth -= 1;
        self.open = match self.depth {
            depth if depth % 64 == 0 && depth > 0 => self.outer.pop().unwrap_or_default(),
            _ => self.open >> 1,
        };
        self.after_value();
        if object { Token::EndObject } else { Token::EndArray }
    }

    fn in_object(&self) -> bool {
        self.open & 1 == 1
    }

    fn after_value(&mut self) {
        self.expect = if self.depth == 0 { Expect::Done } else { Expect::CommaOrEnd };
    }

    fn skip_white(&mut self, bytes: &[u8]) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn unexpected(&self, bytes: &[u8]) -> SyntaxError {
        self.error(match bytes.get(self.at) {
            Some(&byte) => SyntaxErrorKind::UnexpectedByte(byte),
            None => SyntaxErrorKind::UnexpectedEnd,
        })
    }

    fn error(&self, kind: SyntaxErrorKind) -> SyntaxError {
        Self::error_at(self.at, kind)
    }

    fn error_at(offset: usize, kind: SyntaxErrorKind) -> SyntaxError {
        SyntaxError { offset, kind }
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
