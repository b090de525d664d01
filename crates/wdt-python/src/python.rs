//! Python objects that are looked up once: classes of the package and of the standard library.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

macro_rules! imported {
    ($($(#[$doc:meta])* $name:ident = $module:literal . $attribute:literal),* $(,)?) => {
        $($(#[$doc])*
        pub(crate) fn $name(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
            static CELL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
            CELL.import(py, $module, $attribute)
        })*
    };
}

imported! {
    decimal = "decimal"."Decimal",
    datetime = "datetime"."datetime",
    issue = "wdt_proto._models"."Issue",
    response = "wdt_proto._models"."Response",
    report = "wdt_proto._models"."Report",
    field = "wdt_proto._models"."Field",
    method = "wdt_proto._models"."Method",
    span = "wdt_proto._models"."Span",
    failure_list = "wdt_proto._models"."FailureList",
    failure = "wdt_proto._models"."Failure",
    batch = "wdt_proto._models"."Batch",
    pull_report = "wdt_proto._models"."PullReport",
    paging_error = "wdt_proto._errors"."PagingError",
    transport_error = "wdt_proto._errors"."TransportError",
    pull_error = "wdt_proto._errors"."PullError",
    typed_rows = "wdt_proto._models"."TypedRows",
    catalogue_error = "wdt_proto._errors"."CatalogueError",
    explanation = "wdt_proto._models"."Explanation",
    verified_call = "wdt_proto._models"."VerifiedCall",
    unknown_sid = "wdt_proto._models"."UnknownSid",
    credentials_error = "wdt_proto._errors"."CredentialsError",
    validation_error = "wdt_proto._errors"."ValidationError",
    api_error = "wdt_proto._errors"."ApiError",
    malformed_response_error = "wdt_proto._errors"."MalformedResponseError",
    verify_error = "wdt_proto._errors"."VerifyError",
}

/// UTC+8, the platform's time zone.
pub(crate) fn beijing(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let zone = CELL.get_or_try_init(py, || {
        let module = py.import("datetime")?;
        let offset = module.getattr("timedelta")?.call1((0, 8 * 3600))?;
        Ok::<_, PyErr>(module.getattr("timezone")?.call1((offset,))?.unbind())
    })?;
    Ok(zone.bind(py))
}
