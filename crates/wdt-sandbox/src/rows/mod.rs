//! Queries that answer for real: made-up rows of the documented types, selected, ordered, paged and
//! counted, which change while somebody reads.

mod curve;
mod hash;
mod make;
mod plan;
mod seen;
mod select;
mod show;
mod spec;
mod table;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use wdt_proto::Pager;
use wdt_proto::catalogue::Method;
use wdt_proto::json::Writer;

use plan::Plan;
use seen::Layout;
use select::Wanted;
pub(crate) use show::Lines;
pub use spec::{Churn, MAX_ROWS, MethodRows, Rows, RowsOrder, RowsSpan, RowsSpecError};
use table::{Content, Period, Table};

use crate::clock::Moment;
use crate::error::SandboxError;
use crate::reply::Reply;
use crate::why::Why;

/// The most rows in one reply where no page says how many.
const MOST_ROWS: u32 = 1_000;
/// How many of a method's last queries the page shows.
const LAST_QUERIES: usize = 5;
/// Over so many days rows come about unless something else is said.
const USUAL_DAYS: u32 = 30;

/// All rows, by their method.
#[derive(Debug)]
pub(crate) struct AllRows {
    order: RowsOrder,
    churn: Mutex<Churn>,
    methods: BTreeMap<&'static str, Mutex<Queried>>,
}

/// The rows of a method and the last queries for them.
#[derive(Debug)]
struct Queried {
    method: Method<'static>,
    table: Table,
    last: VecDeque<Query>,
}

/// A query that was answered.
#[derive(Debug)]
struct Query {
    time: String,
    span: (u32, u32),
    by_change: bool,
    filters: Vec<&'static str>,
    pager: Option<Pager>,
    found: usize,
    returned: usize,
}

/// A reply with rows, and what a person should know about it.
pub(crate) struct Answered {
    pub(crate) reply: Reply,
    pub(crate) note: Option<Why>,
}

impl AllRows {
    /// Also tells what there is.
    pub(crate) fn new(rows: &Rows, now: Moment) -> Result<(Self, Vec<Why>), SandboxError> {
        let (mut methods, mut notes) = (BTreeMap::new(), Vec::new());
        let period = period(rows.span, now)?;
        for asked in &rows.methods {
            let known = asked.in_catalogue();
            let Some((method, plan)) = known.and_then(|m| Some((m, Plan::new(m, rows.seed)?)))
            else {
                continue;
            };
            let table = Table::new(plan, asked.count(), period, rows.churn, now.unix_millis());
            let queried = Queried { method, table, last: VecDeque::new() };
            methods.insert(method.name(), Mutex::new(queried));
        }
        for (name, queried) in &methods {
            let count = lock(queried).table.content.len();
            let [first, last] = [period.first, period.last].map(beijing);
            notes.push(Why::new(
                format!("{name}: {count} rows from {first} to {last}."),
                format!("{name}：{count} 行，时间从 {first} 到 {last}。"),
            ));
        }
        Ok((Self { order: rows.order, churn: Mutex::new(rows.churn), methods }, notes))
    }

    /// What a query answers, if its method has rows; the arguments have passed validation.
    pub(crate) fn answer(
        &self,
        method: Method<'_>,
        body: &[u8],
        pager: Option<Pager>,
        now: Moment,
    ) -> Option<Answered> {
        let mut queried = lock(self.methods.get(method.name())?);
        let Queried { table, last, .. } = &mut *queried;
        table.catch_up(now.unix_millis());
        let plan = table.content.plan.clone();
        let wanted = Wanted::read(&plan, body);
        let numbers = table.select(&wanted, self.order);
        let pager = pager.filter(|_| method.is_paged());
        let (page, note) = page(&numbers, pager, method);
        let reply =
            reply(&table.content, page, pager.is_some_and(Pager::calc_total), numbers.len());
        last.push_front(Query {
            time: now.rfc3339(),
            span: wanted.span,
            by_change: wanted.by_change,
            filters: wanted.filtered().collect(),
            pager,
            found: numbers.len(),
            returned: page.len(),
        });
        last.truncate(LAST_QUERIES);
        if wanted.by_change {
            table.was_read(wanted.span);
        }
        table.after_call(now.unix_millis());
        Some(Answered { reply, note })
    }

