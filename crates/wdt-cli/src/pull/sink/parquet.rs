//! A folder of Parquet files, which pyarrow, pandas, `DuckDB` and Spark read as one table: a Parquet
//! file cannot be added to. The state knows which parts are whole; others, from a run that was
//! killed, are removed.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_json::ReaderBuilder;
use arrow_json::reader::Decoder;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use wdt_proto::json::Writer;

use super::{Kept, Rows, Shape, Sink, synced};
use crate::pull::columns::{Cell, Kind, MORE, Record, Table};

/// A part is closed when it has so many rows, or has been open so long.
const PART_ROWS: u64 = 200_000;
const PART_TIME: Duration = Duration::from_secs(60);

/// What is held in memory of a part before it is written.
const GROUP_BYTES: usize = 16 * 1024 * 1024;

/// How many rows are made into columns at a time.
const BATCH_ROWS: usize = 1024;

/// The ending of a part that is being written.
const NEW: &str = ".new";

/// The digits of a decimal column: those of the platform's amounts.
const PRECISION: u8 = 19;
const SCALE: i8 = 4;

pub(super) struct Parts {
    folder: PathBuf,
    schema: Arc<Schema>,
    /// The columns, as the rows have them.
    names: Names,
    kept: Kept,
    open: Option<Part>,
}

/// The part that is being written, and the state after its rows.
struct Part {
    path: PathBuf,
    writer: ArrowWriter<BufWriter<File>>,
    decoder: Decoder,
    rows: u64,
    since: Instant,
    state: String,
    /// Whether its rows take the place of those of all parts before.
    replaces: bool,
}

/// The names of columns, and of those of nested lists.
struct Names(Vec<(String, Option<Names>)>);

fn failed(error: ArrowError) -> io::Error {
    io::Error::other(error)
}

fn not_written(error: parquet::errors::ParquetError) -> io::Error {
    io::Error::other(error)
}

impl Parts {
    pub(super) fn open(to: &Path, kept: Kept, shape: &Shape<'_>) -> io::Result<Self> {
        fs::create_dir_all(to)?;
        synced(to)?;
        let good = kept.is.gone + 1..=kept.is.done;
        if cleared(to, |number| good.contains(&number))? < kept.is.done - kept.is.gone {
            return Err(super::cut_short());
        }
        let schema = Arc::new(Schema::new(fields(shape.table)));
        let names = Names::of(shape.table);
        Ok(Self { folder: to.to_owned(), schema, names, kept, open: None })
    }

    fn begin(&self) -> io::Result<Part> {
        let number = self.kept.is.done + 1;
        let path = self.folder.join(format!("part-{number:06}.parquet"));
        let file = BufWriter::new(File::create(with_new(&path))?);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let schema = Arc::clone(&self.schema);
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))
            .map_err(not_written)?;
        let decoder = ReaderBuilder::new(schema)
            .with_batch_size(BATCH_ROWS)
            .build_decoder()
            .map_err(failed)?;
        let (rows, since, state) = (0, Instant::now(), String::new());
        Ok(Part { path, writer, decoder, rows, since, state, replaces: false })
    }
}

impl Part {
    fn add(&mut self, names: &Names, records: &[Record]) -> io::Result<()> {
        for some in records.chunks(BATCH_ROWS) {
            let mut lines = Vec::new();
            for record in some {
                let mut row = Writer::default();
                write(names, record, &mut row);
                lines.append(&mut row.into_bytes());
                lines.push(b'\n');
            }
            let mut rest = lines.as_slice();
            while !rest.is_empty() {
                let read = self.decoder.decode(rest).map_err(failed)?;
                rest = rest.get(read..).unwrap_or_default();
                self.columns()?;
            }
        }
        self.rows += records.len() as u64;
        Ok(())
    }

    fn columns(&mut self) -> io::Result<()> {
        if let Some(batch) = self.decoder.flush().map_err(failed)? {
            self.writer.write(&batch).map_err(not_written)?;
            if self.writer.in_progress_size() > GROUP_BYTES {
                self.writer.flush().map_err(not_written)?;
            }
        }
        Ok(())
    }

    /// Finishes the file and gives it its name.
    fn close(mut self) -> io::Result<String> {
        self.columns()?;
        let file = self.writer.into_inner().map_err(not_written)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(with_new(&self.path), &self.path)?;
        synced(&self.path)?;
        Ok(self.state)
    }
}

impl Sink for Parts {
    fn state(&self) -> Option<&str> {
        self.kept.state()
    }

