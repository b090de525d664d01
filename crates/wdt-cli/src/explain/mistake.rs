//! What can be wrong with a request, in English and Chinese.

use serde_json::{Value, json};

/// How a mistake is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Basis {
    /// With the mistake made on purpose, the signature received comes out exactly.
    Recomputed,
    /// It is there to see in the query, the body or the signature.
    Seen,
    /// By the clock, or the time that `--now` gives.
    Clock,
}

impl Basis {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Recomputed => "recomputed",
            Self::Seen => "seen",
            Self::Clock => "clock",
        }
    }
}

/// A mistake that was made. The code is stable; the texts are for people.
#[derive(Debug, Clone)]
pub(crate) struct Mistake {
    pub(crate) code: &'static str,
    pub(crate) basis: Basis,
    /// What was done.
    pub(crate) what: String,
    /// What to do instead.
    pub(crate) fix: String,
    /// Both in one line of Chinese.
    pub(crate) chinese: String,
    /// What exactly changed in a body: `spaces`, `key_order`, ….
    pub(crate) changes: Vec<&'static str>,
    /// Where it shows; empty where there is nothing more to say.
    pub(crate) detail: String,
}

impl Mistake {
    pub(crate) fn new(
        code: &'static str,
        basis: Basis,
        what: impl Into<String>,
        fix: impl Into<String>,
        chinese: impl Into<String>,
    ) -> Self {
        let (what, fix, chinese) = (what.into(), fix.into(), chinese.into());
        Self { code, basis, what, fix, chinese, changes: Vec::new(), detail: String::new() }
    }

    pub(crate) fn recomputed(
        code: &'static str,
        what: impl Into<String>,
        fix: impl Into<String>,
        chinese: impl Into<String>,
    ) -> Self {
        Self::new(code, Basis::Recomputed, what, fix, chinese)
    }

    pub(crate) fn seen(
        code: &'static str,
        what: impl Into<String>,
        fix: impl Into<String>,
        chinese: impl Into<String>,
    ) -> Self {
        Self::new(code, Basis::Seen, what, fix, chinese)
    }

    pub(crate) fn with_changes(self, changes: Vec<&'static str>, detail: String) -> Self {
        Self { changes, detail, ..self }
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "code": self.code,
            "basis": self.basis.as_str(),
            "what": self.what,
            "fix": self.fix,
            "chinese": self.chinese,
            "changes": self.changes,
            "detail": self.detail,
        })
    }
}
