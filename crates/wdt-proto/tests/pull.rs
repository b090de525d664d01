//! A pull against a platform that is simulated: rows come, change, move and vanish while one reads;
//! calls fail, the program is killed; and in the end the copy is the platform's own state.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests
// Small numbers, on both sides of every cast.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss
)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use wdt_proto::catalogue::Catalogue;
use wdt_proto::session::{Moment, Pull, PullOptions};

/// A generator of numbers, the same for the same seed (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n.max(1)
    }

    fn one_in(&mut self, n: u64) -> bool {
        n > 0 && self.below(n) == 0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Time,
    Key,
    Shuffled,
    Newest,
}

/// Which ends of a span belong to it: no page of the vendor's says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    Both,
    Start,
    End,
}

struct Platform {
    /// Second of the last change and version, by id.
    rows: BTreeMap<u64, (i64, u32)>,
    by_time: BTreeSet<(i64, u64)>,
    order: Order,
    ends: Ends,
    longest: i64,
    calls: u64,
}

impl Platform {
    fn set(&mut self, id: u64, at: i64, version: u32) {
        self.remove(id);
        self.rows.insert(id, (at, version));
        self.by_time.insert((at, id));
    }

    fn remove(&mut self, id: u64) {
        if let Some((at, _)) = self.rows.remove(&id) {
            self.by_time.remove(&(at, id));
        }
    }

