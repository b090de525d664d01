//! What may have been signed in the body's place: the body as other programs would write it.

use std::collections::HashSet;
use std::fmt::Write as _;

use wdt_proto::catalogue::Method;

use super::mistake::Mistake;
use crate::json_tree::{self, Escapes, Node, Numbers, Order, Spacing, Style, Token};
use crate::output::{bytes, visible};

/// Bytes that may have been signed, `None` for no body, and the mistake that this would be.
pub(crate) struct Form {
    pub(crate) bytes: Option<Vec<u8>>,
    why: Why,
}

enum Why {
    /// It is the body as sent.
    Right,
    /// Another text of the same JSON; the differences are looked for once it is known to be it.
    Changed,
    Is(Box<Mistake>),
}

impl Form {
    /// The mistake, where it is one.
    pub(crate) fn mistake(&self, sent: &[u8], method: Option<Method<'_>>) -> Option<Mistake> {
        match &self.why {
            Why::Right => None,
            Why::Changed => Some(changed(sent, self.bytes.as_deref().unwrap_or_default(), method)),
            Why::Is(mistake) => Some((**mistake).clone()),
        }
    }
}

const SPACINGS: [Spacing; 7] = [
    Spacing::Compact,
    Spacing::Wide,
    Spacing::AfterColon,
    Spacing::Indent(2),
    Spacing::Indent(4),
    Spacing::Tabs,
    Spacing::Jackson,
];
const ORDERS: [Order; 3] = [Order::AsIs, Order::Sorted, Order::Documented];
const ESCAPES: [Escapes; 8] = [
    Escapes::AsIs,
    Escapes::Least,
    Escapes::Ascii,
    Escapes::AsciiUpper,
    Escapes::Php,
    Escapes::Slashes,
    Escapes::Html,
    Escapes::DotNet,
];
const NUMBERS: [Numbers; 7] = [
    Numbers::AsIs,
    Numbers::Shortest,
    Numbers::Python,
    Numbers::Java,
    Numbers::FourDigits,
    Numbers::Fixed,
    Numbers::Floats,
];
const TAILS: [&str; 3] = ["", "\n", "\r\n"];
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// How common libraries write JSON when they are asked nothing.
const LIBRARIES: [(&str, Spacing, Escapes, Order, Numbers); 9] = {
    use Escapes as E;
    use Numbers as N;
    use Order as O;
    use Spacing as S;
    [
        ("Python's json.dumps", S::Wide, E::Ascii, O::AsIs, N::Python),
        ("Python's json.dumps(ensure_ascii=False)", S::Wide, E::Least, O::AsIs, N::Python),
        ("Python's json.dumps(sort_keys=True)", S::Wide, E::Ascii, O::Sorted, N::Python),
        ("JavaScript's JSON.stringify", S::Compact, E::Least, O::AsIs, N::Shortest),
        ("PHP's json_encode", S::Compact, E::Php, O::AsIs, N::Shortest),
        ("PHP's json_encode(JSON_UNESCAPED_UNICODE)", S::Compact, E::Slashes, O::AsIs, N::Shortest),
        ("Go's json.Marshal of a map", S::Compact, E::Html, O::Sorted, N::Shortest),
        (".NET's System.Text.Json", S::Compact, E::DotNet, O::AsIs, N::AsIs),
        ("a Java library with doubles", S::Compact, E::Least, O::AsIs, N::Java),
    ]
};

/// Collects forms, each sequence of bytes once, the first name for it kept.
struct Collector {
    seen: HashSet<Option<Vec<u8>>>,
    forms: Vec<Form>,
    room: usize,
}

impl Collector {
    fn changed(&mut self, bytes: Vec<u8>) {
        self.add(Some(bytes), Why::Changed);
    }

    fn is(&mut self, bytes: Option<Vec<u8>>, mistake: Mistake) {
        self.add(bytes, Why::Is(Box::new(mistake)));
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
        found.changed(signed.to_vec());
    }
    found.is(None, not_signed());
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
        styles().flat_map(move |style| {
            let text = json_tree::write(&node, style, method);
            TAILS.map(|tail| {
                let bytes = Some([text.as_bytes(), tail.as_bytes()].concat());
                Form { bytes, why: Why::Changed }
            })
        })
    })
}

fn styles() -> impl Iterator<Item = Style> {
    SPACINGS.into_iter().flat_map(|spacing| {
        ORDERS.into_iter().flat_map(move |order| {
            ESCAPES.into_iter().flat_map(move |escapes| {
                NUMBERS.map(|numbers| Style { spacing, order, escapes, numbers })
            })
        })
    })
}

fn without_ends(body: &[u8]) -> &[u8] {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    body.trim_ascii_end()
}

