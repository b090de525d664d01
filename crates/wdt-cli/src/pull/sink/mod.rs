//! Where rows are kept, with the state that belongs to them: never one without the other.

mod arrays;
mod jsonl;
mod parquet;
mod sqlite;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::columns::Record;
use crate::failure::Failure;
use crate::words::{Words, words};

/// What a sink is told of the rows.
pub(crate) struct Shape<'a> {
    pub(crate) method: &'a str,
    pub(crate) table: &'a super::columns::Table,
    pub(crate) key: Vec<String>,
    /// Whether each run reads all rows there are.
    pub(crate) is_whole: bool,
}

/// A batch in both forms: as the rows came, and in columns.
pub(crate) struct Rows<'a> {
    pub(crate) texts: &'a [String],
    pub(crate) records: &'a [Record<'a>],
    /// Whether these are all rows there are: those that were there before give way to them.
    pub(crate) is_all: bool,
}

/// A place for rows.
pub(crate) trait Sink: Send {
    /// The state of the rows that are kept, if there are any.
    fn state(&self) -> Option<&str>;

    /// Whether it wants rows in columns.
    fn wants_records(&self) -> bool {
        true
    }

    /// Takes rows and the state after them. They may be kept a while later, together.
    fn keep(&mut self, rows: &Rows<'_>, state: &str) -> io::Result<()>;

    /// Keeps all that was taken.
    fn flush(&mut self) -> io::Result<()>;
}

/// Opens the place, which its ending names; what was begun there and not kept is undone.
pub(crate) fn open(
    to: &Path,
    state: Option<&Path>,
    shape: &Shape<'_>,
) -> Result<(Box<dyn Sink>, File), Failure> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Failure::io(words!(
            "{}: rows that its state vouches for are gone; bring them back, or remove both",
            "{}：状态里记着的数据有一部分不见了；请恢复数据，或把数据和状态一起删掉",
            to.display()
        )),
        _ => Failure::file(&Words::same(to.display()), &error),
    };
    let format = Format::of(to)?;
    let lock = locked(to)?;
    let kept = || Kept::open(to, state.map_or_else(|| with_ending(to, ".state"), Path::to_owned));
    let sink: Box<dyn Sink> = match format {
        Format::Jsonl => Box::new(jsonl::Jsonl::open(to, kept()?, shape.is_whole).map_err(failed)?),
        Format::Parquet => Box::new(parquet::Parts::open(to, kept()?, shape).map_err(failed)?),
        Format::Sqlite => Box::new(sqlite::Sqlite::open(to, state, shape)?),
    };
    Ok((sink, lock))
}

/// What a place is to be.
enum Format {
    Jsonl,
    Parquet,
    Sqlite,
}

impl Format {
    fn of(to: &Path) -> Result<Self, Failure> {
        match to.extension().and_then(|ending| ending.to_str()) {
            Some("jsonl" | "ndjson") => Ok(Self::Jsonl),
            Some("parquet") => Ok(Self::Parquet),
            Some("sqlite" | "sqlite3" | "db") => Ok(Self::Sqlite),
            _ => Err(Failure::usage(words!(
                "--to {}: the ending says what it is to be: .jsonl, .parquet, or .sqlite (also .db)",
                "--to {}：请用扩展名指明格式：.jsonl、.parquet 或 .sqlite（也可用 .db）",
                to.display()
            ))),
        }
    }
}

/// Two that write to one place would undo each other's rows.
fn locked(to: &Path) -> Result<File, Failure> {
    let path = with_ending(to, ".lock");
    let failed = |error: io::Error| Failure::file(&Words::same(path.display()), &error);
    let file =
        File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::Error(error)) => Err(failed(error)),
        Err(fs::TryLockError::WouldBlock) => Err(Failure::io(words!(
            "{}: another wdt pull writes to it; wait for it, or give another --to",
            "{}：另一个 wdt pull 正在写它；请等它结束，或换一个 --to",
            to.display()
        ))),
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The state beside a file, and how much of the file it vouches for. It is there before the file is,
/// so that what a run that was killed has begun is known for what it is.
pub(crate) struct Kept {
    path: PathBuf,
    is: Stated,
}

/// What the state's file has.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Stated {
    /// Bytes of a `.jsonl`, the last part of a `.parquet`.
    pub(crate) done: u64,
    /// The parts of a `.parquet` up to here gave way to later ones.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) gone: u64,
    /// The pull's; none where nothing has been kept yet.
    state: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes it so
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Kept {
    fn open(to: &Path, path: PathBuf) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::file(&Words::same(path.display()), &error);
        let is: Option<Stated> = match fs::read(&path) {
            Ok(text) => Some(serde_json::from_slice(&text).map_err(|_| {
                Failure::io(words!(
                    "{}: not a state of wdt pull; give another --state, or remove both it and {}",
                    "{}：不是 wdt pull 的状态文件；请换一个 --state，或把它和 {} 一起删掉",
                    path.display(),
                    to.display()
                ))
            })?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        if let Some(is) = is {
            return Ok(Self { path, is });
        }
        if fs::metadata(to).is_ok_and(|found| found.is_dir() || found.len() > 0) {
            return Err(Failure::io(words!(
                "{} is there, but no state {}: where to go on is not known; name its state with \
                 --state, or move it away",
                "{} 已经存在，但没有状态文件 {}，不知道从哪里接着拉；请用 --state 指明，或把它移走",
                to.display(),
                path.display()
            )));
        }
        let mut kept = Self { path, is: Stated::default() };
        kept.set(Stated::default())
            .map_err(|error| Failure::file(&Words::same(kept.path.display()), &error))?;
        Ok(kept)
    }

    pub(crate) fn state(&self) -> Option<&str> {
        self.is.state.as_deref()
    }

    /// Keeps a state with what it vouches for.
    pub(crate) fn keep(&mut self, done: u64, gone: u64, state: &str) -> io::Result<()> {
        self.set(Stated { done, gone, state: Some(state.to_owned()) })
    }

    fn set(&mut self, stated: Stated) -> io::Result<()> {
        written(&self.path, &serde_json::to_vec(&stated)?)?;
        self.is = stated;
        Ok(())
    }
}

/// The ending of a file that is being written.
const NEW: &str = ".new";

/// Writes a file, whole or not at all.
fn written(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = with_ending(path, NEW);
    let mut file = File::create(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    synced(path)
}

/// Makes a name in a folder last.
fn synced(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Only Unix opens folders.
    if cfg!(unix) { File::open(folder.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}
