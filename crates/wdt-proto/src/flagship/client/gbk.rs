//! Whether bytes are text in GBK, which no reply of the platform's is.

use alloc::string::String;

/// The text with U+FFFD in each Chinese character's place, if the bytes are GBK and not only ASCII.
///
/// Quotes, brackets and angle brackets are never the second byte of a pair, so that what is made of
/// them can still be told; the characters themselves would need GBK's table.
pub(super) fn outline(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let (mut rest, mut has_common) = (bytes, false);
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        if first.is_ascii() {
            text.push(char::from(first));
            continue;
        }
        let (&second, behind) = rest.split_first()?;
        rest = behind;
        if !matches!((first, second), (0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE)) {
            return None;
        }
        // GB 2312's characters: a text has some of them, chance bytes hardly nothing but pairs.
        has_common |= matches!((first, second), (0xB0..=0xF7, 0xA1..=0xFE));
        text.push(char::REPLACEMENT_CHARACTER);
    }
    let is_text = !bytes.iter().any(|b| b.is_ascii_control() && !b.is_ascii_whitespace());
    (has_common && is_text).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gbk_is_told_from_other_bytes() {
        // 签名错误
        let wrong = b"{\"message\":\"\xc7\xa9\xc3\xfb\xb4\xed\xce\xf3\"}";
        let outline_of = |bytes: &[u8]| outline(bytes);
        let shown = "{\"message\":\"\u{fffd}\u{fffd}\u{fffd}\u{fffd}\"}";
        assert_eq!(outline_of(wrong).as_deref(), Some(shown));
        for other in [
            &b"{}"[..],
            b"\xc7",
            b"caf\xe9 ",
            b"\xff\xfe{\0}\0",
            b"\xc7\xa9\0",
            b"\x1f\x8b\x08\xb0\xa1",
            b"\xc7\x20",
        ] {
            assert_eq!(outline_of(other), None, "{other:?}");
        }
    }
}
