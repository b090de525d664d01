//! JSON text into Python objects: integers to `int`, other numbers to `Decimal`, no recursion.

use std::collections::HashMap;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyInt, PyList, PyString};
use wdt_proto::json::{Event, Reader, SyntaxError, Text};

use crate::{errors, python};

/// How long an integer Python reads without a setting of its own.
const MAX_INTEGER_DIGITS: usize = 4300;

/// A container that is being filled.
enum Open<'py> {
    List(Bound<'py, PyList>),
    Dict(Bound<'py, PyDict>, Option<Bound<'py, PyString>>),
}

/// Makes the object that `text` describes. `text` has been walked before, so it is JSON.
pub(crate) fn object<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let mut reader = Reader::new(text, usize::MAX);
    let mut open: Vec<Open<'py>> = Vec::new();
    let mut keys: HashMap<&str, Bound<'py, PyString>> = HashMap::new();
    loop {
        let event = reader.next().map_err(|e| unexpected(&e))?;
        let value = match event {
            Event::Key => {
                let text = reader.text();
                let key = if let Some(known) = keys.get(text.raw()) {
                    known.clone()
                } else {
                    let key = string(py, text)?;
                    keys.insert(text.raw(), key.clone());
                    key
                };
                if let Some(Open::Dict(_, slot)) = open.last_mut() {
                    *slot = Some(key);
                }
                continue;
            }
            Event::BeginArray => {
                open.push(Open::List(PyList::empty(py)));
                continue;
            }
            Event::BeginObject => {
                open.push(Open::Dict(PyDict::new(py), None));
                continue;
            }
            Event::EndArray | Event::EndObject => match open.pop() {
                Some(Open::List(list)) => list.into_any(),
                Some(Open::Dict(dict, _)) => dict.into_any(),
                None => continue,
            },
            Event::String => string(py, reader.text())?.into_any(),
            Event::Number => number(py, reader.token())?,
            Event::Bool(flag) => flag.into_pyobject(py)?.to_owned().into_any(),
            Event::Null | Event::End => py.None().into_bound(py),
        };
        match open.last_mut() {
            Some(Open::List(list)) => list.append(value)?,
            Some(Open::Dict(dict, key)) => {
                if let Some(key) = key.take() {
                    dict.set_item(key, value)?;
                }
            }
            None => return Ok(value),
        }
    }
}

fn string<'py>(py: Python<'py>, text: Text<'_>) -> PyResult<Bound<'py, PyString>> {
    match text.decode() {
        Some(text) => Ok(PyString::new(py, &text)),
        None => half_pairs(py, text),
    }
}

/// Python's `str` can hold half of a surrogate pair, as its own `json` does.
fn half_pairs<'py>(py: Python<'py>, text: Text<'_>) -> PyResult<Bound<'py, PyString>> {
    let mut bytes = Vec::with_capacity(text.raw().len());
    for c in text.chars() {
        match c {
            Ok(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            // The three bytes that UTF-8 would have for this code point.
            Err(half) => {
                let low_six = |shift: u16| (half >> shift & 0x3f) as u8 | 0x80;
                bytes.extend_from_slice(&[(half >> 12) as u8 | 0xe0, low_six(6), low_six(0)]);
            }
        }
    }
    let bytes = PyBytes::new(py, &bytes);
    PyString::from_encoded_object(&bytes, Some(c"utf-8"), Some(c"surrogatepass"))
}

fn number<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(small) = text.parse::<i64>() {
        return Ok(small.into_pyobject(py)?.into_any());
    }
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        if text.len() > MAX_INTEGER_DIGITS {
            return Err(errors::unreadable_number(py, text));
        }
        return py.get_type::<PyInt>().call1((text,));
    }
    // The constructor is exact at any length; it fails only on an exponent past its own range.
    python::decimal(py)?.call1((text,)).map_err(|_| errors::unreadable_number(py, text))
}

/// Cannot happen for text that the core has walked; still an error and no panic.
fn unexpected(error: &SyntaxError) -> PyErr {
    pyo3::exceptions::PyRuntimeError::new_err(error.to_string())
}
