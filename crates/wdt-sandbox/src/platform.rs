//! The platform: a received query and body into its answer. No HTTP here.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rust_decimal::Decimal;
use wdt_proto::catalogue::{self, Method};
use wdt_proto::{IssueCode, Level, Pager, Refusal, Severity, validate, verify};

use crate::canned;
use crate::clock::{Clock, Moment};
use crate::config::Config;
use crate::error::SandboxError;
use crate::limiter::Limiter;
use crate::live::{self, Done};
use crate::reply::{Refused, Reply};
use crate::rows::{AllRows, Answered};
use crate::seed::Accounts;
use crate::shop::{Change, Effect, Good, Shop, StockError};
use crate::store::{Durable, Store};
use crate::why::Why;

/// How an answer came about, for the header `x-wdt-sandbox`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Live,
    Rows,
    Canned,
}

/// An answer, and how it came about.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) reply: Reply,
    pub(crate) source: Source,
    /// Why it was refused, or what is odd about it, for people.
    pub(crate) explanation: Option<Why>,
    /// What is wrong with the signature is still to be found out.
    pub(crate) is_wrong_signature: bool,
    pub(crate) effect: Option<Effect>,
    /// Wait for it before the answer leaves.
    durable: Option<Durable>,
}

impl Answer {
    fn new(reply: Reply, source: Source) -> Self {
        Self {
            reply,
            source,
            explanation: None,
            is_wrong_signature: false,
            effect: None,
            durable: None,
        }
    }

    /// The answer once it may leave: what it acknowledges is kept, or it is an error.
    pub(crate) async fn settled(mut self) -> Self {
        match self.durable.take() {
            Some(durable) => match durable.await {
                Ok(()) => self,
                Err(_) => Refused::new(Refusal::DATABASE, store_failed()).into(),
            },
            None => self,
        }
    }
}

fn store_failed() -> Why {
    Why::new(
        "the sandbox's store cannot be written, see its standard error",
        "沙箱的存储文件无法写入，见它的标准错误输出",
    )
}

impl From<Refused> for Answer {
    fn from(Refused { refusal, why }: Refused) -> Self {
        let answer = Self::new(Reply::from(&refusal), Source::Live);
        Self { explanation: Some(why), ..answer }
    }
}

/// The platform's side of the sandbox.
#[derive(Debug)]
pub(crate) struct Platform {
    accounts: Accounts,
    pub(crate) clock: Clock,
    limiter: Limiter,
    pub(crate) rows: AllRows,
    shop: Mutex<Shop>,
    store: Option<Store>,
}

impl Platform {
    /// Also tells what a person should know about the start.
    pub(crate) fn new(config: &mut Config) -> Result<(Self, Vec<Why>), SandboxError> {
        let accounts = Accounts::new(config.seed.accounts())?;
        let goods = std::mem::take(&mut config.seed.goods);
        let mut notes = Vec::new();
        let (store, shop) = match &config.store {
            None => (None, Shop::new(goods)),
            Some(path) => {
                let (store, shop, was_there) = Store::open(path, goods)?;
                if was_there {
                    let (path, count) = (path.display(), shop.goods().len());
                    notes.push(Why::new(
                        format!("{path} has the state: {count} goods; the seed's are not used."),
                        format!("{path} 里已有状态：{count} 个货品，不使用种子里的货品。"),
                    ));
                }
                (Some(store), shop)
            }
        };
        let (waiting, count) = (shop.waiting_count(), shop.goods().len());
        notes.push(Why::new(
            format!("{count} goods, {waiting} of them wait to be synchronised."),
            format!("{count} 个货品，其中 {waiting} 个待同步。"),
        ));
        let clock = Clock::new(config.clock_offset);
        let (rows, more) = AllRows::new(&config.rows, clock.now())?;
        notes.extend(more);
        let platform = Self {
            accounts,
            clock,
            rows,
            limiter: Limiter::new(config.rate_limit),
            shop: Mutex::new(shop),
            store,
        };
        Ok((platform, notes))
    }

    /// What the platform answers. [`Answer::settled`] must follow.
    pub(crate) fn answer(&self, query: &str, body: &[u8], now: Moment) -> Answer {
        self.handle(query, body, now).unwrap_or_else(|refused| {
            let is_wrong_signature = refused.refusal == Refusal::SIGNATURE;
            Answer { is_wrong_signature, ..Answer::from(refused) }
        })
    }

