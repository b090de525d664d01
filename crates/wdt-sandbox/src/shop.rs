//! The stock-sync state machine (库存同步): goods, their change counters, the waiting list.
//!
//! Pure: no clock, no I/O. Each change returns a [`Change`] for whoever keeps the state.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use wdt_proto::Refusal;

use crate::reply::Refused;
use crate::seed::{Exact, GoodSpec, MAX_WAREHOUSES, check_quantity, check_warehouse, four_digits};
use crate::why::Why;

/// All goods and the order in which they wait.
#[derive(Debug, Default)]
pub(crate) struct Shop {
    goods: BTreeMap<i64, Good>,
    /// Good by position.
    waiting: BTreeMap<i64, i64>,
    next_position: i64,
    /// Counts changes, so that a reader can tell whether there is anything new.
    version: u64,
}

/// A good as it is now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Good {
    /// What does not change; its `stock`, counter and `waiting` are where the good started.
    pub(crate) spec: GoodSpec,
    /// By warehouse id.
    pub(crate) stock: BTreeMap<String, Decimal>,
    pub(crate) stock_change_count: i64,
    pub(crate) waiting_position: Option<i64>,
    pub(crate) last: Option<LastSync>,
}

/// The last report that took effect.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LastSync {
    pub(crate) num: Decimal,
    pub(crate) time: String,
    pub(crate) success: bool,
    pub(crate) result: String,
}

/// What a call did to a good, for the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Effect {
    pub(crate) kind: EffectKind,
    pub(crate) api_goods_id: i64,
    pub(crate) stock_change_count: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EffectKind {
    SyncSuccess,
    SyncFail,
    Cancel,
}

impl EffectKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::SyncSuccess => "sync_success",
            Self::SyncFail => "sync_fail",
            Self::Cancel => "cancel",
        }
    }
}

/// The columns of a good that a call changed, and the shop's next position.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    pub(crate) api_goods_id: i64,
    pub(crate) stock_change_count: i64,
    pub(crate) waiting_position: Option<i64>,
    pub(crate) last: Option<LastSync>,
    /// Warehouse and stock, where that changed.
    pub(crate) stock: Option<(String, Decimal)>,
    pub(crate) next_position: i64,
}

impl Shop {
    pub(crate) fn new(goods: impl IntoIterator<Item = GoodSpec>) -> Self {
        let mut shop = Self { next_position: 1, ..Self::default() };
        for mut spec in goods {
            let stock = std::mem::take(&mut spec.stock);
            let waiting_position = spec.waiting.then(|| shop.take_position());
            shop.insert(Good {
                stock: stock
                    .into_iter()
                    .map(|(id, Exact(stock))| (id, four_digits(stock)))
                    .collect(),
                stock_change_count: spec.stock_change_count,
                waiting_position,
                last: None,
                spec,
            });
        }
        shop
    }

    /// A shop as it was kept.
    pub(crate) fn restored(goods: impl IntoIterator<Item = Good>, next_position: i64) -> Self {
        let mut shop = Self { next_position, ..Self::default() };
        for good in goods {
            shop.insert(good);
        }
        shop
    }

    fn insert(&mut self, good: Good) {
        let id = good.spec.api_goods_id;
        if let Some(position) = good.waiting_position {
            self.waiting.insert(position, id);
        }
        self.goods.insert(id, good);
    }

    fn take_position(&mut self) -> i64 {
        let position = self.next_position;
        self.next_position += 1;
        position
    }

