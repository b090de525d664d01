//! One call from its first attempt to its end: what to send, when, and what is safe to send again.

use alloc::string::String;
use core::time::Duration;

use super::http_date;
use super::retry::Retry;
use super::told::{Attempt, ExchangeError, Fate, Outcome, TransportError, WaitFor};
use crate::check::Limits;
use crate::error_kind::ErrorKind;
use crate::flagship::client::{ApiError, Response, ResponseError, Unseen, VisitData};
use crate::flagship::{EPOCH_UNIX, Timestamp};

/// What the exchange wants next.
///
/// ```
/// use core::time::Duration;
/// use wdt_proto::session::{Step, WaitFor};
///
/// let step = Step::Wait { until: Duration::from_secs(5), why: WaitFor::Again };
/// assert!(matches!(step, Step::Wait { until, .. } if until.as_secs() == 5));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A turn of the limiter: tell [`turn`](Exchange::turn), or [`no_turn`](Exchange::no_turn) where
    /// it would come after `latest`.
    Turn {
        /// Later than this it is of no use.
        latest: Option<Duration>,
    },
    /// Time has to pass.
    Wait {
        /// Ask again then.
        until: Duration,
        /// What for.
        why: WaitFor,
    },
    /// Sign the request with the [server's time](ServerClock::unix) and send it: tell
    /// [`reply`](Exchange::reply) or [`fault`](Exchange::fault).
    Send {
        /// Past this the attempt is to be given up: that is a fault of unknown fate.
        until: Duration,
    },
}

/// The moment at which an exchange is told something.
///
/// ```
/// use core::time::Duration;
/// use wdt_proto::session::Now;
///
/// let now = Now { at: Duration::from_secs(5), unix_ms: 1_775_791_718_000, chance: 7 };
/// assert_eq!(now.at.as_secs(), 5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Of a clock that nobody sets, from whatever moment on.
    pub at: Duration,
    /// The local time of day, in milliseconds since 1970 in UTC.
    pub unix_ms: i64,
    /// 32 random bits: waits are spread with them.
    pub chance: u32,
}

/// The server's clock as far as it is known: all calls of a client share one.
///
/// ```
/// use wdt_proto::session::ServerClock;
///
/// let clock = ServerClock::default();
/// assert_eq!(clock.unix(1_775_791_718_999), 1_775_791_718);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ServerClock {
    offset_ms: i64,
}

impl ServerClock {
    /// One that is so many milliseconds ahead of the local one.
    #[must_use]
    pub const fn ahead_by(offset_ms: i64) -> Self {
        Self { offset_ms }
    }

    /// How many milliseconds it is ahead of the local one.
    #[must_use]
    pub const fn offset_ms(self) -> i64 {
        self.offset_ms
    }

    /// The server's time at this local time, in whole Unix seconds: what is signed.
    #[must_use]
    pub const fn unix(self, local_ms: i64) -> i64 {
        local_ms.saturating_add(self.offset_ms).div_euclid(1000)
    }

    /// The same as it is signed. A clock that was never set gives the platform's first second: it
    /// refuses that, and tells the time.
    ///
    /// ```
    /// use wdt_proto::session::ServerClock;
    ///
    /// let clock = ServerClock::default();
    /// assert_eq!(clock.timestamp(1_775_791_716_999).to_unix(), 1_775_791_716);
    /// assert_eq!(clock.timestamp(0).seconds(), 0);
    /// ```
    #[must_use]
    pub fn timestamp(self, local_ms: i64) -> Timestamp {
        Timestamp::from_unix(self.unix(local_ms)).unwrap_or(Timestamp::FIRST)
    }
}

/// An HTTP reply, its body as far as the [`Limits`] allow and one byte more.
///
/// ```
/// use wdt_proto::session::Reply;
///
/// let headers = [("Retry-After", "60")];
/// let reply = Reply { status: 429, headers: &headers, body: b"" };
/// assert_eq!(reply.status, 429);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply<'a> {
    /// The status of HTTP.
    pub status: u16,
    /// `Date` and `Retry-After` are read, others may be left out.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: &'a [u8],
}

