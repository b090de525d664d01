//! A body that was signed as one text and sent as another: in what the two differ.

use wdt_proto::Language;
use wdt_proto::catalogue::Method;

use crate::code::MistakeCode;
use crate::json_tree::{self, Escapes, Node, Numbers, Order, Style};
use crate::styles::{LIBRARIES, Library};
use crate::words::{Words, bytes, say, visible};

pub(crate) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What changed in a body between signing and sending.
///
/// ```
/// assert_eq!(wdt_explain::BodyChange::KeyOrder.as_str(), "key_order");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyChange {
    /// There is a byte order mark in one of them.
    ByteOrderMark,
    /// Line breaks or blanks at the end.
    TrailingNewline,
    /// CRLF and LF.
    LineEnds,
    /// White space between the tokens.
    Spaces,
    /// The order of an object's keys.
    KeyOrder,
    /// How characters in strings are written.
    Escapes,
    /// How numbers are written.
    Numbers,
    /// It is not the same JSON.
    Content,
}

impl BodyChange {
    /// The word that programs read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "byte_order_mark",
            Self::TrailingNewline => "trailing_newline",
            Self::LineEnds => "line_ends",
            Self::Spaces => "spaces",
            Self::KeyOrder => "key_order",
            Self::Escapes => "escapes",
            Self::Numbers => "numbers",
            Self::Content => "content",
        }
    }

    fn text(self, language: Language) -> String {
        match self {
            Self::ByteOrderMark => say!(language, "byte order mark", "BOM"),
            Self::TrailingNewline => {
                say!(language, "line break or blank at the end", "末尾换行或空白")
            }
            Self::LineEnds => say!(language, "line ends, CRLF and LF", "换行符（CRLF 与 LF）"),
            Self::Spaces => say!(language, "spaces", "空格、缩进"),
            Self::KeyOrder => say!(language, "order of keys", "键的顺序"),
            Self::Escapes => say!(language, "escaped characters", "字符转义（如 \\uXXXX）"),
            Self::Numbers => say!(language, "how numbers are written", "数字的写法"),
            Self::Content => say!(language, "other content", "内容不同"),
        }
    }
}

/// A body that changed between signing and sending.
#[derive(Clone)]
pub(crate) struct Rewritten {
    pub(crate) changes: Vec<BodyChange>,
    signed: usize,
    sent: usize,
    first: Difference,
    library: Option<&'static Library>,
}

impl Rewritten {
    /// A body that was signed as `signed` and sent as `sent`.
    pub(crate) fn new(sent: &[u8], signed: &[u8], method: Option<Method<'_>>) -> Self {
        Self {
            changes: changes(sent, signed, method),
            signed: signed.len(),
            sent: sent.len(),
            first: Difference::of(signed, sent),
            library: library(sent, signed, method),
        }
    }

    /// Lengths, the first difference, and who writes JSON so.
    pub(crate) fn detail(&self, language: Language) -> String {
        let (signed, sent) = (bytes(self.signed, language), self.sent);
        let Difference { at, signed: was, other: is } = &self.first;
        let mut text = say!(
            language,
            "{signed} were signed, {sent} sent; first difference at byte {at}: signed `{was}`, sent `{is}`",
            "签名的是 {signed}，发送的是 {sent}；第一个不同在字节 {at}：签名 `{was}`，发送 `{is}`"
        );
        if let Some(library) = self.library {
            let name = library.name(language);
            text += &say!(language, "; signed as {name} writes it", "；签名用的是 {name} 的写法");
        }
        text
    }
}

impl Words for Rewritten {
    fn code(&self) -> MistakeCode {
        MistakeCode::BodyReserialised
    }

    fn what(&self, language: Language) -> String {
        let texts: Vec<String> = self.changes.iter().map(|c| c.text(language)).collect();
        let (english, chinese) = (texts.join(", "), texts.join("；"));
        say!(
            language,
            "the body changed between signing and sending: {english}",
            "请求体在签名和发送之间被改动：{chinese}"
        )
    }

    fn fix(&self, language: Language) -> String {
        say!(
            language,
            "serialise once, sign these bytes, send the same bytes: give your HTTP library bytes (data=…), not an object (json=…)",
            "只序列化一次，签名和发送用同一份字节：给 HTTP 库传字节（data=…），不要传对象（json=…）"
        )
    }
}

/// The body without byte order mark, and without white space at its end.
pub(crate) fn without_ends(body: &[u8]) -> &[u8] {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    body.trim_ascii_end()
}