    /// The page that the arguments ask for, as a reply's data, and the total.
    fn answer(&mut self, body: &str, size: u64, page: u64) -> (String, u64) {
        self.calls += 1;
        let args: Vec<BTreeMap<String, String>> = serde_json::from_str(body).unwrap();
        let at = |name: &str| Moment::read(&args[0][name]).unwrap().unix();
        let (from, to) = (at("start_time"), at("end_time"));
        assert!(from < to && to - from <= self.longest, "{body}");
        let is_in = |at: i64| match self.ends {
            Ends::Both => from <= at && at <= to,
            Ends::Start => from <= at && at < to,
            Ends::End => from < at && at <= to,
        };
        let near = self.by_time.range((from, 0)..=(to, u64::MAX));
        let mut found: Vec<_> =
            near.filter(|(at, _)| is_in(*at)).map(|(_, id)| (*id, self.rows[id])).collect();
        match self.order {
            Order::Key => found.sort_by_key(|(id, _)| *id),
            Order::Time => found.sort_by_key(|(id, (at, _))| (*at, *id)),
            Order::Newest => found.sort_by_key(|(id, (at, _))| (-*at, *id)),
            Order::Shuffled => found.sort_by_key(|(id, _)| id.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
        }
        let total = found.len() as u64;
        let page = found.iter().skip((size * page) as usize).take(size as usize);
        let rows: Vec<_> = page.map(|(id, (at, version))| text(*id, *at, *version)).collect();
        (format!(r#"{{"order":[{}],"total_count":{total}}}"#, rows.join(",")), total)
    }
}

fn text(id: u64, at: i64, version: u32) -> String {
    format!(r#"{{"id":{id},"modified":"{}","version":{version}}}"#, Moment::from_unix(at))
}

fn catalogue(longest: i64) -> Catalogue {
    let mut catalogue = Catalogue::new();
    let minutes = longest / 60;
    catalogue
        .register(&format!(
            r#"{{"method":"m.search","title":"t","documented":true,"writes":false,"paged":true,
            "rows":"order","row_key":["id"],"max_span":{{"minutes":{minutes}}},
            "span":{{"from":"start_time","to":"end_time","filters_on":"modified","row_field":"modified"}},
            "params":[{{"name":"params","label":"","type":"object","required":true,"fields":[
              {{"name":"start_time","label":"","type":"datetime","required":true,"span_to":"end_time"}},
              {{"name":"end_time","label":"","type":"datetime","required":true}}]}}],
            "response":[{{"name":"data","label":"","type":"object","required":true,"fields":[
              {{"name":"order","label":"","type":"list<object>","required":true,"fields":[
                {{"name":"id","label":"","type":"long","required":true}},
                {{"name":"modified","label":"","type":"datetime","required":true}}]}}]}}]}}"#
        ))
        .unwrap();
    catalogue
}

/// What the puller keeps: rows and state, in one transaction.
#[derive(Default)]
struct Sink {
    rows: BTreeMap<u64, (i64, u32)>,
    /// How often each content came.
    times: BTreeMap<(u64, u32), u32>,
    state: Option<String>,
    longest_state: usize,
}

impl Sink {
    fn keep(&mut self, rows: &[String], state: String) {
        for row in rows {
            let row: serde_json::Value = serde_json::from_str(row).unwrap();
            let (id, version) =
                (row["id"].as_u64().unwrap(), row["version"].as_u64().unwrap() as u32);
            let at = Moment::read(row["modified"].as_str().unwrap()).unwrap().unix();
            *self.times.entry((id, version)).or_default() += 1;
            let known = self.rows.entry(id).or_insert((at, version));
            if known.1 <= version {
                *known = (at, version);
            }
        }
        self.longest_state = self.longest_state.max(state.len());
        self.state = Some(state);
    }
}

struct World {
    platform: Platform,
    sink: Sink,
    chance: Chance,
    now: i64,
    since: i64,
    next_id: u64,
    /// One call in so many sees a change, fails, is the last before a kill; 0: none.
    churn: u64,
    faults: u64,
    kills: u64,
    page_size: u32,
}

const LAG: i64 = 60;
const OVERLAP: i64 = 600;

impl World {
    fn new(seed: u64, rows: u64, seconds: i64, order: Order, ends: Ends, longest: i64) -> Self {
        let mut chance = Chance(seed | 1);
        let since = 1_777_564_800;
        let mut platform = Platform {
            rows: BTreeMap::new(),
            by_time: BTreeSet::new(),
            order,
            ends,
            longest,
            calls: 0,
        };
        let burst = since + 1 + chance.below(seconds as u64 - 2) as i64;
        for id in 0..rows {
            // A tenth of them in one second.
            let at = if chance.one_in(10) {
                burst
            } else {
                since + 1 + chance.below(seconds as u64 - 2) as i64
            };
            platform.set(id, at, 1);
        }
        let sink = Sink::default();
        let now = since + seconds + LAG;
        Self {
            platform,
            sink,
            chance,
            now,
            since,
            next_id: rows,
            churn: 0,
            faults: 0,
            kills: 0,
            page_size: 20,
        }
    }

    /// Time passes, and perhaps a row comes, changes or vanishes.
    fn pass(&mut self) {
        self.now += 1;
        if !self.chance.one_in(self.churn) {
            return;
        }
        let id = self.chance.below(self.next_id);
        match self.chance.below(8) {
            0 => self.platform.remove(id),
            // It becomes visible late, but not later than the lag.
            1 => {
                let at = self.now - self.chance.below(LAG as u64) as i64;
                self.platform.set(self.next_id, at, 1);
                self.next_id += 1;
            }
            _ => {
                let now = self.now;
                if let Some((_, version)) = self.platform.rows.get(&id).copied() {
                    self.platform.set(id, now, version + 1);
                }
            }
        }
    }

    fn begin(&self, catalogue: &Catalogue) -> Pull {
        let method = catalogue.method("m.search").unwrap();
        let options = PullOptions {
            page_size: Some(self.page_size),
            lag: LAG as u32,
            overlap: OVERLAP as u32,
            account: "sid".into(),
        };
        let (since, now) = (Moment::from_unix(self.since), Moment::from_unix(self.now));
        match &self.sink.state {
            None => Pull::new(method, "{}", since, now, now, options).unwrap(),
            Some(state) => Pull::resume(method, "{}", since, now, now, options, state).unwrap(),
        }
    }

    /// One run, killed now and then; gives the report of its last process.
    fn run(&mut self) -> wdt_proto::session::PullReport {
        let catalogue = catalogue(self.platform.longest);
        let mut pull = self.begin(&catalogue);
        let mut calls = 0_u64;
        while let Some(ask) = pull.ask() {
            calls += 1;
            assert!(calls < 200_000, "no end: {:?}", pull.report());
            self.pass();
            let batch = if self.chance.one_in(self.faults) {
                pull.fail("the call failed")
            } else {
                let (size, page) = (ask.pager.page_size() as u64, ask.pager.page_no() as u64);
                let (data, total) = self.platform.answer(&ask.body, size, page);
                pull.take(&data, ask.pager.calc_total().then_some(total))
            };
            if let Some(batch) = batch {
                assert!(batch.since <= batch.until);
                self.sink.keep(&batch.rows, batch.state);
            }
            if self.chance.one_in(self.kills) {
                pull = self.begin(&catalogue);
            }
        }
        pull.report()
    }

    /// What the platform has that is over by now and in the copy must be the same.
    fn assert_same(&self, what: &str) {
        for (id, row) in &self.platform.rows {
            assert_eq!(self.sink.rows.get(id), Some(row), "{what}: {id}");
        }
    }
}

fn orders() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::Time), Just(Order::Key), Just(Order::Shuffled), Just(Order::Newest)]
}

