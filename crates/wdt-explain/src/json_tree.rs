//! JSON as a tree of its own tokens, written again in the ways that common libraries write it.
//!
//! Written as it stands it is exact. The other ways are there to find out how a body was changed
//! between signing and sending, so they do what those libraries do, binary floats included.

use wdt_proto::Limits;
use wdt_proto::catalogue::{Field, Kind, Method};
use wdt_proto::json::{Event, Reader, SyntaxError};

/// A value whose texts and numbers are as they stood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Object(Vec<(Token, Node)>),
    Array(Vec<Node>),
    String(Token),
    Number(String),
    Word(&'static str),
}

/// A string between its quotes, and the characters that it stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) raw: String,
    /// UTF-16, as JSON's escapes are, so that half a pair survives.
    pub(crate) units: Vec<u16>,
}

impl Token {
    pub(crate) fn text(&self) -> String {
        String::from_utf16_lossy(&self.units)
    }

    pub(crate) fn new(text: &str) -> Self {
        Self { raw: text.to_owned(), units: text.encode_utf16().collect() }
    }
}

/// Reads one document within the default limits.
pub(crate) fn parse(bytes: &[u8]) -> Result<Node, SyntaxError> {
    let mut reader = Reader::from_bytes(bytes, Limits::DEFAULT.max_depth())?;
    let first = reader.next()?;
    let node = read(&mut reader, first)?;
    reader.next()?;
    Ok(node)
}

/// JSON with a value a line, every token as it came; `None` for what is not JSON.
///
/// ```
/// let text = wdt_explain::indented(br#"{"num":1.0000}"#);
/// assert_eq!(text.as_deref(), Some("{\n  \"num\": 1.0000\n}"));
/// ```
#[must_use]
pub fn indented(json: &[u8]) -> Option<String> {
    let style = Style { spacing: Spacing::Indent(2), ..Style::COMPACT };
    Some(write(&parse(json).ok()?, style, None))
}

/// Recurses no deeper than the reader allows.
fn read(reader: &mut Reader<'_>, event: Event) -> Result<Node, SyntaxError> {
    Ok(match event {
        Event::BeginArray => {
            let mut items = Vec::new();
            loop {
                let event = reader.next()?;
                if event == Event::EndArray {
                    break Node::Array(items);
                }
                items.push(read(reader, event)?);
            }
        }
        Event::BeginObject => {
            let mut members = Vec::new();
            while reader.next()? == Event::Key {
                let key = token(reader);
                let event = reader.next()?;
                members.push((key, read(reader, event)?));
            }
            Node::Object(members)
        }
        Event::String | Event::Key => Node::String(token(reader)),
        Event::Number => Node::Number(reader.token().to_owned()),
        Event::Bool(true) => Node::Word("true"),
        Event::Bool(false) => Node::Word("false"),
        Event::Null | Event::EndArray | Event::EndObject | Event::End => Node::Word("null"),
    })
}

fn token(reader: &Reader<'_>) -> Token {
    let text = reader.text();
    let mut units = Vec::with_capacity(text.raw().len());
    for c in text.chars() {
        match c {
            Ok(c) => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            Err(half) => units.push(half),
        }
    }
    Token { raw: text.raw().to_owned(), units }
}

/// White space between tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spacing {
    /// `[1,{"a":2}]`
    Compact,
    /// `[1, {"a": 2}]`, Python's default
    Wide,
    /// `[1,{"a": 2}]`
    AfterColon,
    /// A line a value, so many blanks a level, `"a": 2`
    Indent(usize),
    /// The same with tabs
    Tabs,
    /// Two blanks a level, `"a" : 2`, and arrays on one line: Jackson
    Jackson,
}

/// The order of an object's members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    AsIs,
    Sorted,
    /// As the documentation lists them.
    Documented,
}

