//! What a reader of spans and pages must hold: the table of `testdata/pull.json`, one case after
//! the other against a simulated platform.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use std::collections::{BTreeMap, BTreeSet};

use platform::{Ends, Names, Order, Platform};
use serde::Deserialize;
use wdt_proto::catalogue;
use wdt_proto::session::{Moment, Pages, PagesOptions, Pull, PullError, PullOptions};

// Others of the tests use the rest of it.
#[allow(dead_code, unreachable_pub)]
mod platform;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "about")]
    _about: String,
    pulls: Vec<Case>,
    pages: Vec<PagesCase>,
}

fn table() -> Table {
    serde_json::from_str(include_str!("../testdata/pull.json")).unwrap()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    method: Option<String>,
    /// The longest span that the platform takes.
    minutes: Option<i64>,
    #[serde(default = "no_params")]
    params: String,
    page_size: Option<u32>,
    #[serde(default)]
    rows: Vec<(u64, String)>,
    #[serde(default)]
    shows: Vec<(u64, String)>,
    many: Option<Many>,
    #[serde(default = "in_time")]
    orders: Vec<String>,
    #[serde(default = "both")]
    ends: Vec<String>,
    #[serde(default = "told")]
    totals: Vec<String>,
    runs: Vec<Run>,
    expect: Expect,
}

/// So many rows, spread over a span.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Many {
    rows: u32,
    since: String,
    until: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    since: String,
    until: String,
    now: Option<String>,
    lag: Option<u32>,
    overlap: Option<u32>,
    /// After so many calls the row is changed at this time, or is gone.
    #[serde(default)]
    events: Vec<(usize, u64, Option<String>)>,
    /// Before it begins.
    #[serde(default)]
    arrives: Vec<(u64, String)>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Expect {
    error: Option<String>,
    /// Exactly these are asked for.
    windows: Option<Vec<(String, String)>>,
    /// What the windows of all runs cover, where it is not the run's own span.
    covers: Vec<(String, String)>,
    pages: Option<Vec<i32>>,
    page_size: Option<i32>,
    /// The ids that come, each at least once.
    rows: Vec<u64>,
    /// More of them where these ends belong to a span.
    also: BTreeMap<String, Vec<u64>>,
    count: Option<usize>,
    /// Rows of all batches, those that come twice counted twice.
    handed_out: Option<usize>,
    ends_at: Vec<(u64, String)>,
    cursors: Option<Vec<String>>,
    ends_with: Option<String>,
    begins: Option<Vec<String>>,
    at_most_calls: Option<u64>,
    least_calls: Option<u64>,
    arguments: BTreeMap<String, serde_json::Value>,
}

fn no_params() -> String {
    "{}".into()
}

fn in_time() -> Vec<String> {
    vec!["time".into()]
}

fn both() -> Vec<String> {
    vec!["both".into()]
}

fn told() -> Vec<String> {
    vec!["told".into()]
}

fn unix(text: &str) -> i64 {
    Moment::read(text).unwrap_or_else(|| panic!("{text} is no time")).unix()
}

/// What one case's pulls did.
#[derive(Default)]
struct Seen {
    /// How often each content came, and the latest time of each id.
    contents: BTreeMap<String, usize>,
    times: BTreeMap<u64, String>,
    windows: Vec<(i64, i64)>,
    pages: Vec<i32>,
    cursors: Vec<String>,
    begins: Vec<String>,
    calls: u64,
    least_calls: u64,
}

#[test]
fn every_pull_of_the_table() {
    let cases = table().pulls;
    assert!(cases.len() >= 30);
    for case in &cases {
        for order in &case.orders {
            for ends in &case.ends {
                for totals in &case.totals {
                    let what = format!("{}: {} ({order}, {ends}, {totals})", case.name, case.why);
                    pull(case, order, ends, totals, &what);
                }
            }
        }
    }
}

