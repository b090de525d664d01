//! The state in an SQLite file. One thread writes: whatever has queued up goes into one
//! transaction, and is acknowledged once that is on the disk.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};
use rust_decimal::Decimal;
use tokio::sync::oneshot;

use crate::error::SandboxError;
use crate::seed::GoodSpec;
use crate::shop::{Change, Good, LastSync, Shop};
use crate::why::Why;

/// The file's `application_id`: "wdts".
const APPLICATION_ID: i64 = 0x7764_7473;

/// The file's `user_version`: what its tables look like.
const SCHEMA_VERSION: i64 = 1;

/// The most writes in one transaction: bounds how long the first of them waits.
const MAX_BATCH: usize = 512;

const SCHEMA: &str = "
    CREATE TABLE goods (
        api_goods_id INTEGER PRIMARY KEY,
        spec TEXT NOT NULL,
        stock_change_count INTEGER NOT NULL,
        waiting_position INTEGER UNIQUE,
        last_syn_num TEXT,
        last_syn_time TEXT,
        last_success INTEGER,
        last_result TEXT
    );
    CREATE TABLE stock (
        api_goods_id INTEGER NOT NULL REFERENCES goods,
        warehouse TEXT NOT NULL,
        stock TEXT NOT NULL,
        PRIMARY KEY (api_goods_id, warehouse)
    ) WITHOUT ROWID;
    CREATE TABLE shop (next_position INTEGER NOT NULL);
";

/// Takes changes and keeps them.
#[derive(Debug)]
pub(crate) struct Store {
    /// `None` while the store is being dropped.
    queue: Option<Sender<Write>>,
    writer: Option<JoinHandle<()>>,
    failed: Arc<AtomicBool>,
}

struct Write {
    change: Change,
    durable: oneshot::Sender<()>,
}

/// Resolves when the change is on the disk; an error means that it is not and never will be.
pub(crate) type Durable = oneshot::Receiver<()>;

impl Store {
    /// Opens a file, or makes one that holds `seed`. Tells whether the file's state was used.
    pub(crate) fn open(
        path: &Path,
        seed: Vec<GoodSpec>,
    ) -> Result<(Self, Shop, bool), SandboxError> {
        let wrong = |why| SandboxError::Store(Why::one(path.display()).because(&why));
        let failed_to = |error: rusqlite::Error| wrong(explain(&error));
        let mut connection = connect(path).map_err(failed_to)?;
        let kind = kind_of(&connection).map_err(failed_to)?;
        if kind == FileKind::Other {
            return Err(wrong(Why::new(
                "is no store of this version of the sandbox",
                "不是这个版本沙箱的存储文件",
            )));
        }
        take_over(&connection).map_err(failed_to)?;
        let is_new = kind == FileKind::Empty;
        let shop = if is_new { create(&mut connection, seed) } else { load(&connection) };
        let shop = shop.map_err(|error| wrong(Why::one(error)))?;

        let (queue, queued) = mpsc::channel();
        let failed = Arc::new(AtomicBool::new(false));
        let has_failed = failed.clone();
        let writer = std::thread::Builder::new()
            .name("wdt-sandbox-store".into())
            .spawn(move || write_all(connection, &queued, &has_failed))
            .map_err(SandboxError::Runtime)?;
        Ok((Self { queue: Some(queue), writer: Some(writer), failed }, shop, !is_new))
    }

    /// Queues a change. Call it under the lock that orders the changes.
    pub(crate) fn keep(&self, change: Change) -> Durable {
        let (durable, receiver) = oneshot::channel();
        if let Some(queue) = &self.queue {
            // A writer that is gone drops `durable`, which the receiver sees.
            let _ = queue.send(Write { change, durable });
        }
        receiver
    }

    /// Whether a write failed: what is in memory is then ahead of the disk, for good.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Two sandboxes on one file would each trust a memory of their own.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    Ok(connection)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileKind {
    Empty,
    Store,
    Other,
}

/// Looks only: a file that is not ours stays as it is.
fn kind_of(connection: &Connection) -> rusqlite::Result<FileKind> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let (application, version) = (number("PRAGMA application_id")?, number("PRAGMA user_version")?);
    let objects = number("SELECT count(*) FROM sqlite_schema")?;
    Ok(match (application, version, objects) {
        (0, 0, 0) => FileKind::Empty,
        (APPLICATION_ID, SCHEMA_VERSION, 1..) => FileKind::Store,
        _ => FileKind::Other,
    })
}

fn take_over(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // In WAL mode the lock is taken by the first write, not by opening.
    connection.execute_batch("BEGIN IMMEDIATE; COMMIT")
}