    pub(crate) fn goods(&self) -> impl ExactSizeIterator<Item = &Good> {
        self.goods.values()
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn next_position(&self) -> i64 {
        self.next_position
    }

    pub(crate) fn waiting_count(&self) -> usize {
        self.waiting.len()
    }

    pub(crate) fn good(&self, id: i64) -> Result<&Good, Refused> {
        self.goods.get(&id).ok_or_else(|| Refused::no_such_good(id))
    }

    /// The goods that wait behind `position`, at most `count` of them, and where to ask on.
    pub(crate) fn waiting_behind(&self, count: usize, position: i64) -> (Vec<i64>, i64) {
        let behind = position.saturating_add(1)..;
        let found: Vec<_> = self.waiting.range(behind).take(count).collect();
        let next = found.last().map_or(position, |(position, _)| **position);
        (found.into_iter().map(|(_, id)| *id).collect(), next.max(0))
    }

    /// 库存变化: another stock in one warehouse. The counter goes up, the good waits at the end.
    pub(crate) fn set_stock(
        &mut self,
        id: i64,
        warehouse: &str,
        stock: Decimal,
    ) -> Result<Change, StockError> {
        check_warehouse(warehouse).map_err(StockError::Invalid)?;
        check_quantity(stock).map_err(StockError::Invalid)?;
        let stock = four_digits(stock);
        let position = self.next_position;
        let good = self.goods.get_mut(&id).ok_or(StockError::NoSuchGood(id))?;
        if good.stock.len() >= MAX_WAREHOUSES && !good.stock.contains_key(warehouse) {
            let why = Why::new(
                format!("at most {MAX_WAREHOUSES} warehouses a good"),
                format!("每个货品最多 {MAX_WAREHOUSES} 个仓库"),
            );
            return Err(StockError::Invalid(why));
        }
        if good.stock_change_count >= i64::from(i32::MAX) {
            let why = Why::new("the good's change counter is at its end", "货品的变化量已到上限");
            return Err(StockError::Invalid(why));
        }
        good.stock.insert(warehouse.to_owned(), stock);
        good.stock_change_count += 1;
        if let Some(old) = good.waiting_position.replace(position) {
            self.waiting.remove(&old);
        }
        self.waiting.insert(position, id);
        self.take_position();
        self.changed(id, Some((warehouse.to_owned(), stock))).ok_or(StockError::NoSuchGood(id))
    }

    /// 库存同步成功 or 失败: takes effect if the good has not changed since it was calculated.
    pub(crate) fn report(
        &mut self,
        id: i64,
        stock_change_count: Decimal,
        last: LastSync,
    ) -> Result<(Effect, Change), Refused> {
        let good = self.goods.get_mut(&id).ok_or_else(|| Refused::no_such_good(id))?;
        let current = good.stock_change_count;
        if stock_change_count != Decimal::from(current) {
            let message = format!(
                "库存变化量已更新：上报的是{}，当前是{current}，请重新计算后再上报",
                stock_change_count.normalize()
            );
            let why = Why::new(
                "the good's stock changed after it was calculated: calculate it anew; it still waits",
                "计算之后货品的库存又变了：请重新计算；货品仍在待同步",
            );
            return Err(Refused::new(Refusal::other(100, message), why));
        }
        let kind = if last.success { EffectKind::SyncSuccess } else { EffectKind::SyncFail };
        good.last = Some(last);
        self.leave(kind, id)
    }

    /// 取消当前同步; a counter of -1 cancels whatever the good's counter is.
    pub(crate) fn cancel(&mut self, id: i64, count: i64) -> Result<(Effect, Change), Refused> {
        let good = self.goods.get(&id).ok_or_else(|| Refused::no_such_good(id))?;
        if count != -1 && count != good.stock_change_count {
            let current = good.stock_change_count;
            let why = Why::new(
                format!("stockChangeCount is neither the good's change counter ({current}) nor -1"),
                format!("stockChangeCount 既不是货品当前的变化量（{current}），也不是 -1"),
            );
            return Err(Refused::new(Refusal::other(100, "取消失败"), why));
        }
        self.leave(EffectKind::Cancel, id)
    }

    fn leave(&mut self, kind: EffectKind, id: i64) -> Result<(Effect, Change), Refused> {
        let good = self.goods.get_mut(&id).ok_or_else(|| Refused::no_such_good(id))?;
        if let Some(position) = good.waiting_position.take() {
            self.waiting.remove(&position);
        }
        let stock_change_count = good.stock_change_count;
        let effect = Effect { kind, api_goods_id: id, stock_change_count };
        let change = self.changed(id, None).ok_or_else(|| Refused::no_such_good(id))?;
        Ok((effect, change))
    }

    fn changed(&mut self, id: i64, stock: Option<(String, Decimal)>) -> Option<Change> {
        self.version += 1;
        let good = self.goods.get(&id)?;
        Some(Change {
            api_goods_id: id,
            stock_change_count: good.stock_change_count,
            waiting_position: good.waiting_position,
            last: good.last.clone(),
            stock,
            next_position: self.next_position,
        })
    }
}

/// Why a change of stock is impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StockError {
    NoSuchGood(i64),
    Invalid(Why),
}

