//! A server's reply, made into a `Response` or an exception.

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use wdt_proto::{ApiError, MALFORMED_HEAD_BYTES, Response, ResponseError};

use crate::classes::Limits;
use crate::convert::with_bytes;
use crate::from_json::Seen;
use crate::language::both;
use crate::{errors, from_json, python};

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
        let mut seen = Seen::new(py, bytes.len());
        let parsed = Response::parse_with(bytes, limits, &mut seen);
        let response = parsed.map_err(|error| refused(py, &error, bytes))?;
        made(py, &response, Some(seen))
    })
}

/// A `Response`, its data as it was seen.
pub(crate) fn made<'py>(
    py: Python<'py>,
    response: &Response<'_>,
    seen: Option<Seen<'py, '_>>,
) -> PyResult<Bound<'py, PyAny>> {
    let data = seen.map(|seen| seen.data(py)).transpose()?;
    let raw = response.data().map(|text| PyBytes::new(py, text.as_bytes()));
    python::response(py)?.call1((data, raw, response.total()))
}

fn data<'py>(py: Python<'py>, json: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
    json.map_or_else(|| Ok(py.None().into_bound(py)), |json| from_json::object(py, json))
}

fn refused(py: Python<'_>, error: &ResponseError, body: &[u8]) -> PyErr {
    match error {
        ResponseError::Api(error) => errors::raised(api(py, error, both(error))),
        ResponseError::Malformed(malformed) => {
            errors::malformed_response(py, malformed, malformed.head())
        }
        other => {
            errors::malformed_response(py, other, &body[..body.len().min(MALFORMED_HEAD_BYTES)])
        }
    }
}

/// An `ApiError`, with its text in both languages.
pub(crate) fn api<'py>(
    py: Python<'py>,
    error: &ApiError,
    (text, text_zh): (String, String),
) -> PyResult<Bound<'py, PyAny>> {
    python::api_error(py)?.call1((
        error.status,
        &error.message,
        error.kind.as_str(),
        error.is_retryable(),
        data(py, error.data.as_deref())?,
        text,
        text_zh,
    ))
}