impl<'a> Reply<'a> {
    fn header(&self, name: &str) -> &'a str {
        let found = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.trim())
    }

    /// The server's time when it answered, in milliseconds since 1970.
    fn date(&self) -> Option<i64> {
        http_date::read(self.header("date"))
    }

    /// How long the server wants to be left alone. A date is meant by its own clock.
    fn retry_after(&self, server_ms: i64) -> Option<Duration> {
        let text = self.header("retry-after");
        if let Some(seconds) = http_date::seconds(text) {
            return Some(Duration::from_secs(seconds));
        }
        let ahead = http_date::read(text)?.saturating_sub(self.date().unwrap_or(server_ms));
        Some(Duration::from_millis(u64::try_from(ahead).unwrap_or(0)))
    }
}

/// One call: does what [`step`](Exchange::step) says until a [`reply`](Exchange::reply) brings the
/// response, or an error ends it.
///
/// ```
/// use core::time::Duration;
/// use wdt_proto::Limits;
/// use wdt_proto::session::{Exchange, Now, Reply, Retry, ServerClock, Step, WaitFor};
///
/// let now = |s| Now { at: Duration::from_secs(s), unix_ms: 1_775_791_718_000, chance: 1 << 31 };
/// let mut clock = ServerClock::default();
/// let mut call = Exchange::new("wms.StockSpec.search2", false, Retry::default(), Limits::DEFAULT);
///
/// assert_eq!(call.step(now(0)), Some(Step::Turn { latest: None }));
/// call.turn(now(0));
/// assert!(matches!(call.step(now(0)), Some(Step::Send { .. })));
/// let busy = Reply { status: 503, headers: &[("Retry-After", "2")], body: b"" };
/// assert_eq!(call.reply(now(1), &mut clock, busy), Ok(None));
/// let wait = Step::Wait { until: Duration::from_secs(3), why: WaitFor::Again };
/// assert_eq!(call.step(now(1)), Some(wait));
///
/// call.turn(now(3));
/// let reply = Reply { status: 200, headers: &[], body: br#"{"status":0,"data":[1]}"# };
/// let response = call.reply(now(4), &mut clock, reply)?.unwrap();
/// assert_eq!((response.data(), call.attempt().number), (Some("[1]"), 2));
/// # Ok::<(), wdt_proto::session::ExchangeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Exchange {
    method: String,
    writes: bool,
    repeats_writes: bool,
    retry: Retry,
    limits: Limits,
    state: State,
    /// After this no attempt starts; known once the first one has.
    latest: Option<Duration>,
    /// Whether some attempt may have arrived.
    fate: Fate,
    is_corrected: bool,
    attempt: Attempt,
    /// Why the latest attempt brought nothing.
    failure: Option<Failure>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// From this time on a turn is wanted.
    Turn(Duration),
    /// Since this time an attempt is under way.
    Sent(Duration),
    Over,
}

/// An attempt that brought no response.
#[derive(Debug, Clone)]
enum Failure {
    Refused(ApiError),
    Other(TransportError),
}

impl Outcome {
    fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Refused(error) => Self::Refused { status: error.status, kind: error.kind },
            Failure::Other(error) => error.outcome.clone(),
        }
    }
}

impl Exchange {
    /// A call of this method, which writes or only reads: what the catalogue says, and an unknown
    /// one writes.
    #[must_use]
    pub fn new(method: &str, writes: bool, retry: Retry, limits: Limits) -> Self {
        Self {
            method: method.into(),
            writes,
            repeats_writes: false,
            retry,
            limits,
            state: State::Turn(Duration::ZERO),
            latest: None,
            fate: Fate::NotSent,
            is_corrected: false,
            attempt: Attempt::default(),
            failure: None,
        }
    }

    /// Allows a method that writes to be sent again though it may have arrived: for calls that do
    /// the same however often they come.
    #[must_use]
    pub const fn repeating_writes(mut self) -> Self {
        self.repeats_writes = true;
        self
    }

