//! The pages of a query, without I/O: the core's machine behind a lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyString;
use wdt_proto::session::{self, PagesError, PagesOptions};

use crate::classes::Pager;
use crate::convert::{DETACH_BYTES, Saturated, detached_if, utf8};
use crate::{catalogue, errors};

/// The pages of one query: ``ask`` for a page, ``take`` its reply, until it is ``None``.
///
/// The arguments are those of ``Client.pages``. Raises ``PagingError`` for a method that is not
/// paged, and ``ValidationError`` for a page size that is none.
#[pyclass(frozen, module = "wdt_proto._native")]
pub(crate) struct Pages(Mutex<session::Pages>);

impl Pages {
    fn machine(&self) -> MutexGuard<'_, session::Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Pages {
    #[new]
    #[pyo3(signature = (method, *, page_size = None, rows = None, calc_total = true, drain = false))]
    fn new(
        method: &Bound<'_, PyString>,
        page_size: Option<Saturated>,
        rows: Option<&Bound<'_, PyString>>,
        calc_total: bool,
        drain: bool,
    ) -> PyResult<Self> {
        let py = method.py();
        let options = PagesOptions {
            page_size: page_size.map(|size| size.0),
            rows: rows.map(|rows| utf8(rows, "rows").map(str::to_owned)).transpose()?,
            with_total: calc_total,
            drains: drain,
        };
        let name = utf8(method, "method")?;
        let catalogue = catalogue::current();
        let pages = session::Pages::new(name, catalogue.method(name), options);
        pages.map(|pages| Self(Mutex::new(pages))).map_err(|error| errors::pages(py, error))
    }

    /// Give the next page; ``None`` at the end.
    fn ask(&self) -> Option<Pager> {
        self.machine().ask().map(Pager)
    }

    /// Take the reply: its ``raw_data`` and ``total``.
    ///
    /// Give the list that holds its rows, ``None`` for ``data`` itself, and which of them are new.
    fn take(
        &self,
        py: Python<'_>,
        raw_data: Option<&Bound<'_, PyString>>,
        total: Option<i64>,
    ) -> PyResult<(Option<String>, Vec<usize>)> {
        let data = raw_data.map_or(Ok("null"), |data| utf8(data, "raw_data"))?;
        let total = total.and_then(|total| u64::try_from(total).ok());
        let page = detached_if(py, data.len() >= DETACH_BYTES, || {
            let page = self.machine().take(data, total)?;
            Ok((page.list, page.rows.into_iter().map(|(place, _)| place).collect()))
        });
        page.map_err(|error: PagesError| errors::pages(py, error))
    }

    /// Tell the pages received, the rows handed out, and the total.
    fn progress(&self) -> (u64, u64, Option<u64>) {
        let machine = self.machine();
        (machine.pages(), machine.rows(), machine.total())
    }
}
