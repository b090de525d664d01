//! Python objects into JSON text: numbers to the last digit, no recursion.

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple, PyType, dict::BoundDictIterator,
};
use rust_decimal::Decimal;
use wdt_proto::json::{Reader, Writer};
use wdt_proto::{Cause, Issue, IssueCode, Limits, Pointer};

use crate::{errors, python};

/// What arguments may be made of.
const ACCEPTED: &str =
    "str, int, bool, None, Decimal, float, datetime, dict, list, tuple, dataclass";

/// What the objects are: what is sent has to be sendable, what came is written as it came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    ToSend,
    Received,
}

/// Writes positional arguments as a JSON array.
pub(crate) fn body(args: &Bound<'_, PyTuple>, limits: Limits) -> PyResult<Writer> {
    let mut walk = Walk::new(args.py(), limits, Purpose::ToSend);
    walk.begin(Frame::Tuple { tuple: args.clone(), next: 0 })?;
    walk.run()?;
    Ok(walk.out)
}

/// Writes one value.
pub(crate) fn value(value: &Bound<'_, PyAny>, limits: Limits) -> PyResult<Writer> {
    one(value, limits, Purpose::ToSend)
}

/// Writes what a reply was made into: also halves of surrogate pairs, long integers and fractions of
/// a second.
pub(crate) fn received(value: &Bound<'_, PyAny>, limits: Limits) -> PyResult<Writer> {
    one(value, limits, Purpose::Received)
}

fn one(value: &Bound<'_, PyAny>, limits: Limits, purpose: Purpose) -> PyResult<Writer> {
    let mut walk = Walk::new(value.py(), limits, purpose);
    walk.value(value)?;
    walk.run()?;
    Ok(walk.out)
}

/// A container whose elements are being written.
enum Frame<'py> {
    Tuple {
        tuple: Bound<'py, PyTuple>,
        next: usize,
    },
    List {
        list: Bound<'py, PyList>,
        next: usize,
    },
    Dict {
        members: BoundDictIterator<'py>,
        dict: Bound<'py, PyDict>,
        size: usize,
        left: usize,
        key: Option<Bound<'py, PyAny>>,
    },
    Dataclass {
        object: Bound<'py, PyAny>,
        names: Bound<'py, PyTuple>,
        next: usize,
    },
}

struct Walk<'py> {
    py: Python<'py>,
    out: Writer,
    open: Vec<Frame<'py>>,
    limits: Limits,
    purpose: Purpose,
}

impl<'py> Walk<'py> {
    fn new(py: Python<'py>, limits: Limits, purpose: Purpose) -> Self {
        let (out, open) = (Writer::with_capacity(512), Vec::with_capacity(4));
        Self { py, out, open, limits, purpose }
    }

    fn run(&mut self) -> PyResult<()> {
        while let Some(frame) = self.open.last_mut() {
            let element = match frame {
                // The length is asked anew each time: code that runs on the way may change a list.
                Frame::Tuple { tuple, next } if *next < tuple.len() => {
                    *next += 1;
                    Some(tuple.get_item(*next - 1)?)
                }
                Frame::List { list, next } if *next < list.len() => {
                    *next += 1;
                    // Without a GIL another thread may have shortened it since: that is its end.
                    list.get_item(*next - 1).ok()
                }
                // Iterating over a dict that code on the way has resized would panic.
                Frame::Dict { dict, size, .. } if dict.len() != *size => {
                    return Err(self.refuse(Cause::stated(
                        IssueCode::Type,
                        "the dict was changed while it was read",
                        "读取过程中 dict 被修改了",
                    )));
                }
                Frame::Dict { members, left, key, .. } if *left > 0 => {
                    *left -= 1;
                    *key = None;
                    match members.next() {
                        Some((name, value)) => {
                            *key = Some(name);
                            self.key()?;
                            Some(value)
                        }
                        None => None,
                    }
                }
                Frame::Dataclass { object, names, next } if *next < names.len() => {
                    *next += 1;
                    let name = names.get_item(*next - 1)?.cast_into::<PyString>()?;
                    self.out.key(name.to_str()?);
                    Some(object.getattr(&name)?)
                }
                _ => None,
            };
            match element {
                Some(element) => self.value(&element)?,
                None => match self.open.pop() {
                    Some(Frame::Tuple { .. } | Frame::List { .. }) => self.out.end_array(),
                    Some(Frame::Dict { .. } | Frame::Dataclass { .. }) => self.out.end_object(),
                    None => {}
                },
            }
            if self.out.len() > self.limits.max_bytes() {
                let cause = Cause::TooManyBytes { bytes: None, max: self.limits.max_bytes() };
                return Err(errors::issue(self.py, Issue::at(Pointer::default(), cause)));
            }
        }
        Ok(())
    }

