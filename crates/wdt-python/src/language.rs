//! The language of the person at this machine, as the core decides it.

use std::fmt;

use pyo3::prelude::*;
use wdt_proto::{Bilingual, Language};

/// Give the language that texts are shown in: ``"en"`` or ``"zh"``.
///
/// The first of ``WDT_LANG``, ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` that is set decides.
#[pyfunction]
pub(crate) fn language(py: Python<'_>) -> &'static str {
    current(py).as_str()
}

/// The same, for texts of Rust's own.
pub(crate) fn current(py: Python<'_>) -> Language {
    // Python's copy of the environment, which a program may have changed.
    let environ = py.import("os").and_then(|os| os.getattr("environ"));
    let Ok(environ) = environ else { return Language::default() };
    Language::of_environment(|name| environ.call_method1("get", (name,)).ok()?.extract().ok())
}

/// A text of this binding's, in both languages.
pub(crate) struct Said {
    english: String,
    chinese: String,
}

impl Said {
    pub(crate) fn new(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self { english: english.into(), chinese: chinese.into() }
    }
}

impl Bilingual for Said {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match language {
            Language::Chinese => &self.chinese,
            _ => &self.english,
        })
    }
}

/// The two texts of a value, English first: what the package's exceptions hold.
pub(crate) fn both(value: &(impl Bilingual + ?Sized)) -> (String, String) {
    let text = |language| value.in_language(language).to_string();
    (text(Language::English), text(Language::Chinese))
}
