//! The module's functions.

use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyList, PyString, PyTuple};
use wdt_proto::{
    AppSecret, Issue, IssueCode, Level, Lookup, Request, RequestBuilder, Response, Timestamp,
    TimestampError, UnknownLevel,
};

use crate::classes::{Credentials, Limits, Pager, Saturated, SignedRequest, half_pair};
use crate::{catalogue, errors, from_json, python, to_json};

/// From this many bytes on, other Python threads run while we hash or parse.
const DETACH_BYTES: usize = 64 << 10;

/// Build and sign a request to ``method`` with positional arguments.
///
/// Arguments may be made of ``str``, ``int``, ``bool``, ``None``, ``Decimal``, ``float`` (its
/// ``repr``), ``datetime`` (Beijing time; one without a zone is Beijing time already), ``dict``,
/// ``list``, ``tuple`` and dataclasses. Numbers reach the wire to the last digit. Instead of
/// arguments, ``raw_body`` gives a JSON array that is signed and sent byte for byte.
///
/// The arguments are first held against the catalogue. ``level`` is ``"documented"`` (what a
/// documented example shows to be tolerated becomes one of the request's ``warnings``),
/// ``"strict"`` (every issue refuses) or ``"off"``.
///
/// ``unix_time`` is in whole Unix seconds; ``None`` means now.
///
/// Raises ``ValidationError``, whose issues name the field.
#[pyfunction]
#[pyo3(signature = (creds, method, *args, pager = None, unix_time = None, level = "documented", raw_body = None, limits = None))]
#[allow(clippy::too_many_arguments)] // the signature is the Python function's
pub(crate) fn build_request(
    py: Python<'_>,
    creds: &Credentials,
    method: &Bound<'_, PyString>,
    args: &Bound<'_, PyTuple>,
    pager: Option<&Pager>,
    unix_time: Option<Saturated>,
    level: &str,
    raw_body: Option<&Bound<'_, PyAny>>,
    limits: Option<&Limits>,
) -> PyResult<SignedRequest> {
    let timestamp = time(py, unix_time)?;
    let level = parse_level(level)?;
    let catalogue = (level != Level::Off).then(catalogue::current);
    let builder = Request::builder(utf8(method, "method")?).level(level).limits(Limits::of(limits));
    let builder = catalogue.as_deref().map_or(builder, |catalogue| builder.catalogue(catalogue));
    let request = request(py, builder, args, pager, raw_body)?;
    let is_large = request.body().len() >= DETACH_BYTES;
    Ok(SignedRequest(detached_if(py, is_large, || request.sign(&creds.0, timestamp))))
}

/// Show what ``build_request`` would sign: for people who hunt a mismatch.
///
/// The canonical string has ``***`` in the secret's place; ``length`` is that of the real one.
#[pyfunction]
#[pyo3(signature = (creds, method, *args, pager = None, unix_time = None, raw_body = None, limits = None))]
#[allow(clippy::too_many_arguments)]
pub(crate) fn explain<'py>(
    py: Python<'py>,
    creds: &Credentials,
    method: &Bound<'_, PyString>,
    args: &Bound<'py, PyTuple>,
    pager: Option<&Pager>,
    unix_time: Option<Saturated>,
    raw_body: Option<&Bound<'py, PyAny>>,
    limits: Option<&Limits>,
) -> PyResult<Bound<'py, PyAny>> {
    let timestamp = time(py, unix_time)?;
    let builder =
        Request::builder(utf8(method, "method")?).level(Level::Off).limits(Limits::of(limits));
    let request = request(py, builder, args, pager, raw_body)?;
    let is_large = request.body().len() >= DETACH_BYTES;
    let explanation = detached_if(py, is_large, || request.explain(&creds.0, timestamp));
    python::explanation(py)?.call1((
        explanation.canonical,
        explanation.length,
        explanation.sign.as_str(),
    ))
}

