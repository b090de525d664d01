//! Errors of the core as the package's exceptions.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use wdt_proto::catalogue::CatalogueError;
use wdt_proto::{Issue, ResponseError, TimestampError, ValidationError, VerifyError};

use crate::{from_json, python};

/// The exception, or what went wrong while making it.
fn raised(result: PyResult<Bound<'_, PyAny>>) -> PyErr {
    result.map_or_else(|error| error, PyErr::from_value)
}

pub(crate) fn credentials(py: Python<'_>, error: impl std::fmt::Display) -> PyErr {
    raised(python::credentials_error(py).and_then(|class| class.call1((error.to_string(),))))
}

pub(crate) fn validation(py: Python<'_>, error: &ValidationError) -> PyErr {
    raised(
        issues(py, error.issues())
            .and_then(|issues| python::validation_error(py)?.call1((issues, error.omitted()))),
    )
}

pub(crate) fn catalogue(py: Python<'_>, error: &CatalogueError) -> PyErr {
    raised(python::catalogue_error(py).and_then(|class| class.call1((error.to_string(),))))
}

pub(crate) fn issue(py: Python<'_>, issue: Issue) -> PyErr {
    validation(py, &ValidationError::from(issue))
}

pub(crate) fn timestamp(py: Python<'_>, error: TimestampError) -> PyErr {
    validation(py, &ValidationError::from(error))
}

/// Issues as a list of `Issue` objects.
pub(crate) fn issues<'py>(py: Python<'py>, issues: &[Issue]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for issue in issues {
        list.append(python::issue(py)?.call1((
            issue.pointer(),
            issue.code().as_str(),
            issue.severity().as_str(),
            issue.message(),
            issue.label(),
        ))?)?;
    }
    Ok(list)
}

pub(crate) fn response(py: Python<'_>, error: &ResponseError, body: &[u8]) -> PyErr {
    let text = error.to_string();
    raised(match error {
        ResponseError::Api(error) => api(py, error, text),
        ResponseError::Malformed(malformed) => malformed_response(py, text, malformed.head()),
        _ => malformed_response(py, text, &body[..body.len().min(wdt_proto::MALFORMED_HEAD_BYTES)]),
    })
}

fn api<'py>(
    py: Python<'py>,
    error: &wdt_proto::ApiError,
    text: String,
) -> PyResult<Bound<'py, PyAny>> {
    let data = match &error.data {
        Some(data) => from_json::object(py, data)?,
        None => py.None().into_bound(py),
    };
    python::api_error(py)?.call1((
        error.status,
        &error.message,
        error.kind.as_str(),
        error.is_retryable(),
        data,
        text,
    ))
}

fn malformed_response<'py>(
    py: Python<'py>,
    text: String,
    head: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    python::malformed_response_error(py)?.call1((text, PyBytes::new(py, head)))
}

/// A reply that is well-formed, but holds a number that Python cannot.
pub(crate) fn unreadable_number(py: Python<'_>, number: &str) -> PyErr {
    let shown: String = number.chars().take(40).collect();
    let text = format!("not a reply of the platform: Python cannot hold the number {shown}…");
    raised(malformed_response(py, text, &number.as_bytes()[..number.len().min(40)]))
}

pub(crate) fn verify(py: Python<'_>, error: &VerifyError) -> PyErr {
    raised(python::verify_error(py).and_then(|class| {
        class.call1((
            error.check(),
            error.status(),
            error.vendor_message(),
            error.kind().as_str(),
            error.to_string(),
        ))
    }))
}
