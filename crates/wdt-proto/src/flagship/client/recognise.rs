//! Who answered, where it was not the platform: other editions, gateways and web servers have
//! replies of their own, and each is told by its shape.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::gbk;
use super::malformed::MalformedReason;
use super::stranger::{Stranger, StrangerKind, masked};
use crate::check::Limits;
use crate::flagship::status;
use crate::json::{Event, Reader, SyntaxErrorKind};

/// Whether a status is one of HTTP's, or what Spring writes where it knows none. The platform's own
/// numbers are others.
pub(super) fn is_http_error(status: i64) -> bool {
    matches!(status, 400..=599 | 999)
}

/// A better reason than `reason` for a body that is no reply of the platform's; `None` for a reply
/// whose status [is HTTP's](is_http_error).
pub(super) fn instead_of(
    text: &[u8],
    limits: Limits,
    reason: Option<&MalformedReason>,
) -> Option<MalformedReason> {
    let of_text = |text: &str| of_markup(text).or_else(|| of_json(text, limits.max_depth()));
    match reason {
        Some(MalformedReason::Syntax(error)) if error.kind == SyntaxErrorKind::NotUtf8 => {
            let outline = gbk::outline(text)?;
            Some(MalformedReason::Gbk { offset: error.offset, stranger: of_text(&outline) })
        }
        Some(MalformedReason::Syntax(_)) => {
            of_markup(core::str::from_utf8(text).ok()?).map(MalformedReason::Stranger)
        }
        None | Some(MalformedReason::NoStatus | MalformedReason::Status) => {
            of_text(core::str::from_utf8(text).ok()?).map(MalformedReason::Stranger)
        }
        Some(_) => None,
    }
}

/// What an error says, part by part: `Not Found: No message available`.
#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    /// Characters of one part that are kept.
    const KEPT: usize = 120;
    const PARTS: usize = 3;

    fn add(&mut self, part: &str) {
        let part: String = part.trim().chars().take(Self::KEPT).collect();
        // Of GBK there is only an outline.
        let is_readable = !part.is_empty() && !part.contains(char::REPLACEMENT_CHARACTER);
        if is_readable && self.0.len() < Self::PARTS && !self.0.contains(&part) {
            self.0.push(part);
        }
    }

    fn of(&self, kind: StrangerKind, code: &str) -> Stranger {
        let code = code.chars().filter(|c| !c.is_control()).take(Self::KEPT).collect();
        Stranger { kind, code, words: masked(&self.0.join(": ")) }
    }
}

fn of_json(text: &str, max_depth: usize) -> Option<Stranger> {
    let mut reader = Reader::new(text, max_depth);
    if reader.next().ok()? != Event::BeginObject {
        return None;
    }
    let members = Members::read(&mut reader, Place::Root)?;
    while reader.next().ok()? != Event::End {}
    members.stranger()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    /// Below one of the names that lead to an error.
    Inside,
}

/// The members by which servers are told apart.
#[derive(Default)]
struct Members {
    /// What an envelope of Taobao's holds.
    inside: Option<(StrangerKind, Box<Members>)>,
    /// A number or a text; other values are as good as none.
    status: Option<String>,
    code: Option<String>,
    /// HTTP's status under a name that is not the platform's.
    http: Option<String>,
    words: Words,
    marks: Vec<Mark>,
}

/// What a member's name alone tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// `flag`, which replies have that go through Qimen.
    Flag,
    /// `sub_code` and the like, which Taobao's gateway has.
    Sub,
    RequestId,
    /// What the platform writes beside its status.
    Data,
    /// `error`, `path` and what else web servers write, and the platform does not.
    Web,
}

impl Members {
    /// Reads the members of the object that has just begun; `None` where it is not JSON.
    fn read(reader: &mut Reader<'_>, place: Place) -> Option<Self> {
        let mut members = Self::default();
        while reader.next().ok()? == Event::Key {
            let key = reader.text().decode_lossy().into_owned();
            let value = reader.next().ok()?;
            match value {
                Event::BeginObject if place == Place::Root => members.enter(&key, reader)?,
                Event::String => {
                    let text = reader.text().decode_lossy().into_owned();
                    members.scalar(&key, &text, true);
                }
                Event::Number => members.scalar(&key, reader.token(), false),
                Event::Null | Event::Bool(false) => {}
                _ => {
                    members.note(&key);
                    reader.skip(value).ok()?;
                }
            }
        }
        Some(members)
    }

    /// An object inside the reply: an envelope, an error with its message, or data.
    fn enter(&mut self, key: &str, reader: &mut Reader<'_>) -> Option<()> {
        let inside = Self::read(reader, Place::Inside)?;
        if key == "error_response" {
            self.inside = Some((StrangerKind::Taobao, Box::new(inside)));
        } else if key == "response" || key.ends_with("_response") {
            self.inside = Some((StrangerKind::Qimen, Box::new(inside)));
        } else if ["error", "fault"].contains(&key) {
            inside.words.0.iter().for_each(|part| self.words.add(part));
            self.http = self.http.take().or(inside.code).or(inside.http);
        }
        self.note(key);
        Some(())
    }