/// In what two bodies differ.
fn changes(sent: &[u8], signed: &[u8], method: Option<Method<'_>>) -> Vec<BodyChange> {
    let mut found = Vec::new();
    let has_mark = |body: &[u8]| body.starts_with(BYTE_ORDER_MARK);
    if has_mark(sent) != has_mark(signed) {
        found.push(BodyChange::ByteOrderMark);
    }
    let (sent_text, signed_text) = (without_ends(sent), without_ends(signed));
    let tail = |body: &[u8]| body[body.trim_ascii_end().len()..].to_vec();
    if tail(sent) != tail(signed) {
        found.push(BodyChange::TrailingNewline);
    }
    if sent_text == signed_text {
        return found;
    }
    let unix = |body: &[u8]| String::from_utf8_lossy(body).replace("\r\n", "\n");
    if unix(sent_text) == unix(signed_text) {
        found.push(BodyChange::LineEnds);
        return found;
    }
    let (Ok(a), Ok(b)) = (json_tree::parse(sent_text), json_tree::parse(signed_text)) else {
        found.push(BodyChange::Content);
        return found;
    };
    let plain = |node: &Node| json_tree::write(node, Style::COMPACT, None);
    if gaps(sent_text) != gaps(signed_text) {
        found.push(BodyChange::Spaces);
    }
    if keys(&a) != keys(&b) {
        found.push(BodyChange::KeyOrder);
    }
    let sorted = |node: &Node| {
        let style = Style { order: Order::Sorted, ..Style::COMPACT };
        json_tree::parse(json_tree::write(node, style, method).as_bytes())
            .unwrap_or(Node::Word("null"))
    };
    let (a, b) = (sorted(&a), sorted(&b));
    let (mut a_texts, mut b_texts) = (Vec::new(), Vec::new());
    let (mut a_numbers, mut b_numbers) = (Vec::new(), Vec::new());
    leaves(&a, &mut a_texts, &mut a_numbers);
    leaves(&b, &mut b_texts, &mut b_numbers);
    if a_texts != b_texts {
        let decoded = |node: &Node| {
            let style =
                Style { escapes: Escapes::Least, numbers: Numbers::Shortest, ..Style::COMPACT };
            json_tree::write(node, style, None)
        };
        found.push(if decoded(&a) == decoded(&b) {
            BodyChange::Escapes
        } else {
            BodyChange::Content
        });
    }
    if a_numbers != b_numbers {
        found.push(BodyChange::Numbers);
    }
    if found.is_empty() && plain(&a) != plain(&b) {
        found.push(BodyChange::Content);
    }
    found
}

/// White space outside of strings, and the punctuation that it stands at.
fn gaps(body: &[u8]) -> Vec<u8> {
    let (mut gaps, mut in_string, mut escaped) = (Vec::new(), false, false);
    for &byte in body {
        match byte {
            b'"' if !escaped => in_string = !in_string,
            b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' | b'[' | b']' | b'{' | b'}'
                if !in_string =>
            {
                gaps.push(byte);
            }
            _ => {}
        }
        escaped = in_string && byte == b'\\' && !escaped;
    }
    gaps
}

fn keys(node: &Node) -> Vec<String> {
    fn walk(node: &Node, found: &mut Vec<String>) {
        match node {
            Node::Array(items) => items.iter().for_each(|item| walk(item, found)),
            Node::Object(members) => {
                for (key, value) in members {
                    found.push(key.text());
                    walk(value, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(node, &mut found);
    found
}

fn leaves<'n>(node: &'n Node, texts: &mut Vec<&'n str>, numbers: &mut Vec<&'n str>) {
    match node {
        Node::Array(items) => items.iter().for_each(|item| leaves(item, texts, numbers)),
        Node::Object(members) => {
            for (key, value) in members {
                texts.push(&key.raw);
                leaves(value, texts, numbers);
            }
        }
        Node::String(token) => texts.push(&token.raw),
        Node::Number(text) => numbers.push(text),
        Node::Word(_) => {}
    }
}

/// Which library writes the sent JSON as it was signed.
fn library(sent: &[u8], signed: &[u8], method: Option<Method<'_>>) -> Option<&'static Library> {
    static KNOWN: &[Library] = &LIBRARIES;
    let node = json_tree::parse(without_ends(sent)).ok()?;
    if signed == json_tree::write(&node, Style::COMPACT, None).as_bytes() {
        return None;
    }
    KNOWN.iter().find(|library| {
        let writes = |style| json_tree::write(&node, style, method).as_bytes() == signed;
        let [numbers_kept, own] = library.styles();
        (library.is_telling() && writes(numbers_kept)) || writes(own)
    })
}

/// Where two texts part, with what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) at: usize,
    pub(crate) signed: String,
    pub(crate) other: String,
}

impl Difference {
    pub(crate) fn of(signed: &[u8], other: &[u8]) -> Self {
        let at = signed.iter().zip(other).take_while(|(a, b)| a == b).count();
        Self { at, signed: around(signed, at), other: around(other, at) }
    }
}

/// What stands around a place, whole characters.
fn around(body: &[u8], at: usize) -> String {
    const BEFORE: usize = 6;
    const AFTER: usize = 12;
    let is_inside = |at: usize| body.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
    let start = (0..=at.saturating_sub(BEFORE)).rev().find(|at| !is_inside(*at)).unwrap_or(0);
    let end = (at + AFTER..body.len()).find(|at| !is_inside(*at)).unwrap_or(body.len());
    let open = if start > 0 { "…" } else { "" };
    let close = if end < body.len() { "…" } else { "" };
    format!("{open}{}{close}", visible(body.get(start..end).unwrap_or_default()))
}
