//! Queries that answer for real: the documented types, the spans, the filters, the pages.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::rows::{
    DAY, arguments, change_rows, key, queries, query, rows_of, state, text, with_rows,
};
use common::{get, last_entry, sandbox};
use serde_json::{Map, Value, json};
use wdt_proto::Response;
use wdt_proto::catalogue::{Field, Kind, Method};

const ORDERS: &str = "sales.TradeQuery.queryWithDetail";
const STOCKOUT: &str = "wms.stockout.Sales.queryWithDetail";
const REFUNDS: &str = "aftersales.refund.RawRefund.search";

/// A method's file: what the vendor's page says.
fn file(method: &str) -> Value {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../wdt-proto/catalogue");
    serde_json::from_str(&std::fs::read_to_string(format!("{folder}/{method}.json")).unwrap())
        .unwrap()
}

/// Whether the page's span means the time of change by default, read off its file.
fn by_change(method: &str) -> bool {
    let span = &file(method)["span"];
    match span["filters_on"].as_str() {
        Some(on) => on == "modified",
        None => matches!(span["row_field"].as_str(), None | Some("modified")),
    }
}

/// Arguments for one hour of the day, or for all of it where the page wants days, with what is
/// required besides taken from a row.
fn arguments_for(method: Method<'static>, lines: &[Value]) -> (Map<String, Value>, String, String) {
    let span = method.span();
    let days = span.is_some_and(|span| {
        arguments(method).any(|f| f.name() == span.start() && f.format() == Some("yyyy-MM-dd"))
    });
    let (from, to) = (format!("{DAY} 12:00:00"), format!("{DAY} 13:00:00"));
    let (from, to) = match span {
        Some(_) if days => (format!("{DAY} 00:00:00"), format!("{DAY} 23:59:59")),
        Some(_) => (from, to),
        None => (String::new(), "9999".into()),
    };
    let mut sent = Map::new();
    if let Some(span) = span {
        let cut = if days { 10 } else { 19 };
        sent.insert(span.start().into(), from[..cut].into());
        sent.insert(span.end().into(), to[..cut].into());
    }
    let time = if by_change(method.name()) { "modified" } else { "created" };
    let inside =
        |line: &&Value| (from.as_str()..=to.as_str()).contains(&line[time].as_str().unwrap());
    let line = lines.iter().find(inside).unwrap_or_else(|| panic!("{}", method.name()));
    let example = file(method.name())["strict_example"][0].clone();
    for field in arguments(method).filter(|field| field.is_required()) {
        let name = field.name();
        if !sent.contains_key(name) && !field.may_be_missing() {
            // `stock_spec_id_list` names several of `stock_spec_id`.
            let one = name.strip_suffix("_list").unwrap_or(name);
            let value = [&line["row"][one], &example[name]].into_iter().find(|v| !v.is_null());
            let value = value.unwrap_or(&Value::Null);
            let is_text = matches!(field.kind(), Kind::String { .. });
            sent.insert(name.into(), if is_text { text(value).into() } else { value.clone() });
        }
    }
    (sent, from, to)
}