/// Hold the arguments of a call against the catalogue, without building a request.
///
/// ``body`` is JSON as ``bytes`` or ``str``, or a ``list`` of arguments. ``level`` is
/// ``"documented"`` (what a documented example shows to be tolerated is a warning),
/// ``"strict"`` (every issue is an error) or ``"off"`` (only the body's shape is looked at).
#[pyfunction]
#[pyo3(signature = (method, body, level = "documented", *, limits = None))]
pub(crate) fn validate<'py>(
    py: Python<'py>,
    method: &Bound<'_, PyString>,
    body: &Bound<'py, PyAny>,
    level: &str,
    limits: Option<&Limits>,
) -> PyResult<Bound<'py, PyAny>> {
    let (method, level, limits) =
        (utf8(method, "method")?, parse_level(level)?, Limits::of(limits));
    let catalogue = catalogue::current();
    let check = |bytes: &[u8]| {
        let report = detached_if(py, bytes.len() >= DETACH_BYTES, || {
            wdt_proto::validate_with(&catalogue, method, bytes, level, limits)
        });
        let issues = errors::issues(py, report.issues())?;
        python::report(py)?.call1((report.is_ok(), issues, report.omitted()))
    };
    match body.cast::<PyList>() {
        Ok(args) => check(&to_json::body(&args.to_tuple(), limits)?.into_bytes()),
        Err(_) => with_bytes(body, "body", check),
    }
}

/// Parse a server's reply. Whole numbers become ``int``, others ``Decimal``.
///
/// Raises ``ApiError`` when the status is not 0, even where there is data, and
/// ``MalformedResponseError`` when the body is no reply of the platform's.
#[pyfunction]
#[pyo3(signature = (body, *, limits = None))]
pub(crate) fn parse_response<'py>(
    py: Python<'py>,
    body: &Bound<'py, PyAny>,
    limits: Option<&Limits>,
) -> PyResult<Bound<'py, PyAny>> {
    let limits = Limits::of(limits);
    with_bytes(body, "body", |bytes| {
        let parsed =
            detached_if(py, bytes.len() >= DETACH_BYTES, || Response::parse_within(bytes, limits));
        let response = parsed.map_err(|error| errors::response(py, &error, bytes))?;
        let data = match response.data() {
            Some(data) => from_json::object(py, data)?,
            None => py.None().into_bound(py),
        };
        let raw = response.data().map(|text| PyBytes::new(py, text.as_bytes()));
        python::response(py)?.call1((data, raw, response.total()))
    })
}

/// Check a received call: the receiving side, for a server of your own.
///
/// ``lookup(sid, key)`` returns ``"secret:salt"``, ``None`` for a key that is unknown, or the
/// class ``UnknownSid`` where not even the sid is known; what it raises goes through.
/// ``unix_time`` is the server's clock; ``None`` means now.
///
/// Raises ``VerifyError``, which names the check that failed.
#[pyfunction]
#[pyo3(signature = (query, body, lookup, unix_time = None))]
pub(crate) fn verify<'py>(
    py: Python<'py>,
    query: &Bound<'_, PyString>,
    body: &Bound<'py, PyAny>,
    lookup: &Bound<'py, PyAny>,
    unix_time: Option<Saturated>,
) -> PyResult<Bound<'py, PyAny>> {
    let now = time(py, unix_time)?;
    let query = utf8(query, "query")?;
    let lookup = lookup.as_unbound();
    with_bytes(body, "body", |bytes| {
        let mut failed = None;
        let ask = |sid: &str, key: &str| {
            Python::attach(|py| look_up(lookup.bind(py), sid, key)).unwrap_or_else(|error| {
                failed = Some(error);
                Lookup::UnknownKey
            })
        };
        let outcome = detached_if(py, bytes.len() >= DETACH_BYTES, || {
            wdt_proto::verify(query, bytes, ask, now)
        });
        if let Some(error) = failed {
            return Err(error);
        }
        let call = outcome.map_err(|error| errors::verify(py, &error))?;
        python::verified_call(py)?.call1((
            call.sid,
            call.key,
            call.method,
            call.timestamp.seconds(),
            call.timestamp.to_unix(),
            call.pager.map(Pager),
            PyBytes::new(py, call.body),
        ))
    })
}

/// Asks the caller's function: the app secret, `None`, or the `UnknownSid` class.
fn look_up(lookup: &Bound<'_, PyAny>, sid: &str, key: &str) -> PyResult<Lookup> {
    let py = lookup.py();
    let found = lookup.call1((sid, key))?;
    if found.is_none() {
        return Ok(Lookup::UnknownKey);
    }
    if found.is(python::unknown_sid(py)?) {
        return Ok(Lookup::UnknownSid);
    }
    let app_secret = found.cast::<PyString>().map_err(|_| {
        PyTypeError::new_err("lookup must return 'secret:salt', None or wdt_proto.UnknownSid")
    })?;
    AppSecret::parse(secret_text(app_secret, "lookup's app_secret")?)
        .map(Lookup::Found)
        .map_err(|error| errors::credentials(py, error))
}

