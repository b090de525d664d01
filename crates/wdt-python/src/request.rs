//! Requests: built once, signed as often as they are sent, validated, explained.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use wdt_proto::{Endpoint, Level, Timestamp};

use crate::classes::{Credentials, Limits, Pager};
use crate::convert::{DETACH_BYTES, Saturated, detached_if, parse_level, time, utf8, with_bytes};
use crate::language::Said;
use crate::lines::Lines;
use crate::{catalogue, errors, python, to_json};

/// A request but for credentials and time: build it once, sign it for each attempt.
///
/// The arguments are those of ``build_request``, which builds and signs in one step. They are
/// converted, held against the catalogue and written here, once; ``sign`` reads the bytes.
///
/// Raises ``ValidationError``, whose issues name the field.
#[pyclass(frozen, module = "wdt_proto")]
pub(crate) struct Request(wdt_proto::Request<'static>);

#[pymethods]
impl Request {
    #[new]
    #[pyo3(
        signature = (method, *args, pager = None, level = "documented", raw_body = None, limits = None)
    )]
    fn new(
        py: Python<'_>,
        method: &Bound<'_, PyString>,
        args: &Bound<'_, PyTuple>,
        pager: Option<&Pager>,
        level: &str,
        raw_body: Option<&Bound<'_, PyAny>>,
        limits: Option<&Limits>,
    ) -> PyResult<Self> {
        let level = parse_level(py, level)?;
        build(method, args, pager, level, raw_body, limits, |request| Self(request.into_owned()))
    }

    /// The method's name.
    #[getter]
    fn method(&self) -> &str {
        self.0.method()
    }

    /// The paging parameters, if any.
    #[getter]
    fn pager(&self) -> Option<Pager> {
        self.0.pager().map(Pager)
    }

    /// The bytes that will be signed and sent.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.body())
    }

    /// What the catalogue found odd and the platform is known to take.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        errors::issues(py, self.0.warnings())
    }

    /// Sign, as often as need be: the server refuses a timestamp 120 s away from its own.
    ///
    /// ``unix_time`` is in whole Unix seconds; ``None`` means now. All signatures share one body.
    ///
    /// Raises ``ValidationError`` for a time before 2012, and for milliseconds.
    #[pyo3(signature = (credentials, unix_time = None))]
    fn sign(
        &self,
        py: Python<'_>,
        credentials: &Credentials,
        unix_time: Option<Saturated>,
    ) -> PyResult<SignedRequest> {
        let timestamp = time(py, unix_time)?;
        Ok(signed(py, &self.0, credentials, timestamp))
    }

    fn __repr__(&self) -> String {
        format!("Request({:?}, body=<{} bytes>)", self.0.method(), self.0.body().len())
    }
}

/// A request ready to send: POST ``url(base)`` with ``headers`` and exactly ``body``.
///
/// What is signed is what must be sent: do not parse and write the body again on the way. Sign
/// anew for every attempt: the server refuses a timestamp 120 s away from its own.
#[pyclass(frozen, module = "wdt_proto")]
pub(crate) struct SignedRequest(wdt_proto::SignedRequest);

#[pymethods]
impl SignedRequest {
    /// The signature, also in the query.
    #[getter]
    fn sign<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::new(py, self.0.signature().as_str())
    }

    /// The signed time, in seconds since the platform's epoch.
    #[getter]
    fn timestamp(&self) -> i64 {
        self.0.timestamp().seconds()
    }

    /// The query string, percent-encoded, without ``?``; it never holds the secret.
    #[getter]
    fn query(&self) -> &str {
        self.0.query()
    }

    /// The query as raw pairs, for an HTTP library that encodes by itself.
    #[getter]
    fn query_pairs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.0.query_pairs())
    }

    /// The bytes to send.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.body())
    }

    /// The HTTP headers to send.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let headers = PyDict::new(py);
        for (name, value) in self.0.headers() {
            headers.set_item(name, value)?;
        }
        Ok(headers)
    }

    /// What the catalogue found odd and the platform is known to take.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        errors::issues(py, self.0.warnings())
    }

    /// Give the whole URL for a server's address, with or without ``/openapi`` behind it.
    ///
    /// Prefer an ``https://`` base where the merchant has one: over plain HTTP anybody on the way
    /// reads the orders.
    ///
    /// Raises ``ValidationError`` for a base that is no http(s) address, or one of another edition.
    fn url(&self, py: Python<'_>, base: &str) -> PyResult<String> {
        self.0.url(base).map_err(|error| errors::validation(py, error))
    }

    fn __repr__(&self) -> String {
        format!("SignedRequest(query={:?}, body=<{} bytes>)", self.0.query(), self.0.body().len())
    }
}

