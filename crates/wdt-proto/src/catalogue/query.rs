//! What a page says beyond a call's arguments: a query's rows and span, a writing call's failures.

use core::fmt;

use super::tables::{RawFailures, RawQuery, RawSpan, Tables, method_flag, names};
use super::{Field, Method};

impl<'c> Method<'c> {
    /// The name of the list inside `data` that holds a query's rows; empty where `data` is the
    /// list itself; `None` where there is no list.
    ///
    /// ```
    /// use wdt_proto::catalogue;
    ///
    /// let rows = |name| catalogue::method(name).unwrap().rows();
    /// assert_eq!(rows("wms.stockout.Sales.queryWithDetail"), Some("order"));
    /// assert_eq!(rows("sales.LogisticsSync.getSyncListExt"), Some(""));
    /// assert_eq!(rows("sales.StockSync.syncFail"), None);
    /// ```
    #[must_use]
    pub fn rows(self) -> Option<&'c str> {
        self.query()?.rows.map(|rows| self.tables.text(rows))
    }

    /// The field of the reply whose elements are the rows.
    ///
    /// ```
    /// let method = wdt_proto::catalogue::method("wms.stockout.Sales.queryWithDetail").unwrap();
    /// let row = method.row_field().unwrap();
    /// assert!(row.is_list() && row.fields().any(|field| field.name() == "stockout_id"));
    /// ```
    #[must_use]
    pub fn row_field(self) -> Option<Field<'c>> {
        let rows = self.rows()?;
        let data = self.response().find(|field| field.name() == "data")?;
        if rows.is_empty() {
            return Some(data);
        }
        data.fields().find(|field| field.name() == rows)
    }

    /// The fields that tell two rows apart, as the page has them; none where it names none.
    ///
    /// ```
    /// let method = wdt_proto::catalogue::method("wms.stockout.Sales.queryWithDetail").unwrap();
    /// assert!(method.row_key().eq(["stockout_id"]));
    /// ```
    pub fn row_key(self) -> impl Iterator<Item = &'c str> {
        names(self.query().map_or("", |query| self.tables.text(query.row_key)))
    }

    /// The fields that seem to tell two rows apart where the page names none: a guess, with its
    /// reason in the catalogue's file. Nobody has confirmed it.
    pub fn row_key_guess(self) -> impl Iterator<Item = &'c str> {
        names(self.query().map_or("", |query| self.tables.text(query.row_key_guess)))
    }

    /// The span of time that the query filters on.
    ///
    /// ```
    /// let method = wdt_proto::catalogue::method("wms.stockout.Sales.queryWithDetail").unwrap();
    /// let span = method.span().unwrap();
    /// assert_eq!((span.start(), span.end()), ("start_time", "end_time"));
    /// // By default it means the time of consignment, not that of change.
    /// assert_eq!(span.filters_on(), "consigned");
    /// assert!(span.modified_params().unwrap().contains("status_type"));
    /// ```
    #[must_use]
    pub fn span(self) -> Option<Span<'c>> {
        let raw = self.query()?.span.as_ref()?;
        Some(Span { tables: self.tables, raw })
    }

    /// The longest span that holds whatever else is asked, in minutes; `None` where there is no limit.
    pub(crate) fn least_span_minutes(self) -> Option<u32> {
        Some(self.raw.least_span_minutes).filter(|minutes| *minutes > 0)
    }

    /// The platforms whose rows are not returned (淘系, …): those come over Qimen (奇门).
    ///
    /// ```
    /// let method = wdt_proto::catalogue::method("sales.TradeQuery.queryWithDetail").unwrap();
    /// assert!(method.excludes().any(|platform| platform == "淘系"));
    /// ```
    pub fn excludes(self) -> impl Iterator<Item = &'c str> {
        names(self.query().map_or("", |query| self.tables.text(query.excludes)))
    }

    /// The method whose archived rows this one returns; empty where it is no archive.
    #[must_use]
    pub fn history_of(self) -> &'c str {
        self.query().map_or("", |query| self.tables.text(query.history_of))
    }

    /// Whether the page advises to read the last page first: what leaves the result while it is
    /// read then comes twice, and is not missed.
    #[must_use]
    pub fn pages_from_back(self) -> bool {
        self.has(method_flag::FROM_THE_BACK)
    }

    /// Whether it is read on from a position among its arguments, not by page numbers.
    #[must_use]
    pub fn has_cursor(self) -> bool {
        self.has(method_flag::CURSOR)
    }

    /// Where the reply of a writing call lists what was refused though its status is 0.
    ///
    /// ```
    /// let method = wdt_proto::catalogue::method("sales.RawTrade.pushSelf2").unwrap();
    /// let failures = method.failures().unwrap();
    /// assert_eq!((failures.list(), failures.key()), ("/data/error_list", "no"));
    /// ```
    #[must_use]
    pub fn failures(self) -> Option<Failures<'c>> {
        let raw = self.tables.failures.get((self.raw.failures as usize).checked_sub(1)?)?;
        Some(Failures { tables: self.tables, raw })
    }

    fn query(self) -> Option<&'c RawQuery> {
        self.tables.queries.get((self.raw.query as usize).checked_sub(1)?)
    }
}

