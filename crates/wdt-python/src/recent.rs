//! What was made of a text a moment ago, so that a text that repeats is made into an object once.

/// The most texts that are remembered.
const MAX_SLOTS: usize = 4096;

/// A table in which a text has one place: a newcomer takes the place of whoever is there, so it
/// never grows, and texts chosen to collide cost no more than no table at all.
pub(crate) struct Recent<'a, T> {
    slots: Vec<Option<(&'a str, T)>>,
}

impl<'a, T> Recent<'a, T> {
    /// A table as large as a text of so many bytes has use for.
    pub(crate) fn for_text_of(bytes: usize) -> Self {
        let slots = (bytes / 64).next_power_of_two().clamp(16, MAX_SLOTS);
        Self { slots: (0..slots).map(|_| None).collect() }
    }

    /// What was made of `text`.
    pub(crate) fn get(&self, text: &str) -> Option<&T> {
        self.slots[self.place(text)].as_ref().filter(|(known, _)| *known == text).map(|(_, t)| t)
    }

    /// Remembers what was made of `text`.
    pub(crate) fn put(&mut self, text: &'a str, made: T) {
        let place = self.place(text);
        self.slots[place] = Some((text, made));
    }

    fn place(&self, text: &str) -> usize {
        spread(text) & (self.slots.len() - 1)
    }
}

/// Spreads texts by their length, first and last eight bytes.
fn spread(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (head, tail) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
        _ => (bytes.iter().fold(0, |all, &byte| all << 8 | u64::from(byte)), 0),
    };
    let mixed = (head ^ tail.rotate_left(29)).wrapping_add(bytes.len() as u64);
    // The product's upper bits depend on all of them.
    (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize
}
