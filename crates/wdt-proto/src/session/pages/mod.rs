//! Page after page of a query: which page is next, which rows a reply has, and which were had before.

mod error;
mod lists;

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

pub use error::PagesError;

use super::alike::Alike;
use crate::catalogue::{Field, Kind, Method};
use crate::digest::short as hash;
use crate::flagship::Pager;

/// How the pages of a query are read.
///
/// ```
/// use wdt_proto::session::PagesOptions;
///
/// let options = PagesOptions { drains: true, ..PagesOptions::default() };
/// assert!(options.with_total && options.rows.is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagesOptions {
    /// Rows a page; by default [`Pages::PAGE_SIZE`], or the documented limit where that is smaller.
    pub page_size: Option<i64>,
    /// The list in `data` that holds the rows, where the catalogue and the reply leave that open.
    pub rows: Option<String>,
    /// Whether the first page is asked for the total.
    pub with_total: bool,
    /// The list shrinks as its rows are acknowledged: the first page is asked for until it is empty.
    pub drains: bool,
}

impl Default for PagesOptions {
    fn default() -> Self {
        Self { page_size: None, rows: None, with_total: true, drains: false }
    }
}

/// The rows of one page that were not on an earlier one.
///
/// ```
/// use wdt_proto::session::{Pages, PagesOptions};
///
/// let mut pages = Pages::new("no.such.method", None, PagesOptions::default())?;
/// let page = pages.take(r#"{"orders":[7,8],"note":[]}"#, Some(2));
/// assert!(page.is_err(), "which of the two lists?");
/// let page = pages.take(r#"{"orders":[7,8]}"#, Some(2))?;
/// assert_eq!((page.list, page.rows), (Some("orders".to_owned()), vec![(0, "7"), (1, "8")]));
/// # Ok::<(), wdt_proto::session::PagesError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<'a> {
    /// The list in `data` that they are from; `None` where `data` is the list.
    pub list: Option<String>,
    /// Each with its place in that list.
    pub rows: Vec<(usize, &'a str)>,
}

/// The pages of one query: [`ask`](Pages::ask) for a page, [`take`](Pages::take) its reply, until
/// there is nothing more to ask.
///
/// Where the vendor says that rows move and the first page does not hold them all, the pages are
/// read from the last to the first: rows that leave meanwhile let others come twice, which are
/// handed out once, and never not at all. The end is where the total of the first page says; without
/// a total, at a page with fewer rows than one can have. An empty page below the total is read
/// again, then it is an error: rows would be missing.
///
/// ```
/// use wdt_proto::catalogue;
/// use wdt_proto::session::{Pages, PagesOptions};
///
/// let name = "sales.TradeQuery.queryWithDetail";
/// let options = PagesOptions { page_size: Some(2), ..PagesOptions::default() };
/// let mut pages = Pages::new(name, catalogue::method(name), options)?;
/// let of_page = [r#"{"order":[1,2]}"#, r#"{"order":[3,4]}"#, r#"{"order":[5]}"#];
/// let mut asked = Vec::new();
/// while let Some(pager) = pages.ask() {
///     asked.push(pager.page_no());
///     pages.take(of_page[pager.page_no() as usize], pager.calc_total().then_some(5))?;
/// }
/// assert_eq!((asked, pages.rows()), (vec![0, 2, 1, 0], 5));
/// # Ok::<(), wdt_proto::session::PagesError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Pages {
    method: String,
    pager: Option<Pager>,
    options: PagesOptions,
    /// Lists of objects that the reply's `data` is documented to hold.
    documented: Vec<String>,
    moves: bool,
    /// How many rows a page has that is not the last.
    full: Option<u64>,
    is_backwards: bool,
    is_reread: bool,
    total: Option<u64>,
    /// Of the page before, if this one must differ.
    last: Option<u64>,
    /// Of all rows, where one may come twice.
    seen: BTreeSet<u64>,
    received: u64,
    rows: u64,
}

impl Pages {
    /// Rows a page where nothing else is said.
    pub const PAGE_SIZE: i64 = 100;

    /// Begins before the first page; `known` is what the catalogue has of the method.
    ///
    /// # Errors
    /// [`PagesError`] for a method that is not paged, and for a page size that no pager takes.
    pub fn new(
        method: &str,
        known: Option<Method<'_>>,
        options: PagesOptions,
    ) -> Result<Self, PagesError> {
        let method = method.to_owned();
        if known.is_some_and(|known| known.is_documented() && !known.is_paged()) {
            return Err(PagesError::NotPaged { method });
        }
        let most = known.and_then(Method::page_size_max).map(i64::from);
        let size =
            options.page_size.unwrap_or_else(|| Self::PAGE_SIZE.min(most.unwrap_or(i64::MAX)));
        let pager = Pager::new(size, 0).map_err(PagesError::PageSize)?;
        Ok(Self {
            method,
            pager: Some(if options.with_total { pager.with_total() } else { pager }),
            documented: known.map(documented_lists).unwrap_or_default(),
            moves: known.is_some_and(Method::pages_from_back) && !options.drains,
            // Beyond the documented limit a platform may give fewer rows than it was asked for.
            full: most.filter(|most| size <= *most).map(|_| size.unsigned_abs()),
            options,
            is_backwards: false,
            is_reread: false,
            total: None,
            last: None,
            seen: BTreeSet::new(),
            received: 0,
            rows: 0,
        })
    }

