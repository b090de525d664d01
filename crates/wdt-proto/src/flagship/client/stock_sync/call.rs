//! A typed call, its arguments written, its settings still open.

use super::{
    BATCH_CALC_STOCK, CALC_STOCK, CANCEL_SYNC, GET_SELF_WAIT_SYNC_ID_LIST_OPEN, SYNC_FAIL,
    SYNC_SUCCESS, SyncInfo,
};
use crate::catalogue::Catalogue;
use crate::check::{Level, Limits, ValidationError};
use crate::flagship::client::request::{Request, RequestBuilder};
use crate::json::Writer;

/// One of the six typed calls, with the settings that any other call has. The arguments are written
/// once, straight into the body.
///
/// The functions of [`stock_sync`](super) are the short way where only a [`Level`] is set.
///
/// ```
/// use wdt_proto::stock_sync::Call;
/// use wdt_proto::{Level, Limits};
///
/// let goods = [(2447, false), (2448, true)];
/// let request = Call::batch_calc_stock(&goods)
///     .level(Level::Strict)
///     .limits(Limits::DEFAULT.with_max_bytes(1 << 20))
///     .request()?;
/// assert_eq!(request.method(), "sales.StockSync.batchCalcStock");
/// # Ok::<(), wdt_proto::ValidationError>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct Call<'c> {
    method: &'static str,
    settings: RequestBuilder<'c>,
    body: Writer,
}

impl Call<'static> {
    /// [`get_self_wait_sync_id_list_open`](super::get_self_wait_sync_id_list_open): which goods wait.
    ///
    /// ```
    /// use wdt_proto::stock_sync::Call;
    ///
    /// let request = Call::get_self_wait_sync_id_list_open(100, 0).request()?;
    /// assert_eq!(request.body(), b"[100,0]");
    /// # Ok::<(), wdt_proto::ValidationError>(())
    /// ```
    pub fn get_self_wait_sync_id_list_open(count: i64, position: i64) -> Self {
        Self::write(GET_SELF_WAIT_SYNC_ID_LIST_OPEN, 43, |body| {
            body.integer(count);
            body.integer(position);
        })
    }

    /// [`calc_stock`](super::calc_stock): the stock to set for one good.
    ///
    /// ```
    /// use wdt_proto::stock_sync::Call;
    ///
    /// assert_eq!(Call::calc_stock(2447, false).request()?.body(), b"[2447,false]");
    /// # Ok::<(), wdt_proto::ValidationError>(())
    /// ```
    pub fn calc_stock(api_goods_id: i64, force_sync: bool) -> Self {
        Self::write(CALC_STOCK, 28, |body| {
            body.integer(api_goods_id);
            body.boolean(force_sync);
        })
    }

    /// [`batch_calc_stock`](super::batch_calc_stock): the same for many goods.
    ///
    /// ```
    /// use wdt_proto::stock_sync::Call;
    ///
    /// let request = Call::batch_calc_stock(&[(2447, false)]).request()?;
    /// assert_eq!(request.body(), br#"[[{"api_goods_id":2447,"force_sync":false}]]"#);
    /// # Ok::<(), wdt_proto::ValidationError>(())
    /// ```
    pub fn batch_calc_stock(goods: &[(i64, bool)]) -> Self {
        Self::write(BATCH_CALC_STOCK, 8 + 64 * goods.len(), |body| {
            body.begin_array();
            for &(api_goods_id, force_sync) in goods {
                body.begin_object();
                body.key("api_goods_id");
                body.integer(api_goods_id);
                body.key("force_sync");
                body.boolean(force_sync);
                body.end_object();
            }
            body.end_array();
        })
    }

    /// [`sync_success`](super::sync_success): the shop took the stock.
    ///
    /// ```
    /// use wdt_proto::stock_sync::{Call, SyncInfo};
    ///
    /// let info = SyncInfo { stock_change_count: 2.into(), ..SyncInfo::default() }.succeeded("");
    /// assert!(Call::sync_success(2447, &info).request()?.body().starts_with(b"[2447,{"));
    /// # Ok::<(), wdt_proto::ValidationError>(())
    /// ```
    pub fn sync_success(api_goods_id: i64, info: &SyncInfo) -> Self {
        Self::report(SYNC_SUCCESS, api_goods_id, info)
    }

    /// [`sync_fail`](super::sync_fail): the shop did not take the stock.
    ///
    /// ```
    /// use wdt_proto::stock_sync::{Call, SyncInfo};
    ///
    /// let info = SyncInfo::default().failed("店铺接口超时");
    /// assert!(Call::sync_fail(2447, &info).request()?.body().starts_with(b"[2447,{"));
    /// # Ok::<(), wdt_proto::ValidationError>(())
    /// ```
    pub fn sync_fail(api_goods_id: i64, info: &SyncInfo) -> Self {
        Self::report(SYNC_FAIL, api_goods_id, info)
    }

    /// [`cancel_sync`](super::cancel_sync): gives a good's synchronisation up.
    ///
    /// ```
    /// use wdt_proto::stock_sync::Call;
    ///
    /// assert_eq!(Call::cancel_sync(178_238, -1).request()?.body(), b"[178238,-1]");
    /// # Ok::<(), wdt_proto::ValidationError>(())
    /// ```
    pub fn cancel_sync(api_goods_id: i64, stock_change_count: i64) -> Self {
        Self::write(CANCEL_SYNC, 43, |body| {
            body.integer(api_goods_id);
            body.integer(stock_change_count);
        })
    }

    fn report(method: &'static str, api_goods_id: i64, info: &SyncInfo) -> Self {
        Self::write(method, 24 + info.written_len(), |body| {
            body.integer(api_goods_id);
            info.write(body);
        })
    }

    fn write(method: &'static str, capacity: usize, write: impl FnOnce(&mut Writer)) -> Self {
        let mut body = Writer::with_capacity(capacity);
        body.begin_array();
        write(&mut body);
        body.end_array();
        Self { method, settings: Request::builder(method), body }
    }
}

impl<'c> Call<'c> {
    /// How strictly the arguments are held against the catalogue: as
    /// [`RequestBuilder::level`](crate::RequestBuilder::level).
    pub fn level(self, level: Level) -> Self {
        Self { settings: self.settings.level(level), ..self }
    }

    /// Bounds on the body: as [`RequestBuilder::limits`](crate::RequestBuilder::limits).
    pub fn limits(self, limits: Limits) -> Self {
        Self { settings: self.settings.limits(limits), ..self }
    }

    /// The catalogue to hold the arguments against: as
    /// [`RequestBuilder::catalogue`](crate::RequestBuilder::catalogue). The request does not borrow
    /// it.
    pub fn catalogue(self, catalogue: &'c Catalogue) -> Self {
        Self { settings: self.settings.catalogue(catalogue), ..self }
    }

    /// The request, to be signed.
    ///
    /// # Errors
    /// [`ValidationError`], as [`RequestBuilder::args`](crate::RequestBuilder::args).
    pub fn request(self) -> Result<Request<'static>, ValidationError> {
        let content = self.settings.check_written(self.body)?;
        Ok(Request::new(self.method, None, content))
    }
}
