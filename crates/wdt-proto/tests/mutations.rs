//! A valid body of a random method has no issue; one change of it has exactly the issue that the
//! change makes, at its place.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use proptest::prelude::*;
use wdt_proto::catalogue::{self, Field, Kind, Method};
use wdt_proto::{IssueCode, Level, Severity, validate};

/// JSON whose scalars are text, so that every way to write one can be made.
#[derive(Debug, Clone)]
enum Json {
    Scalar(String),
    Array(Vec<Json>),
    /// Keys as they stand in the text, quotes and escapes included.
    Object(Vec<(String, Json)>),
}

impl Json {
    fn string(text: &str) -> Self {
        Self::Scalar(quote(text))
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Scalar(text) => out.push_str(text),
            Self::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (i, (key, value)) in members.iter().enumerate() {
                    write!(out, "{}{key}:", if i > 0 { ", " } else { "" }).unwrap();
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn items(&mut self) -> &mut Vec<Json> {
        let Self::Array(items) = self else { panic!("no list: {self:?}") };
        items
    }

    fn members(&mut self) -> &mut Vec<(String, Json)> {
        let Self::Object(members) = self else { panic!("no object: {self:?}") };
        members
    }

    /// What lies at a pointer; the catalogue's names have nothing to unescape.
    fn at(&mut self, pointer: &str) -> &mut Json {
        pointer.split('/').skip(1).fold(self, |here, step| match here {
            Self::Array(items) => &mut items[step.parse::<usize>().unwrap()],
            Self::Object(members) => {
                &mut members.iter_mut().find(|(key, _)| *key == quote(step)).unwrap().1
            }
            Self::Scalar(_) => panic!("nothing at {pointer}"),
        })
    }
}

fn quote(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Decisions drawn from a list of numbers, 0 when they run out: proptest shrinks towards few and
/// small ones, so the first alternative is always the simplest.
struct Choices {
    numbers: std::vec::IntoIter<u32>,
}

impl Choices {
    fn below(&mut self, n: usize) -> usize {
        self.numbers.next().unwrap_or(0) as usize % n
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    fn of<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }

    /// Text of so many characters of the Basic Multilingual Plane, of one to three bytes each.
    fn text(&mut self, chars: usize) -> String {
        const CHARS: [char; 14] = [
            'a', '库', 'é', '0', ' ', '"', '\\', '\n', '/', '\u{1}', '~', '\u{fffd}', '\u{ffff}',
            'ß',
        ];
        let mut next = || CHARS[self.below(CHARS.len())];
        // Decisions run out in long ones; the beginning is repeated instead.
        let start: Vec<_> = (0..chars.min(16)).map(|_| next()).collect();
        start.iter().cycle().take(chars).collect()
    }

    fn digits(&mut self, len: usize) -> String {
        (0..len).map(|i| char::from(b'0' + self.digit(i == 0))).collect()
    }

    fn digit(&mut self, not_zero: bool) -> u8 {
        let digit = if not_zero { 1 + self.below(9) } else { self.below(10) };
        u8::try_from(digit).unwrap()
    }
}

fn choices() -> impl Strategy<Value = Choices> {
    // `Choices` shows its numbers only where a test fails.
    prop::collection::vec(any::<u32>(), 16..256)
        .prop_map(|numbers| Choices { numbers: numbers.into_iter() })
}

impl std::fmt::Debug for Choices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.numbers.as_slice()).finish()
    }
}

/// A field of some method's arguments and the way to it: the argument's index, then the place of
/// a field in each object.
#[derive(Clone)]
struct Target {
    method: Method<'static>,
    way: Vec<usize>,
    field: Field<'static>,
}

impl Target {
    /// Whether another field may stand in for it.
    fn is_in_group(&self) -> bool {
        let mut fields: Vec<_> = self.method.params().collect();
        let mut parent = None;
        for place in &self.way[..self.way.len() - 1] {
            let field = fields[*place];
            fields = field.fields().collect();
            parent = Some(field);
        }
        let groups = parent.into_iter().flat_map(Field::one_of);
        groups.flat_map(|group| group.split('+')).any(|name| name == self.field.name())
    }
}

