//! `wdt methods`: the platform's methods, searched and shown.

use std::fmt::Write as _;

use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Table, presets};
use serde_json::{Value, json};
use wdt_proto::Language;
use wdt_proto::catalogue::{self, Catalogue, Field, Method};

use crate::args::Methods;
use crate::failure::{Exit, Failure};
use crate::output::{FAINT, HEAD, ODD, Output, styled};
use crate::query;
use crate::words::{Words, either, said, words};

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
        output.say(&nothing(&args.words));
    } else {
        output.text(&list(&found, output.language));
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

fn nothing(words: &[String]) -> Words {
    let text = words.join(" ");
    match Catalogue::new().similar(&text) {
        Some(method) => {
            let name = method.name();
            words!(
                "no method has {text:?}; did you mean {name}?",
                "没有接口含有 {text:?}；是不是 {name}？"
            )
        }
        None => words!(
            "no method has {text:?} in its name, title or fields",
            "没有接口的名称、标题或字段含有 {text:?}"
        ),
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

fn list(found: &[Hit], language: Language) -> String {
    let mut table = table();
    let has_fields = found.iter().any(|hit| hit.field.is_some());
    for hit in found {
        let method = hit.method;
        let mut row =
            vec![Cell::new(method.name()), Cell::new(method.title()), Cell::new(method.category())];
        if has_fields {
            row.push(Cell::new(hit.field.as_deref().unwrap_or_default()));
        }
        row.push(Cell::new(marks(method, language)));
        table.add_row(row);
    }
    let (shown, all) = (found.len(), catalogue::methods().len());
    let count = words!(
        "{shown} of {all} methods; `wdt methods NAME` shows one",
        "共 {all} 个接口，列出 {shown} 个；`wdt methods 接口名` 查看详情"
    );
    format!("{}\n{}\n", trimmed(table, 2), styled(FAINT, said(&count, language)))
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

fn marks(method: Method<'_>, language: Language) -> String {
    let mut marks = Vec::new();
    if method.is_paged() {
        marks.push(either(language, "paged", "分页").to_owned());
    }
    if method.is_own_platform_only() {
        marks.push(either(language, "own platforms 自有平台", "自有平台").to_owned());
    }
    if method.is_qimen_only() {
        marks.push(either(language, "over Qimen 奇门", "奇门").to_owned());
    }
    if !method.is_documented() {
        marks.push(either(language, "arguments undocumented", "参数未公开").to_owned());
    }
    if !method.replaced_by().is_empty() {
        marks.push(format!("→ {}", method.replaced_by()));
    }
    marks.join(either(language, ", ", "、"))
}

fn show(method: Method<'_>, with_reply: bool, output: &Output) {
    if output.json {
        output.json(method_json(method, with_reply));
        return;
    }
    let language = output.language;
    let mut text = String::new();
    let _ = writeln!(text, "{} {}", styled(HEAD, method.name()), method.title());
    let _ = writeln!(text, "{}\n", facts(method, language).join(" · "));
    let known = query::facts(method);
    if !known.is_empty() {
        let mut table = table();
        for (name, what) in &known {
            table.add_row([said(name, language), said(what, language)]);
        }
        let _ = writeln!(text, "{}\n", trimmed(table, 1));
    }
    if method.is_documented() {
        let title = either(language, "Arguments", "参数");
        let none = either(language, "none: the body is []", "没有：请求体是 []");
        section(&mut text, title, none, rows_of(method.params(), true, language));
    } else {
        let none = either(language, "its arguments are not documented", "官方文档没有公开它的参数");
        let _ = writeln!(text, "{}", styled(ODD, none));
    }
    if with_reply {
        text.push('\n');
        let (title, none) = (either(language, "Reply", "返回"), either(language, "none", "没有"));
        section(&mut text, title, none, rows_of(method.response(), false, language));
    }
    output.text(&text);
}

/// Category, edition, marks and limits.
fn facts(method: Method<'_>, language: Language) -> Vec<String> {
    let mut facts = Vec::new();
    if !method.category().is_empty() {
        facts.push(method.category().to_owned());
    }
    if !method.since().is_empty() {
        let since = method.since();
        facts.push(said(&words!("since {since}", "{since} 起"), language));
    }
    facts.extend(Some(marks(method, language)).filter(|marks| !marks.is_empty()));
    let limits = [
        method.page_size_max().map(|n| words!("page_size up to {n}", "page_size 最大 {n}")),
        method.page_size_advised().map(|n| words!("page_size advised: {n}", "page_size 建议 {n}")),
        method.max_span_minutes().map(|n| {
            words!("at most minutes between start and end: {n}", "起止时间最多相隔 {n} 分钟")
        }),
        method.max_batch().map(|n| words!("documents a call: {n}", "每次最多 {n} 单")),
    ];
    facts.extend(limits.iter().flatten().map(|limit| said(limit, language)));
    facts
}

fn section(text: &mut String, title: &str, none: &str, rows: Option<Table>) {
    let _ = writeln!(text, "{}", styled(HEAD, title));
    match rows {
        Some(table) => {
            let _ = writeln!(text, "{}", trimmed(table, 3));
        }
        None => {
            let _ = writeln!(text, " {none}");
        }
    }
}

/// A line a field; `None` where there is no field.
fn rows_of<'c>(
    fields: impl ExactSizeIterator<Item = Field<'c>>,
    numbered: bool,
    language: Language,
) -> Option<Table> {
    if fields.len() == 0 {
        return None;
    }
    let mut table = table();
    for (place, field) in fields.enumerate() {
        let number = if numbered { format!("/{place} ") } else { String::new() };
        rows(&mut table, field, &number, 0, language);
    }
    Some(table)
}

fn rows(table: &mut Table, field: Field<'_>, number: &str, depth: usize, language: Language) {
    let kind =
        if field.is_list() { format!("[{}]", field.kind()) } else { field.kind().to_string() };
    let name = format!("{}{number}{}", "  ".repeat(depth), field.name());
    let (required, label) = (required(field, language).to_owned(), field.label().to_owned());
    table.add_row([name, kind, required, label, notes(field, language)]);
    for inner in field.fields() {
        rows(table, inner, "", depth + 1, language);
    }
}

fn required(field: Field<'_>, language: Language) -> &'static str {
    match (field.is_required(), field.may_be_missing(), field.is_conditional()) {
        (true, _, true) => either(language, "conditional", "条件必填"),
        (true, true, false) => either(language, "required*", "必填*"),
        (true, false, false) => either(language, "required", "必填"),
        _ => "",
    }
}

/// Limits and codes in one cell.
fn notes(field: Field<'_>, language: Language) -> String {
    let mut notes = Vec::new();
    match field.range() {
        (Some(min), Some(max)) => notes.push(words!("{min} to {max}", "{min} 到 {max}")),
        (Some(min), None) => notes.push(words!("from {min}", "不小于 {min}")),
        (None, Some(max)) => notes.push(words!("up to {max}", "不大于 {max}")),
        (None, None) => {}
    }
    if let Some(max) = field.max_items() {
        notes.push(words!("at most {max} values", "最多 {max} 个"));
    }
    if let Some(separator) = field.separator() {
        notes.push(words!("joined with {separator:?}", "用 {separator:?} 连接"));
    }
    if let Some(format) = field.format() {
        notes.push(Words::same(format));
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
        notes.push(Words::same(codes.join(" ")));
    }
    let notes: Vec<_> = notes.iter().map(|note| said(note, language)).collect();
    notes.join(either(language, "; ", "；"))
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
    query::json(method, &mut value);
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
