//! What a place takes, and what was given in it.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use crate::json::{Event, Reader};
use crate::language::{Bilingual, Language, bilingual, say};

/// What a place takes.
///
/// ```
/// use wdt_proto::Expected;
///
/// assert_eq!(Expected::Boolean.to_string(), "true or false");
/// assert_eq!(Expected::Boolean.zh().to_string(), "布尔值（true 或 false）");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Expected {
    /// A string.
    String,
    /// A whole number.
    Integer,
    /// A whole number, written without a point or an exponent.
    PlainInteger,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `true` or `false`, which the platform also writes as 1 and 0.
    Flag,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Bilingual for Expected {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => say!(f, language, "a string", "字符串"),
            Self::Integer => say!(f, language, "a whole number", "整数"),
            Self::PlainInteger => say!(
                f,
                language,
                "a whole number without point or exponent",
                "不带小数点和指数的整数"
            ),
            Self::Number => say!(f, language, "a number", "数字"),
            Self::Boolean => say!(f, language, "true or false", "布尔值（true 或 false）"),
            Self::Flag => say!(f, language, "true, false, 1 or 0", "布尔值（true、false、1 或 0）"),
            Self::List => say!(f, language, "a list", "列表"),
            Self::Object => say!(f, language, "an object", "对象"),
        }
    }
}

/// What was given in a place.
///
/// ```
/// use wdt_proto::Found;
///
/// assert_eq!(Found::Number("1.5".into()).to_string(), "the number 1.5");
/// assert_eq!(Found::Text("abc".into()).zh().to_string(), "字符串 \"abc\"");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Found {
    /// An object.
    Object,
    /// A list.
    List,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number: its text, at most [`Found::KEPT`] characters of it.
    Number(String),
    /// A string: at most [`Found::KEPT`] characters of it.
    Text(String),
}

impl Found {
    /// How many characters of a value are kept in a cause; its text shows the first 40.
    pub const KEPT: usize = 100;

    /// What a reader has come to.
    pub(crate) fn of(reader: &Reader<'_>, event: Event) -> Self {
        match event {
            Event::BeginObject => Self::Object,
            Event::BeginArray => Self::List,
            Event::Number => Self::Number(Self::kept(reader.token())),
            Event::String => Self::Text(Self::kept(&reader.text().decode_lossy())),
            Event::Bool(flag) => Self::Boolean(flag),
            _ => Self::Null,
        }
    }

    /// As much of a value as is kept.
    pub(crate) fn kept(text: &str) -> String {
        match text.char_indices().nth(Self::KEPT) {
            Some((at, _)) => text.get(..at).unwrap_or_default().into(),
            None => text.into(),
        }
    }
}

impl Bilingual for Found {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object => say!(f, language, "an object", "对象"),
            Self::List => say!(f, language, "a list", "列表"),
            Self::Null => say!(f, language, "null", "空值 null"),
            Self::Boolean(flag) => say!(f, language, "{flag}", "布尔值 {flag}"),
            Self::Number(number) => {
                let number = shown(number);
                say!(f, language, "the number {number}", "数字 {number}")
            }
            Self::Text(text) => {
                let text = shown(text);
                say!(f, language, "the text {text:?}", "字符串 {text:?}")
            }
        }
    }
}

/// The beginning of a text that may be long.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => Cow::Owned(alloc::format!("{}…", text.get(..at).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

bilingual!(Expected, Found);
