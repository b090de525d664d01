//! One walk over rows, beside the fields of the reply. It does not recurse, and keeps nothing of the
//! rows beyond the issues.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::error::RowsError;
use super::typed::Typed;
use super::value;
use crate::catalogue::{Catalogue, Field, Kind, Method};
use crate::check::{
    Cause, Collector, Expected, Found, Level, Limits, Members, Pointer, Report, Severity, shown,
};
use crate::json::{Event, Reader, Text};

/// Hands out typed rows piece by piece: for whoever builds objects of them in one pass.
///
/// ```
/// use wdt_proto::Limits;
/// use wdt_proto::catalogue::Catalogue;
/// use wdt_proto::rows::{Typed, TypedReader};
///
/// let catalogue = Catalogue::new();
/// let rows = r#"[{"receivable":"1.50"}]"#;
/// let method = "sales.TradeQuery.queryWithDetail";
/// let mut reader = TypedReader::new(&catalogue, method, rows, Limits::DEFAULT)?;
/// assert_eq!(reader.next()?, Typed::BeginArray);
/// assert_eq!(reader.next()?, Typed::BeginObject);
/// assert!(matches!(reader.next()?, Typed::Key(key) if key.is("receivable")));
/// assert_eq!(reader.next()?, Typed::Decimal("1.50".into()));
/// assert_eq!(reader.next()?, Typed::EndObject);
/// assert_eq!(reader.next()?, Typed::EndArray);
/// assert_eq!(reader.next()?, Typed::End);
/// assert!(reader.into_report().issues().is_empty());
/// # Ok::<(), wdt_proto::RowsError>(())
/// ```
#[derive(Debug)]
pub struct TypedReader<'a> {
    reader: Reader<'a>,
    found: Collector,
    open: Vec<Open<'a>>,
    method: Method<'a>,
    /// The field whose elements are the rows.
    row: Field<'a>,
    /// The name of the list of the rows; empty where `data` is the list.
    list: &'a str,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing has been read.
    Start,
    /// In the rows.
    Rows,
    /// There is no list, which stands for an empty one: its end is due.
    Empty,
    /// Behind the rows.
    Behind,
    /// Nothing is left.
    Done,
}

/// A container that is being read.
#[derive(Debug)]
enum Open<'a> {
    List {
        next: usize,
        /// What each element is, where that is documented.
        element: Option<Field<'a>>,
    },
    Object {
        /// `None` in what nobody documents.
        members: Option<Members<'a>>,
        key: Option<Text<'a>>,
        value: Option<Field<'a>>,
    },
}

impl<'a> TypedReader<'a> {
    /// Starts at the beginning of `rows`: the list of rows, or the reply's `data` that holds it.
    ///
    /// # Errors
    /// [`RowsError`] for a method without rows and for a text over the limit.
    pub fn new(
        catalogue: &'a Catalogue,
        method: &str,
        rows: &'a str,
        limits: Limits,
    ) -> Result<Self, RowsError> {
        let Some(known) = catalogue.method(method) else {
            let similar = catalogue.similar(method).map(|known| known.name().to_owned());
            return Err(RowsError::UnknownMethod { method: method.to_owned(), similar });
        };
        let (Some(list), Some(row)) = (known.rows(), known.row_field()) else {
            return Err(RowsError::NoRows { method: method.to_owned() });
        };
        if rows.len() > limits.max_bytes() {
            let (bytes, max_bytes) = (rows.len(), limits.max_bytes());
            return Err(RowsError::TooLarge { bytes, max_bytes });
        }
        // A reply without data: there is nothing to be read.
        let rows = if rows.is_empty() { "null" } else { rows };
        Ok(Self {
            reader: Reader::new(rows, limits.max_depth()),
            found: Collector::new(Level::Documented),
            open: Vec::new(),
            method: known,
            row,
            list,
            state: State::Start,
        })
    }

