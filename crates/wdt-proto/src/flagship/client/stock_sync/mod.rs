//! The six typed calls of the stock-sync loop, `sales.StockSync.*` (库存同步).
//!
//! The loop of a merchant whose shop is their own platform (自有平台):
//! 1. [`get_self_wait_sync_id_list_open`] → which goods wait ([`WaitingIds`]);
//! 2. [`batch_calc_stock`] or [`calc_stock`] → what to set ([`CalculatedStock`]);
//! 3. the merchant's code sets the stock in its shop;
//! 4. [`sync_success`], or [`sync_fail`] with the reason; [`cancel_sync`] gives one up.
//!
//! ```
//! use wdt_proto::stock_sync::{self, CalculatedStock, Call};
//! use wdt_proto::{Credentials, Level, Limits, Response, Timestamp};
//!
//! let credentials = Credentials::new("wdtapi3", "appkey", "testsecret:testsalt")?;
//! let now = Timestamp::from_unix(1_775_791_719)?;
//! let request = stock_sync::calc_stock(2447, false, Level::Documented)?.sign(&credentials, now);
//! assert_eq!(request.body(), b"[2447,false]");
//!
//! // … send it, and receive:
//! let reply = r#"{"status":0,"data":{"rec_id":2447,"syn_stock":1,"stock_change_count":2,
//!     "stock_syn_rule_id":-10000,"stock_syn_rule_no":"","stock_syn_warehouses":"6",
//!     "stock_syn_mask":0,"stock_syn_percent":100,"stock_syn_plus":1.0000,"stock_syn_min":1.0000,
//!     "stock_syn_max":550.0000,"is_auto_listing":1,"is_auto_delisting":1}}"#;
//! let stock: CalculatedStock = Response::parse(reply.as_bytes())?.data_as()?;
//!
//! // … the shop refuses, so:
//! let info = stock.sync_info()?.failed("平台接口限流，稍后重试");
//! let report = stock_sync::sync_fail(2447, &info, Level::Documented)?.sign(&credentials, now);
//! assert!(report.body().starts_with(br#"[2447,{"syn_stock":1,"stock_change_count":2,"#));
//!
//! // A call has all settings of any other, too:
//! let call = Call::sync_fail(2447, &info).limits(Limits::DEFAULT.with_max_bytes(64 << 10));
//! assert_eq!(call.request()?.sign(&credentials, now).body(), report.body());
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod call;
mod info;
mod read;
mod reply;

pub use call::Call;
pub use info::SyncInfo;
pub use read::UnreadableStock;
pub use reply::{
    BatchCalculatedStock, CalculatedStock, CalculationError, IncompleteStock, WaitingIds,
};

use crate::check::{Level, ValidationError};
use crate::flagship::client::request::Request;

/// `sales.StockSync.getSelfWaitSyncIdListOpen` (获取自有平台货品需要同步信息)
pub const GET_SELF_WAIT_SYNC_ID_LIST_OPEN: &str = "sales.StockSync.getSelfWaitSyncIdListOpen";
/// `sales.StockSync.calcStock` (库存同步计算查询)
pub const CALC_STOCK: &str = "sales.StockSync.calcStock";
/// `sales.StockSync.batchCalcStock` (库存同步计算查询（批量）)
pub const BATCH_CALC_STOCK: &str = "sales.StockSync.batchCalcStock";
/// `sales.StockSync.syncSuccess` (库存同步成功)
pub const SYNC_SUCCESS: &str = "sales.StockSync.syncSuccess";
/// `sales.StockSync.syncFail` (库存同步失败)
pub const SYNC_FAIL: &str = "sales.StockSync.syncFail";
/// `sales.StockSync.cancelSync` (取消当前同步)
pub const CANCEL_SYNC: &str = "sales.StockSync.cancelSync";

type Result = core::result::Result<Request<'static>, ValidationError>;

/// Which goods of one's own platform wait to be synchronised. Reply: [`WaitingIds`].
///
/// `count` is how many to return, documented as 10 to 5000; `position` is 0 at first, then the one
/// of the reply before.
///
/// ```
/// use wdt_proto::Level;
/// use wdt_proto::stock_sync::{self, GET_SELF_WAIT_SYNC_ID_LIST_OPEN};
///
/// let request = stock_sync::get_self_wait_sync_id_list_open(100, 0, Level::Strict)?;
/// assert_eq!(request.method(), GET_SELF_WAIT_SYNC_ID_LIST_OPEN);
/// assert_eq!(request.body(), b"[100,0]");
/// # Ok::<(), wdt_proto::ValidationError>(())
/// ```
///
/// # Errors
/// [`ValidationError`], as [`RequestBuilder::args`](crate::RequestBuilder::args).
pub fn get_self_wait_sync_id_list_open(count: i64, position: i64, level: Level) -> Result {
    Call::get_self_wait_sync_id_list_open(count, position).level(level).request()
}

