//! What the sandbox starts with: accounts and goods, made up or read from a JSON file.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use wdt_proto::{AppSecret, Credentials, Lookup};

use crate::error::SandboxError;
use crate::why::Why;

/// The sid of the sandbox, unless the seed file has another.
///
/// ```
/// use wdt_sandbox::{APP_SECRET, KEY, SID, Seed};
///
/// let seed = Seed::made_up(1);
/// let account = &seed.accounts()[0];
/// assert_eq!((account.sid(), account.key()), (SID, KEY));
/// assert!(!format!("{account:?}").contains(APP_SECRET));
/// ```
pub const SID: &str = "sandbox";
/// The app key of the sandbox, unless the seed file has another.
pub const KEY: &str = "sandbox-key";
/// The app secret of the sandbox, unless the seed file has another. It protects nothing.
pub const APP_SECRET: &str = "sandbox-secret:sandbox-salt";

/// The most goods that a seed may have.
///
/// ```
/// use wdt_sandbox::{MAX_GOODS, Seed};
///
/// let goods: Vec<String> = (0..=MAX_GOODS).map(|id| format!("{{\"api_goods_id\":{id}}}")).collect();
/// let error = Seed::parse(&format!("{{\"goods\":[{}]}}", goods.join(","))).unwrap_err();
/// assert!(error.to_string().contains("100000"));
/// ```
pub const MAX_GOODS: usize = 100_000;

/// Accounts and goods to start with.
///
/// ```
/// use wdt_sandbox::Seed;
///
/// let seed = Seed::parse(r#"{
///     "credentials": [{"sid": "my-sid", "key": "my-key", "appsecret": "my-secret:my:salt"}],
///     "goods": [{"api_goods_id": 2447, "stock": {"6": "12.5000"}, "stock_change_count": 3}]
/// }"#)?;
/// assert_eq!(seed.accounts()[0].sid(), "my-sid");
/// assert!(Seed::parse(r#"{"goods": [{"id": 1}]}"#).is_err());
/// # Ok::<(), wdt_sandbox::Why>(())
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    #[serde(default = "default_accounts", rename = "credentials")]
    accounts: Vec<Account>,
    #[serde(default)]
    pub(crate) goods: Vec<GoodSpec>,
}

fn default_accounts() -> Vec<Account> {
    vec![Account::default()]
}

impl Seed {
    /// Goods made up, the same each time, all waiting: ids from 1001 on, stock in two warehouses.
    #[must_use]
    pub fn made_up(goods: u32) -> Self {
        let goods = (1..=goods).map(GoodSpec::made_up).collect();
        Self { accounts: default_accounts(), goods }
    }

    /// Reads a seed file; the README has the format.
    ///
    /// # Errors
    /// [`SandboxError::Seed`] names the file, and the line or the good that is wrong.
    pub fn read(path: &Path) -> Result<Self, SandboxError> {
        let file = path.display();
        let wrong = |why: Why| SandboxError::Seed(Why::one(&file).because(&why));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(Why::one(error)))?;
        Self::parse(&text).map_err(wrong)
    }

    /// Reads the text of a seed file.
    ///
    /// # Errors
    /// What is wrong, with the line or the good.
    pub fn parse(json: &str) -> Result<Self, Why> {
        let seed: Self = serde_json::from_str(json).map_err(Why::one)?;
        seed.check()?;
        Ok(seed)
    }

    /// The accounts that may call; the first one is announced at the start.
    #[must_use]
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    fn check(&self) -> Result<(), Why> {
        if self.accounts.is_empty() {
            return Err(Why::one("credentials").because(&Why::new(
                "none; leave them out for the made-up ones",
                "没有账号；不写 credentials 就用沙箱自带的",
            )));
        }
        for Account { sid, key, app_secret } in &self.accounts {
            Credentials::new(sid, key, app_secret)
                .map_err(|error| Why::one("credentials").because(&Why::of(&error)))?;
        }
        let count = self.goods.len();
        if count > MAX_GOODS {
            return Err(Why::new(
                format!("{count} goods, at most {MAX_GOODS} fit"),
                format!("货品有 {count} 个，最多 {MAX_GOODS} 个"),
            ));
        }
        let mut seen = std::collections::HashSet::new();
        for good in &self.goods {
            let id = good.api_goods_id;
            let of_good = Why::new(format!("good {id}"), format!("货品 {id}"));
            if let Err(why) = good.check() {
                return Err(of_good.because(&why));
            }
            if !seen.insert(id) {
                let twice = Why::new("is in the seed more than once", "在种子文件里重复出现");
                return Err(of_good.because(&twice));
            }
        }
        Ok(())
    }
}