    fn scalar(&mut self, key: &str, value: &str, is_text: bool) {
        self.note(key);
        match &*plain(key) {
            // The platform's own has one spelling.
            _ if key == "status" => self.status = Some(value.to_owned()),
            "code" => self.code = Some(value.to_owned()),
            "statuscode" | "errcode" | "errorcode" | "httpcode" => {
                self.http = Some(value.to_owned());
            }
            "message" | "msg" | "error" | "title" | "detail" | "submessage" | "submsg"
            | "errormsg" | "errmsg" | "errordescription" | "errormessage" | "reason"
            | "faultstring" | "httpmessage"
                if is_text =>
            {
                self.words.add(value);
            }
            _ => {}
        }
    }

    fn note(&mut self, key: &str) {
        let mark = match &*plain(key) {
            "flag" => Mark::Flag,
            "subcode" | "submsg" | "submessage" => Mark::Sub,
            "requestid" => Mark::RequestId,
            "data" | "total" | "totalcount" => Mark::Data,
            "error" | "errors" | "path" | "timestamp" | "title" | "detail" | "instance"
            | "exception" | "trace" | "fault" | "statuscode" | "httpcode" | "errorcode"
            | "errcode" | "errormsg" | "errmsg" | "errormessage" | "errordescription" => Mark::Web,
            _ => return,
        };
        if !self.has(mark) {
            self.marks.push(mark);
        }
    }

    fn has(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }

    /// Who writes such an object, if the platform does not.
    fn stranger(mut self) -> Option<Stranger> {
        if let Some((kind, inside)) = self.inside.take() {
            let code = inside.code.or(inside.status).unwrap_or_default();
            return Some(inside.words.of(kind, &code));
        }
        let kind = self.kind()?;
        let code = match kind {
            StrangerKind::WebServer => self.http.or(self.status).or(self.code),
            _ => self.code,
        };
        Some(self.words.of(kind, &code.unwrap_or_default()))
    }

    fn kind(&self) -> Option<StrangerKind> {
        /// The gateway's own numbers lie below; its `msg` and `request_id` are not the vendor's.
        const GATEWAY: core::ops::Range<i64> = 1..100;
        let number = |text: &str| text.parse::<i64>().ok();
        let has_words = !self.words.0.is_empty();
        let is_web = match (&self.status, &self.code) {
            (None, _) if self.has(Mark::Flag) => return Some(StrangerKind::Qimen),
            (None, _) if self.has(Mark::Sub) => return Some(StrangerKind::Taobao),
            (None, Some(code)) => match number(code) {
                Some(n) if self.has(Mark::RequestId) && GATEWAY.contains(&n) => {
                    return Some(StrangerKind::Taobao);
                }
                Some(n) if !is_http_error(n) => return Some(StrangerKind::Enterprise),
                Some(_) => true,
                None => code != status::RIGHT_REQUIRED && (has_words || self.has(Mark::Web)),
            },
            (None, None) => self.has(Mark::Web) || (has_words && !self.has(Mark::Data)),
            (Some(status), _) => match number(status) {
                Some(n) => is_http_error(n) && self.has(Mark::Web),
                None => has_words || self.has(Mark::Web),
            },
        };
        is_web.then_some(StrangerKind::WebServer)
    }
}

/// A name without what frameworks differ in: `ErrorCode` and `error_code` are `errorcode`.
fn plain(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// A reply in XML, or a page in HTML.
fn of_markup(text: &str) -> Option<Stranger> {
    /// What is looked for stands near the beginning.
    const LOOKED_AT: usize = 8192;
    let text = text.trim_start();
    let text = text.char_indices().nth(LOOKED_AT).map_or(text, |(end, _)| &text[..end]);
    let root = root(text)?;
    let mut words = Words::default();
    let kind = if root == "error_response" {
        StrangerKind::Taobao
    } else if root == "response" || root.ends_with("_response") {
        StrangerKind::Qimen
    } else {
        StrangerKind::WebPage
    };
    if kind == StrangerKind::WebPage {
        for name in ["title", "h1", "message", "faultstring"] {
            words.add(element(text, name).unwrap_or_default());
        }
        return Some(words.of(kind, ""));
    }
    for name in ["message", "msg", "sub_message", "sub_msg"] {
        words.add(element(text, name).unwrap_or_default());
    }
    Some(words.of(kind, element(text, "code").unwrap_or_default()))
}

/// The name of the first element, behind declarations and comments.
fn root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start().strip_prefix('<')?;
        if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_-.:".contains(c)));
            return rest.get(..end.unwrap_or(rest.len()));
        }
        let end = if rest.starts_with("!--") {
            "-->"
        } else if rest.starts_with(['!', '?']) {
            ">"
        } else {
            return None;
        };
        rest = rest.split_once(end)?.1;
    }
}

/// What the first element of this name holds, where that is text.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('<') {
        rest = behind;
        let found = rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        let Some(attributes) = rest.get(name.len()..).filter(|_| found) else { continue };
        if !attributes.starts_with(|c: char| c == '>' || c.is_whitespace()) {
            continue;
        }
        let content = attributes.split_once('>')?.1;
        let content = content.trim_start();
        if let Some(cdata) = content.strip_prefix("<![CDATA[") {
            return cdata.split_once("]]>").map(|(text, _)| text);
        }
        return content.split_once('<').map(|(text, _)| text);
    }
    None
}