fn not_signed() -> Mistake {
    Mistake::recomputed(
        "body_not_signed",
        "the body is missing from the signature",
        "sign the pair `body` = the exact bytes of the body with the query's parameters; it is not sent in the query",
        "请求体没有参与签名：要以 body 为键、请求体原始字节为值一起签名（但不放进 URL）",
    )
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
        found.changed(way);
    }
}

/// The libraries' ways, then one change at a time.
fn restyled(node: &Node, method: Option<Method<'_>>, found: &mut Collector) {
    let mut add = |style| found.changed(json_tree::write(node, style, method).into_bytes());
    let plain = Style::COMPACT;
    for spacing in SPACINGS {
        add(Style { spacing, ..plain });
    }
    for (_, spacing, escapes, order, numbers) in LIBRARIES {
        // Also where the numbers were kept, as those who know do it.
        for numbers in [Numbers::AsIs, numbers] {
            add(Style { spacing, order, escapes, numbers });
        }
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
            shapes.push((
                Node::Object(named.collect()),
                "as an object of named arguments",
                "带参数名的对象",
            ));
        }
        Node::Object(members) => {
            let as_is: Vec<Node> = members.iter().map(|(_, value)| value.clone()).collect();
            let find = |name: &str| members.iter().find(|(key, _)| key.text() == name);
            let documented = params.iter().filter_map(|p| find(p.name()).map(|(_, v)| v.clone()));
            let documented: Vec<Node> = documented.collect();
            for items in [documented, as_is] {
                shapes.push((Node::Array(items), "as an array of its values", "参数数组"));
            }
        }
        _ => {}
    }
    for (shape, how, chinese) in shapes {
        for spacing in [Spacing::Compact, Spacing::Wide] {
            let text = json_tree::write(&shape, Style { spacing, ..Style::COMPACT }, None);
            let mistake = Mistake::recomputed(
                "arguments_object",
                format!("the arguments were signed {how}, which is not what was sent"),
                "sign and send the same bytes: a JSON array of the positional arguments",
                format!(
                    "签名时的参数是{chinese}，发送的却不是：请求体必须是按顺序排列的参数数组，且签名与发送的字节相同"
                ),
            );
            found.is(Some(text.into_bytes()), mistake);
        }
    }
    let mut wrapped =
        vec![(Node::Array(vec![node.clone()]), "in one more array", "多包了一层数组")];
    if let Node::Array(items) = node
        && let [only] = items.as_slice()
    {
        wrapped.push((only.clone(), "without the outer array", "少了最外层的数组"));
    }
    let compact = json_tree::write(node, Style::COMPACT, None);
    wrapped.push((
        text_of(&compact),
        "as a JSON text, serialised twice",
        "被当成字符串又序列化了一次",
    ));
    if let Node::String(token) = node {
        let mistake =
            other_body("before it was serialised a second time", "签名的是二次序列化之前的内容");
        found.is(Some(token.text().into_bytes()), mistake);
    }
    for (shape, how, chinese) in wrapped {
        for (spacing, escapes) in [
            (Spacing::Compact, Escapes::AsIs),
            (Spacing::Wide, Escapes::AsIs),
            (Spacing::Wide, Escapes::Ascii),
        ] {
            let style = Style { spacing, escapes, ..Style::COMPACT };
            let text = json_tree::write(&shape, style, None);
            found.is(Some(text.into_bytes()), other_body(how, &format!("签名时的请求体{chinese}")));
        }
    }
}

fn text_of(text: &str) -> Node {
    let quoted = serde_json::Value::from(text).to_string();
    let raw = quoted.get(1..quoted.len() - 1).unwrap_or_default();
    Node::String(Token { raw: raw.to_owned(), ..Token::new(text) })
}

fn other_body(how: &str, chinese: &str) -> Mistake {
    Mistake::recomputed(
        "body_replaced",
        format!("the body was signed {how}"),
        "sign exactly the bytes that are sent",
        format!("{chinese}，与发送的不一致：签名与发送必须是同样的字节"),
    )
}

/// Something short in the body's place.
fn replaced(found: &mut Collector) {
    for other in ["", "[]", "{}", "[{}]", "null", "\"\""] {
        let (shown, chinese) =
            if other.is_empty() { ("an empty text", "空串") } else { (other, other) };
        let mistake = other_body(&format!("as {shown}"), &format!("签名时的请求体是 {chinese}"));
        found.is(Some(other.as_bytes().to_vec()), mistake);
    }
}