#[test]
fn every_query_answers_with_the_rows_that_its_arguments_ask_for() {
    let methods = queries();
    assert!(methods.len() >= 99, "{}", methods.len());
    let names: Vec<_> = methods.iter().map(|method| (method.name(), 150)).collect();
    let sandbox = with_rows(&names, |_| {});
    let address = sandbox.address();
    let (mut fields, mut all) = (0, 0);
    for method in methods {
        let name = method.name();
        change_rows(address, name, 20);
        let lines = state(address, name);
        assert_eq!(lines.len(), 150, "{name}");
        let (sent, from, to) = arguments_for(method, &lines);
        let call = query(name, &sent.clone().into());
        let call = if method.is_paged() { call.paged(1_000, 0, true) } else { call };
        let answer = call.send(address);
        assert_eq!(answer.mark(), "rows", "{name}: {}", answer.body);
        let response = Response::parse(answer.body.as_bytes()).unwrap();
        let rows = rows_of(name, &answer);

        // The same, filtered here.
        let time = if by_change(name) { "modified" } else { "created" };
        let mut expected: Vec<_> = lines.iter().collect();
        expected.retain(|line| {
            let at = line[time].as_str().unwrap();
            let row = &line["row"];
            let fits = |(field, value): (&String, &Value)| {
                let is_span = [&from, &to].iter().any(|end| end.starts_with(&text(value)));
                is_span
                    || row[field].is_null()
                    || row[field].is_object()
                    || text(&row[field]) == text(value)
            };
            (from.as_str()..=to.as_str()).contains(&at) && sent.iter().all(fits)
        });
        // Rows of one second stand in the order of their numbers, as the lines do.
        expected.sort_by_key(|line| line[time].as_str());
        let expected: Vec<_> = expected.into_iter().map(|line| &line["row"]).collect();
        assert!(!expected.is_empty(), "{name} {sent:?}");
        assert_eq!(rows.iter().collect::<Vec<_>>(), expected, "{name} {sent:?}");
        let total = method.is_paged().then_some(rows.len() as u64);
        assert_eq!(response.total(), total, "{name}");

        let keys: BTreeSet<_> = lines.iter().map(|line| key(method, &line["row"])).collect();
        let is_told_apart = method.row_key().chain(method.row_key_guess()).next().is_some();
        assert!(keys.len() == 150 || !is_told_apart, "{name}: {}", keys.len());
        for line in &lines {
            for (field, time) in [
                (method.span().map_or("", |span| span.row_field()), time),
                ("modified", "modified"),
            ] {
                if let Some(value) = line["row"].get(field) {
                    let at = moment(value);
                    assert!(line[time].as_str().unwrap().starts_with(&at), "{name} {field} {at}");
                }
            }
        }
        for row in &rows {
            fields += check_fields(name, method.row_field().unwrap(), row);
        }
        all += rows.len();
    }
    assert!(fields > 100 * all / 4, "{fields} fields in {all} rows");
}

