//! Rows as typed Python objects, and what a writing call refused.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyString};
use wdt_proto::catalogue::Catalogue;
use wdt_proto::json::{SyntaxError, SyntaxErrorKind};
use wdt_proto::rows::{Time, Typed, TypedReader};
use wdt_proto::{RowsError, ValidationError, failures_with};

use crate::classes::Limits;
use crate::convert::with_bytes;
use crate::from_json::{self, Builder};
use crate::{catalogue, errors, python, to_json};

/// Give the rows of a query with each documented field as its type, whatever form it came in.
///
/// ``rows`` is the list of rows, or the reply's whole ``data``: Python objects as
/// ``parse_response`` gives them, or JSON (``Response.raw_data``), which is faster. Amounts come as
/// ``Decimal``, whole numbers as ``int``, flags as ``bool``, times as ``datetime`` in Beijing time,
/// texts as ``str``, all of them to the last digit; an empty text in the place of a time comes as
/// ``None``. What nobody documents is as it came, and so is what does not fit its field: that is
/// reported in ``issues`` of the list that is returned.
///
/// Raises ``ValidationError`` for a method that the catalogue does not know or whose rows it does
/// not, and for what is neither a list of rows nor such ``data``.
///
/// >>> rows = typed_rows("sales.TradeQuery.queryWithDetail", [{"paid": "1.50", "is_sealed": 0}])
/// >>> rows
/// [{'paid': Decimal('1.50'), 'is_sealed': False}]
/// >>> rows.issues
/// []
#[pyfunction]
#[pyo3(signature = (method, rows, *, limits = None))]
pub(crate) fn typed_rows<'py>(
    py: Python<'py>,
    method: &str,
    rows: &Bound<'py, PyAny>,
    limits: Option<&Limits>,
) -> PyResult<Bound<'py, PyAny>> {
    let limits = Limits::of(limits);
    let known = catalogue::current();
    let is_json = rows.is_instance_of::<PyString>()
        || rows.is_instance_of::<PyBytes>()
        || rows.is_instance_of::<PyByteArray>();
    if is_json {
        return with_bytes(rows, "rows", |bytes| typed(py, &known, method, bytes, limits));
    }
    let json = to_json::received(rows, limits)?.into_bytes();
    typed(py, &known, method, &json, limits)
}

fn typed<'py>(
    py: Python<'py>,
    catalogue: &Catalogue,
    method: &str,
    rows: &[u8],
    limits: wdt_proto::Limits,
) -> PyResult<Bound<'py, PyAny>> {
    let refused = |error: RowsError| errors::validation(py, ValidationError::from(error));
    let text = std::str::from_utf8(rows).map_err(|error| {
        let (offset, kind) = (error.valid_up_to(), SyntaxErrorKind::NotUtf8);
        refused(SyntaxError { offset, kind }.into())
    })?;
    let mut reader = TypedReader::new(catalogue, method, text, limits).map_err(refused)?;
    let mut builder = Builder::new(py, text.len());
    let mut list = py.None().into_bound(py);
    loop {
        let value = match reader.next().map_err(refused)? {
            Typed::Key(key) => {
                builder.key(key)?;
                continue;
            }
            piece @ (Typed::BeginArray | Typed::BeginObject) => {
                builder.begin(piece == Typed::BeginObject);
                continue;
            }
            Typed::EndArray | Typed::EndObject => builder.end()?,
            Typed::Text(text) => builder.string(text)?,
            Typed::Integer(integer) => integer.into_pyobject(py)?.into_any(),
            Typed::Decimal(Cow::Borrowed(number)) => builder.decimal(number)?,
            Typed::Decimal(Cow::Owned(number)) => from_json::decimal(py, &number)?,
            Typed::Number(number) => builder.number(number)?,
            Typed::Bool(flag) => flag.into_pyobject(py)?.to_owned().into_any(),
            Typed::Time(time) => moment(py, time)?,
            Typed::Null => py.None().into_bound(py),
            Typed::End => break,
        };
        if let Some(whole) = builder.take(value) {
            list = whole;
        }
    }
    let report = reader.into_report();
    let issues = errors::issues(py, report.issues())?;
    python::typed_rows(py)?.call1((list, issues, report.omitted()))
}

fn moment(py: Python<'_>, time: Time) -> PyResult<Bound<'_, PyAny>> {
    python::datetime(py)?.call1((
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second(),
        u32::from(time.millisecond()) * 1000,
        python::beijing(py)?,
    ))
}

/// List what a writing call refused under status 0: such a reply looks like a success.
///
/// The client puts its method on the response; for one of ``parse_response`` it may be given.
/// Where it is not known, the places of all methods are looked at whose refusals are objects with
/// a reason. A method whose page shows no such list has none.
///
/// >>> body = b'{"status":0,"data":{"error_list":[{"no":"A7","error":"no shop"}]}}'
/// >>> failures(parse_response(body), "sales.RawTrade.pushSelf2")
/// [Failure(key='A7', code='', message='no shop')]
#[pyfunction]
#[pyo3(signature = (response, method = None))]
pub(crate) fn failures<'py>(
    py: Python<'py>,
    response: &Bound<'py, PyAny>,
    method: Option<&str>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let called: String = response.getattr("method")?.extract()?;
    let raw: Option<Bound<'_, PyBytes>> = response.getattr("_raw")?.extract()?;
    let method = method.or(Some(called.as_str())).filter(|method| !method.is_empty());
    let data = raw.as_ref().map_or(&[][..], |raw| raw.as_bytes());
    let data = std::str::from_utf8(data).unwrap_or_default();
    let class = python::failure(py)?;
    failures_with(&catalogue::current(), method, data)
        .into_iter()
        .map(|failure| class.call1((failure.key, failure.code, failure.message)))
        .collect()
}
