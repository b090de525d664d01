//! `wdt check`: a body held against the documentation.

use std::fmt::Write as _;

use serde_json::json;
use wdt_proto::{Language, Report, validate};

use crate::args::Check;
use crate::failure::{Exit, Failure};
use crate::input;
use crate::issues::{counts, issue_json, issue_line, more};
use crate::output::{BAD, FAINT, GOOD, ODD, Output, styled};
use crate::words::either;

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
        output.text(&text(&args.method, &report, output.language));
    }
    Ok(if report.is_ok() { Exit::Fine } else { Exit::Problem })
}

fn text(method: &str, report: &Report, language: Language) -> String {
    let mut text = String::new();
    for issue in report.issues() {
        let _ = writeln!(text, "{}", issue_line(issue, language));
    }
    if report.omitted() > 0 {
        let _ = writeln!(text, "{}", styled(FAINT, more(report.omitted(), language)));
    }
    let title = wdt_proto::catalogue::method(method).map_or("", |method| method.title());
    let title = match (title, language) {
        ("", _) => String::new(),
        (_, Language::Chinese) => format!("（{title}）"),
        _ => format!(" ({title})"),
    };
    let verdict = match (report.errors(), report.warnings()) {
        (0, 0) => styled(GOOD, either(language, "no errors, no warnings", "没有问题")),
        (0, _) => format!(
            "{}{}",
            styled(GOOD, either(language, "no errors, ", "没有错误，")),
            styled(ODD, counts(report, language))
        ),
        _ => styled(BAD, counts(report, language)),
    };
    let _ = writeln!(text, "{method}{title}{}{verdict}", either(language, ": ", "："));
    text
}
