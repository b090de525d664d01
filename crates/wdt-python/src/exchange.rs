//! One call without I/O: the core's machine behind a lock, its times as Python's seconds.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyString;
use wdt_proto::session::{self, ExchangeError, Fate, Now, Outcome, Reply, Step, WaitFor, Waiting};

use crate::classes::Limits;
use crate::convert::{DETACH_BYTES, detached_if, utf8, with_bytes};
use crate::from_json::Seen;
use crate::language::{Said, both};
use crate::{errors, python, reply};

/// The policy of a ``Retry``, as the core has it: times in seconds.
///
/// Raises ``ValueError`` for what cannot be.
#[pyclass(frozen, module = "wdt_proto._native")]
pub(crate) struct Policy(session::Retry);

#[pymethods]
impl Policy {
    #[new]
    fn new(
        py: Python<'_>,
        attempts: i64,
        times: [f64; 5],
        rest: Option<(f64, f64)>,
    ) -> PyResult<Self> {
        let (low, high) = rest.unwrap_or_default();
        if !times.iter().chain([&low, &high]).all(|time| time.is_finite() && *time >= 0.0) {
            let text = Said::new("times are finite and not negative", "时间必须是有限的非负数");
            return Err(errors::value_error(py, &text));
        }
        let [max_time, attempt_time, first_delay, longest_delay, clock_error] = times.map(time);
        let policy = session::Retry {
            attempts: u32::try_from(attempts.max(0)).unwrap_or(u32::MAX),
            max_time,
            attempt_time,
            first_delay,
            longest_delay,
            rest: rest.map(|(least, longest)| (time(least), time(longest))),
            clock_error,
        };
        policy.check().map_err(|error| errors::value_error(py, &error))?;
        Ok(Self(policy))
    }

    /// Give the attempts, the times and the rest that count where nothing else is said.
    #[staticmethod]
    fn defaults() -> (u32, [f64; 5], Option<(f64, f64)>) {
        let retry = session::Retry::default();
        let times = [
            retry.max_time,
            retry.attempt_time,
            retry.first_delay,
            retry.longest_delay,
            retry.clock_error,
        ];
        let rest = retry.rest.map(|(least, longest)| (least.as_secs_f64(), longest.as_secs_f64()));
        (retry.attempts, times.map(|time| time.as_secs_f64()), rest)
    }

    /// Seconds to wait after so many failures; ``chance`` is from 0 to 1.
    fn backoff(&self, failures: i64, chance: f64) -> f64 {
        let failures = u32::try_from(failures.max(0)).unwrap_or(u32::MAX);
        self.0.backoff(failures, bits(chance)).as_secs_f64()
    }

    /// Seconds to rest after a rate limit; ``None`` for none.
    fn rest_after_rate_limit(&self, chance: f64) -> Option<f64> {
        self.0.rest_after_rate_limit(bits(chance)).map(|rest| rest.as_secs_f64())
    }
}

/// The server's clock as far as it is known: all calls of a client share one.
#[pyclass(frozen, module = "wdt_proto._native")]
#[derive(Default)]
pub(crate) struct ServerClock(Mutex<session::ServerClock>);

