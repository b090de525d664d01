//! The walk over JSON: a reader that hands out tokens and a writer that makes them.
//!
//! Both work on text: numbers are never converted, so no digit is lost. Neither recurses.

mod locate;
mod reader;
mod text;
mod writer;

pub(crate) use locate::pointer_at;
pub use reader::{Event, Reader, SyntaxError, SyntaxErrorKind};
pub use text::Text;
pub use writer::{NotANumber, Writer};

/// The length of the JSON number that `bytes` starts with, if it starts with one.
pub(crate) fn number_len(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    at += match bytes.get(at) {
        Some(b'0') => 1,
        Some(b'1'..=b'9') => digits(at),
        _ => return None,
    };
    if bytes.get(at) == Some(&b'.') {
        match digits(at + 1) {
            0 => return None,
            n => at += 1 + n,
        }
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        match digits(at + 1 + sign) {
            0 => return None,
            n => at += 1 + sign + n,
        }
    }
    Some(at)
}

/// Whether a text is one JSON number.
pub(crate) fn is_number(text: &str) -> bool {
    number_len(text.as_bytes()) == Some(text.len())
}

const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);

/// The index of the first `"`, `\` or control character at or after `from`, eight bytes a step.
pub(crate) fn find_special(bytes: &[u8], mut from: usize) -> Option<usize> {
    let zero_bytes = |w: u64| w.wrapping_sub(ONES) & !w & HIGH;
    while let Some(chunk) = bytes.get(from..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        // A byte below 0x20 borrows into its high bit. Only the lowest mark is exact, and it is
        // the one that is used.
        let marks = zero_bytes(word ^ (ONES * u64::from(b'"')))
            | zero_bytes(word ^ (ONES * u64::from(b'\\')))
            | (word.wrapping_sub(ONES * 0x20) & !word & HIGH);
        if marks != 0 {
            return Some(from + marks.trailing_zeros() as usize / 8);
        }
        from += 8;
    }
    let rest = bytes.get(from..)?;
    rest.iter().position(|&b| b == b'"' || b == b'\\' || b < 0x20).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn find_special_is_the_plain_search(bytes: Vec<u8>, from in 0_usize..40) {
            let plain = bytes.iter().enumerate().skip(from)
                .find(|(_, b)| matches!(b, b'"' | b'\\' | 0..=0x1f)).map(|(i, _)| i);
            prop_assert_eq!(find_special(&bytes, from), plain);
        }
    }

    #[test]
    fn number_grammar() {
        for ok in ["0", "-0", "10", "1.0000", "1e9", "1E+9", "-1.5e-3", "999999999999999.9999"] {
            assert_eq!(number_len(ok.as_bytes()), Some(ok.len()), "{ok}");
        }
        for bad in ["", "-", "+1", ".5", "1.", "1.e3", "1e", "1e+", "NaN", "Infinity", "-Infinity"]
        {
            assert_eq!(number_len(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(number_len(b"007"), Some(1));
    }
}
