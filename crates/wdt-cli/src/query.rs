//! What the catalogue knows of a query's rows and span, and of a writing call's refusals, for
//! `wdt methods NAME`.

use serde_json::{Value, json};
use wdt_proto::catalogue::{Failures, Method, Span};

use crate::words::{Words, words};

/// One line a fact: what it is about, and what is known. A guess says that it is one.
pub(crate) fn facts(method: Method<'_>) -> Vec<(Words, Words)> {
    let mut facts = Vec::new();
    if let Some(rows) = method.rows() {
        let place = if rows.is_empty() { "data".to_owned() } else { format!("data.{rows}") };
        facts.push((words!("rows", "数据行"), Words::same(place)));
    }
    let key = joined(method.row_key());
    let guess = joined(method.row_key_guess());
    if !key.is_empty() {
        facts.push((words!("row key", "行的唯一键"), Words::same(key)));
    } else if !guess.is_empty() {
        let what = words!("{guess}: a guess, the page names none", "{guess}（推测，文档没有写明）");
        facts.push((words!("row key", "行的唯一键"), what));
    }
    if let Some(span) = method.span() {
        span_facts(span, &mut facts);
    }
    let excluded = joined(method.excludes());
    if !excluded.is_empty() {
        let mut what = words!("no rows of {excluded}", "不返回 {excluded} 的数据");
        if method.excludes().any(|platform| platform == "淘系") {
            what.add(&words!("; those of 淘系 come over Qimen (奇门)", "；淘系的要走奇门"));
        }
        facts.push((words!("platforms", "平台"), what));
    }
    if method.pages_from_back() {
        let what = words!(
            "the page advises to read the last page first, so that rows which change meanwhile are not missed",
            "文档建议从最后一页往前翻，避免翻页期间数据变化而漏单"
        );
        facts.push((words!("paging", "翻页"), what));
    }
    if method.has_cursor() {
        let what = words!(
            "goes on from a position among the arguments, not by page numbers",
            "按参数里的位置续读，不按页码"
        );
        facts.push((words!("paging", "翻页"), what));
    }
    if !method.history_of().is_empty() {
        let of = method.history_of();
        let what = words!("the archived rows of {of}", "{of} 的历史归档数据");
        facts.push((words!("archive", "归档"), what));
    }
    if let Some(failures) = method.failures() {
        facts.push((words!("refusals", "拒绝的单据"), failure_fact(failures)));
    }
    facts
}

fn span_facts(span: Span<'_>, facts: &mut Vec<(Words, Words)>) {
    let (start, end) = (span.start(), span.end());
    let mut what = words!("{start} to {end}", "{start} 到 {end}");
    match span.required() {
        "yes" => what.add(&words!(", required", "，必填")),
        "conditional" => {
            let unless =
                words!(", required unless another filter is given", "，没有其他条件时必填");
            what.add(&unless);
        }
        _ => {}
    }
    if span.precision() == "days" {
        what.add(&words!(", whole days", "，精确到天"));
    }
    facts.push((words!("span", "时间段"), what));

    let guess = Some(words!(": a guess, the page does not say", "（推测，文档没有写明）"));
    let known = time_of(span.filters_on()).map(|time| (time, None));
    let time = known.or_else(|| Some((time_of(span.filters_on_guess())?, guess)));
    if let Some((mut time, guess)) = time {
        if !span.row_field().is_empty() {
            time.add(&Words::same(format!(" ({})", span.row_field())));
        }
        if let Some(guess) = guess {
            time.add(&guess);
        }
        facts.push((words!("filters on", "默认按"), time));
    }
    match span.modified_params() {
        Some("{}") => {}
        Some(params) => {
            let what = words!("add {params}", "加上 {params}");
            facts.push((words!("by time of change", "改按修改时间"), what));
        }
        None => {
            let what = words!("not known to be possible", "没有已知的办法");
            facts.push((words!("by time of change", "改按修改时间"), what));
        }
    }
    let instead = joined(span.instead());
    if !instead.is_empty() {
        facts.push((words!("instead of the span", "可代替时间段"), Words::same(instead)));
    }
}

/// Which time of a row it is.
fn time_of(name: &str) -> Option<Words> {
    Some(match name {
        "modified" => words!("the time of change", "修改时间"),
        "created" => words!("the time of creation", "创建时间"),
        "consigned" => words!("the time of consignment", "发货时间"),
        "paid" => words!("the time of payment", "付款时间"),
        "" => return None,
        other => Words::same(other),
    })
}

fn failure_fact(failures: Failures<'_>) -> Words {
    let (list, sent) = (failures.list(), failures.sent());
    let names = [failures.key(), failures.code(), failures.message()];
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    let names = names.join(", ");
    match (names.is_empty(), failures.key()) {
        (true, _) => {
            words!(
                "under status 0 too, in {list}: texts",
                "状态为 0 时也可能有，在 {list}：文本列表"
            )
        }
        (false, key) if !key.is_empty() && !sent.is_empty() => words!(
            "under status 0 too, in {list}: {names}; {key} repeats {sent}",
            "状态为 0 时也可能有，在 {list}：{names}；{key} 对应 {sent}"
        ),
        _ => words!(
            "under status 0 too, in {list}: {names}",
            "状态为 0 时也可能有，在 {list}：{names}"
        ),
    }
}

fn joined<'c>(names: impl Iterator<Item = &'c str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// The same for programs: what is not known is null or empty.
pub(crate) fn json(method: Method<'_>, value: &mut Value) {
    let list = |names: Vec<&str>| Value::from(names);
    value["rows"] = method.rows().into();
    value["row_key"] = list(method.row_key().collect());
    value["row_key_guess"] = list(method.row_key_guess().collect());
    value["span"] = method.span().map_or(Value::Null, |span| {
        let params = span.modified_params().and_then(|params| serde_json::from_str(params).ok());
        json!({
            "start": span.start(),
            "end": span.end(),
            "filters_on": span.filters_on(),
            "filters_on_guess": span.filters_on_guess(),
            "row_field": span.row_field(),
            "required": span.required(),
            "modified_params": params.unwrap_or(Value::Null),
            "precision": span.precision(),
            "instead": span.instead().collect::<Vec<_>>(),
        })
    });
    value["excludes"] = list(method.excludes().collect());
    value["pages_from_back"] = method.pages_from_back().into();
    value["has_cursor"] = method.has_cursor().into();
    value["history_of"] = method.history_of().into();
    value["failures"] = method.failures().map_or(Value::Null, |failures| {
        json!({
            "list": failures.list(),
            "key": failures.key(),
            "code": failures.code(),
            "message": failures.message(),
            "sent": failures.sent(),
        })
    });
}
