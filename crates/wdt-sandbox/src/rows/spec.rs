//! What rows are asked for: how many of which query, over which time, in which order, how they
//! change. What a command line says, read and written again.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use jiff::civil::Date;
use wdt_proto::catalogue::{self, Method};
use wdt_proto::{Bilingual, Language, Worded};

use crate::live;
use crate::why::Why;

/// The most rows of a method: each costs about 20 bytes of memory.
///
/// ```
/// use wdt_sandbox::{MAX_ROWS, MethodRows};
///
/// let orders = "sales.TradeQuery.queryWithDetail";
/// assert!(MethodRows::new(orders, MAX_ROWS).is_ok());
/// assert!(MethodRows::new(orders, MAX_ROWS + 1).is_err());
/// ```
pub const MAX_ROWS: u32 = 5_000_000;
/// The most rows of a query without pages, whose one reply holds them all.
const MAX_UNPAGED: u32 = 1_000;
/// What the rows are drawn from unless something else is said.
pub(super) const DEFAULT_SEED: u64 = 1;
/// The most changes a second or a call: those of a day without a query are made at once.
const MAX_CHURN: u32 = 1_000;

/// Made-up rows that queries answer with. End a literal with `..Rows::default()`: fields may be
/// added.
///
/// ```
/// use wdt_sandbox::{Config, Rows, Sandbox};
///
/// let rows = Rows {
///     methods: vec!["sales.TradeQuery.queryWithDetail=1000".parse()?],
///     churn: "5/s".parse()?,
///     ..Rows::default()
/// };
/// let sandbox = Sandbox::start(Config { rows, ..Config::default() })?;
/// assert!(sandbox.notes().iter().any(|note| note.contains("1000 rows")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rows {
    /// How many rows of which query; a later entry of a method replaces an earlier one.
    pub methods: Vec<MethodRows>,
    /// What rows and changes are drawn from: the same seed, the same rows. Default: 1.
    pub seed: u64,
    /// The days on which the rows came about. Default: the last 30 before the start.
    pub span: Option<RowsSpan>,
    /// In which order a reply has them.
    pub order: RowsOrder,
    /// How they change while somebody reads.
    pub churn: Churn,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            methods: Vec::new(),
            seed: DEFAULT_SEED,
            span: None,
            order: RowsOrder::default(),
            churn: Churn::default(),
        }
    }
}

/// How many rows a query has, `METHOD=N`.
///
/// ```
/// use wdt_sandbox::MethodRows;
///
/// let rows: MethodRows = "wms.stockout.Sales.queryWithDetail=2000".parse()?;
/// assert_eq!((rows.method(), rows.count()), ("wms.stockout.Sales.queryWithDetail", 2000));
/// let error = "sales.RawTrade.pushSelf2=5".parse::<MethodRows>().unwrap_err();
/// assert!(error.to_string().contains("is no query"));
/// # Ok::<(), wdt_sandbox::RowsSpecError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodRows {
    method: &'static str,
    count: u32,
}

impl MethodRows {
    /// So many rows of this method.
    ///
    /// # Errors
    /// [`RowsSpecError`] for a method that the catalogue does not know or that is no query with
    /// rows, and for more than [`MAX_ROWS`] (1000 where a query has no pages).
    pub fn new(method: &str, count: u32) -> Result<Self, RowsSpecError> {
        let Some(known) = catalogue::method(method) else {
            return Err(RowsSpecError(unknown(method)));
        };
        if live::is_live(method) || known.row_field().is_none_or(|rows| rows.fields().len() == 0) {
            return Err(RowsSpecError(Why::new(
                format!("{method} is no query whose rows could be made up"),
                format!("{method} 不是可以虚构数据行的查询"),
            )));
        }
        let most = if known.is_paged() { MAX_ROWS } else { MAX_UNPAGED };
        if count > most {
            return Err(RowsSpecError(Why::new(
                format!("{method}={count}: at most {most} rows"),
                format!("{method}={count}：最多 {most} 行"),
            )));
        }
        Ok(Self { method: known.name(), count })
    }

    /// The method's name.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method
    }

    /// How many rows it has.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// `None` would be a method that the catalogue has lost since.
    pub(super) fn in_catalogue(&self) -> Option<Method<'static>> {
        catalogue::method(self.method)
    }
}

