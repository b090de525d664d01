//! One field of a method: an argument, a part of one, or a part of a reply.

use core::fmt;

use crate::json::Text;

use super::kind::{Kind, Layout, Scalar};
use super::tables::{RawExtra, RawField, Slice, Tables, field_flag, names, tag};

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
        self.raw.kind
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
    /// requirement depend on other fields: then its absence, or a null, is a warning by default.
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

    /// Whether it holds a moment: it is typed as one, or it is typed as text, and the page or its
    /// examples write one (`yyyy-MM-dd HH:mm:ss`, milliseconds since 1970).
    ///
    /// ```
    /// let method = wdt_proto::catalogue::method("aftersales.refund.Refund.search").unwrap();
    /// let row = method.row_field().unwrap();
    /// let modified = row.fields().find(|field| field.name() == "modified").unwrap();
    /// assert_eq!(modified.kind().to_string(), "string(40)");
    /// assert!(modified.is_time());
    /// ```
    #[must_use]
    pub fn is_time(self) -> bool {
        self.has(field_flag::TIME)
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

    /// Of an object: groups of members of which one is enough, `["start_time+end_time",
    /// "trade_no"]`. A required member is not missed where another group is there.
    ///
    /// ```
    /// use wdt_proto::catalogue;
    ///
    /// let method = catalogue::method("sales.TradeQuery.queryWithDetail").unwrap();
    /// let params = method.params().next().unwrap();
    /// assert!(params.one_of().any(|group| group == "start_time+end_time"));
    /// ```
    pub fn one_of(self) -> impl Iterator<Item = &'c str> {
        let slice = self.extra().map_or(Slice::default(), |extra| extra.one_of);
        names(self.tables.text(slice))
    }

    pub(crate) fn has_groups(self) -> bool {
        self.has(field_flag::ONE_OF)
    }

    /// Whether an empty text is known to be taken for a number, a boolean or a time: where it
    /// stands for nothing, or an example has it.
    pub(crate) fn tolerates_empty(self) -> bool {
        !self.is_required() || self.has(field_flag::EMPTY_TOLERATED)
    }

    /// The length that another page gives the same text, where it is longer.
    pub(crate) fn longest(self) -> usize {
        self.extra().map_or(0, |extra| extra.longest) as usize
    }

    /// What joins values each of which may have the documented length.
    pub(crate) fn separator_of_lengths(self) -> Option<char> {
        self.separator().filter(|_| !self.has(field_flag::LENGTH_OF_WHOLE))
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
    #[must_use]
    pub fn is_in_span(self) -> bool {
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
        self.raw.layout
    }

    /// `None` for objects, maps and what may be anything.
    pub(crate) fn scalar(self) -> Option<Scalar> {
        self.raw.kind.scalar()
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
