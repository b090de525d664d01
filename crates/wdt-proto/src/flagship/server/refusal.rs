//! What the vendor's server answers to a call that it refuses: its statuses and messages, for
//! whoever plays the server.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use super::verify::VerifyError;
use crate::catalogue::{self, Field, Kind, Method};
use crate::check::{Issue, IssueCode, Limits, Report, SPAN_TOO_LONG, Severity};
use crate::error_kind::ErrorKind;
use crate::json::{Event, Reader};

/// Status and message where no part varies.
pub(crate) type Fixed = (i64, &'static str);

/// The rows of the vendor's error table that are used here.
pub(crate) mod table {
    use super::Fixed;

    pub(crate) const PARAMETER: Fixed = (1, "参数错误");
    pub(crate) const ARGUMENT_COUNT: Fixed = (1, "invalid argument count");
    pub(crate) const ARGUMENT_TYPE: Fixed = (1, "argument type mismatch");
    pub(crate) const UNKNOWN_SID: Fixed = (1, "sid is not exists");
    pub(crate) const UNKNOWN_KEY: Fixed = (1, "app auth fail");
    pub(crate) const SIGNATURE: Fixed = (1, "验证失败");
    pub(crate) const DATABASE: Fixed = (4, "数据库错误");
    pub(crate) const CLOCK: Fixed = (7, "时间戳错误");
    pub(crate) const VERSION: Fixed = (8, "版本错误");
    pub(crate) const RATE_LIMIT: Fixed = (100, "超过每分钟最大调用频率限制，请稍后重试");
    pub(crate) const NO_SUCH_RECORD: Fixed = (100, "单据不存在");
}

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
    pub const PARAMETER: Self = Self::fixed(table::PARAMETER);
    /// More or fewer arguments than the method has.
    pub const ARGUMENT_COUNT: Self = Self::fixed(table::ARGUMENT_COUNT);
    /// An argument of a type that does not fit its place.
    pub const ARGUMENT_TYPE: Self = Self::fixed(table::ARGUMENT_TYPE);
    /// There is no such sid.
    pub const UNKNOWN_SID: Self = Self::fixed(table::UNKNOWN_SID);
    /// The sid is known, the key is not.
    pub const UNKNOWN_KEY: Self = Self::fixed(table::UNKNOWN_KEY);
    /// Another signature, or another salt, is due.
    pub const SIGNATURE: Self = Self::fixed(table::SIGNATURE);
    /// The server's database failed.
    pub const DATABASE: Self = Self::fixed(table::DATABASE);
    /// The clocks differ by too much.
    pub const CLOCK: Self = Self::fixed(table::CLOCK);
    /// The protocol version is not the server's.
    pub const VERSION: Self = Self::fixed(table::VERSION);
    /// Too many calls within a minute.
    pub const RATE_LIMIT: Self = Self::fixed(table::RATE_LIMIT);
    /// There is no such record.
    pub const NO_SUCH_RECORD: Self = Self::fixed(table::NO_SUCH_RECORD);

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
    /// The vendor publishes its messages, not which check yields which: the assignment is ours.
    #[must_use]
    pub fn of_report(method: &str, body: &[u8], report: &Report) -> Option<Self> {
        let issue = report.issues().iter().find(|issue| issue.severity() == Severity::Error)?;
        Some(Self::of_issue(catalogue::method(method), body, issue))
    }

    fn of_issue(method: Option<Method<'_>>, body: &[u8], issue: &Issue) -> Self {
        let pointer = issue.pointer();
        let field = method.and_then(|method| field_at(method, pointer));
        let name = field.map_or("", Field::name);
        let is_argument = pointer.matches('/').count() == 1;
        match issue.code() {
            IssueCode::ArgumentCount => Self::ARGUMENT_COUNT,
            IssueCode::Missing if is_argument => Self::ARGUMENT_COUNT,
            IssueCode::Missing | IssueCode::Null => Self::business(format!("{name}must not be null")),
            IssueCode::Type => Self::ARGUMENT_TYPE,
            IssueCode::OutOfRange => match (number_at(body, pointer), field.map(Field::range)) {
                (Some(number), Some((_, Some(max)))) if exceeds(&number, max) => {
                    Self::business(format!("{name}must be less than or equal to {max}"))
                }
                (Some(number), Some(_)) if field.and_then(Field::scalar).is_some_and(|scalar| {
                    matches!(scalar, catalogue::Scalar::Integer { bits } if !fits(&number, bits))
                }) =>
                {
                    Self::other(1, format!("For input string: \"{number}\""))
                }
                _ => Self::PARAMETER,
            },
            IssueCode::TooLong if field.is_some() => {
                Self::business(format!("Data truncation: Data too long for column {name}"))
            }
            IssueCode::Format if field.map(Field::kind) == Some(Kind::DateTime) => {
                let text = text_at(body, pointer).unwrap_or_default();
                Self::business(format!("Unparseable date: {text}"))
            }
            IssueCode::Span => match method.and_then(Method::max_span_minutes) {
                Some(minutes) if issue.message().ends_with(SPAN_TOO_LONG) => {
                    Self::business(format!("您的查询时间过宽,查询时间不能大于{}", span(minutes)))
                }
                _ => Self::PARAMETER,
            },
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

fn span(minutes: u32) -> String {
    const DAY: u32 = 24 * 60;
    if minutes % DAY == 0 { format!("{}天", minutes / DAY) } else { format!("{minutes}分钟") }
}

fn exceeds(number: &str, max: i64) -> bool {
    // What is no i128 fits no integer field either, and is refused for that.
    number.parse::<i128>().is_ok_and(|value| value > i128::from(max))
}

fn fits(number: &str, bits: u32) -> bool {
    let limit = 1_i128 << (bits - 1);
    number.parse::<i128>().is_ok_and(|value| (-limit..limit).contains(&value))
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

/// The number that a pointer leads to, also one in a string.
fn number_at(body: &[u8], pointer: &str) -> Option<String> {
    text_at(body, pointer).filter(|text| text.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
}

/// The scalar that a pointer leads to: a string's text, a number as written.
fn text_at(body: &[u8], pointer: &str) -> Option<String> {
    let mut reader = Reader::from_bytes(body, Limits::DEFAULT.max_depth()).ok()?;
    let mut event = reader.next().ok()?;
    for step in pointer.split('/').skip(1) {
        match event {
            Event::BeginArray => {
                let mut left: usize = step.parse().ok()?;
                event = reader.next().ok()?;
                while left > 0 && event != Event::EndArray {
                    reader.skip(event).ok()?;
                    event = reader.next().ok()?;
                    left -= 1;
                }
            }
            Event::BeginObject => loop {
                if reader.next().ok()? != Event::Key {
                    return None;
                }
                let is_it = reader.text().is(step);
                event = reader.next().ok()?;
                if is_it {
                    break;
                }
                reader.skip(event).ok()?;
            },
            _ => return None,
        }
    }
    match event {
        Event::String => Some(shortened(&reader.text().decode_lossy())),
        Event::Number => Some(shortened(reader.token())),
        _ => None,
    }
}

/// What the caller sent comes back in a message, but not a megabyte of it.
fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
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
        let (settlements, refunds) =
            ("finance.settle.Logistics.search", "aftersales.refund.RawRefund.search");
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
