//! Which rows a query wants: its span, its filters, its order, its page.

use std::collections::HashMap;

use serde_json::value::RawValue;
use wdt_proto::catalogue::{Field, Kind, Span};

use super::hash::mix;
use super::plan::{Form, Part, Plan};
use super::spec::RowsOrder;
use super::table::Table;
use crate::canned::Members;

/// What a query asks for.
#[derive(Debug)]
pub(super) struct Wanted<'p> {
    /// Both ends belong to it.
    pub(super) span: (u32, u32),
    /// Whether the span means the time of change, not that at which the row came about.
    pub(super) by_change: bool,
    filters: Vec<Filter<'p>>,
    is_descending: bool,
}

/// A field of the rows that must have one of some values.
#[derive(Debug)]
struct Filter<'p> {
    part: &'p Part,
    values: Vec<String>,
}

impl<'p> Wanted<'p> {
    /// Reads the arguments, which have passed validation.
    pub(super) fn read(plan: &'p Plan, body: &[u8]) -> Self {
        let arguments: Vec<&RawValue> = serde_json::from_slice(body).unwrap_or_default();
        let first = arguments.first().and_then(|first| Members::parse(first.get()));
        let sent: HashMap<&str, Vec<String>> = first.as_ref().map_or_else(HashMap::new, |first| {
            let values = first.iter().map(|(name, raw)| (name, values(raw)));
            values.filter(|(_, values)| !values.is_empty()).collect()
        });
        let one = |name: &str| sent.get(name).and_then(|values| values.first());
        let span = plan.method.span();
        let (start, end) = span.map_or(("", ""), |span| (span.start(), span.end()));
        let params = plan.method.params().next();
        let documented = |name: &str| params?.fields().find(|field| field.name() == name);
        let mut wanted = Self {
            span: (
                one(start).and_then(|text| second(text, false)).unwrap_or(0),
                one(end).and_then(|text| second(text, true)).unwrap_or(u32::MAX),
            ),
            by_change: plan.by_change || span.is_some_and(|span| has_switch(span, &sent)),
            filters: Vec::new(),
            is_descending: false,
        };
        for (name, values) in &sent {
            let Some(field) = documented(name).filter(|_| *name != start && *name != end) else {
                continue;
            };
            if let Some(descends) = order(field, values) {
                wanted.is_descending = descends;
            } else if let Some(part) = counterpart(plan, field) {
                let values = values.iter().flat_map(|value| split(value, field.separator()));
                wanted.filters.push(Filter { part, values: values.map(comparable).collect() });
            }
        }
        wanted.filters.sort_by_key(|filter| filter.part.name);
        wanted
    }

    /// The fields that are compared.
    pub(super) fn filtered(&self) -> impl Iterator<Item = &'static str> {
        self.filters.iter().map(|filter| filter.part.name)
    }
}

impl Table {
    /// The numbers of all rows that a query wants, in the order of the reply.
    pub(super) fn select(&self, wanted: &Wanted<'_>, order: RowsOrder) -> Vec<u32> {
        let (from, to) = wanted.span;
        let mut numbers: Vec<u32> = if wanted.by_change {
            let places = self.places(wanted.span);
            self.order.get(places).unwrap_or_default().iter().map(|(_, number)| *number).collect()
        } else {
            let first = &self.content.first;
            let start = first.partition_point(|time| *time < from);
            let end = first.partition_point(|time| *time <= to).max(start);
            let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
            (number(start)..number(end)).collect()
        };
        let plan = &self.content.plan;
        let mut text = String::new();
        for Filter { part, values } in &wanted.filters {
            numbers.retain(|number| {
                let row = self.content.row(*number);
                let value = plan.text(part, &row, &mut text).map(comparable);
                value.is_some_and(|value| values.contains(&value))
            });
        }
        match order {
            _ if wanted.is_descending => numbers.reverse(),
            RowsOrder::Time => {}
            RowsOrder::Key => numbers.sort_unstable(),
            RowsOrder::Shuffled => {
                numbers.sort_unstable_by_key(|number| mix(plan.seed, u64::from(*number) << 8 | 4));
            }
        }
        numbers
    }
}

/// Whether what makes the span mean the time of change was sent: its numbers as they are, its
/// texts, which are lists of values, with any value.
fn has_switch(span: Span<'_>, sent: &HashMap<&str, Vec<String>>) -> bool {
    let Some(switch) = span.modified_params().and_then(Members::parse) else { return false };
    switch.iter().all(|(name, raw)| {
        let is_text = raw.starts_with('"');
        sent.get(name).is_some_and(|sent| is_text || sent.iter().any(|value| value == raw))
    })
}

