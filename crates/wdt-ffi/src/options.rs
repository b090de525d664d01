//! What most calls leave as it is: paging, level, limits.

use wdt_proto::{Level, Limits, Pager, RequestBuilder};

use crate::boundary::{clear, fallible, free, hand_out};
use crate::error::{Failure, WDT_ERR_ARGUMENT, WDT_ERR_NULL, wdt_error, wdt_status};

/// What a documented example shows to be tolerated is a warning, the rest an error: the default.
pub const WDT_LEVEL_DOCUMENTED: i32 = 0;
/// Every issue is an error.
pub const WDT_LEVEL_STRICT: i32 = 1;
/// The catalogue is not asked.
pub const WDT_LEVEL_OFF: i32 = 2;

/// Options of a request. A NULL in their place means the defaults: no paging,
/// `WDT_LEVEL_DOCUMENTED`, bodies of at most 32 MiB and 128 nested arrays and objects.
#[derive(Default)]
pub struct wdt_options {
    pager: Option<Pager>,
    pub(crate) level: Level,
    pub(crate) limits: Limits,
}

impl wdt_options {
    /// The options, or the defaults for NULL.
    ///
    /// # Safety
    /// `options` is NULL or alive.
    pub(crate) unsafe fn or_default<'o>(options: *const Self) -> &'o Self {
        static DEFAULT: wdt_options =
            wdt_options { pager: None, level: Level::Documented, limits: Limits::DEFAULT };
        // SAFETY: by contract NULL or alive.
        unsafe { options.as_ref() }.unwrap_or(&DEFAULT)
    }

    pub(crate) fn apply<'m>(&self, builder: RequestBuilder<'m>) -> RequestBuilder<'m> {
        let builder = builder.level(self.level).limits(self.limits);
        self.pager.map_or(builder, |pager| builder.pager(pager))
    }
}

pub(crate) fn level(number: i32) -> Result<Level, Failure> {
    match number {
        WDT_LEVEL_DOCUMENTED => Ok(Level::Documented),
        WDT_LEVEL_STRICT => Ok(Level::Strict),
        WDT_LEVEL_OFF => Ok(Level::Off),
        other => {
            let text = format!("level {other} is none of WDT_LEVEL_DOCUMENTED, _STRICT and _OFF");
            Err(Failure::new(WDT_ERR_ARGUMENT, &text))
        }
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
        let options = unsafe { exclusive(options) }?;
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
        let options = unsafe { exclusive(options) }?;
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
        let options = unsafe { exclusive(options) }?;
        options.limits = Limits::DEFAULT.with_max_bytes(max_bytes).with_max_depth(max_depth);
        Ok(())
    })
}

/// Frees options. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_options_free(options: *mut wdt_options) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(options) }
}

unsafe fn exclusive<'o>(options: *mut wdt_options) -> Result<&'o mut wdt_options, Failure> {
    // SAFETY: by contract NULL or alive and used by nobody else.
    unsafe { options.as_mut() }.ok_or_else(|| Failure::new(WDT_ERR_NULL, "options is NULL"))
}
