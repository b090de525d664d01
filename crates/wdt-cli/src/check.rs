//! `wdt check`: a body held against the documentation.

use std::fmt::Write as _;

use serde_json::{Value, json};
use wdt_proto::{Issue, Report, Severity, validate};

use crate::args::Check;
use crate::failure::{Exit, Failure};
use crate::input;
use crate::output::{BAD, FAINT, GOOD, ODD, Output, styled};

/// `wdt check`
pub(crate) fn run(args: &Check, output: &Output) -> Result<Exit, Failure> {
    let body = input::file(&args.file)?;
    let level = args.level.level;
    let report = validate(&args.method, &body, level);
    if output.json {
        output.json(json!({
            "ok": report.is_ok(),
            "method": args.method,
            "level": level.as_str(),
            "errors": report.errors(),
            "warnings": report.warnings(),
            "omitted": report.omitted(),
            "issues": report.issues().iter().map(issue_json).collect::<Vec<_>>(),
        }));
    } else {
        output.text(&text(&args.method, &report));
    }
    Ok(if report.is_ok() { Exit::Fine } else { Exit::Problem })
}

fn text(method: &str, report: &Report) -> String {
    let mut text = String::new();
    for issue in report.issues() {
        let _ = writeln!(text, "{}", issue_line(issue));
    }
    if report.omitted() > 0 {
        let _ = writeln!(text, "{}", styled(FAINT, format!("… and {} more", report.omitted())));
    }
    let title = wdt_proto::catalogue::method(method).map_or("", |method| method.title());
    let title = if title.is_empty() { String::new() } else { format!(" ({title})") };
    let verdict = match (report.errors(), report.warnings()) {
        (0, 0) => styled(GOOD, "nothing to complain about 没有问题"),
        (0, _) => {
            format!("{}, {}", styled(GOOD, "no errors 没有错误"), styled(ODD, counts(report)))
        }
        _ => styled(BAD, counts(report)),
    };
    let _ = writeln!(text, "{method}{title}: {verdict}");
    text
}

/// `2 errors, 1 warning`; what there is none of is left out.
pub(crate) fn counts(report: &Report) -> String {
    let counts = [(report.errors(), "error"), (report.warnings(), "warning")];
    let counts = counts.iter().filter(|(n, _)| *n > 0);
    let counts = counts.map(|(n, what)| format!("{n} {what}{}", if *n == 1 { "" } else { "s" }));
    counts.collect::<Vec<_>>().join(", ")
}

/// One line: how bad, where, what.
pub(crate) fn issue_line(issue: &Issue) -> String {
    let style = if issue.severity() == Severity::Error { BAD } else { ODD };
    let code = styled(FAINT, format!("[{}]", issue.code()));
    format!("{} {} {code}", styled(style, format!("{}:", issue.severity())), issue.message())
}

pub(crate) fn issue_json(issue: &Issue) -> Value {
    json!({
        "pointer": issue.pointer(),
        "code": issue.code().as_str(),
        "severity": issue.severity().as_str(),
        "message": issue.message(),
        "label": issue.label(),
    })
}