/// The span of time that a query filters on. Whether its ends belong to it no page says.
///
/// ```
/// let method = wdt_proto::catalogue::method("aftersales.refund.RawRefund.search").unwrap();
/// let span = method.span().unwrap();
/// assert_eq!((span.filters_on(), span.row_field()), ("modified", "modified"));
/// assert!(span.instead().any(|fields| fields == "platform_id+refund_no"));
/// ```
#[derive(Clone, Copy)]
pub struct Span<'c> {
    tables: &'c Tables,
    raw: &'c RawSpan,
}

impl<'c> Span<'c> {
    /// The field that begins it.
    #[must_use]
    pub fn start(self) -> &'c str {
        self.tables.text(self.raw.start)
    }

    /// The field that ends it.
    #[must_use]
    pub fn end(self) -> &'c str {
        self.tables.text(self.raw.end)
    }

    /// Which time of a row it is held against by default: `modified`, `created`, `consigned`,
    /// `paid`; empty where the page does not say.
    #[must_use]
    pub fn filters_on(self) -> &'c str {
        self.tables.text(self.raw.filters_on)
    }

    /// The same where the page does not say: a guess, with its reason in the catalogue's file.
    #[must_use]
    pub fn filters_on_guess(self) -> &'c str {
        self.tables.text(self.raw.filters_on_guess)
    }

    /// The field of a row that carries that time; empty where rows do not carry it.
    #[must_use]
    pub fn row_field(self) -> &'c str {
        self.tables.text(self.raw.row_field)
    }

    /// Whether a query must have one: `yes`, `no`, `conditional`; empty where the page is silent.
    #[must_use]
    pub fn required(self) -> &'c str {
        self.tables.text(self.raw.required)
    }

    /// What to send besides, as a JSON object, so that it means the time of change: `{}` where it
    /// does so by default, `None` where it cannot.
    #[must_use]
    pub fn modified_params(self) -> Option<&'c str> {
        self.raw.modified_params.map(|params| self.tables.text(params))
    }

    /// `seconds` or `days`; empty where the page does not say.
    #[must_use]
    pub fn precision(self) -> &'c str {
        self.tables.text(self.raw.precision)
    }

    /// Filters that may stand in for it: `refund_no`, `platform_id+refund_no`.
    pub fn instead(self) -> impl Iterator<Item = &'c str> {
        names(self.tables.text(self.raw.instead))
    }
}

impl fmt::Debug for Span<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Span").field(&self.start()).field(&self.end()).finish()
    }
}

/// Where a writing call's reply lists what was refused though its status is 0.
///
/// ```
/// let method = wdt_proto::catalogue::method("aftersales.refund.RawRefund.upload2").unwrap();
/// let failures = method.failures().unwrap();
/// assert_eq!((failures.key(), failures.message()), ("no", "error"));
/// ```
#[derive(Clone, Copy)]
pub struct Failures<'c> {
    tables: &'c Tables,
    raw: &'c RawFailures,
}

impl<'c> Failures<'c> {
    /// The list, as a JSON pointer into the reply.
    #[must_use]
    pub fn list(self) -> &'c str {
        self.tables.text(self.raw.list)
    }

    /// The name, in each of its elements, of what ties it to what was sent; empty where nothing
    /// does.
    #[must_use]
    pub fn key(self) -> &'c str {
        self.tables.text(self.raw.key)
    }

    /// The name of the refusal's code; empty where there is none.
    #[must_use]
    pub fn code(self) -> &'c str {
        self.tables.text(self.raw.code)
    }

    /// The name of the refusal's text; empty where an element is the text itself.
    #[must_use]
    pub fn message(self) -> &'c str {
        self.tables.text(self.raw.message)
    }

    /// The path of the argument that [`Failures::key`] repeats: `/params/rawTradeList/tid`.
    #[must_use]
    pub fn sent(self) -> &'c str {
        self.tables.text(self.raw.sent)
    }
}

impl fmt::Debug for Failures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Failures").field(&self.list()).finish()
    }
}
