//! Why a method's file is refused.

use alloc::string::String;
use core::fmt;

use crate::language::{Bilingual, Language, bilingual, say};

/// Why a method could not be registered.
///
/// ```
/// use wdt_proto::catalogue::Catalogue;
///
/// let error = Catalogue::new().register(r#"{"method": 7}"#).unwrap_err();
/// assert!(error.to_string().starts_with("not a method's file: "));
/// assert!(error.zh().to_string().starts_with("不是接口目录文件："));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueError {
    /// The path of the field, `params/info/no`; empty for the file itself.
    pub(super) at: String,
    pub(super) reason: Reason,
}

/// What is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reason {
    /// The reader's own words, in English.
    NotAMethod(String),
    NoMethod,
    NoName,
    Duplicate,
    TooDeep(usize),
    TooMany,
    UnknownType(String),
    ScaleAbovePrecision(String),
    /// A type that has no fields was given some.
    Fields(String),
    /// A type that is no text was given a format.
    Format(String),
    UnknownFormat(String),
    SpanToItself,
    SpanToNothing(String),
    MinAboveMax(i64, i64),
    /// A rule names a field that is not there.
    NoField(String),
    NoPointer(String),
}

impl Bilingual for CatalogueError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, reason } = self;
        if !at.is_empty() {
            say!(f, language, "{at}: ", "{at}：")?;
        }
        reason.write(language, f)
    }
}

impl Bilingual for Reason {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAMethod(error) => {
                say!(f, language, "not a method's file: {error}", "不是接口目录文件：{error}")
            }
            Self::NoMethod => say!(f, language, "must not be empty", "不能为空"),
            Self::NoName => say!(f, language, "a field without a name", "有字段没有名称"),
            Self::Duplicate => say!(f, language, "duplicate field", "字段重复"),
            Self::TooDeep(most) => {
                say!(f, language, "fields nest deeper than {most}", "字段嵌套超过 {most} 层")
            }
            Self::TooMany => say!(f, language, "too many fields", "字段太多"),
            Self::UnknownType(text) => {
                say!(f, language, "unknown type {text:?}", "未知类型 {text:?}")
            }
            Self::ScaleAbovePrecision(text) => say!(
                f,
                language,
                "{text}: the scale is above the precision",
                "{text}：小数位数大于总位数"
            ),
            Self::Fields(text) => {
                say!(f, language, "type {text} cannot have fields", "类型 {text} 不能有 fields")
            }
            Self::Format(text) => {
                say!(f, language, "type {text} cannot have a format", "类型 {text} 不能有 format")
            }
            Self::UnknownFormat(text) => {
                say!(f, language, "unknown format {text:?}", "未知格式 {text:?}")
            }
            Self::SpanToItself => {
                say!(f, language, "span_to names the field itself", "span_to 指向了字段自己")
            }
            Self::SpanToNothing(end) => say!(
                f,
                language,
                "span_to: no field {end:?} beside this one",
                "span_to：同级没有字段 {end:?}"
            ),
            Self::MinAboveMax(min, max) => {
                say!(f, language, "min {min} is greater than max {max}", "min {min} 大于 max {max}")
            }
            Self::NoField(name) => {
                say!(
                    f,
                    language,
                    "names a field that is not there: {name:?}",
                    "引用了不存在的字段 {name:?}"
                )
            }
            Self::NoPointer(text) => say!(
                f,
                language,
                "must be a JSON pointer such as /data/error_list, not {text:?}",
                "应为 JSON 指针，如 /data/error_list，而不是 {text:?}"
            ),
        }
    }
}

bilingual!(CatalogueError);

impl core::error::Error for CatalogueError {}
