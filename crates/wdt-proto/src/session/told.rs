//! What an exchange tells: of each attempt, of its waits, and why a call ended without a response.

use alloc::string::String;
use core::fmt;
use core::time::Duration;

use crate::error_kind::ErrorKind;
use crate::flagship::client::{ApiError, MalformedResponse};
use crate::language::{Bilingual, Language, bilingual, say};

/// An attempt: for logs and those who watch. It holds neither a value nor a signature.
///
/// ```
/// use wdt_proto::session::Attempt;
///
/// assert_eq!(Attempt::default().number, 0);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempt {
    /// Which it is, from 1.
    pub number: u32,
    /// How long it took.
    pub took: Duration,
    /// What came of it; `None` while it is under way.
    pub outcome: Option<Outcome>,
    /// After how long there will be another one; `None` for none.
    pub wait: Option<Duration>,
    /// Until then all who share the limiter are to rest: tell [`Limiter::rest`].
    ///
    /// [`Limiter::rest`]: super::Limiter::rest
    pub rest_until: Option<Duration>,
    /// By how many milliseconds the server's clock turned out to be ahead of what was taken for it.
    pub clock_off_ms: Option<i64>,
    /// By how many the server says that it is ahead of the local clock, if that is not believed.
    pub clock_too_far_ms: Option<i64>,
}

/// What came of an attempt, in few words: neither the platform's words nor a value.
///
/// ```
/// use wdt_proto::session::Outcome;
///
/// assert_eq!(Outcome::Http { status: 502 }.to_string(), "HTTP 502");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// A response.
    Done,
    /// The platform refused.
    Refused {
        /// The platform's number.
        status: i64,
        /// What it means.
        kind: ErrorKind,
    },
    /// An HTTP status that is not the platform's own.
    Http {
        /// The status of HTTP.
        status: u16,
    },
    /// The body is no reply of the platform's.
    Malformed(MalformedResponse),
    /// No whole reply, in the words of whoever sent the request.
    Fault {
        /// In English.
        english: String,
        /// In Chinese.
        chinese: String,
    },
}

impl Outcome {
    /// Whether another attempt may go otherwise, if no refusal of the platform's it is.
    pub(super) const fn may_pass(&self) -> bool {
        match self {
            // Request Timeout and Too Many Requests ask for another attempt.
            Self::Http { status } => matches!(status, 408 | 429 | 500..=599),
            _ => true,
        }
    }
}

bilingual!(Outcome, TransportError, ExchangeError, Waiting<'_>);

impl Bilingual for Outcome {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => say!(f, language, "status 0", "状态码 0"),
            Self::Refused { status, kind } => {
                say!(f, language, "status {status} ({kind})", "状态码 {status}（{kind}）")
            }
            Self::Http { status } => write!(f, "HTTP {status}"),
            Self::Malformed(_) => say!(f, language, "malformed reply", "应答格式不对"),
            Self::Fault { english, chinese } => say!(f, language, "{english}", "{chinese}"),
        }
    }
}

/// What is known of a call that brought no answer of the platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It did not leave: it was not carried out.
    NotSent,
    /// It may have arrived: ask the platform before sending one that writes again.
    Unknown,
}

impl Fate {
    /// The fate as text, the same in every binding: `not_sent` or `unknown`.
    ///
    /// ```
    /// use wdt_proto::session::Fate;
    ///
    /// assert_eq!(Fate::NotSent.as_str(), "not_sent");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a call ended without a response.
///
/// ```
/// use wdt_proto::Limits;
/// use wdt_proto::session::{Exchange, ExchangeError, Fate, Now, Retry};
///
/// let now = Now { at: core::time::Duration::ZERO, unix_ms: 0, chance: 0 };
/// let retry = Retry::default();
/// let mut call = Exchange::new("sales.StockSync.syncFail", true, retry, Limits::DEFAULT);
/// call.turn(now);
/// let error = call.fault(now, Fate::Unknown, "timed out", "超时").unwrap_err();
/// let ExchangeError::Transport(error) = error else { panic!() };
/// assert_eq!(error.fate, Fate::Unknown);
/// assert_eq!(
///     error.to_string(),
///     "sales.StockSync.syncFail: timed out; it may have taken effect: \
///      ask the platform before you send it again"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The platform refused the call: it was not carried out.
    Refused {
        /// Its words.
        error: ApiError,
        /// It refused the time, and says that its clock is so many milliseconds ahead of the local
        /// one: [too far](super::Retry::clock_error) to be believed.
        clock_too_far_ms: Option<i64>,
    },
    /// A method that reads was answered with something else than a reply.
    Malformed(MalformedResponse),
    /// No answer of the platform's came back.
    Transport(TransportError),
}

impl ExchangeError {
    /// The kind of the platform's refusal, if it is one.
    #[must_use]
    pub const fn kind(&self) -> Option<ErrorKind> {
        match self {
            Self::Refused { error, .. } => Some(error.kind),
            _ => None,
        }
    }
}