/// A moment as text, Beijing time; of one without a time of day the day.
fn moment(value: &Value) -> String {
    let Some(millis) = value.as_i64() else { return text(value) };
    let utc = jiff::Timestamp::from_millisecond(millis).unwrap();
    jiff::tz::offset(8).to_datetime(utc).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Holds each documented field of a row against its type; how many there are.
fn check_fields(at: &str, of: Field<'_>, row: &Value) -> usize {
    let mut count = 0;
    let row = row.as_object().unwrap_or_else(|| panic!("{at}: {row}"));
    let documented: BTreeSet<_> = of.fields().map(Field::name).collect();
    assert!(row.keys().all(|name| documented.contains(name.as_str())), "{at}: {row:?}");
    for field in of.fields() {
        let at = format!("{at}/{}", field.name());
        let Some(value) = row.get(field.name()) else {
            assert!(!field.is_required(), "{at} is missing");
            continue;
        };
        count += 1;
        let values = match value {
            Value::Array(elements) if field.is_list() => {
                assert!(elements.len() <= 3, "{at}");
                elements.iter().collect()
            }
            _ if field.is_list() => panic!("{at}: {value}"),
            value => vec![value],
        };
        for value in values {
            if field.fields().len() > 0 {
                count += check_fields(&at, field, value);
            } else {
                assert!(is_of(field.kind(), value), "{at}: {} {value}", field.kind());
            }
        }
    }
    count
}

/// Whether a value is of a type, as number or as text.
fn is_of(kind: Kind, value: &Value) -> bool {
    let text = text(value);
    match kind {
        Kind::String { max_chars } => {
            max_chars.is_none_or(|max| text.chars().count() <= max as usize)
        }
        Kind::Byte => text.parse::<i8>().is_ok(),
        Kind::Short => text.parse::<i16>().is_ok(),
        Kind::Int => text.parse::<i32>().is_ok(),
        Kind::Long => text.parse::<i64>().is_ok(),
        Kind::Decimal { precision, scale } => {
            // The reader of these tests makes binary fractions of numbers; texts are as sent.
            let digits = text.trim_start_matches('-').split_once('.');
            let (front, back) = digits.unwrap_or((text.trim_start_matches('-'), ""));
            let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
            let fits = back.len() <= scale.into() && front.len() + back.len() <= precision.into();
            is_digits(front) && is_digits(back) && (fits || value.is_f64())
        }
        Kind::Bool => matches!(text.as_str(), "true" | "false"),
        Kind::DateTime => {
            let is_number = value.is_u64() && text.len() == 13;
            is_number || text.starts_with("20") && (text.len() == 10 || text.len() == 19)
        }
        Kind::Object | Kind::Map => value.is_object(),
        _ => true,
    }
}

#[test]
fn values_arrive_in_the_forms_that_the_pages_have() {
    let methods = queries();
    let names: Vec<_> = methods.iter().map(|method| (method.name(), 20)).collect();
    let sandbox = with_rows(&names, |_| {});
    let (mut moments, mut texts) = (0, 0);
    for method in methods {
        let name = method.name();
        let file = file(name);
        let rows = file["rows"].as_str().unwrap();
        let data = find(&file["response"], "data");
        let row = if rows.is_empty() { data } else { find(&data["fields"], rows) };
        let examples = example_rows(&file["examples"]["response"], rows);
        for line in state(sandbox.address(), name) {
            for field in row["fields"].as_array().unwrap() {
                let field_name = field["name"].as_str().unwrap();
                let value = &line["row"][field_name];
                let at = format!("{name}: {field_name} {value}");
                if value.is_null() {
                    continue;
                }
                match field["observed_format"].as_str() {
                    Some("epoch_ms") => {
                        assert!(value.is_u64() && text(value).len() == 13, "{at}");
                        moments += 1;
                    }
                    Some(layout) => {
                        assert!(value.is_string() && text(value).len() == layout.len(), "{at}");
                        moments += 1;
                    }
                    None => {}
                }
                // What all examples have as text, or all as a number, comes as that.
                let shown: Vec<_> = examples.iter().map(|row| &row[field_name]).collect();
                let (text, number) =
                    (shown.iter().any(|v| v.is_string()), shown.iter().any(|v| v.is_number()));
                if text != number {
                    texts += usize::from(text);
                    assert_eq!(value.is_string(), text, "{at}, shown {shown:?}");
                }
            }
        }
    }
    assert!(moments > 1_000 && texts > 5_000, "{moments} {texts}");
}

fn find<'v>(fields: &'v Value, name: &str) -> &'v Value {
    fields.as_array().unwrap().iter().find(|field| field["name"] == name).unwrap()
}

/// The rows of all examples; some pages leave out what is around the data.
fn example_rows<'v>(examples: &'v Value, rows: &str) -> Vec<&'v Value> {
    let replies = examples.as_array().into_iter().flatten();
    let lists = replies.flat_map(|reply| {
        let data = if rows.is_empty() {
            [&reply["data"], &Value::Null]
        } else {
            [&reply["data"][rows], &reply[rows]]
        };
        data.map(|list| list.as_array().into_iter().flatten())
    });
    lists.flatten().collect()
}

