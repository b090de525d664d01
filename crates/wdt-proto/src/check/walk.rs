//! Validation: one walk over a body's JSON that collects everything that is wrong with it.
//!
//! The catalogue says what is due, [`value`] judges one value, this walk finds the values. It
//! recurses no deeper than the catalogue's fields nest, and keeps nothing of the body beyond the
//! issues.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::issue::{Issue, IssueCode, Severity};
use super::limits::Limits;
use super::report::{Collector, Report};
use super::{shape, time, value};
use crate::catalogue::{Catalogue, Field, Method, most_similar};
use crate::json::{Event, Reader, SyntaxError, Text};

/// How strictly arguments are held against the documentation.
///
/// At every level the body must be a JSON array within the [`Limits`].
///
/// ```
/// use wdt_proto::{Level, validate};
///
/// // A number as text: the platform is known to take it.
/// let accepts = |level| validate("sales.StockSync.cancelSync", br#"["178238",-1]"#, level).is_ok();
/// assert!(accepts(Level::Documented));
/// assert!(!accepts(Level::Strict));
/// assert_eq!("strict".parse(), Ok(Level::Strict));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Level {
    /// Every issue is an error.
    Strict,
    /// What a documented example shows to be tolerated is a warning, the rest an error.
    #[default]
    Documented,
    /// The catalogue is not asked.
    Off,
}

impl Level {
    /// `strict`, `documented` or `off`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Documented => "documented",
            Self::Off => "off",
        }
    }
}

impl core::str::FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        [Self::Strict, Self::Documented, Self::Off]
            .into_iter()
            .find(|level| level.as_str() == text)
            .ok_or(UnknownLevel)
    }
}

/// A text that names no [`Level`].
///
/// ```
/// use wdt_proto::{Level, UnknownLevel};
///
/// assert_eq!("lenient".parse::<Level>(), Err(UnknownLevel));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the level must be \"strict\", \"documented\" or \"off\"")]
pub struct UnknownLevel;

/// Validates the body of a call of `method` against the built-in catalogue.
///
/// ```
/// use wdt_proto::{IssueCode, Level, validate};
///
/// let report = validate("sales.StockSync.cancelSync", b"[178238,-1]", Level::Strict);
/// assert!(report.is_ok());
///
/// let report = validate("sales.StockSync.cancelSync", b"[178238,1.5]", Level::Documented);
/// assert_eq!(report.issues()[0].pointer(), "/1");
/// assert_eq!(report.issues()[0].code(), IssueCode::Type);
/// assert_eq!(report.to_string(), "/1 (库存变化量): a whole number is due, not 1.5");
/// ```
#[must_use]
pub fn validate(method: &str, body: &[u8], level: Level) -> Report {
    validate_with(&Catalogue::new(), method, body, level, Limits::DEFAULT)
}

/// The same against a catalogue of your own, within limits of your own.
///
/// ```
/// use wdt_proto::catalogue::Catalogue;
/// use wdt_proto::{IssueCode, Level, Limits, validate_with};
///
/// let mut catalogue = Catalogue::new();
/// catalogue.register(r#"{"method": "my.Method.call", "title": "我的接口", "documented": true,
///     "params": [{"name": "no", "label": "编号", "type": "string(4)", "required": true}]}"#)?;
///
/// let check = |body| validate_with(&catalogue, "my.Method.call", body, Level::Strict, Limits::DEFAULT);
/// assert!(check(br#"["A1"]"#).is_ok());
/// assert_eq!(check(br#"["A1234"]"#).issues()[0].code(), IssueCode::TooLong);
/// # Ok::<(), wdt_proto::catalogue::CatalogueError>(())
/// ```
#[must_use]
pub fn validate_with(
    catalogue: &Catalogue,
    method: &str,
    body: &[u8],
    level: Level,
    limits: Limits,
) -> Report {
    let shape = if level == Level::Off { shape::check } else { shape::check_size };
    if let Err(issue) = shape(body, limits) {
        return Report::from(issue);
    }
    if level == Level::Off {
        return Report::default();
    }
    let not_json =
        |error: SyntaxError| Report::from(Issue::body(IssueCode::NotJson, &error.to_string()));
    let reader = match Reader::from_bytes(body, limits.max_depth()) {
        Ok(reader) => reader,
        Err(error) => return not_json(error),
    };
    let mut walk = Walk {
        reader,
        found: Collector::new(level),
        path: Vec::new(),
        method: catalogue.method(method),
    };
    match walk.body(method, catalogue) {
        Ok(()) => walk.found.finish(),
        Err(error) => not_json(error),
    }
}

