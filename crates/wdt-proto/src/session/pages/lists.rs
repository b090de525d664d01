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
    let found = match event {
        Event::Null | Event::End => return Ok((None, Vec::new())),
        Event::BeginArray => return Ok((None, list(&mut reader).map_err(not_json)?)),
        Event::BeginObject => lists(&mut reader).map_err(not_json)?,
        event => return Err(no_rows(pages, Found::of(&reader, event))),
    };
    let names = || found.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let chosen = if let Some(asked) = &pages.options.rows {
        match found.iter().find(|(name, _)| name == asked) {
            Some(list) => Some(list),
            None if found.is_empty() => None,
            None => {
                let (method, key) = (pages.method.clone(), asked.clone());
                return Err(PagesError::NoList { method, key, names: names() });
            }
        }
    } else {
        // What is documented decides; a reply may also have lists that are not.
        let documented: Vec<_> =
            found.iter().filter(|(name, _)| pages.documented.contains(name)).collect();
        let candidates = if documented.is_empty() { found.iter().collect() } else { documented };
        if candidates.len() > 1 {
            let names = candidates.into_iter().map(|(name, _)| name.clone()).collect();
            return Err(PagesError::WhichList { method: pages.method.clone(), names });
        }
        candidates.first().copied()
    };
    let Some((name, text)) = chosen else { return Ok((None, Vec::new())) };
    let mut reader = Reader::new(text, MOST_DEPTH);
    reader.next().map_err(not_json)?;
    Ok((Some(name.clone()), list(&mut reader).map_err(not_json)?))
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

/// The members of the object that has begun which are lists. Of two with one name the last counts.
fn lists<'a>(reader: &mut Reader<'a>) -> Result<Vec<(String, &'a str)>, SyntaxError> {
    let mut lists: Vec<(String, &str)> = Vec::new();
    while reader.next()? == Event::Key {
        let name = reader.text().decode_lossy().into_owned();
        let event = reader.next()?;
        let start = reader.token_start();
        reader.skip(event)?;
        lists.retain(|(known, _)| *known != name);
        if event == Event::BeginArray {
            lists.push((name, reader.source_since(start)));
        }
    }
    Ok(lists)
}
