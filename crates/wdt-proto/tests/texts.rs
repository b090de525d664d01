//! Every text that a person reads exists in both languages, with the same figures in both.
//!
//! `testdata/texts.json` has a case for each code of an issue; Python reads the same file.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use wdt_proto::decimal::DecimalError;
use wdt_proto::json::{SyntaxError, SyntaxErrorKind};
use wdt_proto::query;
use wdt_proto::stock_sync::IncompleteStock;
use wdt_proto::{
    Bilingual, Cause, CredentialsError, CredentialsField, EndpointError, EpochMistake, ErrorKind,
    Expected, Found, IssueCode, Language, MalformedReason, Response, ResponseError, RowsError,
    TimestampError, UnknownLevel, VerifyError, validate,
};

#[derive(Deserialize)]
struct Case {
    method: String,
    level: String,
    body: String,
    pointer: String,
    code: String,
    message: String,
    message_zh: String,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../testdata/texts.json")).unwrap()
}

/// The numbers in a text, in the order of their size: the languages may order them otherwise.
fn figures(text: &str) -> Vec<String> {
    let mut figures: Vec<String> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    figures.sort();
    figures
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

fn same_figures(english: &str, chinese: &str) {
    assert!(has_chinese(chinese) && !chinese.is_empty(), "{english} | {chinese}");
    assert_eq!(figures(english), figures(chinese), "{english} | {chinese}");
}

#[test]
fn issues_say_it_in_both() {
    for case in cases() {
        let report = validate(&case.method, case.body.as_bytes(), case.level.parse().unwrap());
        let issue = report
            .issues()
            .iter()
            .find(|issue| issue.pointer() == case.pointer && issue.code().as_str() == case.code)
            .unwrap_or_else(|| panic!("{}: no {} in {report}", case.method, case.code));
        assert_eq!(issue.message(), case.message);
        assert_eq!(issue.to_string(), case.message);
        assert_eq!(issue.zh().to_string(), case.message_zh);
        assert_eq!(issue.text(Language::English).to_string(), case.message);
        same_figures(&case.message, &case.message_zh);
        // The copy makes its text anew.
        assert_eq!((&issue.clone(), issue.clone().message()), (issue, issue.message()));
    }
}

#[test]
fn no_code_is_left_out() {
    let told: BTreeSet<String> = cases().into_iter().map(|case| case.code).collect();
    let source = include_str!("../src/check/code.rs");
    let all: BTreeSet<String> = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => \""))
        .map(|(_, word)| word.trim_end_matches("\",").to_owned())
        .collect();
    assert_eq!(told, all);
    assert!(all.contains(IssueCode::Batch.as_str()));
}

/// Both texts of a value: they differ, the Chinese one is Chinese, the figures are the same.
fn both(value: &impl Bilingual) {
    let english = value.in_language(Language::English).to_string();
    let chinese = value.in_language(Language::Chinese).to_string();
    assert_ne!(english, chinese);
    assert!(!has_chinese(&english), "{english}");
    same_figures(&english, &chinese);
}

#[test]
fn causes_that_no_body_shows_say_it_in_both() {
    let text = || "x7".to_owned();
    let min_max = |min, max| Cause::OutOfRange { value: 5.into(), min, max };
    for cause in [
        Cause::TooManyBytes { bytes: Some(9), max: 8 },
        Cause::TooManyBytes { bytes: None, max: 8 },
        Cause::TooDeep { max: 128 },
        Cause::TooManyDigits { number: text() },
        min_max(Some(6), None),
        min_max(None, Some(4)),
        Cause::CameTwice,
        Cause::HalfPair,
        Cause::NoMethod,
        Cause::ControlCharacter { code: 10 },
        Cause::ParameterRange { min: 0, max: 9 },
        Cause::NoPager { method: text() },
        Cause::NotPaged { method: text() },
        Cause::PageTooLarge { rows: 9, max: 8 },
        Cause::NotANumber { number: String::new() },
        Cause::NotANumber { number: text() },
        Cause::Unwritable { what: text(), accepted: "" },
        Cause::Unwritable { what: text(), accepted: "str, int" },
        Cause::MissingOneOf { groups: "a1+b2,c3".into() },
        Cause::EmptyListForObject,
        Cause::QimenOnly { method: text() },
        Cause::OtherLayout {
            layout: "yyyy-MM-dd",
            text: "2026-1-1".into(),
            written: "2026-01-01".into(),
        },
        Cause::stated(IssueCode::Format, "has 1", "有 1"),
    ] {
        both(&cause);
    }
    for expected in [
        Expected::String,
        Expected::Integer,
        Expected::PlainInteger,
        Expected::Number,
        Expected::Boolean,
        Expected::Flag,
        Expected::List,
        Expected::Object,
    ] {
        both(&expected);
    }
    for found in [
        Found::Object,
        Found::List,
        Found::Null,
        Found::Boolean(true),
        Found::Number(text()),
        Found::Text(text()),
    ] {
        both(&found);
    }
}

