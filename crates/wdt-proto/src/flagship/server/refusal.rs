//! What the vendor's server answers to a call that it refuses: its statuses and messages, for
//! whoever plays the server.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use super::error::VerifyError;
use crate::catalogue::{self, Field, Kind, Method};
use crate::check::{Cause, Issue, IssueCode, Report, Severity};
use crate::error_kind::ErrorKind;
use crate::flagship::status::{self, Fixed};

/// Status and message of an error reply, as the vendor's server writes them.
///
/// ```
/// use wdt_proto::{Level, Refusal, validate};
///
/// let (method, body) = ("sales.StockSync.cancelSync", b"[178238,-1,0]");
/// let report = validate(method, body, Level::Documented);
/// let refusal = Refusal::of_report(method, body, &report).unwrap();
/// assert_eq!((refusal.status(), refusal.message()), (1, "invalid argument count"));
/// assert_eq!(refusal.kind().as_str(), "parameter");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    status: i64,
    message: Cow<'static, str>,
}

impl Refusal {
    /// Something about the call is wrong, and the server does not say what.
    pub const PARAMETER: Self = Self::fixed(status::PARAMETER);
    /// More or fewer arguments than the method has.
    pub const ARGUMENT_COUNT: Self = Self::fixed(status::ARGUMENT_COUNT);
    /// An argument of a type that does not fit its place.
    pub const ARGUMENT_TYPE: Self = Self::fixed(status::ARGUMENT_TYPE);
    /// There is no such sid.
    pub const UNKNOWN_SID: Self = Self::fixed(status::UNKNOWN_SID);
    /// The sid is known, the key is not.
    pub const UNKNOWN_KEY: Self = Self::fixed(status::UNKNOWN_KEY);
    /// Another signature, or another salt, is due.
    pub const SIGNATURE: Self = Self::fixed(status::SIGNATURE);
    /// The server's database failed.
    pub const DATABASE: Self = Self::fixed(status::DATABASE);
    /// The clocks differ by too much.
    pub const CLOCK: Self = Self::fixed(status::CLOCK);
    /// The protocol version is not the server's.
    pub const VERSION: Self = Self::fixed(status::VERSION);
    /// Too many calls within a minute.
    pub const RATE_LIMIT: Self = Self::fixed(status::RATE_LIMIT);
    /// A query of a span of time lacks its beginning or its end.
    pub const SPAN_MISSING: Self = Self::fixed(status::SPAN_MISSING);
    /// There is no such record.
    pub const NO_SUCH_RECORD: Self = Self::fixed(status::NO_SUCH_RECORD);

    const fn fixed((status, message): Fixed) -> Self {
        Self { status, message: Cow::Borrowed(message) }
    }

    fn business(message: String) -> Self {
        Self::other(100, message)
    }