/// A step of the way from the body to a value.
#[derive(Clone, Copy)]
enum Step<'a> {
    Index(usize),
    Key(Text<'a>),
    Name(&'a str),
}

/// How the message about a span that is too long ends; the other one is about an end before the
/// start.
pub(crate) const SPAN_TOO_LONG: &str = "are allowed";

/// How many keys that nobody documents are remembered, in one object, to find one that stands twice.
const MAX_UNKNOWN_KEYS: usize = 1024;

/// The longest key, in bytes, that is remembered, and that a pointer shows in full. The documented
/// ones are far shorter, and a pointer is made for each issue below a key.
const MAX_KEY: usize = 256;

/// A key as a pointer shows it.
fn shown(key: Text<'_>) -> Cow<'_, str> {
    if key.raw().len() <= MAX_KEY {
        return key.decode_lossy();
    }
    let start = key.chars().take(MAX_KEY / 4).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    Cow::Owned(start.chain(['…']).collect())
}

pub(super) struct Walk<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) found: Collector,
    path: Vec<Step<'a>>,
    method: Option<Method<'a>>,
}

pub(super) type Walked = Result<(), SyntaxError>;

impl<'a> Walk<'a> {
    fn body(&mut self, name: &str, catalogue: &Catalogue) -> Walked {
        let first = self.reader.next()?;
        if first != Event::BeginArray {
            self.reader.skip(first)?;
            self.end()?;
            self.found.error(IssueCode::NotAnArray, &shape::not_an_array(first));
            return Ok(());
        }
        match self.method {
            Some(method) if method.is_documented() => self.arguments(method)?,
            Some(_) => self.unchecked(first)?,
            None => {
                self.unchecked(first)?;
                let what = match catalogue.similar(name).map(Method::name) {
                    Some(known) => {
                        format!("the catalogue does not know {name:?}; did you mean {known}?")
                    }
                    None => {
                        format!("the catalogue does not know {name:?}; its arguments are unchecked")
                    }
                };
                self.found.warning(IssueCode::UnknownMethod, &what);
            }
        }
        self.end()
    }

    fn end(&mut self) -> Walked {
        while self.reader.next()? != Event::End {}
        Ok(())
    }

    fn arguments(&mut self, method: Method<'a>) -> Walked {
        let mut params = method.params();
        let mut index = 0;
        loop {
            let event = self.reader.next()?;
            if event == Event::EndArray {
                break;
            }
            self.path.push(Step::Index(index));
            match params.next() {
                Some(param) => self.value(param, event)?,
                None => self.unchecked(event)?,
            }
            self.path.pop();
            index += 1;
        }
        let due = method.params().len();
        if index > due {
            let names: Vec<&str> = method.params().map(Field::name).collect();
            let what = format!("{index} arguments, the method has {due} ({})", names.join(", "));
            self.found.error(IssueCode::ArgumentCount, &what);
        }
        for (index, param) in (index..).zip(params).filter(|(_, param)| param.is_required()) {
            let what = format!("the argument {} is missing, but required", param.name());
            self.path.push(Step::Index(index));
            self.issue(IssueCode::Missing, param, param.may_be_missing(), &what);
            self.path.pop();
        }
        Ok(())
    }

    /// A value in the place of a documented field.
    fn value(&mut self, field: Field<'a>, event: Event) -> Walked {
        if event == Event::Null {
            if field.is_required() {
                let what = "null, but the field is required";
                self.issue(IssueCode::Null, field, field.tolerates_null(), what);
            }
            return Ok(());
        }
        if field.is_list() {
            return self.list(field, event);
        }
        match field.scalar() {
            Some(scalar) => self.scalar(field, scalar, event),
            None => self.object(field, event),
        }
    }

    fn list(&mut self, field: Field<'a>, event: Event) -> Walked {
        if event != Event::BeginArray {
            return self.wrong_type(field, "a list is due", event);
        }
        let scalar = field.scalar();
        let mut index = 0;
        loop {
            let event = self.reader.next()?;
            if event == Event::EndArray {
                break;
            }
            self.path.push(Step::Index(index));
            match scalar {
                Some(scalar) => drop(self.element(field, scalar, event)?),
                None => self.object(field, event)?,
            }
            self.path.pop();
            index += 1;
        }
        self.batch(field, index);
        Ok(())
    }