/// How characters in strings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escapes {
    AsIs,
    /// Only what must be escaped
    Least,
    /// `\u4e2d` for all beyond ASCII: Python, and most with an ASCII option
    Ascii,
    /// `\u4E2D`: Java, .NET
    AsciiUpper,
    /// `\u4e2d` and `\/`: PHP's default
    Php,
    /// `\/`, the rest as it is: PHP with `JSON_UNESCAPED_UNICODE`
    Slashes,
    /// `\u003c \u003e \u0026`: Go's default
    Html,
    /// `\u4E2D`, `\u0022`, `\u003C`, `\u0027`, `\u002B`: .NET's `System.Text.Json`
    DotNet,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    AsIs,
    /// `1.0000` → `1`, as JavaScript, Go and PHP write a float
    Shortest,
    /// `1.0000` → `1.0`, as Python writes one
    Python,
    /// `1.0000` → `1.0`, `12345678.5` → `1.23456785E7`, as Java writes a double
    Java,
    /// What has a fraction with four digits: `1.0` → `1.0000`
    FourDigits,
    /// Documented decimals with four digits: `1` → `1.0000`
    Fixed,
    /// Documented decimals as floats: `1` → `1.0`
    Floats,
}

/// A way of writing JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) spacing: Spacing,
    pub(crate) order: Order,
    pub(crate) escapes: Escapes,
    pub(crate) numbers: Numbers,
}

impl Style {
    pub(crate) const COMPACT: Self = Self {
        spacing: Spacing::Compact,
        order: Order::AsIs,
        escapes: Escapes::AsIs,
        numbers: Numbers::AsIs,
    };
}

/// Writes the body of a call of `method`, where the documentation knows it.
pub(crate) fn write(node: &Node, style: Style, method: Option<Method<'_>>) -> String {
    let mut writer = Writer { style, out: String::new() };
    match (node, method) {
        (Node::Array(items), Some(method)) => {
            let params: Vec<_> = method.params().collect();
            writer.array(items, 0, |place| params.get(place).copied(), false);
        }
        _ => writer.node(node, None, 0),
    }
    writer.out
}

struct Writer {
    style: Style,
    out: String,
}

impl Writer {
    fn node(&mut self, node: &Node, field: Option<Field<'_>>, depth: usize) {
        match node {
            Node::Array(items) => self.array(items, depth, |_| field, true),
            Node::Object(members) => self.object(members, field, depth),
            Node::String(token) => self.string(token),
            Node::Number(text) => {
                let decimal = field.is_some_and(|f| matches!(f.kind(), Kind::Decimal { .. }));
                let text = number(text, self.style.numbers, decimal);
                self.out.push_str(&text);
            }
            Node::Word(word) => self.out.push_str(word),
        }
    }

