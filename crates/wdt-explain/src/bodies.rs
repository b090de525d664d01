//! What may have been signed in the body's place: the body as other programs would write it.

use std::collections::HashSet;

use wdt_proto::Language;
use wdt_proto::catalogue::Method;
use wdt_proto::json::Writer;

use crate::code::MistakeCode;
use crate::json_tree::{self, Escapes, Node, Spacing, Style, Token};
use crate::rewritten::{BYTE_ORDER_MARK, without_ends};
use crate::styles::{self, ESCAPES, LIBRARIES, NUMBERS, ORDERS, SPACINGS, TAILS};
use crate::words::{Words, say};

/// Bytes that may have been signed, `None` for no body, and why they may.
pub(crate) struct Form {
    pub(crate) bytes: Option<Vec<u8>>,
    pub(crate) why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is the body as sent.
    Right,
    /// Another text of the same JSON; the differences are looked for once it is known to be it.
    Rewritten,
    Is(Other),
}

/// Something else than the body was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Other {
    NotSigned,
    NamedArguments,
    ArrayOfValues,
    InOneMoreArray,
    WithoutOuterArray,
    SerialisedTwice,
    BeforeSecondSerialisation,
    /// A short text, perhaps an empty one.
    Text(&'static str),
}

impl Words for Other {
    fn code(&self) -> MistakeCode {
        match self {
            Self::NotSigned => MistakeCode::BodyNotSigned,
            Self::NamedArguments | Self::ArrayOfValues => MistakeCode::ArgumentsObject,
            _ => MistakeCode::BodyReplaced,
        }
    }

    fn what(&self, language: Language) -> String {
        match self {
            Self::NotSigned => {
                say!(language, "the body is missing from the signature", "请求体没有参与签名")
            }
            Self::NamedArguments => say!(
                language,
                "the arguments were signed as an object of named arguments, which is not what was sent",
                "签名时的参数是带参数名的对象，发送的却不是"
            ),
            Self::ArrayOfValues => say!(
                language,
                "the arguments were signed as an array of its values, which is not what was sent",
                "签名时的参数是参数数组，发送的却不是"
            ),
            Self::InOneMoreArray => {
                say!(
                    language,
                    "the body was signed in one more array",
                    "签名时的请求体多包了一层数组"
                )
            }
            Self::WithoutOuterArray => say!(
                language,
                "the body was signed without the outer array",
                "签名时的请求体少了最外层的数组"
            ),
            Self::SerialisedTwice => say!(
                language,
                "the body was signed as a JSON text, serialised twice",
                "签名时的请求体被当成字符串又序列化了一次"
            ),
            Self::BeforeSecondSerialisation => say!(
                language,
                "the body was signed before it was serialised a second time",
                "签名的是二次序列化之前的请求体"
            ),
            Self::Text("") => {
                say!(language, "the body was signed as an empty text", "签名时的请求体是空串")
            }
            Self::Text(text) => {
                say!(language, "the body was signed as {text}", "签名时的请求体是 {text}")
            }
        }
    }

    fn fix(&self, language: Language) -> String {
        match self {
            Self::NotSigned => say!(
                language,
                "sign the pair `body` = the exact bytes of the body with the query's parameters; it is not sent in the query",
                "以 body 为键、请求体原始字节为值，和 URL 参数一起签名（但不放进 URL）"
            ),
            Self::NamedArguments | Self::ArrayOfValues => say!(
                language,
                "sign and send the same bytes: a JSON array of the positional arguments",
                "签名与发送用同样的字节：按顺序排列的 JSON 参数数组"
            ),
            _ => say!(language, "sign exactly the bytes that are sent", "签名与发送用同样的字节"),
        }
    }
}

/// Collects forms, each sequence of bytes once, the first name for it kept.
struct Collector {
    seen: HashSet<Option<Vec<u8>>>,
    forms: Vec<Form>,
    room: usize,
}

impl Collector {
    fn rewritten(&mut self, bytes: Vec<u8>) {
        self.add(Some(bytes), Why::Rewritten);
    }

    fn is(&mut self, bytes: Option<Vec<u8>>, other: Other) {
        self.add(bytes, Why::Is(other));
    }

    fn add(&mut self, bytes: Option<Vec<u8>>, why: Why) {
        let size = bytes.as_ref().map_or(0, Vec::len);
        if size <= self.room && self.seen.insert(bytes.clone()) {
            self.room -= size;
            self.forms.push(Form { bytes, why });
        }
    }
}

/// The forms worth combining with other mistakes, the body as sent first; `signed` is what the
/// caller says was signed.
pub(crate) fn forms(sent: &[u8], signed: Option<&[u8]>, method: Option<Method<'_>>) -> Vec<Form> {
    /// All forms together stay below this.
    const ROOM: usize = 64 << 20;
    let first = Form { bytes: Some(sent.to_vec()), why: Why::Right };
    let seen = HashSet::from([Some(sent.to_vec())]);
    let mut found = Collector { seen, forms: vec![first], room: ROOM };
    if let Some(signed) = signed {
        found.rewritten(signed.to_vec());
    }
    found.is(None, Other::NotSigned);
    ends(sent, &mut found);
    if let Ok(node) = json_tree::parse(without_ends(sent)) {
        restyled(&node, method, &mut found);
        reshaped(&node, method, &mut found);
    }
    replaced(&mut found);
    found.forms
}

