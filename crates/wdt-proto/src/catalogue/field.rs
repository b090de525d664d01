//! One field of a method: an argument, a part of one, or a part of a reply.

use core::fmt;

use crate::json::Text;

use super::tables::{RawExtra, RawField, Tables, field_flag, kind, layout, tag};

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

/// A documented value of a field: a known one, not the only possible ones.
///
/// ```
/// use wdt_proto::catalogue;
///
/// let codes = catalogue::methods()
///     .flat_map(|method| method.params().flat_map(|param| param.fields()))
///     .flat_map(|field| field.codes());
/// assert!(codes.filter(|code| !code.label.is_empty()).count() > 100);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code<'c> {
    /// The value as text: `1`, `true`, ….
    pub value: &'c str,
    /// What it means.
    pub label: &'c str,
}

/// A field of the catalogue.
///
/// ```
/// use wdt_proto::catalogue;
///
/// let method = catalogue::method("sales.StockSync.syncFail").unwrap();
/// let info = method.params().last().unwrap();
/// let field = info.fields().find(|field| field.name() == "syn_result").unwrap();
/// assert_eq!(field.label(), "同步结果");
/// assert_eq!(field.kind().to_string(), "string(1024)");
/// // The page requires it, its own example does without.
/// assert!(field.is_required() && field.may_be_missing());
/// ```
#[derive(Clone, Copy)]
pub struct Field<'c> {
    tables: &'c Tables,
    raw: &'c RawField,
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
}

/// The kind of a value that is no container, with what limits it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text { max_chars: u32 },
    Integer { bits: u32 },
    Decimal { precision: u8, scale: u8 },
    Bool,
}

impl<'c> Field<'c> {
    pub(super) fn new(tables: &'c Tables, raw: &'c RawField) -> Self {
        Self { tables, raw }
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'c str {
        self.tables.text(self.raw.name)
    }