/// Build and sign a request to ``method`` with positional arguments: the short way.
///
/// Who signs the same arguments more than once makes a ``Request``, and signs that.
///
/// Arguments may be made of ``str``, ``int``, ``bool``, ``None``, ``Decimal``, ``float`` (its
/// ``repr``), ``datetime`` (Beijing time; one without a zone is Beijing time already), ``dict``,
/// ``list``, ``tuple`` and dataclasses. Numbers reach the wire to the last digit. Instead of
/// arguments, ``raw_body`` gives a JSON array that is signed and sent byte for byte.
///
/// The arguments are first held against the catalogue. ``level`` is ``"documented"`` (what is
/// merely odd, with no proof that the platform refuses it, becomes one of its ``warnings``),
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
    let level = parse_level(py, level)?;
    build(method, args, pager, level, raw_body, limits, |request| {
        signed(py, &request, creds, timestamp)
    })
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
    let explanation = build(method, args, pager, Level::Off, raw_body, limits, |request| {
        let is_large = request.body().len() >= DETACH_BYTES;
        detached_if(py, is_large, || request.explain(&creds.0, timestamp))
    })?;
    python::explanation(py)?.call1((
        explanation.canonical,
        explanation.length,
        explanation.sign.as_str(),
    ))
}

/// Hold the arguments of a call against the catalogue, without building a request.
///
/// ``body`` is JSON as ``bytes`` or ``str``, or a ``list`` of arguments. ``level`` is
/// ``"documented"`` (an error needs a proof; what is merely odd is a warning),
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
        (utf8(method, "method")?, parse_level(py, level)?, Limits::of(limits));
    let catalogue = catalogue::current();
    let check = |bytes: &[u8]| {
        let report = detached_if(py, bytes.len() >= DETACH_BYTES, || {
            wdt_proto::validate_with(&catalogue, method, bytes, level, limits)
        });
        let issues = errors::issues(py, report.issues())?;
        let (is_ok, omitted) = (report.is_ok(), report.omitted());
        python::report(py)?.call1((is_ok, issues, omitted, Lines::from(report)))
    };
    match body.cast::<PyList>() {
        Ok(args) => check(&to_json::body(&args.to_tuple(), limits)?.into_bytes()),
        Err(_) => with_bytes(body, "body", check),
    }
}

/// Builds the request, but for credentials and time, and lends it: it borrows the method's name and
/// the catalogue, so that who signs it at once copies neither.
fn build<T>(
    method: &Bound<'_, PyString>,
    args: &Bound<'_, PyTuple>,
    pager: Option<&Pager>,
    level: Level,
    raw_body: Option<&Bound<'_, PyAny>>,
    limits: Option<&Limits>,
    then: impl FnOnce(wdt_proto::Request<'_>) -> T,
) -> PyResult<T> {
    let py = method.py();
    let catalogue = (level != Level::Off).then(catalogue::current);
    let builder = wdt_proto::Request::builder(utf8(method, "method")?)
        .level(level)
        .limits(Limits::of(limits));
    let builder = catalogue.as_deref().map_or(builder, |catalogue| builder.catalogue(catalogue));
    let builder = pager.map_or(builder, |pager| builder.pager(pager.0));
    let request = match raw_body {
        None => {
            let body = to_json::body(args, builder.limits_in_force())?;
            detached_if(py, body.len() >= DETACH_BYTES, || builder.written(body))
        }
        Some(_) if !args.is_empty() => {
            let said = Said::new(
                "give either positional arguments or raw_body",
                "位置参数和 raw_body 只能给一种",
            );
            return Err(errors::type_error(py, &said));
        }
        Some(raw) => {
            let body = with_bytes(raw, "raw_body", |bytes| Ok(bytes.to_vec()))?;
            detached_if(py, body.len() >= DETACH_BYTES, || builder.raw_body(body))
        }
    };
    request.map(then).map_err(|error| errors::validation(py, error))
}

fn signed(
    py: Python<'_>,
    request: &wdt_proto::Request<'_>,
    credentials: &Credentials,
    timestamp: Timestamp,
) -> SignedRequest {
    let is_large = request.body().len() >= DETACH_BYTES;
    SignedRequest(detached_if(py, is_large, || request.sign(&credentials.0, timestamp)))
}

/// Give the address that requests go to: ``base`` with ``/openapi`` behind it.
///
/// Raises ``ValidationError`` about the argument ``name`` for a base that is no http(s) address,
/// or one of another edition.
#[pyfunction]
pub(crate) fn endpoint(py: Python<'_>, base: &str, name: &str) -> PyResult<String> {
    Endpoint::parse(base)
        .map(|endpoint| endpoint.as_str().to_owned())
        .map_err(|error| errors::issue(py, error.issue(name)))
}