fn unknown(method: &str) -> Why {
    let similar =
        catalogue::Catalogue::new().similar(method).map(|similar| similar.name().to_owned());
    let why = Why::new(
        format!("the catalogue has no method {method:?}"),
        format!("目录里没有方法 {method:?}"),
    );
    match similar {
        Some(name) => {
            why.because(&Why::new(format!("did you mean {name}?"), format!("是不是想写 {name}？")))
        }
        None => why,
    }
}

impl FromStr for MethodRows {
    type Err = RowsSpecError;

    fn from_str(spec: &str) -> Result<Self, RowsSpecError> {
        let wrong = || {
            RowsSpecError(Why::new(
                format!("{spec:?} is not METHOD=N"),
                format!("{spec:?} 不是“方法=行数”"),
            ))
        };
        let (method, count) = spec.split_once('=').ok_or_else(wrong)?;
        Self::new(method.trim(), count.trim().parse().map_err(|_| wrong())?)
    }
}

impl fmt::Display for MethodRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.method, self.count)
    }
}

/// The days on which rows came about, the first and the last included, Beijing time.
///
/// ```
/// use wdt_sandbox::RowsSpan;
///
/// let october: RowsSpan = "2026-10-01..2026-10-31".parse()?;
/// assert_eq!(october.to_string(), "2026-10-01..2026-10-31");
/// assert!("2026-10-31..2026-10-01".parse::<RowsSpan>().is_err());
/// # Ok::<(), wdt_sandbox::RowsSpecError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowsSpan {
    first: Date,
    last: Date,
}

impl RowsSpan {
    /// The first and the last second, since 1970; those of years beyond 32 bits cannot be parsed.
    pub(super) fn seconds(self) -> (u32, u32) {
        let midnight = |date: Date| {
            let at = date.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
            at.ok().and_then(|at| u32::try_from(at.timestamp().as_second()).ok())
        };
        let last = midnight(self.last).unwrap_or(u32::MAX - super::curve::DAY);
        (midnight(self.first).unwrap_or(0), last + super::curve::DAY - 1)
    }
}

impl FromStr for RowsSpan {
    type Err = RowsSpecError;

    fn from_str(spec: &str) -> Result<Self, RowsSpecError> {
        let wrong = || {
            RowsSpecError(Why::new(
                format!(
                    "{spec:?} is not FIRST..LAST, two days from 2000 to 2099: \
                     2026-10-01..2026-10-31"
                ),
                format!("{spec:?} 不是“首日..末日”（2000 到 2099 年）：2026-10-01..2026-10-31"),
            ))
        };
        let (first, last) = spec.split_once("..").ok_or_else(wrong)?;
        let day = |text: &str| {
            let date: Date = text.trim().parse().map_err(|_| wrong())?;
            if (2000..2100).contains(&date.year()) { Ok(date) } else { Err(wrong()) }
        };
        let (first, last) = (day(first)?, day(last)?);
        if last < first { Err(wrong()) } else { Ok(Self { first, last }) }
    }
}

impl fmt::Display for RowsSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

/// The order of the rows in a reply; the vendor states none.
///
/// ```
/// use wdt_sandbox::RowsOrder;
///
/// assert_eq!("shuffled".parse::<RowsOrder>()?, RowsOrder::Shuffled);
/// assert_eq!(RowsOrder::default().as_str(), "time");
/// # Ok::<(), wdt_sandbox::RowsSpecError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowsOrder {
    /// By the time that the query's span means, oldest first.
    #[default]
    Time,
    /// As the rows came about.
    Key,
    /// In an order of no meaning, the same in each reply.
    Shuffled,
}

impl RowsOrder {
    /// As `--rows-order` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Key => "key",
            Self::Shuffled => "shuffled",
        }
    }
}

impl FromStr for RowsOrder {
    type Err = RowsSpecError;

    fn from_str(spec: &str) -> Result<Self, RowsSpecError> {
        let known = [Self::Time, Self::Key, Self::Shuffled];
        known.into_iter().find(|order| order.as_str() == spec).ok_or_else(|| {
            RowsSpecError(Why::new(
                format!("there is no order {spec:?}: time, key, shuffled"),
                format!("没有名为 {spec:?} 的顺序：time, key, shuffled"),
            ))
        })
    }
}