    fn array<'f>(
        &mut self,
        items: &[Node],
        depth: usize,
        field: impl Fn(usize) -> Option<Field<'f>>,
        inner: bool,
    ) {
        let jackson = self.style.spacing == Spacing::Jackson;
        self.out.push('[');
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.out.push(',');
            }
            if jackson {
                self.out.push(' ');
            } else {
                self.gap(depth + 1, place > 0);
            }
            let depth = if jackson && !inner { depth } else { depth + usize::from(!jackson) };
            self.node(item, field(place), depth);
        }
        if jackson {
            self.out.push(' ');
        } else if !items.is_empty() {
            self.gap(depth, false);
        }
        self.out.push(']');
    }

    fn object(&mut self, members: &[(Token, Node)], field: Option<Field<'_>>, depth: usize) {
        let find = |key: &str| field.and_then(|f| f.fields().position(|f| f.name() == key));
        let mut order: Vec<usize> = (0..members.len()).collect();
        match self.style.order {
            Order::AsIs => {}
            Order::Sorted => order.sort_by_key(|i| members.get(*i).map(|(key, _)| key.text())),
            Order::Documented => order.sort_by_key(|i| {
                members.get(*i).and_then(|(key, _)| find(&key.text())).unwrap_or(usize::MAX)
            }),
        }
        self.out.push('{');
        for (place, (key, value)) in order.iter().filter_map(|i| members.get(*i)).enumerate() {
            if place > 0 {
                self.out.push(',');
            }
            self.gap(depth + 1, place > 0);
            self.string(key);
            self.out.push_str(match self.style.spacing {
                Spacing::Compact => ":",
                Spacing::Jackson => " : ",
                _ => ": ",
            });
            let field = find(&key.text()).and_then(|at| field.and_then(|f| f.fields().nth(at)));
            self.node(value, field, depth + 1);
        }
        if !members.is_empty() {
            self.gap(depth, false);
        } else if self.style.spacing == Spacing::Jackson {
            self.out.push(' ');
        }
        self.out.push('}');
    }

    fn gap(&mut self, depth: usize, after_comma: bool) {
        let unit = match self.style.spacing {
            Spacing::Compact | Spacing::AfterColon => return,
            Spacing::Wide => {
                if after_comma {
                    self.out.push(' ');
                }
                return;
            }
            Spacing::Indent(blanks) => " ".repeat(blanks),
            Spacing::Jackson => "  ".to_owned(),
            Spacing::Tabs => "\t".to_owned(),
        };
        self.out.push('\n');
        for _ in 0..depth {
            self.out.push_str(&unit);
        }
    }

    fn string(&mut self, token: &Token) {
        self.out.push('"');
        if self.style.escapes == Escapes::AsIs {
            self.out.push_str(&token.raw);
        } else {
            for unit in char::decode_utf16(token.units.iter().copied()) {
                match unit {
                    Ok(c) => self.character(c),
                    Err(half) => self.unit(half.unpaired_surrogate()),
                }
            }
        }
        self.out.push('"');
    }

    fn character(&mut self, c: char) {
        use Escapes::{AsIs, Ascii, AsciiUpper, DotNet, Html, Least, Php, Slashes};
        let escapes = self.style.escapes;
        match c {
            '"' if escapes == DotNet => self.out.push_str("\\u0022"),
            '"' => self.out.push_str("\\\""),
            '\\' => self.out.push_str("\\\\"),
            '\n' => self.out.push_str("\\n"),
            '\r' => self.out.push_str("\\r"),
            '\t' => self.out.push_str("\\t"),
            '\u{8}' => self.out.push_str("\\b"),
            '\u{c}' => self.out.push_str("\\f"),
            '/' if matches!(escapes, Php | Slashes) => self.out.push_str("\\/"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' if escapes == Html => self.escaped(c),
            '<' | '>' | '&' | '\'' | '+' | '`' if escapes == DotNet => self.escaped(c),
            c if u32::from(c) < 0x20 => self.escaped(c),
            c if c.is_ascii() && c != '\u{7f}' => self.out.push(c),
            c => match escapes {
                Ascii | AsciiUpper | Php | DotNet => self.escaped(c),
                AsIs | Least | Slashes | Html => self.out.push(c),
            },
        }
    }

    fn escaped(&mut self, c: char) {
        for unit in c.encode_utf16(&mut [0; 2]) {
            self.unit(*unit);
        }
    }

    fn unit(&mut self, unit: u16) {
        let upper = matches!(self.style.escapes, Escapes::AsciiUpper | Escapes::DotNet);
        let text = if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
        self.out.push_str(&text);
    }
}

/// A number as others write it; as it stands where they would not touch it.
fn number(text: &str, numbers: Numbers, is_decimal: bool) -> String {
    let is_float = text.contains(['.', 'e', 'E']);
    let is_touched = match numbers {
        Numbers::AsIs => false,
        Numbers::Fixed | Numbers::Floats => is_decimal,
        _ => is_float,
    };
    if !is_touched {
        return text.to_owned();
    }
    if matches!(numbers, Numbers::Fixed | Numbers::FourDigits) {
        return fixed(text);
    }
    let Ok(float) = text.parse::<f64>() else { return text.to_owned() };
    if !float.is_finite() {
        return text.to_owned();
    }
    let size = float.abs();
    let plain = |at_least: f64, below: f64| size == 0.0 || (at_least..below).contains(&size);
    match numbers {
        Numbers::Shortest if plain(1e-6, 1e21) => format!("{float}"),
        Numbers::Shortest => format!("{float:e}").replace('e', if size < 1.0 { "e" } else { "e+" }),
        Numbers::Java if plain(1e-3, 1e7) => format!("{float:?}"),
        Numbers::Java => with_point(&format!("{float:E}")),
        _ if plain(1e-4, 1e16) => with_point(&format!("{float}")),
        _ => {
            let text = format!("{float:e}");
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let (sign, digits) = match exponent.strip_prefix('-') {
                Some(digits) => ("-", digits),
                None => ("+", exponent),
            };
            format!("{mantissa}e{sign}{digits:0>2}")
        }
    }
}

/// `1` → `1.0`, `1E7` → `1.0E7`.
fn with_point(text: &str) -> String {
    if text.contains('.') {
        return text.to_owned();
    }
    match text.split_once('E') {
        Some((mantissa, exponent)) => format!("{mantissa}.0E{exponent}"),
        None => format!("{text}.0"),
    }
}

