//! How issues are shown: a line each, counted, as JSON.

use serde_json::{Value, json};
use wdt_proto::{Issue, Language, Report, Severity};

use crate::output::{BAD, FAINT, ODD, styled};
use crate::words::{either, said};

/// `2 errors, 1 warning`; what there is none of is left out.
pub(crate) fn counts(report: &Report, language: Language) -> String {
    let counts = [(report.errors(), "error", "错误"), (report.warnings(), "warning", "警告")];
    let counts = counts.iter().filter(|(n, ..)| *n > 0);
    let counts = counts.map(|(n, english, chinese)| match language {
        Language::Chinese => format!("{n} 个{chinese}"),
        _ => format!("{n} {english}{}", if *n == 1 { "" } else { "s" }),
    });
    counts.collect::<Vec<_>>().join(either(language, ", ", "，"))
}

/// `… and 3 more`
pub(crate) fn more(omitted: u64, language: Language) -> String {
    match language {
        Language::Chinese => format!("…… 还有 {omitted} 个"),
        _ => format!("… and {omitted} more"),
    }
}

/// One line: how bad, where, what.
pub(crate) fn issue_line(issue: &Issue, language: Language) -> String {
    let (style, severity) = match issue.severity() {
        Severity::Error => (BAD, either(language, "error: ", "错误：")),
        _ => (ODD, either(language, "warning: ", "警告：")),
    };
    let code = styled(FAINT, format!("[{}]", issue.code()));
    format!("{}{} {code}", styled(style, severity), said(issue, language))
}

pub(crate) fn issue_json(issue: &Issue) -> Value {
    json!({
        "pointer": issue.pointer(),
        "code": issue.code().as_str(),
        "severity": issue.severity().as_str(),
        "message": issue.message(),
        "message_zh": issue.zh().to_string(),
        "label": issue.label(),
    })
}
