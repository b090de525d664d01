//! The catalogue of the process: the built-in methods and those that the program registered.

use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use wdt_proto::catalogue::{Catalogue, Field, Method};

use crate::{errors, python};

/// Replaced as a whole by `register`; whoever reads keeps the one it took.
static CATALOGUE: LazyLock<RwLock<Arc<Catalogue>>> = LazyLock::new(RwLock::default);

/// The catalogue as it is now.
pub(crate) fn current() -> Arc<Catalogue> {
    Arc::clone(&CATALOGUE.read().unwrap_or_else(PoisonError::into_inner))
}

/// List all methods: the registered ones, then the built-in ones, sorted by name.
#[pyfunction]
pub(crate) fn methods(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let catalogue = current();
    let list = PyList::empty(py);
    for method in catalogue.methods() {
        list.append(made(py, method)?)?;
    }
    Ok(list)
}

/// Find the method of this name, ``None`` for one that the catalogue does not know.
#[pyfunction]
pub(crate) fn method<'py>(py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    current().method(name).map(|method| made(py, method)).transpose()
}

/// Tell whether a call may change something; one that the catalogue does not know may.
#[pyfunction]
pub(crate) fn writes(name: &str) -> bool {
    current().method(name).is_none_or(Method::writes)
}

/// Add a method, for the whole process, from the text of a catalogue file.
///
/// It may be a method that the vendor has added since, or one documented otherwise for you; one of
/// the same name is replaced. ``catalogue/schema/method.schema.json`` in the source describes the
/// format.
///
/// Raises ``CatalogueError``, which names the field or the place in the text.
#[pyfunction]
pub(crate) fn register(py: Python<'_>, json_text: &str) -> PyResult<()> {
    let registered = {
        let mut shared = CATALOGUE.write().unwrap_or_else(PoisonError::into_inner);
        let mut catalogue = Catalogue::clone(&shared);
        catalogue.register(json_text).map(|()| *shared = Arc::new(catalogue))
    };
    // The exception is Python code, which may wait for a thread that waits for the lock.
    registered.map_err(|error| errors::catalogue(py, &error))
}

/// A `Method` object, with all its fields.
fn made<'py>(py: Python<'py>, method: Method<'_>) -> PyResult<Bound<'py, PyAny>> {
    let named = PyDict::new(py);
    named.set_item("name", method.name())?;
    named.set_item("title", method.title())?;
    named.set_item("category", method.category())?;
    named.set_item("since", method.since())?;
    named.set_item("replaced_by", method.replaced_by())?;
    named.set_item("documented", method.is_documented())?;
    named.set_item("writes", method.writes())?;
    named.set_item("paged", method.is_paged())?;
    named.set_item("own_platform_only", method.is_own_platform_only())?;
    named.set_item("qimen_only", method.is_qimen_only())?;
    named.set_item("page_size_max", method.page_size_max())?;
    named.set_item("page_size_advised", method.page_size_advised())?;
    named.set_item("max_span_minutes", method.max_span_minutes())?;
    named.set_item("max_batch", method.max_batch())?;
    named.set_item("params", fields(py, method.params())?)?;
    named.set_item("response", fields(py, method.response())?)?;
    python::method(py)?.call((), Some(&named))
}

/// `Field` objects; the recursion is as deep as the catalogue nests, which registering bounds.
fn fields<'py, 'c>(
    py: Python<'py>,
    fields: impl Iterator<Item = Field<'c>>,
) -> PyResult<Bound<'py, PyTuple>> {
    let fields: Vec<_> = fields.map(|f| field(py, f)).collect::<PyResult<_>>()?;
    PyTuple::new(py, fields)
}

fn field<'py>(py: Python<'py>, field: Field<'_>) -> PyResult<Bound<'py, PyAny>> {
    let kind = field.kind().to_string();
    let codes = PyDict::new(py);
    for code in field.codes() {
        codes.set_item(code.value, code.label)?;
    }
    let (min, max) = field.range();
    python::field(py)?.call1((
        field.name(),
        field.label(),
        if field.is_list() { format!("list<{kind}>") } else { kind },
        field.is_required(),
        field.may_be_missing(),
        codes,
        min,
        max,
        field.max_items(),
        field.separator(),
        field.format(),
        fields(py, field.fields())?,
    ))
}
