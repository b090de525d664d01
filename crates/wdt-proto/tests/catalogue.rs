//! The compiled catalogue against its own files, and methods registered at run time.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use wdt_proto::catalogue::{self, Catalogue, Field, Kind, Method};
use wdt_proto::{IssueCode, Level, Limits, Pager, Severity, validate, validate_with};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue")
}

/// An object of a catalogue file, a method or a field, its values as they stand in the text.
struct Node(BTreeMap<String, Box<RawValue>>);

impl Node {
    fn parse(json: &str) -> Self {
        Self(serde_json::from_str(json).unwrap())
    }

    fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let value = self.0.get(key)?;
        Some(serde_json::from_str(value.get()).unwrap_or_else(|e| panic!("{key}: {e}")))
    }

    fn text(&self, key: &str) -> String {
        self.get(key).unwrap_or_default()
    }

    fn texts(&self, key: &str) -> Vec<String> {
        self.get(key).unwrap_or_default()
    }

    fn is(&self, key: &str) -> bool {
        self.get(key).unwrap_or_default()
    }

    fn raw(&self, key: &str) -> Vec<Box<RawValue>> {
        self.get(key).unwrap_or_default()
    }

    fn nodes(&self, key: &str) -> Vec<Self> {
        self.raw(key).iter().map(|raw| Self::parse(raw.get())).collect()
    }

    fn set_nodes(&mut self, key: &str, nodes: &[Self]) {
        let maps: Vec<_> = nodes.iter().map(|node| &node.0).collect();
        self.0.insert(key.into(), serde_json::value::to_raw_value(&maps).unwrap());
    }

    /// Goes down along names and puts the changed nodes back on the way up.
    fn change(&mut self, key: &str, path: &[&str], change: &dyn Fn(&mut Self)) {
        let [name, rest @ ..] = path else { return change(self) };
        let mut children = self.nodes(key);
        let child = children.iter_mut().find(|child| child.text("name") == *name);
        let child = child.unwrap_or_else(|| panic!("no field {name}"));
        match rest {
            [] => change(child),
            rest => child.change("fields", rest, change),
        }
        self.set_nodes(key, &children);
    }

    /// One correction of an overlay, as the catalogue's README explains it.
    fn correct(&mut self, correction: &Self) {
        let path = correction.text("path");
        let steps: Vec<_> = path.split('/').skip(1).collect();
        let (key, names) = steps.split_first().map_or(("params", &[][..]), |(k, n)| (*k, n));
        if let Some(set) = correction.0.get("set") {
            self.change(key, names, &|node| node.0.extend(Self::parse(set.get()).0));
            return;
        }
        let add = || Self::parse(correction.0["add"].get());
        let below = if names.is_empty() { key } else { "fields" };
        self.change(key, names, &|node| {
            let mut children = node.nodes(below);
            children.push(add());
            node.set_nodes(below, &children);
        });
    }
}

struct File {
    name: String,
    text: String,
    corrected: Node,
}