fn explain(error: &rusqlite::Error) -> Why {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy) => {
            Why::new("another process has it open", "正被另一个进程打开")
        }
        Some(rusqlite::ErrorCode::NotADatabase) => {
            Why::new("is no SQLite file", "不是 SQLite 文件")
        }
        _ => Why::one(error),
    }
}

type AnyError = Box<dyn std::error::Error>;

fn create(connection: &mut Connection, seed: Vec<GoodSpec>) -> Result<Shop, AnyError> {
    let shop = Shop::new(seed);
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.execute("INSERT INTO shop VALUES (?1)", [shop.next_position()])?;
    for good in shop.goods() {
        transaction.execute(
            "INSERT INTO goods (api_goods_id, spec, stock_change_count, waiting_position)
             VALUES (?1, ?2, ?3, ?4)",
            params![
                good.spec.api_goods_id,
                serde_json::to_string(&good.spec)?,
                good.stock_change_count,
                good.waiting_position,
            ],
        )?;
        for (warehouse, stock) in &good.stock {
            set_stock(&transaction, good.spec.api_goods_id, warehouse, *stock)?;
        }
    }
    transaction.commit()?;
    Ok(shop)
}

fn set_stock(
    transaction: &Transaction<'_>,
    id: i64,
    warehouse: &str,
    stock: Decimal,
) -> rusqlite::Result<usize> {
    transaction
        .prepare_cached(
            "INSERT INTO stock VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET stock = excluded.stock",
        )?
        .execute(params![id, warehouse, stock.to_string()])
}

fn load(connection: &Connection) -> Result<Shop, AnyError> {
    let mut goods = connection.prepare(
        "SELECT spec, stock_change_count, waiting_position,
                last_syn_num, last_syn_time, last_success, last_result FROM goods",
    )?;
    let mut stock =
        connection.prepare("SELECT warehouse, stock FROM stock WHERE api_goods_id = ?1")?;
    let mut rows = goods.query([])?;
    let mut loaded = Vec::new();
    while let Some(row) = rows.next()? {
        let spec: GoodSpec = serde_json::from_str(&row.get::<_, String>(0)?)?;
        let last = match row.get::<_, Option<String>>(3)? {
            None => None,
            Some(num) => Some(LastSync {
                num: wdt_proto::decimal::parse(&num)?,
                time: row.get(4)?,
                success: row.get(5)?,
                result: row.get(6)?,
            }),
        };
        let mut by_warehouse = std::collections::BTreeMap::new();
        let mut stock_rows = stock.query([spec.api_goods_id])?;
        while let Some(row) = stock_rows.next()? {
            let stock = wdt_proto::decimal::parse(&row.get::<_, String>(1)?)?;
            by_warehouse.insert(row.get(0)?, stock);
        }
        loaded.push(Good {
            spec,
            stock: by_warehouse,
            stock_change_count: row.get(1)?,
            waiting_position: row.get(2)?,
            last,
        });
    }
    let next: Option<i64> =
        connection.query_row("SELECT next_position FROM shop", [], |row| row.get(0)).optional()?;
    Ok(Shop::restored(loaded, next.ok_or("the table shop is empty")?))
}

/// Writes until the queue is closed, or until a write fails: then all that follow fail too.
fn write_all(mut connection: Connection, writes: &Receiver<Write>, failed: &AtomicBool) {
    while let Ok(first) = writes.recv() {
        let mut batch = vec![first];
        batch.extend(writes.try_iter().take(MAX_BATCH - 1));
        if let Err(error) = commit(&mut connection, &batch) {
            failed.store(true, Ordering::Release);
            eprintln!("wdt-sandbox: the store failed, the platform answers 数据库错误: {error}");
            return;
        }
        for write in batch {
            // An error: nobody waits any more.
            let _ = write.durable.send(());
        }
    }
}

fn commit(connection: &mut Connection, batch: &[Write]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for Write { change, .. } in batch {
        let last = change.last.as_ref();
        transaction
            .prepare_cached(
                "UPDATE goods SET stock_change_count = ?2, waiting_position = ?3, last_syn_num = ?4,
                    last_syn_time = ?5, last_success = ?6, last_result = ?7 WHERE api_goods_id = ?1",
            )?
            .execute(params![
                change.api_goods_id,
                change.stock_change_count,
                change.waiting_position,
                last.map(|last| last.num.to_string()),
                last.map(|last| &last.time),
                last.map(|last| last.success),
                last.map(|last| &last.result),
            ])?;
        if let Some((warehouse, stock)) = &change.stock {
            set_stock(&transaction, change.api_goods_id, warehouse, *stock)?;
        }
    }
    if let Some(Write { change, .. }) = batch.last() {
        transaction
            .prepare_cached("UPDATE shop SET next_position = ?1")?
            .execute([change.next_position])?;
    }
    transaction.commit()
}
