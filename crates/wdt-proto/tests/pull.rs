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

use std::collections::BTreeMap;

use platform::{Chance, Ends, Names, Order, Platform, catalogue};
use proptest::prelude::*;
use wdt_proto::catalogue::Catalogue;
use wdt_proto::session::{Moment, Pull, PullOptions, PullReport};

// Others of the tests use the rest of it.
#[allow(dead_code, unreachable_pub)]
mod platform;

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
        let mut chance = Chance::new(seed);
        let since = 1_777_564_800;
        let names = Names::of(catalogue(longest / 60).method("m.search").unwrap());
        let mut platform = Platform::new(names, order, ends, Some(longest));
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
    fn run(&mut self) -> PullReport {
        let catalogue = catalogue(self.platform.longest.unwrap() / 60);
        let mut pull = self.begin(&catalogue);
        let mut calls = 0_u64;
        while pull.ask().is_some() {
            calls += 1;
            assert!(calls < 200_000, "no end: {:?}", pull.report());
            self.pass();
            let batch = if self.chance.one_in(self.faults) {
                pull.fail("the call failed")
            } else {
                self.platform.serve(&mut pull, Some)
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
    let catalogue = catalogue(60);
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
    let catalogue = catalogue(60);
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