/// The mistake of a body that was signed as `signed` and sent as `sent`.
fn changed(sent: &[u8], signed: &[u8], method: Option<Method<'_>>) -> Mistake {
    let changes = changes(sent, signed, method);
    let english: Vec<&str> = changes.iter().map(|c| describe(c).0).collect();
    let chinese: Vec<&str> = changes.iter().map(|c| describe(c).1).collect();
    let mut detail = format!(
        "{} were signed, {} sent; {}",
        bytes(signed.len(), wdt_proto::Language::English),
        sent.len(),
        first_difference(signed, sent),
    );
    if let Some(library) = library(sent, signed, method) {
        let _ = write!(detail, "; signed as {library} writes it");
    }
    Mistake::recomputed(
        "body_reserialised",
        format!("the body changed between signing and sending: {}", english.join(", ")),
        "serialise once, sign these bytes, send the same bytes: give your HTTP library bytes (data=…), not an object (json=…)",
        format!(
            "请求体在签名和发送之间被改动（{}）：只序列化一次，签名和发送用同一份字节",
            chinese.join("、")
        ),
    )
    .with_changes(changes, detail)
}

fn describe(change: &str) -> (&'static str, &'static str) {
    match change {
        "byte_order_mark" => ("byte order mark", "BOM"),
        "trailing_newline" => ("line break or blank at the end", "末尾换行或空白"),
        "line_ends" => ("line ends, CRLF and LF", "换行符"),
        "spaces" => ("spaces", "空格、缩进"),
        "key_order" => ("order of keys", "键的顺序"),
        "escapes" => ("escaped characters", "字符转义，如 \\uXXXX"),
        "numbers" => ("how numbers are written", "数字的写法"),
        _ => ("other content", "内容不同"),
    }
}

/// In what two bodies differ.
fn changes(sent: &[u8], signed: &[u8], method: Option<Method<'_>>) -> Vec<&'static str> {
    let mut found = Vec::new();
    let has_mark = |body: &[u8]| body.starts_with(BYTE_ORDER_MARK);
    if has_mark(sent) != has_mark(signed) {
        found.push("byte_order_mark");
    }
    let (sent_text, signed_text) = (without_ends(sent), without_ends(signed));
    let tail = |body: &[u8]| body[body.trim_ascii_end().len()..].to_vec();
    if tail(sent) != tail(signed) {
        found.push("trailing_newline");
    }
    if sent_text == signed_text {
        return found;
    }
    let unix = |body: &[u8]| String::from_utf8_lossy(body).replace("\r\n", "\n");
    if unix(sent_text) == unix(signed_text) {
        found.push("line_ends");
        return found;
    }
    let (Ok(a), Ok(b)) = (json_tree::parse(sent_text), json_tree::parse(signed_text)) else {
        found.push("content");
        return found;
    };
    let plain = |node: &Node| json_tree::write(node, Style::COMPACT, None);
    if gaps(sent_text) != gaps(signed_text) {
        found.push("spaces");
    }
    if keys(&a) != keys(&b) {
        found.push("key_order");
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
        found.push(if decoded(&a) == decoded(&b) { "escapes" } else { "content" });
    }
    if a_numbers != b_numbers {
        found.push("numbers");
    }
    if found.is_empty() && plain(&a) != plain(&b) {
        found.push("content");
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
fn library(sent: &[u8], signed: &[u8], method: Option<Method<'_>>) -> Option<&'static str> {
    let node = json_tree::parse(without_ends(sent)).ok()?;
    LIBRARIES.iter().find_map(|(name, spacing, escapes, order, numbers)| {
        let writes = |numbers| {
            let style = Style { spacing: *spacing, order: *order, escapes: *escapes, numbers };
            json_tree::write(&node, style, method).as_bytes() == signed
        };
        // What is compact and unchanged is nobody's in particular.
        let is_telling = *spacing != Spacing::Compact || *escapes != Escapes::Least;
        let is_theirs = (is_telling && writes(Numbers::AsIs)) || writes(*numbers);
        (is_theirs && signed != json_tree::write(&node, Style::COMPACT, None).as_bytes())
            .then_some(*name)
    })
}

/// Where two texts part, with what stands there.
pub(crate) fn first_difference(signed: &[u8], sent: &[u8]) -> String {
    const BEFORE: usize = 6;
    const AFTER: usize = 12;
    let at = signed.iter().zip(sent).take_while(|(a, b)| a == b).count();
    let around = |body: &[u8]| {
        let is_inside = |at: usize| body.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
        let start = (0..=at.saturating_sub(BEFORE)).rev().find(|at| !is_inside(*at)).unwrap_or(0);
        let end = (at + AFTER..body.len()).find(|at| !is_inside(*at)).unwrap_or(body.len());
        let open = if start > 0 { "…" } else { "" };
        let close = if end < body.len() { "…" } else { "" };
        format!("{open}{}{close}", visible(body.get(start..end).unwrap_or_default()))
    };
    format!("first difference at byte {at}: signed `{}`, sent `{}`", around(signed), around(sent))
}