/// The documented methods, but for those whose every call is an issue.
fn documented() -> impl Iterator<Item = Method<'static>> {
    catalogue::methods().filter(|method| method.is_documented() && !method.is_qimen_only())
}

/// Every field of the arguments of every documented method.
static FIELDS: LazyLock<Vec<Target>> = LazyLock::new(|| {
    fn collect(
        method: Method<'static>,
        fields: impl Iterator<Item = Field<'static>>,
        way: &[usize],
        into: &mut Vec<Target>,
    ) {
        for (place, field) in fields.enumerate() {
            let way = [way, &[place]].concat();
            into.push(Target { method, way: way.clone(), field });
            collect(method, field.fields(), &way, into);
        }
    }
    let mut all = Vec::new();
    for method in documented() {
        collect(method, method.params(), &[], &mut all);
    }
    all
});

fn bits(kind: Kind) -> Option<u32> {
    match kind {
        Kind::Byte => Some(8),
        Kind::Short => Some(16),
        Kind::Int => Some(32),
        Kind::Long => Some(64),
        _ => None,
    }
}

fn is_number(field: Field<'_>) -> bool {
    !field.is_list() && (bits(field.kind()).is_some() || is_decimal(field))
}

fn is_decimal(field: Field<'_>) -> bool {
    !field.is_list() && matches!(field.kind(), Kind::Decimal { .. })
}

fn is_object(field: Field<'_>) -> bool {
    field.kind() == Kind::Object && field.fields().len() > 0
}

/// A string that nothing but a length limits.
fn is_plain_text(field: Field<'_>) -> bool {
    !field.is_list()
        && matches!(field.kind(), Kind::String { .. })
        && field.codes().len() == 0
        && field.separator().is_none()
        && field.format().is_none()
        && !field.is_in_span()
}

fn max_chars(field: Field<'_>) -> Option<usize> {
    match field.kind() {
        Kind::String { max_chars } => max_chars.map(|max| max as usize),
        _ => None,
    }
}

fn is_free(field: Field<'_>) -> bool {
    field.codes().len() == 0 && field.range() == (None, None)
}

/// Makes valid bodies.
struct Generator {
    choices: Choices,
    /// All date-times of a body are this midnight, so that no span is too long or ends too early.
    date: String,
    /// Where the field that had to be there was put.
    target: Option<String>,
}

impl Generator {
    fn new(mut choices: Choices) -> Self {
        let (year, month, day) =
            (2012 + choices.below(80), 1 + choices.below(12), 1 + choices.below(28));
        Self { choices, date: format!("{year}-{month:02}-{day:02}"), target: None }
    }

    /// The arguments, with a value (and not a null) on the way to the target.
    fn body(&mut self, method: Method<'static>, way: Option<&[usize]>) -> Json {
        let mut arguments = Vec::new();
        let last_due = method.params().enumerate().filter(|(_, field)| field.is_required()).last();
        let mut len = last_due.map_or(0, |(place, _)| place + 1);
        len += self.choices.below(method.params().len() - len + 1);
        len = len.max(way.map_or(0, |way| way[0] + 1));
        for (place, field) in method.params().enumerate().take(len) {
            let way = way.filter(|way| way[0] == place).map(|way| &way[1..]);
            if way.is_none() && !field.is_required() && self.choices.one_in(2) {
                arguments.push(Json::Scalar("null".into()));
            } else {
                arguments.push(self.value(field, &format!("/{place}"), way));
            }
        }
        Json::Array(arguments)
    }

    /// `way` leads on to the target; an empty one has arrived.
    fn value(&mut self, field: Field<'static>, at: &str, way: Option<&[usize]>) -> Json {
        if way.is_some_and(<[usize]>::is_empty) {
            self.target = Some(at.into());
        }
        if !field.is_list() {
            return self.single(field, at, way);
        }
        let below = way.filter(|way| !way.is_empty());
        let least = usize::from(way.is_some());
        let most = field.max_items().map_or(3, |max| (max as usize).min(3)).max(least);
        let len = least + self.choices.below(most - least + 1);
        let chosen = self.choices.below(len.max(1));
        let item = |i| self.single(field, &format!("{at}/{i}"), below.filter(|_| i == chosen));
        Json::Array((0..len).map(item).collect())
    }