impl fmt::Display for RowsOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How many rows of each method change, and when.
///
/// ```
/// use wdt_sandbox::Churn;
///
/// let churn: Churn = "5/s".parse()?;
/// assert_eq!(churn.to_string(), "5/s");
/// assert_eq!("3/call".parse::<Churn>()?.to_string(), "3/call");
/// assert_eq!(Churn::default(), "0".parse()?);
/// # Ok::<(), wdt_sandbox::RowsSpecError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Churn(pub(super) Option<(NonZeroU32, Per)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Per {
    Second,
    Call,
}

impl FromStr for Churn {
    type Err = RowsSpecError;

    fn from_str(spec: &str) -> Result<Self, RowsSpecError> {
        let wrong = || {
            RowsSpecError(Why::new(
                format!("{spec:?} is not 5/s or 3/call, at most {MAX_CHURN}; 0 is none"),
                format!("{spec:?} 不是 5/s 或 3/call 这样的写法，最多 {MAX_CHURN}；0 表示没有"),
            ))
        };
        let (count, per) = match spec.trim().split_once('/') {
            Some((count, "s")) => (count, Per::Second),
            Some((count, "call")) => (count, Per::Call),
            None if spec.trim() == "0" => return Ok(Self(None)),
            _ => return Err(wrong()),
        };
        let count = count.parse().ok().filter(|n| *n <= MAX_CHURN).ok_or_else(wrong)?;
        Ok(Self(NonZeroU32::new(count).map(|count| (count, per))))
    }
}

impl fmt::Display for Churn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("0"),
            Some((count, Per::Second)) => write!(f, "{count}/s"),
            Some((count, Per::Call)) => write!(f, "{count}/call"),
        }
    }
}

/// What is wrong with a specification of rows.
///
/// ```
/// use wdt_sandbox::MethodRows;
///
/// let error = "sales.TradeQuery.queryWithDetail".parse::<MethodRows>().unwrap_err();
/// assert!(error.to_string().starts_with("rows: ") && error.zh().to_string().contains("行数"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsSpecError(pub(crate) Why);

impl RowsSpecError {
    /// The text in Chinese. `Display` writes it in English.
    #[must_use]
    pub fn zh(&self) -> Worded<'_, Self> {
        self.in_language(Language::Chinese)
    }
}

impl Bilingual for RowsSpecError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match language {
            Language::Chinese => write!(f, "数据行：{}", self.0.chinese),
            _ => write!(f, "rows: {}", self.0.english),
        }
    }
}

impl fmt::Display for RowsSpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(Language::English, f)
    }
}

impl std::error::Error for RowsSpecError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_specification_is_named() {
        let method = |spec: &str| spec.parse::<MethodRows>().unwrap_err();
        for (error, named) in [
            (method("x"), "METHOD=N"),
            (method("sales.TradeQuery.queryWithDetail=-1"), "METHOD=N"),
            (method("sales.TradeQuery.queryWithDetial=1"), "sales.TradeQuery.queryWithDetail?"),
            (method("sales.StockSync.calcStock=1"), "is no query"),
            (method("sales.StockSync.batchCalcStock=1"), "is no query"),
            (method("sales.TradeQuery.getLog=1001"), "at most 1000"),
            (method("sales.TradeQuery.queryWithDetail=5000001"), "at most 5000000"),
            ("2026-10-01".parse::<RowsSpan>().unwrap_err(), "FIRST..LAST"),
            ("2026-10-02..2026-10-01".parse::<RowsSpan>().unwrap_err(), "FIRST..LAST"),
            ("1969-10-02..2026-10-01".parse::<RowsSpan>().unwrap_err(), "2000 to 2099"),
            ("random".parse::<RowsOrder>().unwrap_err(), "shuffled"),
            ("5/m".parse::<Churn>().unwrap_err(), "5/s or 3/call"),
            ("5".parse::<Churn>().unwrap_err(), "5/s or 3/call"),
            ("1001/s".parse::<Churn>().unwrap_err(), "at most 1000;"),
        ] {
            assert!(error.to_string().contains(named), "{error}");
            assert!(error.zh().to_string().starts_with("数据行："), "{error}");
        }
    }

    /// The expected seconds are those of `date -d '… +0800' +%s` (GNU coreutils).
    #[test]
    fn a_span_is_whole_days_in_beijing() {
        let span: RowsSpan = "2026-10-01..2026-10-31".parse().unwrap();
        assert_eq!(span.seconds(), (1_790_784_000, 1_793_462_399));
    }
}
