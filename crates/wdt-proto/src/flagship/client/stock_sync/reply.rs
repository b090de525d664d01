//! What the stock-sync methods return in `data`.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de};

use super::SyncInfo;
use crate::language::{Bilingual, Language, bilingual, say};

/// Reply of [`get_self_wait_sync_id_list_open`](super::get_self_wait_sync_id_list_open).
///
/// ```
/// use wdt_proto::Response;
/// use wdt_proto::stock_sync::WaitingIds;
///
/// let reply = br#"{"status":0,"data":{"id_list":[2447,2448],"position":17}}"#;
/// let waiting: WaitingIds = Response::parse(reply)?.data_as()?;
/// assert_eq!((waiting.id_list, waiting.position), (vec![2447, 2448], Some(17)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WaitingIds {
    /// `rec_id` 的集合: the goods that wait, each an `api_goods_id` of the other calls.
    pub id_list: Vec<i64>,
    /// 下次调用的起始位置: the `position` to ask with next.
    pub position: Option<i64>,
}

/// Reply of [`batch_calc_stock`](super::batch_calc_stock). The names are the vendor's.
///
/// ```
/// use wdt_proto::Response;
/// use wdt_proto::stock_sync::BatchCalculatedStock;
///
/// let reply = r#"{"status":0,"data":{"success_date":[{"rec_id":2447,"syn_stock":1}],
///     "error_date":[{"rec_id":5,"err_msg":"单据不存在"}]}}"#;
/// let stock: BatchCalculatedStock = Response::parse(reply.as_bytes())?.data_as()?;
/// assert_eq!(stock.success_date[0].syn_stock, Some(1.into()));
/// assert_eq!(stock.error_date[0].err_msg.as_deref(), Some("单据不存在"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BatchCalculatedStock {
    /// 成功数据: the goods that were calculated.
    pub success_date: Vec<CalculatedStock>,
    /// 失败数据: the goods that were not.
    pub error_date: Vec<CalculationError>,
}

/// One good that [`batch_calc_stock`](super::batch_calc_stock) could not calculate.
///
/// ```
/// use wdt_proto::stock_sync::CalculationError;
///
/// let error: CalculationError = serde_json::from_str(r#"{"rec_id":5,"err_msg":"单据不存在"}"#)?;
/// assert_eq!(error.rec_id, Some(5));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CalculationError {
    /// 平台货品id
    pub rec_id: Option<i64>,
    /// Why not.
    pub err_msg: Option<String>,
}

/// Reply of [`calc_stock`](super::calc_stock), one row of [`BatchCalculatedStock`].
///
/// The documented examples leave fields out, so each may be `None`. Fields beyond the
/// documentation's table stay in [`Response::data`](crate::Response::data).
///
/// ```
/// use wdt_proto::Response;
/// use wdt_proto::stock_sync::CalculatedStock;
///
/// let reply = br#"{"status":0,"data":{"rec_id":2447,"syn_stock":12.5000,"stock_syn_max":null}}"#;
/// let stock: CalculatedStock = Response::parse(reply)?.data_as()?;
/// assert_eq!(stock.syn_stock.unwrap().to_string(), "12.5000");
/// assert_eq!(stock.stock_syn_max, None);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CalculatedStock {
    /// 编码
    pub match_code: Option<String>,
    /// 定时上架时间
    pub list_time: Option<String>,
    /// 最小同步库存量
    #[serde(with = "crate::decimal::option")]
    pub stock_syn_min: Option<Decimal>,
    /// 平台库存
    #[serde(with = "crate::decimal::option")]
    pub stock_num: Option<Decimal>,
    /// 库存同步的仓库id, with commas between
    pub stock_syn_warehouses: Option<String>,
    /// 子平台ID
    pub sub_platform_id: Option<i32>,
    /// 平台货品编码
    pub outer_id: Option<String>,
    /// 平台规格编码
    pub spec_outer_id: Option<String>,
    /// 同步百分比
    pub stock_syn_percent: Option<i32>,
    /// 平台规格id
    pub spec_id: Option<String>,
    /// 是否自动下架
    #[serde(deserialize_with = "flag")]
    pub is_auto_delisting: Option<bool>,
    /// 增加值
    #[serde(with = "crate::decimal::option")]
    pub stock_syn_plus: Option<Decimal>,
    /// 是否自动上架
    #[serde(deserialize_with = "flag")]
    pub is_auto_listing: Option<bool>,
    /// 系统货品的ID
    pub match_target_id: Option<i32>,
    /// `target_id` 的类型: 0 未绑定, 1 规格, 2 组合装
    pub match_target_type: Option<i32>,
    /// 掩码
    pub mask: Option<i32>,
    /// 需要同步库存的量: the stock to set in the shop.
    #[serde(with = "crate::decimal::option")]
    pub syn_stock: Option<Decimal>,
    /// 保留
    pub reserve_s: Option<String>,
    /// 同步规则策略id
    pub stock_syn_rule_id: Option<i32>,
    /// 库存计算方法的掩码
    pub stock_syn_mask: Option<i32>,
    /// 平台货品id
    pub goods_id: Option<String>,
    /// The `api_goods_id` of the other calls.
    pub rec_id: Option<i64>,
    /// 最后同步库存量
    #[serde(with = "crate::decimal::option")]
    pub last_syn_num: Option<Decimal>,
    /// 店铺ID
    pub shop_id: Option<i32>,
    /// 最大同步
    #[serde(with = "crate::decimal::option")]
    pub stock_syn_max: Option<Decimal>,
    /// 最后同步时间
    pub last_syn_time: Option<String>,
    /// 定时下架时间
    pub delist_time: Option<String>,
    /// 平台id
    pub platform_id: Option<i32>,
    /// 同步规则策略编号
    pub stock_syn_rule_no: Option<String>,
    /// 平台货品状态: 0 删除, 1 在架, 2 下架
    pub status: Option<i32>,
    /// 库存变化量: goes back in the report; the platform compares it.
    #[serde(with = "crate::decimal::option")]
    pub stock_change_count: Option<Decimal>,
}

