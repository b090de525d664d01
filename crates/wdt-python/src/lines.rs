//! The lines of a report or a refusal, made when somebody reads them.

use pyo3::prelude::*;
use wdt_proto::{Report, ValidationError};

use crate::language::{Said, both};

/// One line an issue, warnings among errors marked, and one for those that were left out.
///
/// The core makes them when they are read; a pickle holds them made.
#[pyclass(frozen, module = "wdt_proto._native")]
pub(crate) struct Lines(Source);

enum Source {
    Refused(ValidationError),
    Found(Report),
    Made(Said),
}

impl Lines {
    fn both(&self) -> (String, String) {
        match &self.0 {
            Source::Refused(error) => both(error),
            Source::Found(report) => both(report),
            Source::Made(said) => both(said),
        }
    }
}

#[pymethods]
impl Lines {
    #[new]
    fn new(text: String, text_zh: String) -> Self {
        Self(Source::Made(Said::new(text, text_zh)))
    }

    /// The lines in English.
    #[getter]
    fn text(&self) -> String {
        self.both().0
    }

    /// The lines in Chinese.
    #[getter]
    fn text_zh(&self) -> String {
        self.both().1
    }

    fn __getnewargs__(&self) -> (String, String) {
        self.both()
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.both() == other.both()
    }
}

impl From<ValidationError> for Lines {
    fn from(error: ValidationError) -> Self {
        Self(Source::Refused(error))
    }
}

impl From<Report> for Lines {
    fn from(report: Report) -> Self {
        Self(Source::Found(report))
    }
}