impl Good {
    /// 需要同步库存的量, a whole number: ⌊stock × percent ÷ 100 + plus⌋ over the rule's warehouses.
    /// Less than `stock_syn_min` becomes 0, more than `stock_syn_max` (if that is above 0) becomes
    /// `stock_syn_max`; never below 0, never beyond 32 bits.
    pub(crate) fn syn_stock(&self) -> i64 {
        let rule = &self.spec.rule;
        let listed: Vec<_> = rule.warehouses().collect();
        let counts = |id: &str| listed.is_empty() || listed.contains(&id);
        let stock = self.stock.iter().filter(|(id, _)| counts(id)).map(|(_, stock)| *stock);
        let computed = stock
            .sum::<Decimal>()
            // 21 digits times 5 times 2: within the 28 that are exact.
            .saturating_mul(Decimal::from(rule.stock_syn_percent))
            .saturating_mul(Decimal::new(1, 2))
            .saturating_add(rule.stock_syn_plus)
            .floor();
        if computed < rule.stock_syn_min || computed <= Decimal::ZERO {
            return 0;
        }
        let max = rule.stock_syn_max.floor();
        let held = if max > Decimal::ZERO { computed.min(max) } else { computed };
        i64::try_from(held).unwrap_or(i64::MAX).min(i32::MAX.into())
    }

    /// Whether the good takes part; the wording is the documented one.
    pub(crate) fn check_enabled(&self, force: bool) -> Result<(), Refused> {
        if self.spec.enabled || force {
            return Ok(());
        }
        let GoodSpec { goods_id, spec_id, .. } = &self.spec;
        let message = format!("货品id:{goods_id}规格Id:{spec_id} 已停用或者未开启同步");
        let why = Why::new(
            "synchronisation is off for this good; forceSync = true calculates it all the same",
            "货品没有开启同步；forceSync = true 可以强制计算",
        );
        Err(Refused::new(Refusal::other(100, message), why))
    }

    /// 库存同步的仓库id: those of the rule, or all that have stock.
    pub(crate) fn warehouses(&self) -> String {
        let rule = &self.spec.rule;
        if rule.warehouses().next().is_some() {
            return rule.stock_syn_warehouses.clone();
        }
        self.stock.keys().map(String::as_str).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        wdt_proto::decimal::parse(text).unwrap()
    }

    fn good(json: &str) -> Good {
        let spec: GoodSpec = serde_json::from_str(json).unwrap();
        Shop::new([spec]).goods.pop_first().unwrap().1
    }

