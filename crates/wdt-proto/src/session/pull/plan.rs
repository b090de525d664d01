//! What every call of a pull has in common: the method, its filters, its windows.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::PullError;
use crate::catalogue::{Field, Method, Span};
use crate::check::Limits;
use crate::digest::short as hash;
use crate::json::{Event, Reader};
use crate::session::Moment;

const DAY: i64 = 86_400;

/// Rows a page where the page of the vendor advises no number.
const PAGE_SIZE: u32 = 200;

#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) method: String,
    /// The list in `data`, empty where `data` is the list.
    pub(super) rows: String,
    pub(super) key: Vec<String>,
    /// The field of a row that carries the span's time; empty for none.
    pub(super) time: String,
    pub(super) page_size: u32,
    /// `None` where the method knows no span: it is read whole.
    pub(super) span: Option<Windows>,
    /// The members of the object of filters, without its braces.
    filters: String,
    /// Of the filters, in the state.
    pub(super) digest: String,
}

#[derive(Debug, Clone)]
pub(super) struct Windows {
    start: String,
    end: String,
    /// The longest window, in seconds; `None` where the page has no limit.
    pub(super) longest: Option<i64>,
    /// The shortest: a second, or a day where the method counts days.
    pub(super) unit: i64,
}

impl Plan {
    pub(super) fn new(
        method: Method<'_>,
        params: &str,
        page_size: Option<u32>,
    ) -> Result<Self, PullError> {
        let name = || method.name().to_owned();
        if method.has_cursor() {
            return Err(PullError::Cursor { method: name() });
        }
        let rows = method.rows().ok_or_else(|| PullError::NoRows { method: name() })?;
        if method.params().len() != 1 {
            return Err(PullError::NotAnObject);
        }
        let span = method.span();
        let (filters, given) = members(params)?;
        let is_given = |field: &str| given.iter().any(|name| name == field);
        let ends = span.map(|span| [span.start(), span.end()]).into_iter().flatten();
        if let Some(field) = ends.into_iter().find(|field| is_given(field)) {
            return Err(PullError::SpanGiven { field: field.to_owned() });
        }
        // The switch that makes the span the time of change, unless the caller has set it.
        let (switch, switched) = match span.and_then(Span::modified_params) {
            Some(json) => members(json)?,
            None => Default::default(),
        };
        let switch =
            if switched.iter().any(|name| is_given(name)) { String::new() } else { switch };
        let most = method.page_size_max();
        let page_size = page_size
            .or_else(|| method.page_size_advised())
            .unwrap_or_else(|| most.map_or(PAGE_SIZE, |most| most.min(PAGE_SIZE)));
        // A pager holds 31 bits; without one there would be nothing to ask for.
        let fits = i32::try_from(page_size).is_ok_and(|size| size > 0);
        if !fits || most.is_some_and(|most| page_size > most) {
            return Err(PullError::PageSize);
        }
        let is_switched = !switch.is_empty();
        let filters = match (&*filters, &*switch) {
            (_, "") => filters,
            ("", _) => switch,
            _ => format!("{filters},{switch}"),
        };
        let key = method.row_key().map(ToOwned::to_owned).collect();
        Ok(Self {
            digest: format!("{:016x}", hash(&[&filters])),
            method: name(),
            rows: rows.to_owned(),
            key,
            time: span.map_or(String::new(), |span| time_of_rows(method, span, is_switched)),
            page_size,
            span: span.map(|span| Windows::new(method, span)),
            filters,
        })
    }

    /// The body of a call: the filters, and the window where there is one.
    pub(super) fn body(&self, window: Option<(Moment, Moment)>) -> String {
        let Self { filters, span, .. } = self;
        let comma = if filters.is_empty() { "" } else { "," };
        match (span, window) {
            (Some(span), Some((from, to))) => {
                let (from, to) = (span.written(from), span.written(to));
                let (start, end) = (&span.start, &span.end);
                format!(r#"[{{{filters}{comma}"{start}":"{from}","{end}":"{to}"}}]"#)
            }
            _ => format!("[{{{filters}}}]"),
        }
    }
}

impl Windows {
    fn new(method: Method<'_>, span: Span<'_>) -> Self {
        let is_days = span.precision() == "days";
        Self {
            start: span.start().to_owned(),
            end: span.end().to_owned(),
            longest: method.least_span_minutes().map(|minutes| i64::from(minutes) * 60),
            unit: if is_days { DAY } else { 1 },
        }
    }

    /// Bounds are widened to what the method counts in, never narrowed.
    pub(super) fn widened(&self, from: Moment, to: Moment) -> (Moment, Moment) {
        if self.unit == 1 {
            return (from, to);
        }
        let ends = to.midnight();
        (from.midnight(), if ends == to { to } else { ends.plus(DAY) })
    }

    /// Where days are counted the last one that was asked for may not have been over.
    pub(super) fn overlap(&self, seconds: i64) -> i64 {
        if self.unit == 1 { seconds } else { ((seconds + DAY - 1) / DAY).max(1) * DAY }
    }

    fn written(&self, moment: Moment) -> String {
        if self.unit == 1 { moment.to_string() } else { moment.date().to_string() }
    }
}

/// The field of a row that carries the time that the span means. With the switch to the time of
/// change that is the row's `modified`, where it has one.
fn time_of_rows(method: Method<'_>, span: Span<'_>, is_switched: bool) -> String {
    if !is_switched {
        return span.row_field().to_owned();
    }
    let has_modified = |row: Field<'_>| row.fields().any(|field| field.name() == "modified");
    if method.row_field().is_some_and(has_modified) { "modified".into() } else { String::new() }
}

/// The members of an object of JSON as they stand, and their names.
fn members(json: &str) -> Result<(String, Vec<String>), PullError> {
    let refused = |_| PullError::NotAnObject;
    let mut reader = Reader::new(json, Limits::DEFAULT.max_depth());
    if reader.next().map_err(refused)? != Event::BeginObject {
        return Err(PullError::NotAnObject);
    }
    let mut names = Vec::new();
    while reader.next().map_err(refused)? == Event::Key {
        names.push(reader.text().decode_lossy().into_owned());
        let event = reader.next().map_err(refused)?;
        reader.skip(event).map_err(refused)?;
    }
    let end = reader.token_start();
    if reader.next().map_err(refused)? != Event::End {
        return Err(PullError::NotAnObject);
    }
    let start = json.find('{').map_or(0, |at| at + 1);
    Ok((json.get(start..end).unwrap_or_default().trim().to_owned(), names))
}
