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
    RawCode, RawExtra, RawField, RawMethod, Slice, Tables, field_flag, hash, method_flag, tag,
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
    span_tolerated: bool,
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
            (file.span_tolerated, method_flag::SPAN_TOLERATED),
        ];
        // Where there are several limits, each for another way of asking, the widest is checked.
        let spans = file.max_span.iter().chain(&file.max_span_other);
        let max_span_minutes = spans.map(SpanLimit::minutes).max().unwrap_or(0);
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
            max_batch: file.max_batch,
            flags: bits(&flags),
        };
        self.methods.push(method);
        Ok(())
    }

    /// The finished tables.
    pub(crate) fn finish(self) -> Tables {
        let Self { text, mut methods, fields, codes, extras, .. } = self;
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
            || file.max_items > 0;
        let flags = [
            (is_limited, field_flag::LIMITED),
            (file.required, field_flag::REQUIRED),
            (file.missing_tolerated, field_flag::MISSING_TOLERATED),
            (file.null_tolerated, field_flag::NULL_TOLERATED),
            (file.empty_tolerated, field_flag::EMPTY_TOLERATED),
            (file.conditional, field_flag::CONDITIONAL),
            (file.bitmask, field_flag::BITMASK),
            (file.max_items_advisory, field_flag::MAX_ITEMS_ADVISORY),
            (file.open, field_flag::OPEN),
            (is_list, field_flag::LIST),
            (file.span_to.is_some() || ends_a_span, field_flag::SPAN),
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
        let rare =
            RawExtra { min, max, max_items: file.max_items, span_to, separator: file.separator };
        if min.is_none()
            && max.is_none()
            && rare.max_items == 0
            && span_to == 0
            && rare.separator.is_none()
        {
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
