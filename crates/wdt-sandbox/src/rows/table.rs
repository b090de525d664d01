//! The rows of one method: when each came about and changed, in order, and how they change.
//! What a row holds is made when it is asked for.

use std::sync::Arc;

use super::curve;
use super::hash::{below, mix};
use super::make::Row;
use super::plan::Plan;
use super::spec::{Churn, Per};

/// More changes at once are put in order together.
const MANY: u64 = 256;
/// The longest time between a row's beginning and its first change.
const FIRST_DELAY: u64 = 7_200;

/// What the rows are as of now: all that is needed to make each of them.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pub(super) plan: Arc<Plan>,
    /// Of each row the time that the span means by default, as it was at the start: ascending.
    pub(super) first: Arc<Vec<u32>>,
    changed: Vec<u32>,
    changes: Vec<u32>,
}

/// The rows of a method, and what was asked for.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) content: Content,
    /// Time of change and number of every row, in this order.
    pub(super) order: Vec<(u32, u32)>,
    /// Where the rows' time ends, if that was over at the start.
    history_end: Option<u32>,
    /// The end of the latest span of changes that was asked for.
    asked_until: u32,
    /// The span of changes that was read last.
    last_read: Option<(u32, u32)>,
    /// Changes so far.
    pub(super) changes: u64,
    ticker: Ticker,
}

/// Changes that come with time.
#[derive(Debug, Clone, Copy)]
struct Ticker {
    churn: Churn,
    /// Milliseconds since 1970, by the sandbox's clock.
    since: i64,
    done: u64,
}

/// The time over which rows came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) first: u32,
    pub(super) last: u32,
    /// Whether it was over when the sandbox started.
    pub(super) is_over: bool,
}

impl Content {
    fn new(plan: Plan, count: u32, period: Period) -> Self {
        let Period { first, last, .. } = period;
        let share = |n: u32| {
            let draw = mix(mix(plan.seed, 1), n.into());
            let share = ((u128::from(n) << 64) + u128::from(draw)) / u128::from(count.max(1));
            u64::try_from(share).unwrap_or(u64::MAX)
        };
        let times: Vec<u32> = (0..count).map(|n| curve::draw(first, last, share(n))).collect();
        let mut content = Self {
            plan: Arc::new(plan),
            first: Arc::new(times),
            changed: Vec::new(),
            changes: vec![0; count as usize],
        };
        content.changed = if content.plan.by_change {
            content.first.to_vec()
        } else {
            // The first change follows, unless that would be after the end.
            let after = |(n, begun): (u32, &u32)| {
                Some(begun + content.delay(n)).filter(|t| *t <= last).unwrap_or(*begun)
            };
            (0..).zip(content.first.iter()).map(after).collect()
        };
        content
    }

    pub(super) fn len(&self) -> usize {
        self.changed.len()
    }

    fn delay(&self, number: u32) -> u32 {
        let draw = mix(mix(self.plan.seed, 2), number.into());
        u32::try_from(below(draw, FIRST_DELAY)).unwrap_or(0)
    }

    pub(super) fn row(&self, number: u32) -> Row {
        let at = number as usize;
        let first = self.first.get(at).copied().unwrap_or(0);
        let delay = if self.plan.by_change { self.delay(number) } else { 0 };
        Row {
            number,
            changes: self.changes.get(at).copied().unwrap_or(0),
            begun: first.saturating_sub(delay),
            changed: self.changed.get(at).copied().unwrap_or(first),
        }
    }

    /// How many rows have changed.
    pub(super) fn changed_rows(&self) -> usize {
        self.changes.iter().filter(|changes| **changes > 0).count()
    }
}

impl Table {
    /// `now` in milliseconds since 1970.
    pub(super) fn new(plan: Plan, count: u32, period: Period, churn: Churn, now: i64) -> Self {
        let content = Content::new(plan, count, period);
        let mut table = Self {
            content,
            order: Vec::new(),
            history_end: period.is_over.then_some(period.last),
            asked_until: 0,
            last_read: None,
            changes: 0,
            ticker: Ticker { churn, since: now, done: 0 },
        };
        table.sort();
        table
    }

    fn sort(&mut self) {
        let times = self.content.changed.iter().copied();
        self.order.clear();
        self.order.extend(times.zip(0..));
        self.order.sort_unstable();
    }

    /// The places in `order` of the rows that changed from `from` to `to`.
    pub(super) fn places(&self, (from, to): (u32, u32)) -> std::ops::Range<usize> {
        let start = self.order.partition_point(|(time, _)| *time < from);
        start..self.order.partition_point(|(time, _)| *time <= to).max(start)
    }

    /// Takes note of a query for what changed in this span.
    pub(super) fn was_read(&mut self, span: (u32, u32)) {
        self.last_read = Some(span);
        if span.1 < u32::MAX {
            self.asked_until = self.asked_until.max(span.1);
        }
    }

    /// Makes the changes that were due by now.
    pub(super) fn catch_up(&mut self, now: i64) {
        let Ticker { churn: Churn(Some((rate, Per::Second))), since, done } = self.ticker else {
            return;
        };
        let rate = i64::from(rate.get());
        let passed = now.saturating_sub(since).max(0);
        let due = u64::try_from(passed.saturating_mul(rate) / 1_000).unwrap_or(0);
        // Each has the time at which it was due.
        let at = |n: u64| {
            let after = i64::try_from(n + 1).unwrap_or(i64::MAX).saturating_mul(1_000) / rate;
            u32::try_from((since + after) / 1_000).unwrap_or(0)
        };
        self.change_many(due.saturating_sub(done), |n| at(done + n));
        self.ticker.done = due.max(done);
    }

