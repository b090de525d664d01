//! What a field holds and how a date-time is written, each in the files' words and as values: the
//! tables hold the values themselves.

use alloc::string::ToString;
use core::fmt;

use super::error::Reason;

/// What a field holds.
///
/// ```
/// use wdt_proto::catalogue::{self, Kind};
///
/// let method = catalogue::method("sales.StockSync.cancelSync").unwrap();
/// let kinds: Vec<Kind> = method.params().map(|field| field.kind()).collect();
/// assert_eq!(kinds, [Kind::Long, Kind::Int]);
/// assert_eq!(Kind::String { max_chars: Some(40) }.to_string(), "string(40)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Text of at most so many characters (Unicode scalar values), `None` for any number.
    String {
        /// The limit.
        max_chars: Option<u32>,
    },
    /// A 32-bit signed integer.
    Int,
    /// A 64-bit signed integer.
    Long,
    /// A 16-bit signed integer.
    Short,
    /// An 8-bit signed integer.
    Byte,
    /// A decimal: `precision` digits in all, `scale` of them fractional.
    Decimal {
        /// Digits in all.
        precision: u8,
        /// Fractional digits.
        scale: u8,
    },
    /// `true` or `false`.
    Bool,
    /// A date-time as text, Beijing time.
    DateTime,
    /// An object whose fields are documented.
    Object,
    /// An object of keys that nobody documents.
    Map,
    /// Anything.
    Unknown,
}

/// As the catalogue's files write it: `string(40)`, `decimal(19,4)`, ….
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String { max_chars: Some(max) } => write!(f, "string({max})"),
            Self::String { max_chars: None } => f.write_str("string"),
            Self::Int => f.write_str("int"),
            Self::Long => f.write_str("long"),
            Self::Short => f.write_str("short"),
            Self::Byte => f.write_str("byte"),
            Self::Decimal { precision, scale } => write!(f, "decimal({precision},{scale})"),
            Self::Bool => f.write_str("bool"),
            Self::DateTime => f.write_str("datetime"),
            Self::Object => f.write_str("object"),
            Self::Map => f.write_str("map"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

impl Kind {
    /// Reads what `Display` writes; `list<…>` of it is a list.
    pub(super) fn parse(text: &str) -> Result<(Self, bool), Reason> {
        let list = text.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>'));
        Self::parse_one(list.unwrap_or(text), text).map(|kind| (kind, list.is_some()))
    }

    fn parse_one(one: &str, whole: &str) -> Result<Self, Reason> {
        let unknown = || Reason::UnknownType(whole.to_string());
        let (name, arguments) = match one.split_once('(') {
            Some((name, rest)) => (name, Some(rest.strip_suffix(')').ok_or_else(unknown)?)),
            None => (one, None),
        };
        Ok(match (name, arguments) {
            ("string", None) => Self::String { max_chars: None },
            ("string", Some(max)) => match max.parse() {
                Ok(max) if max > 0 => Self::String { max_chars: Some(max) },
                _ => return Err(unknown()),
            },
            ("int", None) => Self::Int,
            ("long", None) => Self::Long,
            ("short", None) => Self::Short,
            ("byte", None) => Self::Byte,
            ("decimal", Some(digits)) => {
                let (precision, scale) = digits.split_once(',').ok_or_else(unknown)?;
                let precision: u8 = precision.parse().map_err(|_| unknown())?;
                let scale: u8 = scale.parse().map_err(|_| unknown())?;
                if scale > precision {
                    return Err(Reason::ScaleAbovePrecision(whole.to_string()));
                }
                Self::Decimal { precision, scale }
            }
            ("bool", None) => Self::Bool,
            ("datetime", None) => Self::DateTime,
            ("object", None) => Self::Object,
            ("map", None) => Self::Map,
            ("unknown", None) => Self::Unknown,
            _ => return Err(unknown()),
        })
    }

    /// `None` for objects, maps and what may be anything.
    pub(crate) fn scalar(self) -> Option<Scalar> {
        Some(match self {
            Self::String { max_chars } => Scalar::Text { max_chars: max_chars.unwrap_or(0) },
            Self::DateTime => Scalar::Text { max_chars: 0 },
            Self::Int => Scalar::Integer { bits: 32 },
            Self::Long => Scalar::Integer { bits: 64 },
            Self::Short => Scalar::Integer { bits: 16 },
            Self::Byte => Scalar::Integer { bits: 8 },
            Self::Decimal { precision, scale } => Scalar::Decimal { precision, scale },
            Self::Bool => Scalar::Bool,
            Self::Object | Self::Map | Self::Unknown => return None,
        })
    }
}

/// What the check of a value that is no container asks of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    /// 0 characters are any number of them.
    Text {
        max_chars: u32,
    },
    Integer {
        bits: u32,
    },
    Decimal {
        precision: u8,
        scale: u8,
    },
    Bool,
}

/// How a date-time must be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Seconds,
    Minutes,
    Days,
}

impl Layout {
    pub(crate) fn pattern(self) -> &'static str {
        match self {
            Self::Seconds => "yyyy-MM-dd HH:mm:ss",
            Self::Minutes => "yyyy-MM-dd HH:mm",
            Self::Days => "yyyy-MM-dd",
        }
    }

    /// Reads what [`Layout::pattern`] gives.
    pub(super) fn parse(pattern: &str) -> Option<Self> {
        [Self::Seconds, Self::Minutes, Self::Days].into_iter().find(|it| it.pattern() == pattern)
    }
}