#[test]
fn hours_that_share_their_border_hold_all_rows() {
    let sandbox = with_rows(&[(ORDERS, 2_000)], |_| {});
    let address = sandbox.address();
    change_rows(address, ORDERS, 150);
    let mut found = BTreeMap::new();
    let mut sizes = Vec::new();
    for hour in 0..24 {
        let end = if hour == 23 { "23:59:59".into() } else { format!("{:02}:00:00", hour + 1) };
        let sent = json!({"start_time": format!("{DAY} {hour:02}:00:00"), "end_time": format!("{DAY} {end}")});
        let rows = rows_of(ORDERS, &query(ORDERS, &sent).paged(1_000, 0, true).send(address));
        sizes.push(rows.len());
        found.extend(rows.into_iter().map(|row| (row["trade_id"].as_u64().unwrap(), row)));
    }
    let lines = state(address, ORDERS);
    let expected =
        lines.iter().map(|line| (line["row"]["trade_id"].as_u64().unwrap(), line["row"].clone()));
    assert_eq!(found, expected.collect());
    assert!(lines.iter().any(|line| line["changes"] == 1));
    assert!(
        sizes[2] < 10 && sizes[12] > 100 && sizes[20] > 100 && sizes[15] < sizes[12],
        "{sizes:?}"
    );
}

#[test]
fn both_ends_of_a_span_belong_to_it() {
    let sandbox = with_rows(&[(ORDERS, 200), (STOCKOUT, 200)], |_| {});
    let address = sandbox.address();
    for (method, time, id) in
        [(ORDERS, "modified", "trade_id"), (STOCKOUT, "created", "stockout_id")]
    {
        for line in state(address, method).iter().step_by(20) {
            let at = text(&line[time]);
            let (minute, second) = at.split_at(16);
            // A second more on either side, where that does not leave the minute.
            let Ok(second @ 1..59) = second[1..].parse::<u32>() else { continue };
            let [before, after] = [second - 1, second + 1].map(|s| format!("{minute}:{s:02}"));
            let ask = |start: &str, end: &str| {
                let span = json!({"start_time": start, "end_time": end});
                let rows = rows_of(method, &query(method, &span).paged(100, 0, true).send(address));
                rows.iter().any(|row| row[id] == line["row"][id])
            };
            assert!(ask(&at, &at) && ask(&before, &at) && ask(&at, &after), "{at}");
            assert!(!ask(&before, &before) && !ask(&after, &after), "{at}");
        }
    }
}

#[test]
fn filters_are_equalities_of_fields() {
    let sandbox = with_rows(&[(STOCKOUT, 1_200), (ORDERS, 500)], |_| {});
    let address = sandbox.address();
    let lines = state(address, STOCKOUT);
    let count = |fits: &dyn Fn(&Value) -> bool| lines.iter().filter(|l| fits(&l["row"])).count();
    // Days begin and end where the rows do; an hour is the most that this query takes.
    let (from, to) = (format!("{DAY} 12:00:00"), format!("{DAY} 13:00:00"));
    let ask = |mut more: Value| {
        more["start_time"] = from.clone().into();
        more["end_time"] = to.clone().into();
        let answer = query(STOCKOUT, &more).paged(1, 0, true).send(address);
        rows_of(STOCKOUT, &answer);
        usize::try_from(Response::parse(answer.body.as_bytes()).unwrap().total().unwrap()).unwrap()
    };
    let consigned = |row: &Value| {
        (from.as_str()..=to.as_str()).contains(&row["consign_time"].as_str().unwrap())
    };
    let all = ask(json!({}));
    assert_eq!(all, count(&consigned));
    let one = &lines.iter().find(|l| consigned(&l["row"])).unwrap()["row"];
    let (shop, status) = (&one["shop_no"], text(&one["status"]));
    let of_shop = ask(json!({"shop_nos": shop}));
    assert!((1..all).contains(&of_shop), "{of_shop} of {all}");
    assert_eq!(of_shop, count(&|row| consigned(row) && row["shop_no"] == *shop));
    let other = &lines.iter().find(|l| l["row"]["shop_no"] != *shop).unwrap()["row"]["shop_no"];
    let both = format!("{},{}", text(shop), text(other));
    let is_either = |row: &Value| row["shop_no"] == *shop || row["shop_no"] == *other;
    assert_eq!(ask(json!({"shop_nos": both})), count(&|row| consigned(row) && is_either(row)));
    assert_eq!(
        ask(json!({"status": status})),
        count(&|row| { consigned(row) && text(&row["status"]) == status })
    );
    assert_eq!(ask(json!({"shop_nos": "nobody's"})), 0);
    assert_eq!(ask(json!({"shop_nos": "", "status": null})), all, "nothing is asked for");

    // A number alone stands in for the span.
    let order = &state(address, ORDERS)[77]["row"];
    for sent in [json!({"trade_no": order["trade_no"]}), json!({"src_tid": order["src_tids"]})] {
        let answer = query(ORDERS, &sent).paged(10, 0, true).send(address);
        assert_eq!(rows_of(ORDERS, &answer), std::slice::from_ref(order), "{sent}");
    }
}

