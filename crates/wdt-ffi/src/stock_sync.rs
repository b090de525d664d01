//! The six calls of the stock-sync loop.

use std::os::raw::c_char;

use wdt_proto::json::Writer;
use wdt_proto::{Request, Timestamp, stock_sync};

use crate::boundary::{borrow, clear, fallible, hand_out, text};
use crate::credentials::wdt_credentials;
use crate::error::{Failure, wdt_error, wdt_status};
use crate::options::wdt_options;
use crate::request::wdt_request;
use crate::sign::array;

/// One row of `wdt_stock_sync_batch_calc_stock`.
#[repr(C)]
pub struct wdt_good {
    /// The good's rec_id.
    pub api_goods_id: i64,
    /// Whether its settings are checked: 0 is no, any other number yes.
    pub force_sync: u8,
}

/// Where a call's request comes from and goes to.
struct Call {
    credentials: *const wdt_credentials,
    unix_time: i64,
    options: *const wdt_options,
    out: *mut *mut wdt_request,
}

impl Call {
    /// Signs `method` with arguments that are JSON texts.
    ///
    /// # Safety
    /// The handles are NULL or alive, `out` is NULL or a place.
    unsafe fn build(self, method: &str, args: &[&str]) -> Result<(), Failure> {
        // SAFETY: the same contract.
        unsafe {
            let credentials = borrow(self.credentials, "credentials")?;
            let builder = wdt_options::or_default(self.options).apply(Request::builder(method));
            let request = builder.raw_args(args)?;
            let timestamp = Timestamp::from_unix(self.unix_time)?;
            hand_out(self.out, wdt_request::new(request.sign(&credentials.inner, timestamp)));
        }
        Ok(())
    }
}

/// `sales.StockSync.getSelfWaitSyncIdListOpen`: which goods wait. `count` is 10 to 5000, `position`
/// is 0 at first, then the one of the reply before.
///
/// Errors as `wdt_request_build`.
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
            let args = [count.to_string(), position.to_string()];
            let call = Call { credentials, unix_time, options, out };
            call.build(stock_sync::GET_SELF_WAIT_SYNC_ID_LIST_OPEN, &[&args[0], &args[1]])
        }
    })
}

/// `sales.StockSync.calcStock`: calculates the stock to set for one good.
///
/// Errors as `wdt_request_build`.
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
            let args = [api_goods_id.to_string(), force_sync.to_string()];
            let call = Call { credentials, unix_time, options, out };
            call.build(stock_sync::CALC_STOCK, &[&args[0], &args[1]])
        }
    })
}

/// `sales.StockSync.batchCalcStock`: calculates many goods at once. (NULL, 0) is no goods.
///
/// Errors as `wdt_request_build`.
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
            let mut rows = Writer::default();
            rows.begin_array();
            for good in array(goods, goods_len, "goods")? {
                rows.begin_object();
                rows.key("api_goods_id");
                rows.integer(good.api_goods_id);
                rows.key("force_sync");
                rows.boolean(good.force_sync != 0);
                rows.end_object();
            }
            rows.end_array();
            let rows = String::from_utf8(rows.into_bytes()).unwrap_or_default();
            let call = Call { credentials, unix_time, options, out };
            call.build(stock_sync::BATCH_CALC_STOCK, &[&rows])
        }
    })
}

/// `sales.StockSync.syncSuccess`: reports that the shop took the stock. `info` is the JSON object
/// of the report, sent to the letter: `{"syn_stock":1.0000,…}`.
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
            let call = Call { credentials, unix_time, options, out };
            call.build(stock_sync::SYNC_SUCCESS, &[&api_goods_id.to_string(), info])
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
            let call = Call { credentials, unix_time, options, out };
            call.build(stock_sync::SYNC_FAIL, &[&api_goods_id.to_string(), info])
        }
    })
}

/// `sales.StockSync.cancelSync`: gives up the synchronisation that is under way for a good.
///
/// Errors as `wdt_request_build`.
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
            let args = [api_goods_id.to_string(), stock_change_count.to_string()];
            let call = Call { credentials, unix_time, options, out };
            call.build(stock_sync::CANCEL_SYNC, &[&args[0], &args[1]])
        }
    })
}