fn files() -> Vec<File> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let file_name = path.file_name().unwrap().to_str().unwrap();
        let Some(name) = file_name.strip_suffix(".json").filter(|name| *name != "exceptions")
        else {
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        let mut corrected = Node::parse(&text);
        assert_eq!(corrected.text("method"), name);
        if let Ok(overlay) = fs::read_to_string(folder().join("overlays").join(file_name)) {
            let overlay = Node::parse(&overlay);
            assert_eq!(overlay.text("method"), name);
            overlay.nodes("corrections").iter().for_each(|entry| corrected.correct(entry));
        }
        files.push(File { name: name.into(), text, corrected });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// The members of an object in the order of the file.
#[derive(Default, Debug, PartialEq)]
struct Codes(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Codes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Codes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("codes")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Codes, A::Error> {
                let mut codes = Codes::default();
                while let Some(pair) = map.next_entry()? {
                    codes.0.push(pair);
                }
                Ok(codes)
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// The kind that a type of the files stands for, and whether it is a list of it.
fn kind_of(text: &str) -> (Kind, bool) {
    if let Some(item) = text.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
        return (kind_of(item).0, true);
    }
    let arguments = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    let kind = match text {
        "string" => Kind::String { max_chars: None },
        "int" => Kind::Int,
        "long" => Kind::Long,
        "short" => Kind::Short,
        "byte" => Kind::Byte,
        "bool" => Kind::Bool,
        "datetime" => Kind::DateTime,
        "object" => Kind::Object,
        "map" => Kind::Map,
        "unknown" => Kind::Unknown,
        _ => match (arguments("string"), arguments("decimal")) {
            (Some(length), _) => Kind::String { max_chars: Some(length.parse().unwrap()) },
            (_, Some(digits)) => {
                let (precision, scale) = digits.split_once(',').unwrap();
                Kind::Decimal {
                    precision: precision.parse().unwrap(),
                    scale: scale.parse().unwrap(),
                }
            }
            _ => panic!("unknown type {text}"),
        },
    };
    (kind, false)
}

/// The layout that the files prescribe: evidence counts only where the type asks for a layout.
/// Seconds since 1970, in replies, have none.
fn format_of(node: &Node) -> Option<String> {
    const KNOWN: [&str; 3] = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"];
    let format = match node.get::<String>("format") {
        Some(format) => format,
        None if node.text("type") != "datetime" => return None,
        None => node.get("observed_format").unwrap_or_else(|| KNOWN[0].into()),
    };
    match format.as_str() {
        "epoch" | "epoch_ms" => None,
        format if KNOWN.contains(&format) => Some(format.into()),
        _ => Some(KNOWN[0].into()),
    }
}

/// Compares fields and all below them; gives their number.
fn assert_same_fields<'c>(
    compiled: impl ExactSizeIterator<Item = Field<'c>>,
    nodes: &[Node],
    at: &str,
) -> usize {
    assert_eq!(compiled.len(), nodes.len(), "{at}");
    let mut count = nodes.len();
    for (field, node) in compiled.zip(nodes) {
        let at = format!("{at}/{}", field.name());
        assert_eq!(field.name(), node.text("name"), "{at}");
        assert_eq!(field.label(), node.text("label"), "{at}");
        assert_eq!((field.kind(), field.is_list()), kind_of(&node.text("type")), "{at}");
        assert_eq!(field.is_required(), node.is("required"), "{at}");
        let is_tolerated = node.is("missing_tolerated") || node.is("null_tolerated");
        assert_eq!(field.may_be_missing(), is_tolerated, "{at}");
        assert_eq!(field.one_of().collect::<Vec<_>>(), node.texts("one_of"), "{at}");
        assert_eq!(field.is_conditional(), node.is("conditional"), "{at}");
        let codes = field.codes().map(|code| (code.value.to_owned(), code.label.to_owned()));
        assert_eq!(Codes(codes.collect()), node.get("enum").unwrap_or_default(), "{at}");
        assert_eq!(field.range(), (node.get("min"), node.get("max")), "{at}");
        assert_eq!(field.max_items(), node.get("max_items"), "{at}");
        assert_eq!(field.separator(), node.get("separator"), "{at}");
        assert_eq!(field.format().map(str::to_owned), format_of(node), "{at}");
        count += assert_same_fields(field.fields(), &node.nodes("fields"), &at);
    }
    count
}

/// Compares everything that both sides tell; gives the number of fields in arguments and reply.
fn assert_same_method(compiled: Method<'_>, file: &Node) -> (usize, usize) {
    let name = compiled.name();
    assert_eq!(name, file.text("method"));
    assert_eq!(compiled.title(), file.text("title"), "{name}");
    assert_eq!(compiled.category(), file.text("category"), "{name}");
    assert_eq!(compiled.since(), file.text("since"), "{name}");
    assert_eq!(compiled.replaced_by(), file.text("replaced_by"), "{name}");
    assert_eq!(compiled.is_documented(), file.is("documented"), "{name}");
    assert_eq!(Some(compiled.writes()), file.get("writes"), "{name}");
    assert_eq!(compiled.is_paged(), file.is("paged"), "{name}");
    assert_eq!(compiled.is_own_platform_only(), file.is("own_platform_only"), "{name}");
    assert_eq!(compiled.is_qimen_only(), file.is("qimen_only"), "{name}");
    assert_eq!(compiled.page_size_max(), file.get("page_size_max"), "{name}");
    assert_eq!(compiled.page_size_advised(), file.get("page_size_advised"), "{name}");
    assert_eq!(compiled.max_batch(), file.get("max_batch"), "{name}");
    assert_same_query(compiled, file);
    let mut spans = file.nodes("max_span_other");
    spans.extend(file.0.get("max_span").map(|span| Node::parse(span.get())));
    let minutes = |span: &Node| {
        24 * 60 * span.get::<u32>("days").unwrap_or(0) + span.get::<u32>("minutes").unwrap_or(0)
    };
    assert_eq!(compiled.max_span_minutes(), spans.iter().map(minutes).max(), "{name}");
    (
        assert_same_fields(compiled.params(), &file.nodes("params"), name),
        assert_same_fields(compiled.response(), &file.nodes("response"), name),
    )
}

/// Compares what both sides tell of a query's rows and span, and of a writing call's failures.
fn assert_same_query(compiled: Method<'_>, file: &Node) {
    let name = compiled.name();
    let part = |key: &str| file.0.get(key).map(|part| Node::parse(part.get()));
    let guess =
        |key: &str| part("guess").and_then(|guess| Some(Node::parse(guess.0.get(key)?.get())));
    assert_eq!(compiled.rows().map(str::to_owned), file.get("rows"), "{name}");
    assert!(compiled.rows().is_none() || compiled.row_field().is_some(), "{name}: no such rows");
    assert!(compiled.row_key().eq(file.texts("row_key")), "{name}");
    let guessed = guess("row_key").map(|guess| guess.texts("value")).unwrap_or_default();
    // An empty name is a row that is a number, which has no fields.
    let guessed = guessed.into_iter().filter(|name| !name.is_empty());
    assert!(compiled.row_key_guess().eq(guessed), "{name}");
    assert!(compiled.excludes().eq(file.texts("excludes")), "{name}");
    assert_eq!(compiled.history_of(), file.text("history_of"), "{name}");
    assert_eq!(compiled.pages_from_back(), file.is("paging_from_back"), "{name}");
    assert_eq!(compiled.has_cursor(), file.is("cursor"), "{name}");
    assert_eq!(compiled.span().is_some(), file.0.contains_key("span"), "{name}");
    if let (Some(span), Some(node)) = (compiled.span(), part("span")) {
        assert_eq!((span.start(), span.end()), (&*node.text("from"), &*node.text("to")), "{name}");
        assert_eq!(span.filters_on(), node.text("filters_on"), "{name}");
        let guessed = guess("span.filters_on").map(|guess| guess.text("value")).unwrap_or_default();
        assert_eq!(span.filters_on_guess(), guessed, "{name}");
        assert_eq!(span.row_field(), node.text("row_field"), "{name}");
        assert_eq!(span.required(), node.text("required"), "{name}");
        assert_eq!(span.precision(), node.text("precision"), "{name}");
        assert!(span.instead().eq(node.texts("instead")), "{name}");
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        let params = node.0.get("modified_params").map(|params| json(params.get()));
        assert_eq!(span.modified_params().map(json), params, "{name}");
    }
    assert_eq!(compiled.failures().is_some(), file.0.contains_key("failures"), "{name}");
    if let (Some(failures), Some(node)) = (compiled.failures(), part("failures")) {
        let found =
            [failures.list(), failures.key(), failures.code(), failures.message(), failures.sent()];
        let due = ["list", "key", "code", "message", "sent"].map(|key| node.text(key));
        assert_eq!(found.map(str::to_owned), due, "{name}");
    }
}

#[test]
fn the_compiled_tables_say_what_the_files_say() {
    let files = files();
    let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
    assert!(catalogue::methods().map(Method::name).eq(names.iter().copied()), "sorted, and all");
    let (mut arguments, mut replies) = (0, 0);
    for (compiled, file) in catalogue::methods().zip(&files) {
        let (a, r) = assert_same_method(compiled, &file.corrected);
        arguments += a;
        replies += r;
    }
    println!(
        "{} methods, {} of them documented; {arguments} fields of arguments, {replies} of replies",
        files.len(),
        catalogue::methods().filter(|method| method.is_documented()).count(),
    );
}

#[test]
fn paging_is_held_against_the_files() {
    let codes = |method: Method<'_>, size: Option<i64>| {
        let pager = size.map(|size| Pager::new(size, 0).unwrap());
        method.paging_issue(pager).map_or("", |issue| issue.code().as_str())
    };
    for (method, file) in catalogue::methods().zip(&files()) {
        let most: Option<i64> = file.corrected.get("page_size_max");
        let due = match (file.corrected.is("documented"), file.corrected.is("paged")) {
            (false, _) => ["", "", ""],
            (true, true) if file.corrected.is("cursor") => ["", "", ""],
            (true, false) => ["", "unknown_field", "unknown_field"],
            (true, true) => ["missing", "", if most.is_some() { "out_of_range" } else { "" }],
        };
        let one_more = most.map_or(i64::from(i32::MAX), |most| most + 1);
        let found = [None, Some(most.unwrap_or(1)), Some(one_more)].map(|size| codes(method, size));
        assert_eq!(found, due, "{}", file.name);
    }
}

