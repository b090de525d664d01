//! What to send next, and when: the conversation with the platform, without I/O.
//!
//! State machines that are told the time and what came, and say what to ask for.

mod alike;
mod exchange;
mod http_date;
mod limiter;
mod moment;
mod paced;
mod pages;
mod pull;
mod retry;
mod told;

pub use exchange::{Exchange, Now, Reply, ServerClock, Step};
pub use limiter::{Limiter, Turn};
pub use moment::Moment;
pub use paced::{Paced, PacedStep};
pub use pages::{Page, Pages, PagesError, PagesOptions};
pub use pull::{Ask, Batch, FailedSpan, FailedWhy, Pull, PullError, PullOptions, PullReport};
pub use retry::{Retry, RetryError};
pub use told::{Attempt, ExchangeError, Fate, Outcome, TransportError, WaitFor, Waiting};
