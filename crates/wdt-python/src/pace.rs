//! The limiter of one account, behind a lock, its times as Python's seconds.

use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use wdt_proto::session;

use crate::convert::Saturated;
use crate::errors;
use crate::exchange::{moment, seconds, time};
use crate::language::Said;

/// The window of one account: at most so many calls in any minute.
///
/// Raises ``ValueError`` below 1.
#[pyclass(frozen, module = "wdt_proto._native")]
pub(crate) struct Pace(Mutex<session::Limiter>);

/// A turn that ``Pace.reserve`` gave.
#[pyclass(frozen, module = "wdt_proto._native")]
pub(crate) struct Turn(session::Turn);

impl Pace {
    fn limiter(&self) -> MutexGuard<'_, session::Limiter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Pace {
    #[new]
    fn new(py: Python<'_>, per_minute: Saturated) -> PyResult<Self> {
        let calls = u32::try_from(per_minute.0.min(u32::MAX.into())).unwrap_or(0);
        let calls = NonZeroU32::new(calls).ok_or_else(|| {
            let per_minute = per_minute.0;
            let text = Said::new(
                format!("per_minute is {per_minute}; to call without a limiter, give limiter=None"),
                format!("per_minute 是 {per_minute}；不想限速请给 limiter=None"),
            );
            errors::value_error(py, &text)
        })?;
        Ok(Self(Mutex::new(session::Limiter::new(calls))))
    }

    /// How many calls fit into a minute.
    #[getter]
    fn per_minute(&self) -> u32 {
        self.limiter().per_minute()
    }

    /// Take the next turn, and tell when it is due; ``None`` if after ``latest``.
    fn reserve(&self, now: f64, latest: f64) -> Option<(Turn, f64)> {
        // Both cut alike, so that a turn that is due at once is not too late.
        let whole = |at: f64| time((at * 1e6).floor() / 1e6);
        let latest = latest.is_finite().then(|| whole(latest));
        let turn = self.limiter().reserve(whole(now), latest)?;
        let at = if turn.at() <= whole(now) { now } else { seconds(turn.at()) };
        Some((Turn(turn), at))
    }

    /// Tell when a turn is due; where that is not after ``now``, the turn is used.
    fn due(&self, turn: &Turn, now: f64) -> f64 {
        let at = self.limiter().due(turn.0, moment(now));
        if at <= moment(now) { seconds(at).min(now) } else { seconds(at) }
    }

    /// Give back a turn whose call does not go out.
    fn give_back(&self, turn: &Turn) {
        self.limiter().give_back(turn.0);
    }

    /// Let nobody call before ``until``.
    fn rest(&self, until: f64) {
        self.limiter().rest(moment(until));
    }

    /// Tell what those wait for who wait now: ``turn`` or ``rest``.
    fn waits_for(&self, now: f64) -> &'static str {
        match self.limiter().waits_for(moment(now)) {
            session::WaitFor::Rest => "rest",
            _ => "turn",
        }
    }
}
