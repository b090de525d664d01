//! What requests are made with: credentials, which hold a secret, paging and limits.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};

use crate::convert::{Flag, Saturated, secret_text};
use crate::errors;
use crate::language::Said;

/// What signs a request: the merchant's sid, the application's key, and its app secret.
///
/// ``app_secret`` is the whole ``secret:salt`` that the platform issued. The secret is never
/// shown, not by ``repr`` either, and cannot be read back; it is wiped when the object goes.
///
/// Raises ``CredentialsError``, which names the part that is empty, holds a control character, has
/// blanks around it, or lacks its colon.
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
        let (sid, key) = (secret_text(sid, "sid")?, secret_text(key, "key")?);
        wdt_proto::Credentials::new(sid, key, secret_text(app_secret, "app_secret")?)
            .map(Self)
            .map_err(|error| errors::credentials(py, &error))
    }

    /// Take the credentials from ``WDT_SID``, ``WDT_APPKEY`` and ``WDT_APPSECRET``.
    ///
    /// The last is the whole ``secret:salt``. Raises ``CredentialsError``, which names the
    /// variables that are not set, or are empty, and never shows a value.
    #[classmethod]
    fn from_env(_class: &Bound<'_, PyType>, py: Python<'_>) -> PyResult<Self> {
        // Python's copy of the environment, which a program may have changed.
        let environ = py.import("os")?.getattr("environ")?;
        let names = ["WDT_SID", "WDT_APPKEY", "WDT_APPSECRET"];
        let mut values = Vec::with_capacity(names.len());
        let mut missing = Vec::new();
        for name in names {
            let value = environ.call_method1("get", (name, ""))?.cast_into::<PyString>()?;
            if value.len()? == 0 {
                missing.push(name);
            }
            values.push(value);
        }
        match &values[..] {
            [sid, key, app_secret] if missing.is_empty() => Self::new(sid, key, app_secret),
            _ => {
                let verb = if missing.len() == 1 { "is" } else { "are" };
                let said = Said::new(
                    format!("{} {verb} not set", missing.join(", ")),
                    format!("没有设置 {}", missing.join("、")),
                );
                Err(errors::credentials(py, &said))
            }
        }
    }

    /// The merchant's account (卖家账号).
    #[getter]
    fn sid(&self) -> &str {
        self.0.sid()
    }

    /// The application's key (appkey).
    #[getter]
    fn key(&self) -> &str {
        self.0.key()
    }

    /// The public half of the app secret; every query carries it.
    #[getter]
    fn salt(&self) -> &str {
        self.0.salt()
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// Which page of a paged method; travels in the query, never in the body.
///
/// ``page_no`` counts from 0. Ask for the total (``calc_total``, also as 1 or 0) on the first page
/// only: the server counts all rows for it.
///
/// Raises ``ValidationError`` for a ``page_size`` below 1 or a negative ``page_no``.
#[pyclass(frozen, eq, hash, module = "wdt_proto")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Pager(pub(crate) wdt_proto::Pager);

#[pymethods]
impl Pager {
    #[new]
    #[pyo3(
        signature = (page_size, page_no = Saturated(0), calc_total = Flag(false)),
        text_signature = "(page_size, page_no=0, calc_total=False)"
    )]
    fn new(
        py: Python<'_>,
        page_size: Saturated,
        page_no: Saturated,
        calc_total: Flag,
    ) -> PyResult<Self> {
        let pager = wdt_proto::Pager::new(page_size.0, page_no.0)
            .map_err(|error| errors::validation(py, error))?;
        Ok(Self(if calc_total.0 { pager.with_total() } else { pager }))
    }

    /// Rows per page.
    #[getter]
    fn page_size(&self) -> i32 {
        self.0.page_size()
    }

    /// The page's number, from 0.
    #[getter]
    fn page_no(&self) -> i32 {
        self.0.page_no()
    }

    /// Whether the total is asked for.
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

/// Bounds on one body, of a request or of a reply.
///
/// By default 32 MiB (33,554,432 bytes) and 128 nested arrays and objects. What exceeds them is
/// refused with an exception.
#[pyclass(frozen, eq, hash, module = "wdt_proto")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Limits {
    /// The most bytes that a body may have.
    #[pyo3(get)]
    max_bytes: usize,
    /// The most arrays and objects that may be open at once.
    #[pyo3(get)]
    max_depth: usize,
}

#[pymethods]
impl Limits {
    #[new]
    #[pyo3(signature = (*, max_bytes = None, max_depth = None))]
    fn new(max_bytes: Option<usize>, max_depth: Option<usize>) -> Self {
        let default = wdt_proto::Limits::DEFAULT;
        Self {
            max_bytes: max_bytes.unwrap_or(default.max_bytes()),
            max_depth: max_depth.unwrap_or(default.max_depth()),
        }
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
