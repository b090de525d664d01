//! What arrived, what was answered and why: the last requests, in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use percent_encoding::percent_decode_str;
use serde::{Serialize, Serializer};
use wdt_explain::MistakeCode;
use wdt_proto::catalogue::{self, Method};
use wdt_proto::{ErrorKind, Language};

use crate::faults::Fault;
use crate::shop::{Effect, EffectKind};
use crate::why::Why;

/// Bytes of a body that the journal keeps.
pub(crate) const MAX_BODY: usize = 8 << 10;
/// Bytes of any other text that the journal keeps.
const MAX_TEXT: usize = 2 << 10;
/// Bytes of all texts together; the oldest entries make room.
const MAX_BYTES: usize = 64 << 20;
/// Bytes of the texts in one extract; the reader goes on with the next.
const MAX_EXTRACT_BYTES: usize = 16 << 20;

/// The last requests, numbered from 1.
#[derive(Debug)]
pub(crate) struct Journal {
    capacity: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    last: u64,
}

/// One request.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) seq: u64,
    /// RFC 3339, Beijing time, by the sandbox's clock.
    pub(crate) time: String,
    pub(crate) sid: String,
    pub(crate) method: String,
    /// The vendor's title of the method; empty for a method that the catalogue does not know.
    pub(crate) title: &'static str,
    /// As received, but for the values of `sign` and `salt` and of what is named a secret.
    pub(crate) query: String,
    pub(crate) body: String,
    /// Bytes received; more than `body` has if `body_cut`.
    pub(crate) body_bytes: usize,
    pub(crate) body_cut: bool,
    /// `null` where the connection was cut instead.
    pub(crate) http_status: Option<u16>,
    /// `null` where the platform was not reached.
    pub(crate) status: Option<i64>,
    pub(crate) message: Option<String>,
    /// What an error status means to the caller: `authentication`, `rate_limit`, ….
    pub(crate) kind: Option<&'static str>,
    /// What to do about that kind.
    pub(crate) advice: Option<&'static str>,
    pub(crate) advice_zh: Option<&'static str>,
    /// Why it was refused, for people.
    pub(crate) explanation: Option<String>,
    pub(crate) explanation_zh: Option<String>,
    /// What is wrong with the signature, where that is known for certain.
    #[serde(serialize_with = "mistakes")]
    pub(crate) mistakes: Vec<MistakeCode>,
    pub(crate) fault: Option<Fault>,
    /// Milliseconds that `slow` held the request back.
    pub(crate) delay_ms: u64,
    pub(crate) effect: Option<Effect>,
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Effect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut object = serializer.serialize_struct("Effect", 3)?;
        object.serialize_field("kind", EffectKind::as_str(self.kind))?;
        object.serialize_field("api_goods_id", &self.api_goods_id)?;
        object.serialize_field("stock_change_count", &self.stock_change_count)?;
        object.end()
    }
}

/// Each with its code, which is stable, and its titles.
fn mistakes<S: Serializer>(codes: &[MistakeCode], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Named {
        code: &'static str,
        title: &'static str,
        title_zh: &'static str,
    }
    serializer.collect_seq(codes.iter().map(|code| Named {
        code: code.as_str(),
        title: code.title(Language::English),
        title_zh: code.title(Language::Chinese),
    }))
}

/// A part of the journal, as `/__journal` answers it.
#[derive(Debug, Serialize)]
pub(crate) struct Extract {
    pub(crate) entries: Vec<Arc<Entry>>,
    /// Ask with `after=` this to go on.
    next: u64,
    /// The oldest entry that is kept, and the newest there ever was.
    first: u64,
    last: u64,
}

impl Journal {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), kept: Mutex::default() }
    }

    /// Adds an entry and gives it its number.
    pub(crate) fn add(&self, mut entry: Entry) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.last += 1;
        entry.seq = kept.last;
        kept.bytes += entry.bytes();
        kept.entries.push_back(Arc::new(entry));
        while kept.entries.len() > self.capacity || kept.bytes > MAX_BYTES {
            let Some(oldest) = kept.entries.pop_front() else { break };
            kept.bytes -= oldest.bytes();
        }
    }

    /// At most `limit` entries behind `after`, oldest first.
    pub(crate) fn extract(&self, after: u64, limit: usize) -> Extract {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let first = kept.last + 1 - kept.entries.len() as u64;
        let skip = after.saturating_add(1).saturating_sub(first);
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let mut room = MAX_EXTRACT_BYTES;
        let fits = |entry: &&Arc<Entry>| {
            let bytes = entry.bytes();
            let fits = bytes <= room;
            room = room.saturating_sub(bytes);
            fits
        };
        let entries = kept.entries.iter().skip(skip).take(limit).take_while(fits).cloned();
        let entries: Vec<_> = entries.collect();
        let next = entries.last().map_or(after, |entry| entry.seq);
        Extract { entries, next, first, last: kept.last }
    }
}

impl Entry {
    /// What is known when a request has arrived.
    pub(crate) fn received(time: String, query: &str, body: &[u8]) -> Self {
        let part = |name| parameter(query, name).map(|value| cut(value, 200)).unwrap_or_default();
        let method = part("method");
        Self {
            seq: 0,
            time,
            sid: part("sid"),
            title: catalogue::method(&method).map_or("", Method::title),
            method,
            query: cut(masked(query), MAX_TEXT),
            body: text_of(body),
            body_bytes: body.len(),
            body_cut: body.len() > MAX_BODY,
            http_status: Some(200),
            status: None,
            message: None,
            kind: None,
            advice: None,
            advice_zh: None,
            explanation: None,
            explanation_zh: None,
            mistakes: Vec::new(),
            fault: None,
            delay_ms: 0,
            effect: None,
        }
    }

