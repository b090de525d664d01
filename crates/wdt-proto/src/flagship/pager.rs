//! Paging, which travels in the query and never in the body.

use alloc::borrow::ToOwned;

use crate::catalogue::Method;
use crate::check::{Cause, Issue, ValidationError};

/// Which page of a paged method: `page_size`, `page_no` (from 0), `calc_total`.
///
/// Here only what the wire can carry is checked. How large a page may be differs from method to
/// method: see [`Method::paging_issue`](crate::catalogue::Method::paging_issue).
///
/// ```
/// use wdt_proto::Pager;
///
/// let first = Pager::new(100, 0)?.with_total();
/// assert_eq!((first.page_size(), first.page_no(), first.calc_total()), (100, 0, true));
/// let error = Pager::new(0, 0).unwrap_err();
/// assert_eq!(error.to_string(), "page_size: must be from 1 to 2147483647");
/// # Ok::<(), wdt_proto::ValidationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pager {
    page_size: i32,
    page_no: i32,
    calc_total: bool,
}

impl Pager {
    /// Rows per page, from 1, and the page's number, from 0. The total is not asked for.
    ///
    /// # Errors
    /// [`ValidationError`] with the code `out_of_range` when a number does not fit: 1 to
    /// 2 147 483 647 for `page_size`, 0 to 2 147 483 647 for `page_no`.
    pub fn new(page_size: i64, page_no: i64) -> Result<Self, ValidationError> {
        Ok(Self {
            page_size: fit("page_size", page_size, 1)?,
            page_no: fit("page_no", page_no, 0)?,
            calc_total: false,
        })
    }

    /// The same page, with the total asked for. The server counts all rows for it, which is slow:
    /// ask on the first page only.
    #[must_use]
    pub const fn with_total(self) -> Self {
        Self { calc_total: true, ..self }
    }

    /// Rows per page.
    #[must_use]
    pub const fn page_size(self) -> i32 {
        self.page_size
    }

    /// The page's number, from 0.
    #[must_use]
    pub const fn page_no(self) -> i32 {
        self.page_no
    }

    /// Whether the total is asked for.
    #[must_use]
    pub const fn calc_total(self) -> bool {
        self.calc_total
    }
}

impl Method<'_> {
    /// What is wrong with a call with this pager, or without one. A request is built all the same:
    /// pages name paging for methods that need none, and only the platform knows.
    ///
    /// The codes: `missing` for a paged method without a pager, `out_of_range` for more rows than
    /// [`Method::page_size_max`], `unknown_field` for a pager that no page documents. Nothing is
    /// said of a method that is known by its name only.
    ///
    /// ```
    /// use wdt_proto::{IssueCode, Pager, catalogue};
    ///
    /// let method = catalogue::method("wms.StockSpec.search").unwrap();
    /// let issue = method.paging_issue(None).unwrap();
    /// assert_eq!((issue.label(), issue.code()), ("page_size", IssueCode::Missing));
    /// let issue = method.paging_issue(Some(Pager::new(1001, 0)?)).unwrap();
    /// assert_eq!(issue.message(), "page_size: 1001 rows, at most 1000 are documented");
    /// assert_eq!(method.paging_issue(Some(Pager::new(1000, 0)?)), None);
    /// # Ok::<(), wdt_proto::ValidationError>(())
    /// ```
    #[must_use]
    pub fn paging_issue(self, pager: Option<Pager>) -> Option<Issue> {
        let method = || self.name().to_owned();
        let cause = match pager {
            _ if !self.is_documented() => return None,
            // The place from which to read on is among the arguments.
            None if self.has_cursor() => return None,
            None if self.is_paged() => Cause::NoPager { method: method() },
            Some(_) if !self.is_paged() => Cause::NotPaged { method: method() },
            Some(pager) => {
                let (rows, max) = (pager.page_size, self.page_size_max()?);
                if rows.unsigned_abs() <= max {
                    return None;
                }
                Cause::PageTooLarge { rows, max }
            }
            None => return None,
        };
        Some(Issue::of("page_size", cause))
    }
}

fn fit(name: &'static str, value: i64, least: i32) -> Result<i32, Issue> {
    i32::try_from(value).ok().filter(|v| *v >= least).ok_or_else(|| {
        let cause = Cause::ParameterRange { min: least.into(), max: i32::MAX.into() };
        Issue::of(name, cause)
    })
}
