//! Where rows are kept, with the state that belongs to them: never one without the other.

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
    pub(crate) records: &'a [Record],
}

/// A place for rows.
pub(crate) trait Sink {
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
    let failed = |error: io::Error| Failure::file(&Words::same(to.display()), &error);
    let lock = locked(to)?;
    let beside = state.map_or_else(|| with_ending(to, ".state"), Path::to_owned);
    let sink: Box<dyn Sink> = match to.extension().and_then(|ending| ending.to_str()) {
        Some("jsonl" | "ndjson") => {
            Box::new(jsonl::Jsonl::open(to, Kept::open(to, beside)?).map_err(failed)?)
        }
        Some("parquet") => {
            Box::new(parquet::Parts::open(to, Kept::open(to, beside)?, shape).map_err(failed)?)
        }
        Some("sqlite" | "sqlite3" | "db") => {
            Box::new(sqlite::Sqlite::open(to, state, shape).map_err(failed)?)
        }
        _ => {
            return Err(Failure::usage(words!(
                "--to {}: the ending says what it is to be: .jsonl, .parquet, or .sqlite (also .db)",
                "--to {}：请用扩展名指明格式：.jsonl、.parquet 或 .sqlite（也可用 .db）",
                to.display()
            )));
        }
    };
    Ok((sink, lock))
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

/// The state beside a file, and how much of the file it vouches for.
pub(crate) struct Kept {
    path: PathBuf,
    pub(crate) is: Option<Stated>,
}

/// What the state's file has.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Stated {
    /// Bytes of a `.jsonl`, parts of a `.parquet`.
    pub(crate) done: u64,
    pub(crate) state: String,
}

impl Kept {
    fn open(to: &Path, path: PathBuf) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::file(&Words::same(path.display()), &error);
        let is = match fs::read(&path) {
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
        let is_there = fs::metadata(to).is_ok_and(|found| found.is_dir() || found.len() > 0);
        if is.is_none() && is_there {
            return Err(Failure::io(words!(
                "{} is there, but no state {}: where to go on is not known; name its state with \
                 --state, or move it away",
                "{} 已经存在，但没有状态文件 {}，不知道从哪里接着拉；请用 --state 指明，或把它移走",
                to.display(),
                path.display()
            )));
        }
        Ok(Self { path, is })
    }

    /// Writes a new state, whole or not at all.
    pub(crate) fn set(&mut self, done: u64, state: &str) -> io::Result<()> {
        let stated = Stated { done, state: state.to_owned() };
        written(&self.path, &serde_json::to_vec(&stated)?)?;
        self.is = Some(stated);
        Ok(())
    }
}

/// Writes a file, whole or not at all.
fn written(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = with_ending(path, ".new");
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
