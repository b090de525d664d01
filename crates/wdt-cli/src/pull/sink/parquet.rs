//! A folder of Parquet files, which pyarrow, pandas, `DuckDB` and Spark read as one table: a Parquet
//! file cannot be added to. The state knows which parts are whole; others, from a run that was
//! killed, are removed.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::arrays::{self, Arrays};
use super::{Kept, NEW, Rows, Shape, Sink, synced, with_ending};
use crate::pull::columns::Record;

/// A part is closed when it has so many rows, or has been open so long.
const PART_ROWS: u64 = 200_000;
const PART_TIME: Duration = Duration::from_secs(60);

/// What is held in memory of a part before it is written.
const GROUP_BYTES: usize = 16 * 1024 * 1024;

/// How many rows are made into columns at a time.
const BATCH_ROWS: usize = 512;

/// Of a column with more different values than fit, each is written as it is: looking for those
/// that come again would cost time and memory, of hundreds of columns at once.
const DICTIONARY_BYTES: usize = 32 * 1024;

pub(super) struct Parts {
    folder: PathBuf,
    schema: Arc<Schema>,
    /// The rows that wait to be written together.
    arrays: Arrays,
    kept: Kept,
    open: Option<Part>,
}

/// The part that is being written, and the state after its rows.
struct Part {
    path: PathBuf,
    writer: ArrowWriter<BufWriter<File>>,
    rows: u64,
    since: Instant,
    state: String,
    /// Whether its rows take the place of those of all parts before.
    replaces: bool,
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
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let schema = Arc::new(Schema::new(arrays::fields(shape.table)));
        let arrays = Arrays::of(shape.table);
        Ok(Self { folder: to.to_owned(), schema, arrays, kept, open: None })
    }

    fn begin(&self) -> io::Result<Part> {
        let number = self.kept.is.done + 1;
        let path = self.folder.join(format!("part-{number:06}.parquet"));
        let file = BufWriter::new(File::create(with_ending(&path, NEW))?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_dictionary_page_size_limit(DICTIONARY_BYTES)
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&self.schema), Some(properties))
            .map_err(not_written)?;
        let (rows, since, state) = (0, Instant::now(), String::new());
        Ok(Part { path, writer, rows, since, state, replaces: false })
    }
}

impl Part {
    fn add(
        &mut self,
        schema: &Arc<Schema>,
        arrays: &mut Arrays,
        records: &[Record<'_>],
    ) -> io::Result<()> {
        for some in records.chunks(BATCH_ROWS) {
            for record in some {
                arrays.add(record);
            }
            let batch = arrays
                .finish()
                .and_then(|columns| RecordBatch::try_new(Arc::clone(schema), columns))
                .map_err(io::Error::other)?;
            self.writer.write(&batch).map_err(not_written)?;
            if self.writer.in_progress_size() > GROUP_BYTES {
                self.writer.flush().map_err(not_written)?;
            }
        }
        self.rows += records.len() as u64;
        Ok(())
    }

    /// Finishes the file and gives it its name.
    fn close(self) -> io::Result<String> {
        let file = self.writer.into_inner().map_err(not_written)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(with_ending(&self.path, NEW), &self.path)?;
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
        part.add(&self.schema, &mut self.arrays, rows.records)?;
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
