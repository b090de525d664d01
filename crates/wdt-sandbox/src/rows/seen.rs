//! What a method's documented replies really have in each field.

use std::collections::HashMap;

use serde_json::value::RawValue;
use wdt_proto::catalogue::Method;

use crate::canned::Members;

/// How a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Seconds,
    Minutes,
    Days,
    /// Milliseconds since 1970, a number.
    EpochMs,
}

impl Layout {
    /// Reads what [`wdt_proto::catalogue::Field::format`] gives.
    pub(super) fn of_pattern(pattern: &str) -> Self {
        match pattern {
            "yyyy-MM-dd" => Self::Days,
            "yyyy-MM-dd HH:mm" => Self::Minutes,
            _ => Self::Seconds,
        }
    }

    fn of_text(text: &str) -> Option<Self> {
        let shape = |c: char| if c.is_ascii_digit() { '0' } else { c };
        match text.chars().map(shape).collect::<String>().as_str() {
            "0000-00-00" => Some(Self::Days),
            "0000-00-00 00:00" => Some(Self::Minutes),
            "0000-00-00 00:00:00" => Some(Self::Seconds),
            _ => None,
        }
    }
}

/// The values of one field in all examples.
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools)] // a set of kinds
pub(super) struct Seen {
    pub(super) text: bool,
    pub(super) number: bool,
    pub(super) fraction: bool,
    pub(super) boolean: bool,
    /// Of all texts that are not empty, if it is the same.
    layout: Option<Layout>,
    other_text: bool,
    /// A number of thirteen digits, as milliseconds of these decades have.
    milliseconds: bool,
}

impl Seen {
    fn note(&mut self, raw: &str) {
        if raw == "null" {
            return;
        }
        if raw == "true" || raw == "false" {
            self.boolean = true;
        } else if let Ok(text) = serde_json::from_str::<String>(raw) {
            self.text = true;
            let layout = Layout::of_text(&text);
            self.other_text |= !text.is_empty() && layout.is_none();
            self.layout = layout.or(self.layout);
        } else {
            self.number = true;
            self.fraction |= raw.contains('.');
            self.milliseconds |= raw.len() == 13 && raw.bytes().all(|b| b.is_ascii_digit());
        }
    }

    /// Whether nothing but empty texts, if that, was seen.
    pub(super) fn is_nothing(&self) -> bool {
        !(self.other_text || self.layout.is_some() || self.number || self.boolean)
    }

    /// Whether its values are texts, never anything else.
    pub(super) fn is_text(&self) -> bool {
        self.text && !self.number && !self.boolean
    }

    /// How its values write a moment, if they all do.
    pub(super) fn layout(&self) -> Option<Layout> {
        if self.milliseconds && !self.text {
            return Some(Layout::EpochMs);
        }
        self.layout.filter(|_| !self.other_text && self.is_text())
    }
}

/// By the names that lead to a field: `/data/order/trade_id`.
pub(super) fn of(method: Method<'_>) -> HashMap<String, Seen> {
    let mut found = HashMap::new();
    for reply in method.example_replies() {
        let is_whole = Members::parse(reply)
            .is_some_and(|reply| ["status", "data", "message"].iter().any(|name| reply.has(name)));
        // Some pages leave out what is around the data.
        let mut at = String::from(if is_whole { "" } else { "/data" });
        collect(reply, &mut at, &mut found);
    }
    found
}

fn collect(raw: &str, at: &mut String, found: &mut HashMap<String, Seen>) {
    if let Some(members) = Members::parse(raw) {
        for (name, value) in members.iter() {
            let length = at.len();
            at.push('/');
            at.push_str(name);
            collect(value, at, found);
            at.truncate(length);
        }
    } else if let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(raw) {
        for element in elements {
            collect(element.get(), at, found);
        }
    } else {
        found.entry(at.clone()).or_default().note(raw);
    }
}