/// Four fractional digits, where that changes zeros only.
fn fixed(text: &str) -> String {
    const SCALE: usize = 4;
    if text.contains(['e', 'E']) {
        return text.to_owned();
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > SCALE { text.to_owned() } else { format!("{whole}.{fraction:0<SCALE$}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, change: impl Fn(&mut Style)) -> String {
        let mut style = Style::COMPACT;
        change(&mut style);
        write(&parse(text.as_bytes()).unwrap(), style, None)
    }

    /// The right-hand sides are what the libraries themselves printed.
    #[test]
    fn numbers_as_the_libraries_write_them() {
        for (given, shortest, python, java) in [
            ("1.0000", "1", "1.0", "1.0"),
            ("1.50", "1.5", "1.5", "1.5"),
            ("0.00001", "0.00001", "1e-05", "1.0E-5"),
            ("1e-7", "1e-7", "1e-07", "1.0E-7"),
            ("12345678.5", "12345678.5", "12345678.5", "1.23456785E7"),
            ("1e16", "10000000000000000", "1e+16", "1.0E16"),
            ("1.5e21", "1.5e+21", "1.5e+21", "1.5E21"),
            ("42", "42", "42", "42"),
            ("-0.0", "-0", "-0.0", "-0.0"),
        ] {
            assert_eq!(written(given, |s| s.numbers = Numbers::Shortest), shortest);
            assert_eq!(written(given, |s| s.numbers = Numbers::Python), python);
            assert_eq!(written(given, |s| s.numbers = Numbers::Java), java);
        }
        assert_eq!(fixed("1"), "1.0000");
        assert_eq!(fixed("-1.50"), "-1.5000");
        assert_eq!(fixed("1.00001"), "1.00001");
    }

    #[test]
    fn spacing_as_the_libraries_write_it() {
        let text = r#"[1,{"a":[],"b":{"c":[2,3]}},{}]"#;
        assert_eq!(written(text, |_| {}), text);
        assert_eq!(
            written(text, |s| s.spacing = Spacing::Wide),
            r#"[1, {"a": [], "b": {"c": [2, 3]}}, {}]"#
        );
        assert_eq!(
            written(text, |s| s.spacing = Spacing::Indent(2)),
            "[\n  1,\n  {\n    \"a\": [],\n    \"b\": {\n      \"c\": [\n        2,\n        3\n      ]\n    }\n  },\n  {}\n]"
        );
        assert_eq!(
            written(text, |s| s.spacing = Spacing::Jackson),
            "[ 1, {\n  \"a\" : [ ],\n  \"b\" : {\n    \"c\" : [ 2, 3 ]\n  }\n}, { } ]"
        );
    }

    #[test]
    fn escapes_as_the_libraries_write_them() {
        let text = r#""中/<é>+'\ud83d\ude00\ud83d""#;
        let with = |escapes| written(text, |s| s.escapes = escapes);
        assert_eq!(with(Escapes::AsIs), text);
        assert_eq!(with(Escapes::Ascii), r#""\u4e2d/<\u00e9>+'\ud83d\ude00\ud83d""#);
        assert_eq!(with(Escapes::Php), r#""\u4e2d\/<\u00e9>+'\ud83d\ude00\ud83d""#);
        assert_eq!(with(Escapes::Html), r#""中/\u003cé\u003e+'😀\ud83d""#);
        assert_eq!(
            with(Escapes::DotNet),
            r#""\u4E2D/\u003C\u00E9\u003E\u002B\u0027\uD83D\uDE00\uD83D""#
        );
    }

    #[test]
    fn order_follows_the_keys_or_the_documentation() {
        let node = parse(br#"[1,{"stock_change_count":1,"zzz":1,"syn_stock":2}]"#).unwrap();
        let method = wdt_proto::catalogue::method("sales.StockSync.syncFail");
        let with = |order| write(&node, Style { order, ..Style::COMPACT }, method);
        assert_eq!(with(Order::Sorted), r#"[1,{"stock_change_count":1,"syn_stock":2,"zzz":1}]"#);
        assert_eq!(
            with(Order::Documented),
            r#"[1,{"syn_stock":2,"stock_change_count":1,"zzz":1}]"#
        );
    }
}
