//! The classes that live in Rust: what holds a secret, and what is made for every request.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};

use crate::errors;

/// See the stub file for the documentation of everything here.
#[pyclass(frozen, module = "wdt_proto")]
pub(crate) struct Credentials(pub(crate) wdt_proto::Credentials);

#[pymethods]
impl Credentials {
    #[new]
    fn new(
        sid: &Bound<'_, PyString>,
        key: &Bound<'_, PyString>,
        app_secret: &Bound<'_, PyString>,
    ) -> PyResult<Self> {
        let py = sid.py();
        let refused = |name| errors::credentials(py, half_pair(name));
        let sid = sid.to_str().map_err(|_| refused("sid"))?;
        let key = key.to_str().map_err(|_| refused("key"))?;
        let app_secret = app_secret.to_str().map_err(|_| refused("app_secret"))?;
        wdt_proto::Credentials::new(sid, key, app_secret)
            .map(Self)
            .map_err(|error| errors::credentials(py, error))
    }

    #[getter]
    fn sid(&self) -> &str {
        self.0.sid()
    }

    #[getter]
    fn key(&self) -> &str {
        self.0.key()
    }

    #[getter]
    fn salt(&self) -> &str {
        self.0.salt()
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// The one fault that only Python's text can have.
pub(crate) fn half_pair(name: &str) -> String {
    format!("{name} holds half of a surrogate pair, which UTF-8 cannot carry")
}

#[pyclass(frozen, eq, hash, module = "wdt_proto")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Pager(pub(crate) wdt_proto::Pager);

#[pymethods]
impl Pager {
    #[new]
    #[pyo3(signature = (page_size, page_no = Saturated(0), calc_total = false))]
    fn new(
        py: Python<'_>,
        page_size: Saturated,
        page_no: Saturated,
        calc_total: bool,
    ) -> PyResult<Self> {
        let pager = wdt_proto::Pager::new(page_size.0, page_no.0)
            .map_err(|error| errors::validation(py, &error))?;
        Ok(Self(if calc_total { pager.with_total() } else { pager }))
    }

    #[getter]
    fn page_size(&self) -> i32 {
        self.0.page_size()
    }

    #[getter]
    fn page_no(&self) -> i32 {
        self.0.page_no()
    }

    #[getter]
    fn calc_total(&self) -> bool {
        self.0.calc_total()
    }

    fn __getnewargs__(&self) -> (i32, i32, bool) {
        (self.page_size(), self.page_no(), self.calc_total())
    }

    fn __repr__(&self) -> String {
        let calc_total = if self.calc_total() { "True" } else { "False" };
        format!(
            "Pager(page_size={}, page_no={}, calc_total={calc_total})",
            self.page_size(),
            self.page_no()
        )
    }
}

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

#[pyclass(frozen, eq, hash, module = "wdt_proto")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Limits {
    #[pyo3(get)]
    max_bytes: usize,
    #[pyo3(get)]
    max_depth: usize,
}

#[pymethods]
impl Limits {
    #[new]
    #[pyo3(signature = (*, max_bytes = wdt_proto::Limits::DEFAULT.max_bytes(), max_depth = wdt_proto::Limits::DEFAULT.max_depth()))]
    fn new(max_bytes: usize, max_depth: usize) -> Self {
        Self { max_bytes, max_depth }
    }

    fn __getnewargs_ex__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let named = PyDict::new(py);
        named.set_item("max_bytes", self.max_bytes)?;
        named.set_item("max_depth", self.max_depth)?;
        Ok((PyTuple::empty(py), named))
    }

    fn __repr__(&self) -> String {
        format!("Limits(max_bytes={}, max_depth={})", self.max_bytes, self.max_depth)
    }
}

impl Limits {
    /// The core's limits; the defaults where the caller gave none.
    pub(crate) fn of(given: Option<&Self>) -> wdt_proto::Limits {
        let default = wdt_proto::Limits::DEFAULT;
        given.map_or(default, |limits| {
            default.with_max_bytes(limits.max_bytes).with_max_depth(limits.max_depth)
        })
    }
}

#[pyclass(frozen, module = "wdt_proto")]
pub(crate) struct SignedRequest(pub(crate) wdt_proto::SignedRequest);

#[pymethods]
impl SignedRequest {
    #[getter]
    fn sign<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::new(py, self.0.signature().as_str())
    }

    #[getter]
    fn timestamp(&self) -> i64 {
        self.0.timestamp().seconds()
    }

    #[getter]
    fn query(&self) -> &str {
        self.0.query()
    }

    #[getter]
    fn query_pairs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.0.query_pairs())
    }

    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.body())
    }

    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let headers = PyDict::new(py);
        for (name, value) in self.0.headers() {
            headers.set_item(name, value)?;
        }
        Ok(headers)
    }

    fn url(&self, py: Python<'_>, base: &str) -> PyResult<String> {
        self.0.url(base).map_err(|error| errors::validation(py, &error))
    }

    fn __repr__(&self) -> String {
        format!("SignedRequest(query={:?}, body=<{} bytes>)", self.0.query(), self.0.body().len())
    }
}
