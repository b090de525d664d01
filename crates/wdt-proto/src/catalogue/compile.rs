//! A method's JSON file into tables. The build script uses it for the built-in methods, the
//! library for registered ones.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::error::{CatalogueError, Reason};
use super::kind::{Kind, Layout};
use super::tables::{
    RawCode, RawExtra, RawFailures, RawField, RawMethod, RawQuery, RawSpan, Slice, Tables,
    field_flag, hash, method_flag, tag,
};

/// How deep fields may nest; the documented ones nest 5 deep.
const MAX_DEPTH: usize = 16;

/// A method's file. `catalogue/schema/method.schema.json` explains every key.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // the file's marks
pub(crate) struct MethodFile {
    method: String,
    title: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    since: String,
    documented: bool,
    /// What is not known to read may write.
    #[serde(default = "yes")]
    writes: bool,
    #[serde(default)]
    paged: bool,
    #[serde(default)]
    page_size_max: u32,
    #[serde(default)]
    page_size_advised: u32,
    max_span: Option<SpanLimit>,
    #[serde(default)]
    max_span_other: Vec<SpanLimit>,
    #[serde(default)]
    max_batch: u32,
    #[serde(default, rename = "max_batch_advisory")]
    _max_batch_advisory: bool,
    #[serde(default)]
    own_platform_only: bool,
    #[serde(default)]
    qimen_only: bool,
    #[serde(default)]
    replaced_by: String,
    rows: Option<String>,
    #[serde(default)]
    row_key: Vec<String>,
    #[serde(default, rename = "row_key_grade")]
    _row_key_grade: IgnoredAny,
    #[serde(default, rename = "row_key_evidence")]
    _row_key_evidence: IgnoredAny,
    span: Option<SpanFile>,
    #[serde(default)]
    paging_from_back: bool,
    #[serde(default)]
    cursor: bool,
    #[serde(default)]
    excludes: Vec<String>,
    #[serde(default)]
    history_of: String,
    #[serde(default, rename = "incremental")]
    _incremental: IgnoredAny,
    failures: Option<FailuresFile>,
    #[serde(default)]
    guess: BTreeMap<String, Guess>,
    #[serde(default, rename = "permissions")]
    _permissions: Vec<String>,
    #[serde(default)]
    params: Vec<FieldFile>,
    #[serde(default)]
    response: Vec<FieldFile>,
    #[serde(default, rename = "examples")]
    _examples: IgnoredAny,
    #[serde(default, rename = "strict_example")]
    _strict_example: IgnoredAny,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct SpanLimit {
    #[serde(default)]
    days: u32,
    #[serde(default)]
    minutes: u32,
}

/// The span that a query filters on.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct SpanFile {
    from: String,
    to: String,
    #[serde(default)]
    filters_on: String,
    #[serde(default)]
    row_field: String,
    #[serde(default)]
    required: String,
    modified_params: Option<serde_json::Value>,
    #[serde(default)]
    precision: String,
    #[serde(default)]
    instead: Vec<String>,
    #[serde(default, rename = "more")]
    _more: IgnoredAny,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FailuresFile {
    list: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    sent: String,
}

/// What no page says. It is kept apart from what a page says.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Guess {
    value: serde_json::Value,
    #[serde(rename = "reason")]
    _reason: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // the file's marks
struct FieldFile {
    name: String,
    label: String,
    r#type: String,
    required: bool,
    #[serde(default)]
    missing_tolerated: bool,
    #[serde(default)]
    null_tolerated: bool,
    #[serde(default)]
    empty_tolerated: bool,
    #[serde(default)]
    conditional: bool,
    #[serde(default)]
    r#enum: Codes,
    #[serde(default, rename = "enum_open")]
    _enum_open: bool,
    #[serde(default)]
    bitmask: bool,
    separator: Option<char>,
    min: Option<i64>,
    max: Option<i64>,
    #[serde(default)]
    max_items: u32,
    #[serde(default)]
    max_items_advisory: bool,
    #[serde(default, rename = "default")]
    _default: IgnoredAny,
    format: Option<String>,
    observed_format: Option<String>,
    span_to: Option<String>,
    #[serde(default)]
    one_of: Vec<String>,
    #[serde(default)]
    length_of_whole: bool,
    #[serde(default)]
    longest: u32,
    #[serde(default, rename = "newer")]
    _newer: IgnoredAny,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    fields: Vec<FieldFile>,
}

fn yes() -> bool {
    true
}

impl SpanLimit {
    fn minutes(&self) -> u32 {
        self.days.saturating_mul(24 * 60).saturating_add(self.minutes)
    }
}

/// Code and label of each documented value, in the file's order.
#[derive(Default)]
struct Codes(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Codes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Codes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of codes and labels")
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

/// Tables that grow method by method.
#[derive(Default)]
pub(crate) struct Builder {
    text: String,
    known: BTreeMap<String, Slice>,
    methods: Vec<RawMethod>,
    fields: Vec<RawField>,
    codes: Vec<RawCode>,
    extras: Vec<RawExtra>,
    queries: Vec<RawQuery>,
    failures: Vec<RawFailures>,
}

impl Builder {
    /// Adds one method; the error names the field.
    pub(crate) fn add(&mut self, file: &MethodFile) -> Result<(), CatalogueError> {
        let flags = [
            (file.documented, method_flag::DOCUMENTED),
            (file.writes, method_flag::WRITES),
            (file.paged, method_flag::PAGED),
            (file.own_platform_only, method_flag::OWN_PLATFORM_ONLY),
            (file.qimen_only, method_flag::QIMEN_ONLY),
            (file.paging_from_back, method_flag::FROM_THE_BACK),
            (file.cursor, method_flag::CURSOR),
        ];
        // Where there are several limits, each for another way of asking, the widest is checked.
        let spans = file.max_span.iter().chain(&file.max_span_other);
        let max_span_minutes = spans.clone().map(SpanLimit::minutes).max().unwrap_or(0);
        let least_span_minutes = spans.map(SpanLimit::minutes).min().unwrap_or(0);
        if file.method.is_empty() {
            return Err(refused("method", Reason::NoMethod));
        }
        let method = RawMethod {
            name: self.text(&file.method),
            title: self.text(&file.title),
            category: self.text(&file.category),
            since: self.text(&file.since),
            replaced_by: self.text(&file.replaced_by),
            params: self.fields(&file.params, "params", 1)?,
            response: self.fields(&file.response, "response", 1)?,
            page_size_max: file.page_size_max,
            page_size_advised: file.page_size_advised,
            max_span_minutes,
            least_span_minutes,
            max_batch: file.max_batch,
            query: self.query(file)?,
            failures: self.failures(file)?,
            flags: bits(&flags),
        };
        self.methods.push(method);
        Ok(())
    }

    /// The place plus one of what is known of a query's rows and span.
    fn query(&mut self, file: &MethodFile) -> Result<u32, CatalogueError> {
        let guessed = |name: &str| file.guess.get(name).map(|guess| joined(&guess.value));
        let row_key_guess = guessed("row_key").unwrap_or_default();
        let filters_on_guess = guessed("span.filters_on").unwrap_or_default();
        if let Some(span) = &file.span {
            let named = |name: &String| {
                file.params.iter().any(|param| param.fields.iter().any(|field| &field.name == name))
            };
            if let Some(name) = [&span.from, &span.to].into_iter().find(|name| !named(name)) {
                return Err(refused("span", Reason::NoField(name.clone())));
            }
        }
        let is_known = file.rows.is_some()
            || file.span.is_some()
            || !file.row_key.is_empty()
            || !row_key_guess.is_empty()
            || !file.excludes.is_empty()
            || !file.history_of.is_empty();
        if !is_known {
            return Ok(0);
        }
        let query = RawQuery {
            rows: file.rows.as_deref().map(|rows| self.text(rows)),
            row_key: self.text(&file.row_key.join(",")),
            row_key_guess: self.text(&row_key_guess),
            excludes: self.text(&file.excludes.join(",")),
            history_of: self.text(&file.history_of),
            span: file.span.as_ref().map(|span| RawSpan {
                start: self.text(&span.from),
                end: self.text(&span.to),
                filters_on: self.text(&span.filters_on),
                filters_on_guess: self.text(&filters_on_guess),
                row_field: self.text(&span.row_field),
                required: self.text(&span.required),
                modified_params: span
                    .modified_params
                    .as_ref()
                    .map(|params| self.text(&params.to_string())),
                precision: self.text(&span.precision),
                instead: self.text(&span.instead.join(",")),
            }),
        };
        self.queries.push(query);
        index(self.queries.len()).map_err(|reason| refused("rows", reason))
    }

    fn failures(&mut self, file: &MethodFile) -> Result<u32, CatalogueError> {
        let Some(failures) = &file.failures else { return Ok(0) };
        if !failures.list.starts_with('/') {
            return Err(refused("failures/list", Reason::NoPointer(failures.list.clone())));
        }
        let failures = RawFailures {
            list: self.text(&failures.list),
            key: self.text(&failures.key),
            code: self.text(&failures.code),
            message: self.text(&failures.message),
            sent: self.text(&failures.sent),
        };
        self.failures.push(failures);
        index(self.failures.len()).map_err(|reason| refused("failures", reason))
    }

    /// The finished tables.
    pub(crate) fn finish(self) -> Tables {
        let Self { text, mut methods, fields, codes, extras, queries, failures, .. } = self;
        let name = |method: &RawMethod| {
            let start = method.name.start as usize;
            &text.as_bytes()[start..start + method.name.len as usize]
        };
        methods.sort_by(|a, b| name(a).cmp(name(b)));
        let mut slots = vec![0; (2 * methods.len()).next_power_of_two()];
        for (place, method) in (1..).zip(&methods) {
            let mut slot = hash(name(method)) % slots.len();
            while slots[slot] != 0 {
                slot = (slot + 1) % slots.len();
            }
            slots[slot] = place;
        }
        Tables {
            methods: Cow::Owned(methods),
            slots: Cow::Owned(slots),
            fields: Cow::Owned(fields),
            codes: Cow::Owned(codes),
            extras: Cow::Owned(extras),
            queries: Cow::Owned(queries),
            failures: Cow::Owned(failures),
            text: Cow::Owned(text),
        }
    }

    /// Siblings lie side by side, their children behind them.
    fn fields(
        &mut self,
        files: &[FieldFile],
        at: &str,
        depth: usize,
    ) -> Result<Slice, CatalogueError> {
        if depth > MAX_DEPTH && !files.is_empty() {
            return Err(refused(at, Reason::TooDeep(MAX_DEPTH)));
        }
        let path = |file: &FieldFile| format!("{at}/{}", file.name);
        for (i, file) in files.iter().enumerate() {
            if file.name.is_empty() {
                return Err(refused(at, Reason::NoName));
            }
            if files[..i].iter().any(|other| other.name == file.name) {
                return Err(refused(&path(file), Reason::Duplicate));
            }
        }
        let start = self.fields.len();
        for file in files {
            let field = self.field(file, files).map_err(|reason| refused(&path(file), reason))?;
            self.fields.push(field);
        }
        for (i, file) in files.iter().enumerate() {
            self.fields[start + i].fields = self.fields(&file.fields, &path(file), depth + 1)?;
        }
        slice(start, files.len()).map_err(|reason| refused(at, reason))
    }

    fn field(&mut self, file: &FieldFile, siblings: &[FieldFile]) -> Result<RawField, Reason> {
        let (kind, is_list) = Kind::parse(&file.r#type)?;
        if kind != Kind::Object && !file.fields.is_empty() {
            return Err(Reason::Fields(file.r#type.clone()));
        }
        let ends_a_span =
            siblings.iter().any(|other| other.span_to.as_deref() == Some(file.name.as_str()));
        let layout = layout_of(file, kind)?;
        if layout.is_some() && !matches!(kind, Kind::String { .. } | Kind::DateTime) {
            return Err(Reason::Format(file.r#type.clone()));
        }
        if file.span_to.as_ref() == Some(&file.name) {
            return Err(Reason::SpanToItself);
        }
        let is_limited = layout.is_some()
            || !file.r#enum.0.is_empty()
            || file.min.is_some()
            || file.max.is_some()
            || file.max_items > 0
            || (kind != Kind::Object && (file.span_to.is_some() || ends_a_span));
        let is_time =
            kind == Kind::DateTime || file.format.is_some() || file.observed_format.is_some();
        let flags = [
            (is_limited, field_flag::LIMITED),
            (file.required, field_flag::REQUIRED),
            // To the platform a null and an absent field are one thing.
            (file.missing_tolerated || file.null_tolerated, field_flag::MISSING_TOLERATED),
            (file.length_of_whole, field_flag::LENGTH_OF_WHOLE),
            (file.empty_tolerated, field_flag::EMPTY_TOLERATED),
            (file.conditional, field_flag::CONDITIONAL),
            (!file.one_of.is_empty(), field_flag::ONE_OF),
            (file.bitmask, field_flag::BITMASK),
            (file.max_items_advisory, field_flag::MAX_ITEMS_ADVISORY),
            (file.open, field_flag::OPEN),
            (is_list, field_flag::LIST),
            (file.span_to.is_some() || ends_a_span, field_flag::SPAN),
            (is_time, field_flag::TIME),
        ];
        Ok(RawField {
            name: self.text(&file.name),
            label: self.text(&file.label),
            codes: self.codes(&file.r#enum)?,
            fields: Slice { start: 0, len: 0 },
            extra: self.extra(file, siblings)?,
            flags: bits(&flags),
            kind,
            layout,
            tag: tag(file.name.as_bytes()),
        })
    }

    fn codes(&mut self, codes: &Codes) -> Result<Slice, Reason> {
        let start = self.codes.len();
        for (value, label) in &codes.0 {
            let code = RawCode { value: self.text(value), label: self.text(label) };
            self.codes.push(code);
        }
        slice(start, codes.0.len())
    }

    fn extra(&mut self, file: &FieldFile, siblings: &[FieldFile]) -> Result<u32, Reason> {
        let span_to = match &file.span_to {
            None => 0,
            Some(end) => {
                let place = siblings.iter().position(|other| &other.name == end);
                index(place.ok_or_else(|| Reason::SpanToNothing(end.clone()))? + 1)?
            }
        };
        let (min, max) = (file.min, file.max);
        match (min, max) {
            (Some(min), Some(max)) if min > max => return Err(Reason::MinAboveMax(min, max)),
            _ => {}
        }
        for name in file.one_of.iter().flat_map(|members| members.split('+')) {
            if !file.fields.iter().any(|field| field.name == name) {
                return Err(Reason::NoField(name.to_string()));
            }
        }
        let rare = RawExtra {
            min,
            max,
            max_items: file.max_items,
            span_to,
            separator: file.separator,
            one_of: if file.one_of.is_empty() {
                Slice::default()
            } else {
                self.text(&file.one_of.join(","))
            },
            longest: file.longest,
        };
        if rare == RawExtra::default() {
            return Ok(0);
        }
        self.extras.push(rare);
        index(self.extras.len())
    }

    /// Each text is kept once.
    fn text(&mut self, text: &str) -> Slice {
        if let Some(&known) = self.known.get(text) {
            return known;
        }
        // Texts come from files of a few kilobytes each; 4 GiB of them do not fit here first.
        let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let slice = Slice { start: at(self.text.len()), len: at(text.len()) };
        self.text.push_str(text);
        self.known.insert(text.into(), slice);
        slice
    }
}

/// A guess's names, joined as the tables keep lists.
fn joined(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(name) => name.clone(),
        serde_json::Value::Array(names) => {
            let names: Vec<&str> = names.iter().filter_map(serde_json::Value::as_str).collect();
            names.join(",")
        }
        _ => String::new(),
    }
}

fn refused(at: &str, reason: Reason) -> CatalogueError {
    CatalogueError { at: at.to_string(), reason }
}

fn index(n: usize) -> Result<u32, Reason> {
    u32::try_from(n).map_err(|_| Reason::TooMany)
}

fn slice(start: usize, len: usize) -> Result<Slice, Reason> {
    Ok(Slice { start: index(start)?, len: index(len)? })
}

fn bits(flags: &[(bool, u16)]) -> u16 {
    flags.iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum()
}

/// The layout that is a rule: the documented one; for a date-time without one the observed one,
/// else the platform's usual.
fn layout_of(file: &FieldFile, kind: Kind) -> Result<Option<Layout>, Reason> {
    let known = |text: &str| match text {
        // Seconds or milliseconds since 1970, in replies.
        "epoch" | "epoch_ms" => Some(None),
        _ => Layout::parse(text).map(Some),
    };
    if let Some(format) = &file.format {
        return known(format).ok_or_else(|| Reason::UnknownFormat(format.clone()));
    }
    if kind != Kind::DateTime {
        return Ok(None);
    }
    Ok(file.observed_format.as_deref().and_then(known).unwrap_or(Some(Layout::Seconds)))
}