    /// More than a call may carry? `count` are a list's elements or a joined string's values.
    pub(super) fn batch(&mut self, field: Field<'a>, count: usize) {
        if let Some(max) = field.max_items().filter(|max| count > *max as usize) {
            let what = format!("{count} in one call, at most {max} are allowed");
            self.issue(IssueCode::Batch, field, field.is_batch_advisory(), &what);
        }
    }

    fn object(&mut self, field: Field<'a>, event: Event) -> Walked {
        if field.kind() == crate::catalogue::Kind::Unknown {
            return self.unchecked(event);
        }
        if event != Event::BeginObject {
            return self.wrong_type(field, "an object is due", event);
        }
        if field.fields().len() == 0 {
            return self.unchecked(event);
        }
        let fields = field.fields();
        let mut members = Members::new(field);
        while self.reader.next()? == Event::Key {
            let key = self.reader.text();
            let known = members.find(key);
            let event = self.reader.next()?;
            self.path.push(Step::Key(key));
            if let Some((place, field)) = known {
                if members.saw(place) {
                    let what = "stands twice; which one the platform would take is not known";
                    self.issue(IssueCode::DuplicateField, field, false, what);
                } else if field.is_in_span() {
                    members.times.push((place, self.reader.token_start()));
                }
                self.value(field, event)?;
            } else {
                self.unknown_field(field, key, &mut members);
                self.unchecked(event)?;
            }
            self.path.pop();
        }
        for (place, field) in fields.enumerate() {
            if field.is_required() && !members.has(place) {
                let what = "is missing, but required";
                self.path.push(Step::Name(field.name()));
                self.issue(IssueCode::Missing, field, field.may_be_missing(), what);
                self.path.pop();
            }
        }
        self.spans(field, &members);
        Ok(())
    }

    fn unknown_field(&mut self, parent: Field<'a>, key: Text<'a>, members: &mut Members<'a>) {
        let is_short = key.raw().len() <= MAX_KEY;
        let stands_twice = is_short && {
            let key = key.decode_lossy();
            let known = members.unknown.contains(&key);
            if !known && members.unknown.len() < MAX_UNKNOWN_KEYS {
                members.unknown.insert(key);
            }
            known
        };
        if value::has_unsupported(key) {
            self.character(None);
        }
        if stands_twice {
            let what = "stands twice";
            self.add(IssueCode::DuplicateField, "", false, what);
        } else if !parent.is_open() && self.found.wants(Severity::Warning) {
            let key = shown(key);
            let names = parent.fields().map(Field::name);
            let what = match most_similar(&key, names) {
                Some(name) => {
                    let label = parent.fields().find(|f| f.name() == name).map_or("", Field::label);
                    Cow::Owned(format!("is not documented; did you mean {name} ({label})?"))
                }
                None => Cow::Borrowed("is not documented"),
            };
            self.add(IssueCode::UnknownField, "", true, &what);
        } else if !parent.is_open() {
            self.add(IssueCode::UnknownField, "", true, "");
        }
    }

    /// What no field describes: only its characters are looked at.
    fn unchecked(&mut self, event: Event) -> Walked {
        let opens = matches!(event, Event::BeginArray | Event::BeginObject);
        let depth = self.reader.depth() - usize::from(opens);
        let here = self.path.len();
        let start = self.reader.token_start();
        let mut locator = None;
        let mut event = event;
        loop {
            if matches!(event, Event::String | Event::Key)
                && value::has_unsupported(self.reader.text())
            {
                if self.found.wants(Severity::Error) {
                    let locator = locator
                        .get_or_insert_with(|| Locator::new(self.reader.again_from(start), start));
                    locator.advance(self.reader.token_start())?;
                    self.path.extend_from_slice(&locator.path);
                }
                self.character(None);
                self.path.truncate(here);
            }
            if self.reader.depth() == depth {
                return Ok(());
            }
            event = self.reader.next()?;
        }
    }

    pub(super) fn wrong_type(&mut self, field: Field<'a>, due: &str, event: Event) -> Walked {
        let what = format!("{due}, not {}", value::describe(&self.reader, event));
        self.issue(IssueCode::Type, field, false, &what);
        self.unchecked(event)
    }

