//! How a row of a query is made: its documented fields, each in the form in which it arrives, and
//! where its value comes from.

use std::collections::HashMap;

use wdt_proto::catalogue::{Field, Kind, Method};

use super::hash;
use super::seen::{self, Layout, Seen};

/// How the rows of one method are made.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) method: Method<'static>,
    /// What the draws of this method begin with.
    pub(super) seed: u64,
    pub(super) fields: Vec<Part>,
    /// Whether the span means the time of change unless something else is asked for.
    pub(super) by_change: bool,
}

/// A field of a row, or of what is inside it.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// Tells its draws from those of other fields.
    pub(super) id: u64,
    pub(super) form: Form,
    pub(super) source: Source,
    /// Whether a change of the row leaves it alone.
    pub(super) is_fixed: bool,
    pub(super) is_always_there: bool,
    pub(super) is_list: bool,
    pub(super) fields: Vec<Part>,
}

/// What arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text {
        max_chars: usize,
    },
    /// A number, or the same as text.
    Integer {
        bits: u32,
        quoted: bool,
    },
    Decimal {
        precision: u32,
        scale: u32,
        quoted: bool,
        /// Examples have whole numbers without a point.
        whole: bool,
    },
    Bool {
        quoted: bool,
    },
    Time(Layout),
    Object,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// The row's own number; of an element inside it that element's own.
    Own,
    /// The row's number also inside it.
    RowsOwn,
    /// One of a few things that have an id, a number and a name: shops, warehouses, goods.
    Few {
        thing: u64,
        many: u64,
    },
    /// One of the documented values.
    Codes(Vec<&'static str>),
    /// The time of the last change.
    Changed,
    /// The time at which the row came about.
    Begun,
    /// Some time around that.
    Near,
    Free,
}

/// Things of which many rows name the same, and how many of them there are.
const THINGS: [(&str, u64); 18] = [
    ("warehouse", 6),
    ("shop", 8),
    ("platform", 5),
    ("logistics", 5),
    ("provider", 30),
    ("brand", 12),
    ("class", 20),
    ("spec", 500),
    ("goods", 200),
    ("suite", 40),
    ("employee", 12),
    ("salesman", 12),
    ("creator", 12),
    ("operator", 12),
    ("checker", 12),
    ("province", 30),
    ("city", 100),
    ("district", 300),
];

impl Plan {
    /// `None` where the method has no rows with fields.
    pub(super) fn new(method: Method<'static>, seed: u64) -> Option<Self> {
        let rows = method.row_field()?;
        let seed = hash::of_text(seed, method.name());
        let base = match method.rows()? {
            "" => String::from("/data"),
            rows => format!("/data/{rows}"),
        };
        let arrived = seen::of(method);
        let maker = Maker::new(method, rows, &arrived);
        let fields = maker.parts(rows, &base, 0);
        (!fields.is_empty()).then(|| Self { method, seed, fields, by_change: by_change(method) })
    }

    /// The field of a row of this name.
    pub(super) fn part(&self, name: &str) -> Option<&Part> {
        self.fields.iter().find(|part| part.name == name)
    }
}

/// Whether a span without a switch means the time of change.
fn by_change(method: Method<'_>) -> bool {
    let Some(span) = method.span() else { return true };
    let said = [span.filters_on(), span.filters_on_guess()];
    match said.into_iter().find(|said| !said.is_empty()) {
        Some(said) => said == "modified",
        None => matches!(span.row_field(), "" | "modified"),
    }
}

struct Maker<'a> {
    seen: &'a HashMap<String, Seen>,
    /// The fields that tell two rows apart.
    key: Vec<&'static str>,
    /// The one of them that alone would do.
    own: Option<&'static str>,
    /// Names of the row's own numbers: inside it they are the row's.
    rows_own: Vec<&'static str>,
    /// The row's field with the time that the span means by default.
    span_field: &'static str,
    by_change: bool,
    /// How a moment is written where no example has one.
    usual: Layout,
}