    #[test]
    fn stock_to_set_by_rule() {
        for (stock, rule, expected) in [
            (r#"{"6":1.9999}"#, r"{}", 1),
            (r#"{"6":"12.5","7":0.5}"#, r"{}", 13),
            (r#"{"6":12,"7":100}"#, r#"{"stock_syn_warehouses":"6"}"#, 12),
            (r#"{"6":12,"7":100,"8":1}"#, r#"{"stock_syn_warehouses":"6, 8"}"#, 13),
            (r#"{"6":9}"#, r#"{"stock_syn_percent":50}"#, 4),
            (r#"{"6":9}"#, r#"{"stock_syn_percent":50,"stock_syn_plus":0.5}"#, 5),
            (r#"{"6":9}"#, r#"{"stock_syn_plus":-20}"#, 0),
            (r#"{"6":-3}"#, r"{}", 0),
            // The two documented examples: 0 in stock, plus 1, a minimum of 1 and of 200.
            (r#"{"6":0}"#, r#"{"stock_syn_plus":1,"stock_syn_min":1,"stock_syn_max":550}"#, 1),
            (r#"{"6":0}"#, r#"{"stock_syn_plus":1,"stock_syn_min":200,"stock_syn_max":500}"#, 0),
            (r#"{"6":900}"#, r#"{"stock_syn_min":200,"stock_syn_max":500.9}"#, 500),
            (
                r#"{"6":999999999999999.9999,"7":999999999999999.9999}"#,
                r#"{"stock_syn_percent":10000}"#,
                i64::from(i32::MAX),
            ),
        ] {
            let good = good(&format!(r#"{{"api_goods_id":1,"stock":{stock},"rule":{rule}}}"#));
            assert_eq!(good.syn_stock(), expected, "{stock} {rule}");
        }
    }

    #[test]
    fn positions_go_on_behind_the_last() {
        let mut shop =
            Shop::new((1..=5).map(|id| GoodSpec { api_goods_id: id, ..GoodSpec::default() }));
        assert_eq!(shop.waiting_behind(2, 0), (vec![1, 2], 2));
        assert_eq!(shop.waiting_behind(10, 2), (vec![3, 4, 5], 5));
        assert_eq!(shop.waiting_behind(10, 5), (vec![], 5));
        assert_eq!(shop.waiting_behind(1, -7), (vec![1], 1));
        assert_eq!(shop.waiting_behind(10, i64::MAX), (vec![], i64::MAX));
        // A changed good goes to the end, and is not listed twice.
        shop.set_stock(2, "1", decimal("3.5")).unwrap();
        assert_eq!(shop.waiting_behind(10, 0), (vec![1, 3, 4, 5, 2], 6));
        assert_eq!(shop.good(2).unwrap().stock_change_count, 2);
    }

    #[test]
    fn a_report_counts_while_the_counter_stands() {
        let mut shop = Shop::new([GoodSpec { api_goods_id: 9, ..GoodSpec::default() }]);
        let last = |success| LastSync {
            num: decimal("1"),
            time: "2026-04-10 11:28:36".into(),
            success,
            result: "r".into(),
        };
        let (effect, change) = shop.report(9, decimal("1.0000"), last(true)).unwrap();
        assert_eq!((effect.kind, effect.stock_change_count), (EffectKind::SyncSuccess, 1));
        assert_eq!((change.waiting_position, shop.waiting_count()), (None, 0));
        // The same again takes effect again.
        let (effect, _) = shop.report(9, decimal("1"), last(false)).unwrap();
        assert_eq!(effect.kind, EffectKind::SyncFail);

        shop.set_stock(9, "1", decimal("2")).unwrap();
        let refused = shop.report(9, decimal("1"), last(true)).unwrap_err().refusal;
        assert_eq!(refused.status(), 100);
        assert!(refused.message().contains("上报的是1，当前是2"), "{}", refused.message());
        assert_eq!(
            (shop.waiting_count(), shop.good(9).unwrap().last.as_ref().unwrap().success),
            (1, false)
        );

        assert_eq!(shop.cancel(9, 1).unwrap_err().refusal.message(), "取消失败");
        assert_eq!(shop.cancel(9, -1).unwrap().0.kind, EffectKind::Cancel);
        assert_eq!(shop.waiting_count(), 0);
        assert_eq!(shop.cancel(8, -1).unwrap_err().refusal, Refusal::NO_SUCH_RECORD);
    }

    #[test]
    fn a_change_of_stock_is_bounded() {
        let mut shop = Shop::new([GoodSpec { api_goods_id: 9, ..GoodSpec::default() }]);
        assert_eq!(shop.set_stock(1, "1", decimal("1")), Err(StockError::NoSuchGood(1)));
        for (warehouse, stock) in [("", "1"), ("a,b", "1"), ("1", "1.00001"), ("1", "1e15")] {
            let refused = shop.set_stock(9, warehouse, decimal(stock));
            assert!(matches!(refused, Err(StockError::Invalid(_))), "{warehouse} {stock}");
        }
        for n in 0..MAX_WAREHOUSES {
            shop.set_stock(9, &n.to_string(), decimal("1.00000")).unwrap();
        }
        assert!(shop.set_stock(9, "one-more", decimal("1")).is_err());
        assert!(shop.set_stock(9, "0", decimal("2")).is_ok());
    }
}