#[test]
fn every_method_is_found_by_its_name_and_nothing_else_is() {
    let names: Vec<_> = catalogue::methods().map(Method::name).collect();
    assert!(names.is_sorted() && !names.is_empty());
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    for name in &names {
        assert_eq!(catalogue::method(name).map(Method::name), Some(*name));
        for other in [
            &name[1..],
            &name.to_uppercase(),
            &name.replace('.', ""),
            &format!("{name} "),
            &format!("{name}\0"),
        ] {
            assert!(catalogue::method(other).is_none(), "{other}");
        }
    }
    for other in ["", ".", "sales", "sales.StockSync", "~", "\u{10ffff}"] {
        assert!(catalogue::method(other).is_none(), "{other}");
    }
}

#[derive(Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Exception {
    method: String,
    /// Whether it is one of the page's PHP samples.
    #[serde(default)]
    php: bool,
    example: usize,
    code: String,
    pointer: String,
}

/// A documented example is sent as it stands: its numbers keep their digits.
#[test]
fn documented_examples_have_no_error_that_is_not_an_exception() {
    let exceptions = fs::read_to_string(folder().join("exceptions.json")).unwrap();
    let mut exceptions: Vec<Exception> = serde_json::from_str(&exceptions).unwrap();
    let mut found = Vec::new();
    let (mut checked, mut warned) = (0, 0);
    for file in files() {
        let examples: BTreeMap<String, Vec<Box<RawValue>>> =
            file.corrected.get("examples").unwrap_or_default();
        let of = |kind: &str| examples.get(kind).into_iter().flatten().enumerate();
        let all = of("request").map(|(i, body)| (false, i, body));
        for (php, example, body) in all.chain(of("php").map(|(i, body)| (true, i, body))) {
            let report = validate(&file.name, body.get().as_bytes(), Level::Documented);
            checked += 1;
            warned += usize::from(report.warnings() > 0);
            assert_eq!(report.omitted(), 0);
            for issue in report.issues().iter().filter(|i| i.severity() == Severity::Error) {
                found.push(Exception {
                    method: file.name.clone(),
                    php,
                    example,
                    code: issue.code().as_str().into(),
                    pointer: issue.pointer().into(),
                });
            }
        }
    }
    found.sort();
    exceptions.sort();
    println!("{checked} documented examples, {warned} with warnings, {} exceptions", found.len());
    assert_eq!(found, exceptions);
}

