//! A pull, without I/O: the core's machine behind a lock, its arguments and batches as Python's.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use wdt_proto::session::{self, Moment, PullOptions};
use wdt_proto::{Bilingual, Cause, ErrorKind, Issue, IssueCode, Limits};

use crate::classes::Pager;
use crate::convert::{DETACH_BYTES, Saturated, detached_if, utf8};
use crate::{catalogue, errors, from_json, language, python, to_json};

/// A pull without I/O: ``ask`` what to call, ``take`` the reply, until there is nothing to ask.
///
/// ``now`` is in Unix seconds; the other arguments are those of ``Client.pull``.
///
/// Raises ``PullError`` for a method or a state that does not fit, and ``ValidationError`` for
/// arguments that are no JSON and times that are none.
#[pyclass(frozen, module = "wdt_proto._native")]
pub(crate) struct Pull(Mutex<session::Pull>);

impl Pull {
    fn machine(&self) -> MutexGuard<'_, session::Pull> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Pull {
    #[new]
    #[pyo3(signature = (
        method, params = None, *, since, now, until = None, state = None, page_size = None,
        lag = Saturated(60), overlap = Saturated(600), account = None
    ))]
    #[pyo3(
        text_signature = "(method, params=None, *, since, now, until=None, state=None, page_size=None, lag=60, overlap=600, account=None)"
    )]
    #[allow(clippy::too_many_arguments)] // Python's are named
    fn new(
        method: &Bound<'_, PyString>,
        params: Option<&Bound<'_, PyAny>>,
        since: &Bound<'_, PyAny>,
        now: Saturated,
        until: Option<&Bound<'_, PyAny>>,
        state: Option<&Bound<'_, PyString>>,
        page_size: Option<Saturated>,
        lag: Saturated,
        overlap: Saturated,
        account: Option<&Bound<'_, PyString>>,
    ) -> PyResult<Self> {
        let py = method.py();
        let now = Moment::from_unix(now.0);
        let since = moment(since, "since")?;
        let until = until.map_or(Ok(now), |until| moment(until, "until"))?;
        let options = PullOptions {
            // No page has as many rows, or fewer than one: the core says so.
            page_size: page_size.map(|size| u32::try_from(size.0).unwrap_or(0)),
            lag: seconds(py, lag, "lag")?,
            overlap: seconds(py, overlap, "overlap")?,
            account: account.map_or(Ok(""), |account| utf8(account, "account"))?.to_owned(),
        };
        let params = written(params)?;
        let catalogue = catalogue::current();
        let refused = |error| errors::pull(py, &error);
        let method = session::Pull::method(&catalogue, utf8(method, "method")?).map_err(refused)?;
        let pull = match state {
            None => session::Pull::new(method, &params, since, until, now, options),
            Some(state) => {
                let state = utf8(state, "state")?;
                session::Pull::resume(method, &params, since, until, now, options, state)
            }
        };
        pull.map(|pull| Self(Mutex::new(pull))).map_err(refused)
    }

    /// Give the next call's body, a JSON array, and its page; ``None`` at the end.
    fn ask(&self) -> Option<(String, Pager)> {
        self.machine().ask().map(|ask| (ask.body, Pager(ask.pager)))
    }

    /// Take the reply: its ``raw_data`` and ``total``. ``None`` where no window is whole yet.
    #[pyo3(signature = (raw_data, total))]
    fn take<'py>(
        &self,
        py: Python<'py>,
        raw_data: Option<&Bound<'py, PyString>>,
        total: Option<i64>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let data = raw_data.map_or(Ok("null"), |data| utf8(data, "raw_data"))?;
        let total = total.and_then(|total| u64::try_from(total).ok());
        let batch =
            detached_if(py, data.len() >= DETACH_BYTES, || self.machine().take(data, total));
        batch.map(|batch| made(py, batch)).transpose()
    }

    /// Tell that the call failed for good, and why: its part of the span is passed over.
    fn fail<'py>(
        &self,
        py: Python<'py>,
        why: &Bound<'py, PyString>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let batch = self.machine().fail(&why.to_string_lossy());
        batch.map(|batch| made(py, batch)).transpose()
    }

    /// Whether a failed call is raised, not passed over; ``kind`` is that of an ``ApiError``.
    fn gives_up(&self, kind: Option<&str>) -> bool {
        self.machine().gives_up(kind.and_then(ErrorKind::of))
    }

    /// Tell what has been done so far.
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let report = self.machine().report();
        let language = language::current(py);
        let failed: Vec<_> = report
            .failed
            .into_iter()
            .map(|failed| {
                (
                    failed.since.to_string(),
                    failed.until.to_string(),
                    failed.why.in_language(language).to_string(),
                )
            })
            .collect();
        python::pull_report(py)?.call1((
            report.rows,
            report.calls,
            report.least_calls,
            report.windows,
            failed,
        ))
    }

    /// Tell how much of the span is done, in thousandths.
    fn thousandths(&self) -> u32 {
        self.machine().thousandths()
    }
}

/// A `Batch`; its rows are read as one list, so that they share what they repeat.
fn made(py: Python<'_>, batch: session::Batch) -> PyResult<Bound<'_, PyAny>> {
    let rows = from_json::object(py, &format!("[{}]", batch.rows.join(",")))?;
    let (since, until) = (batch.since.to_string(), batch.until.to_string());
    python::batch(py)?.call1((rows, since, until, batch.state))
}

/// The filters as JSON: a text as it is, `{}` for none.
fn written(params: Option<&Bound<'_, PyAny>>) -> PyResult<String> {
    let Some(params) = params else { return Ok("{}".to_owned()) };
    if let Ok(json) = params.cast::<PyString>() {
        return Ok(utf8(json, "params")?.to_owned());
    }
    let json = to_json::value(params, Limits::DEFAULT)?;
    // A writer's bytes are always UTF-8.
    Ok(String::from_utf8_lossy(&json.into_bytes()).into_owned())
}

/// A `datetime`, in Beijing time where it names no zone, or a text as the platform writes it.
fn moment(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Moment> {
    let py = value.py();
    let read = if let Ok(text) = value.cast::<PyString>() {
        Moment::read(utf8(text, name)?.trim())
    } else if value.is_instance(python::datetime(py)?)? {
        let whole = PyDict::new(py);
        whole.set_item("microsecond", 0)?;
        let value = value.call_method("replace", (), Some(&whole))?;
        let quoted = to_json::value(&value, Limits::DEFAULT)?.into_bytes();
        Moment::read(String::from_utf8_lossy(&quoted).trim_matches('"'))
    } else {
        None
    };
    read.ok_or_else(|| {
        let cause = Cause::stated(
            IssueCode::Format,
            "expected a datetime, or a text like 2026-05-01 10:00:00",
            "应为 datetime，或形如 2026-05-01 10:00:00 的文本",
        );
        errors::issue(py, Issue::of(name, cause))
    })
}

fn seconds(py: Python<'_>, seconds: Saturated, name: &str) -> PyResult<u32> {
    u32::try_from(seconds.0).map_err(|_| {
        let cause = Cause::ParameterRange { min: 0, max: i64::from(u32::MAX) };
        errors::issue(py, Issue::of(name, cause))
    })
}
