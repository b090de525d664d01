//! What a pull is asked for, and what it tells.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::flagship::Pager;
use crate::language::{Bilingual, Language, bilingual, say};
use crate::session::Moment;

/// How a pull goes about it.
///
/// ```
/// use wdt_proto::session::PullOptions;
///
/// let options = PullOptions { overlap: 3600, ..PullOptions::default() };
/// assert_eq!((options.lag, options.page_size), (60, None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullOptions {
    /// Rows a page; by default what the page of the vendor advises, else 200.
    pub page_size: Option<u32>,
    /// Seconds that must have passed before they are asked for: rows may become visible late.
    pub lag: u32,
    /// How many seconds earlier a continued pull begins.
    pub overlap: u32,
    /// Whose rows they are, the merchant's `sid`: a state of another one is refused.
    pub account: String,
}

impl Default for PullOptions {
    fn default() -> Self {
        Self { page_size: None, lag: 60, overlap: 600, account: String::new() }
    }
}

/// A call to make.
///
/// ```
/// # use wdt_proto::catalogue;
/// # use wdt_proto::session::{Moment, Pull, PullOptions};
/// let method = catalogue::method("setting.Shop.queryShop").unwrap();
/// let now = Moment::read("2026-05-02").unwrap();
/// // Of a method without a span all rows are read.
/// let pull = Pull::new(method, "{}", now, now, now, PullOptions::default())?;
/// let ask = pull.ask().unwrap();
/// assert_eq!((ask.body.as_str(), ask.pager.page_no(), ask.pager.calc_total()), ("[{}]", 0, true));
/// # Ok::<(), wdt_proto::session::PullError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The arguments, as a JSON array.
    pub body: String,
    /// The page.
    pub pager: Pager,
}

/// Rows to keep, and the state to keep with them, in one transaction.
///
/// ```
/// # use wdt_proto::catalogue;
/// # use wdt_proto::session::{Moment, Pull, PullOptions};
/// let method = catalogue::method("sales.TradeQuery.queryWithDetail").unwrap();
/// let since = Moment::read("2026-05-01 10:00:00").unwrap();
/// let (until, now) = (since.plus(60), since.plus(7200));
/// let mut pull = Pull::new(method, "{}", since, until, now, PullOptions::default())?;
/// let batch = pull.take(r#"{"order":[{"trade_id":7}]}"#, Some(1)).unwrap();
/// assert_eq!((batch.rows.len(), batch.until), (1, until));
///
/// // From its state a later pull goes on.
/// let (until, now) = (since.plus(3600), since.plus(9000));
/// let later =
///     Pull::resume(method, "{}", since, until, now, PullOptions::default(), &batch.state)?;
/// assert!(later.ask().is_some());
/// # Ok::<(), wdt_proto::session::PullError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The rows, each as its JSON text. There may be none: the state has moved on.
    pub rows: Vec<String>,
    /// The first second that they are of.
    pub since: Moment,
    /// The last second that they are of.
    pub until: Moment,
    /// From here a later pull goes on.
    pub state: String,
}

/// A part of the span that could not be read. A later pull with the state takes it up.
///
/// ```
/// # use wdt_proto::catalogue;
/// # use wdt_proto::session::{Moment, Pull, PullOptions};
/// # let method = catalogue::method("sales.TradeQuery.queryWithDetail").unwrap();
/// # let since = Moment::read("2026-05-01 10:00:00").unwrap();
/// # let (until, now) = (since.plus(60), since.plus(7200));
/// let mut pull = Pull::new(method, "{}", since, until, now, PullOptions::default())?;
/// pull.fail("the connection broke");
/// let failed = &pull.report().failed[0];
/// assert_eq!((failed.since, failed.until), (since, until));
/// assert_eq!(failed.why.to_string(), "the connection broke");
/// # Ok::<(), wdt_proto::session::PullError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedSpan {
    /// Its first second.
    pub since: Moment,
    /// Its last second.
    pub until: Moment,
    /// Why.
    pub why: FailedWhy,
}

/// Why a part of the span could not be read. `Display` is English, [`zh`](FailedWhy::zh) Chinese.
///
/// ```
/// use wdt_proto::session::FailedWhy;
///
/// assert_eq!(FailedWhy::ShortPage.to_string(), "a page has fewer rows than its total says");
/// assert_eq!(FailedWhy::ShortPage.zh().to_string(), "有一页的行数比总数说的少");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailedWhy {
    /// The call failed: the words of whoever made it.
    Call(String),
    /// The reply's `data` is no list of rows.
    NotRows,
    /// A page that is not the last has room for more rows, again and again.
    ShortPage,
    /// All pages together have fewer rows than the total, again and again.
    ShortPages,
}

/// What has no words of a caller's is kept in a state by these.
const CODES: [(FailedWhy, &str); 3] = [
    (FailedWhy::NotRows, "#not_rows"),
    (FailedWhy::ShortPage, "#short_page"),
    (FailedWhy::ShortPages, "#short_pages"),
];

impl FailedWhy {
    /// As a state keeps it.
    pub(super) fn kept(&self) -> &str {
        match self {
            Self::Call(why) => why,
            _ => CODES.iter().find(|(why, _)| why == self).map_or("", |(_, code)| code),
        }
    }

    pub(super) fn of_kept(text: String) -> Self {
        let known = CODES.iter().find(|(_, code)| *code == text);
        known.map_or(Self::Call(text), |(why, _)| why.clone())
    }
}

bilingual!(FailedWhy);

impl Bilingual for FailedWhy {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(why) => f.write_str(why),
            Self::NotRows => {
                say!(
                    f,
                    language,
                    "the reply's data is no list of rows",
                    "应答的 data 不是数据行列表"
                )
            }
            Self::ShortPage => say!(
                f,
                language,
                "a page has fewer rows than its total says",
                "有一页的行数比总数说的少"
            ),
            Self::ShortPages => say!(
                f,
                language,
                "its pages have fewer rows than its total says, read three times",
                "读了三遍，各页合起来的行数还是比总数少"
            ),
        }
    }
}

/// What a pull has done so far.
///
/// ```
/// use wdt_proto::session::PullReport;
///
/// let report = PullReport::default();
/// assert_eq!((report.rows, report.calls), (0, 0));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullReport {
    /// Rows handed out.
    pub rows: u64,
    /// Calls answered.
    pub calls: u64,
    /// The least calls that could have brought as many rows: as many as the longest windows, or as
    /// full pages.
    pub least_calls: u64,
    /// Windows read whole.
    pub windows: u64,
    /// What failed in this pull or before, and has not been read since.
    pub failed: Vec<FailedSpan>,
}