    /// One that this type does not know: status and message as the server would write them.
    #[must_use]
    pub fn other(status: i64, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: message.into() }
    }

    /// A paged method was called without `page_size`.
    #[must_use]
    pub fn paging_required(method: &str) -> Self {
        Self::business(format!("此方法仅支持分页查询：{method}"))
    }

    /// What the server answers to a body with the first error of a [`validate`](crate::validate)
    /// report; `None` for a report without errors. Methods are looked up in the built-in catalogue.
    ///
    /// The vendor publishes its messages, not which check yields which: the assignment is ours. The
    /// issues hold their figures, so the body is not read once more.
    #[must_use]
    pub fn of_report(method: &str, _body: &[u8], report: &Report) -> Option<Self> {
        let issue = report.issues().iter().find(|issue| issue.severity() == Severity::Error)?;
        Some(Self::of_issue(catalogue::method(method), issue))
    }

    /// What the server answers to a body with this issue, of a method from any catalogue.
    ///
    /// ```
    /// use wdt_proto::{Level, Refusal, catalogue, validate};
    ///
    /// let name = "sales.StockSync.getSelfWaitSyncIdListOpen";
    /// let report = validate(name, b"[5001,0]", Level::Documented);
    /// let refusal = Refusal::of_issue(catalogue::method(name), &report.issues()[0]);
    /// assert_eq!(refusal.message(), "countmust be less than or equal to 5000");
    /// ```
    #[must_use]
    pub fn of_issue(method: Option<Method<'_>>, issue: &Issue) -> Self {
        let field = method.and_then(|method| field_at(method, issue.pointer()));
        let name = field.map_or("", Field::name);
        let max = field.and_then(|field| field.range().1);
        let is_in_span = field.is_some_and(Field::is_in_span);
        let below = |max| Self::business(format!("{name}must be less than or equal to {max}"));
        match issue.cause() {
            Cause::TooManyArguments { .. } | Cause::MissingArgument { .. } => Self::ARGUMENT_COUNT,
            Cause::MissingField | Cause::MissingOneOf { .. } | Cause::NullForRequired
                if is_in_span =>
            {
                Self::SPAN_MISSING
            }
            Cause::MissingField | Cause::MissingOneOf { .. } | Cause::NullForRequired => {
                Self::business(format!("{name}must not be null"))
            }
            Cause::TooWide { number, .. } => match (number.parse::<i128>(), max) {
                (Ok(value), Some(max)) if value > max.into() => below(max),
                _ if number.bytes().all(|b| b.is_ascii_digit() || b == b'-') => {
                    Self::other(1, format!("For input string: \"{number}\""))
                }
                _ => Self::PARAMETER,
            },
            Cause::OutOfRange { value, max: Some(max), .. } if *value > (*max).into() => {
                below(*max)
            }
            Cause::TooManyCharacters { .. } => {
                Self::business(format!("Data truncation: Data too long for column {name}"))
            }
            Cause::NotADate { text, .. }
                if is_in_span || field.map(Field::kind) == Some(Kind::DateTime) =>
            {
                Self::business(format!("Unparseable date: {text}"))
            }
            Cause::SpanTooLong { max_seconds, .. } => {
                Self::business(format!("您的查询时间过宽,查询时间不能大于{}", span(*max_seconds)))
            }
            cause if cause.code() == IssueCode::Type => Self::ARGUMENT_TYPE,
            _ => Self::PARAMETER,
        }
    }

    /// The server's `status`.
    #[must_use]
    pub const fn status(&self) -> i64 {
        self.status
    }

    /// The server's `message`.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What it means to the caller.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::classify(self.status, &self.message)
    }
}

impl From<&VerifyError> for Refusal {
    fn from(error: &VerifyError) -> Self {
        Self::fixed(error.answer())
    }
}

fn span(seconds: i64) -> String {
    const DAY: i64 = 24 * 3600;
    if seconds % DAY == 0 {
        format!("{}天", seconds / DAY)
    } else {
        format!("{}分钟", seconds / 60)
    }
}