    /// Every row of a method as it is now.
    pub(crate) fn lines(&self, method: &str, now: Moment) -> Option<Lines> {
        let mut queried = lock(self.methods.get(method)?);
        queried.table.catch_up(now.unix_millis());
        Some(Lines::new(queried.table.content.clone()))
    }

    /// Changes so many rows of a method; what there is of it then.
    pub(crate) fn change(&self, method: &str, rows: u32, now: Moment) -> Option<Vec<u8>> {
        let mut queried = lock(self.methods.get(method)?);
        queried.table.catch_up(now.unix_millis());
        queried.table.change(rows.into(), now.unix_millis());
        let mut out = Writer::default();
        queried.write(&mut out);
        Some(out.into_bytes())
    }

    fn churn(&self) -> Churn {
        *self.churn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_churn(&self, churn: Churn, now: Moment) {
        *self.churn.lock().unwrap_or_else(PoisonError::into_inner) = churn;
        for queried in self.methods.values() {
            lock(queried).table.set_churn(churn, now.unix_millis());
        }
    }
}

fn lock(queried: &Mutex<Queried>) -> MutexGuard<'_, Queried> {
    queried.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The time over which rows come about. What reaches beyond now ends now.
fn period(span: Option<RowsSpan>, now: Moment) -> Result<Period, SandboxError> {
    let now = u32::try_from(now.unix()).unwrap_or(0);
    let Some(span) = span else {
        let first = now.saturating_sub(USUAL_DAYS * curve::DAY);
        return Ok(Period { first, last: now, is_over: false });
    };
    let (first, last) = span.seconds();
    if first > now {
        return Err(SandboxError::Rows(Why::new(
            format!("{span} begins in the future: by the sandbox's clock it is {}", beijing(now)),
            format!("{span} 在将来才开始：沙箱的时钟现在是 {}", beijing(now)),
        )));
    }
    Ok(Period { first, last: last.min(now), is_over: last < now })
}

/// The page that is asked for, of at most as many rows as are documented.
fn page<'n>(
    numbers: &'n [u32],
    pager: Option<Pager>,
    method: Method<'_>,
) -> (&'n [u32], Option<Why>) {
    let Some(pager) = pager else { return (numbers, None) };
    let most = method.page_size_max().unwrap_or(MOST_ROWS);
    let asked = pager.page_size().unsigned_abs();
    let size = asked.min(most) as usize;
    let start = (pager.page_no().unsigned_abs() as usize).saturating_mul(size);
    let page = numbers.get(start..).unwrap_or_default();
    let note = (asked > most).then(|| {
        Why::new(
            format!("page_size {asked}: the sandbox pages by {most}, as no page documents more"),
            format!("page_size {asked}：沙箱按每页 {most} 行分页，文档没有更大的"),
        )
    });
    (page.get(..size).unwrap_or(page), note)
}

/// The whole reply. The total stands where the method's page has it.
fn reply(content: &Content, page: &[u32], with_total: bool, found: usize) -> Reply {
    let method = content.plan.method;
    let total_is_outside = method.response().any(|field| field.name() == "total");
    let mut out = Writer::with_capacity(256 + page.len() * 2_048);
    let total = |out: &mut Writer, name: &str| {
        if with_total {
            out.key(name);
            out.integer(i64::try_from(found).unwrap_or(i64::MAX));
        }
    };
    let rows = |out: &mut Writer| {
        out.begin_array();
        for number in page {
            content.plan.write(out, &content.row(*number));
        }
        out.end_array();
    };
    out.begin_object();
    out.key("status");
    out.integer(0);
    out.key("data");
    match method.rows() {
        Some(name) if !name.is_empty() => {
            out.begin_object();
            if !total_is_outside {
                total(&mut out, "total_count");
            }
            out.key(name);
            rows(&mut out);
            out.end_object();
        }
        _ => rows(&mut out),
    }
    if total_is_outside {
        total(&mut out, "total");
    }
    out.end_object();
    Reply::ok(out.into_bytes())
}

fn beijing(second: u32) -> String {
    let mut text = String::new();
    make::write_moment(&mut text, second, Layout::Seconds);
    text
}
