//! One call with its attempts: the core's exchange, its waits in this thread.

use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use signal_hook::consts::{SIGINT, SIGTERM};
use wdt_proto::session::{
    Exchange, ExchangeError, Fate, Limiter, Now, Paced, PacedStep, Reply, Retry, ServerClock,
    WaitFor, Waiting,
};
use wdt_proto::{Credentials, Endpoint, Limits, Request};

use super::told::Told;
use crate::http::Http;

/// How often whoever waits looks for a signal.
const LOOK: Duration = Duration::from_millis(100);

/// What the calls of a pull share.
pub(crate) struct Caller<'a> {
    credentials: &'a Credentials,
    endpoint: Endpoint,
    retry: Retry,
    http: Http,
    limiter: Option<Limiter>,
    clock: ServerClock,
    began: Instant,
    stop: Arc<AtomicBool>,
}

/// Why there is no reply.
pub(crate) enum Ended {
    Failed(ExchangeError),
    /// Somebody wants the program to end.
    Stopped,
}

impl<'a> Caller<'a> {
    pub(crate) fn new(
        credentials: &'a Credentials,
        endpoint: Endpoint,
        retry: Retry,
        per_minute: u32,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // The second one ends the program at once.
            signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&stop))?;
            signal_hook::flag::register(signal, Arc::clone(&stop))?;
        }
        Ok(Self {
            credentials,
            endpoint,
            retry,
            http: Http::new(),
            limiter: NonZeroU32::new(per_minute).map(Limiter::new),
            clock: ServerClock::default(),
            began: Instant::now(),
            stop,
        })
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The server's time as far as it is known, in Unix seconds.
    pub(crate) fn unix(&self) -> i64 {
        self.clock.unix(self.now().unix_ms)
    }

    /// Lets time pass; whether all of it has.
    pub(crate) fn sleep(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        while !self.is_stopped() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            thread::sleep(left.min(LOOK));
        }
        false
    }

    /// Makes a call; `read` gets the reply's data and its total.
    pub(crate) fn call<T>(
        &mut self,
        request: &Request<'_>,
        told: &Told<'_>,
        read: impl FnOnce(&str, Option<u64>) -> T,
    ) -> Result<T, Ended> {
        let method = request.method();
        // What is pulled is a query.
        let exchange = Exchange::new(method, false, self.retry, Limits::DEFAULT);
        let mut call = Paced::new(exchange);
        loop {
            let now = self.now();
            let step = call.step(self.limiter.as_mut(), now).map_err(Ended::Failed)?;
            let until = match step {
                None => return Err(Ended::Stopped),
                Some(PacedStep::Wait { until, why }) => {
                    self.wait(method, until, why, told)?;
                    continue;
                }
                Some(PacedStep::Send { until }) => until,
            };
            let signed = request.sign(self.credentials, self.clock.timestamp(now.unix_ms));
            let url = self.endpoint.url(&signed);
            let came = self.http.send(&url, &signed, until.saturating_sub(now.at));
            let now = self.now();
            let reply = match came {
                Ok(reply) => reply,
                Err(lost) => {
                    let fate = if lost.never_left { Fate::NotSent } else { Fate::Unknown };
                    call.fault(now, fate, &lost.why.english, &lost.why.chinese)
                        .map_err(Ended::Failed)?;
                    continue;
                }
            };
            let headers = [("Date", &*reply.date), ("Retry-After", &*reply.retry_after)];
            let (status, body) = (reply.status, reply.body.as_slice());
            let reply = Reply { status, headers: &headers, body };
            let came = call.reply(self.limiter.as_mut(), &mut self.clock, now, reply);
            if let Some(response) = came.map_err(Ended::Failed)? {
                return Ok(read(response.data().unwrap_or("null"), response.total()));
            }
        }
    }

    fn wait(
        &self,
        method: &str,
        until: Duration,
        why: WaitFor,
        told: &Told<'_>,
    ) -> Result<(), Ended> {
        let time = until.saturating_sub(self.now().at);
        told.waits(&Waiting { method, time, why });
        if self.sleep(time) { Ok(()) } else { Err(Ended::Stopped) }
    }

    fn now(&self) -> Now {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Now {
            at: self.began.elapsed(),
            unix_ms: i64::try_from(unix.as_millis()).unwrap_or(i64::MAX),
            // Each state of the hasher has keys of its own: 32 random bits.
            chance: (RandomState::new().hash_one(0) >> 32) as u32,
        }
    }
}
