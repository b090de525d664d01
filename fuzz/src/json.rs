//! JSON as `serde_json` sees it, values kept as text.
//!
//! The judge is `RawValue`: it holds JSON to the grammar and converts nothing. It differs from
//! `serde_json::Value` where the library does too: numbers of any size pass, halves of surrogate
//! pairs pass, a key may stand twice, and nesting has no bound.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The one JSON value that `bytes` are, white space around it, if they are one.
#[must_use]
pub fn value(bytes: &[u8]) -> Option<&RawValue> {
    serde_json::from_slice(bytes).ok()
}

/// How many arrays and objects are open at once, at most. `json` is JSON.
#[must_use]
pub fn depth(json: &str) -> usize {
    let (mut depth, mut most, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                most = most.max(depth);
            }
            b']' | b'}' if !in_string => depth -= 1,
            _ => {}
        }
    }
    most
}

/// The members of an object, in order and with doubles; keys as people read them.
#[must_use]
pub fn members(json: &str) -> Option<Vec<(String, &RawValue)>> {
    serde_json::from_str::<Members<'_>>(json).ok().map(|members| members.0)
}

/// The elements of an array.
#[must_use]
pub fn elements(json: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json).ok()
}

/// The decoded text of a JSON string; half a surrogate pair becomes U+FFFD.
#[must_use]
pub fn string(json: &str) -> Option<String> {
    serde_json::from_str::<Lossy>(json).ok().map(|text| text.0)
}

/// Whether a JSON string, or a key, holds a character past the Basic Multilingual Plane or half
/// of a surrogate pair. Half a pair is U+FFFD here, so an honest U+FFFD counts as well.
#[must_use]
pub fn is_suspicious(text: &str) -> bool {
    text.chars().any(|c| c as u32 > 0xFFFF || c == char::REPLACEMENT_CHARACTER)
}

/// All values that a JSON pointer may mean: more than one where a key stands twice. `None` stands
/// for a member that an object lacks, and for an element behind an array's last one.
#[must_use]
pub fn resolve<'j>(json: &'j str, pointer: &str) -> Vec<Option<&'j str>> {
    let mut here = vec![Some(json)];
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        here = here.into_iter().flatten().flat_map(|json| below(json, &step)).collect();
    }
    here
}

fn below<'j>(json: &'j str, step: &str) -> Vec<Option<&'j str>> {
    if let Some(members) = members(json) {
        let found: Vec<_> = members
            .into_iter()
            .filter(|(key, _)| key == step)
            .map(|(_, v)| Some(v.get()))
            .collect();
        return if found.is_empty() { vec![None] } else { found };
    }
    match (elements(json), step.parse::<usize>()) {
        (Some(elements), Ok(index)) if step == index.to_string() => {
            vec![elements.get(index).map(|value| value.get())]
        }
        _ => Vec::new(),
    }
}

struct Members<'j>(Vec<(String, &'j RawValue)>);

impl<'de: 'j, 'j> Deserialize<'de> for Members<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<Lossy, &'de RawValue>()? {
                    members.push((key.0, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Pairs).map(|Members(members)| Self(members))
    }
}

/// A string taken as bytes, in which `serde_json` leaves halves of surrogate pairs.
struct Lossy(String);

impl<'de> Deserialize<'de> for Lossy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Lossy;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Lossy, E> {
                Ok(Lossy(without_surrogates(bytes)))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// UTF-8 in which surrogates were encoded as if they were characters: `ED A0 80` to `ED BF BF`.
fn without_surrogates(bytes: &[u8]) -> String {
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        if let [0xED, 0xA0..=0xBF, _, behind @ ..] = rest {
            text.extend("\u{FFFD}".bytes());
            rest = behind;
        } else {
            text.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}
