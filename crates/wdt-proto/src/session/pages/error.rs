//! Why the pages of a query cannot be read on.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::check::{Found, ValidationError};
use crate::language::{Bilingual, Language, bilingual, say};

/// Why the pages of a query cannot be read, or not to their end.
///
/// ```
/// use wdt_proto::catalogue;
/// use wdt_proto::session::{Pages, PagesError, PagesOptions};
///
/// let name = "sales.StockSync.syncFail";
/// let error = Pages::new(name, catalogue::method(name), PagesOptions::default()).unwrap_err();
/// assert_eq!(error.to_string(), "sales.StockSync.syncFail is not paged: use call");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PagesError {
    /// The method is documented, and without pages.
    NotPaged {
        /// The method.
        method: String,
    },
    /// The page size is none that a pager takes.
    PageSize(ValidationError),
    /// The last page was taken already.
    Over,
    /// The page has the same rows as the one before.
    SamePage {
        /// The method.
        method: String,
        /// Which page it is.
        page: u64,
        /// Which one has the same.
        before: u64,
    },
    /// The page is empty, read twice, though there are more rows before it ends.
    EmptyPage {
        /// The method.
        method: String,
        /// Which page it is.
        page: u64,
        /// How many rows there are to be.
        total: u64,
    },
    /// The first page of a list that is to drain has no row that is new.
    NotAcknowledged {
        /// The method.
        method: String,
    },
    /// `data` is neither a list nor an object.
    NoRows {
        /// The method.
        method: String,
        /// What it is.
        found: Found,
    },
    /// `data` has no list of the name that was asked for.
    NoList {
        /// The method.
        method: String,
        /// The name.
        key: String,
        /// The lists that it has.
        names: Vec<String>,
    },
    /// `data` has several lists.
    WhichList {
        /// The method.
        method: String,
        /// Their names.
        names: Vec<String>,
    },
}

bilingual!(PagesError);

impl Bilingual for PagesError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPaged { method } => say!(
                f,
                language,
                "{method} is not paged: use call",
                "{method} 不是分页接口，请用 call"
            ),
            Self::PageSize(error) => error.write(language, f),
            Self::Over => {
                say!(f, language, "the last page was taken already", "最后一页已经取过了")
            }
            Self::SamePage { method, page, before } => say!(
                f,
                language,
                "{method}: page {page} is page {before} once more; the platform does not page this \
                 query: use call",
                "{method}：第 {page} 页与第 {before} 页相同；平台对这个查询不分页，请用 call"
            ),
            Self::EmptyPage { method, page, total } => say!(
                f,
                language,
                "{method}: page {page} is empty, read twice, though there are to be {total} rows: \
                 some are missing; ask again, or for a shorter span of time",
                "{method}：第 {page} 页读了两次都是空的，但总数是 {total} 行：有行没取到；请重新查询，或缩短时间段"
            ),
            Self::NotAcknowledged { method } => say!(
                f,
                language,
                "{method}: the first page has no row that is new; acknowledge each page's rows \
                 before you ask for the next",
                "{method}：首页没有新的行；请先确认（回传）每一页的行，再取下一页"
            ),
            Self::NoRows { method, found } => {
                let found = found.text(language);
                say!(
                    f,
                    language,
                    "{method}: data is {found}, which holds no rows: use call",
                    "{method}：data 是{found}，里面没有行，请用 call"
                )
            }
            Self::NoList { method, key, names } => {
                let names = listed(names, language);
                say!(
                    f,
                    language,
                    "{method}: data has no list '{key}'; it has {names}",
                    "{method}：data 里没有列表 '{key}'，有的是 {names}"
                )
            }
            Self::WhichList { method, names } => {
                let first = names.first().map_or("", String::as_str);
                let names = listed(names, language);
                say!(
                    f,
                    language,
                    "{method}: the rows may be {names}: say which, rows='{first}'",
                    "{method}：行可能在 {names} 里，请指明是哪个：rows='{first}'"
                )
            }
        }
    }
}

impl core::error::Error for PagesError {}

fn listed(names: &[String], language: Language) -> String {
    if names.is_empty() {
        return if language == Language::Chinese { "（无）" } else { "none" }.into();
    }
    names.iter().map(|name| alloc::format!("'{name}'")).collect::<Vec<_>>().join(", ")
}
