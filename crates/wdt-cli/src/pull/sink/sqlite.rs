//! One table a list: a row is updated where its key is known, its nested lists are tables of their
//! own that are replaced with it. Rows and state are kept in one transaction.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, OptionalExtension as _, ToSql, Transaction, params};

use super::{Rows, Shape, Sink, written};
use crate::failure::Failure;
use crate::pull::columns::{Cell, Column, Kind, MORE, Record, Table};
use crate::words::{Words, words};

pub(super) struct Sqlite {
    db: Connection,
    method: String,
    lists: List,
    state: Option<String>,
    /// Where the state is wanted besides.
    beside: Option<PathBuf>,
}

/// One table: its statements, and those of its nested lists.
struct List {
    name: String,
    insert: String,
    delete: String,
    /// The places of its columns that are lists, each with its table.
    nested: Vec<(usize, List)>,
}

fn failed(error: rusqlite::Error) -> io::Error {
    io::Error::other(error)
}

impl Sqlite {
    pub(super) fn open(
        to: &Path,
        beside: Option<&Path>,
        shape: &Shape<'_>,
    ) -> Result<Self, Failure> {
        let (at, name) = (Words::same(to.display()), shape.method.replace('.', "_"));
        let (db, lists, state) = Connection::open(to)
            .and_then(|db| prepared(db, &name, shape))
            .map_err(|error| Failure::file(&at, &failed(error)))?;
        // The database's own belongs to its rows for certain.
        let state = match (state, beside) {
            (None, Some(path)) => match fs::read_to_string(path) {
                Ok(state) => Some(state),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(Failure::file(&Words::same(path.display()), &error)),
            },
            (state, _) => state,
        };
        if state.is_none() && lists.has_rows(&db).map_err(|e| Failure::file(&at, &failed(e)))? {
            return Err(Failure::io(words!(
                "{}: its table {name} has rows, but no state: where to go on is not known; give \
                 another --to, or drop the table",
                "{}：表 {name} 里有数据，但没有拉取状态，不知道从哪里接着拉；请换一个 --to，或删掉这张表",
                to.display()
            )));
        }
        let (method, beside) = (shape.method.to_owned(), beside.map(Path::to_owned));
        Ok(Self { db, method, lists, state, beside })
    }
}

fn prepared(
    db: Connection,
    name: &str,
    shape: &Shape<'_>,
) -> rusqlite::Result<(Connection, List, Option<String>)> {
    db.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = NORMAL;
         CREATE TABLE IF NOT EXISTS _wdt_pull (method TEXT PRIMARY KEY, state TEXT NOT NULL);",
    )?;
    let lists = List::of(&db, name, shape.table, &shape.key, false)?;
    let state = db
        .query_row("SELECT state FROM _wdt_pull WHERE method = ?", [shape.method], |row| row.get(0))
        .optional()?;
    Ok((db, lists, state))
}