    fn keep(&mut self, rows: &Rows<'_>, state: &str) -> io::Result<()> {
        if rows.records.is_empty() && self.open.is_none() && !rows.is_all {
            return self.kept.keep(self.kept.is.done, self.kept.is.gone, state);
        }
        let mut part = match self.open.take() {
            Some(part) => part,
            None => self.begin()?,
        };
        part.add(&self.names, rows.records)?;
        state.clone_into(&mut part.state);
        part.replaces |= rows.is_all;
        let is_full = part.replaces || part.rows >= PART_ROWS || part.since.elapsed() >= PART_TIME;
        self.open = Some(part);
        if is_full { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        let Some(part) = self.open.take() else { return Ok(()) };
        let (done, replaces) = (self.kept.is.done, part.replaces);
        let state = part.close()?;
        let gone = if replaces { done } else { self.kept.is.gone };
        self.kept.keep(done + 1, gone, &state)?;
        if replaces {
            cleared(&self.folder, |number| number > gone)?;
        }
        Ok(())
    }
}

/// Removes the parts that are not good; how many are.
fn cleared(folder: &Path, is_good: impl Fn(u64) -> bool) -> io::Result<u64> {
    let mut found = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match number(name) {
            Some(number) if is_good(number) && !name.ends_with(NEW) => found += 1,
            Some(_) => fs::remove_file(&path)?,
            None => {}
        }
    }
    Ok(found)
}

/// The number of a part by its name, whole or not.
fn number(name: &str) -> Option<u64> {
    let name = name.strip_suffix(NEW).unwrap_or(name);
    name.strip_prefix("part-")?.strip_suffix(".parquet")?.parse().ok()
}

fn with_new(path: &Path) -> PathBuf {
    super::with_ending(path, NEW)
}

fn fields(table: &Table) -> Fields {
    let columns = table.columns.iter().map(|column| {
        let kind = match &column.kind {
            Kind::Text | Kind::Json => DataType::Utf8,
            Kind::Integer => DataType::Int64,
            Kind::Decimal => DataType::Decimal128(PRECISION, SCALE),
            // Beijing's clocks, without a zone: as the platform writes it.
            Kind::Time => DataType::Timestamp(TimeUnit::Millisecond, None),
            Kind::Flag => DataType::Boolean,
            Kind::Rows(table) => {
                let row = Field::new("item", DataType::Struct(fields(table)), true);
                DataType::List(Arc::new(row))
            }
        };
        Field::new(&column.name, kind, true)
    });
    columns.chain([Field::new(MORE, DataType::Utf8, true)]).collect()
}

impl Names {
    fn of(table: &Table) -> Self {
        let name = |column: &crate::pull::columns::Column| {
            let nested = match &column.kind {
                Kind::Rows(table) => Some(Self::of(table)),
                _ => None,
            };
            (column.name.clone(), nested)
        };
        Self(table.columns.iter().map(name).collect())
    }
}

/// A row as JSON that fits the schema.
fn write(names: &Names, record: &Record, out: &mut Writer) {
    let mut more = record.more.clone();
    out.begin_object();
    for ((name, nested), cell) in names.0.iter().zip(&record.cells) {
        match cell {
            Cell::Null => continue,
            // A decimal of other digits is kept as it came, never rounded.
            Cell::Decimal(number) if !fits(number) => {
                add(&mut more, name, number);
                continue;
            }
            _ => out.key(name),
        }
        match (cell, nested) {
            (Cell::Text(text) | Cell::Json(text) | Cell::Decimal(text), _) => out.string(text),
            (Cell::Integer(number), _) => out.integer(*number),
            (Cell::Time(time), _) => out.string(&time.to_string()),
            (Cell::Flag(flag), _) => out.boolean(*flag),
            (Cell::Rows(records), Some(names)) => {
                out.begin_array();
                for record in records {
                    write(names, record, out);
                }
                out.end_array();
            }
            (Cell::Null | Cell::Rows(_), _) => out.null(),
        }
    }
    if !more.is_empty() {
        out.key(MORE);
        out.string(&more);
    }
    out.end_object();
}

/// Whether a decimal column holds each digit.
fn fits(number: &str) -> bool {
    let digits = number.trim_start_matches(['-', '+']);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let most = usize::from(PRECISION) - usize::from(SCALE.unsigned_abs());
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(whole)
        && are_digits(fraction)
        && whole.trim_start_matches('0').len() <= most
        && fraction.trim_end_matches('0').len() <= usize::from(SCALE.unsigned_abs())
}

/// Adds a number to a JSON object.
fn add(object: &mut String, name: &str, number: &str) {
    let begun = match object.strip_suffix('}') {
        Some(begun) => format!("{begun},"),
        None => "{".to_owned(),
    };
    let mut key = Writer::default();
    key.string(name);
    let key = String::from_utf8(key.into_bytes()).unwrap_or_default();
    *object = format!("{begun}{key}:{number}}}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_fits_to_the_last_digit_or_not_at_all() {
        for number in ["0", "1.0000", "-999999999999999.9999", "0001.50000", "+1"] {
            assert!(fits(number), "{number}");
        }
        for number in ["1000000000000000", "0.00001", "-1234567890123456.0", "1e3"] {
            assert!(!fits(number), "{number}");
        }
    }

    #[test]
    fn what_does_not_fit_joins_the_rest() {
        let mut more = String::new();
        add(&mut more, "a\"b", "0.00001");
        add(&mut more, "c", "1");
        assert_eq!(more, r#"{"a\"b":0.00001,"c":1}"#);
    }
}
