//! The methods that are played for real, `sales.StockSync.*`: arguments in, replies out.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;
use serde::de::{self, Deserializer};
use serde_json::value::RawValue;
use wdt_proto::json::Writer;
use wdt_proto::{Refusal, stock_sync};

use crate::clock::Moment;
use crate::reply::{Refused, Reply};
use crate::seed::four_digits;
use crate::shop::{Change, Effect, Good, LastSync, Shop};
use crate::why::Why;

/// What a live method did.
pub(crate) struct Done {
    pub(crate) reply: Reply,
    pub(crate) written: Option<(Effect, Change)>,
}

impl From<Reply> for Done {
    fn from(reply: Reply) -> Self {
        Self { reply, written: None }
    }
}

/// Whether the method is played for real.
pub(crate) fn is_live(method: &str) -> bool {
    matches!(
        method,
        stock_sync::GET_SELF_WAIT_SYNC_ID_LIST_OPEN
            | stock_sync::CALC_STOCK
            | stock_sync::BATCH_CALC_STOCK
            | stock_sync::SYNC_SUCCESS
            | stock_sync::SYNC_FAIL
            | stock_sync::CANCEL_SYNC
    )
}

/// Plays a method; the body has passed validation.
pub(crate) fn call(
    shop: &mut Shop,
    method: &str,
    body: &[u8],
    now: Moment,
) -> Result<Done, Refused> {
    match method {
        stock_sync::GET_SELF_WAIT_SYNC_ID_LIST_OPEN => {
            let (Integer(count), Integer(position)) = arguments(body)?;
            let (ids, next) = shop.waiting_behind(usize::try_from(count).unwrap_or(0), position);
            Ok(waiting(&ids, next).into())
        }
        stock_sync::CALC_STOCK => {
            let (Integer(id), Flag(force)) = arguments(body)?;
            let good = shop.good(id)?;
            good.check_enabled(force)?;
            Ok(Reply::data(|out| write_calculated(out, good)).into())
        }
        stock_sync::BATCH_CALC_STOCK => {
            let (wanted,): (Vec<Wanted>,) = arguments(body)?;
            Ok(batch(shop, &wanted).into())
        }
        stock_sync::SYNC_SUCCESS | stock_sync::SYNC_FAIL => {
            let (Integer(id), info): (_, Info) = arguments(body)?;
            let last = LastSync {
                num: info.syn_stock,
                time: now.beijing(),
                success: method == stock_sync::SYNC_SUCCESS,
                result: info.syn_result.map(|Text(text)| text).unwrap_or_default(),
            };
            shop.report(id, info.stock_change_count, last).map(written)
        }
        _ => {
            let (Integer(id), Integer(count)) = arguments(body)?;
            shop.cancel(id, count).map(written)
        }
    }
}

fn written(written: (Effect, Change)) -> Done {
    Done { reply: Reply::done(), written: Some(written) }
}

fn arguments<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refused> {
    let refused = |error: serde_json::Error| Refused::new(Refusal::ARGUMENT_TYPE, Why::one(error));
    serde_json::from_slice(body).map_err(refused)
}

fn waiting(ids: &[i64], next: i64) -> Reply {
    Reply::data(|out| {
        out.begin_object();
        out.key("id_list");
        out.begin_array();
        for id in ids {
            out.integer(*id);
        }
        out.end_array();
        out.key("position");
        out.integer(next);
        out.end_object();
    })
}

fn batch(shop: &Shop, wanted: &[Wanted]) -> Reply {
    let found =
        wanted.iter().map(|Wanted { api_goods_id: Integer(id), force_sync: Flag(force) }| {
            let good = shop.good(*id).and_then(|good| good.check_enabled(*force).map(|()| good));
            (*id, good)
        });
    let found: Vec<_> = found.collect();
    Reply::data(|out| {
        out.begin_object();
        out.key("success_date");
        out.begin_array();
        for good in found.iter().filter_map(|(_, good)| good.as_ref().ok()) {
            write_calculated(out, good);
        }
        out.end_array();
        out.key("error_date");
        out.begin_array();
        for (id, refused) in found.iter().filter_map(|(id, good)| Some((id, good.as_ref().err()?)))
        {
            out.begin_object();
            out.key("rec_id");
            out.integer(*id);
            out.key("err_msg");
            out.string(refused.refusal.message());
            out.end_object();
        }
        out.end_array();
        out.end_object();
    })
}

