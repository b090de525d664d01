//! The catalogue of the process: the built-in methods and those that the program registered.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use wdt_proto::catalogue::{Catalogue, Failures, Field, Method, Span};

use crate::{errors, from_json, python};

/// Replaced as a whole by `register`; whoever reads keeps what it took.
static KNOWN: LazyLock<RwLock<Known>> = LazyLock::new(RwLock::default);

#[derive(Clone, Default)]
struct Known {
    catalogue: Arc<Catalogue>,
    /// The `Method` objects of the registered methods.
    made: Arc<Made>,
}

/// `Method` objects, made when they are first asked for: some have hundreds of fields.
type Made = Mutex<HashMap<String, Py<PyAny>>>;

/// Those of the built-in methods, which no registration changes.
static BUILTIN: LazyLock<Made> = LazyLock::new(Made::default);

fn known() -> Known {
    KNOWN.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The catalogue as it is now.
pub(crate) fn current() -> Arc<Catalogue> {
    known().catalogue
}

/// List all methods: the registered ones, then the built-in ones, sorted by name.
#[pyfunction]
pub(crate) fn methods(py: Python<'_>) -> PyResult<Vec<Py<PyAny>>> {
    let known = known();
    known.catalogue.methods().map(|method| known.object(py, method)).collect()
}

/// Find the method of this name, ``None`` for one that the catalogue does not know.
#[pyfunction]
pub(crate) fn method(py: Python<'_>, name: &str) -> PyResult<Option<Py<PyAny>>> {
    let known = known();
    known.catalogue.method(name).map(|method| known.object(py, method)).transpose()
}

impl Known {
    fn object(&self, py: Python<'_>, method: Method<'_>) -> PyResult<Py<PyAny>> {
        // No Python code runs while the table is locked: it might wait for who waits for the lock.
        let made_before: &Made = if is_builtin(method) { &BUILTIN } else { &self.made };
        let table = || made_before.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(object) = table().get(method.name()) {
            return Ok(object.clone_ref(py));
        }
        let object = made(py, method)?.unbind();
        let another = table().insert(method.name().to_owned(), object.clone_ref(py));
        drop(another);
        Ok(object)
    }
}

/// Whether it is the built-in method of its name, and none that hides it: names are told apart by
/// where they lie.
fn is_builtin(method: Method<'_>) -> bool {
    wdt_proto::catalogue::method(method.name())
        .is_some_and(|builtin| std::ptr::eq(builtin.name(), method.name()))
}

/// Tell whether a call may change something; one that the catalogue does not know may.
#[pyfunction]
pub(crate) fn writes(name: &str) -> bool {
    current().writes(name)
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
        let mut shared = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        let mut catalogue = Catalogue::clone(&shared.catalogue);
        catalogue.register(json_text).map(|()| {
            let known = Known { catalogue: Arc::new(catalogue), ..Known::default() };
            std::mem::replace(&mut *shared, known)
        })
    };
    // Both the exception and the end of old objects are Python code, which may wait for a thread that waits for the lock.
    registered.map(drop).map_err(|error| errors::catalogue(py, &error))
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
    named.set_item("rows", method.rows())?;
    named.set_item("row_key", PyTuple::new(py, method.row_key().collect::<Vec<_>>())?)?;
    named
        .set_item("row_key_guess", PyTuple::new(py, method.row_key_guess().collect::<Vec<_>>())?)?;
    named.set_item("span", method.span().map(|given| span(py, given)).transpose()?)?;
    named.set_item("excludes", PyTuple::new(py, method.excludes().collect::<Vec<_>>())?)?;
    named.set_item("history_of", method.history_of())?;
    named.set_item("pages_from_back", method.pages_from_back())?;
    named.set_item("has_cursor", method.has_cursor())?;
    named.set_item("failures", method.failures().map(|given| failures(py, given)).transpose()?)?;
    named.set_item("params", fields(py, method.params())?)?;
    named.set_item("response", fields(py, method.response())?)?;
    python::method(py)?.call((), Some(&named))
}

fn span<'py>(py: Python<'py>, span: Span<'_>) -> PyResult<Bound<'py, PyAny>> {
    let modified_params = match span.modified_params() {
        Some(params) => from_json::object(py, params)?,
        None => py.None().into_bound(py),
    };
    python::span(py)?.call1((
        span.start(),
        span.end(),
        span.filters_on(),
        span.filters_on_guess(),
        span.row_field(),
        span.required(),
        modified_params,
        span.precision(),
        PyTuple::new(py, span.instead().collect::<Vec<_>>())?,
    ))
}

fn failures<'py>(py: Python<'py>, failures: Failures<'_>) -> PyResult<Bound<'py, PyAny>> {
    python::failure_list(py)?.call1((
        failures.list(),
        failures.key(),
        failures.code(),
        failures.message(),
        failures.sent(),
    ))
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
    let last = PyDict::new(py);
    last.set_item("is_time", field.is_time())?;
    let others = (
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
    );
    python::field(py)?.call(others, Some(&last))
}
