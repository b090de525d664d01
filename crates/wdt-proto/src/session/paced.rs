//! One call at an account's pace: an exchange, and its turns of a limiter.

use core::time::Duration;

use super::exchange::{Exchange, Now, Reply, ServerClock, Step};
use super::limiter::{Limiter, Turn};
use super::told::{Attempt, ExchangeError, Fate, WaitFor};
use crate::flagship::client::Response;

/// What a [`Paced`] call wants next.
///
/// ```
/// use core::time::Duration;
/// use wdt_proto::session::{PacedStep, WaitFor};
///
/// let step = PacedStep::Wait { until: Duration::from_secs(5), why: WaitFor::Turn };
/// assert!(matches!(step, PacedStep::Wait { why: WaitFor::Turn, .. }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PacedStep {
    /// Time has to pass.
    Wait {
        /// Ask again then.
        until: Duration,
        /// What for.
        why: WaitFor,
    },
    /// As [`Step::Send`].
    Send {
        /// Past this the attempt is to be given up: that is a fault of unknown fate.
        until: Duration,
    },
}

/// An [`Exchange`] that takes its turns itself: for whoever has the [`Limiter`] at hand.
///
/// All calls of an account are given the same limiter, or none at all.
///
/// ```
/// use core::{num::NonZeroU32, time::Duration};
/// use wdt_proto::Limits;
/// use wdt_proto::session::{Exchange, Limiter, Now, Paced, PacedStep, Retry, WaitFor};
///
/// let now = |s| Now { at: Duration::from_secs(s), unix_ms: 1_775_791_718_000, chance: 7 };
/// let mut limiter = Limiter::new(NonZeroU32::MIN);
/// let call = || Paced::new(Exchange::new("system.Core.now", false, Retry::default(), Limits::DEFAULT));
///
/// let (mut first, mut second) = (call(), call());
/// assert!(matches!(first.step(Some(&mut limiter), now(0))?, Some(PacedStep::Send { .. })));
/// let wait = PacedStep::Wait { until: Duration::from_secs(61), why: WaitFor::Turn };
/// assert_eq!(second.step(Some(&mut limiter), now(1))?, Some(wait));
/// assert!(matches!(second.step(Some(&mut limiter), now(61))?, Some(PacedStep::Send { .. })));
/// # Ok::<(), wdt_proto::session::ExchangeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Paced {
    call: Exchange,
    /// Taken of the limiter, and not used yet.
    turn: Option<Turn>,
}

impl Paced {
    /// Paces a call that has not begun.
    #[must_use]
    pub const fn new(call: Exchange) -> Self {
        Self { call, turn: None }
    }

    /// What is to be done; `None` when the call is over.
    ///
    /// # Errors
    /// [`ExchangeError`] where there is no turn in time: that of the last attempt.
    pub fn step(
        &mut self,
        mut limiter: Option<&mut Limiter>,
        now: Now,
    ) -> Result<Option<PacedStep>, ExchangeError> {
        loop {
            let latest = match self.call.step(now) {
                None => return Ok(None),
                Some(Step::Send { until }) => return Ok(Some(PacedStep::Send { until })),
                Some(Step::Wait { until, why }) => {
                    return Ok(Some(PacedStep::Wait { until, why }));
                }
                Some(Step::Turn { latest }) => latest,
            };
            if let Some(limiter) = limiter.as_deref_mut() {
                let Some(turn) = self.turn.or_else(|| limiter.reserve(now.at, latest)) else {
                    return Err(self.call.no_turn());
                };
                let due = limiter.due(turn, now.at);
                self.turn = (due > now.at).then_some(turn);
                if latest.is_some_and(|latest| due > latest) {
                    self.leave(Some(limiter));
                    return Err(self.call.no_turn());
                }
                if due > now.at {
                    let why = limiter.waits_for(now.at);
                    return Ok(Some(PacedStep::Wait { until: due, why }));
                }
            }
            self.call.turn(now);
        }
    }

    /// As [`Exchange::reply`]; where the platform says that it were too many calls, the limiter
    /// rests.
    ///
    /// # Errors
    /// As [`Exchange::reply`].
    pub fn reply<'b>(
        &mut self,
        limiter: Option<&mut Limiter>,
        clock: &mut ServerClock,
        now: Now,
        reply: Reply<'b>,
    ) -> Result<Option<Response<'b>>, ExchangeError> {
        let came = self.call.reply(now, clock, reply);
        if let (Some(until), Some(limiter)) = (self.attempt().rest_until, limiter) {
            limiter.rest(until);
        }
        came
    }

    /// As [`Exchange::fault`].
    ///
    /// # Errors
    /// As [`Exchange::fault`].
    pub fn fault(
        &mut self,
        now: Now,
        fate: Fate,
        english: &str,
        chinese: &str,
    ) -> Result<(), ExchangeError> {
        self.call.fault(now, fate, english, chinese)
    }

    /// As [`Exchange::attempt`].
    #[must_use]
    pub const fn attempt(&self) -> &Attempt {
        self.call.attempt()
    }

    /// Gives back a turn that was waited for: to be told of a call that is left before its end.
    ///
    /// ```
    /// # use core::{num::NonZeroU32, time::Duration};
    /// # use wdt_proto::Limits;
    /// # use wdt_proto::session::{Exchange, Limiter, Now, Paced, PacedStep, Retry, WaitFor};
    /// # let now = Now { at: Duration::ZERO, unix_ms: 1_775_791_718_000, chance: 7 };
    /// # let mut limiter = Limiter::new(NonZeroU32::MIN);
    /// # let retry = Retry::default();
    /// # let call = || Paced::new(Exchange::new("system.Core.now", false, retry, Limits::DEFAULT));
    /// let mut calls = [call(), call(), call()];
    /// for call in &mut calls {
    ///     call.step(Some(&mut limiter), now)?;
    /// }
    /// calls[1].leave(Some(&mut limiter));
    /// let wait = PacedStep::Wait { until: Duration::from_secs(61), why: WaitFor::Turn };
    /// assert_eq!(calls[2].step(Some(&mut limiter), now)?, Some(wait));
    /// # Ok::<(), wdt_proto::session::ExchangeError>(())
    /// ```
    pub fn leave(&mut self, limiter: Option<&mut Limiter>) {
        if let (Some(turn), Some(limiter)) = (self.turn.take(), limiter) {
            limiter.give_back(turn);
        }
    }
}
