//! All rows of a span of time, each once, resumable, with few calls.

use std::os::raw::c_char;
use std::sync::Arc;

use wdt_proto::catalogue::Catalogue;
use wdt_proto::session::{Moment, Pull};
use wdt_proto::{Cause, ErrorKind, Issue, IssueCode, ValidationError};

use crate::batch::wdt_batch;
use crate::boundary::{borrow, clear, exclusive, fallible, hand_out, text};
use crate::catalogue::wdt_catalogue;
use crate::draft::{Draft, wdt_draft};
use crate::error::{Failure, wdt_error, wdt_status};
use crate::misuse::Misuse;
use crate::options::{BUILTIN, wdt_options};
use crate::outward::{free, infallible};
use crate::pull_options::wdt_pull_options;
use crate::pull_report::wdt_pull_report;
use crate::response::wdt_response;

/// A pull: `wdt_pull_ask` gives the next call, `wdt_pull_take` takes its response and gives rows,
/// until there is nothing more to ask. It makes no call itself. One thread at a time may use it.
pub struct wdt_pull {
    machine: Pull,
    method: String,
    catalogue: Option<Arc<Catalogue>>,
}

impl wdt_pull {
    fn catalogue(&self) -> &Catalogue {
        self.catalogue.as_deref().unwrap_or(&BUILTIN)
    }
}

/// Begins a pull of the rows of `method`, or goes on from the state of the options; nothing is called
/// yet.
///
/// `params` is a JSON object of the method's filters, without the fields that begin and end its span;
/// empty for none. `since` and `until`, both in the span, are times as the platform writes them,
/// Beijing time: "2026-05-01 10:00:00", or "2026-05-01". An empty `until` is now. `unix_time` is now,
/// in Unix seconds of the server's clock (`wdt_clock_unix`). `catalogue` and `options` may be NULL; the
/// pull keeps both.
///
/// `WDT_ERR_PULL` where the method, the filters, the page size or the state do not fit a pull;
/// `WDT_ERR_VALIDATION` for a time that is none; `WDT_ERR_NULL`; `WDT_ERR_UTF8`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_new(
    method: *const c_char,
    method_len: usize,
    params: *const c_char,
    params_len: usize,
    since: *const c_char,
    since_len: usize,
    until: *const c_char,
    until_len: usize,
    unix_time: i64,
    catalogue: *const wdt_catalogue,
    options: *const wdt_pull_options,
    out: *mut *mut wdt_pull,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL.
        let (method, params, since, until, catalogue, options) = unsafe {
            clear(out)?;
            (
                text(method, method_len, "method")?,
                text(params, params_len, "params")?,
                text(since, since_len, "since")?,
                text(until, until_len, "until")?,
                catalogue.as_ref().map(|catalogue| Arc::clone(&catalogue.inner)),
                options.as_ref(),
            )
        };
        let params = if params.is_empty() { "{}" } else { params };
        let now = Moment::from_unix(unix_time);
        let since = moment(since, "since")?;
        let until = if until.is_empty() { now } else { moment(until, "until")? };
        let given = options.map(|options| options.inner.clone()).unwrap_or_default();
        let known = Pull::method(catalogue.as_deref().unwrap_or(&BUILTIN), method)?;
        let machine = match options.and_then(|options| options.state.as_deref()) {
            None => Pull::new(known, params, since, until, now, given),
            Some(state) => Pull::resume(known, params, since, until, now, given, state),
        }?;
        // SAFETY: cleared above.
        unsafe { hand_out(out, wdt_pull { machine, method: method.to_owned(), catalogue }) };
        Ok(())
    })
}

fn moment(text: &str, name: &str) -> Result<Moment, Failure> {
    Moment::read(text.trim()).ok_or_else(|| {
        let cause = Cause::stated(
            IssueCode::Format,
            "expected a time like 2026-05-01 10:00:00, Beijing time",
            "应为形如 2026-05-01 10:00:00 的北京时间",
        );
        ValidationError::from(Issue::of(name, cause)).into()
    })
}