    /// Reads the next piece; [`Typed::End`] behind the last one.
    ///
    /// # Errors
    /// [`RowsError`]; do not read on behind one.
    #[allow(clippy::should_implement_trait)] // as `json::Reader`
    pub fn next(&mut self) -> Result<Typed<'a>, RowsError> {
        match self.state {
            State::Start => self.start(),
            State::Rows => self.step(),
            State::Empty => {
                self.state = State::Done;
                Ok(Typed::EndArray)
            }
            State::Behind => {
                self.rest()?;
                self.state = State::Done;
                Ok(Typed::End)
            }
            State::Done => Ok(Typed::End),
        }
    }

    /// What did not fit so far: warnings with pointers into the list of rows.
    #[must_use]
    pub fn into_report(self) -> Report {
        self.found.finish()
    }

    /// Finds the list of the rows.
    fn start(&mut self) -> Result<Typed<'a>, RowsError> {
        match self.reader.next()? {
            Event::BeginArray => Ok(self.begin_rows()),
            Event::Null => self.no_rows(),
            Event::BeginObject if !self.list.is_empty() => self.find_list(),
            event => {
                let found = Found::of(&self.reader, event);
                self.reader.skip(event)?;
                self.rest()?;
                Err(RowsError::NotRows { found })
            }
        }
    }

    /// In the reply's `data`.
    fn find_list(&mut self) -> Result<Typed<'a>, RowsError> {
        let data = self.method.response().find(|field| field.name() == "data");
        let mut is_data = true;
        while self.reader.next()? == Event::Key {
            let key = self.reader.text();
            let event = self.reader.next()?;
            if !key.is(self.list) {
                is_data &= data.is_some_and(|data| data.place_of(key, 0).is_some());
                self.reader.skip(event)?;
                continue;
            }
            match event {
                Event::BeginArray => return Ok(self.begin_rows()),
                Event::Null => return self.no_rows(),
                event => {
                    let found = Found::of(&self.reader, event);
                    return Err(RowsError::NotRows { found });
                }
            }
        }
        // A query that found nothing may answer with its total alone.
        if is_data {
            return self.no_rows();
        }
        Err(RowsError::NoList { list: self.list.to_owned() })
    }

    fn begin_rows(&mut self) -> Typed<'a> {
        self.open.push(Open::List { next: 0, element: Some(self.row) });
        self.state = State::Rows;
        Typed::BeginArray
    }

    fn no_rows(&mut self) -> Result<Typed<'a>, RowsError> {
        self.rest()?;
        self.state = State::Empty;
        Ok(Typed::BeginArray)
    }

    /// What stands behind the rows.
    fn rest(&mut self) -> Result<(), RowsError> {
        loop {
            match self.reader.next()? {
                Event::End => return Ok(()),
                Event::Key if self.reader.depth() == 1 && self.reader.text().is(self.list) => {
                    return Err(RowsError::TwoLists { list: self.list.to_owned() });
                }
                _ => {}
            }
        }
    }

    /// The next piece of the rows.
    fn step(&mut self) -> Result<Typed<'a>, RowsError> {
        let event = self.reader.next()?;
        match event {
            Event::Key => return Ok(self.key()),
            Event::EndArray | Event::EndObject => {
                self.open.pop();
                if self.open.is_empty() {
                    self.state = State::Behind;
                }
                let is_list = event == Event::EndArray;
                return Ok(if is_list { Typed::EndArray } else { Typed::EndObject });
            }
            _ => {}
        }
        let (field, is_element) = match self.open.last_mut() {
            Some(Open::List { next, element }) => {
                *next += 1;
                (*element, true)
            }
            Some(Open::Object { value, .. }) => (value.take(), false),
            None => (None, false),
        };
        Ok(match field {
            Some(field) => self.value(field, event, is_element),
            None => self.raw(event),
        })
    }

    fn key(&mut self) -> Typed<'a> {
        let name = self.reader.text();
        let mut twice = None;
        if let Some(Open::Object { members, key, value }) = self.open.last_mut() {
            *key = Some(name);
            *value = None;
            if let Some(members) = members {
                match members.find(name) {
                    Some((place, field)) => {
                        *value = Some(field);
                        twice = members.saw(place).then(|| field.label());
                    }
                    None => twice = members.saw_unknown(name).then_some(""),
                }
            }
        }
        if let Some(label) = twice {
            self.report(label, || Cause::CameTwice);
        }
        Typed::Key(name)
    }

    /// A value in the place of a documented field.
    fn value(&mut self, field: Field<'a>, event: Event, is_element: bool) -> Typed<'a> {
        if event == Event::Null {
            return Typed::Null;
        }
        if field.is_list() && !is_element {
            return match event {
                Event::BeginArray => self.begin_list(Some(field)),
                _ => self.misfit(field, event, Expected::List),
            };
        }
        let is_container = matches!(event, Event::BeginArray | Event::BeginObject);
        match field.scalar() {
            Some(_) if is_container => self.misfit(field, event, value::expected(field)),
            Some(scalar) => match value::scalar(field, scalar, &self.reader, event) {
                Ok(typed) => typed,
                Err(cause) => {
                    self.report(field.label(), || cause);
                    self.raw(event)
                }
            },
            None if field.kind() != Kind::Object || field.fields().len() == 0 => self.raw(event),
            None if event == Event::BeginObject => self.begin_object(Some(Members::new(field))),
            // What PHP makes of an empty object: nothing in it does not fit.
            None if event == Event::BeginArray && self.reader.is_at_empty_list() => self.raw(event),
            None => self.misfit(field, event, Expected::Object),
        }
    }

    /// A value that cannot be what its field is stays as it came.
    fn misfit(&mut self, field: Field<'a>, event: Event, expected: Expected) -> Typed<'a> {
        let cause = value::wrong(expected, &self.reader, event);
        self.report(field.label(), || cause);
        self.raw(event)
    }

    /// A value as it came.
    fn raw(&mut self, event: Event) -> Typed<'a> {
        match event {
            Event::BeginArray => self.begin_list(None),
            Event::BeginObject => self.begin_object(None),
            Event::String => Typed::Text(self.reader.text()),
            Event::Number => Typed::Number(self.reader.token()),
            Event::Bool(flag) => Typed::Bool(flag),
            _ => Typed::Null,
        }
    }

    fn begin_list(&mut self, element: Option<Field<'a>>) -> Typed<'a> {
        self.open.push(Open::List { next: 0, element });
        Typed::BeginArray
    }

    fn begin_object(&mut self, members: Option<Members<'a>>) -> Typed<'a> {
        self.open.push(Open::Object { members, key: None, value: None });
        Typed::BeginObject
    }

    fn report(&mut self, label: &str, cause: impl FnOnce() -> Cause) {
        let Self { found, open, .. } = self;
        let point = |pointer: &mut Pointer| {
            for container in open.iter() {
                match container {
                    Open::List { next, .. } => pointer.push_index(next.saturating_sub(1)),
                    Open::Object { key: Some(key), .. } => pointer.push(&shown(*key)),
                    Open::Object { .. } => {}
                }
            }
        };
        found.add(Severity::Warning, label, point, cause);
    }
}
