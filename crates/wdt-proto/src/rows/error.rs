//! Why there are no typed rows at all.

use alloc::string::{String, ToString};
use core::fmt;

use crate::check::{Cause, Found, Issue, IssueCode, ValidationError};
use crate::json::SyntaxError;
use crate::language::{Bilingual, Language, bilingual, say};

/// Why a text cannot be read as rows of a method.
///
/// ```
/// use wdt_proto::{RowsError, typed_rows};
///
/// let error = typed_rows("sales.StockSync.syncFail", "[]").unwrap_err();
/// assert_eq!(error, RowsError::NoRows { method: "sales.StockSync.syncFail".into() });
/// assert_eq!(error.to_string(), "sales.StockSync.syncFail is not known to return rows");
/// assert_eq!(error.zh().to_string(), "接口目录里没有 sales.StockSync.syncFail 返回数据行的说明");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowsError {
    /// The catalogue does not know the method.
    UnknownMethod {
        /// Its name.
        method: String,
        /// The known method that it resembles.
        similar: Option<String>,
    },
    /// The catalogue knows of no rows of this method.
    NoRows {
        /// The method.
        method: String,
    },
    /// The text is not JSON, or nested past the limit.
    NotJson(SyntaxError),
    /// The text has more bytes than the limit.
    TooLarge {
        /// How many it has.
        bytes: usize,
        /// The limit.
        max_bytes: usize,
    },
    /// Neither a list nor the `data` that holds one.
    NotRows {
        /// What was given.
        found: Found,
    },
    /// An object that is not the reply's `data`: it lacks the list of the rows. A single row, perhaps.
    NoList {
        /// The list's name.
        list: String,
    },
    /// The list of the rows comes twice.
    TwoLists {
        /// The list's name.
        list: String,
    },
}

bilingual!(RowsError);

impl Bilingual for RowsError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownMethod { method, similar: None } => say!(
                f,
                language,
                "the catalogue does not know {method:?}",
                "接口目录里没有 {method:?}"
            ),
            Self::UnknownMethod { method, similar: Some(similar) } => say!(
                f,
                language,
                "the catalogue does not know {method:?}; did you mean {similar}?",
                "接口目录里没有 {method:?}，是不是 {similar}？"
            ),
            Self::NoRows { method } => say!(
                f,
                language,
                "{method} is not known to return rows",
                "接口目录里没有 {method} 返回数据行的说明"
            ),
            Self::NotJson(error) => error.write(language, f),
            Self::TooLarge { bytes, max_bytes } => say!(
                f,
                language,
                "{bytes} bytes, the limit is {max_bytes}",
                "{bytes} 字节，上限是 {max_bytes}"
            ),
            Self::NotRows { found } => {
                let found = found.text(language);
                say!(
                    f,
                    language,
                    "expected a list of rows or the reply's data, found {found}",
                    "应为数据行的列表或应答的 data，实际是{found}"
                )
            }
            Self::NoList { list } => say!(
                f,
                language,
                "expected a list of rows, or the reply's data with its list {list}; a single row goes \
                 into a list",
                "应为数据行的列表，或带 {list} 列表的应答 data；单独一行请放进列表"
            ),
            Self::TwoLists { list } => {
                say!(f, language, "the list {list} comes twice", "列表 {list} 出现了两次")
            }
        }
    }
}

impl core::error::Error for RowsError {}

impl RowsError {
    /// The kind of mistake, as for an issue of a request.
    #[must_use]
    pub const fn code(&self) -> IssueCode {
        match self {
            Self::UnknownMethod { .. } | Self::NoRows { .. } => IssueCode::UnknownMethod,
            Self::NotJson(_) => IssueCode::NotJson,
            Self::TooLarge { .. } => IssueCode::TooLong,
            Self::NotRows { .. } | Self::NoList { .. } => IssueCode::Type,
            Self::TwoLists { .. } => IssueCode::DuplicateField,
        }
    }

    /// The argument that it is about: `method` or `rows`.
    #[must_use]
    pub const fn argument(&self) -> &'static str {
        match self {
            Self::UnknownMethod { .. } | Self::NoRows { .. } => "method",
            _ => "rows",
        }
    }
}

impl From<SyntaxError> for RowsError {
    fn from(error: SyntaxError) -> Self {
        Self::NotJson(error)
    }
}

/// For a program that reports it as it reports what is wrong with a request.
impl From<RowsError> for ValidationError {
    fn from(error: RowsError) -> Self {
        let cause = Cause::stated(error.code(), error.to_string(), error.zh().to_string());
        Issue::of(error.argument(), cause).into()
    }
}
