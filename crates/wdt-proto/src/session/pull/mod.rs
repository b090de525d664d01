//! All rows of a span of time, each once, resumable, with few calls.
//!
//! The platform answers 60 calls a minute: calls are the scarce thing. Where rows come in the order
//! of time, each page begins where the one before ended ([`chain`]). Where they do not, windows are
//! made so that each fits one page, which cannot drift; what fits no window is read from the last
//! page to the first ([`back`]).

mod back;
mod chain;
mod density;
mod error;
mod plan;
mod row;
mod state;
mod told;

use alloc::collections::{BTreeSet, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;

use back::{Back, Read};
use chain::{Chain, Proof};
use density::Density;
pub use error::PullError;
use plan::{Plan, Windows};
use row::{Held, Row};
use state::{Seen, State};
pub use told::{Ask, Batch, FailedSpan, FailedWhy, PullOptions, PullReport};

use super::Moment;
use crate::catalogue::{Catalogue, Method};
use crate::error_kind::ErrorKind;
use crate::flagship::Pager;

/// A pull: ask what to [`ask`](Pull::ask) for, [`take`](Pull::take) the reply's data, keep the
/// batch, until there is nothing more to ask.
///
/// ```
/// use wdt_proto::catalogue;
/// use wdt_proto::session::{Moment, Pull, PullOptions};
///
/// let method = catalogue::method("sales.TradeQuery.queryWithDetail").unwrap();
/// let since = Moment::read("2026-05-01 10:00:00").unwrap();
/// let (until, now) = (since.plus(1800), since.plus(7200));
/// let mut pull = Pull::new(method, "{}", since, until, now, PullOptions::default())?;
///
/// let ask = pull.ask().unwrap();
/// assert_eq!(
///     ask.body,
///     r#"[{"start_time":"2026-05-01 10:00:00","end_time":"2026-05-01 10:30:00"}]"#
/// );
/// let batch = pull.take(r#"{"total_count":1,"order":[{"trade_id":7}]}"#, Some(1)).unwrap();
/// assert_eq!(batch.rows, [r#"{"trade_id":7}"#]);
/// assert_eq!(pull.ask(), None);
/// assert_eq!((pull.report().calls, pull.report().least_calls), (1, 1));
/// # Ok::<(), wdt_proto::session::PullError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Pull {
    plan: Plan,
    account: String,
    overlap: i64,
    since: Moment,
    until: Moment,
    state: State,
    /// What is still to be read: what failed before, then what is new.
    regions: VecDeque<Region>,
    /// All of the first region up to here has been handed out.
    at: Moment,
    task: Task,
    chain: Chain,
    /// Whether pages may yet prove to come in the order of time.
    chains: bool,
    broken: u32,
    proven: u32,
    /// Up to here windows are made to fit one page, whatever the order.
    fit_until: Moment,
    /// Whether rows on the last second of a window belong to it, where that has been seen.
    ends: Option<bool>,
    ends_asked: u32,
    density: Density,
    rereads: u32,
    /// Calls that failed since the last answer.
    failures: u32,
    report: PullReport,
}

#[derive(Debug, Clone)]
struct Region {
    to: Moment,
    /// Whether it failed before: the first in the state's list.
    is_retry: bool,
}

/// What the next call is about.
#[derive(Debug, Clone)]
enum Task {
    Idle,
    /// The first page of a window; a method without a span has but one.
    First {
        from: Moment,
        to: Moment,
    },
    Back {
        from: Moment,
        to: Moment,
        back: Back,
    },
    /// The last two seconds of a window, to see whether its end belongs to it; then on with pages
    /// from `head`, which is the end of a window that was read whole, or not.
    Ends {
        to: Moment,
        head: Moment,
        is_whole: bool,
    },
    /// Page by page, to the total that the first one told, or to a page that is not full.
    Forward {
        from: Moment,
        to: Moment,
        page: u64,
        total: Option<u64>,
        rows: Vec<Held>,
    },
}

/// How many pages a window in the order of time may have: its rows are held until it is proven.
const CHAIN_PAGES: u64 = 3;
const MOST_CHAIN_PAGES: u64 = 8;

