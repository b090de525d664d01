//! What a writing call refused though its status is 0.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::Response;
use crate::catalogue::{Catalogue, Failures, Method};
use crate::json::{Event, Reader, SyntaxError};

/// The most failures that are kept of one reply. A call carries far fewer documents.
///
/// ```
/// use wdt_proto::{MAX_FAILURES, Response, failures};
///
/// let texts = vec![r#""x""#; MAX_FAILURES + 1].join(",");
/// let reply = format!(r#"{{"status":0,"data":[{texts}]}}"#);
/// let response = Response::parse(reply.as_bytes())?;
/// assert_eq!(failures(Some("sales.LogisticsSync.update"), &response).len(), MAX_FAILURES);
/// # Ok::<(), wdt_proto::ResponseError>(())
/// ```
pub const MAX_FAILURES: usize = 10_000;

/// A document, or row, that a writing call refused though its status is 0.
///
/// Each text is as the server wrote it; of a number, its digits. Empty where there is none.
///
/// ```
/// use wdt_proto::{Response, failures};
///
/// let response = Response::parse(r#"{"status":0,"data":["同步结果状态为空!"]}"#.as_bytes())?;
/// let refused = &failures(Some("sales.LogisticsSync.update"), &response)[0];
/// assert_eq!((refused.key.as_str(), refused.message.as_str()), ("", "同步结果状态为空!"));
/// # Ok::<(), wdt_proto::ResponseError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Failure {
    /// What ties it to what was sent: an order's number, say.
    pub key: String,
    /// The server's code for it.
    pub code: String,
    /// Why it was refused; the whole element of the reply where that names no reason.
    pub message: String,
}

/// The rows that a writing call refused under status 0: such a reply looks like a success.
///
/// `method` is the one that was called. Where it is not known (`None`), the places of all methods
/// are looked at whose refusals are objects with a reason; a list of bare texts may be anything. A
/// method whose page shows no such list has none: its refusals have a status other than 0.
///
/// ```
/// use wdt_proto::{Response, failures};
///
/// let reply = r#"{"status":0,"data":{"new_count":1,"error_list":[{"no":"A7","error":"店铺不存在"}]}}"#;
/// let response = Response::parse(reply.as_bytes())?;
/// let refused = failures(Some("sales.RawTrade.pushSelf2"), &response);
/// assert_eq!((refused[0].key.as_str(), refused[0].message.as_str()), ("A7", "店铺不存在"));
/// assert_eq!(failures(None, &response), refused);
/// assert!(failures(Some("sales.RawTrade.pushSelf"), &response).is_empty());
/// # Ok::<(), wdt_proto::ResponseError>(())
/// ```
#[must_use]
pub fn failures(method: Option<&str>, response: &Response<'_>) -> Vec<Failure> {
    failures_with(&Catalogue::new(), method, response.data().unwrap_or_default())
}

/// The same by a catalogue of your own, of a reply's `data` as JSON text; a text that is none has no
/// failures.
///
/// ```
/// use wdt_proto::catalogue::Catalogue;
///
/// let data = r#"{"error_list":[{"no":7,"error":"单号重复"}]}"#;
/// let refused = wdt_proto::failures_with(&Catalogue::new(), None, data);
/// assert_eq!(refused[0].key, "7");
/// ```
#[must_use]
pub fn failures_with(catalogue: &Catalogue, method: Option<&str>, data: &str) -> Vec<Failure> {
    let mut found = Vec::new();
    if let Some(method) = method {
        let documented = catalogue.method(method).and_then(Method::failures);
        if let Some(failures) = documented {
            let known = Place { list: failures.list(), forms: alloc::vec![failures], guess: false };
            known.search(data, &mut found);
        }
        return found;
    }
    let mut places: Vec<Place<'_>> = Vec::new();
    for failures in catalogue.methods().filter_map(Method::failures) {
        if failures.message().is_empty() {
            continue;
        }
        let list = failures.list();
        if let Some(place) = places.iter_mut().find(|place| place.list == list) {
            place.forms.push(failures);
        } else {
            places.push(Place { list, forms: alloc::vec![failures], guess: true });
        }
    }
    for place in &places {
        place.search(data, &mut found);
    }
    found
}

