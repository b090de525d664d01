//! From a calculated good to the report's `info`, as the core makes it.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use wdt_proto::stock_sync::{SYNC_FAIL, SyncInfo, UnreadableStock};
use wdt_proto::{Limits, Pointer, catalogue};

use crate::convert::utf8;
use crate::language::both;
use crate::{errors, from_json, python, to_json};

/// Make the ``info`` of a report from one calculated good, a ``dict`` or its JSON.
#[pyfunction]
pub(crate) fn sync_info<'py>(
    py: Python<'py>,
    calculated: &Bound<'py, PyAny>,
    success: bool,
    result: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    let result = utf8(result, "result")?;
    let info = if let Ok(json) = calculated.cast::<PyString>() {
        SyncInfo::from_calculated(utf8(json, "calculated")?)
    } else {
        let written = to_json::value(reported(calculated.cast()?)?.as_any(), Limits::DEFAULT)?;
        // A writer's bytes are always UTF-8.
        SyncInfo::from_calculated(&String::from_utf8_lossy(&written.into_bytes()))
    };
    let info = info.map_err(|error| unreadable(py, &error))?;
    let info = if success { info.succeeded(result) } else { info.failed(result) };
    from_json::object(py, &info.to_json())
}

/// The members that a report has: the others of a program's row need not be JSON.
fn reported<'py>(calculated: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyDict>> {
    let reported = PyDict::new(calculated.py());
    let info = catalogue::method(SYNC_FAIL).and_then(|method| method.params().nth(1));
    for field in info.iter().flat_map(|info| info.fields()) {
        if let Some(value) = calculated.get_item(field.name())? {
            reported.set_item(field.name(), value)?;
        }
    }
    Ok(reported)
}

fn unreadable(py: Python<'_>, error: &UnreadableStock) -> PyErr {
    let mut pointer = Pointer::default();
    if !error.field().is_empty() {
        pointer.push(error.field());
    }
    let (message, message_zh) = both(error);
    errors::raised(python::issue(py).and_then(|class| {
        let issue = class.call1((
            pointer.as_str(),
            error.code().as_str(),
            "error",
            message,
            "",
            message_zh,
        ))?;
        python::validation_error(py)?.call1(([issue],))
    }))
}