/// The next call to make, to be freed with `wdt_draft_free`; `*out` is NULL where all has been read.
/// Asked twice, it gives the same call. `options` (level and limits count) may be NULL.
///
/// `WDT_ERR_VALIDATION` where the filters are none of the method's; `WDT_ERR_NULL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_ask(
    pull: *const wdt_pull,
    options: *const wdt_options,
    out: *mut *mut wdt_draft,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL.
        unsafe {
            clear(out)?;
            let pull = borrow(pull, "pull")?;
            let options = wdt_options::or_default(options);
            let Some(ask) = pull.machine.ask() else { return Ok(()) };
            let catalogue = pull.catalogue();
            let builder = options.unpaged(&pull.method).catalogue(catalogue).pager(ask.pager);
            let draft = Draft::new(builder, catalogue, ask.body.as_bytes())?;
            hand_out(out, wdt_draft(draft));
        }
        Ok(())
    })
}

/// Takes the response to the call that was asked for. `*out` receives rows and state to keep, in one
/// transaction; NULL where nothing is proven whole yet: go on asking.
///
/// `WDT_ERR_ARGUMENT` for a response that is a refusal: that is for `wdt_pull_fail`; `WDT_ERR_NULL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_take(
    pull: *mut wdt_pull,
    response: *const wdt_response,
    out: *mut *mut wdt_batch,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL; nobody else uses the pull.
        unsafe {
            clear(out)?;
            let (pull, response) = (exclusive(pull, "pull")?, borrow(response, "response")?);
            let (data, total) = response.success().ok_or(Misuse::Refusal)?;
            if let Some(batch) = pull.machine.take(data.unwrap_or("null"), total) {
                hand_out(out, wdt_batch::new(&batch));
            }
        }
        Ok(())
    })
}

/// Tells that the call failed for good, and why, for people: its part of the span is named as failed,
/// in the report and in the state, and the pull goes on behind it. Ask `wdt_pull_gives_up` before.
/// `*out` receives a batch without rows, whose state is to be kept, or NULL.
///
/// `WDT_ERR_NULL`; `WDT_ERR_UTF8`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_fail(
    pull: *mut wdt_pull,
    why: *const c_char,
    why_len: usize,
    out: *mut *mut wdt_batch,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL; nobody else
        // uses the pull.
        unsafe {
            clear(out)?;
            let (pull, why) = (exclusive(pull, "pull")?, text(why, why_len, "why")?);
            if let Some(batch) = pull.machine.fail(why) {
                hand_out(out, wdt_batch::new(&batch));
            }
        }
        Ok(())
    })
}

/// Whether a pull whose call failed for good is better ended than told `wdt_pull_fail`, because the
/// next call would fail as well: after a refusal of the credentials or of a permission, and after the
/// third failure without an answer between them. The state of the last batch is good then. `kind` is
/// that of the refusal (`wdt_response_kind`), empty where it was none. `true` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_gives_up(
    pull: *const wdt_pull,
    kind: *const c_char,
    kind_len: usize,
) -> bool {
    infallible(true, || {
        // SAFETY: NULL or alive; readable texts.
        let (pull, kind) = unsafe { (pull.as_ref(), text(kind, kind_len, "kind")) };
        let kind = kind.ok().and_then(ErrorKind::of);
        pull.is_none_or(|pull| pull.machine.gives_up(kind))
    })
}

/// How much of the span is done, in thousandths. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_thousandths(pull: *const wdt_pull) -> u32 {
    // SAFETY: NULL or alive.
    infallible(0, || unsafe { pull.as_ref() }.map_or(0, |pull| pull.machine.thousandths()))
}

/// What the pull has done so far: a report of its own, to be freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_report_new(
    pull: *const wdt_pull,
    out: *mut *mut wdt_pull_report,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL.
        unsafe {
            clear(out)?;
            let report = borrow(pull, "pull")?.machine.report();
            hand_out(out, wdt_pull_report::new(&report));
        }
        Ok(())
    })
}

/// Frees a pull. NULL does nothing; its batches and reports live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_pull_free(pull: *mut wdt_pull) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(pull) }
}
