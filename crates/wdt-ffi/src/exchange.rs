//! One call from its first attempt to its end: what to send, when, and what is safe to send again.

use std::os::raw::c_char;
use std::ptr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use wdt_proto::Language;
use wdt_proto::session::{
    Exchange, ExchangeError, Fate, Limiter, Now, Paced, PacedStep, Reply, Retry, ServerClock,
    Waiting,
};

use crate::boundary::{array, borrow, bytes, clear, exclusive, fallible, hand_out, put, text};
use crate::credentials::wdt_credentials;
use crate::draft::{Draft, wdt_draft};
use crate::error::{Failure, WDT_FATE_NOT_SENT, WDT_FATE_UNKNOWN, wdt_error, wdt_fate, wdt_status};
use crate::misuse::Misuse;
use crate::options::wdt_options;
use crate::outward::{Text, free, give, infallible};
use crate::pace::{locked, wdt_clock, wdt_limiter};
use crate::request::wdt_request;
use crate::response::wdt_response;
use crate::retry::wdt_retry;
use crate::sign::wdt_parameter;

/// What an exchange wants next: one of the `WDT_STEP_` numbers.
pub type wdt_step = i32;

/// The call is over: `wdt_exchange_response` has its response.
pub const WDT_STEP_DONE: wdt_step = 0;
/// Let time pass, then step again.
pub const WDT_STEP_WAIT: wdt_step = 1;
/// Send `wdt_exchange_request`, and tell `wdt_exchange_reply` or `wdt_exchange_fault`.
pub const WDT_STEP_SEND: wdt_step = 2;

/// The moment at which an exchange is told something.
#[repr(C)]
pub struct wdt_now {
    /// Milliseconds of a clock that nobody sets (CLOCK_MONOTONIC, say), from whatever moment on.
    pub at_ms: u64,
    /// The local time of day, in milliseconds since 1970 in UTC.
    pub unix_ms: i64,
    /// 32 random bits: waits are spread with them.
    pub chance: u32,
}

impl wdt_now {
    const fn moment(&self) -> Now {
        let Self { at_ms, unix_ms, chance } = *self;
        Now { at: Duration::from_millis(at_ms), unix_ms, chance }
    }
}

/// One call: do what `wdt_exchange_step` says until it is done, or fails. It opens no connection.
/// One thread at a time may use it.
pub struct wdt_exchange {
    call: Paced,
    draft: Arc<Draft>,
    limiter: Option<Arc<Mutex<Limiter>>>,
    clock: Arc<Mutex<ServerClock>>,
    /// Of the attempt under way.
    request: Option<wdt_request>,
    response: Option<wdt_response>,
    failed: Option<ExchangeError>,
    /// What a long wait is for, in both languages.
    waiting: Option<[Text; 2]>,
    outcome: [OnceLock<Text>; 2],
}

const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

impl wdt_exchange {
    fn step(
        &mut self,
        credentials: &wdt_credentials,
        now: Now,
    ) -> Result<(wdt_step, Duration), Failure> {
        self.waiting = None;
        if let Some(failed) = &self.failed {
            return Err(Failure::of(failed));
        }
        let step = {
            let mut limiter = self.limiter.as_deref().map(locked);
            self.call.step(limiter.as_deref_mut(), now)
        };
        match step {
            Ok(None) => Ok((WDT_STEP_DONE, Duration::ZERO)),
            Ok(Some(PacedStep::Wait { until, why })) => {
                let time = until.saturating_sub(now.at);
                let waiting = Waiting { method: self.draft.request.method(), time, why };
                self.waiting = waiting.is_long().then(|| {
                    LANGUAGES.map(|language| Text::new(waiting.text(language).to_string()))
                });
                Ok((WDT_STEP_WAIT, until))
            }
            Ok(Some(PacedStep::Send { until })) => {
                self.request.get_or_insert_with(|| {
                    let at = locked(&self.clock).timestamp(now.unix_ms);
                    wdt_request::signed(Arc::clone(&self.draft), credentials, at)
                });
                Ok((WDT_STEP_SEND, until))
            }
            Err(error) => {
                let failed = Failure::of(&error);
                self.end(Err(error));
                Err(failed)
            }
        }
    }

    /// What an attempt came to; the next step tells a failure.
    fn end(&mut self, came: Result<Option<wdt_response>, ExchangeError>) {
        match came {
            Ok(Some(response)) => self.response = Some(response),
            Ok(None) => {}
            Err(error) => {
                if let ExchangeError::Refused { error, .. } = &error {
                    self.response = Some(wdt_response::of_error(error));
                }
                self.failed = Some(error);
            }
        }
    }