    fn single(&mut self, field: Field<'static>, at: &str, way: Option<&[usize]>) -> Json {
        match field.kind() {
            Kind::Object => self.object(field, at, way),
            Kind::DateTime => self.date_time(field),
            Kind::String { .. } if field.format().is_some() || field.is_in_span() => {
                self.date_time(field)
            }
            Kind::String { .. } => self.string(field),
            Kind::Bool => self.boolean(field),
            Kind::Decimal { precision, scale } => self.decimal(precision.into(), scale.into()),
            kind => match bits(kind) {
                Some(bits) => self.integer(field, bits),
                None => self.anything(2),
            },
        }
    }

    fn object(&mut self, field: Field<'static>, at: &str, way: Option<&[usize]>) -> Json {
        let mut members = Vec::new();
        for (place, child) in field.fields().enumerate() {
            let way = way.filter(|way| way.first() == Some(&place)).map(|way| &way[1..]);
            if way.is_none() && !child.is_required() {
                match self.choices.below(8) {
                    0..=5 => continue,
                    6 => {
                        members.push((quote(child.name()), Json::Scalar("null".into())));
                        continue;
                    }
                    _ => {}
                }
            }
            let value = self.value(child, &format!("{at}/{}", child.name()), way);
            members.push((quote(child.name()), value));
        }
        if members.len() > 1 {
            let by = self.choices.below(members.len());
            members.rotate_left(by);
        }
        Json::Object(members)
    }

    fn date_time(&mut self, field: Field<'_>) -> Json {
        let time = match field.format() {
            // Of a plain text that begins or ends a span any readable layout will do.
            Some("yyyy-MM-dd HH:mm:ss") | None => " 00:00:00",
            Some("yyyy-MM-dd HH:mm") => " 00:00",
            Some("yyyy-MM-dd") => "",
            other => panic!("a layout that is new: {other:?}"),
        };
        Json::string(&format!("{}{time}", self.date))
    }

    fn string(&mut self, field: Field<'static>) -> Json {
        let max = max_chars(field);
        let fits = |text: &str| max.is_none_or(|max| text.chars().count() <= max);
        // A list's codes say nothing about its elements.
        let codes: Vec<_> = field.codes().map(|code| code.value).filter(|c| fits(c)).collect();
        if codes.is_empty() || field.is_list() {
            let max = max.unwrap_or(40).min(200);
            let len = if self.choices.one_in(4) { max } else { self.choices.below(max + 1) };
            let text = self.choices.text(len);
            return Json::string(&text);
        }
        let mut text = self.choices.of(&codes).to_owned();
        let Some(separator) = field.separator() else { return Json::string(&text) };
        for _ in 1..field.max_items().unwrap_or(3).min(3) {
            let longer = format!("{text}{separator}{}", self.choices.of(&codes));
            if self.choices.one_in(2) && fits(&longer) {
                text = longer;
            }
        }
        Json::string(&text)
    }

    fn boolean(&mut self, field: Field<'_>) -> Json {
        let documented = |names: [&str; 2]| {
            field.codes().len() == 0 || field.codes().any(|code| names.contains(&code.value))
        };
        let all: Vec<_> = [("true", "1"), ("false", "0")]
            .into_iter()
            .filter(|(word, digit)| documented([word, digit]))
            .map(|(word, _)| word)
            .collect();
        Json::Scalar(self.choices.of(&all).into())
    }

    fn decimal(&mut self, precision: usize, scale: usize) -> Json {
        let whole = match self.choices.below(precision - scale + 1) {
            0 => "0".into(),
            len => self.choices.digits(len),
        };
        let mut text = if self.choices.one_in(3) { format!("-{whole}") } else { whole };
        if scale > 0 && self.choices.one_in(2) {
            let len = 1 + self.choices.below(scale);
            write!(text, ".{}", self.choices.digits(len)).unwrap();
            // Zeros past the scale carry no value.
            text.push_str(self.choices.of(&["", "0", "00000000000000000000000000000000"]));
        }
        Json::Scalar(text)
    }

