//! A window that does not fit one page and cannot be cut, read from the last page to the first:
//! what leaves it meanwhile makes rows come twice, never not at all.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::row::{Held, Row};
use crate::session::alike::Alike;

#[derive(Debug, Clone)]
pub(super) struct Back {
    /// The page to ask for.
    pub(super) page: u64,
    rounds: u32,
    /// Where among `rows` each one is.
    known: BTreeMap<u64, usize>,
    rows: Vec<Held>,
}

/// How a window stands after a page of it.
#[derive(Debug)]
pub(super) enum Read {
    /// There are more pages.
    On,
    /// All its rows have been seen.
    Whole(Vec<Held>),
    /// Fewer rows than its total, again and again.
    Short,
}

impl Back {
    const ROUNDS: u32 = 3;

    pub(super) fn new(total: u64, page_size: u64) -> Self {
        let page = total.div_ceil(page_size).saturating_sub(1);
        Self { page, rounds: 1, known: BTreeMap::new(), rows: Vec::new() }
    }

    /// Takes the page that was asked for; the first one has the total as it is then.
    pub(super) fn take(
        &mut self,
        rows: &[Row<'_>],
        total: Option<u64>,
        page_size: u64,
        has_key: bool,
    ) -> Read {
        let mut alike = Alike::default();
        for row in rows {
            let id = if has_key { row.id } else { alike.id(row.content) };
            if let Some(&at) = self.known.get(&id) {
                // Read later, so newer.
                self.rows[at] = Held::from(*row);
            } else {
                self.known.insert(id, self.rows.len());
                self.rows.push(Held::from(*row));
            }
        }
        if self.page > 0 {
            self.page -= 1;
            return Read::On;
        }
        let total = total.unwrap_or(0);
        if self.rows.len() as u64 >= total {
            return Read::Whole(core::mem::take(&mut self.rows));
        }
        if self.rounds == Self::ROUNDS {
            return Read::Short;
        }
        self.rounds += 1;
        self.page = total.div_ceil(page_size).saturating_sub(1);
        Read::On
    }
}