    /// The attempt under way has an end.
    fn attempted(&mut self) {
        self.request = None;
        self.outcome = Default::default();
    }

    fn outcome(&self, language: Language) -> Option<&Text> {
        let place = &self.outcome[usize::from(language == Language::Chinese)];
        let outcome = self.call.attempt().outcome.as_ref()?;
        Some(place.get_or_init(|| Text::new(outcome.text(language).to_string())))
    }
}

/// A turn that was waited for goes back.
impl Drop for wdt_exchange {
    fn drop(&mut self) {
        self.call.leave(self.limiter.as_deref().map(locked).as_deref_mut());
    }
}

/// Begins the call of a draft; nothing is sent yet.
///
/// `retry`, `limiter`, `clock` and `options` (its limits count for replies) may be NULL: the default
/// policy, no limiter, a clock of its own. The exchange keeps what it needs of each: all may be freed.
/// `repeats_writes` allows a method that writes to be sent again though it may have arrived: for calls
/// that do the same however often they come.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_new(
    draft: *const wdt_draft,
    retry: *const wdt_retry,
    limiter: *const wdt_limiter,
    clock: *const wdt_clock,
    options: *const wdt_options,
    repeats_writes: bool,
    out: *mut *mut wdt_exchange,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL.
        unsafe {
            clear(out)?;
            let draft = Arc::clone(&borrow(draft, "draft")?.0);
            let retry = retry.as_ref().map_or_else(Retry::default, |retry| retry.0);
            let limits = wdt_options::or_default(options).limits;
            let call = Exchange::new(draft.request.method(), draft.writes, retry, limits);
            let call = if repeats_writes { call.repeating_writes() } else { call };
            let exchange = wdt_exchange {
                call: Paced::new(call),
                draft,
                limiter: limiter.as_ref().map(|limiter| Arc::clone(&limiter.0)),
                clock: clock.as_ref().map(|clock| Arc::clone(&clock.0)).unwrap_or_default(),
                request: None,
                response: None,
                failed: None,
                waiting: None,
                outcome: Default::default(),
            };
            hand_out(out, exchange);
        }
        Ok(())
    })
}

/// What is to be done next: `*step` receives one of the `WDT_STEP_` numbers, and `*until_ms` the moment,
/// of the clock of `now`, up to which to wait, or at which the attempt is to be given up (that is a
/// fault of unknown fate). Both receive 0 where it fails. Each attempt is signed anew, with
/// `credentials`.
///
/// Where the call has failed it says so, here and at each later step: `WDT_ERR_API`, with the refusal
/// in `wdt_exchange_response`; `WDT_ERR_TRANSPORT`, and `wdt_error_fate` tells whether the call may have
/// been carried out; `WDT_ERR_MALFORMED`, where a method that only reads was answered with something
/// else than a reply. `WDT_ERR_NULL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_step(
    exchange: *mut wdt_exchange,
    credentials: *const wdt_credentials,
    now: *const wdt_now,
    step: *mut wdt_step,
    until_ms: *mut u64,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL; nobody else uses the exchange.
        unsafe {
            put(step, "step", WDT_STEP_DONE)?;
            put(until_ms, "until_ms", 0)?;
            let exchange = exclusive(exchange, "exchange")?;
            let credentials = borrow(credentials, "credentials")?;
            let (what, until) = exchange.step(credentials, borrow(now, "now")?.moment())?;
            put(step, "step", what)?;
            // Not earlier: whoever waits until then is not to be asked to wait again.
            let whole = until.as_nanos().div_ceil(1_000_000);
            put(until_ms, "until_ms", u64::try_from(whole).unwrap_or(u64::MAX))?;
        }
        Ok(())
    })
}

/// The request to send now; it belongs to the exchange and is valid until that is told what came of
/// it. NULL where nothing is to be sent, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_request(exchange: *const wdt_exchange) -> *const wdt_request {
    // SAFETY: NULL or alive.
    let request = unsafe { exchange.as_ref() }.and_then(|exchange| exchange.request.as_ref());
    request.map_or(ptr::null(), ptr::from_ref)
}

