//! The members of an object that have been met: which fields, which twice, which times.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::catalogue::Field;
use crate::json::Text;

/// How many keys that nobody documents are remembered, in one object, to find one that comes twice.
const MAX_UNKNOWN_KEYS: usize = 1024;

/// The longest key, in bytes, that is remembered, and that a pointer shows in full. The documented
/// ones are far shorter, and a pointer is made for each issue below a key.
const MAX_KEY: usize = 256;

/// A key as a pointer shows it.
pub(crate) fn shown(key: Text<'_>) -> Cow<'_, str> {
    if key.raw().len() <= MAX_KEY {
        return key.decode_lossy();
    }
    let start = key.chars().take(MAX_KEY / 4).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    Cow::Owned(start.chain(['…']).collect())
}

/// The members of one object that have been met.
#[derive(Debug)]
pub(crate) struct Members<'a> {
    parent: Field<'a>,
    /// Where the next key is looked for first: bodies mostly keep the documentation's order.
    next: usize,
    seen: u64,
    seen_beyond: BTreeSet<usize>,
    unknown: BTreeSet<Cow<'a, str>>,
    /// Places of the fields that begin or end a span, and where their values start.
    pub(super) times: Vec<(usize, usize)>,
    /// Places of members that are null, kept where one field may stand in for another.
    pub(super) nulls: Vec<usize>,
}

impl<'a> Members<'a> {
    pub(crate) fn new(parent: Field<'a>) -> Self {
        Self {
            parent,
            next: 0,
            seen: 0,
            seen_beyond: BTreeSet::new(),
            unknown: BTreeSet::new(),
            times: Vec::new(),
            nulls: Vec::new(),
        }
    }

    pub(crate) fn find(&mut self, key: Text<'a>) -> Option<(usize, Field<'a>)> {
        let fields = self.parent.fields();
        let place = self.parent.place_of(key, self.next)?;
        self.next = if place + 1 < fields.len() { place + 1 } else { 0 };
        self.parent.fields().nth(place).map(|field| (place, field))
    }

    /// Marks a field as met; whether it had been before.
    pub(crate) fn saw(&mut self, place: usize) -> bool {
        let before = self.has(place);
        if place < 64 {
            self.seen |= 1 << place;
        } else {
            self.seen_beyond.insert(place);
        }
        before
    }

    /// Marks a key that nobody documents as met; whether it had been before.
    pub(crate) fn saw_unknown(&mut self, key: Text<'a>) -> bool {
        if key.raw().len() > MAX_KEY {
            return false;
        }
        let key = key.decode_lossy();
        let known = self.unknown.contains(&key);
        if !known && self.unknown.len() < MAX_UNKNOWN_KEYS {
            self.unknown.insert(key);
        }
        known
    }

    pub(super) fn has(&self, place: usize) -> bool {
        if place < 64 { self.seen >> place & 1 == 1 } else { self.seen_beyond.contains(&place) }
    }

    /// Whether a field has a value: to the platform a null is none.
    pub(super) fn is_given(&self, place: usize) -> bool {
        self.has(place) && (self.nulls.is_empty() || !self.nulls.contains(&place))
    }

    /// Whether a field is not missed, because another group of those of which one is enough is
    /// complete.
    pub(super) fn is_stood_in_for(&self) -> bool {
        let fields = || self.parent.fields();
        let is_given = |name: &str| {
            fields().position(|field| field.name() == name).is_some_and(|at| self.is_given(at))
        };
        self.parent.one_of().any(|group| group.split('+').all(is_given))
    }
}
