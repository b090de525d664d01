//! Which list of a reply's `data` holds the rows, and the rows in it.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Pages, PagesError};
use crate::check::Found;
use crate::json::{Event, Reader, SyntaxError};

type Rows<'a> = (Option<String>, Vec<&'a str>);

/// The rows of `data`, each as it stands, and the list that they are from.
pub(super) fn rows<'a>(pages: &Pages, data: &'a str) -> Result<Rows<'a>, PagesError> {
    // The reply was read before, within the same limits or narrower ones.
    let not_json = |_: SyntaxError| no_rows(pages, Found::Null);
    let mut reader = Reader::new(data, MOST_DEPTH);
    let event = reader.next().map_err(not_json)?;
    let members = match event {
        Event::Null | Event::End => return Ok((None, Vec::new())),
        Event::BeginArray => return Ok((None, list(&mut reader).map_err(not_json)?)),
        Event::BeginObject => members(&mut reader).map_err(not_json)?,
        event => return Err(no_rows(pages, Found::of(&reader, event))),
    };
    let found: Vec<(&String, &str)> =
        members.iter().filter_map(|(name, list)| Some((name, (*list)?))).collect();
    let names = || found.iter().map(|(name, _)| (*name).clone()).collect::<Vec<_>>();
    let chosen = if let Some(asked) = &pages.options.rows {
        let list = found.iter().find(|(name, _)| *name == asked);
        if list.is_none() && members.iter().any(|(name, list)| list.is_some() || name == asked) {
            let (method, key) = (pages.method.clone(), asked.clone());
            return Err(PagesError::NoList { method, key, names: names() });
        }
        list
    } else {
        // What is documented decides; a reply may also have lists that are not.
        let documented: Vec<_> =
            found.iter().filter(|(name, _)| pages.documented.contains(*name)).collect();
        let candidates = if documented.is_empty() { found.iter().collect() } else { documented };
        if candidates.len() > 1 {
            let names = candidates.into_iter().map(|(name, _)| (*name).clone()).collect();
            return Err(PagesError::WhichList { method: pages.method.clone(), names });
        }
        candidates.first().copied()
    };
    let Some((name, text)) = chosen else { return Ok((None, Vec::new())) };
    let mut reader = Reader::new(text, MOST_DEPTH);
    reader.next().map_err(not_json)?;
    Ok((Some((*name).clone()), list(&mut reader).map_err(not_json)?))
}

/// Deeper than any limit that a reply can have been read within.
const MOST_DEPTH: usize = usize::MAX / 2;

fn no_rows(pages: &Pages, found: Found) -> PagesError {
    PagesError::NoRows { method: pages.method.clone(), found }
}

/// The rows of the list that has begun.
fn list<'a>(reader: &mut Reader<'a>) -> Result<Vec<&'a str>, SyntaxError> {
    let mut rows = Vec::new();
    loop {
        let event = reader.next()?;
        if event == Event::EndArray {
            return Ok(rows);
        }
        let start = reader.token_start();
        reader.skip(event)?;
        rows.push(reader.source_since(start));
    }
}

/// The members of the object that has begun but for those that are null, with the text of those
/// which are lists. Of two with one name the last counts.
fn members<'a>(reader: &mut Reader<'a>) -> Result<Vec<(String, Option<&'a str>)>, SyntaxError> {
    let mut members: Vec<(String, Option<&str>)> = Vec::new();
    while reader.next()? == Event::Key {
        let name = reader.text().decode_lossy().into_owned();
        let event = reader.next()?;
        let start = reader.token_start();
        reader.skip(event)?;
        members.retain(|(known, _)| *known != name);
        match event {
            Event::Null => {}
            Event::BeginArray => members.push((name, Some(reader.source_since(start)))),
            _ => members.push((name, None)),
        }
    }
    Ok(members)
}