/// The documented fields, in the documentation's order.
fn write_calculated(out: &mut Writer, good: &Good) {
    let (spec, rule, last) = (&good.spec, &good.spec.rule, good.last.as_ref());
    // 最后同步库存量 is -1 before the first synchronisation.
    let last_num = last.map_or(Decimal::NEGATIVE_ONE, |last| last.num);
    let last_time = last.map_or("", |last| &last.time);
    out.begin_object();
    let mut string = |key, value: &str| {
        out.key(key);
        out.string(value);
    };
    string("match_code", &spec.match_code);
    string("list_time", "");
    string("stock_syn_warehouses", &good.warehouses());
    string("outer_id", &spec.outer_id);
    string("spec_outer_id", &spec.spec_outer_id);
    string("spec_id", &spec.spec_id);
    string("reserve_s", "");
    string("goods_id", &spec.goods_id);
    string("last_syn_time", last_time);
    string("delist_time", "");
    string("stock_syn_rule_no", &rule.stock_syn_rule_no);
    let mut decimal = |key, value| {
        out.key(key);
        out.decimal(value);
    };
    decimal("stock_syn_min", four_digits(rule.stock_syn_min));
    decimal("stock_num", last_num.max(Decimal::ZERO));
    decimal("stock_syn_plus", four_digits(rule.stock_syn_plus));
    decimal("last_syn_num", last_num);
    decimal("stock_syn_max", four_digits(rule.stock_syn_max));
    let mut integer = |key, value: i64| {
        out.key(key);
        out.integer(value);
    };
    integer("sub_platform_id", spec.sub_platform_id.into());
    integer("stock_syn_percent", rule.stock_syn_percent.into());
    // The documented replies have 1 and 0 here, where the table says boolean.
    integer("is_auto_delisting", rule.is_auto_delisting.into());
    integer("is_auto_listing", rule.is_auto_listing.into());
    integer("match_target_id", spec.match_target_id.into());
    integer("match_target_type", spec.match_target_type.into());
    integer("mask", 0);
    integer("syn_stock", good.syn_stock());
    integer("stock_syn_rule_id", rule.stock_syn_rule_id.into());
    integer("stock_syn_mask", rule.stock_syn_mask.into());
    integer("rec_id", spec.api_goods_id);
    integer("shop_id", spec.shop_id.into());
    integer("platform_id", spec.platform_id.into());
    integer("status", spec.status.into());
    integer("stock_change_count", good.stock_change_count);
    out.end_object();
}

#[derive(Deserialize)]
struct Wanted {
    api_goods_id: Integer,
    force_sync: Flag,
}

/// What of `info` is kept.
#[derive(Deserialize)]
struct Info {
    #[serde(with = "wdt_proto::decimal")]
    syn_stock: Decimal,
    #[serde(with = "wdt_proto::decimal")]
    stock_change_count: Decimal,
    #[serde(default)]
    syn_result: Option<Text>,
}

/// A whole number, also one written as text or with zeros behind the point.
struct Integer(i64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = wdt_proto::decimal::deserialize(deserializer)?;
        let whole = if value.is_integer() { value.to_i64() } else { None };
        whole.map(Self).ok_or_else(|| de::Error::custom("expected a whole number"))
    }
}

/// A boolean, also one written as 0 or 1 or as text.
struct Flag(bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        match raw.get().trim_matches('"') {
            "true" | "1" => Ok(Self(true)),
            "false" | "0" | "" => Ok(Self(false)),
            _ => Err(de::Error::custom("expected a boolean")),
        }
    }
}

/// A text, also a number or a boolean as the sender wrote it.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        let text = serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().to_owned());
        Ok(Self(text))
    }
}
