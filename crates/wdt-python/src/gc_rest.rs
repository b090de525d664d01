//! Keeps the cyclic garbage collector from searching what is still being built.

use pyo3::prelude::*;

/// While this lives, the collector rests. The objects of a reply hold no cycles, yet thousands of
/// new containers make it walk over all of them again and again.
pub(crate) struct GcRest<'py>(Option<Bound<'py, PyModule>>);

impl<'py> GcRest<'py> {
    /// Switches it off, unless it is off already.
    pub(crate) fn begin(py: Python<'py>) -> Self {
        let switched_off = || {
            let gc = py.import("gc")?;
            let is_on = gc.call_method0("isenabled")?.is_truthy()?;
            if is_on {
                gc.call_method0("disable")?;
            }
            Ok::<_, PyErr>(is_on.then_some(gc))
        };
        Self(switched_off().unwrap_or_default())
    }
}

impl Drop for GcRest<'_> {
    fn drop(&mut self) {
        if let Some(gc) = &self.0 {
            // Cannot fail: it takes no arguments.
            let _ = gc.call_method0("enable");
        }
    }
}
