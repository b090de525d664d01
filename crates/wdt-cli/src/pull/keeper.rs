//! The sink in a thread of its own: while a batch is kept, the next page is read.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use wdt_proto::catalogue::Catalogue;
use wdt_proto::session::Batch;

use super::columns::{Records, listed};
use super::sink::{Rows, Shape, Sink};

/// How many batches may wait: they are memory.
const WAITING: usize = 1;

enum Work {
    Keep { batch: Batch, is_all: bool },
    Flush,
}

/// What is kept, as of a flush.
pub(crate) struct Kept {
    pub(crate) state: Option<String>,
    /// Values that did not fit their column, since the beginning.
    pub(crate) odd: u64,
}

/// The thread, as those see it who give it work.
pub(crate) struct Keeper<'s> {
    work: SyncSender<Work>,
    kept: Receiver<Kept>,
    thread: Option<ScopedJoinHandle<'s, io::Result<()>>>,
}

impl<'s> Keeper<'s> {
    pub(crate) fn start<'e>(
        scope: &'s Scope<'s, 'e>,
        sink: Box<dyn Sink>,
        shape: &'e Shape<'e>,
    ) -> Self {
        let (work, todo) = sync_channel(WAITING);
        let (done, kept) = sync_channel(1);
        let thread = scope.spawn(move || keep(sink, shape, &todo, &done));
        Self { work, kept, thread: Some(thread) }
    }

    /// Hands over a batch, whose rows are kept a while later.
    pub(crate) fn keep(&mut self, batch: Batch, is_all: bool) -> io::Result<()> {
        self.give(Work::Keep { batch, is_all })
    }

    /// Waits until all is kept.
    pub(crate) fn flush(&mut self) -> io::Result<Kept> {
        self.give(Work::Flush)?;
        match self.kept.recv() {
            Ok(kept) => Ok(kept),
            Err(_) => Err(self.why()),
        }
    }

    fn give(&mut self, work: Work) -> io::Result<()> {
        if self.work.send(work).is_ok() { Ok(()) } else { Err(self.why()) }
    }

    /// Why the thread has ended.
    fn why(&mut self) -> io::Error {
        let ended = self.thread.take().map(ScopedJoinHandle::join);
        match ended {
            Some(Ok(Err(error))) => error,
            _ => io::Error::other("rows can no longer be kept"),
        }
    }
}

fn keep(
    mut sink: Box<dyn Sink>,
    shape: &Shape<'_>,
    todo: &Receiver<Work>,
    done: &SyncSender<Kept>,
) -> io::Result<()> {
    let catalogue = Catalogue::new();
    let mut odd = 0;
    while let Ok(work) = todo.recv() {
        match work {
            Work::Keep { batch, is_all } => {
                let texts = batch.rows.as_slice();
                let list = if sink.wants_records() { listed(texts) } else { String::new() };
                let records = if sink.wants_records() {
                    shape.table.records(&catalogue, shape.method, texts, &list)
                } else {
                    Records::default()
                };
                odd += records.odd;
                sink.keep(&Rows { texts, records: &records.list, is_all }, &batch.state)?;
            }
            Work::Flush => {
                sink.flush()?;
                // Nobody waits for it where the program ends.
                let _ = done.send(Kept { state: sink.state().map(ToOwned::to_owned), odd });
            }
        }
    }
    Ok(())
}