/// The field that a pointer leads to; elements of a list are their list's field.
fn field_at<'c>(method: Method<'c>, pointer: &str) -> Option<Field<'c>> {
    let mut steps = pointer.split('/').skip(1);
    let mut field = method.params().nth(steps.next()?.parse().ok()?)?;
    let mut in_list = field.is_list();
    for step in steps {
        if in_list {
            in_list = false;
            continue;
        }
        field = field.fields().find(|child| child.name() == step)?;
        in_list = field.is_list();
    }
    Some(field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Level, validate};
    use alloc::string::ToString;
    use alloc::vec::Vec;

    fn refusal(method: &str, body: &str) -> Option<(i64, String)> {
        let report = validate(method, body.as_bytes(), Level::Documented);
        let refusal = Refusal::of_report(method, body.as_bytes(), &report)?;
        Some((refusal.status(), refusal.message().to_string()))
    }

    /// The vendor's table; variable parts are those that it marks or shows by example.
    fn table() -> Vec<(i64, String)> {
        let rows: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../../testdata/errors.json")).unwrap();
        let row = |row: &serde_json::Value| {
            (row["status"].as_i64().unwrap(), row["message"].as_str().unwrap().to_string())
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn the_fixed_ones_stand_in_the_vendors_table() {
        let table = table();
        for refusal in [
            Refusal::PARAMETER,
            Refusal::ARGUMENT_COUNT,
            Refusal::ARGUMENT_TYPE,
            Refusal::UNKNOWN_SID,
            Refusal::UNKNOWN_KEY,
            Refusal::SIGNATURE,
            Refusal::DATABASE,
            Refusal::CLOCK,
            Refusal::VERSION,
            Refusal::RATE_LIMIT,
            Refusal::NO_SUCH_RECORD,
            Refusal::SPAN_MISSING,
            Refusal::paging_required("接口method"),
        ] {
            let row = (refusal.status(), refusal.message().to_string());
            assert!(table.contains(&row), "{row:?}");
        }
    }

    #[test]
    fn an_issue_gets_the_vendors_answer() {
        let wait = "sales.StockSync.getSelfWaitSyncIdListOpen";
        let trades = "sales.TradeQuery.queryWithDetail";
        let span = r#"[{"start_time":"2024-01-01 00:00:00","end_time":"2025-01-01 00:00:00"}]"#;
        let backwards =
            r#"[{"start_time":"2024-01-01 00:00:00","end_time":"2023-01-01 00:00:00"}]"#;
        let half = r#"[{"start_time":"2024-01-01 00:00:00"}]"#;
        let null = r#"[{"start_time":null,"end_time":"2024-01-01 00:00:00"}]"#;
        let (settlements, refunds) =
            ("finance.settle.Logistics.search", "aftersales.refund.RawRefund.search");
        let either_id = "wms.StockSpec.stockDetailSearch";
        let odd_date = r#"[{"start_time":"2023/02/06 17:59:19","end_time":"2023-02-07 00:00:00"}]"#;
        for (method, body, status, message) in [
            (wait, "[10]", 1, "invalid argument count"),
            (wait, "[10,0,0]", 1, "invalid argument count"),
            (wait, "[10,[]]", 1, "argument type mismatch"),
            (wait, "{}", 1, "参数错误"),
            (wait, "[10,", 1, "参数错误"),
            (wait, "[10,1665947116495]", 1, "For input string: \"1665947116495\""),
            (wait, "[5001,0]", 100, "countmust be less than or equal to 5000"),
            (wait, "[9,0]", 1, "参数错误"),
            (trades, odd_date, 100, "Unparseable date: 2023/02/06 17:59:19"),
            (settlements, span, 100, "您的查询时间过宽,查询时间不能大于60分钟"),
            (refunds, span, 100, "您的查询时间过宽,查询时间不能大于30天"),
            (refunds, backwards, 1, "参数错误"),
            (settlements, backwards, 1, "参数错误"),
            (settlements, half, 100, "参数中必须包含起止时间"),
            (settlements, null, 100, "参数中必须包含起止时间"),
            (settlements, "[{}]", 100, "参数中必须包含起止时间"),
            (either_id, "[{}]", 100, "stock_spec_idmust not be null"),
        ] {
            assert_eq!(refusal(method, body), Some((status, message.into())), "{body}");
        }
        assert_eq!(refusal(wait, "[10,0]"), None);
    }

    #[test]
    fn names_and_values_stand_in_the_messages() {
        let body = r#"[1,{"syn_stock":1,"stock_change_count":2,"stock_syn_rule_id":1,"stock_syn_rule_no":"x",
            "stock_syn_warehouses":"6","stock_syn_mask":0,"stock_syn_percent":100,"stock_syn_plus":0,
            "stock_syn_min":0,"stock_syn_max":0,"is_auto_listing":true,"is_auto_delisting":null}]"#;
        let method = "sales.StockSync.syncFail";
        let null = refusal(method, body).unwrap();
        assert_eq!(null, (100, "is_auto_delistingmust not be null".into()));
        let long = body.replace("null", "true").replace("\"x\"", &format!("{:?}", "x".repeat(41)));
        let long = refusal(method, &long).unwrap();
        assert_eq!(long.1, "Data truncation: Data too long for column stock_syn_rule_no");
    }
}