impl List {
    /// Makes the table, or adds the columns that a newer catalogue has.
    fn of(
        db: &Connection,
        name: &str,
        table: &Table,
        key: &[String],
        is_nested: bool,
    ) -> rusqlite::Result<Self> {
        let columns: Vec<(String, &str)> = table
            .columns
            .iter()
            .filter_map(|column| Some((quoted(&column.name), declared(column)?)))
            .collect();
        let own = if is_nested { "_parent INTEGER NOT NULL, _n INTEGER NOT NULL, " } else { "" };
        let more = quoted(MORE);
        let listed: Vec<String> =
            columns.iter().map(|(name, declared)| format!("{name} {declared}, ")).collect();
        let table_name = quoted(name);
        db.execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS {table_name} \
             (_id INTEGER PRIMARY KEY, {own}{}{more} TEXT)",
            listed.concat()
        ))?;
        let mut there = db.prepare("SELECT name FROM pragma_table_info(?)")?;
        let there: Vec<String> =
            there.query_map([name], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for (column, declared) in &columns {
            if !there.iter().any(|known| quoted(known).eq_ignore_ascii_case(column)) {
                db.execute_batch(&format!(
                    "ALTER TABLE {table_name} ADD COLUMN {column} {declared}"
                ))?;
            }
        }
        let keys: Vec<String> = key.iter().map(|field| quoted(field)).collect();
        let has_key =
            !keys.is_empty() && keys.iter().all(|key| columns.iter().any(|(c, _)| c == key));
        let index = |kind: &str, what: &str, on: &str| {
            let index = quoted(&format!("{name}_{what}"));
            db.execute_batch(&format!("CREATE {kind} IF NOT EXISTS {index} ON {table_name} ({on})"))
        };
        if is_nested {
            index("INDEX", "parent", "_parent")?;
        } else if has_key {
            index("UNIQUE INDEX", "key", &keys.join(", "))?;
        }
        let mut names: Vec<String> = columns.into_iter().map(|(name, _)| name).collect();
        names.push(more);
        let own: &[&str] = if is_nested { &["_parent", "_n"] } else { &[] };
        let all: Vec<&str> = own.iter().copied().chain(names.iter().map(String::as_str)).collect();
        let marks = vec!["?"; all.len()].join(", ");
        let update = if has_key && !is_nested {
            let set: Vec<String> =
                names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
            format!(" ON CONFLICT ({}) DO UPDATE SET {}", keys.join(", "), set.join(", "))
        } else {
            String::new()
        };
        let insert = format!(
            "INSERT INTO {table_name} ({}) VALUES ({marks}){update} RETURNING _id",
            all.join(", ")
        );
        let delete = format!("DELETE FROM {table_name} WHERE _parent = ? RETURNING _id");
        let mut nested = Vec::new();
        for (place, column) in table.columns.iter().enumerate() {
            if let Kind::Rows(table) = &column.kind {
                let name = format!("{name}__{}", column.name);
                nested.push((place, Self::of(db, &name, table, &[], true)?));
            }
        }
        Ok(Self { name: table_name, insert, delete, nested })
    }

    fn has_rows(&self, db: &Connection) -> rusqlite::Result<bool> {
        db.prepare(&format!("SELECT 1 FROM {} LIMIT 1", self.name))?.exists([])
    }

    /// Removes all rows, and those of the nested lists.
    fn clear(&self, db: &Transaction<'_>) -> rusqlite::Result<()> {
        db.execute_batch(&format!("DELETE FROM {}", self.name))?;
        self.nested.iter().try_for_each(|(_, list)| list.clear(db))
    }

    fn keep(
        &self,
        db: &Transaction<'_>,
        record: &Record<'_>,
        place: Option<(i64, usize)>,
    ) -> rusqlite::Result<()> {
        let mut statement = db.prepare_cached(&self.insert)?;
        let mut at = 0;
        let mut bind = |statement: &mut rusqlite::CachedStatement<'_>, value: &dyn ToSql| {
            at += 1;
            statement.raw_bind_parameter(at, value)
        };
        if let Some((parent, n)) = place {
            bind(&mut statement, &parent)?;
            bind(&mut statement, &i64::try_from(n).unwrap_or(i64::MAX))?;
        }
        let mut lists = self.nested.iter().map(|(place, _)| *place).peekable();
        for (place, cell) in record.cells.iter().enumerate() {
            // A list has a table, and no column: also where none came.
            if lists.next_if_eq(&place).is_none() {
                bind(&mut statement, &bound(cell))?;
            }
        }
        let more = Some(record.more.as_str()).filter(|more| !more.is_empty());
        bind(&mut statement, &more)?;
        let mut returned = statement.raw_query();
        let id: i64 = match returned.next()? {
            Some(row) => row.get(0)?,
            None => return Err(rusqlite::Error::QueryReturnedNoRows),
        };
        drop(returned);
        drop(statement);
        for (place, list) in &self.nested {
            list.forget(db, id)?;
            if let Some(Cell::Rows(records)) = record.cells.get(*place) {
                for (n, record) in records.iter().enumerate() {
                    list.keep(db, record, Some((id, n)))?;
                }
            }
        }
        Ok(())
    }

    /// Removes the rows of a parent, and theirs.
    fn forget(&self, db: &Transaction<'_>, parent: i64) -> rusqlite::Result<()> {
        let mut statement = db.prepare_cached(&self.delete)?;
        let gone: Vec<i64> =
            statement.query_map([parent], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for (_, list) in &self.nested {
            for id in &gone {
                list.forget(db, *id)?;
            }
        }
        Ok(())
    }
}

impl Sink for Sqlite {
    fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    fn keep(&mut self, rows: &Rows<'_>, state: &str) -> io::Result<()> {
        let mut keep = || -> rusqlite::Result<()> {
            let db = self.db.transaction()?;
            if rows.is_all {
                self.lists.clear(&db)?;
            }
            for record in rows.records {
                self.lists.keep(&db, record, None)?;
            }
            db.execute(
                "INSERT OR REPLACE INTO _wdt_pull VALUES (?, ?)",
                params![self.method, state],
            )?;
            db.commit()
        };
        keep().map_err(failed)?;
        self.state = Some(state.to_owned());
        match &self.beside {
            Some(path) => written(path, state.as_bytes()),
            None => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The type of a column; a nested list has a table instead. Decimals are text: SQLite's own numbers
/// would lose digits.
fn declared(column: &Column) -> Option<&'static str> {
    match column.kind {
        Kind::Rows(_) => None,
        Kind::Integer | Kind::Flag => Some("INTEGER"),
        Kind::Text | Kind::Decimal | Kind::Time | Kind::Json => Some("TEXT"),
    }
}

fn bound<'c>(cell: &'c Cell<'_>) -> ToSqlOutput<'c> {
    match cell {
        Cell::Null | Cell::Rows(_) => ToSqlOutput::from(rusqlite::types::Null),
        Cell::Text(text) | Cell::Decimal(text) => ToSqlOutput::from(&**text),
        Cell::Json(text) => ToSqlOutput::from(text.as_str()),
        Cell::Integer(number) => ToSqlOutput::from(*number),
        Cell::Flag(flag) => ToSqlOutput::from(*flag),
        Cell::Time(time) => ToSqlOutput::from(time.to_string()),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
