//! How the catalogue lies in memory: flat tables that point into one text, made at build time for
//! the built-in methods and at run time for registered ones.
//!
//! Flat, because a pointer costs a relocation in a shared library, and there are thousands.

use alloc::borrow::Cow;

use super::kind::{Kind, Layout};

/// A range of the text or of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Slice {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct RawMethod {
    pub(crate) name: Slice,
    pub(crate) title: Slice,
    pub(crate) category: Slice,
    pub(crate) since: Slice,
    pub(crate) replaced_by: Slice,
    pub(crate) params: Slice,
    pub(crate) response: Slice,
    pub(crate) page_size_max: u32,
    pub(crate) page_size_advised: u32,
    pub(crate) max_span_minutes: u32,
    /// The limit where no argument widens it.
    pub(crate) least_span_minutes: u32,
    pub(crate) max_batch: u32,
    /// Index into `queries` plus one, 0 for none; likewise into `failures`.
    pub(crate) query: u32,
    pub(crate) failures: u32,
    pub(crate) flags: u16,
}

/// What a query's page says of its rows and of the span that it filters on. Lists are joined by
/// commas, which no name holds.
#[derive(Debug, Clone)]
pub(crate) struct RawQuery {
    /// Empty: the reply's `data` is the list itself.
    pub(crate) rows: Option<Slice>,
    pub(crate) row_key: Slice,
    pub(crate) row_key_guess: Slice,
    pub(crate) excludes: Slice,
    pub(crate) history_of: Slice,
    pub(crate) span: Option<RawSpan>,
}

#[derive(Debug, Clone)]
pub(crate) struct RawSpan {
    pub(crate) start: Slice,
    pub(crate) end: Slice,
    pub(crate) filters_on: Slice,
    pub(crate) filters_on_guess: Slice,
    pub(crate) row_field: Slice,
    pub(crate) required: Slice,
    /// JSON.
    pub(crate) modified_params: Option<Slice>,
    pub(crate) precision: Slice,
    pub(crate) instead: Slice,
}

/// Where a writing call's reply hides what it refused.
#[derive(Debug, Clone)]
pub(crate) struct RawFailures {
    pub(crate) list: Slice,
    pub(crate) key: Slice,
    pub(crate) code: Slice,
    pub(crate) message: Slice,
    pub(crate) sent: Slice,
}

#[derive(Debug, Clone)]
pub(crate) struct RawField {
    pub(crate) name: Slice,
    pub(crate) label: Slice,
    pub(crate) codes: Slice,
    pub(crate) fields: Slice,
    /// Index into `extras` plus one, 0 for none.
    pub(crate) extra: u32,
    pub(crate) flags: u16,
    /// Of a list, its elements' kind.
    pub(crate) kind: Kind,
    pub(crate) layout: Option<Layout>,
    /// [`tag`] of the name.
    pub(crate) tag: u16,
}

/// The names of a list as the tables keep it.
pub(crate) fn names(joined: &str) -> impl Iterator<Item = &str> {
    joined.split(',').filter(|name| !name.is_empty())
}

/// Two bytes in which sibling names mostly differ: they save most comparisons of whole names.
pub(crate) fn tag(name: &[u8]) -> u16 {
    let at = |index: usize| name.get(index).copied().unwrap_or_default();
    u16::from_le_bytes([at(name.len().wrapping_sub(1)), at(name.len() / 2)])
}

/// One documented value of a field.
#[derive(Debug, Clone)]
pub(crate) struct RawCode {
    pub(crate) value: Slice,
    pub(crate) label: Slice,
}

/// What few fields have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RawExtra {
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) max_items: u32,
    /// The sibling that ends the span that this field begins: its place among them plus one.
    pub(crate) span_to: u32,
    pub(crate) separator: Option<char>,
    /// Of an object: the members of which one is enough, `start_time+end_time,trade_no`.
    pub(crate) one_of: Slice,
    /// The length that another page gives the same text, where it is longer; 0 for none.
    pub(crate) longest: u32,
}

/// All of it.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    pub(crate) text: Cow<'static, str>,
    /// Sorted by name.
    pub(crate) methods: Cow<'static, [RawMethod]>,
    /// Where a method is found by [`hash`], or in the next slots: its place in `methods` plus one.
    /// At least half of them, a power of two in all, are 0.
    /// A binary search takes ten times as long: 3 % of a whole validated call.
    pub(crate) slots: Cow<'static, [u16]>,
    pub(crate) fields: Cow<'static, [RawField]>,
    pub(crate) codes: Cow<'static, [RawCode]>,
    pub(crate) extras: Cow<'static, [RawExtra]>,
    pub(crate) queries: Cow<'static, [RawQuery]>,
    pub(crate) failures: Cow<'static, [RawFailures]>,
}

/// A method's name in five of its bytes and its length.
pub(crate) fn hash(name: &[u8]) -> usize {
    let len = name.len();
    let at = |index: usize| usize::from(name.get(index).copied().unwrap_or_default());
    let places = [len / 4, len / 2, len * 3 / 4, len.wrapping_sub(2), len.wrapping_sub(1)];
    let mixed = places.into_iter().fold(len, |hash, place| hash.wrapping_mul(31) + at(place));
    mixed ^ mixed >> 7
}

/// Bits of [`RawMethod::flags`].
pub(crate) mod method_flag {
    pub(crate) const DOCUMENTED: u16 = 1;
    pub(crate) const PAGED: u16 = 1 << 1;
    pub(crate) const OWN_PLATFORM_ONLY: u16 = 1 << 2;
    pub(crate) const QIMEN_ONLY: u16 = 1 << 3;
    pub(crate) const FROM_THE_BACK: u16 = 1 << 4;
    pub(crate) const WRITES: u16 = 1 << 5;
    pub(crate) const CURSOR: u16 = 1 << 6;
}

/// Bits of [`RawField::flags`].
pub(crate) mod field_flag {
    pub(crate) const REQUIRED: u16 = 1;
    pub(crate) const MISSING_TOLERATED: u16 = 1 << 1;
    /// Of a joined string: its length is that of the whole, not of each value.
    pub(crate) const LENGTH_OF_WHOLE: u16 = 1 << 2;
    pub(crate) const EMPTY_TOLERATED: u16 = 1 << 3;
    pub(crate) const BITMASK: u16 = 1 << 4;
    pub(crate) const MAX_ITEMS_ADVISORY: u16 = 1 << 5;
    /// The field begins or ends a span.
    pub(crate) const SPAN: u16 = 1 << 6;
    pub(crate) const OPEN: u16 = 1 << 7;
    pub(crate) const LIST: u16 = 1 << 8;
    pub(crate) const CONDITIONAL: u16 = 1 << 9;
    /// There is more to check than the type.
    pub(crate) const LIMITED: u16 = 1 << 10;
    /// Some members may stand in for others.
    pub(crate) const ONE_OF: u16 = 1 << 11;
    /// A moment: typed so, or a text that the page or its examples write so.
    pub(crate) const TIME: u16 = 1 << 12;
}