    /// Writes the key of the member that the innermost dict has come to.
    fn key(&mut self) -> PyResult<()> {
        let Some(Frame::Dict { key: Some(key), .. }) = self.open.last() else { return Ok(()) };
        let Ok(name) = key.cast_exact().or_else(|_| key.cast::<PyString>()) else {
            let kind = type_name(key);
            return Err(self.refuse(Cause::stated(
                IssueCode::Type,
                format!("dict keys must be str, not {kind}"),
                format!("dict 的键必须是 str，不能是 {kind}"),
            )));
        };
        let Ok(text) = name.to_str() else {
            let name = name.clone();
            return self.half_pairs(&name, |out, reader| out.raw_key(reader.text()));
        };
        self.out.key(text);
        Ok(())
    }

    /// Writes a scalar or opens a container. The exact common types come first, their subclasses
    /// and the rest behind.
    fn value(&mut self, value: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(text) = value.cast_exact::<PyString>() {
            self.string(text)
        } else if let Ok(integer) = value.cast_exact::<PyInt>() {
            self.integer(integer)
        } else if let Ok(float) = value.cast_exact::<PyFloat>() {
            self.float(float.value())
        } else if let Ok(flag) = value.cast_exact::<PyBool>() {
            self.out.boolean(flag.is_true());
            Ok(())
        } else if value.is_none() {
            self.out.null();
            Ok(())
        } else if value.is_exact_instance(python::decimal(self.py)?) {
            self.decimal(value)
        } else if let Ok(dict) = value.cast::<PyDict>() {
            // Without a GIL another thread may resize the dict between our look at its size and
            // the next step of the iterator, which would panic: there a copy is walked.
            #[cfg(Py_GIL_DISABLED)]
            let dict = &dict.copy()?;
            let (size, members) = (dict.len(), dict.iter());
            self.begin(Frame::Dict { members, dict: dict.clone(), size, left: size, key: None })
        } else if let Ok(list) = value.cast::<PyList>() {
            self.begin(Frame::List { list: list.clone(), next: 0 })
        } else if let Ok(tuple) = value.cast::<PyTuple>() {
            self.begin(Frame::Tuple { tuple: tuple.clone(), next: 0 })
        } else if let Ok(text) = value.cast::<PyString>() {
            self.string(text)
        } else if let Ok(integer) = value.cast::<PyInt>() {
            self.integer(integer)
        } else if let Ok(float) = value.cast::<PyFloat>() {
            self.float(float.value())
        } else if value.is_instance(python::decimal(self.py)?)? {
            self.decimal(value)
        } else if value.is_instance(python::datetime(self.py)?)? {
            self.datetime(value)
        } else {
            self.other(value)
        }
    }

    fn string(&mut self, text: &Bound<'py, PyString>) -> PyResult<()> {
        let Ok(plain) = text.to_str() else {
            return self.half_pairs(text, |out, reader| out.raw_string(reader.text()));
        };
        self.out.string(plain);
        Ok(())
    }

