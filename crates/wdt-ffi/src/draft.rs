//! Requests that are checked and written, but not signed yet.

use std::os::raw::c_char;
use std::ptr;
use std::sync::Arc;

use wdt_proto::catalogue::Catalogue;
use wdt_proto::{Request, RequestBuilder};

use crate::boundary::{bytes, clear, fallible, hand_out, text};
use crate::catalogue::wdt_catalogue;
use crate::error::{Failure, wdt_error, wdt_status};
use crate::options::wdt_options;
use crate::outward::{Text, free, give_none, give_terminated};
use crate::report::{Issues, wdt_report};

/// A request that is complete but for credentials and time: make it once, sign it for every attempt
/// with `wdt_draft_sign`. All that it signs share its body.
pub struct wdt_draft(pub(crate) Arc<Draft>);

/// What a draft and the requests that it signed share.
pub(crate) struct Draft {
    pub(crate) request: Request<'static>,
    /// The body once more, where the core wrote it: C wants a NUL behind it.
    written: Option<Text>,
    pub(crate) warnings: wdt_report,
    /// Whether the call may change something on the platform.
    pub(crate) writes: bool,
}

impl Draft {
    /// From a body that is JSON already. It is copied once: what is signed is what C reads.
    pub(crate) fn new(
        builder: RequestBuilder<'_>,
        catalogue: &Catalogue,
        body: &[u8],
    ) -> Result<Arc<Self>, Failure> {
        let mut terminated = Vec::with_capacity(body.len() + 1);
        terminated.extend_from_slice(body);
        // The NUL stays behind the end, in the vector's room, wherever the vector is moved to.
        terminated.push(0);
        terminated.truncate(body.len());
        Ok(Self::of(builder.raw_body(terminated)?.into_owned(), catalogue, None))
    }

    /// From what C gives.
    ///
    /// # Safety
    /// The texts are readable or NULL, the handles alive or NULL.
    pub(crate) unsafe fn given(
        method: *const c_char,
        method_len: usize,
        body: *const c_char,
        body_len: usize,
        catalogue: *const wdt_catalogue,
        options: *const wdt_options,
    ) -> Result<Arc<Self>, Failure> {
        // SAFETY: the same contract.
        unsafe {
            let method = text(method, method_len, "method")?;
            let options = wdt_options::or_default(options);
            let builder = options.builder(method, catalogue.as_ref());
            let catalogue = options.catalogue(catalogue.as_ref());
            Self::new(builder, catalogue, bytes(body, body_len, "body")?)
        }
    }

    /// From a request whose body the core wrote.
    pub(crate) fn written(request: Request<'static>, catalogue: &Catalogue) -> Arc<Self> {
        let copy = Text::new(request.body());
        Self::of(request, catalogue, Some(copy))
    }

    fn of(request: Request<'static>, catalogue: &Catalogue, written: Option<Text>) -> Arc<Self> {
        let warnings = wdt_report::new(Issues::Warnings(request.clone()));
        let writes = catalogue.writes(request.method());
        Arc::new(Self { request, written, warnings, writes })
    }

    /// Gives the body.
    ///
    /// # Safety
    /// `len` is NULL or a place for a length.
    pub(crate) unsafe fn give_body(&self, len: *mut usize) -> *const c_char {
        match &self.written {
            // SAFETY: the same contract.
            Some(copy) => unsafe { copy.give(len) },
            // SAFETY: the same contract; without a copy the body came through `new`.
            None => unsafe { give_terminated(self.request.body(), len) },
        }
    }
}

/// Checks a body that is JSON already, the array of the method's positional arguments, and keeps a
/// copy of it to be signed and sent byte for byte.
///
/// `catalogue` and `options` may be NULL.
/// `WDT_ERR_VALIDATION` with the issues; `WDT_ERR_NULL`; `WDT_ERR_UTF8` for the method's name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_draft_new(
    method: *const c_char,
    method_len: usize,
    body: *const c_char,
    body_len: usize,
    catalogue: *const wdt_catalogue,
    options: *const wdt_options,
    out: *mut *mut wdt_draft,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL.
        unsafe {
            clear(out)?;
            let draft = Draft::given(method, method_len, body, body_len, catalogue, options)?;
            hand_out(out, wdt_draft(draft));
        }
        Ok(())
    })
}

/// The bytes that will be signed and sent. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_draft_body(draft: *const wdt_draft, len: *mut usize) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { draft.as_ref().map_or_else(|| give_none(len), |draft| draft.0.give_body(len)) }
}

/// The warnings: what the catalogue finds odd and the platform is known to take. Belongs to the
/// draft. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_draft_warnings(draft: *const wdt_draft) -> *const wdt_report {
    // SAFETY: NULL or alive.
    unsafe { draft.as_ref() }.map_or(ptr::null(), |draft| ptr::from_ref(&draft.0.warnings))
}

/// Frees a draft. NULL does nothing. Requests that it signed live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_draft_free(draft: *mut wdt_draft) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(draft) }
}