/// Calculates the stock to set for one good. Reply: [`CalculatedStock`].
///
/// `api_goods_id` is the `rec_id` from [`WaitingIds`]; `force_sync` tells whether the good's
/// settings are checked (货品是否开启检测).
///
/// ```
/// use wdt_proto::Level;
/// use wdt_proto::stock_sync::{self, CALC_STOCK};
///
/// let request = stock_sync::calc_stock(2447, false, Level::Strict)?;
/// assert_eq!((request.method(), request.body()), (CALC_STOCK, &b"[2447,false]"[..]));
/// # Ok::<(), wdt_proto::ValidationError>(())
/// ```
///
/// # Errors
/// [`ValidationError`], as [`RequestBuilder::args`](crate::RequestBuilder::args).
pub fn calc_stock(api_goods_id: i64, force_sync: bool, level: Level) -> Result {
    Call::calc_stock(api_goods_id, force_sync).level(level).request()
}

/// Calculates many goods at once, given as (`api_goods_id`, `force_sync`). Reply:
/// [`BatchCalculatedStock`].
///
/// ```
/// use wdt_proto::Level;
/// use wdt_proto::stock_sync::{self, BATCH_CALC_STOCK};
///
/// let request = stock_sync::batch_calc_stock(&[(2447, false)], Level::Strict)?;
/// assert_eq!(request.method(), BATCH_CALC_STOCK);
/// assert_eq!(request.body(), br#"[[{"api_goods_id":2447,"force_sync":false}]]"#);
/// # Ok::<(), wdt_proto::ValidationError>(())
/// ```
///
/// # Errors
/// [`ValidationError`], as [`RequestBuilder::args`](crate::RequestBuilder::args).
pub fn batch_calc_stock(goods: &[(i64, bool)], level: Level) -> Result {
    Call::batch_calc_stock(goods).level(level).request()
}

/// Reports that the shop took the stock. The reply has no data.
///
/// ```
/// use wdt_proto::Level;
/// use wdt_proto::stock_sync::{self, SYNC_SUCCESS, SyncInfo};
///
/// let info = SyncInfo { stock_change_count: 2.into(), ..SyncInfo::default() }.succeeded("");
/// let request = stock_sync::sync_success(2447, &info, Level::Documented)?;
/// assert_eq!(request.method(), SYNC_SUCCESS);
/// # Ok::<(), wdt_proto::ValidationError>(())
/// ```
///
/// # Errors
/// [`ValidationError`], as [`RequestBuilder::args`](crate::RequestBuilder::args).
pub fn sync_success(api_goods_id: i64, info: &SyncInfo, level: Level) -> Result {
    Call::sync_success(api_goods_id, info).level(level).request()
}

/// Reports that the shop did not take the stock, with the reason in `info.syn_result`. The reply
/// has no data.
///
/// ```
/// use wdt_proto::Level;
/// use wdt_proto::stock_sync::{self, SYNC_FAIL, SyncInfo};
///
/// let info = SyncInfo { stock_change_count: 2.into(), ..SyncInfo::default() }.failed("店铺接口超时");
/// let request = stock_sync::sync_fail(2447, &info, Level::Documented)?;
/// assert_eq!(request.method(), SYNC_FAIL);
/// # Ok::<(), wdt_proto::ValidationError>(())
/// ```
///
/// # Errors
/// [`ValidationError`], as [`RequestBuilder::args`](crate::RequestBuilder::args).
pub fn sync_fail(api_goods_id: i64, info: &SyncInfo, level: Level) -> Result {
    Call::sync_fail(api_goods_id, info).level(level).request()
}

/// Gives up the synchronisation that is under way for a good. The reply has no data.
///
/// `stock_change_count` is the counter that the calculation returned.
///
/// ```
/// use wdt_proto::Level;
/// use wdt_proto::stock_sync::{self, CANCEL_SYNC};
///
/// let request = stock_sync::cancel_sync(178_238, -1, Level::Strict)?;
/// assert_eq!((request.method(), request.body()), (CANCEL_SYNC, &b"[178238,-1]"[..]));
/// # Ok::<(), wdt_proto::ValidationError>(())
/// ```
///
/// # Errors
/// [`ValidationError`], as [`RequestBuilder::args`](crate::RequestBuilder::args).
pub fn cancel_sync(api_goods_id: i64, stock_change_count: i64, level: Level) -> Result {
    Call::cancel_sync(api_goods_id, stock_change_count).level(level).request()
}