fn pull(case: &Case, order: &str, ends: &str, totals: &str, what: &str) {
    let own = platform::catalogue(case.minutes.unwrap_or(60));
    let method = match &case.method {
        Some(name) => catalogue::method(name).unwrap(),
        None => own.method("m.search").unwrap(),
    };
    let ends_named = ends;
    let order = match order {
        "time" => Order::Time,
        "key" => Order::Key,
        "shuffled" => Order::Shuffled,
        "newest" => Order::Newest,
        other => panic!("{other} is no order"),
    };
    let ends = match ends {
        "both" => Ends::Both,
        "start" => Ends::Start,
        "end" => Ends::End,
        other => panic!("{other} are no ends"),
    };
    let longest = case.minutes.map(|minutes| minutes * 60);
    let mut platform = Platform::new(Names::of(method), order, ends, longest);
    for (id, at) in &case.rows {
        platform.set(*id, unix(at), 1);
    }
    platform.shown = case.shows.iter().map(|(id, at)| (*id, unix(at))).collect();
    if let Some(Many { rows, since, until }) = &case.many {
        let (since, until) = (unix(since), unix(until));
        for id in 0..*rows {
            let at = since + (until - since) * i64::from(id) / i64::from(*rows);
            platform.set(id.into(), at, 1);
        }
    }
    let mut seen = Seen::default();
    let mut state: Option<String> = None;
    for run in &case.runs {
        run.arrives.iter().for_each(|(id, at)| platform.set(*id, unix(at), 1));
        let moment = |text: &String| Moment::from_unix(unix(text));
        let (since, until) = (moment(&run.since), moment(&run.until));
        let now = run.now.as_ref().map_or(until.plus(3600), moment);
        let default = PullOptions::default();
        let options = PullOptions {
            page_size: case.page_size,
            lag: run.lag.unwrap_or(default.lag),
            overlap: run.overlap.unwrap_or(default.overlap),
            ..default
        };
        let begun = match &state {
            None => Pull::new(method, &case.params, since, until, now, options),
            Some(state) => Pull::resume(method, &case.params, since, until, now, options, state),
        };
        let mut pull = match (begun, &case.expect.error) {
            (Ok(pull), None) => pull,
            (Err(error), Some(expected)) => {
                assert_eq!((&error, error.to_string()), (&PullError::Reversed, expected.clone()));
                return;
            }
            (begun, expected) => panic!("{what}: {begun:?} instead of {expected:?}"),
        };
        state = drive(case, run, &mut platform, &mut pull, totals, &mut seen, what).or(state);
        assert!(pull.report().failed.is_empty(), "{what}: {:?}", pull.report());
        seen.calls += pull.report().calls;
        seen.least_calls = seen.least_calls.max(pull.report().least_calls);
    }
    seen.windows.clone_from(&platform.asked);
    judge(case, ends_named, &platform, &seen, what);
}

/// One process from its beginning to its end; gives the state of its last batch.
fn drive(
    case: &Case,
    run: &Run,
    platform: &mut Platform,
    pull: &mut Pull,
    totals: &str,
    seen: &mut Seen,
    what: &str,
) -> Option<String> {
    let mut state = None;
    let mut calls = 0;
    while let Some(ask) = pull.ask() {
        assert!(calls < 2000, "{what}: no end");
        let arguments: Vec<BTreeMap<String, serde_json::Value>> =
            serde_json::from_str(&ask.body).unwrap();
        if calls == 0 {
            let from = arguments[0][&platform.names.from].as_str().unwrap();
            seen.begins.push(from.to_owned());
        }
        for (name, value) in &case.expect.arguments {
            assert_eq!(arguments[0].get(name), Some(value), "{what}");
        }
        if let Some(size) = case.expect.page_size {
            assert_eq!(ask.pager.page_size(), size, "{what}");
        }
        seen.pages.push(ask.pager.page_no());
        let batch = platform.serve(pull, |total| match totals {
            "absent" => None,
            "zero behind the first page" if ask.pager.page_no() > 0 => Some(0),
            "told" | "zero behind the first page" => Some(total),
            other => panic!("{other} are no totals"),
        });
        calls += 1;
        if let Some(batch) = batch {
            for row in batch.rows {
                let fields: serde_json::Value = serde_json::from_str(&row).unwrap();
                let id = platform.names.key.as_ref().and_then(|key| fields[key].as_u64());
                if let Some(id) = id {
                    let at = fields[&platform.names.time].as_str().unwrap().to_owned();
                    seen.times.insert(id, at);
                }
                *seen.contents.entry(row).or_default() += 1;
            }
            seen.cursors.push(batch.until.to_string());
            state = Some(batch.state);
        }
        for (_, id, at) in run.events.iter().filter(|(after, ..)| *after == calls) {
            match at {
                Some(at) => platform.set(*id, unix(at), 2),
                None => platform.remove(*id),
            }
        }
    }
    state
}