    /// What is to be done; `None` when the call is over.
    #[must_use]
    pub fn step(&self, now: Now) -> Option<Step> {
        match self.state {
            State::Turn(until) if until > now.at => {
                let is_rest = self.attempt.rest_until.is_some();
                let why = if is_rest { WaitFor::Rest } else { WaitFor::Again };
                Some(Step::Wait { until, why })
            }
            State::Turn(_) => Some(Step::Turn { latest: self.latest }),
            State::Sent(at) => {
                Some(Step::Send { until: at.saturating_add(self.retry.attempt_time) })
            }
            State::Over => None,
        }
    }

    /// Tells that the limiter gave a turn: an attempt starts.
    pub fn turn(&mut self, now: Now) {
        if let State::Turn(_) = self.state {
            self.latest.get_or_insert(now.at.saturating_add(self.retry.max_time));
            self.attempt = Attempt { number: self.attempt.number + 1, ..Attempt::default() };
            self.state = State::Sent(now.at);
        }
    }

    /// Tells that there is no turn in time: the call ends with what the last attempt brought.
    pub fn no_turn(&mut self) -> ExchangeError {
        self.state = State::Over;
        match self.failure.take() {
            Some(failure) => self.error(failure),
            // The first turn has no latest time: whoever gave up has waited long enough.
            None => self.error(Failure::Other(TransportError::of(
                Outcome::Fault {
                    english: "no turn".into(), chinese: "没有等到调用机会".into()
                },
                Fate::NotSent,
            ))),
        }
    }

