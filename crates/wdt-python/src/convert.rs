//! What all functions do to their arguments before the core sees them.

use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyString};
use wdt_proto::{Cause, Issue, Level, Timestamp, TimestampError, UnknownLevel};

use crate::errors;
use crate::language::Said;

/// From this many bytes on, other Python threads run while we hash or parse.
pub(crate) const DETACH_BYTES: usize = 64 << 10;

/// An integer of any size; what 64 bits cannot hold becomes the nearest that they can, which no
/// limit of the core admits.
#[derive(Clone, Copy)]
pub(crate) struct Saturated(pub(crate) i64);

impl<'py> FromPyObject<'_, 'py> for Saturated {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.extract::<i64>() {
            Ok(value) => Ok(Self(value)),
            Err(error)
                if error.is_instance_of::<pyo3::exceptions::PyOverflowError>(object.py()) =>
            {
                Ok(Self(if object.lt(0)? { i64::MIN } else { i64::MAX }))
            }
            Err(error) => Err(error),
        }
    }
}

/// A boolean, also as 1 or 0: so the wire writes it, and so do those who come from there.
#[derive(Clone, Copy)]
pub(crate) struct Flag(pub(crate) bool);

impl<'py> FromPyObject<'_, 'py> for Flag {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.extract::<i64>() {
            Ok(number @ (0 | 1)) => Ok(Self(number == 1)),
            _ => object.extract().map(Self),
        }
    }
}

pub(crate) fn parse_level(py: Python<'_>, level: &str) -> PyResult<Level> {
    level.parse().map_err(|error: UnknownLevel| errors::value_error(py, &error))
}

/// The caller's time, or now.
pub(crate) fn time(py: Python<'_>, unix_time: Option<Saturated>) -> PyResult<Timestamp> {
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
pub(crate) fn utf8<'a>(text: &'a Bound<'_, PyString>, name: &str) -> PyResult<&'a str> {
    text.to_str().map_err(|_| errors::issue(text.py(), Issue::of(name, Cause::HalfPair)))
}

/// The same for a secret. Python's own error would carry the text, and every log of it.
pub(crate) fn secret_text<'a>(text: &'a Bound<'_, PyString>, name: &str) -> PyResult<&'a str> {
    text.to_str().map_err(|_| errors::half_pair(text.py(), name))
}

/// Runs `f` on the bytes of a `bytes`, `bytearray` or `str`.
pub(crate) fn with_bytes<T>(
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
        Err(errors::type_error(
            object.py(),
            &Said::new(
                format!("{name} must be bytes, bytearray or str, not {kind}"),
                format!("{name} 必须是 bytes、bytearray 或 str，不能是 {kind}"),
            ),
        ))
    }
}

pub(crate) fn detached_if<T: Send>(
    py: Python<'_>,
    detach: bool,
    f: impl FnOnce() -> T + Send,
) -> T {
    if detach { py.detach(f) } else { f() }
}