fn judge(case: &Case, ends: &str, platform: &Platform, seen: &Seen, what: &str) {
    let expect = &case.expect;
    let due: BTreeSet<u64> =
        expect.rows.iter().chain(expect.also.get(ends).into_iter().flatten()).copied().collect();
    let got: BTreeSet<u64> = seen.times.keys().copied().collect();
    if due.is_empty() && expect.count.is_some() {
        assert!(got.is_empty() || Some(got.len()) == expect.count, "{what}");
    } else {
        assert!(due.is_subset(&got), "{what}: {got:?}");
        // What vanished may have come before.
        let known: BTreeSet<u64> = case.rows.iter().map(|(id, _)| *id).collect();
        assert!(got.iter().all(|id| due.contains(id) || known.contains(id)), "{what}: {got:?}");
    }
    let handed_out: usize = seen.contents.values().sum();
    if let Some(count) = expect.handed_out.or(expect.count) {
        assert_eq!(handed_out, count, "{what}: {:?}", seen.contents);
    }
    for (id, at) in &expect.ends_at {
        assert_eq!(seen.times.get(id), Some(at), "{what}");
    }
    if let Some(windows) = &expect.windows {
        let windows: Vec<_> = windows.iter().map(|(from, to)| (unix(from), unix(to))).collect();
        assert_eq!(seen.windows, windows, "{what}");
    }
    let spans: Vec<(&String, &String)> = match &*expect.covers {
        [] => case
            .runs
            .iter()
            .filter(|run| run.now.is_none())
            .map(|run| (&run.since, &run.until))
            .collect(),
        covers => covers.iter().map(|(from, to)| (from, to)).collect(),
    };
    for (since, until) in spans {
        let mut reached = unix(since);
        let mut windows = seen.windows.clone();
        windows.sort_unstable();
        for (from, to) in windows {
            assert!(from <= reached, "{what}: nothing covers {}", Moment::from_unix(reached));
            reached = reached.max(to);
        }
        assert!(reached >= unix(until), "{what}: it ends at {}", Moment::from_unix(reached));
    }
    if let Some(pages) = &expect.pages {
        assert_eq!(&seen.pages, pages, "{what}");
    }
    if let Some(cursors) = &expect.cursors {
        assert_eq!(&seen.cursors, cursors, "{what}");
    }
    if let Some(end) = &expect.ends_with {
        assert_eq!(seen.cursors.last(), Some(end), "{what}");
    }
    if let Some(begins) = &expect.begins {
        assert_eq!(&seen.begins, begins, "{what}");
    }
    if let Some(most) = expect.at_most_calls {
        assert!(seen.calls <= most, "{what}: {} calls", seen.calls);
    }
    if let Some(least) = expect.least_calls {
        assert_eq!(seen.least_calls, least, "{what}");
    }
    assert_eq!(seen.calls, platform.asked.len() as u64, "{what}");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PagesCase {
    name: String,
    why: String,
    method: Option<String>,
    page_size: i64,
    rows: u64,
    #[serde(default = "is_told")]
    total: String,
    /// After so many calls this id is gone.
    leaves: Option<(usize, u64)>,
    /// Whoever reads acknowledges, and what is acknowledged leaves.
    #[serde(default)]
    drains: bool,
    expect: PagesExpect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PagesExpect {
    asked: Vec<i32>,
    rows: Option<u64>,
    ids: Option<BTreeSet<u64>>,
}

fn is_told() -> String {
    "told".into()
}

#[test]
fn every_list_of_the_table() {
    let cases = table().pages;
    assert!(cases.len() >= 18);
    for case in &cases {
        let what = format!("{}: {}", case.name, case.why);
        let name = case.method.as_deref().unwrap_or("m.search");
        let options = PagesOptions {
            page_size: Some(case.page_size),
            with_total: case.total != "absent",
            drains: case.drains,
            ..PagesOptions::default()
        };
        let mut pages = Pages::new(name, catalogue::method(name), options).unwrap();
        let mut list: Vec<u64> = (1..=case.rows).collect();
        let (mut asked, mut ids) = (Vec::new(), Vec::new());
        while let Some(pager) = pages.ask() {
            assert!(asked.len() < 20, "{what}: no end");
            let total = match &*case.total {
                _ if !pager.calc_total() => None,
                "zero behind the first page" if pager.page_no() > 0 => Some(0),
                "told" | "zero behind the first page" => Some(list.len() as u64),
                other => panic!("{other} is no total"),
            };
            asked.push(pager.page_no());
            let [size, no] =
                [pager.page_size(), pager.page_no()].map(|n| usize::try_from(n).unwrap());
            let page: Vec<u64> = list.iter().skip(size * no).take(size).copied().collect();
            let data = serde_json::to_string(&page).unwrap();
            for (_, row) in pages.take(&data, total).unwrap().rows {
                let id = row.parse().unwrap();
                ids.push(id);
                if case.drains {
                    list.retain(|waiting| *waiting != id);
                }
            }
            let left = case.leaves.filter(|(after, _)| *after == asked.len());
            list.retain(|id| Some(*id) != left.map(|(_, id)| id));
        }
        assert_eq!(asked, case.expect.asked, "{what}");
        let once: BTreeSet<u64> = ids.iter().copied().collect();
        assert_eq!(once.len(), ids.len(), "{what}: {ids:?}");
        let due = case.expect.ids.clone().unwrap_or_else(|| (1..=case.rows).collect());
        assert_eq!(once, due, "{what}");
        assert!(case.expect.rows.is_none_or(|rows| rows == pages.rows()), "{what}");
    }
}

/// A pull that begins at a minute would have to be widened to minutes.
#[test]
fn no_method_counts_minutes() {
    for method in catalogue::methods() {
        let precision = method.span().map_or("", |span| span.precision());
        assert!(["", "seconds", "days"].contains(&precision), "{}: {precision}", method.name());
    }
}