    fn integer(&mut self, field: Field<'static>, bits: u32) -> Json {
        let (least, most) = range(bits);
        let allowed = field.range();
        let least = allowed.0.map_or(least, |min| least.max(min.into()));
        let most = allowed.1.map_or(most, |max| most.min(max.into()));
        let codes: Vec<i128> = field
            .codes()
            .filter_map(|code| code.value.parse().ok())
            .filter(|code| (least..=most).contains(code))
            .collect();
        assert!(field.codes().len() == 0 || !codes.is_empty(), "{field:?} has no code that fits");
        let value = if codes.is_empty() {
            let anywhere = i128::try_from(self.choices.below(1 << 31)).unwrap() - (1 << 30);
            let all = [1_i128, 0, -1, least, most, anywhere];
            all[self.choices.below(all.len())].clamp(least, most)
        } else {
            codes[self.choices.below(codes.len())]
        };
        Json::Scalar(value.to_string())
    }

    /// A value for a place that nobody documents.
    fn anything(&mut self, depth: usize) -> Json {
        match self.choices.below(if depth > 0 { 7 } else { 5 }) {
            0 => Json::Scalar("null".into()),
            1 => Json::Scalar("true".into()),
            2 => Json::Scalar("-1.5e400".into()),
            3 | 4 => Json::string(&self.choices.text(5)),
            5 => Json::Array(vec![self.anything(depth - 1), self.anything(depth - 1)]),
            _ => Json::Object(vec![(quote(&self.choices.text(3)), self.anything(depth - 1))]),
        }
    }
}

