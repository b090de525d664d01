//! Pages in the order of time: each begins where the one before ended, and totals prove that
//! nothing lies between.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;

use super::row::{Held, Row};
use crate::session::Moment;

/// A window whose first page alone was read: it is whole when as many rows as its total have been
/// seen, its own and those of the pages behind it. That holds in whatever order rows come.
#[derive(Debug, Clone)]
struct Owed {
    to: Moment,
    total: u64,
    /// Rows seen that lie before its end, and on its last second.
    before: u64,
    on: u64,
}

impl Owed {
    fn count(&mut self, at: Moment) {
        self.before += u64::from(at < self.to);
        self.on += u64::from(at == self.to);
    }

    /// `ends`: whether rows on the last second of a window belong to it, where that is known.
    fn is_met(&self, ends: Option<bool>) -> bool {
        match ends {
            Some(true) => self.before + self.on == self.total,
            Some(false) => self.before == self.total,
            None => self.on == 0 && self.before == self.total,
        }
    }
}

/// What a page has proven.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nothing yet.
    Open,
    /// All up to here has been seen.
    Upto(Moment),
    /// It depends on whether rows on this second, the end of a window, belong to it.
    Depends(Moment),
    /// A window that has been passed lacks rows: they do not come in the order of time.
    Broken,
}

/// Rows that were read and wait for their windows to be proven whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Chain {
    owed: VecDeque<Owed>,
    held: Vec<Held>,
    /// What the last page had on its last second, which the next page begins with.
    edge: Vec<u64>,
}

impl Chain {
    pub(super) fn is_empty(&self) -> bool {
        self.owed.is_empty()
    }

    /// The latest end of the windows that are not proven.
    pub(super) fn end(&self) -> Option<Moment> {
        self.owed.back().map(|owed| owed.to)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes the first page of the window from `from` to `to`, which has `total` rows; gives the
    /// second from which to read on.
    pub(super) fn page(
        &mut self,
        from: Moment,
        to: Moment,
        total: u64,
        rows: &[Row<'_>],
    ) -> Moment {
        self.add(from, rows);
        let head = rows.last().and_then(|row| row.time).unwrap_or(from);
        let is_last = |row: &&Row<'_>| row.time == Some(head);
        self.edge = rows.iter().filter(is_last).map(|row| row.content).collect();
        let mut owed = Owed { to, total, before: 0, on: 0 };
        rows.iter().filter_map(|row| row.time).for_each(|at| owed.count(at));
        self.owed.push_back(owed);
        head
    }

    /// What is proven now that all rows before `head` must have been seen, if they come in order.
    pub(super) fn proof(&mut self, head: Moment, ends: Option<bool>) -> Proof {
        let mut proof = Proof::Open;
        while let Some(first) = self.owed.front() {
            if first.is_met(ends) {
                proof = Proof::Upto(first.to);
                self.owed.pop_front();
            } else if head > first.to {
                let may_be = first.is_met(Some(true)) || first.is_met(Some(false));
                let depends = ends.is_none() && may_be && proof == Proof::Open;
                return if depends { Proof::Depends(first.to) } else { Proof::Broken };
            } else {
                break;
            }
        }
        proof
    }

    /// Hands out the rows up to a second.
    pub(super) fn release(&mut self, upto: Moment) -> Vec<Held> {
        let is_due = |row: &Held| row.time.is_none_or(|at| at <= upto);
        let (due, rest) = core::mem::take(&mut self.held).into_iter().partition(is_due);
        self.held = rest;
        due
    }

    /// Hands out all of them.
    pub(super) fn release_all(&mut self) -> Vec<Held> {
        core::mem::take(self).held
    }

    /// Counts and keeps the rows that are new: those of the first second may have come before.
    pub(super) fn add(&mut self, from: Moment, rows: &[Row<'_>]) {
        let mut known: BTreeMap<u64, u32> = BTreeMap::new();
        self.edge.drain(..).for_each(|content| *known.entry(content).or_default() += 1);
        for row in rows {
            let known = known.get_mut(&row.content).filter(|_| row.time == Some(from));
            if let Some(count) = known.filter(|count| **count > 0) {
                *count -= 1;
                continue;
            }
            if let Some(at) = row.time {
                self.owed.iter_mut().for_each(|owed| owed.count(at));
            }
            self.held.push(Held::from(*row));
        }
    }
}
