//! The six calls of the stock-sync loop.

use std::os::raw::c_char;

use wdt_proto::stock_sync::{self, Call, SyncInfo};
use wdt_proto::{Request, ValidationError};

use crate::boundary::{array, borrow, clear, fallible, hand_out, text};
use crate::credentials::wdt_credentials;
use crate::draft::Draft;
use crate::error::{Failure, wdt_error, wdt_status};
use crate::options::wdt_options;
use crate::request::wdt_request;
use crate::text::wdt_text;

/// One row of `wdt_stock_sync_batch_calc_stock`.
#[repr(C)]
pub struct wdt_good {
    /// The good's rec_id.
    pub api_goods_id: i64,
    /// Whether its settings are checked: 0 is no, any other number yes.
    pub force_sync: u8,
}

/// With what a call is signed, and where it goes to.
struct Signer {
    credentials: *const wdt_credentials,
    unix_time: i64,
    options: *const wdt_options,
    out: *mut *mut wdt_request,
}

impl Signer {
    /// Signs a typed call.
    ///
    /// # Safety
    /// The handles are NULL or alive, `out` has passed [`clear`].
    unsafe fn call(self, call: Call<'_>) -> Result<(), Failure> {
        // SAFETY: the same contract.
        unsafe { self.sign(|options| options.apply(call).request()) }
    }

    /// Signs a report whose `info` is JSON already, to be sent to the letter.
    ///
    /// # Safety
    /// As for [`Signer::call`].
    unsafe fn report(self, method: &'static str, id: i64, info: &str) -> Result<(), Failure> {
        let id = id.to_string();
        // SAFETY: the same contract.
        unsafe { self.sign(|options| options.unpaged(method).raw_args(&[&id, info])) }
    }

    unsafe fn sign<'m>(
        self,
        build: impl FnOnce(&'m wdt_options) -> Result<Request<'m>, ValidationError>,
    ) -> Result<(), Failure> {
        // SAFETY: by contract alive or NULL, and a place.
        unsafe {
            let credentials = borrow(self.credentials, "credentials")?;
            let options = wdt_options::or_default(self.options);
            let draft = Draft::written(build(options)?.into_owned(), options.catalogue(None));
            hand_out(self.out, wdt_request::new(draft, credentials, self.unix_time)?);
        }
        Ok(())
    }
}

/// `sales.StockSync.getSelfWaitSyncIdListOpen`: which goods wait. `count` is 10 to 5000, `position`
/// is 0 at first, then the one of the reply before.
///
/// A page in `options` is left out: none of the six calls is paged. Errors as `wdt_request_build`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_stock_sync_get_self_wait_sync_id_list_open(
    credentials: *const wdt_credentials,
    count: i64,
    position: i64,
    unix_time: i64,
    options: *const wdt_options,
    out: *mut *mut wdt_request,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL.
        unsafe {
            clear(out)?;
            let signer = Signer { credentials, unix_time, options, out };
            signer.call(Call::get_self_wait_sync_id_list_open(count, position))
        }
    })
}

/// `sales.StockSync.calcStock`: calculates the stock to set for one good.
///
/// A page in `options` is left out: none of the six calls is paged. Errors as `wdt_request_build`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_stock_sync_calc_stock(
    credentials: *const wdt_credentials,
    api_goods_id: i64,
    force_sync: bool,
    unix_time: i64,
    options: *const wdt_options,
    out: *mut *mut wdt_request,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL.
        unsafe {
            clear(out)?;
            let signer = Signer { credentials, unix_time, options, out };
            signer.call(Call::calc_stock(api_goods_id, force_sync))
        }
    })
}

