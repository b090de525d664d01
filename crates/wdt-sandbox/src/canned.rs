//! Every method that is not played for real: its documented example, page by page.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use wdt_proto::Pager;
use wdt_proto::catalogue::Method;

use crate::reply::Reply;

/// The documented example reply of a method, or the page of it that is asked for.
pub(crate) fn reply(method: Method<'_>, pager: Option<Pager>) -> Reply {
    let example = method.example_replies().iter().find_map(|text| success(text));
    let body = match (example, pager.filter(|_| method.is_paged())) {
        (Some(example), Some(pager)) => example.page(pager),
        (Some(example), None) => example.to_text(),
        (None, pager) => nothing(method, pager),
    };
    Reply::ok(body.into_bytes())
}

/// For the few methods without a documented reply: no data, or no rows where the method is paged.
fn nothing(method: Method<'_>, pager: Option<Pager>) -> String {
    let data = method.response().find(|field| field.name() == "data");
    let list = data.and_then(|data| data.fields().find(|field| field.is_list()));
    let total = pager.filter(|pager| pager.calc_total()).map(|_| "\"total_count\":0".to_owned());
    let rows = pager.and(list).map(|list| format!("{}:[]", quoted(list.name())));
    let members: Vec<_> = total.into_iter().chain(rows).collect();
    format!("{{\"status\":0,\"data\":{{{}}}}}", members.join(","))
}

/// An object whose members keep their order and their text: `1.0000` stays `1.0000`.
pub(crate) struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    pub(crate) fn parse(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.get())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.get()))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn with(&self, change: impl Fn(&str, &str) -> Option<String>) -> String {
        let members = self.0.iter().filter_map(|(key, value)| {
            change(key, value.get()).map(|value| format!("{}:{value}", quoted(key)))
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Object).map(Members)
    }
}

/// An example that is a success, under its `status` even where the page shows `data` alone.
struct Example<'a>(Members<'a>);

fn success(text: &str) -> Option<Example<'_>> {
    let members = Members::parse(text)?;
    matches!(members.get("status"), None | Some("0" | "\"0\"")).then_some(Example(members))
}

impl Example<'_> {
    fn to_text(&self) -> String {
        let text = self.0.with(|_, value| Some(value.to_owned()));
        if self.0.has("status") { text } else { format!("{{\"status\":0,\"data\":{text}}}") }
    }

    /// The rows of one page. The total is all rows of the example, and only there when asked for.
    fn page(&self, pager: Pager) -> String {
        if !self.0.has("status") {
            return format!("{{\"status\":0,\"data\":{}}}", page_of(&self.0, pager));
        }
        let data = self.0.get("data").unwrap_or("null");
        if let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(data) {
            return self.0.with(|key, value| match key {
                "data" => Some(slice(&rows, pager)),
                "total" => pager.calc_total().then(|| rows.len().to_string()),
                _ => Some(value.to_owned()),
            });
        }
        let data = Members::parse(data).map(|data| page_of(&data, pager));
        self.0.with(|key, value| match (key, &data) {
            ("data", Some(data)) => Some(data.clone()),
            _ => Some(value.to_owned()),
        })
    }
}

/// `data` with the rows of one page; the rows are its longest list of objects.
fn page_of(data: &Members<'_>, pager: Pager) -> String {
    let lists = data.0.iter().filter_map(|(key, value)| {
        let rows: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
        Some((key, rows))
    });
    let Some((name, rows)) = lists.max_by_key(|(_, rows)| rows.len()) else {
        return data.with(|_, value| Some(value.to_owned()));
    };
    data.with(|key, value| match key {
        key if key == name => Some(slice(&rows, pager)),
        "total_count" => pager.calc_total().then(|| rows.len().to_string()),
        _ => Some(value.to_owned()),
    })
}

fn slice(rows: &[&RawValue], pager: Pager) -> String {
    let size = usize::try_from(pager.page_size()).unwrap_or(1);
    let start = usize::try_from(pager.page_no()).unwrap_or(0).saturating_mul(size);
    let page: Vec<_> = rows.iter().skip(start).take(size).map(|row| row.get()).collect();
    format!("[{}]", page.join(","))
}