/// A place in a reply, and the forms that an element of the list there may have.
struct Place<'c> {
    /// A JSON pointer into the reply.
    list: &'c str,
    forms: Vec<Failures<'c>>,
    /// Whether the reply may be that of another method.
    guess: bool,
}

impl Place<'_> {
    fn search(&self, data: &str, found: &mut Vec<Failure>) {
        let Some(rest) = self.list.strip_prefix("/data") else { return };
        let names: Vec<String> = rest
            .split('/')
            .skip(1)
            .map(|name| name.replace("~1", "/").replace("~0", "~"))
            .collect();
        // What has been found in front of a defect counts.
        let mut reader = Reader::new(data, usize::MAX);
        let _ = self.descend(&mut reader, &names, found);
    }

    /// Goes down to the list, name by name.
    fn descend(
        &self,
        reader: &mut Reader<'_>,
        names: &[String],
        found: &mut Vec<Failure>,
    ) -> Result<(), SyntaxError> {
        let mut event = reader.next()?;
        for name in names {
            if event != Event::BeginObject {
                return Ok(());
            }
            loop {
                if reader.next()? != Event::Key {
                    return Ok(());
                }
                let is_it = reader.text().is(name);
                event = reader.next()?;
                if is_it {
                    break;
                }
                reader.skip(event)?;
            }
        }
        if event != Event::BeginArray {
            // One that stands alone, of a method that is known; an empty text is none.
            let is_empty = event == Event::String && reader.text().raw().is_empty();
            if !self.guess && !is_empty {
                found.extend(self.element(reader, event)?);
            }
            return Ok(());
        }
        while found.len() < MAX_FAILURES {
            let event = reader.next()?;
            if event == Event::EndArray {
                break;
            }
            found.extend(self.element(reader, event)?);
        }
        Ok(())
    }

    /// One element of the list.
    fn element(
        &self,
        reader: &mut Reader<'_>,
        event: Event,
    ) -> Result<Option<Failure>, SyntaxError> {
        if event != Event::BeginObject {
            let text = value(reader, event)?;
            let message = text.filter(|_| !self.guess).map(Cow::into_owned);
            return Ok(message.map(|message| Failure { message, ..Failure::default() }));
        }
        let start = reader.token_start();
        let mut members: Vec<(Cow<'_, str>, String)> = Vec::new();
        let mut is_empty = true;
        while reader.next()? == Event::Key {
            is_empty = false;
            let name = reader.text();
            let event = reader.next()?;
            let is_named = |form: &Failures<'_>| {
                [form.key(), form.code(), form.message()].iter().any(|known| name.is(known))
            };
            if self.forms.iter().any(is_named) {
                if let Some(value) = value(reader, event)? {
                    members.push((name.decode_lossy(), value.into_owned()));
                }
            } else {
                reader.skip(event)?;
            }
        }
        if is_empty {
            return Ok(None);
        }
        let get = |name: &str| {
            let member = members.iter().find(|(known, _)| !name.is_empty() && known == name);
            member.map(|(_, value)| value.clone())
        };
        let fits = |form: &&Failures<'_>| {
            !self.guess
                || (get(form.message()).is_some_and(|message| !message.is_empty())
                    && (form.key().is_empty() || get(form.key()).is_some()))
        };
        // Of several forms the one that leaves least out.
        let has_code = |form: &&Failures<'_>| get(form.code()).is_some();
        let form = self.forms.iter().filter(fits).max_by_key(has_code);
        Ok(form.map(|form| Failure {
            key: get(form.key()).unwrap_or_default(),
            code: get(form.code()).unwrap_or_default(),
            message: get(form.message())
                .filter(|message| !message.is_empty())
                .unwrap_or_else(|| reader.source_since(start).into()),
        }))
    }
}

/// A value as text; `None` for null.
fn value<'a>(reader: &mut Reader<'a>, event: Event) -> Result<Option<Cow<'a, str>>, SyntaxError> {
    Ok(match event {
        Event::Null => None,
        Event::String => Some(reader.text().decode_lossy()),
        event => {
            let start = reader.token_start();
            reader.skip(event)?;
            Some(Cow::Borrowed(reader.source_since(start)))
        }
    })
}
