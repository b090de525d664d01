//! JSON text into Python objects: integers to `int`, other numbers to `Decimal`, no recursion.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyInt, PyList, PyString};
use wdt_proto::VisitData;
use wdt_proto::json::{Event, Reader, SyntaxError, Text};

use crate::convert::DETACH_BYTES;
use crate::recent::Recent;
use crate::{errors, python};

/// How long an integer Python reads without a setting of its own.
const MAX_INTEGER_DIGITS: usize = 4300;

/// Longer texts hardly come twice.
const MAX_REPEATED_BYTES: usize = 64;

/// A dict of so many members still grows once; one that is copied never does.
const MIN_COPIED_MEMBERS: usize = 6;

/// Makes the object that `text` describes. `text` has been walked before, so it is JSON.
pub(crate) fn object<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let mut reader = Reader::new(text, usize::MAX);
    let mut builder = Builder::new(py, text.len());
    loop {
        let event = reader.next().map_err(|e| unexpected(&e))?;
        if let Some(whole) = builder.piece(event, &reader)? {
            return Ok(whole);
        }
    }
}

/// Makes the objects of a reply's data as the core reads it: one walk does both.
pub(crate) struct Seen<'py, 'a> {
    /// Where the GIL is next let go of, so that other threads run.
    breath: usize,
    builder: Builder<'py, 'a>,
    /// The first error, or the whole.
    made: PyResult<Option<Bound<'py, PyAny>>>,
}

impl<'py> Seen<'py, '_> {
    pub(crate) fn new(py: Python<'py>, bytes: usize) -> Self {
        Self { breath: DETACH_BYTES, builder: Builder::new(py, bytes), made: Ok(None) }
    }

    /// The data of a reply that was read to its end; `None` where it had none.
    pub(crate) fn data(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.made?.unwrap_or_else(|| py.None().into_bound(py)))
    }
}

impl<'a> VisitData<'a> for Seen<'_, 'a> {
    fn visit(&mut self, event: Event, reader: &Reader<'a>) {
        if matches!(self.made, Ok(None)) {
            if reader.token_start() > self.breath {
                self.breath = reader.token_start() + DETACH_BYTES;
                self.builder.py.detach(|| {});
            }
            self.made = self.builder.piece(event, reader);
        }
    }
}

/// A container that is being filled: where its values, and its keys if it is a dict, begin.
struct Open {
    values: usize,
    keys: Option<usize>,
}

/// A dict of many members. The next one at its depth mostly has the same keys, and a copy with its
/// values replaced is made faster than a dict that grows.
struct Row<'py> {
    keys: Vec<usize>,
    dict: Bound<'py, PyDict>,
}

/// Values wait on a stack until their container ends and its size is known. What a reply repeats
/// (keys, short texts, decimals) is made once and shared: all of it is immutable.
pub(crate) struct Builder<'py, 'a> {
    py: Python<'py>,
    open: Vec<Open>,
    values: Vec<Bound<'py, PyAny>>,
    /// The keys of the open dicts, by their places in `names`.
    keys: Vec<usize>,
    names: Vec<Bound<'py, PyString>>,
    rows: Vec<Option<Row<'py>>>,
    recent_keys: Recent<'a, usize>,
    recent_texts: Recent<'a, Bound<'py, PyString>>,
    recent_decimals: Recent<'a, Bound<'py, PyAny>>,
    empty: Bound<'py, PyString>,
}

impl<'py, 'a> Builder<'py, 'a> {
    pub(crate) fn new(py: Python<'py>, bytes: usize) -> Self {
        Self {
            py,
            open: Vec::new(),
            values: Vec::new(),
            keys: Vec::new(),
            names: Vec::new(),
            rows: Vec::new(),
            recent_keys: Recent::for_text_of(bytes),
            recent_texts: Recent::for_text_of(bytes),
            recent_decimals: Recent::for_text_of(bytes),
            empty: PyString::new(py, ""),
        }
    }

    /// Takes the piece that a reader has come to; gives the whole behind the last one.
    fn piece(&mut self, event: Event, reader: &Reader<'a>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = self.py;
        let value = match event {
            Event::Key => {
                self.key(reader.text())?;
                return Ok(None);
            }
            Event::BeginArray | Event::BeginObject => {
                self.begin(event == Event::BeginObject);
                return Ok(None);
            }
            Event::EndArray | Event::EndObject => self.end()?,
            Event::String => self.string(reader.text())?,
            Event::Number => self.number(reader.token())?,
            Event::Bool(flag) => flag.into_pyobject(py)?.to_owned().into_any(),
            Event::Null | Event::End => py.None().into_bound(py),
        };
        Ok(self.take(value))
    }