/// Every way of writing the same JSON: too many to combine with anything.
pub(crate) fn all_styles<'b>(
    sent: &'b [u8],
    method: Option<Method<'b>>,
) -> impl Iterator<Item = Form> + 'b {
    let node = json_tree::parse(without_ends(sent)).ok();
    node.into_iter().flat_map(move |node| {
        styles::all().flat_map(move |style| {
            let text = json_tree::write(&node, style, method);
            TAILS.map(|tail| {
                let bytes = Some([text.as_bytes(), tail.as_bytes()].concat());
                Form { bytes, why: Why::Rewritten }
            })
        })
    })
}

/// Byte order mark and line breaks at the ends.
fn ends(sent: &[u8], found: &mut Collector) {
    let plain = without_ends(sent);
    let with_mark = [BYTE_ORDER_MARK, sent].concat();
    let lines = |from: &str, to: &str| {
        String::from_utf8_lossy(sent).replace("\r\n", "\n").replace(from, to).into_bytes()
    };
    let mut ways = vec![plain.to_vec(), with_mark];
    ways.extend(["\n", "\r\n", " "].map(|tail| [plain, tail.as_bytes()].concat()));
    if let Some(bare) = sent.strip_prefix(BYTE_ORDER_MARK) {
        ways.push(bare.to_vec());
    }
    if sent.contains(&b'\n') && std::str::from_utf8(sent).is_ok() {
        ways.push(lines("\n", "\r\n"));
        ways.push(lines("\r\n", "\n"));
    }
    for way in ways {
        found.rewritten(way);
    }
}

/// The libraries' ways, then one change at a time.
fn restyled(node: &Node, method: Option<Method<'_>>, found: &mut Collector) {
    let mut add = |style| found.rewritten(json_tree::write(node, style, method).into_bytes());
    let plain = Style::COMPACT;
    for spacing in SPACINGS {
        add(Style { spacing, ..plain });
    }
    for library in &LIBRARIES {
        library.styles().into_iter().for_each(&mut add);
    }
    for spacing in [Spacing::Compact, Spacing::Wide] {
        for escapes in ESCAPES {
            add(Style { spacing, escapes, ..plain });
        }
        for order in ORDERS {
            add(Style { spacing, order, ..plain });
        }
        for numbers in NUMBERS {
            add(Style { spacing, numbers, ..plain });
        }
    }
}

/// An object for the array, the array for an object, a list too many or too few, a text of it.
fn reshaped(node: &Node, method: Option<Method<'_>>, found: &mut Collector) {
    let params: Vec<_> = method.map(|m| m.params().collect()).unwrap_or_default();
    let mut shapes = Vec::new();
    match node {
        Node::Array(items) if items.len() <= params.len() && !items.is_empty() => {
            let named = items.iter().zip(&params);
            let named = named.map(|(item, param)| (Token::new(param.name()), item.clone()));
            shapes.push((Node::Object(named.collect()), Other::NamedArguments));
        }
        Node::Object(members) => {
            let as_is: Vec<Node> = members.iter().map(|(_, value)| value.clone()).collect();
            let find = |name: &str| members.iter().find(|(key, _)| key.text() == name);
            let documented = params.iter().filter_map(|p| find(p.name()).map(|(_, v)| v.clone()));
            let documented: Vec<Node> = documented.collect();
            for items in [documented, as_is] {
                shapes.push((Node::Array(items), Other::ArrayOfValues));
            }
        }
        _ => {}
    }
    for (shape, other) in shapes {
        for spacing in [Spacing::Compact, Spacing::Wide] {
            let text = json_tree::write(&shape, Style { spacing, ..Style::COMPACT }, None);
            found.is(Some(text.into_bytes()), other);
        }
    }
    let mut wrapped = vec![(Node::Array(vec![node.clone()]), Other::InOneMoreArray)];
    if let Node::Array(items) = node
        && let [only] = items.as_slice()
    {
        wrapped.push((only.clone(), Other::WithoutOuterArray));
    }
    let compact = json_tree::write(node, Style::COMPACT, None);
    wrapped.push((text_of(&compact), Other::SerialisedTwice));
    if let Node::String(token) = node {
        found.is(Some(token.text().into_bytes()), Other::BeforeSecondSerialisation);
    }
    for (shape, other) in wrapped {
        for (spacing, escapes) in [
            (Spacing::Compact, Escapes::AsIs),
            (Spacing::Wide, Escapes::AsIs),
            (Spacing::Wide, Escapes::Ascii),
        ] {
            let style = Style { spacing, escapes, ..Style::COMPACT };
            found.is(Some(json_tree::write(&shape, style, None).into_bytes()), other);
        }
    }
}

/// A JSON text as a string of JSON.
fn text_of(text: &str) -> Node {
    let mut quoted = Writer::with_capacity(text.len() + text.len() / 8 + 2);
    quoted.string(text);
    let quoted = String::from_utf8(quoted.into_bytes()).unwrap_or_default();
    let raw = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    Node::String(Token { raw: raw.to_owned(), ..Token::new(text) })
}

/// Something short in the body's place.
fn replaced(found: &mut Collector) {
    for other in ["", "[]", "{}", "[{}]", "null", "\"\""] {
        found.is(Some(other.as_bytes().to_vec()), Other::Text(other));
    }
}
