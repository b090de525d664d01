//! A command line that is not understood, in both languages: clap words the English.

use std::error::Error as _;
use std::fmt::Write as _;
use std::net::AddrParseError;
use std::num::{IntErrorKind, ParseIntError};

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::help_zh;
use crate::words::Words;

/// What is wrong with the command line.
pub(crate) fn words(error: &Error) -> Words {
    let text = error.render().to_string();
    let english = text.trim_start_matches("error: ").trim_end().to_owned();
    let chinese = chinese(error).unwrap_or_else(|| english.clone());
    Words { english, chinese }
}

/// `None` for what clap says nothing about but in its own words.
fn chinese(error: &Error) -> Option<String> {
    let mut text = what(error)?;
    let suggestions =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    for kind in suggestions {
        if let Some(similar) = list(error, kind) {
            let _ = write!(text, "\n\n  是不是 {}？", similar.join("、"));
        }
    }
    if let Some(usage) = error.get(ContextKind::Usage) {
        let _ = write!(text, "\n\n用法：{}", help_zh::usage(&usage.to_string()));
    }
    text.push_str("\n\n加 --help 查看帮助。");
    Some(text)
}

fn what(error: &Error) -> Option<String> {
    let arg = list(error, ContextKind::InvalidArg).unwrap_or_default();
    let first = arg.first().map(String::as_str).unwrap_or_default();
    let value = list(error, ContextKind::InvalidValue).unwrap_or_default().join(" ");
    let others = list(error, ContextKind::PriorArg).unwrap_or_default().join("、");
    Some(match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{first} 后面缺少值"),
        ErrorKind::InvalidValue => {
            let valid = list(error, ContextKind::ValidValue).unwrap_or_default();
            let valid = match valid.as_slice() {
                [] => String::new(),
                values => format!("，可选值：{}", values.join("、")),
            };
            format!("{first} 的值 '{value}' 无效{valid}")
        }
        ErrorKind::ValueValidation => format!("{first} 的值 '{value}' 无效：{}", why(error)),
        ErrorKind::UnknownArgument => format!("不认识的参数 '{first}'"),
        ErrorKind::InvalidSubcommand => {
            let name = list(error, ContextKind::InvalidSubcommand).unwrap_or_default().join(" ");
            format!("没有 '{name}' 这个命令")
        }
        ErrorKind::ArgumentConflict if others.is_empty() || others == first => {
            format!("{first} 只能写一次")
        }
        ErrorKind::ArgumentConflict => format!("{first} 不能和 {others} 一起用"),
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{}", arg.join("、")),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::NoEquals => format!("{first} 的值要用 = 连接"),
        ErrorKind::TooManyValues => format!("{first} 的值太多：多了 '{value}'"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{first} 的值个数不对")
        }
        ErrorKind::InvalidUtf8 => "命令行里有不是 UTF-8 的文字".to_owned(),
        _ => return None,
    })
}

/// Why a value is not taken: in our words, in those for the standard library's errors, else as it is.
fn why(error: &Error) -> String {
    let Some(source) = error.source() else { return "格式不对".to_owned() };
    if let Some(words) = source.downcast_ref::<Words>() {
        return words.chinese.clone();
    }
    if let Some(number) = source.downcast_ref::<ParseIntError>() {
        return match number.kind() {
            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "数字超出范围",
            _ => "应为整数",
        }
        .to_owned();
    }
    if source.is::<AddrParseError>() {
        return "应为 地址:端口，例如 127.0.0.1:8620".to_owned();
    }
    #[cfg(feature = "sandbox")]
    if let Some(rows) = source.downcast_ref::<wdt_sandbox::RowsSpecError>() {
        return rows.zh().to_string();
    }
    #[cfg(feature = "sandbox")]
    if let Some(faults) = source.downcast_ref::<wdt_sandbox::FaultSpecError>() {
        return faults.zh().to_string();
    }
    source.to_string()
}

fn list(error: &Error, kind: ContextKind) -> Option<Vec<String>> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(vec![text.clone()]),
        ContextValue::Strings(texts) => Some(texts.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::words;
    use crate::args::Cli;

    #[test]
    fn each_kind_of_mistake_is_told_in_chinese_with_what_was_given() {
        let cases: &[(&[&str], &[&str])] = &[
            (&["chekc"], &["没有 'chekc' 这个命令", "是不是 check？"]),
            (&["check", "m", "f", "--levle", "off"], &["不认识的参数 '--levle'", "--level"]),
            (&["check", "m", "f", "--level", "of"], &["'of'", "strict、documented、off"]),
            (&["check", "m", "f", "--level"], &["--level <LEVEL> 后面缺少值"]),
            (&["check", "m"], &["缺少必需的参数：<FILE>", "用法：wdt check <METHOD> <FILE>"]),
            (&["check", "m", "f", "g"], &["不认识的参数 'g'"]),
            (&["sign", "--param", "a=1", "--curl"], &["--curl", "不能和", "--param <KEY=VALUE>"]),
            (&["sign", "m", "--curl", "--curl"], &["--curl 只能写一次"]),
            (&["sign", "m", "--now", "1775791716000"], &["'1775791716000'", "12 位"]),
            (&["sign", "m", "--now", "x"], &["'x'", "2026-04-10T11:28:36+08:00"]),
            (&["sign", "m", "--page-size", "x"], &["--page-size <N> 的值 'x' 无效：应为整数"]),
            (&["call", "m", "--timeout", "0"], &["'0'", "1..=3600"]),
            #[cfg(feature = "sandbox")]
            (&["sandbox", "--listen", "x"], &["'x'", "127.0.0.1:8620"]),
            #[cfg(feature = "sandbox")]
            (&["sandbox", "--rows", "x=5"], &["'x=5'", "目录里没有方法"]),
            #[cfg(feature = "sandbox")]
            (&["sandbox", "--churn", "5"], &["'5'", "5/s 或 3/call"]),
            #[cfg(feature = "sandbox")]
            (&["sandbox", "--fault", "cut=2"], &["'cut=2'", "不是 0 到 1 之间的概率"]),
        ];
        for &(args, parts) in cases {
            let error = Cli::try_parse_from([&["wdt"], args].concat()).unwrap_err();
            let words = words(&error);
            for part in parts {
                assert!(words.chinese.contains(part), "{args:?} {part}: {}", words.chinese);
            }
            let english = ["unexpected", "invalid", "required", "For more", "Usage:", "OPTIONS"];
            for english in english {
                assert!(!words.chinese.contains(english), "{args:?}: {}", words.chinese);
            }
            assert!(!words.english.contains(|c: char| c > '\u{2e80}'), "{}", words.english);
        }
    }
}
