//! The platform: a received query and body into its answer. No HTTP here.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rust_decimal::Decimal;
use wdt_proto::catalogue::{self, Method};
use wdt_proto::{
    Issue, IssueCode, Level, Lookup, Pager, Refusal, Severity, VerifyError, validate, verify,
};

use crate::canned;
use crate::clock::{Clock, Moment};
use crate::config::Config;
use crate::journal::parameter;
use crate::limiter::Limiter;
use crate::live::{self, Done};
use crate::reply::{Refused, Reply};
use crate::sandbox::SandboxError;
use crate::seed::Accounts;
use crate::shop::{Change, Effect, Good, Shop, StockError};
use crate::store::{Durable, Store};

/// How an answer came about, for the header `x-wdt-sandbox`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Live,
    Canned,
}

/// An answer, and how it came about.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) reply: Reply,
    pub(crate) source: Source,
    /// Why it was refused, for people.
    pub(crate) explanation: Option<String>,
    pub(crate) effect: Option<Effect>,
    /// Wait for it before the answer leaves.
    durable: Option<Durable>,
}

impl Answer {
    fn new(reply: Reply, source: Source) -> Self {
        Self { reply, source, explanation: None, effect: None, durable: None }
    }

    /// The answer once it may leave: what it acknowledges is kept, or it is an error.
    pub(crate) async fn settled(mut self) -> Self {
        match self.durable.take() {
            Some(durable) => match durable.await {
                Ok(()) => self,
                Err(_) => Refused::new(Refusal::DATABASE, STORE_FAILED).into(),
            },
            None => self,
        }
    }
}

const STORE_FAILED: &str = "the sandbox's store cannot be written, see its standard error";

impl From<Refused> for Answer {
    fn from(Refused { refusal, why }: Refused) -> Self {
        let answer = Self::new(Reply::from(&refusal), Source::Live);
        Self { explanation: Some(why.into_owned()), ..answer }
    }
}

/// The platform's side of the sandbox.
#[derive(Debug)]
pub(crate) struct Platform {
    accounts: Accounts,
    pub(crate) clock: Clock,
    limiter: Limiter,
    shop: Mutex<Shop>,
    store: Option<Store>,
}

impl Platform {
    /// Also tells what a person should know about the start.
    pub(crate) fn new(config: &mut Config) -> Result<(Self, Vec<String>), SandboxError> {
        let accounts = Accounts::new(config.seed.accounts())?;
        let goods = std::mem::take(&mut config.seed.goods);
        let mut notes = Vec::new();
        let (store, shop) = match &config.store {
            None => (None, Shop::new(goods)),
            Some(path) => {
                let (store, shop, was_there) = Store::open(path, goods)?;
                if was_there {
                    let (path, count) = (path.display(), shop.goods().len());
                    notes.push(format!(
                        "{path} has the state: {count} goods; the seed's are not used."
                    ));
                }
                (Some(store), shop)
            }
        };
        let (waiting, count) = (shop.waiting_count(), shop.goods().len());
        notes.push(format!("{count} goods, {waiting} of them wait to be synchronised."));
        let platform = Self {
            accounts,
            clock: Clock::new(config.clock_offset),
            limiter: Limiter::new(config.rate_limit),
            shop: Mutex::new(shop),
            store,
        };
        Ok((platform, notes))
    }

    /// What the platform answers. [`Answer::settled`] must follow.
    pub(crate) fn answer(&self, query: &str, body: &[u8], now: Moment) -> Answer {
        self.handle(query, body, now).unwrap_or_else(Answer::from)
    }

    /// The checks, in the platform's order, then the method.
    fn handle(&self, query: &str, body: &[u8], now: Moment) -> Result<Answer, Refused> {
        let timestamp = now.timestamp().ok_or_else(|| {
            Refused::new(Refusal::CLOCK, "--clock-offset lies before the platform's epoch")
        })?;
        let call = verify(query, body, |sid, key| self.accounts.look_up(sid, key), timestamp)
            .map_err(|error| Refused::new(Refusal::from(&error), self.explain(&error, query)))?;
        if !self.limiter.admits(&call.sid, Instant::now()) {
            let limit = self.limiter.limit;
            let why = format!("more than {limit} calls within a minute (--rate-limit)");
            return Err(Refused::new(Refusal::RATE_LIMIT, why));
        }
        let report = validate(&call.method, body, Level::Documented);
        let Some(method) = catalogue::method(&call.method) else {
            let unknown = report.issues().iter().find(|i| i.code() == IssueCode::UnknownMethod);
            let why = unknown.map_or("", Issue::message).to_owned();
            return Err(Refused::new(Refusal::PARAMETER, why));
        };
        check_pager(method, call.pager)?;
        if let Some(refusal) = Refusal::of_report(method.name(), body, &report) {
            let errors = report.issues().iter().filter(|i| i.severity() == Severity::Error);
            let lines: Vec<_> = errors.take(10).map(Issue::message).collect();
            return Err(Refused::new(refusal, lines.join("\n")));
        }
        if live::is_live(method.name()) {
            return self.play(method.name(), body, now);
        }
        Ok(Answer::new(canned::reply(method, call.pager), Source::Canned))
    }

    /// What went wrong, and for a wrong signature what can be seen without the right one.
    fn explain(&self, error: &VerifyError, query: &str) -> String {
        if *error != VerifyError::WrongSignature {
            return error.to_string();
        }
        let given = |name| parameter(query, name).unwrap_or_default();
        let sign = given("sign");
        let is_hex = sign.len() == 32 && sign.bytes().all(|b| b.is_ascii_hexdigit());
        let hint = match self.accounts.look_up(&given("sid"), &given("key")) {
            Lookup::Found(app_secret) if app_secret.salt() != given("salt") => {
                "the salt is not the key's: it is what follows the first ':' of the appsecret"
            }
            _ if !is_hex => "sign is not 32 hexadecimal digits",
            _ if sign.bytes().any(|b| b.is_ascii_uppercase()) => {
                "sign has upper-case digits: lower case is due"
            }
            _ => {
                "sign the raw values, before URL encoding, sorted by name, with body=<the exact bytes \
                 sent> among them and the secret (what precedes the first ':') at both ends; \
                 `wdt explain` compares step by step"
            }
        };
        format!("{error}: {hint}")
    }

    fn play(&self, method: &str, body: &[u8], now: Moment) -> Result<Answer, Refused> {
        if self.store.as_ref().is_some_and(Store::has_failed) {
            return Err(Refused::new(Refusal::DATABASE, STORE_FAILED));
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
            Err(Refused::new(Refusal::paging_required(method.name()), issue.to_string()))
        }
        Some(issue) => Err(Refused::new(Refusal::PARAMETER, issue.to_string())),
        None => Ok(()),
    }
}
