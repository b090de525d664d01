//! A JSON string as it stands in the text, quotes off, escapes still in.

use alloc::borrow::Cow;
use alloc::string::String;

/// A JSON string or key, not yet decoded. Its escapes have been checked.
///
/// ```
/// use wdt_proto::json::{Event, Reader};
///
/// let mut reader = Reader::new(r#""\u5e93存""#, 1);
/// assert_eq!(reader.next()?, Event::String);
/// let text = reader.text();
/// assert_eq!(text.raw(), r"\u5e93存");
/// assert_eq!(text.decode().as_deref(), Some("库存"));
/// assert!(text.is("库存"));
/// # Ok::<(), wdt_proto::json::SyntaxError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    raw: &'a str,
    escaped: bool,
}

impl<'a> Text<'a> {
    pub(super) fn new(raw: &'a str, escaped: bool) -> Self {
        Self { raw, escaped }
    }

    /// The text between the quotes, escapes as they stand.
    #[must_use]
    pub fn raw(self) -> &'a str {
        self.raw
    }

    /// Whether [`Text::raw`] holds a backslash.
    #[must_use]
    pub fn is_escaped(self) -> bool {
        self.escaped
    }

    /// The characters. Half a surrogate pair (`\ud83d` alone) is no character and comes as `Err`.
    pub fn chars(self) -> impl Iterator<Item = Result<char, u16>> + 'a {
        Chars { rest: self.raw }
    }

    /// The decoded text, or `None` where it holds half a surrogate pair. Borrows where there is
    /// no escape.
    #[must_use]
    pub fn decode(self) -> Option<Cow<'a, str>> {
        if !self.escaped {
            return Some(Cow::Borrowed(self.raw));
        }
        self.chars().collect::<Result<String, u16>>().ok().map(Cow::Owned)
    }

    /// The decoded text for people to read: half a surrogate pair becomes U+FFFD.
    #[must_use]
    pub fn decode_lossy(self) -> Cow<'a, str> {
        if !self.escaped {
            return Cow::Borrowed(self.raw);
        }
        self.chars().map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }

    /// Whether the decoded text is `other`.
    #[must_use]
    pub fn is(self, other: &str) -> bool {
        if self.escaped { self.chars().eq(other.chars().map(Ok)) } else { self.raw == other }
    }
}

/// Decodes escapes that the reader has already checked.
struct Chars<'a> {
    rest: &'a str,
}

impl Iterator for Chars<'_> {
    type Item = Result<char, u16>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        if first != '\\' {
            self.rest = chars.as_str();
            return Some(Ok(first));
        }
        let escape = chars.next()?;
        self.rest = chars.as_str();
        Some(Ok(match escape {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return Some(self.unicode_escape()),
            same => same,
        }))
    }
}

impl Chars<'_> {
    /// Behind `\u`: four hex digits, and a second escape where they are the first half of a pair.
    fn unicode_escape(&mut self) -> Result<char, u16> {
        let first = self.take_hex();
        let second = match (first, self.rest.strip_prefix("\\u")) {
            (0xD800..=0xDBFF, Some(after)) => hex4(after).filter(|s| (0xDC00..=0xDFFF).contains(s)),
            _ => None,
        };
        if second.is_some() {
            self.rest = self.rest.get(6..).unwrap_or_default();
        }
        let units = [first, second.unwrap_or_default()];
        let pair = &units[..=usize::from(second.is_some())];
        char::decode_utf16(pair.iter().copied()).next().map_or(Err(first), |c| c.map_err(|_| first))
    }

    fn take_hex(&mut self) -> u16 {
        let value = hex4(self.rest).unwrap_or_default();
        self.rest = self.rest.get(4..).unwrap_or_default();
        value
    }
}

fn hex4(text: &str) -> Option<u16> {
    text.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok())
}