/// Of a field that sorts, whether it asks for the newest first; `None` for any other field.
fn order(field: Field<'_>, values: &[String]) -> Option<bool> {
    let descends = |label: &str| label.contains("降序");
    if !field.codes().any(|code| descends(code.label)) {
        return None;
    }
    let code = field.codes().find(|code| values.iter().any(|value| value == code.value));
    Some(code.is_some_and(|code| descends(code.label)))
}

/// The field of the rows that a field of the arguments is compared with.
fn counterpart<'p>(plan: &'p Plan, field: Field<'_>) -> Option<&'p Part> {
    let name = field.name();
    // `shop_nos` names several of `shop_no`, `src_tid` one of `src_tids`.
    let part = plan
        .part(name)
        .or_else(|| plan.part(name.strip_suffix("_list")?))
        .or_else(|| plan.part(name.strip_suffix('s')?))
        .or_else(|| plan.part(&format!("{name}s")))?;
    let is_plain = !part.is_list && !matches!(part.form, Form::Object | Form::Time(_));
    // Codes of the arguments' own say nothing of a text.
    let is_same = field.codes().len() == 0 || !matches!(part.form, Form::Text { .. });
    (is_plain && is_same && field.kind() != Kind::DateTime).then_some(part)
}

/// The texts of a value; none of null, of an empty text and of an object.
fn values(raw: &str) -> Vec<String> {
    if let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(raw) {
        return elements.iter().flat_map(|element| values(element.get())).collect();
    }
    let text = match serde_json::from_str::<String>(raw) {
        Ok(text) => text,
        Err(_) if raw == "null" || raw.starts_with('{') => return Vec::new(),
        Err(_) => raw.to_owned(),
    };
    if text.trim().is_empty() { Vec::new() } else { vec![text] }
}

fn split(value: &str, separator: Option<char>) -> Vec<&str> {
    match separator {
        Some(separator) => {
            value.split(separator).map(str::trim).filter(|v| !v.is_empty()).collect()
        }
        None => vec![value],
    }
}

/// A flag is written in two ways.
fn comparable(value: &str) -> String {
    match value.trim() {
        "true" => "1".to_owned(),
        "false" => "0".to_owned(),
        value => value.to_owned(),
    }
}

/// A moment as the platform writes it, Beijing time, in seconds since 1970. Of an end without
/// seconds, or without a time of day, the last second.
fn second(text: &str, is_end: bool) -> Option<u32> {
    let parts = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let parts: Option<Vec<i16>> = parts.map(|part| part.parse().ok()).collect();
    let (date, time) = match *parts?.as_slice() {
        [year, month, day] => ([year, month, day], if is_end { [23, 59, 59] } else { [0; 3] }),
        [year, month, day, hour, minute] => {
            ([year, month, day], [hour, minute, if is_end { 59 } else { 0 }])
        }
        [year, month, day, hour, minute, second, ..] => {
            ([year, month, day], [hour, minute, second])
        }
        _ => return None,
    };
    let small = |part: i16| i8::try_from(part).ok();
    let date = jiff::civil::Date::new(date[0], small(date[1])?, small(date[2])?).ok()?;
    let time = jiff::civil::Time::new(small(time[0])?, small(time[1])?, small(time[2])?, 0).ok()?;
    let moment = jiff::tz::offset(8).to_timestamp(date.to_datetime(time)).ok()?;
    // What lies before 1970 is before all rows, what comes after 2106 after them.
    let last = i64::from(u32::MAX);
    u32::try_from(moment.as_second().clamp(0, last)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected seconds are those of `date -d '… +0800' +%s` (GNU coreutils).
    #[test]
    fn moments_are_read_in_all_their_layouts() {
        for (text, start, end) in [
            ("2026-10-01 12:34:56", 1_790_829_296, 1_790_829_296),
            ("2026-10-01 12:34", 1_790_829_240, 1_790_829_299),
            ("2026-10-01", 1_790_784_000, 1_790_870_399),
            ("2026-1-1 00:00:00", 1_767_196_800, 1_767_196_800),
            ("1960-01-01", 0, 0),
        ] {
            assert_eq!(
                (second(text, false), second(text, true)),
                (Some(start), Some(end)),
                "{text}"
            );
        }
        for text in ["", "yesterday", "2026-10", "2026-13-01", "2026-10-01 25:00:00"] {
            assert_eq!(second(text, false), None, "{text}");
        }
    }
}
