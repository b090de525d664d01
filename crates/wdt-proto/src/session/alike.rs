//! Rows of one page that are alike to the letter, told apart by which of them they are.

use alloc::collections::BTreeMap;

use crate::digest::short as hash;

/// The rows of one page so far: without a key two of them may be alike.
#[derive(Debug, Default)]
pub(super) struct Alike(BTreeMap<u64, u64>);

impl Alike {
    /// What tells a row of this content from those before it on the page, and is the same for the
    /// same row of the page read again.
    pub(super) fn id(&mut self, content: u64) -> u64 {
        let nth = self.0.entry(content).or_default();
        *nth += 1;
        content ^ hash(&[itoa::Buffer::new().format(*nth)])
    }
}
