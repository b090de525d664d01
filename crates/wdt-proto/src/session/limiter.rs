//! Not more calls a minute than the platform takes: the window of one account, as a value.

use alloc::collections::VecDeque;
use core::num::NonZeroU32;
use core::time::Duration;

use super::told::WaitFor;
use crate::CALLS_PER_MINUTE;

/// At most so many calls in any minute, in the order in which they asked.
///
/// Calls go out at once until the minute's number is used up, then each as soon as the window of 61
/// seconds has room. Times are those of a clock that nobody sets, from whatever moment on; one that
/// goes back a little does no harm.
///
/// A call takes a turn with [`reserve`](Limiter::reserve), and asks [`due`](Limiter::due) until that
/// is not later than its own now: then the turn is used. One that is not used is to be [given
/// back](Limiter::give_back).
///
/// ```
/// use core::num::NonZeroU32;
/// use core::time::Duration;
/// use wdt_proto::session::Limiter;
///
/// let seconds = Duration::from_secs;
/// let mut limiter = Limiter::new(NonZeroU32::new(2).unwrap());
/// let turns = [0; 3].map(|_| limiter.reserve(seconds(10), None).unwrap());
/// assert_eq!(turns.map(|turn| limiter.due(turn, seconds(10)).as_secs()), [10, 10, 71]);
///
/// // The platform says that it were too many: who waits goes on waiting, and not all at once.
/// limiter.rest(seconds(300));
/// assert_eq!(limiter.due(turns[2], seconds(71)), seconds(300));
/// // With too little patience no turn is taken.
/// assert_eq!(limiter.reserve(seconds(71), Some(seconds(200))), None);
/// ```
#[derive(Debug, Clone)]
pub struct Limiter {
    per_minute: u32,
    /// When the latest turns were used, as many as fit into a window.
    used: VecDeque<Duration>,
    /// Those that wait, in their order.
    waiting: VecDeque<u64>,
    rest_until: Duration,
    next: u64,
}

/// A turn that [`Limiter::reserve`] gave.
///
/// ```
/// # use core::{num::NonZeroU32, time::Duration};
/// # use wdt_proto::session::Limiter;
/// let mut limiter = Limiter::new(NonZeroU32::MIN);
/// let turns = [0; 2].map(|_| limiter.reserve(Duration::ZERO, None).unwrap());
/// assert_eq!(turns.map(|turn| turn.at().as_secs()), [0, 61]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    number: u64,
    at: Duration,
}

impl Turn {
    /// When it is due, as things stood when it was taken.
    #[must_use]
    pub const fn at(self) -> Duration {
        self.at
    }
}

impl Limiter {
    /// A minute, and a second for calls that overtake each other on the way.
    pub const WINDOW: Duration = Duration::from_secs(61);

    /// Allows so many calls in any minute.
    #[must_use]
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self {
            per_minute: per_minute.get(),
            used: VecDeque::new(),
            waiting: VecDeque::new(),
            rest_until: Duration::ZERO,
            next: 0,
        }
    }

    /// How many calls fit into a minute.
    #[must_use]
    pub const fn per_minute(&self) -> u32 {
        self.per_minute
    }

    /// Takes the next turn; `None`, and nothing is taken, where it would come after `latest`.
    pub fn reserve(&mut self, now: Duration, latest: Option<Duration>) -> Option<Turn> {
        let at = self.at(self.waiting.len(), now);
        if latest.is_some_and(|latest| at > latest) {
            return None;
        }
        let number = self.next;
        self.next += 1;
        self.waiting.push_back(number);
        Some(Turn { number, at })
    }

    /// When a turn is due, as things stand: not later than `now` where the call is to go out now,
    /// and then the turn is used. Else ask again at the time it gives: somebody may have been told
    /// to rest since, or have given a turn back.
    pub fn due(&mut self, turn: Turn, now: Duration) -> Duration {
        let Ok(place) = self.waiting.binary_search(&turn.number) else {
            return now.max(self.rest_until);
        };
        let at = self.at(place, now);
        if at <= now {
            self.waiting.remove(place);
            // A clock that goes back must not make the window shorter.
            let used = self.used.back().map_or(now, |last| now.max(*last));
            self.used.push_back(used);
            if self.used.len() > self.per_minute as usize {
                self.used.pop_front();
            }
        }
        at
    }

    /// Gives back a turn whose call does not go out.
    pub fn give_back(&mut self, turn: Turn) {
        if let Ok(place) = self.waiting.binary_search(&turn.number) {
            self.waiting.remove(place);
        }
    }

    /// Lets nobody call before `until`: the platform said that it were too many.
    pub fn rest(&mut self, until: Duration) {
        self.rest_until = self.rest_until.max(until);
    }

    /// What those wait for who wait now.
    #[must_use]
    pub fn waits_for(&self, now: Duration) -> WaitFor {
        if self.rest_until > now { WaitFor::Rest } else { WaitFor::Turn }
    }

    /// When the one with so many before it may call.
    fn at(&self, place: usize, now: Duration) -> Duration {
        let size = self.per_minute as usize;
        let (rounds, place) = (place / size, place % size);
        let from = now.max(self.rest_until);
        // The window has room for those whose place is free, else once a used one is over.
        let free = size - self.used.len();
        let first = match place.checked_sub(free).and_then(|place| self.used.get(place)) {
            Some(used) => from.max(used.saturating_add(Self::WINDOW)),
            None => from,
        };
        first.saturating_add(Self::WINDOW.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX)))
    }
}

/// With the number that the platform is known to take.
impl Default for Limiter {
    fn default() -> Self {
        Self::new(NonZeroU32::new(CALLS_PER_MINUTE).unwrap_or(NonZeroU32::MIN))
    }
}