impl CalculatedStock {
    /// What the report carries over from the calculation. Add how it went with
    /// [`SyncInfo::succeeded`] or [`SyncInfo::failed`].
    ///
    /// # Errors
    /// [`IncompleteStock`] names the first field that the reply lacks.
    pub fn sync_info(&self) -> Result<SyncInfo, IncompleteStock> {
        Ok(SyncInfo {
            syn_stock: self.syn_stock.ok_or(IncompleteStock("syn_stock"))?,
            stock_change_count: self
                .stock_change_count
                .ok_or(IncompleteStock("stock_change_count"))?,
            stock_syn_rule_id: self
                .stock_syn_rule_id
                .ok_or(IncompleteStock("stock_syn_rule_id"))?,
            stock_syn_rule_no: self
                .stock_syn_rule_no
                .clone()
                .ok_or(IncompleteStock("stock_syn_rule_no"))?,
            stock_syn_other: None,
            stock_syn_warehouses: self
                .stock_syn_warehouses
                .clone()
                .ok_or(IncompleteStock("stock_syn_warehouses"))?,
            stock_syn_mask: self.stock_syn_mask.ok_or(IncompleteStock("stock_syn_mask"))?,
            stock_syn_percent: self
                .stock_syn_percent
                .ok_or(IncompleteStock("stock_syn_percent"))?,
            stock_syn_plus: self.stock_syn_plus.ok_or(IncompleteStock("stock_syn_plus"))?,
            stock_syn_min: self.stock_syn_min.ok_or(IncompleteStock("stock_syn_min"))?,
            stock_syn_max: self.stock_syn_max.ok_or(IncompleteStock("stock_syn_max"))?,
            is_auto_listing: self.is_auto_listing.ok_or(IncompleteStock("is_auto_listing"))?,
            is_auto_delisting: self
                .is_auto_delisting
                .ok_or(IncompleteStock("is_auto_delisting"))?,
            is_syn_success: None,
            is_manual: None,
            syn_result: None,
        })
    }
}

/// A calculation lacks a field that the report must carry over.
///
/// ```
/// use wdt_proto::stock_sync::{CalculatedStock, IncompleteStock};
///
/// let stock: CalculatedStock = serde_json::from_str(r#"{"rec_id":2447,"syn_stock":1}"#)?;
/// assert_eq!(stock.sync_info(), Err(IncompleteStock("stock_change_count")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncompleteStock(pub &'static str);

impl Bilingual for IncompleteStock {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.0;
        say!(
            f,
            language,
            "the calculated stock has no {field}, which the report must carry over",
            "库存计算结果里没有 {field}，而上报时必须带上它"
        )
    }
}

bilingual!(IncompleteStock);

impl core::error::Error for IncompleteStock {}

/// A boolean as the server writes it: `true`, `false`, or, in documented replies, `1` and `0`.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    struct Flag;
    impl de::Visitor<'_> for Flag {
        type Value = Option<bool>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("true, false, 1, 0 or null")
        }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
            Ok(Some(value))
        }

        fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
            match value {
                0 | 1 => Ok(Some(value == 1)),
                other => Err(E::invalid_value(de::Unexpected::Unsigned(other), &self)),
            }
        }
    }
    deserializer.deserialize_any(Flag)
}