/// Who may call. `Debug` masks the secret.
///
/// ```
/// use wdt_sandbox::Seed;
///
/// let seed = Seed::made_up(20);
/// let shown = format!("{:?}", seed.accounts()[0]);
/// assert!(shown.contains("sandbox") && !shown.contains("sandbox-secret"));
/// ```
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    sid: String,
    key: String,
    #[serde(rename = "appsecret")]
    app_secret: String,
}

impl Account {
    /// The merchant's account.
    #[must_use]
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// The application's key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// For the start text alone: whoever started the sandbox must get to know it.
    pub(crate) fn app_secret_to_show(&self) -> &str {
        &self.app_secret
    }
}

impl Default for Account {
    fn default() -> Self {
        Self { sid: SID.into(), key: KEY.into(), app_secret: APP_SECRET.into() }
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sid, key, .. } = self;
        write!(f, "Account {{ sid: {sid:?}, key: {key:?}, secret: \"***\" }}")
    }
}

/// The accounts as `verify` looks them up.
#[derive(Debug)]
pub(crate) struct Accounts(HashMap<String, HashMap<String, AppSecret>>);

impl Accounts {
    pub(crate) fn new(accounts: &[Account]) -> Result<Self, SandboxError> {
        let mut by_sid: HashMap<String, HashMap<String, AppSecret>> = HashMap::new();
        for account in accounts {
            let app_secret = AppSecret::parse(&account.app_secret)
                .map_err(|error| Why::one("credentials").because(&Why::of(&error)))
                .map_err(SandboxError::Seed)?;
            by_sid.entry(account.sid.clone()).or_default().insert(account.key.clone(), app_secret);
        }
        Ok(Self(by_sid))
    }

    pub(crate) fn look_up(&self, sid: &str, key: &str) -> Lookup {
        match self.0.get(sid) {
            None => Lookup::UnknownSid,
            Some(keys) => keys.get(key).cloned().map_or(Lookup::UnknownKey, Lookup::Found),
        }
    }
}

/// A good as the seed has it. Fields are named as in the replies of `calcStock`; what a seed leaves
/// out has the value of [`GoodSpec::default`].
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct GoodSpec {
    pub(crate) api_goods_id: i64,
    pub(crate) goods_id: String,
    pub(crate) spec_id: String,
    pub(crate) outer_id: String,
    pub(crate) spec_outer_id: String,
    pub(crate) match_code: String,
    pub(crate) match_target_id: i32,
    pub(crate) match_target_type: i32,
    pub(crate) shop_id: i32,
    pub(crate) platform_id: i32,
    pub(crate) sub_platform_id: i32,
    pub(crate) status: i32,
    /// Whether synchronisation is on (启用并开启同步).
    pub(crate) enabled: bool,
    pub(crate) rule: Rule,
    /// By warehouse id. Like the two below: where the good starts, not what it is.
    #[serde(skip_serializing)]
    pub(crate) stock: BTreeMap<String, Exact>,
    #[serde(skip_serializing)]
    pub(crate) stock_change_count: i64,
    #[serde(skip_serializing)]
    pub(crate) waiting: bool,
}

impl Default for GoodSpec {
    fn default() -> Self {
        Self {
            api_goods_id: 0,
            goods_id: String::new(),
            spec_id: String::new(),
            outer_id: String::new(),
            spec_outer_id: String::new(),
            match_code: String::new(),
            match_target_id: 0,
            match_target_type: 1,
            shop_id: 1,
            platform_id: OWN_PLATFORM,
            sub_platform_id: 0,
            status: 1,
            enabled: true,
            rule: Rule::default(),
            stock: BTreeMap::new(),
            stock_change_count: 1,
            waiting: true,
        }
    }
}

/// 自有平台, a merchant's own shop.
const OWN_PLATFORM: i32 = 127;

/// How much of the stock a shop is told.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) stock_syn_rule_id: i32,
    pub(crate) stock_syn_rule_no: String,
    /// Warehouse ids with commas between; empty: all of the good's.
    pub(crate) stock_syn_warehouses: String,
    pub(crate) stock_syn_mask: i32,
    pub(crate) stock_syn_percent: i32,
    #[serde(with = "wdt_proto::decimal")]
    pub(crate) stock_syn_plus: Decimal,
    #[serde(with = "wdt_proto::decimal")]
    pub(crate) stock_syn_min: Decimal,
    #[serde(with = "wdt_proto::decimal")]
    pub(crate) stock_syn_max: Decimal,
    pub(crate) is_auto_listing: bool,
    pub(crate) is_auto_delisting: bool,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            stock_syn_rule_id: -10_000,
            stock_syn_rule_no: String::new(),
            stock_syn_warehouses: String::new(),
            stock_syn_mask: 0,
            stock_syn_percent: 100,
            stock_syn_plus: Decimal::ZERO,
            stock_syn_min: Decimal::ZERO,
            stock_syn_max: Decimal::ZERO,
            is_auto_listing: true,
            is_auto_delisting: true,
        }
    }
}

