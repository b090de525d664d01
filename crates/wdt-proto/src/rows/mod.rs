//! Rows of a query, each documented field as its type, whatever form it came in.
//!
//! The platform writes one thing in several ways: a time as text on one page and as milliseconds on
//! the next, an amount as text or number, a flag as `true` or 1. [`typed_rows`] writes each in one
//! way; [`TypedReader`] hands out the same values one by one, for whoever builds objects of them.

mod error;
mod reader;
mod time;
mod typed;
mod value;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

pub use error::RowsError;
pub use reader::TypedReader;
pub use time::Time;
pub use typed::Typed;

use crate::catalogue::Catalogue;
use crate::check::{Issue, Limits, Report};
use crate::json::Writer;

/// Types the rows of a query, within the default [`Limits`] and by the built-in catalogue.
///
/// `rows` is JSON: the list of rows, or the reply's `data` that holds it, as
/// [`Response::data`](crate::Response::data) gives it. An empty text, as of a reply without data,
/// has none.
///
/// ```
/// use wdt_proto::typed_rows;
///
/// let data = r#"{"total_count": 1, "order": [
///     {"trade_id": "7", "modified": 1686712380000, "receivable": "1.0000", "goods_count": 2}]}"#;
/// let rows = typed_rows("sales.TradeQuery.queryWithDetail", data)?;
/// assert_eq!(
///     rows.json(),
///     r#"[{"trade_id":7,"modified":"2023-06-14 11:13:00","receivable":1.0000,"goods_count":2.0}]"#,
/// );
/// assert!(rows.issues().is_empty());
/// # Ok::<(), wdt_proto::RowsError>(())
/// ```
///
/// # Errors
/// [`RowsError`] for a method that the catalogue does not know or whose rows it does not, and for a
/// text that is not such rows. A single value that does not fit is no error: see
/// [`TypedRows::issues`].
pub fn typed_rows(method: &str, rows: &str) -> Result<TypedRows, RowsError> {
    typed_rows_with(&Catalogue::new(), method, rows, Limits::DEFAULT)
}

/// The same by a catalogue of your own, within limits of your own.
///
/// ```
/// use wdt_proto::catalogue::Catalogue;
/// use wdt_proto::{Limits, typed_rows_with};
///
/// let mut catalogue = Catalogue::new();
/// catalogue.register(r#"{"method": "my.Method.search", "title": "我的接口", "documented": true,
///     "rows": "list", "response": [{"name": "data", "label": "", "type": "object", "required": true,
///         "fields": [{"name": "list", "label": "", "type": "list<object>", "required": true,
///             "fields": [{"name": "no", "label": "编号", "type": "string(40)", "required": true}]}]}]}"#)?;
/// let rows = typed_rows_with(&catalogue, "my.Method.search", r#"[{"no":12}]"#, Limits::DEFAULT)?;
/// assert_eq!(rows.json(), r#"[{"no":"12"}]"#);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// As [`typed_rows`].
pub fn typed_rows_with(
    catalogue: &Catalogue,
    method: &str,
    rows: &str,
    limits: Limits,
) -> Result<TypedRows, RowsError> {
    let mut reader = TypedReader::new(catalogue, method, rows, limits)?;
    // An integer of a text grows by nothing, a decimal by a point and a zero.
    let mut out = Writer::with_capacity(rows.len() + rows.len() / 8);
    let mut times = Vec::new();
    loop {
        match reader.next()? {
            Typed::End => break,
            Typed::Decimal(number) if !number.contains('.') => {
                Typed::Decimal(Cow::Owned(alloc::format!("{number}.0"))).write(&mut out);
            }
            piece => {
                piece.write(&mut out);
                if let Typed::Time(time) = piece {
                    times.push(out.len() - time.text().len() - "\"\"".len());
                }
            }
        }
    }
    // The writer's bytes are UTF-8.
    let json = String::from_utf8(out.into_bytes()).unwrap_or_default();
    Ok(TypedRows { json, times, report: reader.into_report() })
}

/// Typed rows, as JSON in one form.
///
/// - An integer has no point, a decimal always has one: `12` comes as `12.0`. So any reader tells
///   them apart. No digit is cut or rounded: `1.0000` stays so.
/// - A time is `yyyy-MM-dd HH:mm:ss`, Beijing time, with `.SSS` behind where it has milliseconds.
/// - A flag is `true` or `false`; a text is a string.
/// - What nobody documents, and what does not fit, is as it came.
///
/// ```
/// use wdt_proto::decimal::Exact;
///
/// #[derive(serde::Deserialize)]
/// struct Trade {
///     trade_no: String,
///     receivable: Exact,
///     modified: Option<String>,
/// }
/// let reply = r#"[{"trade_no":"JY1","receivable":"999999999999999.9999","modified":""}]"#;
/// let rows = wdt_proto::typed_rows("sales.TradeQuery.queryWithDetail", reply)?;
/// let trades: Vec<Trade> = serde_json::from_str(rows.json())?;
/// assert_eq!(trades[0].receivable.to_string(), "999999999999999.9999");
/// assert_eq!((trades[0].trade_no.as_str(), &trades[0].modified), ("JY1", &None));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedRows {
    json: String,
    times: Vec<usize>,
    report: Report,
}

impl TypedRows {
    /// The list of rows.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Where in [`TypedRows::json`] the times stand, in their order: the byte of each one's opening
    /// quote. All else in quotes is text.
    ///
    /// ```
    /// let given = r#"[{"trade_no":"2023-06-14","modified":"2023-06-14"}]"#;
    /// let rows = wdt_proto::typed_rows("sales.TradeQuery.queryWithDetail", given)?;
    /// let times: Vec<&str> = rows.times().iter().map(|at| &rows.json()[at + 1..at + 20]).collect();
    /// assert_eq!(times, ["2023-06-14 00:00:00"]);
    /// # Ok::<(), wdt_proto::RowsError>(())
    /// ```
    #[must_use]
    pub fn times(&self) -> &[usize] {
        &self.times
    }

    /// What did not fit and so stayed as it came: warnings, each with a pointer into the list of
    /// rows, at most [`MAX_ISSUES`](crate::MAX_ISSUES).
    ///
    /// ```
    /// let rows = wdt_proto::typed_rows("sales.TradeQuery.queryWithDetail", r#"[{"trade_id":"x"}]"#)?;
    /// assert_eq!(rows.json(), r#"[{"trade_id":"x"}]"#);
    /// let issue = &rows.issues()[0];
    /// assert_eq!(issue.pointer(), "/0/trade_id");
    /// assert!(issue.message().ends_with(r#"expected a whole number, found the text "x""#));
    /// # Ok::<(), wdt_proto::RowsError>(())
    /// ```
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        self.report.issues()
    }

    /// The same with the number of those that were left out.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The rows, where their times stand, and what did not fit.
    #[must_use]
    pub fn into_parts(self) -> (String, Vec<usize>, Report) {
        (self.json, self.times, self.report)
    }
}
