//! A method's rows as a table: one column a documented field, and what a batch of rows has in each.

use std::borrow::Cow;
use std::collections::HashMap;

use wdt_proto::Limits;
use wdt_proto::RowsError;
use wdt_proto::catalogue::{Catalogue, Field, Kind as FieldKind, Method};
use wdt_proto::json::{Text, Writer};
use wdt_proto::rows::{Time, Typed, TypedReader};

/// The column of what nobody documents, and of what does not fit its own: a JSON object.
pub(crate) const MORE: &str = "_more";

/// What a column holds.
#[derive(Debug)]
pub(crate) enum Kind {
    Text,
    Integer,
    Decimal,
    Time,
    Flag,
    /// A list of texts, an object: its JSON.
    Json,
    /// A list of rows of their own.
    Rows(Table),
}

#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// The columns of one list, in the order of the documentation.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    places: HashMap<String, usize>,
}

/// A row: a cell a column, and the rest.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub(crate) cells: Vec<Cell<'a>>,
    /// JSON: an object of what has no column; empty for nothing.
    pub(crate) more: String,
}

#[derive(Debug)]
pub(crate) enum Cell<'a> {
    Null,
    Text(Cow<'a, str>),
    Integer(i64),
    /// All its digits.
    Decimal(Cow<'a, str>),
    Time(Time),
    Flag(bool),
    Json(String),
    Rows(Vec<Record<'a>>),
}

/// The rows of a batch in columns.
#[derive(Debug, Default)]
pub(crate) struct Records<'a> {
    pub(crate) list: Vec<Record<'a>>,
    /// How many of their values did not fit what is documented.
    pub(crate) odd: u64,
}

/// The rows of a batch as one list of JSON, which [`Table::records`] reads.
pub(crate) fn listed(rows: &[String]) -> String {
    let mut list = String::with_capacity(rows.iter().map(|row| row.len() + 1).sum::<usize>() + 2);
    list.push('[');
    for (n, row) in rows.iter().enumerate() {
        list.push_str(if n > 0 { "," } else { "" });
        list.push_str(row);
    }
    list.push(']');
    list
}

impl Table {
    /// The columns of a method's rows; none where the catalogue does not know its fields.
    pub(crate) fn of(method: Method<'_>) -> Self {
        method.row_field().map_or_else(Self::default, |row| Self::of_fields(row))
    }

    fn of_fields(row: Field<'_>) -> Self {
        let mut table = Self::default();
        for field in row.fields() {
            // SQLite does not tell names apart by their case.
            let name = field.name();
            if name.eq_ignore_ascii_case(MORE)
                || table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name))
            {
                continue;
            }
            table.places.insert(name.to_owned(), table.columns.len());
            table.columns.push(Column { name: name.to_owned(), kind: kind(field) });
        }
        table
    }

    /// The rows of a batch, from the [list](listed) of them.
    pub(crate) fn records<'a>(
        &self,
        catalogue: &'a Catalogue,
        method: &str,
        rows: &[String],
        list: &'a str,
    ) -> Records<'a> {
        self.read(catalogue, method, list).unwrap_or_else(|_| {
            // They were read before, so this does not happen; if it did, no row may be lost.
            let odd = |row: &String| Record { cells: self.nulls(), more: row.clone() };
            Records { list: rows.iter().map(odd).collect(), odd: rows.len() as u64 }
        })
    }

    fn read<'a>(
        &self,
        catalogue: &'a Catalogue,
        method: &str,
        list: &'a str,
    ) -> Result<Records<'a>, RowsError> {
        // The replies were read within the limit; a batch may be of several.
        let limits = Limits::DEFAULT.with_max_bytes(usize::MAX);
        let mut reader = TypedReader::new(catalogue, method, list, limits)?;
        reader.next()?;
        let list = self.list(&mut reader)?;
        let report = reader.into_report();
        Ok(Records { list, odd: report.issues().len() as u64 + report.omitted() })
    }

    /// The rows of a list that has begun.
    fn list<'a>(&self, reader: &mut TypedReader<'a>) -> Result<Vec<Record<'a>>, RowsError> {
        let mut records = Vec::new();
        loop {
            match reader.next()? {
                Typed::EndArray | Typed::End => return Ok(records),
                Typed::BeginObject => records.push(self.record(reader)?),
                other => {
                    let mut value = Writer::default();
                    copy(reader, other, &mut value)?;
                    records.push(Record { cells: self.nulls(), more: text(value) });
                }
            }
        }
    }

    /// The column of a name; fields mostly come in the order of the documentation.
    fn place(&self, key: Text<'_>, due: usize) -> Option<usize> {
        if self.columns.get(due).is_some_and(|column| key.is(&column.name)) {
            return Some(due);
        }
        self.places.get(&*key.decode()?).copied()
    }

    fn nulls<'a>(&self) -> Vec<Cell<'a>> {
        self.columns.iter().map(|_| Cell::Null).collect()
    }

    fn record<'a>(&self, reader: &mut TypedReader<'a>) -> Result<Record<'a>, RowsError> {
        let mut cells = self.nulls();
        let mut more: Option<Writer> = None;
        let mut due = 0;
        while let Typed::Key(key) = reader.next()? {
            let value = reader.next()?;
            let place = self.place(key, due);
            due = place.map_or(due, |place| place + 1);
            let column = place.and_then(|place| self.columns.get(place));
            let cell = match (column.map(|column| &column.kind), value) {
                (None, value) => Err(value),
                (Some(Kind::Json), value) if value != Typed::Null => {
                    let mut json = Writer::default();
                    copy(reader, value, &mut json)?;
                    Ok(Cell::Json(text(json)))
                }
                (Some(Kind::Rows(table)), Typed::BeginArray) => Ok(Cell::Rows(table.list(reader)?)),
                (Some(kind), value) => cell(kind, value),
            };
            match (cell, place.and_then(|place| cells.get_mut(place))) {
                (Ok(cell), Some(slot)) => *slot = cell,
                (Err(value), _) => {
                    let more = more.get_or_insert_with(begun);
                    more.raw_key(key);
                    copy(reader, value, more)?;
                }
                (Ok(_), None) => {}
            }
        }
        let more = more.map_or_else(String::new, |mut more| {
            more.end_object();
            text(more)
        });
        Ok(Record { cells, more })
    }
}