/// Sign any parameters: the bare algorithm.
///
/// ``params`` are the query parameters with their raw values plus ``body``; a ``sign`` among
/// them is left out. ``secret`` is the part of the app secret before the first colon.
///
/// Raises ``CredentialsError`` for a ``secret`` that UTF-8 cannot carry.
#[pyfunction]
pub(crate) fn sign(
    py: Python<'_>,
    secret: &Bound<'_, PyString>,
    params: &Bound<'_, PyDict>,
) -> PyResult<String> {
    let secret = secret_text(secret, "secret")?;
    let mut pairs: Vec<(String, Vec<u8>)> = Vec::with_capacity(params.len());
    for (key, value) in params.copy()? {
        let key = key
            .cast::<PyString>()
            .map_err(|_| PyTypeError::new_err("the keys of params must be str"))?;
        let key = key.to_str()?.to_owned();
        let value = with_bytes(&value, &key, |bytes| Ok(bytes.to_vec()))?;
        pairs.push((key, value));
    }
    let bytes: usize = pairs.iter().map(|(_, value)| value.len()).sum();
    let pairs = pairs.iter().map(|(key, value)| (key.as_str(), value));
    let signature = detached_if(py, bytes >= DETACH_BYTES, || wdt_proto::sign(secret, pairs));
    Ok(signature.as_str().to_owned())
}

/// The request, but for credentials and time.
fn request<'m>(
    py: Python<'_>,
    builder: RequestBuilder<'m>,
    args: &Bound<'_, PyTuple>,
    pager: Option<&Pager>,
    raw_body: Option<&Bound<'_, PyAny>>,
) -> PyResult<Request<'m>> {
    let builder = pager.map_or(builder, |pager| builder.pager(pager.0));
    let request = match raw_body {
        None => {
            let body = to_json::body(args, builder.limits_in_force())?;
            detached_if(py, body.len() >= DETACH_BYTES, || builder.written(body))
        }
        Some(_) if !args.is_empty() => {
            return Err(PyTypeError::new_err("give either positional arguments or raw_body"));
        }
        Some(raw) => {
            let body = with_bytes(raw, "raw_body", |bytes| Ok(bytes.to_vec()))?;
            detached_if(py, body.len() >= DETACH_BYTES, || builder.raw_body(body))
        }
    };
    request.map_err(|error| errors::validation(py, &error))
}

fn parse_level(level: &str) -> PyResult<Level> {
    level.parse().map_err(|error: UnknownLevel| PyValueError::new_err(error.to_string()))
}

/// The caller's time, or now.
fn time(py: Python<'_>, unix_time: Option<Saturated>) -> PyResult<Timestamp> {
    let seconds = match unix_time {
        Some(Saturated(i64::MAX)) => {
            return Err(errors::timestamp(py, TimestampError::Overflow { given: i64::MAX }));
        }
        Some(Saturated(seconds)) => seconds,
        None => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX)),
    };
    Timestamp::from_unix(seconds).map_err(|error| errors::timestamp(py, error))
}

/// The text of a `str`, which may hold halves of surrogate pairs.
fn utf8<'a>(text: &'a Bound<'_, PyString>, name: &str) -> PyResult<&'a str> {
    text.to_str().map_err(|_| {
        let pointer = wdt_proto::Pointer::default();
        let issue = Issue::error(pointer, IssueCode::UnsupportedCharacter, &half_pair(name));
        errors::issue(text.py(), issue)
    })
}

/// The same for a secret. Python's own error would carry the text, and every log of it.
pub(crate) fn secret_text<'a>(text: &'a Bound<'_, PyString>, name: &str) -> PyResult<&'a str> {
    text.to_str().map_err(|_| errors::credentials(text.py(), half_pair(name)))
}

/// Runs `f` on the bytes of a `bytes`, `bytearray` or `str`.
fn with_bytes<T>(
    object: &Bound<'_, PyAny>,
    name: &str,
    f: impl FnOnce(&[u8]) -> PyResult<T>,
) -> PyResult<T> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        f(bytes.as_bytes())
    } else if let Ok(text) = object.cast::<PyString>() {
        f(utf8(text, name)?.as_bytes())
    } else if let Ok(array) = object.cast::<PyByteArray>() {
        f(&array.to_vec())
    } else {
        let kind = object.get_type().name()?;
        Err(PyTypeError::new_err(format!("{name} must be bytes, bytearray or str, not {kind}")))
    }
}

fn detached_if<T: Send>(py: Python<'_>, detach: bool, f: impl FnOnce() -> T + Send) -> T {
    if detach { py.detach(f) } else { f() }
}