    /// Spans of time among an object's members.
    fn spans(&mut self, parent: Field<'a>, members: &Members<'a>) {
        for &(place, start) in &members.times {
            let Some(field) = parent.fields().nth(place) else { continue };
            let Some(end_place) = field.span_to() else { continue };
            let Some(end_field) = parent.fields().nth(end_place) else { continue };
            let end = members.times.iter().find(|(place, _)| *place == end_place);
            let Some(&(_, end)) = end else { continue };
            let at = |from: usize| time::seconds_of_any(self.reader.string_at(from)?);
            let (Some(first), Some(last)) = (at(start), at(end)) else { continue };
            let Some(method) = self.method else { continue };
            let what = match method.max_span_minutes() {
                _ if last < first => format!("lies before {}", field.name()),
                Some(max) if last - first > i64::from(max) * 60 => format!(
                    "{} after {}, at most {} {SPAN_TOO_LONG}",
                    time::duration(last - first),
                    field.name(),
                    time::duration(i64::from(max) * 60)
                ),
                _ => continue,
            };
            self.path.push(Step::Name(end_field.name()));
            self.issue(IssueCode::Span, end_field, method.tolerates_long_spans(), &what);
            self.path.pop();
        }
    }

    /// A character that the platform's database refuses.
    pub(super) fn character(&mut self, field: Option<Field<'a>>) {
        let what = "holds a character outside the Basic Multilingual Plane (an emoji, say) or half of a \
                    surrogate pair: the platform's database refuses it";
        self.add(IssueCode::UnsupportedCharacter, field.map_or("", Field::label), false, what);
    }

    pub(super) fn issue(&mut self, code: IssueCode, field: Field<'a>, tolerated: bool, what: &str) {
        self.add(code, field.label(), tolerated, what);
    }

    fn add(&mut self, code: IssueCode, label: &str, tolerated: bool, what: &str) {
        let severity = if tolerated { Severity::Warning } else { Severity::Error };
        let path = &self.path;
        self.found.add(code, severity, label, what, |pointer| {
            for step in path {
                match step {
                    Step::Index(index) => pointer.push_index(*index),
                    Step::Key(key) => pointer.push(&shown(*key)),
                    Step::Name(name) => pointer.push(name),
                }
            }
        });
    }
}

/// Reads a value that no field describes once more, to tell where in it something stands: needed
/// for few values, and then once for all that is found in one.
struct Locator<'a> {
    pub(super) reader: Reader<'a>,
    /// Where in the body the value begins.
    start: usize,
    path: Vec<Step<'a>>,
}

impl<'a> Locator<'a> {
    fn new(reader: Reader<'a>, start: usize) -> Self {
        Self { reader, start, path: Vec::new() }
    }

    /// Reads on to the token at byte `at` of the body, a key or a string behind the last one.
    fn advance(&mut self, at: usize) -> Walked {
        loop {
            let event = self.reader.next()?;
            match event {
                Event::EndArray | Event::EndObject => drop(self.path.pop()),
                Event::Key => {
                    self.path.pop();
                    self.path.push(Step::Key(self.reader.text()));
                }
                _ => {
                    if let Some(Step::Index(index)) = self.path.last_mut() {
                        *index = index.wrapping_add(1);
                    }
                }
            }
            if self.start + self.reader.token_start() >= at {
                return Ok(());
            }
            match event {
                // The first element adds one.
                Event::BeginArray => self.path.push(Step::Index(usize::MAX)),
                Event::BeginObject => self.path.push(Step::Name("")),
                _ => {}
            }
        }
    }
}

/// The members of one object that have been met.
struct Members<'a> {
    parent: Field<'a>,
    /// Where the next key is looked for first: bodies mostly keep the documentation's order.
    next: usize,
    seen: u64,
    seen_beyond: BTreeSet<usize>,
    unknown: BTreeSet<Cow<'a, str>>,
    /// Places of the fields that begin or end a span, and where their values start.
    times: Vec<(usize, usize)>,
}

impl<'a> Members<'a> {
    fn new(parent: Field<'a>) -> Self {
        Self {
            parent,
            next: 0,
            seen: 0,
            seen_beyond: BTreeSet::new(),
            unknown: BTreeSet::new(),
            times: Vec::new(),
        }
    }

    fn find(&mut self, key: Text<'a>) -> Option<(usize, Field<'a>)> {
        let fields = self.parent.fields();
        let place = self.parent.place_of(key, self.next)?;
        self.next = if place + 1 < fields.len() { place + 1 } else { 0 };
        self.parent.fields().nth(place).map(|field| (place, field))
    }

    /// Marks a field as met; whether it had been before.
    fn saw(&mut self, place: usize) -> bool {
        let before = self.has(place);
        if place < 64 {
            self.seen |= 1 << place;
        } else {
            self.seen_beyond.insert(place);
        }
        before
    }

    fn has(&self, place: usize) -> bool {
        if place < 64 { self.seen >> place & 1 == 1 } else { self.seen_beyond.contains(&place) }
    }
}