    /// The vendor's label: 最后同步库存量.
    #[must_use]
    pub fn label(self) -> &'c str {
        self.tables.text(self.raw.label)
    }

    /// What it holds; of a list, what each element is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.raw.kind {
            kind::STRING => {
                Kind::String { max_chars: (self.raw.length > 0).then_some(self.raw.length) }
            }
            kind::INT => Kind::Int,
            kind::LONG => Kind::Long,
            kind::SHORT => Kind::Short,
            kind::BYTE => Kind::Byte,
            kind::DECIMAL => Kind::Decimal { precision: self.raw.precision, scale: self.raw.scale },
            kind::BOOL => Kind::Bool,
            kind::DATETIME => Kind::DateTime,
            kind::OBJECT => Kind::Object,
            kind::MAP => Kind::Map,
            _ => Kind::Unknown,
        }
    }

    /// Whether it is a list.
    #[must_use]
    pub fn is_list(self) -> bool {
        self.has(field_flag::LIST)
    }

    /// Whether the vendor's page marks it as required.
    #[must_use]
    pub fn is_required(self) -> bool {
        self.has(field_flag::REQUIRED)
    }

    /// Whether, though required, a documented example does without it, or the page makes the
    /// requirement depend on other fields: then its absence is a warning by default.
    #[must_use]
    pub fn may_be_missing(self) -> bool {
        self.has(field_flag::MISSING_TOLERATED)
    }

    /// Whether the page makes the requirement depend on other fields.
    #[must_use]
    pub fn is_conditional(self) -> bool {
        self.has(field_flag::CONDITIONAL)
    }

    /// The documented values; none where the page lists none.
    #[must_use]
    pub fn codes(self) -> impl ExactSizeIterator<Item = Code<'c>> {
        let tables = self.tables;
        tables
            .codes(self.raw.codes)
            .iter()
            .map(move |raw| Code { value: tables.text(raw.value), label: tables.text(raw.label) })
    }

    /// The smallest and the largest number, where the page states one.
    #[must_use]
    pub fn range(self) -> (Option<i64>, Option<i64>) {
        self.extra().map_or((None, None), |extra| (extra.min, extra.max))
    }

    /// The most elements of a list, or values of a joined string.
    #[must_use]
    pub fn max_items(self) -> Option<u32> {
        self.extra().map(|extra| extra.max_items).filter(|n| *n > 0)
    }

    /// What joins several values in one string.
    #[must_use]
    pub fn separator(self) -> Option<char> {
        self.extra().and_then(|extra| extra.separator)
    }

    /// How a date-time must be written: `yyyy-MM-dd HH:mm:ss`.
    #[must_use]
    pub fn format(self) -> Option<&'static str> {
        self.layout().map(Layout::pattern)
    }

    /// The fields of an object, or of each object of a list.
    #[must_use]
    pub fn fields(self) -> impl ExactSizeIterator<Item = Field<'c>> {
        let tables = self.tables;
        tables.fields(self.raw.fields).iter().map(move |raw| Field::new(tables, raw))
    }

    /// Where among the fields the one of this name stands, looked for from `hint` on first.
    pub(crate) fn place_of(self, name: Text<'_>, hint: usize) -> Option<usize> {
        let fields = self.tables.fields(self.raw.fields);
        if name.is_escaped() {
            return fields.iter().position(|raw| name.is(self.tables.text(raw.name)));
        }
        let name = name.raw().as_bytes();
        let tag = tag(name);
        let is_it = |raw: &RawField| raw.tag == tag && self.tables.bytes(raw.name) == name;
        if fields.get(hint).is_some_and(is_it) {
            return Some(hint);
        }
        fields.iter().position(is_it)
    }

    pub(crate) fn tolerates_null(self) -> bool {
        self.has(field_flag::NULL_TOLERATED)
    }

    pub(crate) fn tolerates_empty(self) -> bool {
        self.has(field_flag::EMPTY_TOLERATED)
    }

    pub(crate) fn is_bitmask(self) -> bool {
        self.has(field_flag::BITMASK)
    }

    pub(crate) fn is_batch_advisory(self) -> bool {
        self.has(field_flag::MAX_ITEMS_ADVISORY)
    }

    /// Whether there is more to check than the type: layout, codes, range, number of values.
    pub(crate) fn is_limited(self) -> bool {
        self.has(field_flag::LIMITED)
    }

    /// Whether it begins or ends a span of time.
    pub(crate) fn is_in_span(self) -> bool {
        self.has(field_flag::SPAN)
    }

    /// Whether keys beyond the documented ones are expected.
    pub(crate) fn is_open(self) -> bool {
        self.has(field_flag::OPEN)
    }

    /// The place, among its siblings, of the field that ends the span that this one begins.
    pub(crate) fn span_to(self) -> Option<usize> {
        let span_to = self.extra().map_or(0, |extra| extra.span_to);
        (span_to as usize).checked_sub(1)
    }

    pub(crate) fn layout(self) -> Option<Layout> {
        match self.raw.layout {
            layout::SECONDS => Some(Layout::Seconds),
            layout::MINUTES => Some(Layout::Minutes),
            layout::DAYS => Some(Layout::Days),
            _ => None,
        }
    }

    /// `None` for objects, maps and what may be anything.
    pub(crate) fn scalar(self) -> Option<Scalar> {
        Some(match self.raw.kind {
            kind::STRING | kind::DATETIME => Scalar::Text { max_chars: self.raw.length },
            kind::INT => Scalar::Integer { bits: 32 },
            kind::LONG => Scalar::Integer { bits: 64 },
            kind::SHORT => Scalar::Integer { bits: 16 },
            kind::BYTE => Scalar::Integer { bits: 8 },
            kind::DECIMAL => {
                Scalar::Decimal { precision: self.raw.precision, scale: self.raw.scale }
            }
            kind::BOOL => Scalar::Bool,
            _ => return None,
        })
    }

    fn extra(self) -> Option<&'c RawExtra> {
        self.tables.extras.get((self.raw.extra as usize).checked_sub(1)?)
    }

    fn has(self, flag: u16) -> bool {
        self.raw.flags & flag != 0
    }
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Field").field(&self.name()).finish()
    }
}