#[test]
fn a_switch_makes_the_span_mean_the_time_of_change() {
    let sandbox = with_rows(&[(STOCKOUT, 1_000)], |_| {});
    let address = sandbox.address();
    change_rows(address, STOCKOUT, 300);
    let lines = state(address, STOCKOUT);
    let (from, to) = (format!("{DAY} 20:00:00"), format!("{DAY} 21:00:00"));
    let wanted = "5,10,50,51,52,53,54,58,60,61,63,65,70,73,74,75,77,79,90,110";
    let switched = json!({"start_time": from, "end_time": to, "status_type": 3, "status": wanted});
    let rows = rows_of(STOCKOUT, &query(STOCKOUT, &switched).paged(1_000, 0, true).send(address));
    let inside = |time: &Value| (from.as_str()..=to.as_str()).contains(&time.as_str().unwrap());
    let is_wanted = |row: &Value| wanted.split(',').any(|code| text(&row["status"]) == code);
    let found: BTreeSet<_> = rows.iter().map(|row| text(&row["stockout_id"])).collect();
    let expected = lines.iter().filter(|l| inside(&l["modified"]) && is_wanted(&l["row"]));
    assert_eq!(found, expected.map(|line| text(&line["row"]["stockout_id"])).collect());
    let plain = json!({"start_time": from, "end_time": to});
    let rows = rows_of(STOCKOUT, &query(STOCKOUT, &plain).paged(1_000, 0, true).send(address));
    assert_eq!(rows.len(), lines.iter().filter(|l| inside(&l["created"])).count());
    assert!(rows.iter().any(|row| !found.contains(&text(&row["stockout_id"]))));
}

#[test]
fn orders_are_kept() {
    let day =
        json!({"start_time": format!("{DAY} 20:00:00"), "end_time": format!("{DAY} 21:00:00")});
    let mut newest = day.clone();
    newest["order_type"] = 1.into();
    let mut replies = Vec::new();
    for order in ["time", "key", "shuffled"] {
        let sandbox = with_rows(&[(ORDERS, 2_000)], |rows| rows.order = order.parse().unwrap());
        let address = sandbox.address();
        change_rows(address, ORDERS, 500);
        let ask = |sent: &Value| {
            let pages = (0..20)
                .map(|no| rows_of(ORDERS, &query(ORDERS, sent).paged(20, no, false).send(address)));
            pages.collect::<Vec<_>>().concat()
        };
        let rows = ask(&day);
        let times: Vec<_> = rows.iter().map(|row| text(&row["modified"])).collect();
        let keys: Vec<_> = rows.iter().map(|row| row["trade_id"].as_u64().unwrap()).collect();
        assert_eq!(times.is_sorted(), order == "time");
        assert_eq!(keys.is_sorted(), order == "key");
        let newest: Vec<_> = ask(&newest).iter().map(|row| text(&row["modified"])).collect();
        assert!(newest.iter().rev().is_sorted() && newest.len() == times.len(), "{order}");
        replies.push(keys.into_iter().collect::<BTreeSet<_>>());
    }
    assert!(replies[0] == replies[1] && replies[1] == replies[2] && replies[0].len() > 100);
}