/// `sales.StockSync.batchCalcStock`: calculates many goods at once. (NULL, 0) is no goods.
///
/// A page in `options` is left out: none of the six calls is paged. Errors as `wdt_request_build`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_stock_sync_batch_calc_stock(
    credentials: *const wdt_credentials,
    goods: *const wdt_good,
    goods_len: usize,
    unix_time: i64,
    options: *const wdt_options,
    out: *mut *mut wdt_request,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable arrays and living handles or NULL.
        unsafe {
            clear(out)?;
            let goods = array(goods, goods_len, "goods")?;
            let goods: Vec<_> =
                goods.iter().map(|good| (good.api_goods_id, good.force_sync != 0)).collect();
            let signer = Signer { credentials, unix_time, options, out };
            signer.call(Call::batch_calc_stock(&goods))
        }
    })
}

/// `sales.StockSync.syncSuccess`: reports that the shop took the stock. `info` is the JSON object
/// of the report, sent to the letter: `{"syn_stock":1.0000,…}`.
/// `wdt_stock_sync_sync_info` makes it.
///
/// Errors as `wdt_request_build`, also for an `info` that is not one JSON value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_stock_sync_sync_success(
    credentials: *const wdt_credentials,
    api_goods_id: i64,
    info: *const c_char,
    info_len: usize,
    unix_time: i64,
    options: *const wdt_options,
    out: *mut *mut wdt_request,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL.
        unsafe {
            clear(out)?;
            let info = text(info, info_len, "info")?;
            let signer = Signer { credentials, unix_time, options, out };
            signer.report(stock_sync::SYNC_SUCCESS, api_goods_id, info)
        }
    })
}

/// `sales.StockSync.syncFail`: reports that the shop did not take the stock, with the reason in
/// `syn_result`. `info` as for `wdt_stock_sync_sync_success`.
///
/// Errors as `wdt_request_build`, also for an `info` that is not one JSON value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_stock_sync_sync_fail(
    credentials: *const wdt_credentials,
    api_goods_id: i64,
    info: *const c_char,
    info_len: usize,
    unix_time: i64,
    options: *const wdt_options,
    out: *mut *mut wdt_request,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places, readable texts and living handles or NULL.
        unsafe {
            clear(out)?;
            let info = text(info, info_len, "info")?;
            let signer = Signer { credentials, unix_time, options, out };
            signer.report(stock_sync::SYNC_FAIL, api_goods_id, info)
        }
    })
}

/// The `info` of a report, from the JSON of one calculated good: `data` of calcStock's reply or a row
/// of `success_date`. What the report must carry over is carried over with every digit; `success`
/// says whether the shop took the stock, `result` why not (may be empty).
///
/// `WDT_ERR_VALIDATION` whose only issue names the first field that is missing or cannot be read, by
/// a pointer into `calculated`; `WDT_ERR_NULL`; `WDT_ERR_UTF8`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_stock_sync_sync_info(
    calculated: *const c_char,
    calculated_len: usize,
    success: bool,
    result: *const c_char,
    result_len: usize,
    out: *mut *mut wdt_text,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and readable texts.
        unsafe {
            clear(out)?;
            let calculated = text(calculated, calculated_len, "calculated")?;
            let result = text(result, result_len, "result")?;
            let info = SyncInfo::from_calculated(calculated)
                .map_err(|error| ValidationError::from(error.issue()))?;
            let info = if success { info.succeeded(result) } else { info.failed(result) };
            hand_out(out, wdt_text::new(info.to_json()));
        }
        Ok(())
    })
}

/// `sales.StockSync.cancelSync`: gives up the synchronisation that is under way for a good.
///
/// A page in `options` is left out: none of the six calls is paged. Errors as `wdt_request_build`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_stock_sync_cancel_sync(
    credentials: *const wdt_credentials,
    api_goods_id: i64,
    stock_change_count: i64,
    unix_time: i64,
    options: *const wdt_options,
    out: *mut *mut wdt_request,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for places and living handles or NULL.
        unsafe {
            clear(out)?;
            let signer = Signer { credentials, unix_time, options, out };
            signer.call(Call::cancel_sync(api_goods_id, stock_change_count))
        }
    })
}
