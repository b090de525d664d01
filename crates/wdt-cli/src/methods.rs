//! `wdt methods`: the platform's methods, searched and shown.

use std::fmt::Write as _;

use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Table, presets};
use serde_json::{Value, json};
use wdt_proto::catalogue::{self, Catalogue, Field, Method};

use crate::args::Methods;
use crate::failure::{Exit, Failure};
use crate::output::{FAINT, HEAD, ODD, Output, styled};

/// `wdt methods`
#[allow(clippy::unnecessary_wraps)] // as the other commands
pub(crate) fn run(args: &Methods, output: &Output) -> Result<Exit, Failure> {
    if let [name] = args.words.as_slice()
        && let Some(method) = catalogue::method(name)
    {
        show(method, args.reply, output);
        return Ok(Exit::Fine);
    }
    let found = search(&args.words);
    if output.json {
        output.json(json!({
            "ok": !found.is_empty(),
            "words": args.words,
            "count": found.len(),
            "methods": found.iter().map(hit_json).collect::<Vec<_>>(),
        }));
    } else if found.is_empty() {
        output.remark(&nothing(&args.words));
    } else {
        output.text(&list(&found));
    }
    Ok(if found.is_empty() { Exit::Problem } else { Exit::Fine })
}

/// A method and, where only a field has the words, that field.
struct Hit {
    method: Method<'static>,
    field: Option<String>,
}

/// Methods that have every word; those that have them in name, title or category first.
fn search(words: &[String]) -> Vec<Hit> {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let (mut by_name, mut by_field) = (Vec::new(), Vec::new());
    for method in catalogue::methods() {
        let head = format!("{} {} {}", method.name(), method.title(), method.category());
        let head = head.to_lowercase();
        let left: Vec<&String> = words.iter().filter(|word| !head.contains(*word)).collect();
        if left.is_empty() {
            by_name.push(Hit { method, field: None });
            continue;
        }
        let mut fields = Vec::new();
        for param in method.params() {
            collect(param, "", &mut fields);
        }
        let has = |word: &&String| fields.iter().find(|(_, text)| text.contains(*word));
        if let Some(places) = left.iter().map(has).collect::<Option<Vec<_>>>() {
            let field = places.first().map(|(path, _)| path.clone());
            by_field.push(Hit { method, field });
        }
    }
    by_name.extend(by_field);
    by_name
}

/// Every field below `field`: how it is shown, and the text to search.
fn collect(field: Field<'_>, path: &str, found: &mut Vec<(String, String)>) {
    let path = format!("{path}{}", field.name());
    let shown = format!("{path} ({})", field.label());
    found.push((shown, format!("{} {}", field.name(), field.label()).to_lowercase()));
    for inner in field.fields() {
        collect(inner, &format!("{path}."), found);
    }
}

fn nothing(words: &[String]) -> String {
    let words = words.join(" ");
    match Catalogue::new().similar(&words) {
        Some(method) => format!("no method has {words:?}; did you mean {}?", method.name()),
        None => format!("no method has {words:?} in its name, title or fields"),
    }
}

/// A table that fits the terminal; Chinese characters are two columns wide.
fn table() -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        // Not a terminal: lines as long as they come, for grep and cut.
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    table
}

fn list(found: &[Hit]) -> String {
    let mut table = table();
    let has_fields = found.iter().any(|hit| hit.field.is_some());
    for hit in found {
        let method = hit.method;
        let mut row =
            vec![Cell::new(method.name()), Cell::new(method.title()), Cell::new(method.category())];
        if has_fields {
            row.push(Cell::new(hit.field.as_deref().unwrap_or_default()));
        }
        row.push(Cell::new(marks(method)));
        table.add_row(row);
    }
    let mut text = format!("{}\n", trimmed(table, 2));
    let _ = writeln!(
        text,
        "{}",
        styled(
            FAINT,
            format!(
                "{} of {} methods; `wdt methods NAME` shows one",
                found.len(),
                catalogue::methods().len()
            )
        )
    );
    text
}

