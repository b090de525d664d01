//! The catalogue of the process: the built-in methods and those that the program registered.

use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use wdt_proto::catalogue::{Catalogue, Field};

use crate::{errors, python};

/// Replaced as a whole by `register`; whoever reads keeps the one it took.
static CATALOGUE: LazyLock<RwLock<Arc<Catalogue>>> = LazyLock::new(RwLock::default);

/// The catalogue as it is now.
pub(crate) fn current() -> Arc<Catalogue> {
    Arc::clone(&CATALOGUE.read().unwrap_or_else(PoisonError::into_inner))
}

/// List all methods: the registered ones, then the built-in ones, sorted by name.
#[pyfunction]
pub(crate) fn methods() -> Vec<Method> {
    let catalogue = current();
    let names: Vec<String> = catalogue.methods().map(|method| method.name().to_owned()).collect();
    names.into_iter().map(|name| Method { catalogue: Arc::clone(&catalogue), name }).collect()
}

/// Find the method of this name, ``None`` for one that the catalogue does not know.
#[pyfunction]
pub(crate) fn method(name: &str) -> Option<Method> {
    let catalogue = current();
    let name = catalogue.method(name)?.name().to_owned();
    Some(Method { catalogue, name })
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

/// A method of the catalogue.
#[pyclass(frozen, module = "wdt_proto.catalogue")]
pub(crate) struct Method {
    catalogue: Arc<Catalogue>,
    name: String,
}

impl Method {
    fn ask<T>(&self, question: impl FnOnce(wdt_proto::catalogue::Method<'_>) -> T) -> Option<T> {
        self.catalogue.method(&self.name).map(question)
    }
}

#[pymethods]
#[allow(clippy::redundant_closure_for_method_calls)] // a path fixes one lifetime, `ask` wants any
impl Method {
    /// The name on the wire.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// The vendor's title.
    #[getter]
    fn title(&self) -> Option<String> {
        self.ask(|method| method.title().to_owned())
    }

    /// The vendor's category; empty where none is known.
    #[getter]
    fn category(&self) -> Option<String> {
        self.ask(|method| method.category().to_owned())
    }

    /// The platform version that brought the method; empty where none is known.
    #[getter]
    fn since(&self) -> Option<String> {
        self.ask(|method| method.since().to_owned())
    }

    /// The method that the vendor wants called instead; empty where there is none.
    #[getter]
    fn replaced_by(&self) -> Option<String> {
        self.ask(|method| method.replaced_by().to_owned())
    }

    /// Whether its arguments are documented; those of the others are not checked.
    #[getter]
    fn documented(&self) -> bool {
        self.ask(|method| method.is_documented()).unwrap_or_default()
    }

    /// Whether a call may change something, so that it must not be repeated blindly.
    #[getter]
    fn writes(&self) -> bool {
        self.ask(|method| method.writes()).unwrap_or(true)
    }

    /// Whether it takes a ``Pager``.
    #[getter]
    fn paged(&self) -> bool {
        self.ask(|method| method.is_paged()).unwrap_or_default()
    }

    /// Whether it is for merchants whose shop is their own platform (自有平台).
    #[getter]
    fn own_platform_only(&self) -> bool {
        self.ask(|method| method.is_own_platform_only()).unwrap_or_default()
    }

    /// The largest ``page_size``, where one is documented.
    #[getter]
    fn page_size_max(&self) -> Option<u32> {
        self.ask(|method| method.page_size_max()).flatten()
    }

    /// The longest span between start and end time of one query, in minutes.
    #[getter]
    fn max_span_minutes(&self) -> Option<u32> {
        self.ask(|method| method.max_span_minutes()).flatten()
    }

    /// How many documents one call may carry.
    #[getter]
    fn max_batch(&self) -> Option<u32> {
        self.ask(|method| method.max_batch()).flatten()
    }

    /// The positional arguments, in order.
    #[getter]
    fn params<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.ask(|method| fields(py, method.params())).unwrap_or_else(|| Ok(PyTuple::empty(py)))
    }

    /// The reply's top-level fields.
    #[getter]
    fn response<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.ask(|method| fields(py, method.response())).unwrap_or_else(|| Ok(PyTuple::empty(py)))
    }

    fn __repr__(&self) -> String {
        format!("Method({:?})", self.name)
    }
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
