//! What is reported about one good.

use alloc::string::String;

use rust_decimal::Decimal;

use crate::json::Writer;

/// `info` of [`sync_success`](super::sync_success) and [`sync_fail`](super::sync_fail): what was
/// set, by which rule, and how it went.
///
/// The documentation requires all sixteen fields; its own example leaves the four `Option`s out,
/// so the platform takes that. Usually made by
/// [`CalculatedStock::sync_info`](super::CalculatedStock::sync_info). Fields may be added in a
/// minor version: end a literal with `..SyncInfo::default()`.
///
/// ```
/// use wdt_proto::stock_sync::SyncInfo;
///
/// let info = SyncInfo {
///     syn_stock: "1.0000".parse()?,
///     stock_syn_warehouses: "6,12".into(),
///     ..SyncInfo::default()
/// };
/// assert_eq!(info.failed("平台接口限流").is_syn_success, Some(false));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncInfo {
    /// 最后同步库存量: the stock that was set.
    pub syn_stock: Decimal,
    /// 库存变化量: the change counter that the calculation returned.
    pub stock_change_count: Decimal,
    /// 同步规则策略id
    pub stock_syn_rule_id: i32,
    /// 同步规则策略编号
    pub stock_syn_rule_no: String,
    /// 同步策略的其他信息
    pub stock_syn_other: Option<String>,
    /// 库存同步的仓库id: warehouse ids with commas between
    pub stock_syn_warehouses: String,
    /// 库存计算方法的掩码
    pub stock_syn_mask: i32,
    /// 同步百分比
    pub stock_syn_percent: i32,
    /// 增加值
    pub stock_syn_plus: Decimal,
    /// 最小同步库存量
    pub stock_syn_min: Decimal,
    /// 最大同步
    pub stock_syn_max: Decimal,
    /// 是否自动上架
    pub is_auto_listing: bool,
    /// 是否自动下架
    pub is_auto_delisting: bool,
    /// 是否同步成功
    pub is_syn_success: Option<bool>,
    /// 是否手动同步
    pub is_manual: Option<bool>,
    /// 同步结果: the reason of a failure
    pub syn_result: Option<String>,
}

impl SyncInfo {
    /// The same, marked as taken by the shop, with a text for `syn_result`.
    #[must_use]
    pub fn succeeded(self, syn_result: impl Into<String>) -> Self {
        Self { is_syn_success: Some(true), syn_result: Some(syn_result.into()), ..self }
    }

    /// The same, marked as not taken by the shop, with the reason for `syn_result`.
    #[must_use]
    pub fn failed(self, syn_result: impl Into<String>) -> Self {
        Self { is_syn_success: Some(false), syn_result: Some(syn_result.into()), ..self }
    }

    /// The object as JSON text, as a report carries it: fields in the order of the documentation's
    /// table, numbers to the last digit, empty `Option`s left out.
    ///
    /// ```
    /// use wdt_proto::stock_sync::SyncInfo;
    ///
    /// let info = SyncInfo { syn_stock: "1.0000".parse()?, ..SyncInfo::default() };
    /// assert!(info.to_json().starts_with(r#"{"syn_stock":1.0000,"stock_change_count":0,"#));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = Writer::with_capacity(self.written_len());
        self.write(&mut out);
        // A writer's bytes are always UTF-8.
        String::from_utf8(out.into_bytes()).unwrap_or_default()
    }

    /// Room for the written object: keys and numbers at their usual length, and the texts.
    pub(super) fn written_len(&self) -> usize {
        let optional = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        480 + self.stock_syn_rule_no.len()
            + self.stock_syn_warehouses.len()
            + optional(&self.stock_syn_other)
            + optional(&self.syn_result)
    }

    /// Writes the object, fields in the order of the documentation's table.
    pub(super) fn write(&self, out: &mut Writer) {
        /// One member; the quoted key is put together at compile time.
        macro_rules! member {
            ($kind:ident, $key:ident) => {
                member!($kind, $key, self.$key)
            };
            ($kind:ident, $key:ident, $value:expr) => {
                out.quoted_key(concat!("\"", stringify!($key), "\":"));
                out.$kind($value);
            };
        }
        out.begin_object();
        member!(decimal, syn_stock);
        member!(decimal, stock_change_count);
        member!(integer, stock_syn_rule_id, self.stock_syn_rule_id.into());
        member!(string, stock_syn_rule_no, &self.stock_syn_rule_no);
        if let Some(other) = &self.stock_syn_other {
            member!(string, stock_syn_other, other);
        }
        member!(string, stock_syn_warehouses, &self.stock_syn_warehouses);
        member!(integer, stock_syn_mask, self.stock_syn_mask.into());
        member!(integer, stock_syn_percent, self.stock_syn_percent.into());
        member!(decimal, stock_syn_plus);
        member!(decimal, stock_syn_min);
        member!(decimal, stock_syn_max);
        member!(boolean, is_auto_listing);
        member!(boolean, is_auto_delisting);
        if let Some(success) = self.is_syn_success {
            member!(boolean, is_syn_success, success);
        }
        if let Some(manual) = self.is_manual {
            member!(boolean, is_manual, manual);
        }
        if let Some(result) = &self.syn_result {
            member!(string, syn_result, result);
        }
        out.end_object();
    }
}
