//! Where in a value that no field describes something stands.

use alloc::vec::Vec;

use super::{Step, Walked};
use crate::json::{Event, Reader};

/// Reads a value that no field describes once more, to tell where in it something stands: needed
/// for few values, and then once for all that is found in one.
pub(super) struct Locator<'a> {
    reader: Reader<'a>,
    /// Where in the body the value begins.
    start: usize,
    pub(super) path: Vec<Step<'a>>,
}

impl<'a> Locator<'a> {
    pub(super) fn new(reader: Reader<'a>, start: usize) -> Self {
        Self { reader, start, path: Vec::new() }
    }

    /// Reads on to the token at byte `at` of the body, a key or a string behind the last one.
    pub(super) fn advance(&mut self, at: usize) -> Walked {
        loop {
            let event = self.reader.next()?;
            match event {
                Event::EndArray | Event::EndObject => drop(self.path.pop()),
                Event::Key => {
                    self.path.pop();
                    self.path.push(Step::Key(self.reader.text()));
                }
                _ => {
                    if let Some(Step::Index(index)) = self.path.last_mut() {
                        *index = index.wrapping_add(1);
                    }
                }
            }
            if self.start + self.reader.token_start() >= at {
                return Ok(());
            }
            match event {
                // The first element adds one.
                Event::BeginArray => self.path.push(Step::Index(usize::MAX)),
                Event::BeginObject => self.path.push(Step::Name("")),
                _ => {}
            }
        }
    }
}
