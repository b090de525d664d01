//! The vendor's statuses: what our own server answers, and what each means to a caller.

use crate::error_kind::ErrorKind;

/// Status and message of a reply, where no part of it varies.
pub(crate) type Fixed = (i64, &'static str);

pub(crate) const SIGNATURE: Fixed = (1, "验证失败");
pub(crate) const UNKNOWN_KEY: Fixed = (1, "app auth fail");
pub(crate) const UNKNOWN_SID: Fixed = (1, "sid is not exists");
pub(crate) const PARAMETER: Fixed = (1, "参数错误");
pub(crate) const ARGUMENT_COUNT: Fixed = (1, "invalid argument count");
pub(crate) const ARGUMENT_TYPE: Fixed = (1, "argument type mismatch");
pub(crate) const DATABASE: Fixed = (4, "数据库错误");
pub(crate) const CLOCK: Fixed = (7, "时间戳错误");
pub(crate) const VERSION: Fixed = (8, "版本错误");
pub(crate) const RATE_LIMIT: Fixed = (100, "超过每分钟最大调用频率限制，请稍后重试");
pub(crate) const SPAN_MISSING: Fixed = (100, "参数中必须包含起止时间");
pub(crate) const NO_SUCH_RECORD: Fixed = (100, "单据不存在");

/// The `code` that a reply may have beside its status where the caller lacks a right, whatever the
/// status and the message say.
pub(crate) const RIGHT_REQUIRED: &str = "right.required";

/// What a status means, told by what its message holds; `""`: whatever it says. The
/// first row that fits counts.
const KINDS: &[(i64, &str, ErrorKind)] = &[
    (1, SIGNATURE.1, ErrorKind::Authentication),
    (1, UNKNOWN_KEY.1, ErrorKind::Authentication),
    (1, "sid is not ", ErrorKind::Authentication),
    (1, "", ErrorKind::Parameter),
    (2, "", ErrorKind::Parameter),
    (3, "", ErrorKind::Authentication),
    (4, "", ErrorKind::Server),
    (5, "", ErrorKind::Server),
    (6, "", ErrorKind::Permission),
    (7, "", ErrorKind::Timestamp),
    (8, "", ErrorKind::Version),
    (100, "超过每分钟最大调用频率限制", ErrorKind::RateLimit),
    (100, "超过每分钟最大并发次数限制", ErrorKind::RateLimit),
    (100, "权限不足", ErrorKind::Permission),
    (100, "无仓库访问权限", ErrorKind::Permission),
    // In the vendor's error table, for methods closed to merchants.
    (100, "used internal only", ErrorKind::Permission),
    (100, "", ErrorKind::Business),
    // Unknown Database Error, in the pages' own examples.
    (1064, "", ErrorKind::Server),
];

impl ErrorKind {
    /// Sorts a status; some are told apart by their message.
    ///
    /// ```
    /// use wdt_proto::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::classify(1, "验证失败"), ErrorKind::Authentication);
    /// assert_eq!(ErrorKind::classify(1, "invalid argument count"), ErrorKind::Parameter);
    /// ```
    #[must_use]
    pub fn classify(status: i64, message: &str) -> Self {
        let fits =
            |(number, text, _): &&(i64, &str, Self)| *number == status && message.contains(text);
        KINDS.iter().find(fits).map_or(Self::Unknown, |(_, _, kind)| *kind)
    }
}
