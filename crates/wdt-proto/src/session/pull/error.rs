//! Why a pull cannot begin.

use alloc::string::String;
use core::fmt;

use crate::language::{Bilingual, Language, bilingual, say};

/// Why a pull cannot begin, or go on from a state.
///
/// ```
/// use wdt_proto::catalogue;
/// use wdt_proto::session::{Moment, Pull, PullError, PullOptions};
///
/// let method = catalogue::method("sales.StockSync.syncFail").unwrap();
/// let day = Moment::read("2026-05-01").unwrap();
/// let error = Pull::new(method, "{}", day, day.plus(60), day.plus(600), PullOptions::default());
/// assert!(matches!(error, Err(PullError::NoRows { .. })));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PullError {
    /// The catalogue knows no rows of this method.
    NoRows {
        /// The method.
        method: String,
    },
    /// The method is read on from a position among its arguments, not by spans or pages.
    Cursor {
        /// The method.
        method: String,
    },
    /// The arguments are no JSON object, or the method takes others besides one object.
    NotAnObject,
    /// The arguments hold a field that the pull itself sets.
    SpanGiven {
        /// The field.
        field: String,
    },
    /// The span ends before it begins.
    Reversed,
    /// The page size is none that a page can have.
    PageSize,
    /// The text is no state of a pull of this version.
    NotAState,
    /// The state is that of another method, account or other arguments.
    OtherPull {
        /// What differs: `method`, `account`, `arguments`.
        what: &'static str,
    },
}

bilingual!(PullError);

impl Bilingual for PullError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRows { method } => say!(
                f,
                language,
                "the catalogue knows no rows of {method}: only queries can be pulled",
                "接口目录里没有 {method} 的数据行：只有查询接口可以拉取"
            ),
            Self::Cursor { method } => say!(
                f,
                language,
                "{method} is read on from a position among its arguments: call it in a loop",
                "{method} 按参数里的位置往下读：请循环调用它"
            ),
            Self::NotAnObject => say!(
                f,
                language,
                "the arguments of a pull are one JSON object of filters, {{}} for none",
                "拉取的参数是一个 JSON 对象（筛选条件），没有条件时写 {{}}"
            ),
            Self::SpanGiven { field } => say!(
                f,
                language,
                "{field} is set by the pull; give since and until instead",
                "{field} 由拉取自己设置；请改给 since 和 until"
            ),
            Self::Reversed => {
                say!(f, language, "until lies before since", "until 早于 since")
            }
            Self::PageSize => say!(
                f,
                language,
                "the page size must be from 1 to what the method allows",
                "每页行数必须在 1 到接口允许的上限之间"
            ),
            Self::NotAState => say!(
                f,
                language,
                "this is no state of a pull; begin without one, or give the text of the last batch",
                "这不是拉取的状态；请不带状态重新开始，或给出最后一批数据附带的文本"
            ),
            Self::OtherPull { what } => say!(
                f,
                language,
                "the state belongs to another pull: its {what} differ",
                "这个状态属于另一次拉取：{what} 不一样"
            ),
        }
    }
}

impl core::error::Error for PullError {}