/// Tells an HTTP reply: its status, of its headers `Date` and `Retry-After` (others may be among them,
/// those that are no UTF-8 are passed over), and its body, as far as the limits allow and one byte
/// more. Step on then. Where nothing was to be sent, nothing is done.
///
/// `WDT_ERR_NULL`, and then the exchange has been told nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_reply(
    exchange: *mut wdt_exchange,
    now: *const wdt_now,
    http_status: u16,
    headers: *const wdt_parameter,
    headers_len: usize,
    body: *const c_char,
    body_len: usize,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for readable texts and arrays, and living handles or NULL; nobody
        // else uses the exchange.
        unsafe {
            let exchange = exclusive(exchange, "exchange")?;
            let now = borrow(now, "now")?.moment();
            let body = bytes(body, body_len, "body")?;
            let mut read = Vec::new();
            for header in array(headers, headers_len, "headers")? {
                let key = std::str::from_utf8(bytes(header.key, header.key_len, "header")?);
                let value = std::str::from_utf8(bytes(header.value, header.value_len, "header")?);
                read.extend(key.ok().zip(value.ok()));
            }
            exchange.attempted();
            let reply = Reply { status: http_status, headers: &read, body };
            let mut limiter = exchange.limiter.as_deref().map(locked);
            let mut clock = locked(&exchange.clock);
            let came = exchange.call.reply(limiter.as_deref_mut(), &mut clock, now, reply);
            drop((limiter, clock));
            exchange.end(came.map(|response| response.as_ref().map(wdt_response::of_success)));
        }
        Ok(())
    })
}

/// Tells that no whole reply came: whether the request can have left (`WDT_FATE_NOT_SENT`: no
/// connection was made; `WDT_FATE_UNKNOWN`: anything else), and why, for people, in English and in
/// Chinese; an empty `text_zh` is the same as `text`. The texts must not hold the URL: it is signed.
/// Step on then. Where nothing was to be sent, nothing is done.
///
/// `WDT_ERR_ARGUMENT` for another fate; `WDT_ERR_NULL`; `WDT_ERR_UTF8`; then the exchange has been told
/// nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_fault(
    exchange: *mut wdt_exchange,
    now: *const wdt_now,
    fate: wdt_fate,
    message: *const c_char,
    message_len: usize,
    message_zh: *const c_char,
    message_zh_len: usize,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for readable texts and living handles or NULL; nobody else uses the
        // exchange.
        unsafe {
            let exchange = exclusive(exchange, "exchange")?;
            let now = borrow(now, "now")?.moment();
            let message = text(message, message_len, "message")?;
            let message_zh = text(message_zh, message_zh_len, "message_zh")?;
            let message_zh = if message_zh.is_empty() { message } else { message_zh };
            let fate = match fate {
                WDT_FATE_NOT_SENT => Fate::NotSent,
                WDT_FATE_UNKNOWN => Fate::Unknown,
                other => return Err(Misuse::Fate(other).into()),
            };
            exchange.attempted();
            let came = exchange.call.fault(now, fate, message, message_zh);
            exchange.end(came.map(|()| None));
        }
        Ok(())
    })
}

/// The response with which the call ended, of success or, after `WDT_ERR_API`, of error. It belongs to
/// the exchange. NULL where there is none (yet), and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_response(
    exchange: *const wdt_exchange,
) -> *const wdt_response {
    // SAFETY: NULL or alive.
    let response = unsafe { exchange.as_ref() }.and_then(|exchange| exchange.response.as_ref());
    response.map_or(ptr::null(), ptr::from_ref)
}

/// How many attempts have begun. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_attempts(exchange: *const wdt_exchange) -> u32 {
    // SAFETY: NULL or alive.
    unsafe { exchange.as_ref() }.map_or(0, |exchange| exchange.call.attempt().number)
}

/// What came of the latest attempt, for logs, in English: "status 0", "HTTP 502", …. It is valid until
/// the exchange is told of the next one. NULL where none has an end yet, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_outcome(
    exchange: *const wdt_exchange,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    infallible(ptr::null(), || unsafe {
        give(exchange.as_ref().and_then(|exchange| exchange.outcome(Language::English)), len)
    })
}

/// The same in Chinese.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_outcome_zh(
    exchange: *const wdt_exchange,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    infallible(ptr::null(), || unsafe {
        give(exchange.as_ref().and_then(|exchange| exchange.outcome(Language::Chinese)), len)
    })
}

/// What the wait of the latest step is for, where it is one of half a minute or longer: a line for the
/// person who watches, in English, valid until the next step. NULL otherwise, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_waiting(
    exchange: *const wdt_exchange,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_waiting(exchange, 0, len) }
}

/// The same in Chinese.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_waiting_zh(
    exchange: *const wdt_exchange,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_waiting(exchange, 1, len) }
}

/// Frees an exchange, with its request and its response; a turn that it waited for goes to the next.
/// NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_exchange_free(exchange: *mut wdt_exchange) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(exchange) }
}

/// # Safety
/// `exchange` is NULL or alive, `len` is NULL or a place for a length.
unsafe fn give_waiting(
    exchange: *const wdt_exchange,
    language: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: the same contract.
    unsafe {
        let texts = exchange.as_ref().and_then(|exchange| exchange.waiting.as_ref());
        give(texts.and_then(|texts| texts.get(language)), len)
    }
}