fn ends() -> impl Strategy<Value = Ends> {
    prop_oneof![Just(Ends::Both), Just(Ends::Start), Just(Ends::End)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    /// Whatever happens on the way: once the platform rests, one more run makes the copy the same.
    #[test]
    fn the_copy_is_the_platforms_own_state(
        seed in any::<u64>(), rows in 1_u64..1500, order in orders(), ends in ends(),
        churn in 0_u64..4, faults in prop_oneof![Just(0_u64), Just(5), Just(30)], kills in prop_oneof![Just(0_u64), Just(4), Just(20)],
        hours in 1_i64..30, longest in prop_oneof![Just(3600_i64), Just(30 * 86_400)],
    ) {
        let mut world = World::new(seed, rows, hours * 3600, order, ends, longest);
        (world.churn, world.faults, world.kills) = (churn, faults, kills);
        for _ in 0..3 {
            world.run();
            world.now += 1800;
        }
        (world.churn, world.faults, world.kills) = (0, 0, 0);
        world.now += 3600;
        let report = world.run();
        prop_assert!(report.failed.is_empty(), "{report:?}");
        world.assert_same(&format!("{order:?} {ends:?}"));
        prop_assert!(world.sink.longest_state < 60_000, "{}", world.sink.longest_state);
        if faults == 0 {
            let twice = world.sink.times.iter().filter(|(_, times)| **times > 1).count();
            prop_assert_eq!(twice, 0, "rows with the same content came twice");
        }
    }
}

/// Days of 10,000 orders each on a daily curve, in windows of 60 minutes: calls used beside the
/// least possible.
fn days(order: Order, churn: u64) -> (f64, f64, u64) {
    // A month: `WDT_DAYS=30 cargo test --release --test pull few_calls -- --nocapture`.
    let days = std::env::var("WDT_DAYS").map_or(7, |days| days.parse().unwrap());
    let mut world = World::new(7, 0, days * 86_400, order, Ends::Both, 3600);
    world.page_size = 200;
    let per_hour: [u64; 24] = [
        100, 50, 30, 20, 20, 30, 80, 200, 400, 600, 700, 650, 600, 550, 500, 500, 550, 600, 650,
        800, 900, 850, 500, 120,
    ];
    let mut id = 0;
    for day in 0..days {
        for (hour, rows) in (0..).zip(per_hour) {
            for _ in 0..rows {
                let at =
                    world.since + 1 + day * 86_400 + hour * 3600 + world.chance.below(3600) as i64;
                world.platform.set(id, at.min(world.now - LAG - 1), 1);
                id += 1;
            }
        }
    }
    for _ in 0..500 {
        world.platform.set(id, world.since + 3 * 86_400, 1);
        id += 1;
    }
    world.next_id = id;
    world.churn = churn;
    let report = world.run();
    assert!(report.failed.is_empty());
    let (calls, least) = (report.calls as f64, report.least_calls as f64);
    (calls, calls / least, id)
}

#[test]
fn few_calls() {
    for (order, churn, most) in [
        // Of which 1.1 are the hours of the night, whose rows fill no page.
        (Order::Time, 0, 1.2),
        (Order::Time, 1, 1.3),
        (Order::Key, 0, 1.5),
        (Order::Shuffled, 0, 1.5),
        (Order::Newest, 0, 1.5),
        (Order::Shuffled, 1, 1.7),
    ] {
        let (calls, ratio, rows) = days(order, churn);
        println!("{order:?}, churn {churn}: {rows} rows, {calls} calls, {ratio:.3} of the least");
        assert!(ratio <= most, "{order:?} {churn}: {ratio}");
    }
}

#[test]
fn a_since_that_moves_on_skips_nothing() {
    let catalogue = catalogue(3600);
    let method = catalogue.method("m.search").unwrap();
    let day = Moment::read("2026-05-01").unwrap();
    let begin = |since: Moment, until: Moment, state: Option<&str>| {
        let (now, options) =
            (until.plus(3600), PullOptions { overlap: 600, ..PullOptions::default() });
        match state {
            None => Pull::new(method, "{}", since, until, now, options),
            Some(state) => Pull::resume(method, "{}", since, until, now, options, state),
        }
        .unwrap()
    };
    let mut first = begin(day, day.plus(1800), None);
    let state = first.take(r#"{"order":[]}"#, Some(0)).unwrap().state;
    // Yesterday's pull was left out: `since` lies behind what has been read.
    for (since, from) in [(day, 1200), (day.plus(1500), 1500), (day.plus(7200), 1800)] {
        let ask = begin(since, day.plus(10_800), Some(&state)).ask().unwrap();
        let due = format!(r#"[{{"start_time":"{}""#, day.plus(from));
        assert!(ask.body.starts_with(&due), "{} {due}", ask.body);
    }
}

#[test]
fn a_reason_is_kept_in_the_state_and_told_in_both_languages() {
    let catalogue = catalogue(3600);
    let method = catalogue.method("m.search").unwrap();
    let day = Moment::read("2026-05-01").unwrap();
    let (until, now) = (day.plus(1800), day.plus(7200));
    for (data, total, english, chinese) in [
        ("[7", Some(0), "the reply's data is no list of rows", "应答的 data 不是数据行列表"),
        (
            r#"{"order":[]}"#,
            Some(5),
            "a page has fewer rows than its total says",
            "有一页的行数比总数说的少",
        ),
    ] {
        let mut pull = Pull::new(method, "{}", day, until, now, PullOptions::default()).unwrap();
        assert_eq!(pull.take(data, total), None, "it is read again");
        assert_eq!(pull.take(data, total), None);
        let state = pull.take(data, total).unwrap().state;
        let again =
            Pull::resume(method, "{}", day, until, now, PullOptions::default(), &state).unwrap();
        for failed in [pull.report().failed, again.report().failed] {
            assert_eq!((failed[0].since, failed[0].until), (day, until));
            assert_eq!(failed[0].why.to_string(), english);
            assert_eq!(failed[0].why.zh().to_string(), chinese);
        }
    }
}