/// How many pages a window in another order is to have.
const FORWARD_PAGES: u64 = 4;

/// How often a window that does not add up is read again.
const REREADS: u32 = 2;

/// With so many failures and no answer between them, the platform is down.
const MOST_FAILURES: u32 = 3;

impl Pull {
    /// The method of this name, to begin with.
    ///
    /// # Errors
    /// [`PullError::NoRows`]: of a method that the catalogue does not have no rows are known.
    ///
    /// ```
    /// use wdt_proto::catalogue::Catalogue;
    /// use wdt_proto::session::{Pull, PullError};
    ///
    /// let catalogue = Catalogue::new();
    /// assert!(Pull::method(&catalogue, "sales.TradeQuery.queryWithDetail").is_ok());
    /// let unknown = Pull::method(&catalogue, "not.Known.yet");
    /// assert!(matches!(unknown, Err(PullError::NoRows { .. })));
    /// ```
    pub fn method<'c>(catalogue: &'c Catalogue, name: &str) -> Result<Method<'c>, PullError> {
        catalogue.method(name).ok_or_else(|| PullError::NoRows { method: name.into() })
    }

    /// Begins at `since`; both ends belong to the span. `until` is cut to `now` less the
    /// [lag](PullOptions::lag). `params` is a JSON object of the method's filters, without those
    /// that begin and end the span; `{}` for none.
    ///
    /// Where the method's span means another time than that of change by default, the switch to the
    /// time of change is added unless the filters have it.
    ///
    /// # Errors
    /// [`PullError`].
    pub fn new(
        method: Method<'_>,
        params: &str,
        since: Moment,
        until: Moment,
        now: Moment,
        options: PullOptions,
    ) -> Result<Self, PullError> {
        let plan = Plan::new(method, params, options.page_size)?;
        let state =
            State { cursor: since, until: since, failed: Vec::new(), seen: Seen::default() };
        Self::of(plan, state, since, until, now, options)
    }

    /// Goes on from the state of an earlier pull: what failed is read again first. A pull that was
    /// not at its end goes on there, one that was begins [overlap](PullOptions::overlap) seconds
    /// earlier, but not before `since`. A `since` behind the state's end skips nothing.
    ///
    /// # Errors
    /// [`PullError`], also for a state of another method, account or other arguments.
    pub fn resume(
        method: Method<'_>,
        params: &str,
        since: Moment,
        until: Moment,
        now: Moment,
        options: PullOptions,
        state: &str,
    ) -> Result<Self, PullError> {
        let plan = Plan::new(method, params, options.page_size)?;
        let state = State::read(state, &plan.method, &options.account, &plan.digest)?;
        Self::of(plan, state, since, until, now, options)
    }

    fn of(
        plan: Plan,
        mut state: State,
        since: Moment,
        until: Moment,
        now: Moment,
        options: PullOptions,
    ) -> Result<Self, PullError> {
        if until < since {
            return Err(PullError::Reversed);
        }
        let until = until.min(now.plus(-i64::from(options.lag)));
        let overlap = i64::from(options.overlap);
        let overlap = plan.span.as_ref().map_or(overlap, |span| span.overlap(overlap));
        let was_at_its_end = state.cursor >= state.until;
        let back = if was_at_its_end { overlap } else { 0 };
        let (start, until) = match &plan.span {
            // Not behind the cursor, wherever `since` is: what lies between was never read.
            Some(span) => {
                let from = state.cursor.plus(-back).max(since).min(state.cursor);
                span.widened(from, until)
            }
            None => (since, until),
        };
        let mut regions: VecDeque<Region> =
            state.failed.iter().map(|failed| Region { to: failed.until, is_retry: true }).collect();
        let at = state.failed.first().map_or(start, |failed| failed.since);
        if until > start || (plan.span.is_none() && regions.is_empty()) {
            regions.push_back(Region { to: until, is_retry: false });
        }
        state.cursor = start;
        state.until = until.max(start);
        let report = PullReport { failed: state.failed.clone(), ..PullReport::default() };
        let mut pull = Self {
            chains: plan.span.as_ref().is_some_and(|span| span.unit == 1) && !plan.time.is_empty(),
            plan,
            account: options.account,
            overlap,
            since: start,
            until,
            state,
            regions,
            at,
            task: Task::Idle,
            chain: Chain::default(),
            broken: 0,
            proven: 0,
            fit_until: at,
            ends: None,
            ends_asked: 0,
            density: Density::default(),
            rereads: 0,
            failures: 0,
            report,
        };
        pull.window_of(at, i64::MAX);
        Ok(pull)
    }

    /// The next call to make; `None` where all has been read.
    #[must_use]
    pub fn ask(&self) -> Option<Ask> {
        let (from, to, page, with_total) = match &self.task {
            Task::Idle => return None,
            Task::First { from, to } => (*from, *to, 0, true),
            Task::Ends { to, .. } => (to.plus(-1), *to, 0, true),
            Task::Back { from, to, back } => (*from, *to, back.page, back.page == 0),
            // The last page tells the total once more: what it should be, if nothing has left.
            Task::Forward { from, to, page, total, .. } => {
                let is_last = total.is_some_and(|total| (page + 1) * self.page_size() >= total);
                (*from, *to, *page, is_last)
            }
        };
        let page = i64::try_from(page).unwrap_or(i64::MAX);
        // Sizes and numbers were checked when the pull was made; no list has 2^31 pages.
        let pager = Pager::new(self.plan.page_size.into(), page).ok()?;
        let pager = if with_total { pager.with_total() } else { pager };
        let window = self.plan.span.as_ref().map(|_| (from, to));
        Some(Ask { body: self.plan.body(window), pager })
    }

    /// Takes the reply to what was asked: its `data` and its total. `None` where nothing is proven
    /// whole yet: go on asking.
    pub fn take(&mut self, data: &str, total: Option<u64>) -> Option<Batch> {
        self.report.calls += 1;
        self.failures = 0;
        let Ok(rows) = row::rows(&self.plan, data) else {
            return self.does_not_add_up(FailedWhy::NotRows);
        };
        match core::mem::replace(&mut self.task, Task::Idle) {
            Task::Idle => None,
            Task::First { from, to } => self.first(from, to, &rows, total),
            Task::Ends { to, head, is_whole } => {
                self.ends_asked += 1;
                let is_there = rows.iter().any(|row| row.time == Some(to));
                // A row that is not there may have left; three are no chance.
                let is_settled = is_there || self.ends_asked == 3;
                self.ends = is_settled.then_some(is_there);
                if is_settled { self.go_on(head, is_whole) } else { self.not_in_order(head) }
            }
            Task::Back { from, to, back } => self.back(from, to, back, &rows, total),
            Task::Forward { from, to, page, total: due, rows: mut held } => {
                held.extend(rows.iter().copied().map(Held::from));
                let count = held.len() as u64;
                if (rows.len() as u64) == self.page_size() && due.is_none_or(|due| count < due) {
                    self.task = Task::Forward { from, to, page: page + 1, total: due, rows: held };
                    return None;
                }
                let is_whole = due.is_none_or(|due| {
                    // Rows slide when one leaves: then one comes twice, or the total is another.
                    let ids: BTreeSet<u64> = held.iter().map(|row| row.id).collect();
                    let has_key = !self.plan.key.is_empty();
                    total == Some(due) && count == due && (!has_key || ids.len() as u64 == due)
                });
                if is_whole {
                    Some(self.handed_out(from, to, held, to))
                } else {
                    self.not_in_order(to)
                }
            }
        }
    }

    /// Tells that the call failed for good, and why: its part of the span is named as failed, and
    /// the pull goes on behind it.
    pub fn fail(&mut self, why: &str) -> Option<Batch> {
        self.failures += 1;
        self.pass_over(FailedWhy::Call(why.into()))
    }

    /// Whether a call that failed for good is better told to the caller than passed over with
    /// [`fail`](Pull::fail), because the next call would fail as well: `kind` is that of the
    /// platform's refusal, if it was one. So are a refusal of the credentials or of a permission,
    /// and the third failure without an answer between them. What was asked for is not counted as
    /// failed then: the state of the last batch is good.
    ///
    /// ```
    /// # use wdt_proto::catalogue;
    /// # use wdt_proto::session::{Moment, Pull, PullOptions};
    /// use wdt_proto::ErrorKind;
    ///
    /// # let method = catalogue::method("sales.TradeQuery.queryWithDetail").unwrap();
    /// # let since = Moment::read("2026-05-01").unwrap();
    /// # let (until, now) = (since.plus(86_400), since.plus(100_000));
    /// let mut pull = Pull::new(method, "{}", since, until, now, PullOptions::default())?;
    /// assert!(pull.gives_up(Some(ErrorKind::Authentication)) && !pull.gives_up(None));
    /// pull.fail("timeout");
    /// pull.fail("timeout");
    /// assert!(pull.gives_up(None));
    /// # Ok::<(), wdt_proto::session::PullError>(())
    /// ```
    #[must_use]
    pub fn gives_up(&self, kind: Option<ErrorKind>) -> bool {
        matches!(kind, Some(ErrorKind::Authentication | ErrorKind::Permission))
            || self.failures + 1 >= MOST_FAILURES
    }

    /// Names what the call was about as failed, and goes on behind it.
    fn pass_over(&mut self, why: FailedWhy) -> Option<Batch> {
        let to = match &self.task {
            Task::Idle => return None,
            Task::First { to, .. }
            | Task::Ends { head: to, .. }
            | Task::Back { to, .. }
            | Task::Forward { to, .. } => *to,
        };
        self.chain.clear();
        self.rereads = 0;
        let since = self.at;
        // Behind those that are still to be tried, of which the first may be this one's rest.
        self.state.failed.push(FailedSpan { since, until: to, why });
        self.advance(to);
        self.window_of(self.at, i64::MAX);
        Some(self.batch(Vec::new(), since, to))
    }

    /// What has been done so far.
    #[must_use]
    pub fn report(&self) -> PullReport {
        let span = self.until.since(self.since).max(0);
        let forced = match self.plan.span.as_ref().and_then(|span| span.longest) {
            Some(longest) => u64::try_from(span).unwrap_or(0).div_ceil(longest.unsigned_abs()),
            None => 1,
        };
        let full = self.report.rows.div_ceil(self.page_size());
        PullReport { least_calls: forced.max(full), ..self.report.clone() }
    }

    /// How much of the span is done, in thousandths.
    #[must_use]
    pub fn thousandths(&self) -> u32 {
        let (done, all) = (self.state.cursor.since(self.since), self.until.since(self.since));
        if all <= 0 || matches!(self.task, Task::Idle) {
            return 1000;
        }
        u32::try_from((i128::from(done.max(0)) * 1000 / i128::from(all)).min(1000)).unwrap_or(1000)
    }

    fn page_size(&self) -> u64 {
        self.plan.page_size.into()
    }

    fn first(
        &mut self,
        from: Moment,
        to: Moment,
        rows: &[Row<'_>],
        total: Option<u64>,
    ) -> Option<Batch> {
        let count = rows.len() as u64;
        let held = || rows.iter().copied().map(Held::from).collect::<Vec<_>>();
        let Some(total) = total else {
            if count < self.page_size() {
                return self.one_page(from, to, rows);
            }
            self.task = Task::Forward { from, to, page: 1, total: None, rows: held() };
            return None;
        };
        if total <= count {
            return self.one_page(from, to, rows);
        }
        if count < self.page_size() {
            self.task = Task::First { from, to };
            return self.does_not_add_up(FailedWhy::ShortPage);
        }
        self.overflow(from, to, rows, total)
    }

    /// A window that one page holds: what has been read of those before must add up now.
    fn one_page(&mut self, from: Moment, to: Moment, rows: &[Row<'_>]) -> Option<Batch> {
        if rows.iter().any(|row| row.time == Some(to)) {
            self.ends = Some(true);
        }
        self.chain.add(from, rows);
        self.density.learn(rows.len() as u64, to.since(from));
        self.go_on(to, true)
    }

    /// What the rows that have been read prove: all up to `head` where that ends a window that was
    /// read whole, or some of the windows before.
    fn go_on(&mut self, head: Moment, is_whole: bool) -> Option<Batch> {
        let passed = if is_whole { head.plus(1) } else { head };
        match self.chain.proof(passed, self.ends) {
            Proof::Broken => self.not_in_order(head),
            Proof::Depends(to) => {
                self.task = Task::Ends { to, head, is_whole };
                None
            }
            _ if is_whole => {
                let all = self.chain.release_all();
                Some(self.handed_out(self.at, head, all, head))
            }
            Proof::Open => {
                self.window_of(head, i64::MAX);
                None
            }
            Proof::Upto(upto) => {
                self.proven += 1;
                let due = self.chain.release(upto);
                Some(self.handed_out(self.at, upto, due, head))
            }
        }
    }

    /// A window with more rows than a page has.
    fn overflow(
        &mut self,
        from: Moment,
        to: Moment,
        rows: &[Row<'_>],
        total: u64,
    ) -> Option<Batch> {
        let times: Option<Vec<Moment>> = rows.iter().map(|row| row.time).collect();
        let is_ordered = times.as_ref().is_some_and(|times| times.is_sorted());
        // A page that is all of one second leads nowhere, in order or not.
        let leads_on = times.is_some_and(|times| {
            times.first().is_some_and(|first| *first >= from)
                && times.last().is_some_and(|last| *last > from && *last < to)
        });
        let is_short = total <= MOST_CHAIN_PAGES * self.page_size();
        if self.chains && from >= self.fit_until && is_ordered && leads_on && is_short {
            self.density.learn(total, to.since(from));
            let head = self.chain.page(from, to, total, rows);
            return self.go_on(head, false);
        }
        self.chains &= is_ordered;
        if !self.chain.is_empty() {
            return self.not_in_order(from);
        }
        // What has just become visible may come late: there a total proves nothing.
        let is_settled = self.is_retry() || to <= self.until.plus(-self.overlap);
        if from >= self.fit_until && is_short && is_settled && self.plan.span.is_some() {
            self.density.learn(total, to.since(from));
            let rows = rows.iter().copied().map(Held::from).collect();
            self.task = Task::Forward { from, to, page: 1, total: Some(total), rows };
            return None;
        }
        match self.plan.span.as_ref() {
            Some(span) if to.since(from) > span.unit => {
                // A page that is all of one second: it is read by itself, before it those before.
                let burst = rows.first().zip(rows.last()).and_then(|(first, last)| {
                    first
                        .time
                        .filter(|at| is_ordered && last.time == Some(*at) && *at > from.plus(1))
                });
                let most = burst.map_or(to.since(from) / 2, |at| at.since(from) - 1);
                if burst.is_none() {
                    let seconds = to.since(from).unsigned_abs();
                    self.density = Density { rows: total, seconds };
                }
                self.window_of(from, most.max(1));
            }
            _ => self.task = Task::Back { from, to, back: Back::new(total, self.page_size()) },
        }
        None
    }

    fn back(
        &mut self,
        from: Moment,
        to: Moment,
        mut back: Back,
        rows: &[Row<'_>],
        total: Option<u64>,
    ) -> Option<Batch> {
        let has_key = !self.plan.key.is_empty();
        let size = self.page_size();
        match back.take(rows, total, size, has_key) {
            Read::Whole(rows) => Some(self.handed_out(from, to, rows, to)),
            Read::On => {
                self.task = Task::Back { from, to, back };
                None
            }
            Read::Short => {
                self.task = Task::Back { from, to, back };
                self.pass_over(FailedWhy::ShortPages)
            }
        }
    }

    /// All up to `to` has been read; the next window begins at `head`.
    fn handed_out(&mut self, from: Moment, to: Moment, rows: Vec<Held>, head: Moment) -> Batch {
        self.rereads = 0;
        self.report.windows += 1;
        let rows = self.hand_out(rows, from, to);
        let next = if self.advance(to) { self.at } else { head };
        self.window_of(next, i64::MAX);
        self.batch(rows, from, to)
    }

    /// Pages do not come in the order of time, or something left a window meanwhile: read again
    /// from what is proven, in windows that fit one page.
    fn not_in_order(&mut self, upto: Moment) -> Option<Batch> {
        self.chain.clear();
        self.broken += u32::from(self.chains);
        self.chains &= self.broken <= 3 + self.proven / 4;
        self.fit_until = upto;
        self.window_of(self.at, i64::MAX);
        None
    }

    fn does_not_add_up(&mut self, why: FailedWhy) -> Option<Batch> {
        if self.rereads == REREADS {
            return self.pass_over(why);
        }
        self.rereads += 1;
        None
    }

    /// Leaves out what was handed out before, and remembers what may come again.
    fn hand_out(&mut self, rows: Vec<Held>, from: Moment, to: Moment) -> Vec<String> {
        // Of a method without a span all rows come each time: that is what it is read for.
        if self.is_retry() || self.plan.span.is_none() {
            self.report.rows += rows.len() as u64;
            return rows.into_iter().map(|row| row.text).collect();
        }
        // The border second is read again by the next window, the last seconds by the next pull.
        let ends_soon = to.plus(self.overlap) >= self.until;
        let keep_from = if ends_soon { self.until.plus(-self.overlap).min(to) } else { to };
        let mut again = Vec::new();
        let mut due = Vec::with_capacity(rows.len());
        for row in rows {
            // One that shows a time of its own, not the span's, says nothing about when it was found.
            let at = row.time.filter(|at| (from..=to).contains(at)).unwrap_or(to);
            if at >= keep_from {
                again.push((row.content, at));
            }
            if !self.state.seen.take(row.content) {
                due.push(row.text);
            }
        }
        self.state.seen.forget_before(keep_from);
        for (content, at) in again {
            self.state.seen.add(content, at);
        }
        self.report.rows += due.len() as u64;
        due
    }

    /// Keeps in the state how far the region has come; whether that is its end, so that the next one
    /// has begun.
    fn advance(&mut self, to: Moment) -> bool {
        self.at = to;
        let is_retry = self.is_retry();
        let is_done = self.regions.front().is_none_or(|region| to >= region.to);
        if !is_retry {
            self.state.cursor = to;
        } else if is_done {
            self.state.failed.remove(0);
        } else if let Some(first) = self.state.failed.first_mut() {
            first.since = to;
        }
        self.report.failed.clone_from(&self.state.failed);
        if is_done {
            self.regions.pop_front();
            self.enter_region();
        }
        is_done
    }

    /// Goes to the beginning of the first region that is left.
    fn enter_region(&mut self) {
        self.chain.clear();
        self.density = Density::default();
        if let Some(region) = self.regions.front() {
            let failed = self.state.failed.first().filter(|_| region.is_retry);
            self.at = failed.map_or(self.since, |failed| failed.since);
            self.fit_until = self.at;
        }
    }

    fn is_retry(&self) -> bool {
        self.regions.front().is_some_and(|region| region.is_retry)
    }

    /// The window that begins at `from`, of at most so many seconds.
    fn window_of(&mut self, from: Moment, most: i64) {
        let Some(region) = self.regions.front() else {
            self.task = Task::Idle;
            return;
        };
        let Some(span) = self.plan.span.as_ref() else {
            self.task = Task::First { from, to: region.to };
            return;
        };
        let size = self.page_size();
        let rows = match from >= self.fit_until {
            true if self.chains => CHAIN_PAGES * size,
            true => fitting(FORWARD_PAGES * size),
            false => fitting(size),
        };
        let seconds = self.density.seconds_for(rows).min(most);
        let to = from.plus(rounded(seconds, span)).min(region.to);
        let to = self.chain.end().map_or(to, |end| to.max(end));
        let to = span.longest.map_or(to, |longest| to.min(from.plus(longest)));
        self.task = Task::First { from, to: to.max(from.plus(span.unit)) };
    }

    fn batch(&self, rows: Vec<String>, since: Moment, until: Moment) -> Batch {
        let state = self.state.write(&self.plan.method, &self.account, &self.plan.digest);
        Batch { rows, since, until, state }
    }
}

/// How many rows to expect so that hardly ever more come than fit: two deviations less.
fn fitting(room: u64) -> u64 {
    (room - room.min(room.isqrt() * 2)).max(1)
}

fn rounded(seconds: i64, span: &Windows) -> i64 {
    (seconds / span.unit * span.unit).max(span.unit)
}