impl ServerClock {
    fn get(&self) -> session::ServerClock {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl ServerClock {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Give the server's time at this local time, in whole Unix seconds.
    fn unix(&self, local: f64) -> i64 {
        self.get().unix(milliseconds(local))
    }
}

/// One call: do what ``step`` says, tell what came of it, until there is a response.
///
/// Without ``wants_data`` the response has its ``raw_data`` alone.
#[pyclass(frozen, module = "wdt_proto._native")]
pub(crate) struct Exchange {
    machine: Mutex<session::Exchange>,
    /// What the transport raised for the latest attempt.
    cause: Mutex<Option<Py<PyAny>>>,
    wants_data: bool,
}

impl Exchange {
    fn machine(&self) -> MutexGuard<'_, session::Exchange> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_cause(&self, cause: Option<Py<PyAny>>) {
        *self.cause.lock().unwrap_or_else(PoisonError::into_inner) = cause;
    }

    fn raised(&self, py: Python<'_>, error: &ExchangeError) -> PyErr {
        let error = match error {
            ExchangeError::Refused { error: api, .. } => {
                return errors::raised(reply::api(py, api, both(error)));
            }
            ExchangeError::Malformed(malformed) => {
                return errors::malformed_response(py, malformed, malformed.head());
            }
            ExchangeError::Transport(error) => error,
            // Only if the core gets a new one.
            other => return errors::value_error(py, other),
        };
        let (text, text_zh) = both(error);
        let raised = errors::raised(
            python::transport_error(py)
                .and_then(|class| class.call1((text, error.fate.as_str(), text_zh))),
        );
        let cause = if let Outcome::Malformed(malformed) = &error.outcome {
            Some(errors::malformed_response(py, malformed, malformed.head()))
        } else {
            let cause = self.cause.lock().unwrap_or_else(PoisonError::into_inner);
            cause.as_ref().map(|cause| PyErr::from_value(cause.bind(py).clone()))
        };
        raised.set_cause(py, cause);
        raised
    }
}

/// The moment of an attempt's end: seconds of a clock that nobody sets, Unix seconds, chance.
type Moment = (f64, f64, f64);

#[pymethods]
impl Exchange {
    #[new]
    #[pyo3(signature = (method, writes, policy, limits, *, repeats_writes, wants_data))]
    fn new(
        method: &Bound<'_, PyString>,
        writes: bool,
        policy: &Policy,
        limits: &Limits,
        repeats_writes: bool,
        wants_data: bool,
    ) -> PyResult<Self> {
        let limits = Limits::of(Some(limits));
        let machine = session::Exchange::new(utf8(method, "method")?, writes, policy.0, limits);
        let machine = if repeats_writes { machine.repeating_writes() } else { machine };
        Ok(Self { machine: Mutex::new(machine), cause: Mutex::new(None), wants_data })
    }

    /// Give what is to be done, and the latest time for it.
    ///
    /// ``turn``, ``send``, or to wait: ``again`` for another attempt, ``rest`` after a rate limit.
    fn step(&self, at: f64) -> Option<(&'static str, Option<f64>)> {
        let step = self.machine().step(Now { at: moment(at), unix_ms: 0, chance: 0 })?;
        Some(match step {
            Step::Turn { latest } => ("turn", latest.map(seconds)),
            Step::Wait { until, why: WaitFor::Rest } => ("rest", Some(seconds(until))),
            Step::Wait { until, .. } => ("again", Some(seconds(until))),
            Step::Send { until } => ("send", Some(seconds(until))),
        })
    }

    /// Tell that the limiter gave a turn.
    fn turn(&self, at: f64) {
        self.machine().turn(Now { at: moment(at), unix_ms: 0, chance: 0 });
    }

    /// Give the exception of a call that gets no turn in time.
    fn no_turn(&self, py: Python<'_>) -> PyErr {
        let error = self.machine().no_turn();
        self.raised(py, &error)
    }

    /// Tell a reply, of its headers ``Date`` and ``Retry-After``.
    ///
    /// Give the response, or ``None`` where another attempt is to follow.
    #[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)] // as Python gives them
    fn reply<'py>(
        &self,
        py: Python<'py>,
        now: Moment,
        clock: &ServerClock,
        status: u16,
        headers: (String, String),
        body: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.set_cause(None);
        let headers = [("Date", &*headers.0), ("Retry-After", &*headers.1)];
        with_bytes(body, "body", |body| {
            let mut learnt = clock.get();
            let mut seen = self.wants_data.then(|| Seen::new(py, body.len()));
            let reply = Reply { status, headers: &headers, body };
            // Not under the lock: other threads run while objects are made.
            let mut machine = self.machine().clone();
            let came = match &mut seen {
                Some(seen) => machine.reply_with(of(now), &mut learnt, reply, seen),
                None => detached_if(py, body.len() >= DETACH_BYTES, || {
                    machine.reply(of(now), &mut learnt, reply)
                }),
            };
            *self.machine() = machine;
            if self.machine().attempt().clock_off_ms.is_some() {
                *clock.0.lock().unwrap_or_else(PoisonError::into_inner) = learnt;
            }
            let response = came.map_err(|error| self.raised(py, &error))?;
            response.map(|response| reply::made(py, &response, seen)).transpose()
        })
    }

