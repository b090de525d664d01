//! The receiving side, and the bare signature.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};
use wdt_proto::{AppSecret, Lookup};

use crate::classes::Pager;
use crate::convert::{DETACH_BYTES, Saturated, detached_if, secret_text, time, utf8, with_bytes};
use crate::language::Said;
use crate::{errors, python};

/// Check a received call: the receiving side, for a server of your own.
///
/// ``lookup(sid, key)`` returns ``"secret:salt"``, ``None`` for a key that is unknown, or the
/// class ``UnknownSid`` where not even the sid is known; what it raises goes through.
/// ``unix_time`` is the server's clock; ``None`` means now.
///
/// Raises ``VerifyError``, which names the check that failed.
#[pyfunction]
#[pyo3(signature = (query, body, lookup, unix_time = None))]
pub(crate) fn verify<'py>(
    py: Python<'py>,
    query: &Bound<'_, PyString>,
    body: &Bound<'py, PyAny>,
    lookup: &Bound<'py, PyAny>,
    unix_time: Option<Saturated>,
) -> PyResult<Bound<'py, PyAny>> {
    let now = time(py, unix_time)?;
    let query = utf8(query, "query")?;
    let lookup = lookup.as_unbound();
    with_bytes(body, "body", |bytes| {
        let mut failed = None;
        let ask = |sid: &str, key: &str| {
            Python::attach(|py| look_up(lookup.bind(py), sid, key)).unwrap_or_else(|error| {
                failed = Some(error);
                Lookup::UnknownKey
            })
        };
        let outcome = detached_if(py, bytes.len() >= DETACH_BYTES, || {
            wdt_proto::verify(query, bytes, ask, now)
        });
        if let Some(error) = failed {
            return Err(error);
        }
        let call = outcome.map_err(|error| errors::verify(py, &error))?;
        python::verified_call(py)?.call1((
            call.sid,
            call.key,
            call.method,
            call.timestamp.seconds(),
            call.timestamp.to_unix(),
            call.pager.map(Pager),
            PyBytes::new(py, call.body),
        ))
    })
}

/// Asks the caller's function: the app secret, `None`, or the `UnknownSid` class.
fn look_up(lookup: &Bound<'_, PyAny>, sid: &str, key: &str) -> PyResult<Lookup> {
    let py = lookup.py();
    let found = lookup.call1((sid, key))?;
    if found.is_none() {
        return Ok(Lookup::UnknownKey);
    }
    if found.is(python::unknown_sid(py)?) {
        return Ok(Lookup::UnknownSid);
    }
    let app_secret = found.cast::<PyString>().map_err(|_| {
        errors::type_error(
            py,
            &Said::new(
                "lookup must return 'secret:salt', None or wdt_proto.UnknownSid",
                "lookup 必须返回 'secret:salt'、None 或 wdt_proto.UnknownSid",
            ),
        )
    })?;
    AppSecret::parse(secret_text(app_secret, "lookup's app_secret")?)
        .map(Lookup::Found)
        .map_err(|error| errors::credentials(py, &error))
}

/// Sign any parameters: the bare algorithm.
///
/// ``params`` are the query parameters with their raw values plus ``body``; a ``sign`` among
/// them is left out. ``secret`` is the part of the app secret before the first colon.
///
/// Raises ``CredentialsError`` for a ``secret`` that UTF-8 cannot carry.
#[pyfunction]
pub(crate) fn sign(
    py: Python<'_>,
    secret: &Bound<'_, PyString>,
    params: &Bound<'_, PyDict>,
) -> PyResult<String> {
    let secret = secret_text(secret, "secret")?;
    let mut pairs: Vec<(String, Vec<u8>)> = Vec::with_capacity(params.len());
    for (key, value) in params.copy()? {
        let key = key.cast::<PyString>().map_err(|_| {
            let said = Said::new("the keys of params must be str", "params 的键必须是 str");
            errors::type_error(py, &said)
        })?;
        let key = key.to_str()?.to_owned();
        let value = with_bytes(&value, &key, |bytes| Ok(bytes.to_vec()))?;
        pairs.push((key, value));
    }
    let bytes: usize = pairs.iter().map(|(_, value)| value.len()).sum();
    let pairs = pairs.iter().map(|(key, value)| (key.as_str(), value));
    let signature = detached_if(py, bytes >= DETACH_BYTES, || wdt_proto::sign(secret, pairs));
    Ok(signature.as_str().to_owned())
}
