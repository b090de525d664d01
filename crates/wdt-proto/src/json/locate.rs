//! Where a place in a text is, as a path: other readers tell line and column alone.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::{Event, Reader};

/// The JSON pointer of the value that ends at, or holds, a line and a column (both from 1, the
/// column in bytes); empty where the text ends first.
pub(crate) fn pointer_at(source: &str, line: usize, column: usize) -> String {
    let lines = source.split_inclusive('\n').take(line.saturating_sub(1));
    let at = lines.map(str::len).sum::<usize>() + column;
    let mut reader = Reader::new(source, usize::MAX);
    // A step for each open container: the key, or the index, of its member that was last met.
    let mut path: Vec<Step<'_>> = Vec::new();
    let mut opened = false;
    while let Ok(event) = reader.next() {
        if event == Event::End || reader.token_start() >= at {
            break;
        }
        if matches!(event, Event::EndArray | Event::EndObject) {
            path.pop();
        } else if event == Event::Key {
            path.pop();
            path.push(Step::Key(reader.text().raw()));
        } else if let Some(Step::Index(index)) = path.last_mut() {
            *index += 1;
        }
        match event {
            Event::BeginArray => path.push(Step::Index(0)),
            Event::BeginObject => path.push(Step::Key("")),
            _ => {}
        }
        opened = matches!(event, Event::BeginArray | Event::BeginObject);
    }
    // A container that has just begun has no member yet: it is the place itself.
    if opened {
        path.pop();
    }
    pointer(&path)
}

enum Step<'a> {
    /// Of an object's member.
    Key(&'a str),
    /// How many elements of an array have begun.
    Index(usize),
}

fn pointer(path: &[Step<'_>]) -> String {
    let mut pointer = String::new();
    for step in path {
        // A text takes whatever is written into it.
        let _ = match step {
            Step::Key(key) => write!(pointer, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Index(count) => write!(pointer, "/{}", count.saturating_sub(1)),
        };
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_that_a_reader_stopped_at() {
        let source = "{\"a\": [1, {\"b/c\": [true,\n 12.5]}], \"d\": \"x\"}";
        let at = |needle: &str| {
            let offset = source.find(needle).unwrap() + 1;
            let before = &source[..offset];
            let line = before.matches('\n').count() + 1;
            pointer_at(source, line, offset - before.rfind('\n').map_or(0, |n| n + 1))
        };
        assert_eq!(at("1,"), "/a/0");
        assert_eq!(at("true"), "/a/1/b~1c/0");
        assert_eq!(at("12.5"), "/a/1/b~1c/1");
        assert_eq!(at("\"x"), "/d");
        assert_eq!(pointer_at("null", 1, 4), "");
        assert_eq!(pointer_at("", 1, 0), "");
    }
}
