//! Validation: one walk over a body's JSON that collects everything that is wrong with it.
//!
//! The catalogue says what is due, [`value`] judges one value, this walk finds the values. It
//! recurses no deeper than the catalogue's fields nest, and keeps nothing of the body beyond the
//! issues.

mod locator;
mod members;
mod value;

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use locator::Locator;
pub(crate) use members::{Members, shown};

use super::cause::Cause;
use super::found::{Expected, Found};
use super::issue::{Issue, Pointer, Severity};
use super::level::Level;
use super::limits::Limits;
use super::report::{Collector, Report};
use super::{shape, time};
use crate::catalogue::{Catalogue, Field, Method, most_similar};
use crate::json::{Event, Reader, SyntaxError, Text};

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
/// assert_eq!(report.to_string(), "/1 (库存变化量): expected a whole number, found 1.5");
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
    validate_method(catalogue, method, catalogue.method(method), body, level, limits)
}

/// The same where the method has been looked up.
pub(crate) fn validate_method(
    catalogue: &Catalogue,
    name: &str,
    method: Option<Method<'_>>,
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
    let not_json = |error: SyntaxError| Report::from(Issue::body(Cause::NotJson(error)));
    let reader = match Reader::from_bytes(body, limits.max_depth()) {
        Ok(reader) => reader,
        Err(error) => return not_json(error),
    };
    let mut walk = Walk { reader, found: Collector::new(level), path: Vec::new(), method };
    match walk.body(name, catalogue) {
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

const DAY: i64 = 24 * 3600;

/// The usual limit of a span. Samples of five pages go past it, by less than a day: whether the
/// platform counts whole days is not known.
const MONTH: i64 = 30 * DAY;

fn is_in_group(parent: Field<'_>, name: &str) -> bool {
    parent.one_of().flat_map(|group| group.split('+')).any(|member| member == name)
}

struct Walk<'a> {
    reader: Reader<'a>,
    pub(super) found: Collector,
    path: Vec<Step<'a>>,
    method: Option<Method<'a>>,
}

type Walked = Result<(), SyntaxError>;

impl<'a> Walk<'a> {
    fn body(&mut self, name: &str, catalogue: &Catalogue) -> Walked {
        let first = self.reader.next()?;
        if first != Event::BeginArray {
            let found = Found::of(&self.reader, first);
            self.reader.skip(first)?;
            self.end()?;
            self.found.add_of_body(Severity::Error, || Cause::NotAnArray { found });
            return Ok(());
        }
        if let Some(method) = self.method.filter(|method| method.is_qimen_only()) {
            self.found.add_of_body(Severity::Warning, || Cause::QimenOnly {
                method: method.name().to_owned(),
            });
        }
        match self.method {
            Some(method) if method.is_documented() => self.arguments(method)?,
            Some(_) => self.unchecked(first)?,
            None => {
                self.unchecked(first)?;
                self.found.add_of_body(Severity::Warning, || Cause::UnknownMethod {
                    name: name.to_owned(),
                    similar: catalogue.similar(name).map(|known| known.name().to_owned()),
                });
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
        let allowed = method.params().len();
        if index > allowed {
            self.found.add_of_body(Severity::Error, || {
                let names: Vec<&str> = method.params().map(Field::name).collect();
                Cause::TooManyArguments { found: index, allowed, names: names.join(", ") }
            });
        }
        for (index, param) in (index..).zip(params).filter(|(_, param)| param.is_required()) {
            self.path.push(Step::Index(index));
            self.issue(param, param.may_be_missing(), |_| Cause::MissingArgument {
                name: param.name().to_owned(),
            });
            self.path.pop();
        }
        Ok(())
    }

    /// A value in the place of a documented field.
    fn value(&mut self, field: Field<'a>, event: Event) -> Walked {
        if event == Event::Null {
            if field.is_required() {
                self.issue(field, field.may_be_missing(), |_| Cause::NullForRequired);
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
            return self.wrong_type(field, Expected::List, event);
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
    fn batch(&mut self, field: Field<'a>, count: usize) {
        if let Some(max) = field.max_items().filter(|max| count > *max as usize) {
            let cause = Cause::TooManyItems { found: count, max };
            self.issue(field, field.is_batch_advisory(), |_| cause);
        }
    }

    fn object(&mut self, field: Field<'a>, event: Event) -> Walked {
        if field.kind() == crate::catalogue::Kind::Unknown {
            return self.unchecked(event);
        }
        if event == Event::BeginArray {
            return self.list_for_object(field);
        }
        if event != Event::BeginObject {
            return self.wrong_type(field, Expected::Object, event);
        }
        if field.fields().len() == 0 {
            return self.unchecked(event);
        }
        let parent = field;
        let mut members = Members::new(parent);
        while self.reader.next()? == Event::Key {
            let key = self.reader.text();
            let known = members.find(key);
            let event = self.reader.next()?;
            self.path.push(Step::Key(key));
            if let Some((place, field)) = known {
                if members.saw(place) {
                    self.issue(field, false, |_| Cause::DuplicateField { documented: true });
                } else if field.is_in_span() {
                    members.times.push((place, self.reader.token_start()));
                }
                if event == Event::Null && parent.has_groups() {
                    members.nulls.push(place);
                } else {
                    self.value(field, event)?;
                }
            } else {
                self.unknown_field(field, key, &mut members);
                self.unchecked(event)?;
            }
            self.path.pop();
        }
        self.missing(field, &members);
        self.spans(field, &members);
        Ok(())
    }

    /// Required members that are absent, or null where another one could stand in for them.
    fn missing(&mut self, parent: Field<'a>, members: &Members<'a>) {
        for (place, field) in parent.fields().enumerate() {
            if !field.is_required() || members.is_given(place) {
                continue;
            }
            let is_in_group = parent.has_groups() && is_in_group(parent, field.name());
            if is_in_group && members.is_stood_in_for() {
                continue;
            }
            self.path.push(Step::Name(field.name()));
            self.issue(field, field.may_be_missing(), |_| {
                if members.has(place) {
                    Cause::NullForRequired
                } else if is_in_group {
                    Cause::MissingOneOf { groups: parent.one_of().collect::<Vec<_>>().join(",") }
                } else {
                    Cause::MissingField
                }
            });
            self.path.pop();
        }
    }

    /// A list in the place of an object. PHP writes an empty one for an empty object.
    fn list_for_object(&mut self, field: Field<'a>) -> Walked {
        if self.reader.is_at_empty_list() {
            self.issue(field, false, |_| Cause::EmptyListForObject);
            return self.unchecked(Event::BeginArray);
        }
        self.wrong_type(field, Expected::Object, Event::BeginArray)
    }

    fn unknown_field(&mut self, parent: Field<'a>, key: Text<'a>, members: &mut Members<'a>) {
        let is_duplicate = members.saw_unknown(key);
        if value::has_unsupported(key) {
            self.character(None);
        }
        if is_duplicate {
            self.add("", false, |_| Cause::DuplicateField { documented: false });
        } else if !parent.is_open() {
            self.add("", true, |_| {
                let similar = most_similar(&shown(key), parent.fields().map(Field::name))
                    .and_then(|name| parent.fields().find(|field| field.name() == name))
                    .map(|field| (field.name().to_owned(), field.label().to_owned()));
                Cause::UnknownField { similar }
            });
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

    fn wrong_type(&mut self, field: Field<'a>, expected: Expected, event: Event) -> Walked {
        self.issue(field, false, |reader| Cause::WrongType {
            expected,
            found: Found::of(reader, event),
        });
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
            let at = |from: usize| time::seconds_of_readable(self.reader.string_at(from)?);
            let (Some(first), Some(last)) = (at(start), at(end)) else { continue };
            let Some(method) = self.method else { continue };
            let start = field.name().to_owned();
            let seconds = last - first;
            let (cause, tolerated) = match method.max_span_minutes() {
                _ if seconds < 0 => (Cause::SpanReversed { start }, false),
                Some(minutes) if seconds > i64::from(minutes) * 60 => {
                    let max_seconds = i64::from(minutes) * 60;
                    let cause = Cause::SpanTooLong { start, seconds, max_seconds };
                    (cause, max_seconds == MONTH && seconds < MONTH + DAY)
                }
                _ => continue,
            };
            self.path.push(Step::Name(end_field.name()));
            self.issue(end_field, tolerated, |_| cause);
            self.path.pop();
        }
    }

    /// A character that the platform's database refuses.
    fn character(&mut self, field: Option<Field<'a>>) {
        self.add(field.map_or("", Field::label), false, |_| Cause::UnsupportedCharacter);
    }

    /// Reports what is wrong with a field; `cause` is asked only where the report keeps it.
    fn issue(
        &mut self,
        field: Field<'a>,
        tolerated: bool,
        cause: impl FnOnce(&Reader<'a>) -> Cause,
    ) {
        self.add(field.label(), tolerated, cause);
    }

    fn add(&mut self, label: &str, tolerated: bool, cause: impl FnOnce(&Reader<'a>) -> Cause) {
        let severity = if tolerated { Severity::Warning } else { Severity::Error };
        let Self { reader, found, path, .. } = self;
        let point = |pointer: &mut Pointer| {
            for step in path {
                match step {
                    Step::Index(index) => pointer.push_index(*index),
                    Step::Key(key) => pointer.push(&shown(*key)),
                    Step::Name(name) => pointer.push(name),
                }
            }
        };
        found.add(severity, label, point, || cause(reader));
    }
}
