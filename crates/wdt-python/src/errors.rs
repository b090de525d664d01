//! Errors of the core as the package's exceptions, each with its text in both languages.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use wdt_proto::catalogue::CatalogueError;
use wdt_proto::session::{PagesError, PullError};
use wdt_proto::{Bilingual, Issue, TimestampError, ValidationError, VerifyError};

use crate::language::{Said, both, current};
use crate::lines::Lines;
use crate::python;

/// The exception, or what went wrong while making it.
pub(crate) fn raised(result: PyResult<Bound<'_, PyAny>>) -> PyErr {
    result.map_or_else(|error| error, PyErr::from_value)
}

pub(crate) fn credentials(py: Python<'_>, error: &impl Bilingual) -> PyErr {
    raised(python::credentials_error(py).and_then(|class| class.call1(both(error))))
}

/// The one fault of credentials that only Python's text can have.
pub(crate) fn half_pair(py: Python<'_>, name: &str) -> PyErr {
    let english = format!("{name} holds half of a surrogate pair, which UTF-8 cannot carry");
    credentials(py, &Said::new(english, format!("{name} 里有半个代理对，UTF-8 无法表示")))
}

pub(crate) fn validation(py: Python<'_>, error: ValidationError) -> PyErr {
    raised(issues(py, error.issues()).and_then(|issues| {
        let omitted = error.omitted();
        python::validation_error(py)?.call1((issues, omitted, Lines::from(error)))
    }))
}

pub(crate) fn catalogue(py: Python<'_>, error: &CatalogueError) -> PyErr {
    raised(python::catalogue_error(py).and_then(|class| class.call1(both(error))))
}

pub(crate) fn pull(py: Python<'_>, error: &PullError) -> PyErr {
    raised(python::pull_error(py).and_then(|class| class.call1(both(error))))
}

pub(crate) fn pages(py: Python<'_>, error: PagesError) -> PyErr {
    match error {
        PagesError::PageSize(error) => validation(py, error),
        error => raised(python::paging_error(py).and_then(|class| class.call1(both(&error)))),
    }
}

pub(crate) fn issue(py: Python<'_>, issue: Issue) -> PyErr {
    validation(py, ValidationError::from(issue))
}

pub(crate) fn timestamp(py: Python<'_>, error: TimestampError) -> PyErr {
    validation(py, ValidationError::from(error))
}

/// Issues as a list of `Issue` objects.
pub(crate) fn issues<'py>(py: Python<'py>, issues: &[Issue]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    let class = python::issue(py)?;
    for issue in issues {
        // A frozen dataclass sets each field by a call of `object.__setattr__`: for a hundred issues
        // that takes longer than finding them.
        let object = class.call_method1(intern!(py, "__new__"), (class,))?;
        let fields = object.getattr(intern!(py, "__dict__"))?.cast_into::<PyDict>()?;
        fields.set_item(intern!(py, "pointer"), issue.pointer())?;
        fields.set_item(intern!(py, "code"), issue.code().as_str())?;
        fields.set_item(intern!(py, "severity"), issue.severity().as_str())?;
        fields.set_item(intern!(py, "message"), issue.message())?;
        fields.set_item(intern!(py, "label"), issue.label())?;
        fields.set_item(intern!(py, "message_zh"), issue.zh().to_string())?;
        list.append(object)?;
    }
    Ok(list)
}

/// A body that is no reply of the platform's.
pub(crate) fn malformed_response(py: Python<'_>, error: &impl Bilingual, head: &[u8]) -> PyErr {
    let (text, text_zh) = both(error);
    raised(
        python::malformed_response_error(py)
            .and_then(|class| class.call1((text, PyBytes::new(py, head), text_zh))),
    )
}

/// A reply that is well-formed, but holds a number that Python cannot.
pub(crate) fn unreadable_number(py: Python<'_>, number: &str) -> PyErr {
    let shown: String = number.chars().take(40).collect();
    let said = Said::new(
        format!("not a reply of the platform: Python cannot hold the number {shown}…"),
        format!("不是平台的应答：Python 无法表示数字 {shown}…"),
    );
    malformed_response(py, &said, &number.as_bytes()[..number.len().min(40)])
}

pub(crate) fn verify(py: Python<'_>, error: &VerifyError) -> PyErr {
    let (text, text_zh) = both(error);
    raised(python::verify_error(py).and_then(|class| {
        class.call1((
            error.check(),
            error.status(),
            error.vendor_message(),
            error.kind().as_str(),
            text,
            text_zh,
        ))
    }))
}

/// Python's own exceptions have one text: in the language of the person at this machine.
pub(crate) fn type_error(py: Python<'_>, error: &impl Bilingual) -> PyErr {
    PyTypeError::new_err(error.in_language(current(py)).to_string())
}

/// The same for a value of the right type.
pub(crate) fn value_error(py: Python<'_>, error: &impl Bilingual) -> PyErr {
    PyValueError::new_err(error.in_language(current(py)).to_string())
}