/// The least and the largest integer of so many bits.
fn range(bits: u32) -> (i128, i128) {
    (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
}

/// Found issues: code, pointer, severity.
fn issues(method: &str, body: &str, level: Level) -> Vec<(IssueCode, String, Severity)> {
    let report = validate(method, body.as_bytes(), level);
    assert_eq!(report.omitted(), 0);
    report.issues().iter().map(|i| (i.code(), i.pointer().to_owned(), i.severity())).collect()
}

/// Makes a valid body that has a field which is `eligible`, lets `change` change it there, and
/// expects the issue that `change` names, at the pointer that it gives.
fn check(
    choices: Choices,
    eligible: impl Fn(&Target) -> bool,
    change: impl FnOnce(&mut Json, &str, &Target, &mut Generator) -> (IssueCode, String),
) {
    let mut generator = Generator::new(choices);
    let targets: Vec<_> = FIELDS.iter().filter(|target| eligible(target)).collect();
    assert!(!targets.is_empty(), "no method has such a field");
    let target = targets[generator.choices.below(targets.len())];
    let name = target.method.name();
    let mut body = generator.body(target.method, Some(&target.way));
    let valid = body.to_text();
    assert_eq!(issues(name, &valid, Level::Strict), [], "{name} {valid}");

    let at = generator.target.clone().unwrap();
    let (code, pointer) = change(&mut body, &at, target, &mut generator);
    let text = body.to_text();
    let found = issues(name, &text, Level::Strict);
    assert_eq!(found, [(code, pointer.clone(), Severity::Error)], "{name} {text}");

    // At the default level it is the same issue, perhaps a warning.
    let severity = match code {
        IssueCode::Missing if target.field.may_be_missing() => Severity::Warning,
        IssueCode::CoercibleType | IssueCode::UnknownField | IssueCode::Enum => Severity::Warning,
        // Only the files say which of these are tolerated.
        IssueCode::Null | IssueCode::Batch | IssueCode::TooLong => {
            issues(name, &text, Level::Documented)[0].2
        }
        _ => Severity::Error,
    };
    assert_eq!(
        issues(name, &text, Level::Documented),
        [(code, pointer, severity)],
        "{name} {text}"
    );
    assert_eq!(issues(name, &text, Level::Off), []);
}

/// The same for a change that replaces the field's value.
fn replace(
    choices: Choices,
    code: IssueCode,
    eligible: impl Fn(Field<'static>) -> bool,
    make: impl FnOnce(Field<'static>, &mut Generator, &str) -> Json,
) {
    check(
        choices,
        |target| eligible(target.field),
        |body, at, target, generator| {
            let place = body.at(at);
            *place = make(target.field, generator, &place.to_text());
            (code, at.to_owned())
        },
    );
}

/// No seeds are kept: a change of the catalogue makes another body of the same one.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// The object in which the target stands.
fn parent(at: &str) -> &str {
    at.rsplit_once('/').unwrap().0
}

fn scalar(text: &str) -> Json {
    Json::Scalar(text.into())
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn valid_bodies_have_no_issue(choices in choices()) {
        let mut generator = Generator::new(choices);
        let all: Vec<_> = documented().collect();
        let method = all[generator.choices.below(all.len())];
        let body = generator.body(method, None).to_text();
        let found = issues(method.name(), &body, Level::Strict);
        prop_assert!(found.is_empty(), "{} {}: {:?}", method.name(), body, found);
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn a_required_field_is_missing(choices in choices()) {
        let eligible = |target: &Target| {
            target.field.is_required() && target.way.len() > 1 && !target.is_in_group()
        };
        check(choices, eligible, |body, at, target, _| {
            body.at(parent(at)).members().retain(|(key, _)| *key != quote(target.field.name()));
            (IssueCode::Missing, at.into())
        });
    }

    #[test]
    fn the_last_required_argument_is_missing(choices in choices()) {
        let eligible = |target: &Target| {
            let mut behind = target.method.params().skip(target.way[0]);
            target.way.len() == 1
                && behind.next().is_some_and(Field::is_required)
                && !behind.any(Field::is_required)
        };
        check(choices, eligible, |body, at, target, _| {
            body.items().truncate(target.way[0]);
            (IssueCode::Missing, at.into())
        });
    }

    #[test]
    fn a_required_field_is_null(choices in choices()) {
        let eligible = |target: &Target| target.field.is_required() && !target.is_in_group();
        check(choices, eligible, |body, at, _, _| {
            *body.at(at) = scalar("null");
            (IssueCode::Null, at.into())
        });
    }

    #[test]
    fn a_text_has_a_character_too_many(choices in choices()) {
        let eligible = |field| is_plain_text(field) && max_chars(field).is_some();
        replace(choices, IssueCode::TooLong, eligible, |field, generator, _| {
            let text = generator.choices.text(max_chars(field).unwrap() + 1);
            if generator.choices.one_in(2) {
                return Json::string(&text);
            }
            let mut escaped = String::new();
            text.chars().for_each(|c| write!(escaped, "\\u{:04x}", u32::from(c)).unwrap());
            Json::Scalar(format!("\"{escaped}\""))
        });
    }

    #[test]
    fn a_text_as_long_as_allowed_fits_however_it_is_written(choices in choices()) {
        let mut generator = Generator::new(choices);
        let eligible = |target: &&Target| is_plain_text(target.field) && max_chars(target.field).is_some();
        let targets: Vec<_> = FIELDS.iter().filter(eligible).collect();
        let target = targets[generator.choices.below(targets.len())];
        let mut body = generator.body(target.method, Some(&target.way));
        let escaped = "\\u5e93".repeat(max_chars(target.field).unwrap());
        *body.at(&generator.target.unwrap()) = Json::Scalar(format!("\"{escaped}\""));
        let found = issues(target.method.name(), &body.to_text(), Level::Strict);
        prop_assert!(found.is_empty(), "{} {:?}: {:?}", target.method.name(), target.field, found);
    }

    #[test]
    fn a_decimal_has_a_fractional_digit_too_many(choices in choices()) {
        replace(choices, IssueCode::Scale, is_decimal, |field, generator, _| {
            let Kind::Decimal { precision, scale } = field.kind() else { unreachable!() };
            let len = 1 + generator.choices.below((precision - scale).into());
            let whole = generator.choices.digits(len);
            let fraction = generator.choices.digits(scale.into());
            let last = generator.choices.digit(true);
            let mut text = format!("{whole}.{fraction}{last}");
            if generator.choices.one_in(4) {
                text = format!("-{whole}{fraction}{last}0E-{}", scale + 2);
            }
            scalar(&text)
        });
    }

    #[test]
    fn a_decimal_has_an_integer_digit_too_many(choices in choices()) {
        replace(choices, IssueCode::OutOfRange, is_decimal, |field, generator, _| {
            let Kind::Decimal { precision, scale } = field.kind() else { unreachable!() };
            let len = usize::from(precision - scale) + 1;
            let minus = generator.choices.of(&["", "-"]);
            let behind = generator.choices.of(&["", ".0", ".5", "e0", "e30"]);
            scalar(&format!("{minus}{}{behind}", generator.choices.digits(len)))
        });
    }

    #[test]
    fn an_integer_is_just_past_its_range(choices in choices()) {
        let eligible = |field: Field<'_>| is_number(field) && !is_decimal(field);
        replace(choices, IssueCode::OutOfRange, eligible, |field, generator, _| {
            let (mut least, mut most) = range(bits(field.kind()).unwrap());
            if let (Some(min), Some(max)) = field.range() {
                (least, most) = (min.into(), max.into());
            }
            let value = if generator.choices.one_in(2) { least - 1 } else { most + 1 };
            scalar(&value.to_string())
        });
    }

    #[test]
    fn a_container_stands_where_a_scalar_is_due(choices in choices()) {
        let eligible = |field: Field<'_>| !field.is_list() && !is_object(field) && field.kind() != Kind::Unknown && field.kind() != Kind::Map;
        replace(choices, IssueCode::Type, eligible, |_, generator, value| {
            scalar(&match generator.choices.below(4) {
                0 => "[]".into(),
                1 => "{}".into(),
                2 => format!("[{value}]"),
                _ => format!(r#"{{"a":[{{}},{value}]}}"#),
            })
        });
    }

    #[test]
    fn something_else_stands_where_a_container_is_due(choices in choices()) {
        let eligible = |field: Field<'_>| field.is_list() || is_object(field);
        replace(choices, IssueCode::Type, eligible, |field, generator, value| {
            let other = if field.is_list() { "{\"a\":1}".into() } else { format!("[{value}]") };
            scalar(generator.choices.of(&["1", "\"\"", "true", "false", "\"[]\"", &other]))
        });
    }

    #[test]
    fn a_list_has_an_element_of_another_type(choices in choices()) {
        check(choices, |target| target.field.is_list(), |body, at, target, generator| {
            let items = body.at(at).items();
            let index = generator.choices.below(items.len());
            let (code, value) = match target.field.kind() {
                Kind::String { .. } if generator.choices.one_in(2) => (IssueCode::CoercibleType, "1"),
                Kind::Int | Kind::Long if generator.choices.one_in(2) => (IssueCode::CoercibleType, "\"1\""),
                Kind::Object => (IssueCode::Type, generator.choices.of(&["null", "1", "\"\"", "[]"])),
                _ => (IssueCode::Type, generator.choices.of(&["null", "[]", "{}"])),
            };
            items[index] = scalar(value);
            (code, format!("{at}/{index}"))
        });
    }

    #[test]
    fn a_scalar_has_a_value_that_no_type_takes(choices in choices()) {
        let eligible = |field: Field<'_>| {
            is_plain_text(field) || is_number(field) || (!field.is_list() && field.kind() == Kind::Bool)
        };
        replace(choices, IssueCode::Type, eligible, |field, generator, _| {
            scalar(generator.choices.of(match field.kind() {
                Kind::String { .. } => &["true", "false"][..],
                Kind::Bool => &["\"yes\"", "2", "-1", "1.0", "\"TRUE\"", "\"1 \""][..],
                Kind::Decimal { .. } => &["true", "false", "\"1,5\"", "\"abc\"", "\"+1\"", "\"0x1\"", "\" 1\"", "\"１\"", "\".5\"", "\"NaN\""],
                _ => &["1.5", "1e-1", "-0.00001", "\"1.5\"", "\"abc\"", "\"+1\"", "\"1 \"", "\"01\""],
            }))
        });
    }

    #[test]
    fn a_type_is_one_that_the_platform_takes(choices in choices()) {
        let eligible = |field: Field<'_>| {
            is_plain_text(field) || is_number(field) || (!field.is_list() && field.kind() == Kind::Bool)
        };
        replace(choices, IssueCode::CoercibleType, eligible, |field, generator, value| {
            let quoted = quote(value);
            scalar(match field.kind() {
                Kind::String { .. } => generator.choices.of(&["1", "-1.50", "1e999"]),
                Kind::Bool => match (generator.choices.below(3), value) {
                    (0, "true") => "1",
                    (0, _) => "0",
                    (1, "true") => "\"1\"",
                    (1, _) => "\"0\"",
                    _ => &quoted,
                },
                Kind::Decimal { .. } => &quoted,
                _ if is_free(field) => generator.choices.of(&[&quoted, "true", "1.0", "1e2", "-10E-1", "\"1.00\""]),
                _ => &quoted,
            })
        });
    }

    #[test]
    fn a_field_is_unknown(choices in choices()) {
        check(choices, |target| is_object(target.field), |body, at, target, generator| {
            let key = match generator.choices.below(4) {
                0 => "no_such_field_here".into(),
                1 => format!("{}_", target.field.fields().next().unwrap().name()),
                2 => target.field.fields().next().unwrap().name().to_uppercase() + "X",
                _ => generator.choices.text(6) + "#",
            };
            let pointer_key = key.replace('~', "~0").replace('/', "~1");
            let value = generator.anything(3);
            let (object, at) = if target.field.is_list() {
                (&mut body.at(at).items()[0], format!("{at}/0"))
            } else {
                (body.at(at), at.to_owned())
            };
            let members = object.members();
            members.insert(generator.choices.below(members.len() + 1), (quote(&key), value));
            (IssueCode::UnknownField, format!("{at}/{pointer_key}"))
        });
    }

    #[test]
    fn a_field_stands_twice(choices in choices()) {
        check(choices, |target| target.way.len() > 1, |body, at, target, generator| {
            let members = body.at(parent(at)).members();
            let place = members.iter().position(|(key, _)| *key == quote(target.field.name())).unwrap();
            let (mut key, value) = members[place].clone();
            if generator.choices.one_in(2) {
                // The same key, another spelling of it.
                let first = u32::from(target.field.name().chars().next().unwrap());
                key = format!("\"\\u{first:04x}{}", &key[2..]);
            }
            members.insert(generator.choices.below(members.len() + 1), (key, value));
            (IssueCode::DuplicateField, at.into())
        });
    }

    #[test]
    fn a_text_has_a_character_that_the_database_refuses(choices in choices()) {
        let eligible = |field: Field<'_>| is_plain_text(field) && max_chars(field) != Some(0);
        replace(choices, IssueCode::UnsupportedCharacter, eligible, |field, generator, _| {
            let room = max_chars(field).unwrap_or(20).min(20) - 1;
            let (before, behind) = (generator.choices.below(room + 1), generator.choices.below(room + 1));
            let before = quote(&generator.choices.text(before));
            let behind = quote(&generator.choices.text(behind.min(room - chars_of(&before))));
            let character = generator.choices.of(&["😀", "\u{10000}", "\u{10ffff}", "𠮷", "\\ud83d\\ude00", "\\uD83D", "\\ude00"]);
            // A half that stands before another half would make a pair with it; neither text does.
            scalar(&format!("{}{character}{}", &before[..before.len() - 1], &behind[1..]))
        });
    }

    #[test]
    fn a_date_does_not_exist(choices in choices()) {
        let eligible = |field: Field<'_>| !field.is_list() && field.format().is_some();
        replace(choices, IssueCode::Format, eligible, |field, generator, value| {
            const DATES: [&str; 9] = ["2023-06-31", "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-10",
                "2026-01-00", "20260101", "2026/01/01", "2026-01-32"];
            let value = value.trim_matches('"');
            let other = match generator.choices.below(3) {
                0 => format!("{}{}", generator.choices.of(&DATES), &value[10..]),
                1 => [value, "0"].concat(),
                _ if field.format() == Some("yyyy-MM-dd") => value.replace('-', "\u{2010}"),
                _ => value.replace(" 00", generator.choices.of(&[" 24", "T00", " -1", "  00"])),
            };
            Json::string(&other)
        });
    }

    #[test]
    fn there_is_an_argument_too_many(choices in choices()) {
        check(choices, |target| target.way.len() == 1, |body, _, target, generator| {
            let due = target.method.params().len();
            let more = generator.anything(2);
            let items = body.items();
            items.resize(due, scalar("null"));
            items.push(more);
            (IssueCode::ArgumentCount, String::new())
        });
    }

    #[test]
    fn there_is_a_row_too_many(choices in choices()) {
        let eligible = |field: Field<'_>| field.max_items().is_some();
        replace(choices, IssueCode::Batch, eligible, |field, generator, value| {
            let count = field.max_items().unwrap() as usize + 1;
            match field.separator() {
                None => {
                    // As valid as the first one is.
                    let first = generator.single(field, "", None);
                    Json::Array(vec![first; count])
                }
                Some(separator) => {
                    let code = field.codes().next().map_or("1", |code| code.value);
                    let joined = vec![code; count].join(&separator.to_string());
                    assert!(max_chars(field).is_none_or(|max| joined.len() <= max), "{value}");
                    Json::string(&joined)
                }
            }
        });
    }

    #[test]
    fn a_code_is_not_documented(choices in choices()) {
        let eligible = |field: Field<'_>| {
            field.codes().len() > 0 && !field.is_list() && field.separator().is_none() && field.kind() != Kind::Bool
        };
        replace(choices, IssueCode::Enum, eligible, |field, generator, _| {
            let Some(bits) = bits(field.kind()) else {
                let all = ["#", "9", "z", "库", "\u{ffff}"].map(String::from);
                let unknown: Vec<_> = all.iter().filter(|text| field.codes().all(|code| code.value != **text)).collect();
                return Json::string(unknown[generator.choices.below(unknown.len())]);
            };
            // No sum of codes either: these might be the bits of a mask.
            let codes: Vec<i128> = field.codes().filter_map(|code| code.value.parse().ok()).collect();
            let known = codes.iter().filter(|code| **code > 0).fold(0, |a, b| a | b);
            let (least, most) = range(bits);
            let unknown: Vec<_> = [1, 3, 9, 64, 100, -3, least, most]
                .into_iter()
                .filter(|value| value & !known != 0 && !codes.contains(value))
                .collect();
            scalar(&unknown[generator.choices.below(unknown.len())].to_string())
        });
    }
}

/// How many characters a quoted text has.
fn chars_of(quoted: &str) -> usize {
    serde_json::from_str::<String>(quoted).unwrap().chars().count()
}

#[test]
fn the_fields_that_each_change_can_choose_from() {
    let count = |eligible: fn(Field<'static>) -> bool| {
        FIELDS.iter().filter(|target| eligible(target.field)).count()
    };
    let counts = BTreeMap::from([
        ("all", FIELDS.len()),
        ("required", count(Field::is_required)),
        ("plain text with a limit", count(|f| is_plain_text(f) && max_chars(f).is_some())),
        ("decimal", count(is_decimal)),
        ("integer", count(|f| is_number(f) && !is_decimal(f))),
        ("list", count(Field::is_list)),
        ("object", count(is_object)),
        ("date-time", count(|f| f.format().is_some())),
        ("with a limit of rows", count(|f| f.max_items().is_some())),
        ("with codes", count(|f| f.codes().len() > 0)),
    ]);
    println!("{counts:?}");
    assert!(counts.values().all(|n| *n > 0));
}