#[test]
fn other_errors_say_it_in_both() {
    for kind in [
        SyntaxErrorKind::UnexpectedEnd,
        SyntaxErrorKind::UnexpectedByte(b';'),
        SyntaxErrorKind::UnexpectedByte(0),
        SyntaxErrorKind::InvalidNumber,
        SyntaxErrorKind::InvalidEscape,
        SyntaxErrorKind::ControlCharacter(7),
        SyntaxErrorKind::TooDeep { max_depth: 5 },
        SyntaxErrorKind::TrailingData,
        SyntaxErrorKind::NotUtf8,
    ] {
        let error = SyntaxError { offset: 31, kind };
        both(&error);
        both(&MalformedReason::Syntax(error));
        both(&Cause::NotJson(error));
    }
    for reason in [
        MalformedReason::Empty,
        MalformedReason::TooLarge { bytes: 9, max_bytes: 8 },
        MalformedReason::NotAnObject,
        MalformedReason::NoStatus,
        MalformedReason::Status,
        MalformedReason::Duplicate("status"),
    ] {
        both(&reason);
    }
    for field in [CredentialsField::Secret, CredentialsField::Salt] {
        both(&field);
    }
    for error in [
        CredentialsError::Empty { field: CredentialsField::Sid },
        CredentialsError::MissingColon,
        CredentialsError::ControlCharacter { field: CredentialsField::Key, code: 10, position: 6 },
    ] {
        both(&error);
    }
    for error in [
        EndpointError::NotHttp,
        EndpointError::Blank { code: 32, position: 4 },
        EndpointError::QueryOrFragment,
        EndpointError::NoHost,
    ] {
        both(&error);
        both(&error.issue("base"));
    }
    for error in [
        TimestampError::BeforeEpoch { given: 5 },
        TimestampError::Milliseconds { given: 1_775_791_716_000 },
        TimestampError::Overflow { given: 5 },
    ] {
        both(&error);
    }
    for mistake in [EpochMistake::Utc, EpochMistake::Unix] {
        both(&mistake);
    }
    for error in [DecimalError::NotANumber, DecimalError::TooManyDigits] {
        both(&error);
    }
    for error in [
        RowsError::UnknownMethod { method: "x7".to_owned(), similar: None },
        RowsError::UnknownMethod { method: "x7".to_owned(), similar: Some("x8".to_owned()) },
        RowsError::NoRows { method: "x7".to_owned() },
        RowsError::NotJson(SyntaxError { offset: 3, kind: SyntaxErrorKind::UnexpectedEnd }),
        RowsError::TooLarge { bytes: 9, max_bytes: 8 },
        RowsError::NotRows { found: Found::Number("7".to_owned()) },
        RowsError::NoList { list: "x7".to_owned() },
        RowsError::TwoLists { list: "x7".to_owned() },
    ] {
        both(&error);
    }
    both(&UnknownLevel);
    both(&IncompleteStock("syn_stock"));
    both(&query::parse("sid").unwrap_err());
}

#[test]
fn verification_says_it_in_both() {
    let text = || "x7".to_owned();
    for error in [
        VerifyError::MalformedQuery(text()),
        VerifyError::Missing("sid"),
        VerifyError::Duplicate(text()),
        VerifyError::UnknownSid(text()),
        VerifyError::UnknownKey(text()),
        VerifyError::WrongVersion(text()),
        VerifyError::MalformedTimestamp(text()),
        VerifyError::StaleTimestamp { ahead_by: -121 },
        VerifyError::StaleTimestamp { ahead_by: 121 },
        VerifyError::StaleTimestamp { ahead_by: -28_800 },
        VerifyError::StaleTimestamp { ahead_by: 1_325_347_200 },
        VerifyError::WrongSalt,
        VerifyError::WrongSignature,
        VerifyError::Pager(wdt_proto::Pager::new(0, 0).unwrap_err()),
    ] {
        both(&error);
    }
}

#[test]
fn replies_say_what_to_do_in_both() {
    for (status, kind) in [
        (3, ErrorKind::Authentication),
        (2, ErrorKind::Parameter),
        (4, ErrorKind::Server),
        (6, ErrorKind::Permission),
        (7, ErrorKind::Timestamp),
        (8, ErrorKind::Version),
        (100, ErrorKind::Business),
        (99, ErrorKind::Unknown),
    ] {
        let reply = format!(r#"{{"status":{status},"message":"m"}}"#);
        let error = Response::parse(reply.as_bytes()).unwrap_err();
        both(&error);
        let ResponseError::Api(error) = error else { panic!("{reply}") };
        assert_eq!(error.kind, kind);
        assert!(error.zh().to_string().ends_with(kind.advice_in(Language::Chinese)));
    }
    let (english, chinese) =
        [Language::English, Language::Chinese].map(|l| ErrorKind::RateLimit.advice_in(l)).into();
    same_figures(english, chinese);
    both(&Response::parse(b"<html>502</html>").unwrap_err());
    let response = Response::parse(br#"{"status":0,"data":{"rows":[{"n":"x"}]}}"#).unwrap();
    let error = response.data_as::<BTreeMap<String, Vec<BTreeMap<String, u8>>>>().unwrap_err();
    assert_eq!(error.pointer(), "/rows/0/n");
    both(&error);
}

#[test]
fn the_first_variable_that_is_set_decides() {
    let language = |set: &[(&str, &str)]| {
        Language::of_environment(|name| {
            set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        })
    };
    for (set, expected) in [
        (&[][..], Language::English),
        (&[("LANG", "zh_CN.UTF-8")], Language::Chinese),
        (&[("LANG", "zh_CN.UTF-8"), ("LC_MESSAGES", "C")], Language::English),
        (&[("LC_MESSAGES", "de_DE"), ("LC_ALL", "zh_TW")], Language::Chinese),
        (&[("LC_ALL", ""), ("LANG", "zh")], Language::Chinese),
        (&[("WDT_LANG", "en"), ("LC_ALL", "zh_CN")], Language::English),
        (&[("WDT_LANG", "zh"), ("LC_ALL", "C.UTF-8")], Language::Chinese),
        (&[("WDT_LANG", "ZH-Hans")], Language::Chinese),
        (&[("WDT_LANG", "zhuang")], Language::English),
    ] {
        assert_eq!(language(set), expected, "{set:?}");
    }
    assert_eq!(Language::default().to_string(), "en");
    assert_eq!(Language::Chinese.as_str(), "zh");
}