    pub(crate) fn explain(&mut self, Why { english, chinese }: Why) {
        self.explanation = Some(cut(english, MAX_TEXT));
        self.explanation_zh = Some(cut(chinese, MAX_TEXT));
    }

    pub(crate) fn answered(&mut self, status: i64, message: &str) {
        self.status = Some(status);
        let kind = (status != 0).then(|| ErrorKind::classify(status, message));
        self.kind = kind.map(ErrorKind::as_str);
        self.advice = kind.map(|kind| kind.advice_in(Language::English));
        self.advice_zh = kind.map(|kind| kind.advice_in(Language::Chinese));
        self.message = (!message.is_empty()).then(|| cut(message.to_owned(), MAX_TEXT));
    }

    fn bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        size_of::<Self>()
            + [&self.time, &self.sid, &self.method, &self.query, &self.body]
                .map(String::len)
                .iter()
                .sum::<usize>()
            + text(&self.message)
            + text(&self.explanation)
            + text(&self.explanation_zh)
            + size_of_val(self.mistakes.as_slice())
    }
}

/// The beginning of a body; bytes that are no UTF-8 show as U+FFFD.
fn text_of(body: &[u8]) -> String {
    let kept = body.get(..MAX_BODY).unwrap_or(body);
    let text = String::from_utf8_lossy(kept);
    // A character that the cut went through is no bad byte of the sender's.
    if kept.len() < body.len() { text.trim_end_matches('\u{FFFD}').into() } else { text.into() }
}

fn cut(mut text: String, max: usize) -> String {
    if text.len() > max {
        let end = (0..=max).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
    text.shrink_to_fit();
    text
}

/// The query without what nobody else should see, and which helps nobody to find a mistake.
fn masked(query: &str) -> String {
    let mask = |pair: &str| {
        let key = pair.split('=').next().unwrap_or_default();
        let name = percent_decode_str(key).decode_utf8_lossy().to_lowercase();
        let is_hidden = name == "sign" || name == "salt" || name.contains("secret");
        if is_hidden { format!("{key}=***") } else { pair.to_owned() }
    };
    query.split('&').map(mask).collect::<Vec<_>>().join("&")
}

/// The value of a parameter, as well as it can be read.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    let value =
        query.split('&').find_map(|pair| pair.split_once('=').filter(|(k, _)| *k == name))?;
    let blanks = value.1.replace('+', " ");
    Some(percent_decode_str(&blanks).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_hidden_and_the_rest_stays() {
        let query = "sid=a&key=b&salt=s3&Sign=ff&AppSecret=x:y&%73ign=1&method=a.B.c&v=1.0&x";
        assert_eq!(
            masked(query),
            "sid=a&key=b&salt=***&Sign=***&AppSecret=***&%73ign=***&method=a.B.c&v=1.0&x"
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let body = "库".repeat(MAX_BODY);
        let entry = Entry::received(String::new(), &"q".repeat(9_000), body.as_bytes());
        assert!(entry.body_cut && entry.body_bytes == body.len());
        assert!(entry.body.len() <= MAX_BODY && entry.body.chars().all(|c| c == '库'));
        assert_eq!(entry.query.len(), MAX_TEXT + '…'.len_utf8());
        let entry = Entry::received(String::new(), "sid=%FF%", b"\xff[]");
        assert_eq!((entry.sid.as_str(), entry.body.as_str()), ("\u{FFFD}%", "\u{FFFD}[]"));
    }

    #[test]
    fn the_oldest_make_room() {
        let journal = Journal::new(3);
        let seqs = |extract: &Extract| extract.entries.iter().map(|e| e.seq).collect::<Vec<_>>();
        let empty = journal.extract(0, 10);
        assert_eq!((empty.entries.len(), empty.next, empty.first, empty.last), (0, 0, 1, 0));
        for _ in 0..5 {
            journal.add(Entry::received(String::new(), "", b""));
        }
        let extract = journal.extract(0, 2);
        assert_eq!((seqs(&extract), extract.next, extract.last), (vec![3, 4], 4, 5));
        assert_eq!(seqs(&journal.extract(4, 10)), [5]);
        assert_eq!(
            (journal.extract(5, 10).next, journal.extract(u64::MAX - 1, 10).entries.len()),
            (5, 0)
        );
        assert_eq!(journal.extract(u64::MAX, 10).entries.len(), 0);

        let large = Journal::new(1_000_000);
        let body = vec![b'x'; MAX_BODY];
        for _ in 0..(2 * MAX_BYTES / MAX_BODY) {
            large.add(Entry::received(String::new(), "", &body));
        }
        let (mut kept, mut after) = (0, 0);
        loop {
            let extract = large.extract(after, usize::MAX);
            let bytes: usize = extract.entries.iter().map(|entry| entry.bytes()).sum();
            assert!(bytes <= MAX_EXTRACT_BYTES, "{bytes}");
            if extract.entries.is_empty() {
                break;
            }
            kept += extract.entries.len();
            after = extract.next;
        }
        assert_eq!(after, large.extract(0, 0).last);
        assert!((MAX_BYTES / MAX_BODY / 2..MAX_BYTES / MAX_BODY).contains(&kept), "{kept}");
    }
}