    /// The checks, in the platform's order, then the method.
    fn handle(&self, query: &str, body: &[u8], now: Moment) -> Result<Answer, Refused> {
        let timestamp = now.timestamp().ok_or_else(|| {
            let why = Why::new(
                "--clock-offset lies before the platform's epoch",
                "--clock-offset 早于平台的起点时间",
            );
            Refused::new(Refusal::CLOCK, why)
        })?;
        let call = verify(query, body, |sid, key| self.accounts.look_up(sid, key), timestamp)
            .map_err(|error| Refused::new(Refusal::from(&error), Why::of(&error)))?;
        if !self.limiter.admits(&call.sid, Instant::now()) {
            let limit = self.limiter.limit;
            let why = Why::new(
                format!("more than {limit} calls within a minute (--rate-limit)"),
                format!("一分钟内超过 {limit} 次调用（--rate-limit）"),
            );
            return Err(Refused::new(Refusal::RATE_LIMIT, why));
        }
        let report = validate(&call.method, body, Level::Documented);
        let Some(method) = catalogue::method(&call.method) else {
            let unknown = report.issues().iter().find(|i| i.code() == IssueCode::UnknownMethod);
            let why = unknown.map_or_else(Why::default, Why::of);
            return Err(Refused::new(Refusal::PARAMETER, why));
        };
        check_pager(method, call.pager)?;
        if let Some(refusal) = Refusal::of_report(method.name(), body, &report) {
            let errors = report.issues().iter().filter(|i| i.severity() == Severity::Error);
            let lines = errors.take(10).map(Why::of).reduce(|lines, line| lines.line(&line));
            return Err(Refused::new(refusal, lines.unwrap_or_default()));
        }
        if live::is_live(method.name()) {
            return self.play(method.name(), body, now);
        }
        if let Some(Answered { reply, note }) = self.rows.answer(method, body, call.pager, now) {
            return Ok(Answer { explanation: note, ..Answer::new(reply, Source::Rows) });
        }
        Ok(Answer::new(canned::reply(method, call.pager), Source::Canned))
    }

    fn play(&self, method: &str, body: &[u8], now: Moment) -> Result<Answer, Refused> {
        if self.store.as_ref().is_some_and(Store::has_failed) {
            return Err(Refused::new(Refusal::DATABASE, store_failed()));
        }
        let mut shop = self.shop();
        let Done { reply, written } = live::call(&mut shop, method, body, now)?;
        let (effect, change) = written.unzip();
        let durable = change.and_then(|change| self.keep(change));
        Ok(Answer { effect, durable, ..Answer::new(reply, Source::Live) })
    }

    /// Queues a change; call it while the shop is locked, so that the order stays.
    fn keep(&self, change: Change) -> Option<Durable> {
        self.store.as_ref().map(|store| store.keep(change))
    }

    fn shop(&self) -> MutexGuard<'_, Shop> {
        self.shop.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A change of stock from outside the platform's own methods.
    pub(crate) async fn set_stock(
        &self,
        id: i64,
        warehouse: &str,
        stock: Decimal,
    ) -> Result<Good, ControlError> {
        let (good, durable) = {
            let mut shop = self.shop();
            let change = shop.set_stock(id, warehouse, stock)?;
            let good = shop.good(id).map_err(|_| StockError::NoSuchGood(id))?.clone();
            (good, self.keep(change))
        };
        if let Some(durable) = durable {
            durable.await.map_err(|_| ControlError::Store)?;
        }
        Ok(good)
    }

    pub(crate) fn with_shop<T>(&self, look: impl FnOnce(&Shop) -> T) -> T {
        look(&self.shop())
    }
}

/// Why a control request was refused.
#[derive(Debug)]
pub(crate) enum ControlError {
    Stock(StockError),
    Store,
}

impl From<StockError> for ControlError {
    fn from(error: StockError) -> Self {
        Self::Stock(error)
    }
}

/// A pager for a method that has none is ignored, as any parameter that nobody asks for.
fn check_pager(method: Method<'_>, pager: Option<Pager>) -> Result<(), Refused> {
    if !method.is_paged() {
        return Ok(());
    }
    match method.paging_issue(pager) {
        Some(issue) if issue.code() == IssueCode::Missing => {
            Err(Refused::new(Refusal::paging_required(method.name()), Why::of(&issue)))
        }
        Some(issue) => Err(Refused::new(Refusal::PARAMETER, Why::of(&issue))),
        None => Ok(()),
    }
}
