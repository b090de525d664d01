//! Any bytes as the body of any method, at each level.
//!
//! Input: the method's name, or a number that picks one, then `0xFF`, then the body. The same judge
//! as everywhere says what is JSON (`wdt_proto_fuzz::json`); the library differs from it in one
//! thing, the limit of nesting.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wdt_proto::{
    Issue, IssueCode, Level, MAX_ISSUES, Report, Request, Severity, catalogue, validate,
};
use wdt_proto_fuzz::{json, split, text};

const DEPTH: usize = 128;

fuzz_target!(|data: &[u8]| {
    let parts = split(data, 2);
    let name = text(parts[0]);
    let picked = name.parse().ok().and_then(|place: usize| catalogue::methods().nth(place % 200));
    let name = picked.map_or(name.as_str(), catalogue::Method::name);
    let body = parts[1];

    let [strict, documented, off] =
        [Level::Strict, Level::Documented, Level::Off].map(|level| checked(name, body, level));

    let value = json::value(body).map(serde_json::value::RawValue::get);
    let fits = value.filter(|json| json::depth(json) <= DEPTH);
    for report in [&strict, &documented, &off] {
        let has = |code| report.issues().iter().any(|issue| issue.code() == code);
        assert_eq!(has(IssueCode::NotJson), fits.is_none(), "{report}");
        let is_other = fits.is_some_and(|json| !json.starts_with('['));
        assert_eq!(has(IssueCode::NotAnArray), is_other, "{report}");
    }
    assert!(off.issues().len() <= 1);

    // The levels weigh the same issues differently.
    assert_eq!(strict.warnings(), 0);
    assert_eq!(strict.errors(), documented.errors() + documented.warnings());
    if strict.omitted() == 0 {
        let places = |report: &Report| -> Vec<(String, IssueCode, String)> {
            let of = |i: &Issue| (i.pointer().into(), i.code(), i.label().into());
            report.issues().iter().map(of).collect()
        };
        assert_eq!(places(&strict), places(&documented));
    }

    if let Some(json) = fits {
        for issue in strict.issues().iter().chain(documented.issues()) {
            resolves(json, issue);
        }
    }

    // Building says the same.
    let built = Request::builder(name).raw_body(body);
    if !name.is_empty() && !name.contains(char::is_control) {
        match built {
            Ok(request) => {
                let (found, paging) = request.warnings().split_at(documented.issues().len());
                assert!(documented.is_ok() && found == documented.issues());
                // That there is no pager is not the body's: it is the request's last warning.
                let due = catalogue::method(name).and_then(|method| method.paging_issue(None));
                assert!(paging.iter().map(Issue::cause).eq(due.iter().map(Issue::cause)));
            }
            Err(error) => assert_eq!(error.issues(), documented.issues()),
        }
    } else {
        assert!(built.is_err());
    }
});

/// The report, with what holds for each.
fn checked(name: &str, body: &[u8], level: Level) -> Report {
    let report = validate(name, body, level);
    let count = |severity| report.issues().iter().filter(|i| i.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    assert_eq!(errors as u64, report.errors().min(MAX_ISSUES as u64));
    assert_eq!(warnings as u64, report.warnings().min(MAX_ISSUES as u64));
    assert_eq!(report.omitted(), report.errors() + report.warnings() - (errors + warnings) as u64);
    assert_eq!(report.is_ok(), report.errors() == 0);
    for issue in report.issues() {
        assert!(
            issue.message().starts_with(issue.pointer()) && issue.message().contains(issue.label())
        );
        assert!(issue.message().len() < 40_000, "{} bytes of text", issue.message().len());
    }
    report
}

/// The pointer leads to a value of the body, or to where one is missing.
fn resolves(json: &str, issue: &Issue) {
    // A long key is shown by its beginning.
    if issue.pointer().contains('…') {
        return;
    }
    let values = json::resolve(json, issue.pointer());
    let stands = |test: &dyn Fn(&str) -> bool| values.iter().flatten().any(|json| test(json));
    let is_right = match issue.code() {
        IssueCode::Missing => values.contains(&None),
        IssueCode::Null => stands(&|json| json == "null"),
        IssueCode::TooLong | IssueCode::Format => {
            stands(&|json| json.starts_with('"') || is_number(json))
        }
        IssueCode::UnsupportedCharacter => {
            let key = issue.pointer().rsplit('/').next().unwrap_or_default();
            json::is_suspicious(key)
                || stands(&|json| json::string(json).is_some_and(|text| json::is_suspicious(&text)))
        }
        IssueCode::DuplicateField => values.iter().flatten().count() >= 2,
        _ => stands(&|_| true),
    };
    assert!(is_right, "{issue:?} in {json}: {values:?}");
}

fn is_number(json: &str) -> bool {
    json.starts_with(|c: char| c == '-' || c.is_ascii_digit())
}
