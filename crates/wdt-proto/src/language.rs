//! The two languages of every text that a person reads, and which one the person's machine asks for.
//!
//! Values that people read ([`Issue`](crate::Issue), [`ApiError`](crate::ApiError), …) hold what
//! happened and its figures; the text is made last. `Display` is English, `zh()` the same in Chinese,
//! and `text(language)` either.

use alloc::string::String;
use core::fmt;

/// A language that people read.
///
/// Codes, pointers, kinds and JSON keys are the same in both: only texts change.
///
/// ```
/// use wdt_proto::{CredentialsError, Language};
///
/// let error = CredentialsError::MissingColon;
/// assert!(error.text(Language::Chinese).to_string().contains("冒号"));
/// assert_eq!(error.text(Language::English).to_string(), error.to_string());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Language {
    /// English: the default, and what `Display` writes.
    #[default]
    English,
    /// Chinese, as an ERP developer in China writes it.
    Chinese,
}

impl Language {
    /// The environment's variables that say which language a person reads, the first that is set and
    /// not empty decides.
    ///
    /// ```
    /// assert_eq!(wdt_proto::Language::VARIABLES[0], "WDT_LANG");
    /// ```
    pub const VARIABLES: [&str; 4] = ["WDT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];

    /// The language that an environment asks for: `variable` reads one of
    /// [`Language::VARIABLES`].
    ///
    /// ```
    /// use wdt_proto::Language;
    ///
    /// let env = [("LANG", "zh_CN.UTF-8"), ("LC_ALL", "")];
    /// let read = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, v)| v.to_string());
    /// assert_eq!(Language::of_environment(read), Language::Chinese);
    /// assert_eq!(Language::of_environment(|_| None), Language::English);
    /// ```
    #[must_use]
    pub fn of_environment(variable: impl FnMut(&str) -> Option<String>) -> Self {
        let mut values = Self::VARIABLES.into_iter().filter_map(variable);
        values
            .find(|value| !value.is_empty())
            .map_or(Self::English, |value| Self::of_locale(&value))
    }

    /// The language of a locale's name: `zh`, `zh_CN.UTF-8` and `zh-Hans` are Chinese, all others
    /// English.
    ///
    /// ```
    /// use wdt_proto::Language;
    ///
    /// assert_eq!(Language::of_locale("zh_CN.UTF-8"), Language::Chinese);
    /// assert_eq!(Language::of_locale("C.UTF-8"), Language::English);
    /// ```
    #[must_use]
    pub fn of_locale(name: &str) -> Self {
        let language = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is_chinese =
            ["zh", "zho", "chi", "chinese"].iter().any(|l| l.eq_ignore_ascii_case(language));
        if is_chinese { Self::Chinese } else { Self::English }
    }

    /// `en` or `zh`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A value that people read in either language.
///
/// ```
/// use wdt_proto::{Bilingual, CredentialsError, Language};
///
/// fn said(what: &impl Bilingual, language: Language) -> String {
///     what.in_language(language).to_string()
/// }
/// assert!(said(&CredentialsError::MissingColon, Language::English).starts_with("appsecret has no ':'"));
/// ```
pub trait Bilingual {
    /// Writes the text in this language.
    ///
    /// # Errors
    /// Only those of the formatter.
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// The text in this language, to be formatted.
    fn in_language(&self, language: Language) -> Worded<'_, Self> {
        Worded { value: self, language }
    }
}

/// A value and the language that it is to be read in: what `zh()` and `text(language)` return.
///
/// ```
/// let error = wdt_proto::Credentials::new("", "appkey", "testsecret:testsalt").unwrap_err();
/// assert_eq!(error.zh().to_string(), "sid 是空的");
/// ```
#[derive(Debug)]
pub struct Worded<'a, T: ?Sized> {
    value: &'a T,
    language: Language,
}

impl<T: Bilingual + ?Sized> fmt::Display for Worded<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.write(self.language, f)
    }
}

/// For types that are [`Bilingual`]: `Display`, `zh()` and `text(language)`.
macro_rules! bilingual {
    ($($type:ty),+ $(,)?) => {$(
        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::language::Bilingual::write(self, $crate::language::Language::English, f)
            }
        }

        impl $type {
            /// The text in Chinese. `Display` writes it in English.
            #[must_use]
            pub fn zh(&self) -> $crate::language::Worded<'_, Self> {
                self.text($crate::language::Language::Chinese)
            }

            /// The text in this language.
            #[must_use]
            pub fn text(&self, language: $crate::language::Language) -> $crate::language::Worded<'_, Self> {
                $crate::language::Bilingual::in_language(self, language)
            }
        }
    )+};
}
pub(crate) use bilingual;

/// Writes one text in the language asked for: `say!(f, language, "in English", "用中文")`, with
/// `{figures}` captured as `write!` does.
macro_rules! say {
    ($f:expr, $language:expr, $english:literal, $chinese:literal $(, $($arg:tt)*)?) => {
        match $language {
            $crate::language::Language::Chinese => write!($f, $chinese $(, $($arg)*)?),
            _ => write!($f, $english $(, $($arg)*)?),
        }
    };
}
pub(crate) use say;