    pub(crate) fn key(&mut self, text: Text<'a>) -> PyResult<()> {
        let key = if let Some(&known) = self.recent_keys.get(text.raw()) {
            known
        } else {
            self.names.push(string(self.py, text)?);
            self.recent_keys.put(text.raw(), self.names.len() - 1);
            self.names.len() - 1
        };
        self.keys.push(key);
        Ok(())
    }

    pub(crate) fn begin(&mut self, is_dict: bool) {
        let keys = is_dict.then_some(self.keys.len());
        self.open.push(Open { values: self.values.len(), keys });
    }

    /// Makes the innermost container.
    pub(crate) fn end(&mut self) -> PyResult<Bound<'py, PyAny>> {
        let Some(open) = self.open.pop() else { return Ok(self.py.None().into_bound(self.py)) };
        match open.keys {
            None => Ok(PyList::new(self.py, self.values.drain(open.values..))?.into_any()),
            Some(keys) => Ok(self.dict(open.values, keys)?.into_any()),
        }
    }

    /// A dict of the values and keys from these places on.
    fn dict(&mut self, values: usize, keys: usize) -> PyResult<Bound<'py, PyDict>> {
        let depth = self.open.len();
        if self.rows.len() <= depth {
            self.rows.resize_with(depth + 1, || None);
        }
        let own = &self.keys[keys..];
        let known = self.rows[depth].as_ref().filter(|row| row.keys == own);
        let dict = match known {
            Some(row) => row.dict.copy()?,
            None => PyDict::new(self.py),
        };
        for (&key, value) in own.iter().zip(self.values.drain(values..)) {
            dict.set_item(&self.names[key], value)?;
        }
        // With a key that comes twice there are fewer members than values: no row to copy.
        if known.is_none() && dict.len() >= MIN_COPIED_MEMBERS && dict.len() == own.len() {
            self.rows[depth] = Some(Row { keys: own.to_vec(), dict: dict.clone() });
        }
        self.keys.truncate(keys);
        Ok(dict)
    }

    /// Takes a value into the innermost container; gives it back where all are closed.
    pub(crate) fn take(&mut self, value: Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
        if self.open.is_empty() {
            return Some(value);
        }
        self.values.push(value);
        None
    }

    pub(crate) fn string(&mut self, text: Text<'a>) -> PyResult<Bound<'py, PyAny>> {
        if text.raw().is_empty() {
            return Ok(self.empty.clone().into_any());
        }
        if text.raw().len() > MAX_REPEATED_BYTES {
            return Ok(string(self.py, text)?.into_any());
        }
        if let Some(known) = self.recent_texts.get(text.raw()) {
            return Ok(known.clone().into_any());
        }
        let made = string(self.py, text)?;
        self.recent_texts.put(text.raw(), made.clone());
        Ok(made.into_any())
    }

    pub(crate) fn number(&mut self, text: &'a str) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        if let Ok(small) = text.parse::<i64>() {
            return Ok(small.into_pyobject(py)?.into_any());
        }
        if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            if text.len() > MAX_INTEGER_DIGITS {
                return Err(errors::unreadable_number(py, text));
            }
            return py.get_type::<PyInt>().call1((text,));
        }
        self.decimal(text)
    }

    pub(crate) fn decimal(&mut self, text: &'a str) -> PyResult<Bound<'py, PyAny>> {
        if let Some(known) = self.recent_decimals.get(text) {
            return Ok(known.clone());
        }
        let made = decimal(self.py, text)?;
        self.recent_decimals.put(text, made.clone());
        Ok(made)
    }
}

/// The constructor is exact at any length; it fails only on an exponent past its own range.
pub(crate) fn decimal<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    python::decimal(py)?.call1((text,)).map_err(|_| errors::unreadable_number(py, text))
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

/// Cannot happen for text that the core has walked; still an error and no panic.
fn unexpected(error: &SyntaxError) -> PyErr {
    pyo3::exceptions::PyRuntimeError::new_err(error.to_string())
}