#[test]
fn strict_examples_have_no_issue() {
    let mut checked = 0;
    for file in files() {
        let documented = file.corrected.is("documented");
        let example = file.corrected.0.get("strict_example");
        assert_eq!(example.is_some(), documented, "{}", file.name);
        let Some(example) = example else { continue };
        let report = validate(&file.name, example.get().as_bytes(), Level::Strict);
        // Every call of what only Qimen answers is an issue.
        let due = usize::from(file.corrected.is("qimen_only"));
        assert_eq!(report.issues().len(), due, "{}: {report}", file.name);
        checked += 1;
    }
    println!("{checked} strict examples");
}

#[test]
fn every_file_can_be_registered() {
    let mut catalogue = Catalogue::new();
    let files = files();
    for (i, file) in files.iter().enumerate() {
        catalogue.register(&file.text).unwrap_or_else(|e| panic!("{}: {e}", file.name));
        assert_same_method(catalogue.method(&file.name).unwrap(), &Node::parse(&file.text));
        assert_eq!(catalogue.methods().count(), files.len(), "{i} registered ones hide as many");
    }
}

/// A file with one method, `m`, and these arguments.
fn file(params: &str) -> String {
    format!(r#"{{"method": "m", "title": "t", "documented": true, "params": [{params}]}}"#)
}

fn field(name: &str, type_: &str, rest: &str) -> String {
    format!(r#"{{"name": "{name}", "label": "", "type": "{type_}", "required": false{rest}}}"#)
}

fn refused(json: &str) -> String {
    let mut catalogue = Catalogue::new();
    let error = catalogue.register(json).map(|()| json).unwrap_err();
    assert!(catalogue.method("m").is_none(), "nothing of a bad file is kept: {json}");
    let (english, chinese) = (error.to_string(), error.zh().to_string());
    let is_chinese = |text: &str| text.contains(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    assert!(!is_chinese(&english) && is_chinese(&chinese), "{english}\n{chinese}");
    let figures = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    assert_eq!(figures(&english), figures(&chinese));
    english
}

#[test]
fn bad_files_are_refused_where_they_are_bad() {
    let inner = |type_, rest| {
        field("outer", "object", &format!(", \"fields\": [{}]", field("inner", type_, rest)))
    };
    let deep = |depth| {
        let leaf = field("f1", "int", "");
        (2..=depth).fold(leaf, |below, i| {
            field(&format!("f{i}"), "object", &format!(r#", "fields": [{below}]"#))
        })
    };
    for (params, expected) in [
        (field("a", "text", ""), "params/a: unknown type \"text\""),
        (field("a", "", ""), "params/a: unknown type \"\""),
        (field("a", "string(0)", ""), "params/a: unknown type \"string(0)\""),
        (field("a", "string(-1)", ""), "params/a: unknown type \"string(-1)\""),
        (field("a", "string(4", ""), "params/a: unknown type \"string(4\""),
        (field("a", "int(11)", ""), "params/a: unknown type \"int(11)\""),
        (field("a", "decimal", ""), "params/a: unknown type \"decimal\""),
        (field("a", "decimal(19)", ""), "params/a: unknown type \"decimal(19)\""),
        (field("a", "decimal(999,4)", ""), "params/a: unknown type \"decimal(999,4)\""),
        (field("a", "list<list<int>>", ""), "params/a: unknown type"),
        (field("a", "list<", ""), "params/a: unknown type \"list<\""),
        (
            field("a", "decimal(4,5)", ""),
            "params/a: decimal(4,5): the scale is above the precision",
        ),
        (inner("text", ""), "params/outer/inner: unknown type \"text\""),
        (
            inner("int", r#", "min": 2, "max": 1"#),
            "params/outer/inner: min 2 is greater than max 1",
        ),
        (
            inner("datetime", r#", "span_to": "end""#),
            "params/outer/inner: span_to: no field \"end\" beside this one",
        ),
        (inner("datetime", r#", "format": "dd.MM.yyyy""#), "params/outer/inner: unknown format"),
        (
            inner("int", r#", "format": "yyyy-MM-dd""#),
            "params/outer/inner: type int cannot have a format",
        ),
        (
            inner("datetime", r#", "span_to": "inner""#),
            "params/outer/inner: span_to names the field itself",
        ),
        (field("", "int", ""), "params: a field without a name"),
        (
            inner(
                "int",
                r#", "fields": [{"name": "x", "label": "", "type": "int", "required": true}]"#,
            ),
            "params/outer/inner: type int cannot have fields",
        ),
        ([field("a", "int", ""), field("a", "long", "")].join(","), "params/a: duplicate field"),
        (
            deep(17),
            "params/f17/f16/f15/f14/f13/f12/f11/f10/f9/f8/f7/f6/f5/f4/f3/f2: fields nest deeper than 16",
        ),
        (field("a", "int", r#", "colour": 1"#), "unknown field `colour`"),
        (field("a", "int", r#", "required": true"#), "duplicate field `required`"),
        (field("a", "int", r#", "max_items": -1"#), "-1"),
        (r#"{"name": "a"}"#.into(), "missing field `label`"),
    ] {
        let error = refused(&file(&params));
        assert!(error.contains(expected), "{params}\n{error}");
    }
    assert!(Catalogue::new().register(&file(&deep(16))).is_ok());

    for (json, expected) in [
        ("", "not a method's file"),
        ("x", "not a method's file"),
        ("[1, 2]", "not a method's file"),
        (r#"{"method": "m"}"#, "missing field `title`"),
        (r#"{"method": "", "title": "t", "documented": true}"#, "method: must not be empty"),
        (r#"{"method": "m", "title": "t", "documented": true} x"#, "trailing characters"),
        (r#"{"method": "m", "title": "t", "documented": true, "Params": []}"#, "`Params`"),
        (&file("").replace("params", "response").replace("[]", "[{}]"), "missing field `name`"),
    ] {
        let error = refused(json);
        assert!(error.contains(expected), "{json}\n{error}");
    }
    // Text that nests without an end is stopped before the stack is.
    let endless =
        format!("{}{}", file("").trim_end_matches("]}"), r#"{"fields":["#.repeat(100_000));
    assert!(refused(&endless).contains("recursion limit"));
}

#[test]
fn a_registered_method_hides_the_built_in_one_and_the_latest_wins() {
    const NAME: &str = "sales.StockSync.cancelSync";
    let registered = |type_| file(&field("no", type_, "")).replace("\"m\"", &format!("{NAME:?}"));
    let check = |catalogue: &Catalogue, body: &str| -> Vec<(String, IssueCode)> {
        let report =
            validate_with(catalogue, NAME, body.as_bytes(), Level::Strict, Limits::DEFAULT);
        report.issues().iter().map(|i| (i.pointer().to_owned(), i.code())).collect()
    };
    let mut catalogue = Catalogue::new();
    let builtin = catalogue.methods().count();
    assert_eq!(check(&catalogue, "[178238,-1]"), []);

    catalogue.register(&registered("string(3)")).unwrap();
    assert_eq!(catalogue.method(NAME).unwrap().params().len(), 1);
    assert_eq!(check(&catalogue, r#"["abc"]"#), []);
    assert_eq!(check(&catalogue, r#"["abcd"]"#), [("/0".into(), IssueCode::TooLong)]);
    assert_eq!(check(&catalogue, r#"["a",-1]"#), [(String::new(), IssueCode::ArgumentCount)]);

    catalogue.register(&registered("short")).unwrap();
    assert_eq!(check(&catalogue, "[32768]"), [("/0".into(), IssueCode::OutOfRange)]);

    // A file that is refused leaves the method as it was.
    assert!(catalogue.register(&registered("text")).is_err());
    assert_eq!(catalogue.method(NAME).unwrap().params().next().unwrap().kind(), Kind::Short);

    catalogue.register(&file("")).unwrap();
    assert_eq!(catalogue.methods().count(), builtin + 1);
    assert_eq!(catalogue.methods().filter(|method| method.name() == NAME).count(), 1);
    assert!(catalogue.method("sales.StockSync.syncFail").is_some());

    // The built-in catalogue is nobody's to change.
    assert_eq!(catalogue::method(NAME).unwrap().params().len(), 2);
    assert_eq!(check(&Catalogue::new(), "[178238,-1]"), []);
}

/// A registered method is checked as a built-in one is, down to its nested fields.
#[test]
fn a_registered_method_is_checked_by_all_its_rules() {
    let params = [
        field(
            "no",
            "string(4)",
            r#", "enum": {"10": "取消", "20": "完成"}, "separator": ",", "max_items": 2"#,
        ),
        field(
            "rows",
            "list<object>",
            &format!(
                r#", "max_items": 2, "fields": [{}, {}]"#,
                field("num", "decimal(5,2)", ""),
                field("level", "int", r#", "min": 1, "max": 9"#)
            ),
        ),
    ]
    .join(",");
    let mut catalogue = Catalogue::new();
    catalogue.register(&file(&params)).unwrap();
    for (body, expected) in [
        (r#"["10"]"#, &[][..]),
        (r#"["11"]"#, &[("/0", "enum")]),
        // The length is that of each value.
        (r#"["1,2,3"]"#, &[("/0", "batch"), ("/0", "enum")]),
        (r#"["10,20000"]"#, &[("/0", "too_long"), ("/0", "enum")]),
        (r#"[null,[{"num":999.99,"level":9},{}]]"#, &[]),
        (
            r#"[null,[{"num":1000,"level":0}]]"#,
            &[("/1/0/num", "out_of_range"), ("/1/0/level", "out_of_range")],
        ),
        (
            r#"[null,[{"num":0.001},{},{"lvel":1}]]"#,
            &[("/1/0/num", "scale"), ("/1/2/lvel", "unknown_field"), ("/1", "batch")],
        ),
    ] {
        let report =
            validate_with(&catalogue, "m", body.as_bytes(), Level::Strict, Limits::DEFAULT);
        let found: Vec<_> =
            report.issues().iter().map(|i| (i.pointer(), i.code().as_str())).collect();
        assert_eq!(found, expected, "{body}\n{report}");
    }
}

#[test]
fn a_span_too_long_to_count_is_no_panic() {
    let json = file("")
        .replace("\"params\"", r#""max_span": {"days": 4294967295, "minutes": 1}, "params""#);
    let mut catalogue = Catalogue::new();
    catalogue.register(&json).unwrap();
    assert_eq!(catalogue.method("m").unwrap().max_span_minutes(), Some(u32::MAX));
}
