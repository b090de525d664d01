//! What was made of a text a moment ago, so that a text that repeats is made into an object once.

/// The most texts that are remembered.
const MAX_SLOTS: usize = 4096;

/// A table in which a text has one place: a newcomer takes the place of whoever is there, so it
/// never grows, and texts chosen to collide cost no more than no table at all.
pub(crate) struct Recent<'a, T> {
    slots: Vec<Option<(Ends, &'a str, T)>>,
}

impl<'a, T> Recent<'a, T> {
    /// A table as large as a text of so many bytes has use for.
    pub(crate) fn for_text_of(bytes: usize) -> Self {
        let slots = (bytes / 64).next_power_of_two().clamp(16, MAX_SLOTS);
        Self { slots: (0..slots).map(|_| None).collect() }
    }

    /// What was made of `text`.
    pub(crate) fn get(&self, text: &str) -> Option<&T> {
        let ends = Ends::of(text);
        let (known_ends, known, made) = self.slots[self.place(ends)].as_ref()?;
        // Up to sixteen bytes the ends are all of it.
        (*known_ends == ends && (text.len() <= 16 || *known == text)).then_some(made)
    }

    /// Remembers what was made of `text`.
    pub(crate) fn put(&mut self, text: &'a str, made: T) {
        let ends = Ends::of(text);
        let place = self.place(ends);
        self.slots[place] = Some((ends, text, made));
    }

    fn place(&self, ends: Ends) -> usize {
        let mixed = (ends.head ^ ends.tail.rotate_left(29)).wrapping_add(ends.len as u64);
        // The product's upper bits depend on all of them.
        (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize & (self.slots.len() - 1)
    }
}

/// A text's length, and its first and last eight bytes, which may overlap. Below eight bytes the head
/// is all of it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ends {
    len: usize,
    head: u64,
    tail: u64,
}

impl Ends {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (head, tail) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            _ => (bytes.iter().fold(0, |all, &byte| all << 8 | u64::from(byte)), 0),
        };
        Self { len: bytes.len(), head, tail }
    }
}