#[test]
fn what_a_page_refuses_is_refused() {
    let sandbox = with_rows(
        &[
            (ORDERS, 100),
            (REFUNDS, 100),
            ("wms.StockSpec.search", 100),
            ("setting.Employee.search", 100),
        ],
        |_| {},
    );
    let address = sandbox.address();
    for (method, sent, message) in [
        (
            ORDERS,
            json!({"start_time": format!("{DAY} 00:00:00"), "end_time": format!("{DAY} 02:00:00")}),
            "您的查询时间过宽,查询时间不能大于60分钟",
        ),
        (
            REFUNDS,
            json!({"start_time": "2025-01-01 00:00:00", "end_time": "2025-03-01 00:00:00"}),
            "您的查询时间过宽,查询时间不能大于30天",
        ),
    ] {
        let answer = query(method, &sent).paged(100, 0, true).send(address);
        assert_eq!(answer.refusal(), (100, message.into()));
    }
    let reversed =
        json!({"start_time": format!("{DAY} 02:00:00"), "end_time": format!("{DAY} 01:30:00")});
    assert_eq!(
        query(ORDERS, &reversed).paged(100, 0, true).send(address).refusal(),
        (1, "参数错误".into())
    );
    for sent in [json!({}), json!({"start_time": format!("{DAY} 12:00:00")})] {
        let answer = query("setting.Employee.search", &sent).paged(100, 0, true).send(address);
        assert_eq!(answer.refusal(), (100, "参数中必须包含起止时间".into()), "{sent}");
    }
    let unpaged =
        json!({"start_time": format!("{DAY} 01:00:00"), "end_time": format!("{DAY} 01:30:00")});
    assert_ne!(query(ORDERS, &unpaged).send(address).status(), 0);
    let large =
        json!({"start_time": format!("{DAY} 00:00:00"), "end_time": format!("{DAY} 23:00:00")});
    assert_ne!(
        query("wms.StockSpec.search", &large).paged(1_001, 0, true).send(address).status(),
        0
    );
    // Where no page states the most, the sandbox does, and says so.
    let day =
        json!({"start_time": format!("{DAY} 12:00:00"), "end_time": format!("{DAY} 13:00:00")});
    let answer = query(ORDERS, &day).paged(5_000, 0, true).send(address);
    assert!(!rows_of(ORDERS, &answer).is_empty());
    let told = last_entry(address)["explanation"].as_str().unwrap().to_owned();
    assert!(told.contains("page_size 5000") && told.contains("1000"), "{told}");
}

#[test]
fn digits_are_exact_and_texts_awkward() {
    let sandbox = with_rows(&[(ORDERS, 500)], |_| {});
    let answer = get(sandbox.address(), &format!("/__rows/{ORDERS}"));
    // Of numbers with nineteen digits a binary fraction keeps sixteen.
    assert!(answer.body.contains("999999999999999.99"), "no large number");
    assert!(answer.body.contains("\\\"'\\\\\\n\\t<b>&\u{2028}😀"), "no awkward text");
}

#[test]
fn a_query_without_rows_is_canned_and_one_of_none_is_empty() {
    let sandbox = with_rows(&[(ORDERS, 0)], |_| {});
    let address = sandbox.address();
    let day =
        json!({"start_time": format!("{DAY} 12:00:00"), "end_time": format!("{DAY} 13:00:00")});
    let answer = query(ORDERS, &day).paged(100, 0, true).send(address);
    assert_eq!((rows_of(ORDERS, &answer).len(), answer.mark()), (0, "rows"));
    assert_eq!(change_rows(address, ORDERS, 5).json()["rows"], 0);
    assert_eq!(state(address, ORDERS), Vec::<Value>::new());
    let answer = query(STOCKOUT, &day).paged(100, 0, true).send(address);
    assert_eq!(answer.mark(), "canned");
    let without = self::sandbox(|_| {});
    assert_eq!(get(without.address(), "/__rows").json()["methods"], json!([]));
}
