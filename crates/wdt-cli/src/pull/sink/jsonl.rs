//! A line a row, exactly as it came. The state knows how long the file is; what is behind it, from a
//! run that was killed, is cut off.

use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::{Kept, Rows, Sink, synced};

pub(super) struct Jsonl {
    path: PathBuf,
    file: File,
    length: u64,
    kept: Kept,
}

impl Jsonl {
    pub(super) fn open(to: &Path, kept: Kept, is_whole: bool) -> io::Result<Self> {
        let mut file = File::options().create(true).truncate(false).write(true).open(to)?;
        let found = file.metadata()?.len();
        // What is replaced as a whole is whole.
        let length = if is_whole { found } else { kept.is.done };
        if found < length {
            // Rows that the state vouches for are gone: going on would hide that.
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.set_len(length)?;
        file.seek(io::SeekFrom::End(0))?;
        synced(to)?;
        Ok(Self { path: to.to_owned(), file, length, kept })
    }
}

impl Sink for Jsonl {
    fn state(&self) -> Option<&str> {
        self.kept.state()
    }

    fn wants_records(&self) -> bool {
        false
    }

    fn keep(&mut self, rows: &Rows<'_>, state: &str) -> io::Result<()> {
        let mut lines = Vec::with_capacity(rows.texts.iter().map(|row| row.len() + 1).sum());
        for row in rows.texts {
            // Between JSON's tokens a line break is a blank; inside a string there is none.
            lines.extend(
                row.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }),
            );
            lines.push(b'\n');
        }
        if rows.is_all {
            return self.replace(&lines, state);
        }
        self.file.write_all(&lines)?;
        if !lines.is_empty() {
            self.file.sync_data()?;
        }
        self.length += lines.len() as u64;
        self.kept.keep(self.length, 0, state)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Jsonl {
    /// Puts other lines in the place of all that are there.
    fn replace(&mut self, lines: &[u8], state: &str) -> io::Result<()> {
        super::written(&self.path, lines)?;
        self.file = File::options().append(true).open(&self.path)?;
        self.length = lines.len() as u64;
        self.kept.keep(self.length, 0, state)
    }
}