fn kind(field: Field<'_>) -> Kind {
    if field.is_list() && field.kind() == FieldKind::Object && field.fields().len() > 0 {
        return Kind::Rows(Table::of_fields(field));
    }
    if field.is_list() {
        return Kind::Json;
    }
    if field.is_time() {
        return Kind::Time;
    }
    match field.kind() {
        FieldKind::String { .. } => Kind::Text,
        FieldKind::Int | FieldKind::Long | FieldKind::Short | FieldKind::Byte => Kind::Integer,
        FieldKind::Decimal { .. } => Kind::Decimal,
        FieldKind::Bool => Kind::Flag,
        FieldKind::DateTime => Kind::Time,
        _ => Kind::Json,
    }
}

/// A value in its column, or back where it does not fit.
fn cell<'a>(kind: &Kind, value: Typed<'a>) -> Result<Cell<'a>, Typed<'a>> {
    match (kind, value) {
        (_, Typed::Null) => Ok(Cell::Null),
        (Kind::Text, Typed::Text(text)) => decoded(text),
        (Kind::Integer, Typed::Integer(number)) => Ok(Cell::Integer(number)),
        (Kind::Decimal, Typed::Decimal(number)) => Ok(Cell::Decimal(number)),
        (Kind::Time, Typed::Time(time)) => Ok(Cell::Time(time)),
        (Kind::Flag, Typed::Bool(flag)) => Ok(Cell::Flag(flag)),
        (_, value) => Err(value),
    }
}

/// A text as UTF-8, or back where it holds half of a surrogate pair.
fn decoded(text: Text<'_>) -> Result<Cell<'_>, Typed<'_>> {
    text.decode().map_or(Err(Typed::Text(text)), |text| Ok(Cell::Text(text)))
}

/// Writes a value as JSON: the one that has begun, to its end.
fn copy(reader: &mut TypedReader<'_>, first: Typed<'_>, out: &mut Writer) -> Result<(), RowsError> {
    let mut depth = 0_usize;
    let mut piece = first;
    loop {
        piece.write(out);
        match piece {
            Typed::BeginArray | Typed::BeginObject => depth += 1,
            Typed::EndArray | Typed::EndObject => depth = depth.saturating_sub(1),
            Typed::End => return Ok(()),
            _ => {}
        }
        if depth == 0 {
            return Ok(());
        }
        piece = reader.next()?;
    }
}

fn begun() -> Writer {
    let mut writer = Writer::default();
    writer.begin_object();
    writer
}

/// A writer's bytes are UTF-8.
fn text(writer: Writer) -> String {
    String::from_utf8(writer.into_bytes()).unwrap_or_default()
}