    /// Tells what came back. With the response the call is over; without, ask for the next step.
    ///
    /// # Errors
    /// [`ExchangeError`] where no other attempt would do, or none is allowed.
    pub fn reply<'b>(
        &mut self,
        now: Now,
        clock: &mut ServerClock,
        reply: Reply<'b>,
    ) -> Result<Option<Response<'b>>, ExchangeError> {
        self.reply_with(now, clock, reply, &mut Unseen)
    }

    /// The same, and the response's data is shown to a visitor as it is read: see
    /// [`Response::parse_with`].
    ///
    /// # Errors
    /// As [`Exchange::reply`].
    pub fn reply_with<'b>(
        &mut self,
        now: Now,
        clock: &mut ServerClock,
        reply: Reply<'b>,
        visitor: &mut impl VisitData<'b>,
    ) -> Result<Option<Response<'b>>, ExchangeError> {
        let State::Sent(_) = self.state else { return Ok(None) };
        let failure = match judged(reply, self.limits, visitor) {
            Ok(response) => {
                self.told(now, Outcome::Done);
                self.state = State::Over;
                return Ok(Some(response));
            }
            Err(failure) => failure,
        };
        self.told(now, Outcome::of(&failure));
        let asked = reply.retry_after(now.unix_ms.saturating_add(clock.offset_ms()));
        let backoff = self.retry.backoff(self.attempt.number, now.chance);
        let backoff = backoff.max(asked.unwrap_or_default());
        let delay = match &failure {
            Failure::Refused(error) if error.kind == ErrorKind::RateLimit => {
                let rest = self.retry.rest_after_rate_limit(now.chance);
                let delay = rest.map(|rest| if asked.is_some() { backoff } else { rest });
                // What a server asks of one call must not stop all others for ever.
                let longest = self.retry.rest.map_or(Duration::ZERO, |(_, longest)| longest);
                let until = delay.map(|delay| now.at.saturating_add(delay.min(longest)));
                self.attempt.rest_until = until;
                delay
            }
            Failure::Refused(error) if error.kind == ErrorKind::Timestamp => {
                match self.learn_time(now, clock, reply.date()) {
                    Some(true) if !self.is_corrected => {
                        self.is_corrected = true;
                        Some(Duration::ZERO)
                    }
                    // Too far to be believed: the next attempt would be refused as well.
                    Some(false) => None,
                    _ => Some(backoff),
                }
            }
            Failure::Refused(error) => error.is_retryable().then_some(backoff),
            Failure::Other(error) => {
                // What is too large does not get smaller.
                let may_pass =
                    error.outcome.may_pass() && reply.body.len() <= self.limits.max_bytes();
                may_pass.then_some(backoff)
            }
        };
        self.again(now, delay, failure).map(|()| None)
    }

    /// Tells that no whole reply came, in the words of whoever sent it, and what is known of the
    /// request.
    ///
    /// # Errors
    /// As [`Exchange::reply`].
    pub fn fault(
        &mut self,
        now: Now,
        fate: Fate,
        english: &str,
        chinese: &str,
    ) -> Result<(), ExchangeError> {
        let State::Sent(_) = self.state else { return Ok(()) };
        let outcome = Outcome::Fault { english: english.into(), chinese: chinese.into() };
        let failure = Failure::Other(TransportError::of(outcome, fate));
        self.told(now, Outcome::of(&failure));
        let delay = self.retry.backoff(self.attempt.number, now.chance);
        self.again(now, Some(delay), failure)
    }

    /// The latest attempt, for logs: what came of it, how long it took, what follows.
    #[must_use]
    pub const fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    fn told(&mut self, now: Now, outcome: Outcome) {
        if let State::Sent(at) = self.state {
            self.attempt.took = now.at.saturating_sub(at);
        }
        self.attempt.outcome = Some(outcome);
    }

    /// Whether the server's time was taken; `None` where it told none.
    fn learn_time(&mut self, now: Now, clock: &mut ServerClock, date: Option<i64>) -> Option<bool> {
        let offset_ms = date.filter(|at| at.div_euclid(1000) > EPOCH_UNIX)? - now.unix_ms;
        let off_by = offset_ms - clock.offset_ms;
        self.attempt.clock_off_ms = Some(off_by);
        let is_believed =
            u128::from(offset_ms.unsigned_abs()) <= self.retry.clock_error.as_millis();
        if is_believed {
            *clock = ServerClock { offset_ms };
        } else {
            self.attempt.clock_too_far_ms = Some(offset_ms);
        }
        Some(is_believed)
    }

    /// Goes on after `delay`, if that is allowed.
    fn again(
        &mut self,
        now: Now,
        delay: Option<Duration>,
        failure: Failure,
    ) -> Result<(), ExchangeError> {
        let is_unknown = matches!(&failure, Failure::Other(error) if error.fate == Fate::Unknown);
        if is_unknown {
            self.fate = Fate::Unknown;
        }
        let is_safe = !is_unknown || !self.writes || self.repeats_writes;
        let delay = delay.filter(|_| is_safe && self.attempt.number < self.retry.attempts);
        let next = delay.map(|delay| now.at.saturating_add(delay));
        let Some(next) = next.filter(|next| self.latest.is_none_or(|latest| *next <= latest))
        else {
            self.state = State::Over;
            return Err(self.error(failure));
        };
        self.attempt.wait = delay;
        self.failure = Some(failure);
        self.state = State::Turn(next);
        Ok(())
    }

    /// The error of the call: that of its last attempt, with the fate of all together.
    fn error(&self, failure: Failure) -> ExchangeError {
        match failure {
            Failure::Refused(error) => {
                ExchangeError::Refused { error, clock_too_far_ms: self.attempt.clock_too_far_ms }
            }
            Failure::Other(mut error) => match error.outcome {
                Outcome::Malformed(malformed) if !self.writes => {
                    ExchangeError::Malformed(malformed)
                }
                _ => {
                    error.method.clone_from(&self.method);
                    error.fate = self.fate;
                    error.writes = self.writes;
                    ExchangeError::Transport(error)
                }
            },
        }
    }
}

/// What came of an attempt that was answered.
fn judged<'b>(
    reply: Reply<'b>,
    limits: Limits,
    visitor: &mut impl VisitData<'b>,
) -> Result<Response<'b>, Failure> {
    let unknown = |outcome| Failure::Other(TransportError::of(outcome, Fate::Unknown));
    if !(200..300).contains(&reply.status) {
        return Err(unknown(Outcome::Http { status: reply.status }));
    }
    Response::parse_with(reply.body, limits, visitor).map_err(|error| match error {
        ResponseError::Api(error) => Failure::Refused(error),
        ResponseError::Malformed(error) => unknown(Outcome::Malformed(error)),
    })
}