    /// The next page; `None` where all have been read.
    #[must_use]
    pub fn ask(&self) -> Option<Pager> {
        self.pager
    }

    /// The pages received.
    #[must_use]
    pub fn pages(&self) -> u64 {
        self.received
    }

    /// The rows handed out.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many rows there are, where the platform said so.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Takes the reply to the page that was asked for: its `data` and its total.
    ///
    /// # Errors
    /// [`PagesError`] where it is not clear which list holds the rows, where a page comes a second
    /// time, or is empty though there are more rows.
    pub fn take<'a>(&mut self, data: &'a str, total: Option<u64>) -> Result<Page<'a>, PagesError> {
        let pager = self.pager.ok_or(PagesError::Over)?;
        let (list, rows) = lists::rows(self, data)?;
        let count = rows.len() as u64;
        let page = u64::from(pager.page_no().unsigned_abs());
        let is_empty = rows.is_empty();
        let digest = Some(hash(&rows)).filter(|_| !is_empty);
        if digest.is_some() && digest == self.last && !self.options.drains && !self.is_reread {
            let before = if self.is_backwards { 0 } else { page - 1 };
            return Err(PagesError::SamePage { method: self.method.clone(), page, before });
        }
        self.received += 1;
        // Some platforms tell a total of 0 with later pages: the first page's stands.
        self.total = self.total.max(total);
        let size = u64::from(pager.page_size().unsigned_abs());
        let turns_back = self.moves
            && self.received == 1
            && !is_empty
            && self.total.is_some_and(|total| total > count);
        if turns_back {
            // Its rows are read again at the end: by then others have taken their places.
            let full = size.min(count);
            self.full = Some(full);
            self.is_backwards = true;
            self.last = digest;
            let behind = self.total.unwrap_or(0).div_ceil(full);
            self.pager = next(pager, behind - 1);
            return Ok(Page { list, rows: Vec::new() });
        }
        let rows: Vec<(usize, &str)> = rows.into_iter().enumerate().collect();
        let fresh = if self.is_backwards || self.options.drains { self.fresh(rows) } else { rows };
        self.rows += fresh.len() as u64;
        if self.options.drains {
            if !is_empty && fresh.is_empty() {
                return Err(PagesError::NotAcknowledged { method: self.method.clone() });
            }
            self.pager = if is_empty { None } else { next(pager, 0) };
            return Ok(Page { list, rows: fresh });
        }
        let full = *self.full.get_or_insert(count);
        let before = if self.is_backwards { page * full } else { self.rows };
        if is_empty && page > 0 {
            let due = if self.is_reread { total.or(self.total) } else { self.total };
            if due.is_some_and(|due| due > before) {
                if self.is_reread {
                    let method = self.method.clone();
                    return Err(PagesError::EmptyPage { method, page, total: due.unwrap_or(0) });
                }
                // With the total once more: perhaps those rows have left.
                self.is_reread = true;
                self.pager = next(pager, page).map(Pager::with_total);
                return Ok(Page { list, rows: fresh });
            }
        }
        self.is_reread = false;
        // From the back a page may be like the one before: all rows have slid by one page.
        self.last = digest.filter(|_| !self.is_backwards);
        self.pager = if self.is_backwards {
            page.checked_sub(1).and_then(|page| next(pager, page))
        } else {
            let more = self.total.map_or(count >= full, |total| self.rows < total);
            if is_empty || !more { None } else { next(pager, page + 1) }
        };
        Ok(Page { list, rows: fresh })
    }

    /// Those of a page that were on none before.
    fn fresh<'a>(&mut self, rows: Vec<(usize, &'a str)>) -> Vec<(usize, &'a str)> {
        let mut alike = Alike::default();
        let mut is_fresh = |row: &str| self.seen.insert(alike.id(hash(&[row])));
        rows.into_iter().filter(|(_, row)| is_fresh(row)).collect()
    }
}

fn next(pager: Pager, page: u64) -> Option<Pager> {
    Pager::new(pager.page_size().into(), i64::try_from(page).ok()?).ok()
}

/// The lists of objects that the reply's `data` is documented to hold.
fn documented_lists(method: Method<'_>) -> Vec<String> {
    let is_list = |field: &Field<'_>| field.is_list() && field.kind() == Kind::Object;
    let data = method.response().filter(|field| field.name() == "data");
    data.flat_map(Field::fields).filter(is_list).map(|field| field.name().to_owned()).collect()
}