    /// A text that UTF-8 cannot carry: a reply may hold one, a request may not.
    fn half_pairs(
        &mut self,
        text: &Bound<'py, PyString>,
        write: impl FnOnce(&mut Writer, &Reader<'_>),
    ) -> PyResult<()> {
        if self.purpose == Purpose::ToSend {
            return Err(self.refuse(Cause::HalfPair));
        }
        let quoted = self.py.import("json")?.call_method1("dumps", (text,))?;
        let quoted = quoted.cast_into::<PyString>()?;
        let mut reader = Reader::new(quoted.to_str()?, 1);
        if reader.next().is_err() {
            return Err(self.refuse(Cause::HalfPair));
        }
        write(&mut self.out, &reader);
        Ok(())
    }

    fn integer(&mut self, integer: &Bound<'py, PyInt>) -> PyResult<()> {
        if let Ok(small) = integer.extract::<i64>() {
            self.out.integer(small);
            return Ok(());
        }
        match integer.extract::<i128>() {
            Ok(large) => self.number(&large.to_string()),
            Err(_) if self.purpose == Purpose::Received => self.number(integer.str()?.to_str()?),
            Err(_) => Err(self.refuse(Cause::stated(
                IssueCode::OutOfRange,
                "the integer has more than 128 bits",
                "整数超过 128 位",
            ))),
        }
    }

    /// The text that Python's `repr` gives: the shortest that reads back as the same float.
    fn float(&mut self, value: f64) -> PyResult<()> {
        if !value.is_finite() {
            let number = PyFloat::new(self.py, value).to_string();
            return Err(self.refuse(Cause::NotANumber { number }));
        }
        let magnitude = value.abs();
        if (1.0..1e15).contains(&magnitude) && value.fract() == 0.0 {
            // Whole numbers, the usual case, need no search for the shortest text.
            #[allow(clippy::cast_possible_truncation)] // whole and below 1e15
            let tenths = value as i64 * 10;
            self.out.decimal(Decimal::new(tenths, 1));
            Ok(())
        } else if value == 0.0 || (1e-4..1e16).contains(&magnitude) {
            // In this range zmij and repr agree to the letter; beyond it the exponents differ.
            self.number(zmij::Buffer::new().format_finite(value))
        } else {
            self.number(PyFloat::new(self.py, value).repr()?.to_str()?)
        }
    }

    fn decimal(&mut self, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let text = value.str()?;
        self.number(text.to_str()?)
    }

    /// A number that is text already.
    fn number(&mut self, text: &str) -> PyResult<()> {
        let written = self.out.number(text);
        written.map_err(|_| self.refuse(Cause::NotANumber { number: text.to_owned() }))
    }

    /// Beijing time; what says no zone is Beijing time already.
    fn datetime(&mut self, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let py = self.py;
        let local = if value.getattr("tzinfo")?.is_none() {
            value.clone()
        } else {
            let none = PyDict::new(py);
            none.set_item("tzinfo", py.None())?;
            let beijing = match value.call_method1("astimezone", (python::beijing(py)?,)) {
                Err(error) if error.is_instance_of::<PyOverflowError>(py) => {
                    return Err(self.refuse(Cause::stated(
                        IssueCode::Format,
                        "lies outside the years 1 to 9999 in Beijing time",
                        "换算成北京时间后不在公元 1 年到 9999 年之内",
                    )));
                }
                moment => moment?,
            };
            beijing.call_method("replace", (), Some(&none))?
        };
        let text = local.call_method1("isoformat", (" ",))?;
        let text = text.str()?;
        let text = text.to_str()?;
        // A fraction makes it longer; pandas' NaT, which is a datetime too, makes it shorter.
        if self.purpose == Purpose::ToSend && text.len() != "yyyy-MM-dd HH:mm:ss".len() {
            return Err(self.refuse(Cause::stated(
                IssueCode::Format,
                format!("{text} does not fit yyyy-MM-dd HH:mm:ss; cut the fraction off with .replace(microsecond=0)"),
                format!("{text} 不符合 yyyy-MM-dd HH:mm:ss 格式；请用 .replace(microsecond=0) 去掉小数秒"),
            )));
        }
        self.out.string(text);
        Ok(())
    }

    /// Dataclasses, and whatever says that it is an integer (`numpy.int64`).
    fn other(&mut self, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let py = self.py;
        if !value.is_instance_of::<PyType>() && value.hasattr("__dataclass_fields__")? {
            let fields = py.import("dataclasses")?.getattr("fields")?.call1((value,))?;
            let names: Vec<Bound<'py, PyAny>> =
                fields.try_iter()?.map(|field| field?.getattr("name")).collect::<PyResult<_>>()?;
            let names = PyTuple::new(py, names)?;
            return self.begin(Frame::Dataclass { object: value.clone(), names, next: 0 });
        }
        if value.hasattr("__index__")? {
            let integer = py.import("operator")?.getattr("index")?.call1((value,))?;
            return self.integer(integer.cast::<PyInt>()?);
        }
        Err(self.refuse(Cause::Unwritable { what: type_name(value), accepted: ACCEPTED }))
    }

    fn begin(&mut self, frame: Frame<'py>) -> PyResult<()> {
        if self.open.len() >= self.limits.max_depth() {
            let cause = Cause::TooDeep { max: self.limits.max_depth() };
            return Err(errors::issue(self.py, Issue::at(Pointer::default(), cause)));
        }
        match &frame {
            Frame::Tuple { .. } | Frame::List { .. } => self.out.begin_array(),
            Frame::Dict { .. } | Frame::Dataclass { .. } => self.out.begin_object(),
        }
        self.open.push(frame);
        Ok(())
    }

    /// An error at the element that is being written.
    fn refuse(&self, cause: Cause) -> PyErr {
        let mut pointer = Pointer::default();
        for frame in &self.open {
            match frame {
                Frame::Tuple { next, .. } | Frame::List { next, .. } => {
                    pointer.push_index(next - 1);
                }
                Frame::Dict { key, .. } => {
                    if let Some(key) = key {
                        pointer.push(&key.to_string());
                    }
                }
                Frame::Dataclass { names, next, .. } => {
                    if let Ok(name) = names.get_item(next - 1) {
                        pointer.push(&name.to_string());
                    }
                }
            }
        }
        errors::issue(self.py, Issue::at(pointer, cause))
    }
}

fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().fully_qualified_name().map_or_else(|_| "this type".into(), |n| n.to_string())
}
