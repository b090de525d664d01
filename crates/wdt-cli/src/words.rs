//! What the program says of its own accord, in both languages; what the core says it words itself.

use std::error::Error;
use std::fmt;
use std::io;

use wdt_proto::{Bilingual, Language};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) english: String,
    pub(crate) chinese: String,
}

/// `words!("english {x}", "中文 {x}")`, with figures captured or given as `format!` takes them.
macro_rules! words {
    ($english:literal, $chinese:literal $(, $($arg:tt)*)?) => {
        $crate::words::Words {
            english: ::std::fmt::format(::std::format_args!($english $(, $($arg)*)?)),
            chinese: ::std::fmt::format(::std::format_args!($chinese $(, $($arg)*)?)),
        }
    };
}
pub(crate) use words;

impl Words {
    /// What another value says in each language.
    pub(crate) fn of(value: &(impl Bilingual + ?Sized)) -> Self {
        Self { english: said(value, Language::English), chinese: said(value, Language::Chinese) }
    }

    /// Puts more behind it.
    pub(crate) fn add(&mut self, more: &Self) {
        self.english.push_str(&more.english);
        self.chinese.push_str(&more.chinese);
    }

    /// A text that exists in one language only, such as a name or what a library reports.
    pub(crate) fn same(text: impl fmt::Display) -> Self {
        let text = text.to_string();
        Self { english: text.clone(), chinese: text }
    }
}

impl Bilingual for Words {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(either(language, &self.english, &self.chinese))
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

// What a value of the command line is refused with: clap keeps it as the error's source.
impl Error for Words {}

/// What a value says in this language.
pub(crate) fn said(value: &(impl Bilingual + ?Sized), language: Language) -> String {
    value.in_language(language).to_string()
}

/// The one of two texts that is in this language.
pub(crate) fn either<T>(language: Language, english: T, chinese: T) -> T {
    match language {
        Language::Chinese => chinese,
        _ => english,
    }
}

/// Why a file or a stream failed.
pub(crate) fn of_io(error: &io::Error) -> Words {
    let chinese = match error.kind() {
        io::ErrorKind::NotFound => "没有这个文件或目录",
        io::ErrorKind::PermissionDenied => "没有权限",
        io::ErrorKind::IsADirectory => "这是目录，不是文件",
        io::ErrorKind::NotADirectory => "路径中有一段不是目录",
        io::ErrorKind::AlreadyExists => "已经存在",
        io::ErrorKind::InvalidData => "内容不是 UTF-8 文本",
        io::ErrorKind::StorageFull => "磁盘已满",
        io::ErrorKind::ReadOnlyFilesystem => "文件系统只读",
        io::ErrorKind::ConnectionRefused => "对方拒绝连接",
        io::ErrorKind::ConnectionReset => "连接被对方断开",
        io::ErrorKind::ConnectionAborted => "连接中断",
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => "网络不可达",
        io::ErrorKind::TimedOut => "超时",
        io::ErrorKind::UnexpectedEof => "数据没收完连接就断了",
        _ => return Words::same(error),
    };
    let number = error.raw_os_error().map(|n| format!(" (os error {n})")).unwrap_or_default();
    Words { english: error.to_string(), chinese: format!("{chinese}{number}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_texts_have_the_figures() {
        let (count, name) = (3, "x");
        let words = words!("{count} of {name}", "{name} 的 {count} 个");
        assert_eq!(said(&words, Language::English), "3 of x");
        assert_eq!(said(&words, Language::Chinese), "x 的 3 个");
        assert_eq!(words.to_string(), words.english);
    }

    #[test]
    fn the_systems_number_is_in_both() {
        let words = of_io(&io::Error::from_raw_os_error(2));
        assert!(words.english.contains("os error 2") && words.chinese.contains("os error 2"));
        assert_ne!(words.english, words.chinese);
    }
}
