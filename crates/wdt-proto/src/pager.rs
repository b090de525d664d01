//! Paging, which travels in the query and never in the body.

use crate::issue::{Issue, IssueCode, ValidationError};

/// Which page of a paged method: `page_size`, `page_no` (from 0), `calc_total`.
///
/// How large a page may be differs from method to method; here only what the wire can carry is
/// checked.
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

fn fit(name: &'static str, value: i64, least: i32) -> Result<i32, Issue> {
    i32::try_from(value).ok().filter(|v| *v >= least).ok_or_else(|| {
        let what = alloc::format!("must be from {least} to {}", i32::MAX);
        Issue::parameter(name, IssueCode::OutOfRange, &what)
    })
}
