//! What most calls leave as it is: paging, level, limits, methods of the program's own.

use std::sync::Arc;

use wdt_proto::catalogue::Catalogue;
use wdt_proto::stock_sync::Call;
use wdt_proto::{Level, Limits, Pager, Request, RequestBuilder};

use crate::boundary::{clear, exclusive, fallible, hand_out};
use crate::catalogue::wdt_catalogue;
use crate::error::{Failure, wdt_error, wdt_status};
use crate::misuse::Misuse;
use crate::outward::free;

pub(crate) static BUILTIN: Catalogue = Catalogue::new();

/// An error needs a proof that the platform refuses the call; what is merely odd is a warning: the default.
pub const WDT_LEVEL_DOCUMENTED: i32 = 0;
/// Every issue is an error.
pub const WDT_LEVEL_STRICT: i32 = 1;
/// The catalogue is not asked.
pub const WDT_LEVEL_OFF: i32 = 2;

/// Options of a request. A NULL in their place means the defaults: no paging,
/// `WDT_LEVEL_DOCUMENTED`, bodies of at most 32 MiB and 128 nested arrays and objects, the built-in
/// methods.
#[derive(Default)]
pub struct wdt_options {
    pager: Option<Pager>,
    pub(crate) level: Level,
    pub(crate) limits: Limits,
    catalogue: Option<Arc<Catalogue>>,
}

impl wdt_options {
    /// The options, or the defaults for NULL.
    ///
    /// # Safety
    /// `options` is NULL or alive.
    pub(crate) unsafe fn or_default<'o>(options: *const Self) -> &'o Self {
        static DEFAULT: wdt_options = wdt_options {
            pager: None,
            level: Level::Documented,
            limits: Limits::DEFAULT,
            catalogue: None,
        };
        // SAFETY: by contract NULL or alive.
        unsafe { options.as_ref() }.unwrap_or(&DEFAULT)
    }

    /// The catalogue that a call gives, else the options', else the built-in one.
    pub(crate) fn catalogue<'c>(&'c self, given: Option<&'c wdt_catalogue>) -> &'c Catalogue {
        match given {
            Some(catalogue) => &catalogue.inner,
            None => self.catalogue.as_deref().unwrap_or(&BUILTIN),
        }
    }

    /// Starts a request with all of the options.
    pub(crate) fn builder<'m>(
        &'m self,
        method: &'m str,
        catalogue: Option<&'m wdt_catalogue>,
    ) -> RequestBuilder<'m> {
        let builder = self.unpaged(method).catalogue(self.catalogue(catalogue));
        self.pager.map_or(builder, |pager| builder.pager(pager))
    }

    /// The same for a method that is not paged.
    pub(crate) fn unpaged<'m>(&'m self, method: &'m str) -> RequestBuilder<'m> {
        let builder = Request::builder(method).catalogue(self.catalogue(None));
        builder.level(self.level).limits(self.limits)
    }

    /// The same for a typed call.
    pub(crate) fn apply<'m>(&'m self, call: Call<'m>) -> Call<'m> {
        call.level(self.level).limits(self.limits).catalogue(self.catalogue(None))
    }
}

pub(crate) fn level(number: i32) -> Result<Level, Failure> {
    match number {
        WDT_LEVEL_DOCUMENTED => Ok(Level::Documented),
        WDT_LEVEL_STRICT => Ok(Level::Strict),
        WDT_LEVEL_OFF => Ok(Level::Off),
        other => Err(Misuse::Level(other).into()),
    }
}

/// Makes options that are the defaults.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_options_new(
    out: *mut *mut wdt_options,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for a place.
        unsafe {
            clear(out)?;
            hand_out(out, wdt_options::default());
        }
        Ok(())
    })
}

/// Sets the page: rows per page, the page's number from 0, and whether the total is asked for
/// (slow: on the first page only).
///
/// `WDT_ERR_VALIDATION` for a `page_size` below 1 or a negative `page_no`, or above 2147483647.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_options_set_pager(
    options: *mut wdt_options,
    page_size: i64,
    page_no: i64,
    calc_total: bool,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: NULL or alive, and nobody else uses it now.
        let options = unsafe { exclusive(options, "options") }?;
        let pager = Pager::new(page_size, page_no)?;
        options.pager = Some(if calc_total { pager.with_total() } else { pager });
        Ok(())
    })
}

/// Sets how strictly arguments are held against the documentation: one of the `WDT_LEVEL_` numbers.
///
/// `WDT_ERR_ARGUMENT` for any other number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_options_set_level(
    options: *mut wdt_options,
    level_number: i32,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: NULL or alive, and nobody else uses it now.
        let options = unsafe { exclusive(options, "options") }?;
        options.level = level(level_number)?;
        Ok(())
    })
}

/// Sets the most bytes that a body may have, and the most arrays and objects open at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_options_set_limits(
    options: *mut wdt_options,
    max_bytes: usize,
    max_depth: usize,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: NULL or alive, and nobody else uses it now.
        let options = unsafe { exclusive(options, "options") }?;
        options.limits = Limits::DEFAULT.with_max_bytes(max_bytes).with_max_depth(max_depth);
        Ok(())
    })
}

/// Sets the methods that calls are held against, where a call is given no catalogue of its own; NULL
/// for the built-in ones. The stock-sync calls are held against them too. The options keep them:
/// the catalogue may be freed, and what it registers later does not count here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_options_set_catalogue(
    options: *mut wdt_options,
    catalogue: *const wdt_catalogue,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: NULL or alive, and nobody else uses the options now.
        let (options, catalogue) = unsafe { (exclusive(options, "options")?, catalogue.as_ref()) };
        options.catalogue = catalogue.map(|catalogue| Arc::clone(&catalogue.inner));
        Ok(())
    })
}

/// Frees options. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_options_free(options: *mut wdt_options) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(options) }
}
