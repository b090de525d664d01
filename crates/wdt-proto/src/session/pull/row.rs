//! The rows of a reply: each as it stands, with its digest, its key and its time.

use alloc::string::String;
use alloc::vec::Vec;

use super::plan::Plan;
use crate::check::Limits;
use crate::digest::short as hash;
use crate::json::{Event, Reader, SyntaxError};
use crate::session::Moment;

#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) text: &'a str,
    /// Of the whole row.
    pub(super) content: u64,
    /// Of the values of its key; of the whole row where it has none.
    pub(super) id: u64,
    pub(super) time: Option<Moment>,
}

/// The rows of a reply's `data`: in the documented list, or in `data` itself where that is a list.
pub(super) fn rows<'a>(plan: &Plan, data: &'a str) -> Result<Vec<Row<'a>>, SyntaxError> {
    let mut reader = Reader::new(data, Limits::DEFAULT.max_depth());
    let mut rows = Vec::new();
    match reader.next()? {
        Event::BeginArray => list(plan, &mut reader, &mut rows)?,
        Event::BeginObject => {
            while reader.next()? == Event::Key {
                let is_rows = reader.text().is(&plan.rows);
                match reader.next()? {
                    Event::BeginArray if is_rows => list(plan, &mut reader, &mut rows)?,
                    event => reader.skip(event)?,
                }
            }
        }
        _ => {}
    }
    Ok(rows)
}

fn list<'a>(
    plan: &Plan,
    reader: &mut Reader<'a>,
    rows: &mut Vec<Row<'a>>,
) -> Result<(), SyntaxError> {
    loop {
        let event = reader.next()?;
        if event == Event::EndArray {
            return Ok(());
        }
        rows.push(row(plan, reader, event)?);
    }
}

/// The row that has begun.
fn row<'a>(plan: &Plan, reader: &mut Reader<'a>, event: Event) -> Result<Row<'a>, SyntaxError> {
    let start = reader.token_start();
    let mut key: Vec<Option<&str>> = plan.key.iter().map(|_| None).collect();
    let mut time = None;
    if event == Event::BeginObject {
        while reader.next()? == Event::Key {
            let name = reader.text();
            let event = reader.next()?;
            let start = reader.token_start();
            reader.skip(event)?;
            let value = || reader.source_since(start).trim_matches('"');
            for (slot, field) in key.iter_mut().zip(&plan.key) {
                if name.is(field) {
                    *slot = Some(value());
                }
            }
            if !plan.time.is_empty() && name.is(&plan.time) {
                time = Moment::read(value());
            }
        }
    } else {
        reader.skip(event)?;
    }
    let text = reader.source_since(start);
    let content = hash(&[text]);
    let key: Option<Vec<&str>> = key.into_iter().collect();
    let id = key.filter(|key| !key.is_empty()).map_or(content, |key| hash(&key));
    Ok(Row { text, content, id, time })
}

/// A row that waits for its window to be proven whole.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) text: String,
    pub(super) content: u64,
    pub(super) id: u64,
    pub(super) time: Option<Moment>,
}

impl From<Row<'_>> for Held {
    fn from(Row { text, content, id, time }: Row<'_>) -> Self {
        Self { text: text.into(), content, id, time }
    }
}