    /// Makes the changes that follow a call.
    pub(super) fn after_call(&mut self, now: i64) {
        if let Churn(Some((count, Per::Call))) = self.ticker.churn {
            self.change(count.get().into(), now);
        }
    }

    pub(super) fn set_churn(&mut self, churn: Churn, now: i64) {
        self.catch_up(now);
        self.ticker = Ticker { churn, since: now, done: 0 };
    }

    /// Changes so many rows now.
    pub(super) fn change(&mut self, count: u64, now: i64) {
        let now = u32::try_from(now / 1_000).unwrap_or(0);
        self.change_many(count, |_| now);
    }

    fn change_many(&mut self, count: u64, at: impl Fn(u64) -> u32) {
        if self.content.len() == 0 {
            return;
        }
        let together = count > MANY;
        for n in 0..count {
            let draw = mix(mix(self.content.plan.seed, 3), self.changes);
            let number = self.draw_row(draw);
            self.change_one(number, at(n), draw, together);
            self.changes += 1;
        }
        if together {
            self.sort();
        }
    }

    /// Every second one is among those that were read last: that is where changes hurt.
    fn draw_row(&self, draw: u64) -> u32 {
        let read = self.last_read.filter(|_| self.changes % 2 == 1).map(|span| self.places(span));
        let places = read.filter(|places| !places.is_empty()).unwrap_or(0..self.order.len());
        let place = places.start as u64 + below(draw, places.len() as u64);
        let place = usize::try_from(place).unwrap_or(0);
        self.order.get(place).map_or(0, |(_, number)| *number)
    }

    fn change_one(&mut self, number: u32, now: u32, draw: u64, together: bool) {
        let at = number as usize;
        let (Some(time), Some(changes)) =
            (self.content.changed.get_mut(at), self.content.changes.get_mut(at))
        else {
            return;
        };
        let old = *time;
        let new = match self.history_end {
            None => now.max(old),
            Some(end) => {
                let over = old.max(self.asked_until);
                if over < end { curve::draw(over + 1, end, mix(draw, 1)) } else { over + 1 }
            }
        };
        *time = new;
        *changes += 1;
        if together {
            return;
        }
        // It never moves back.
        let Ok(from) = self.order.binary_search(&(old, number)) else { return };
        let to = self.order.partition_point(|entry| *entry < (new, number)).max(from + 1);
        if let Some(moved) = self.order.get_mut(from..to) {
            moved.rotate_left(1);
            if let Some(last) = moved.last_mut() {
                *last = (new, number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wdt_proto::catalogue;

    const START: u32 = 1_790_784_000;
    const PERIOD: Period = Period { first: START, last: START + 86_399, is_over: true };

    fn table(period: Period) -> Table {
        let method = catalogue::method("sales.TradeQuery.queryWithDetail").unwrap();
        let plan = Plan::new(method, 1).unwrap();
        Table::new(plan, 1_000, period, Churn::default(), i64::from(START) * 1_000)
    }

    /// The order as it must be, made anew from the rows.
    fn sorted(table: &Table) -> Vec<(u32, u32)> {
        let mut order: Vec<_> = (0..1_000).map(|n| (table.content.row(n).changed, n)).collect();
        order.sort_unstable();
        order
    }

    #[test]
    fn the_order_is_kept_however_many_change() {
        for count in [1, 7, 256, 257, 5_000] {
            let mut table = table(PERIOD);
            table.was_read((START + 40_000, START + 50_000));
            let before = sorted(&table);
            table.change(count, 0);
            assert_eq!((table.changes, &table.order), (count, &sorted(&table)));
            assert_ne!(before, table.order);
        }
    }

    #[test]
    fn a_change_of_a_history_comes_after_what_was_asked_for() {
        let mut table = table(PERIOD);
        let span = (START + 40_000, START + 50_000);
        table.was_read(span);
        let inside = table.places(span).len();
        assert!(inside > 50);
        table.change(20, 0);
        let changed = (0..1_000).map(|n| table.content.row(n)).filter(|row| row.changes > 0);
        let times: Vec<_> = changed.map(|row| row.changed).collect();
        assert!(times.iter().all(|t| (span.1 + 1..=PERIOD.last).contains(t)), "{times:?}");
        assert!(table.places(span).len() + 10 <= inside, "half of them were read last");
        // Where all was asked for there is only later.
        table.was_read((START, START + 90_000));
        table.change(1, 0);
        assert_eq!(table.order.last().unwrap().0, START + 90_001);
    }

    #[test]
    fn changes_come_with_time_and_have_the_time_at_which_they_were_due() {
        let mut table = table(Period { is_over: false, ..PERIOD });
        let end = i64::from(PERIOD.last);
        table.set_churn("2/s".parse().unwrap(), end * 1_000);
        let before = table.changes;
        table.catch_up(end * 1_000 + 499);
        assert_eq!(table.changes, before);
        table.catch_up(end * 1_000 + 3_400);
        table.catch_up(end * 1_000 + 3_400);
        assert_eq!(table.changes, before + 6);
        let late = &table.order[994..];
        let times: Vec<_> = late.iter().map(|(time, _)| i64::from(*time) - end).collect();
        assert_eq!(times, [0, 1, 1, 2, 2, 3]);
        table.set_churn("3/call".parse().unwrap(), end * 1_000 + 3_400);
        table.catch_up(end * 1_000 + 9_000);
        table.after_call(end * 1_000 + 9_000);
        assert_eq!(table.changes, before + 9);
    }
}