    /// Tell that no whole reply came, what was raised, and whether the call may have left.
    fn fault(
        &self,
        py: Python<'_>,
        now: Moment,
        error: Py<PyAny>,
        is_unknown: bool,
        text: &str,
        text_zh: &str,
    ) -> PyResult<()> {
        self.set_cause(Some(error));
        let fate = if is_unknown { Fate::Unknown } else { Fate::NotSent };
        let came = self.machine().fault(of(now), fate, text, text_zh);
        came.map_err(|error| self.raised(py, &error))
    }

    /// Give the latest attempt.
    ///
    /// Its number, what came of it in both languages, the seconds that it took, those to the next
    /// one, until when all are to rest, by how many seconds the clock was off.
    #[allow(clippy::type_complexity)] // unpacked at once
    #[allow(clippy::cast_precision_loss)] // for people
    fn attempt(&self) -> (u32, (String, String), f64, Option<f64>, Option<f64>, Option<f64>) {
        let machine = self.machine();
        let attempt = machine.attempt();
        (
            attempt.number,
            attempt.outcome.as_ref().map(both).unwrap_or_default(),
            attempt.took.as_secs_f64(),
            attempt.wait.map(|wait| wait.as_secs_f64()),
            attempt.rest_until.map(seconds),
            attempt.clock_off_ms.map(|off| off as f64 / 1000.0),
        )
    }
}

/// Give the text for who waits, in both languages; ``None`` where the wait is not worth one.
#[pyfunction]
pub(crate) fn waiting(method: &str, seconds: f64, why: &str) -> Option<(String, String)> {
    let why = match why {
        "rest" => WaitFor::Rest,
        "again" => WaitFor::Again,
        _ => WaitFor::Turn,
    };
    let waiting = Waiting { method, time: time(seconds), why };
    waiting.is_long().then(|| both(&waiting))
}

fn of((at, unix, chance): Moment) -> Now {
    Now { at: moment(at), unix_ms: milliseconds(unix), chance: bits(chance) }
}

/// A time of a clock, to the nearest microsecond: floats are not exact to more.
pub(crate) fn moment(seconds: f64) -> Duration {
    time((seconds * 1e6).round() / 1e6)
}

/// The same as a float, not earlier.
pub(crate) fn seconds(at: Duration) -> f64 {
    let microseconds = at.as_nanos().div_ceil(1000);
    #[allow(clippy::cast_precision_loss)] // a float of a clock's seconds has no more digits
    let seconds = (microseconds / 1_000_000) as f64;
    #[allow(clippy::cast_precision_loss)]
    let parts = (microseconds % 1_000_000) as f64;
    seconds + parts / 1e6
}

/// Seconds as a span of time; what is beyond counting is the most.
pub(crate) fn time(seconds: f64) -> Duration {
    if seconds.is_nan() || seconds <= 0.0 {
        return Duration::ZERO;
    }
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

#[allow(clippy::cast_possible_truncation)] // saturates
fn milliseconds(unix: f64) -> i64 {
    let whole = unix.floor();
    (whole as i64).saturating_mul(1000).saturating_add(((unix - whole) * 1000.0) as i64)
}

/// A chance from 0 to 1 as 32 bits.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates
fn bits(chance: f64) -> u32 {
    (chance * 4_294_967_296.0) as u32
}