impl<'a> Maker<'a> {
    fn new(method: Method<'static>, rows: Field<'static>, seen: &'a HashMap<String, Seen>) -> Self {
        let mut key: Vec<_> = method.row_key().collect();
        if key.is_empty() {
            key = method.row_key_guess().collect();
        }
        let numbers = |name: &&&str| matches!(last_word(name), "no" | "id");
        let own = key.iter().rfind(numbers).or(key.first()).copied();
        let moments = seen.iter().filter_map(|(at, seen)| {
            is_moment(at.rsplit('/').next().unwrap_or_default()).then(|| seen.layout()).flatten()
        });
        let moments: Vec<_> = moments.collect();
        let in_epoch = moments.iter().filter(|layout| **layout == Layout::EpochMs).count();
        let mut maker = Self {
            seen,
            key,
            own,
            rows_own: Vec::new(),
            span_field: method.span().map_or("", wdt_proto::catalogue::Span::row_field),
            by_change: by_change(method),
            usual: if in_epoch * 2 > moments.len() { Layout::EpochMs } else { Layout::Seconds },
        };
        let is_own = |field: &Field<'static>| {
            !field.is_list() && maker.source(*field, Form::Object, 0) == Source::Own
        };
        maker.rows_own = rows.fields().filter(is_own).map(Field::name).collect();
        maker
    }

    fn parts(&self, of: Field<'static>, at: &str, depth: u32) -> Vec<Part> {
        of.fields()
            .map(|field| self.part(field, &format!("{at}/{}", field.name()), depth))
            .collect()
    }

    fn part(&self, field: Field<'static>, at: &str, depth: u32) -> Part {
        let nothing = Seen::default();
        let seen = self.seen.get(at).unwrap_or(&nothing);
        let form = self.form(field, seen);
        let source = self.source(field, form, depth);
        let is_key = depth == 0 && self.key.contains(&field.name());
        let is_fixed = is_key || !matches!(source, Source::Free | Source::Codes(_));
        Part {
            name: field.name(),
            label: field.label(),
            id: hash::of_text(0, at),
            form,
            is_fixed: is_fixed || matches!(last_word(field.name()), "no" | "id"),
            is_always_there: field.is_required() || is_key || field.name() == self.span_field,
            is_list: field.is_list(),
            fields: self.parts(field, at, depth + 1),
            source,
        }
    }

    fn form(&self, field: Field<'static>, seen: &Seen) -> Form {
        let quoted = seen.is_text();
        if let Some(layout) = self.layout(field, seen) {
            return Form::Time(layout);
        }
        let integer = |bits| Form::Integer { bits, quoted };
        match field.kind() {
            Kind::Int => integer(32),
            Kind::Long => integer(64),
            Kind::Short => integer(16),
            Kind::Byte => integer(8),
            Kind::Decimal { precision, scale } => Form::Decimal {
                precision: precision.into(),
                scale: scale.into(),
                quoted,
                whole: seen.number && !seen.fraction,
            },
            Kind::Bool => Form::Bool { quoted },
            Kind::Object | Kind::Map => Form::Object,
            // A text that arrives as a number does so always.
            Kind::String { .. } if seen.number && !seen.text => {
                Form::Integer { bits: 32, quoted: false }
            }
            Kind::String { max_chars: Some(max) } => Form::Text { max_chars: max as usize },
            _ => Form::Text { max_chars: 100 },
        }
    }

    /// How it writes a moment; `None` where it holds something else.
    fn layout(&self, field: Field<'static>, seen: &Seen) -> Option<Layout> {
        let named = is_moment(field.name());
        match field.kind() {
            Kind::DateTime => Some(match (seen.layout(), field.format()) {
                (Some(Layout::EpochMs), _) | (_, None) => Layout::EpochMs,
                (_, Some(pattern)) => Layout::of_pattern(pattern),
            }),
            Kind::String { .. } => match (field.format(), seen.layout()) {
                (Some(pattern), _) => Some(Layout::of_pattern(pattern)),
                (None, Some(Layout::EpochMs)) => named.then_some(Layout::EpochMs),
                (None, Some(layout)) => Some(layout),
                // One page has a time with a blank too many.
                (None, None) if matches!(last_word(field.name()), "modified" | "created") => {
                    Some(if seen.is_nothing() && !seen.text { self.usual } else { Layout::Seconds })
                }
                (None, None) if !named || !seen.is_nothing() => None,
                (None, None) if last_word(field.name()) == "date" => Some(Layout::Days),
                // An empty text is a text.
                (None, None) if seen.text => Some(Layout::Seconds),
                (None, None) => Some(self.usual),
            },
            _ => None,
        }
    }

    fn source(&self, field: Field<'static>, form: Form, depth: u32) -> Source {
        let name = field.name();
        if matches!(form, Form::Time(_)) {
            return self.moment(name, depth);
        }
        if depth == 0 && self.own == Some(name) {
            return Source::Own;
        }
        let is_countable = matches!(
            field.kind(),
            Kind::String { .. } | Kind::Int | Kind::Long | Kind::Short | Kind::Byte
        );
        if !is_countable {
            return Source::Free;
        }
        let codes: Vec<_> =
            field.codes().map(|code| code.value).filter(|v| fits(v, field)).collect();
        if !codes.is_empty() {
            return Source::Codes(codes);
        }
        if depth > 0 && self.rows_own.contains(&name) {
            return Source::RowsOwn;
        }
        let last = last_word(name);
        let thing = THINGS.iter().find(|(thing, _)| name.split('_').any(|word| word == *thing));
        match thing {
            // Each parcel has its own.
            Some(_) if name.ends_with("logistics_no") => Source::Own,
            Some((thing, _)) if depth == 0 && self.is_of_own(thing) => Source::Own,
            Some((thing, many)) if matches!(last, "no" | "id" | "name" | "code") => {
                Source::Few { thing: hash::of_text(0, thing), many: *many }
            }
            None if matches!(
                last,
                "no" | "id" | "nos" | "tid" | "tids" | "oid" | "sn" | "barcode"
            ) =>
            {
                Source::Own
            }
            _ => Source::Free,
        }
    }

    /// Whether what tells rows apart is this thing's number: then its name goes with it.
    fn is_of_own(&self, thing: &str) -> bool {
        self.own.is_some_and(|own| {
            own.strip_suffix(last_word(own))
                .is_some_and(|stem| stem.strip_suffix('_') == Some(thing))
        })
    }

    fn moment(&self, name: &str, depth: u32) -> Source {
        let is_span_field = depth == 0 && name == self.span_field;
        match last_word(name) {
            _ if is_span_field && self.by_change => Source::Changed,
            _ if is_span_field => Source::Begun,
            "modified" => Source::Changed,
            "created" => Source::Begun,
            _ if matches!(name, "create_time" | "created_time" | "create_date") => Source::Begun,
            _ => Source::Near,
        }
    }
}

/// Whether a field of this type can hold a documented value.
fn fits(value: &str, field: Field<'_>) -> bool {
    let integer = value.parse::<i64>();
    match field.kind() {
        Kind::String { max_chars } => {
            max_chars.is_none_or(|max| value.chars().count() <= max as usize)
        }
        Kind::Byte => integer.is_ok_and(|n| i8::try_from(n).is_ok()),
        Kind::Short => integer.is_ok_and(|n| i16::try_from(n).is_ok()),
        Kind::Int => integer.is_ok_and(|n| i32::try_from(n).is_ok()),
        _ => integer.is_ok(),
    }
}

fn last_word(name: &str) -> &str {
    name.rsplit('_').next().unwrap_or(name)
}

/// Whether a name is that of a moment.
fn is_moment(name: &str) -> bool {
    matches!(last_word(name), "time" | "date" | "modified" | "created")
}