impl Rule {
    /// The ids of `stock_syn_warehouses`.
    pub(crate) fn warehouses(&self) -> impl Iterator<Item = &str> {
        self.stock_syn_warehouses.split(',').map(str::trim).filter(|id| !id.is_empty())
    }
}

/// An exact number inside a collection, as a JSON number or a string.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Exact(#[serde(with = "wdt_proto::decimal")] pub(crate) Decimal);

impl GoodSpec {
    /// The n-th made-up good, from 1. Rules differ, so that the calculation has something to do.
    fn made_up(n: u32) -> Self {
        let rule = match n % 4 {
            0 => Rule {
                stock_syn_rule_id: 2,
                stock_syn_rule_no: "HALF".into(),
                stock_syn_percent: 50,
                stock_syn_max: Decimal::from(500),
                ..Rule::default()
            },
            1 => Rule {
                stock_syn_rule_id: 1,
                stock_syn_rule_no: "PLUS1".into(),
                stock_syn_warehouses: "1".into(),
                stock_syn_plus: Decimal::ONE,
                ..Rule::default()
            },
            _ => Rule::default(),
        };
        let stock = [("1", Decimal::from(n % 97)), ("2", Decimal::new(i64::from(n) * 2_500, 4))];
        Self {
            api_goods_id: 1_000 + i64::from(n),
            goods_id: format!("G{n:05}"),
            spec_id: format!("S{n:05}"),
            outer_id: format!("CUP{n:05}"),
            spec_outer_id: format!("CUP{n:05}-RED"),
            match_code: format!("杯子{n:05}-红"),
            match_target_id: i32::try_from(n).unwrap_or_default(),
            rule,
            stock: stock.into_iter().map(|(id, stock)| (id.into(), Exact(stock))).collect(),
            ..Self::default()
        }
    }

    fn check(&self) -> Result<(), Why> {
        within("api_goods_id", self.api_goods_id, 1, i64::MAX)?;
        within("stock_change_count", self.stock_change_count, 0, i32::MAX.into())?;
        within("stock_syn_percent", self.rule.stock_syn_percent.into(), 0, 10_000)?;
        if self.stock.len() > MAX_WAREHOUSES {
            return Err(Why::new(
                format!("stock: at most {MAX_WAREHOUSES} warehouses"),
                format!("stock：最多 {MAX_WAREHOUSES} 个仓库"),
            ));
        }
        for (name, value) in [
            ("stock_syn_plus", self.rule.stock_syn_plus),
            ("stock_syn_min", self.rule.stock_syn_min),
            ("stock_syn_max", self.rule.stock_syn_max),
        ] {
            check_quantity(value).map_err(|why| Why::one(name).because(&why))?;
        }
        for (warehouse, Exact(stock)) in &self.stock {
            check_warehouse(warehouse)?;
            check_quantity(*stock).map_err(|why| {
                let place =
                    Why::new(format!("stock of {warehouse}"), format!("仓库 {warehouse} 的库存"));
                place.because(&why)
            })?;
        }
        Ok(())
    }
}

/// Whether a field of a good is from `least` to `most`.
fn within(field: &str, value: i64, least: i64, most: i64) -> Result<(), Why> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Why::one(field).because(&Why::new(
        format!("must be from {least} to {most}, is {value}"),
        format!("应在 {least} 到 {most} 之间，实际是 {value}"),
    )))
}

/// The most warehouses of a good, so that a control request cannot grow the state without end.
pub(crate) const MAX_WAREHOUSES: usize = 100;

/// A warehouse's id goes into a comma-separated list.
pub(crate) fn check_warehouse(id: &str) -> Result<(), Why> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if id.is_empty() || id.len() > 40 || !id.bytes().all(is_plain) {
        return Err(Why::new(
            format!("warehouse {id:?}: expected 1 to 40 letters, digits, - or _"),
            format!("仓库 {id:?}：应为 1 到 40 个字母、数字、- 或 _"),
        ));
    }
    Ok(())
}

/// A quantity as it is kept and shown: with all four digits behind the point.
pub(crate) fn four_digits(mut value: Decimal) -> Decimal {
    value.rescale(4);
    value
}

/// Whether a quantity fits the platform's `Decimal(19,4)`.
pub(crate) fn check_quantity(value: Decimal) -> Result<(), Why> {
    let most = Decimal::from(1_000_000_000_000_000_i64);
    if value.normalize().scale() > 4 || value.abs() >= most {
        return Err(Why::new(
            format!("{value} does not fit Decimal(19,4)"),
            format!("{value} 超出 Decimal(19,4)"),
        ));
    }
    Ok(())
}