/// The table's text without the blanks that pad the last column. The first `whole` columns are not
/// broken: names are to be copied.
fn trimmed(mut table: Table, whole: usize) -> String {
    for column in table.column_iter_mut().take(whole) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    let text = table.to_string();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

fn marks(method: Method<'_>) -> String {
    let mut marks = Vec::new();
    if method.is_paged() {
        marks.push("paged 分页".to_owned());
    }
    if method.is_own_platform_only() {
        marks.push("自有平台".to_owned());
    }
    if method.is_qimen_only() {
        marks.push("奇门".to_owned());
    }
    if !method.is_documented() {
        marks.push("arguments undocumented".to_owned());
    }
    if !method.replaced_by().is_empty() {
        marks.push(format!("→ {}", method.replaced_by()));
    }
    marks.join(", ")
}

fn show(method: Method<'_>, with_reply: bool, output: &Output) {
    if output.json {
        output.json(method_json(method, with_reply));
        return;
    }
    let mut text = String::new();
    let _ = writeln!(text, "{} {}", styled(HEAD, method.name()), method.title());
    let mut facts = Vec::new();
    if !method.category().is_empty() {
        facts.push(method.category().to_owned());
    }
    if !method.since().is_empty() {
        facts.push(format!("since {}", method.since()));
    }
    facts.extend(Some(marks(method)).filter(|marks| !marks.is_empty()));
    let limits = [
        ("page_size up to", method.page_size_max()),
        ("page_size advised:", method.page_size_advised()),
        ("at most minutes between start and end:", method.max_span_minutes()),
        ("documents a call:", method.max_batch()),
    ];
    facts.extend(limits.iter().filter_map(|(what, n)| n.map(|n| format!("{what} {n}"))));
    let _ = writeln!(text, "{}\n", facts.join(" · "));
    if method.is_documented() {
        section(&mut text, "Arguments 参数", method.params(), true);
    } else {
        let _ = writeln!(text, "{}", styled(ODD, "its arguments are not documented"));
    }
    if with_reply {
        text.push('\n');
        section(&mut text, "Reply 返回", method.response(), false);
    }
    output.text(&text);
}

fn section<'c>(
    text: &mut String,
    title: &str,
    fields: impl ExactSizeIterator<Item = Field<'c>>,
    numbered: bool,
) {
    let _ = writeln!(text, "{}", styled(HEAD, title));
    if fields.len() == 0 {
        let _ = writeln!(text, " {}", if numbered { "none: the body is []" } else { "none" });
        return;
    }
    let mut table = table();
    for (place, field) in fields.enumerate() {
        let number = if numbered { format!("/{place} ") } else { String::new() };
        rows(&mut table, field, &number, 0);
    }
    let _ = writeln!(text, "{}", trimmed(table, 3));
}

fn rows(table: &mut Table, field: Field<'_>, number: &str, depth: usize) {
    let kind =
        if field.is_list() { format!("[{}]", field.kind()) } else { field.kind().to_string() };
    let name = format!("{}{number}{}", "  ".repeat(depth), field.name());
    table.add_row([name, kind, required(field).to_owned(), field.label().to_owned(), notes(field)]);
    for inner in field.fields() {
        rows(table, inner, "", depth + 1);
    }
}

fn required(field: Field<'_>) -> &'static str {
    match (field.is_required(), field.may_be_missing(), field.is_conditional()) {
        (true, _, true) => "conditional",
        (true, true, false) => "required*",
        (true, false, false) => "required",
        _ => "",
    }
}

/// Limits and codes in one cell.
fn notes(field: Field<'_>) -> String {
    let mut notes = Vec::new();
    match field.range() {
        (Some(min), Some(max)) => notes.push(format!("{min} to {max}")),
        (Some(min), None) => notes.push(format!("from {min}")),
        (None, Some(max)) => notes.push(format!("up to {max}")),
        (None, None) => {}
    }
    if let Some(max) = field.max_items() {
        notes.push(format!("at most {max} values"));
    }
    if let Some(separator) = field.separator() {
        notes.push(format!("joined with {separator:?}"));
    }
    if let Some(format) = field.format() {
        notes.push(format.to_owned());
    }
    let codes: Vec<_> = field
        .codes()
        .map(|code| {
            if code.label.is_empty() {
                code.value.to_owned()
            } else {
                format!("{}={}", code.value, code.label)
            }
        })
        .collect();
    if !codes.is_empty() {
        notes.push(codes.join(" "));
    }
    notes.join("; ")
}

fn hit_json(hit: &Hit) -> Value {
    let mut value = head_json(hit.method);
    value["field"] = hit.field.as_deref().map_or(Value::Null, Value::from);
    value
}

fn head_json(method: Method<'_>) -> Value {
    json!({
        "name": method.name(),
        "title": method.title(),
        "category": method.category(),
        "since": method.since(),
        "documented": method.is_documented(),
        "paged": method.is_paged(),
        "own_platform_only": method.is_own_platform_only(),
        "qimen_only": method.is_qimen_only(),
        "replaced_by": method.replaced_by(),
    })
}

fn method_json(method: Method<'_>, with_reply: bool) -> Value {
    let mut value = head_json(method);
    value["ok"] = true.into();
    value["page_size_max"] = method.page_size_max().into();
    value["page_size_advised"] = method.page_size_advised().into();
    value["max_span_minutes"] = method.max_span_minutes().into();
    value["max_batch"] = method.max_batch().into();
    value["params"] = method.params().map(field_json).collect();
    if with_reply {
        value["reply"] = method.response().map(field_json).collect();
    }
    value
}

fn field_json(field: Field<'_>) -> Value {
    let (min, max) = field.range();
    json!({
        "name": field.name(),
        "label": field.label(),
        "type": field.kind().to_string(),
        "list": field.is_list(),
        "required": field.is_required(),
        "may_be_missing": field.may_be_missing(),
        "conditional": field.is_conditional(),
        "min": min,
        "max": max,
        "max_items": field.max_items(),
        "separator": field.separator().map(String::from),
        "format": field.format(),
        "codes": field.codes().map(|c| json!({ "value": c.value, "label": c.label })).collect::<Vec<_>>(),
        "fields": field.fields().map(field_json).collect::<Vec<_>>(),
    })
}
