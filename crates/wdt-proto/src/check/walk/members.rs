//! The members of an object that have been met: which fields, which twice, which times.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::catalogue::Field;
use crate::json::Text;

/// The members of one object that have been met.
pub(super) struct Members<'a> {
    parent: Field<'a>,
    /// Where the next key is looked for first: bodies mostly keep the documentation's order.
    next: usize,
    seen: u64,
    seen_beyond: BTreeSet<usize>,
    pub(super) unknown: BTreeSet<Cow<'a, str>>,
    /// Places of the fields that begin or end a span, and where their values start.
    pub(super) times: Vec<(usize, usize)>,
    /// Places of members that are null, kept where one field may stand in for another.
    pub(super) nulls: Vec<usize>,
}

impl<'a> Members<'a> {
    pub(super) fn new(parent: Field<'a>) -> Self {
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

    pub(super) fn find(&mut self, key: Text<'a>) -> Option<(usize, Field<'a>)> {
        let fields = self.parent.fields();
        let place = self.parent.place_of(key, self.next)?;
        self.next = if place + 1 < fields.len() { place + 1 } else { 0 };
        self.parent.fields().nth(place).map(|field| (place, field))
    }

    /// Marks a field as met; whether it had been before.
    pub(super) fn saw(&mut self, place: usize) -> bool {
        let before = self.has(place);
        if place < 64 {
            self.seen |= 1 << place;
        } else {
            self.seen_beyond.insert(place);
        }
        before
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