impl Bilingual for ExchangeError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => error.write(language, f),
            Self::Transport(error) => error.write(language, f),
            Self::Refused { error, clock_too_far_ms } => {
                error.write(language, f)?;
                let Some(ms) = clock_too_far_ms else { return Ok(()) };
                let days = ms.unsigned_abs() / 86_400_000;
                if *ms > 0 {
                    say!(
                        f,
                        language,
                        "; its reply says that this clock is {days} days behind: too far to be \
                         believed, set the clock (NTP)",
                        "；应答里的时间说明本机时钟慢了 {days} 天：相差太大，不予采信，请校时（NTP）"
                    )
                } else {
                    say!(
                        f,
                        language,
                        "; its reply says that this clock is {days} days ahead: too far to be \
                         believed, set the clock (NTP)",
                        "；应答里的时间说明本机时钟快了 {days} 天：相差太大，不予采信，请校时（NTP）"
                    )
                }
            }
        }
    }
}

impl core::error::Error for ExchangeError {}

/// No answer of the platform's came back, and what is known of the call.
///
/// ```
/// # use wdt_proto::Limits;
/// # use wdt_proto::session::{Exchange, ExchangeError, Now, Reply, Retry, ServerClock};
/// # let now = Now { at: core::time::Duration::ZERO, unix_ms: 0, chance: 0 };
/// # let retry = Retry::default();
/// let mut call = Exchange::new("system.Core.now", false, retry, Limits::DEFAULT);
/// call.turn(now);
/// let moved = Reply { status: 302, headers: &[("Location", "elsewhere")], body: b"" };
/// let error = call.reply(now, &mut ServerClock::default(), moved).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "system.Core.now: HTTP 302: the platform is elsewhere; give the final base URL"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    /// The method called.
    pub method: String,
    /// That of all attempts together.
    pub fate: Fate,
    /// What came of the last one.
    pub outcome: Outcome,
    /// Whether the method writes.
    pub writes: bool,
}

impl TransportError {
    pub(super) const fn of(outcome: Outcome, fate: Fate) -> Self {
        Self { method: String::new(), fate, outcome, writes: false }
    }
}

impl Bilingual for TransportError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = &self.method;
        say!(f, language, "{method}: ", "{method}：")?;
        match &self.outcome {
            Outcome::Http { status: status @ 300..=399 } => say!(
                f,
                language,
                "HTTP {status}: the platform is elsewhere; give the final base URL",
                "HTTP {status}：平台在别的地址，请填重定向之后的 base_url"
            )?,
            Outcome::Http { status } => say!(
                f,
                language,
                "HTTP {status}, which is not the platform's own answer",
                "HTTP {status}，不是平台自己的应答"
            )?,
            Outcome::Malformed(malformed) => malformed.write(language, f)?,
            outcome => outcome.write(language, f)?,
        }
        if self.writes && self.fate == Fate::Unknown {
            say!(
                f,
                language,
                "; it may have taken effect: ask the platform before you send it again",
                "；这次调用可能已经生效：先向平台查询，再决定是否重发"
            )?;
        }
        Ok(())
    }
}

impl core::error::Error for TransportError {}

/// A wait, for the person who watches.
///
/// ```
/// use core::time::Duration;
/// use wdt_proto::session::{WaitFor, Waiting};
///
/// let time = Duration::from_millis(40_400);
/// let waiting = Waiting { method: "sales.TradeQuery.queryWithDetail", time, why: WaitFor::Turn };
/// assert!(waiting.is_long());
/// assert_eq!(
///     waiting.to_string(),
///     "sales.TradeQuery.queryWithDetail: waiting 41 s, the calls of this minute are used up"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// The method that is to be called.
    pub method: &'a str,
    /// How long.
    pub time: Duration,
    /// What for.
    pub why: WaitFor,
}

/// What a wait is for.
///
/// ```
/// use wdt_proto::session::{Limiter, WaitFor};
///
/// let now = core::time::Duration::from_secs(5);
/// let mut limiter = Limiter::default();
/// assert_eq!(limiter.waits_for(now), WaitFor::Turn);
/// limiter.rest(2 * now);
/// assert_eq!(limiter.waits_for(now), WaitFor::Rest);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitFor {
    /// The window of the limiter has no room.
    Turn,
    /// The platform said that it were too many calls.
    Rest,
    /// An attempt failed, another one follows.
    Again,
}

impl Waiting<'_> {
    /// Whether whoever waits should be told: longer than half a minute.
    #[must_use]
    pub const fn is_long(&self) -> bool {
        self.time.as_secs() >= 30
    }
}

impl Bilingual for Waiting<'_> {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.method;
        let seconds = self.time.as_millis().div_ceil(1000);
        match self.why {
            WaitFor::Turn => say!(
                f,
                language,
                "{method}: waiting {seconds} s, the calls of this minute are used up",
                "{method}：这一分钟的调用次数已用完，等待 {seconds} 秒"
            ),
            WaitFor::Rest => say!(
                f,
                language,
                "{method}: waiting {seconds} s, the platform refused for too many calls",
                "{method}：平台限速，休息 {seconds} 秒后继续"
            ),
            WaitFor::Again => say!(
                f,
                language,
                "{method}: waiting {seconds} s before the next attempt",
                "{method}：等待 {seconds} 秒后重试"
            ),
        }
    }
}
