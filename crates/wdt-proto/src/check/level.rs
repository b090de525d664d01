//! How strictly arguments are held against the documentation.

use core::fmt;

use crate::language::{Bilingual, Language, bilingual, say};

/// How strictly arguments are held against the documentation.
///
/// At every level the body must be a JSON array within the [`Limits`](crate::Limits).
///
/// ```
/// use wdt_proto::{Level, validate};
///
/// // A number as text: the platform is known to take it.
/// let accepts = |level| validate("sales.StockSync.cancelSync", br#"["178238",-1]"#, level).is_ok();
/// assert!(accepts(Level::Documented));
/// assert!(!accepts(Level::Strict));
/// assert_eq!("strict".parse(), Ok(Level::Strict));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Level {
    /// Every issue is an error.
    Strict,
    /// An error needs a proof: that the platform refuses the call, or that sending it would lose or
    /// damage data. What is merely odd, undocumented, or contradicted by an example of any page is a
    /// warning.
    #[default]
    Documented,
    /// The catalogue is not asked.
    Off,
}

impl Level {
    /// `strict`, `documented` or `off`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Documented => "documented",
            Self::Off => "off",
        }
    }
}

impl core::str::FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        [Self::Strict, Self::Documented, Self::Off]
            .into_iter()
            .find(|level| level.as_str() == text)
            .ok_or(UnknownLevel)
    }
}

/// A text that names no [`Level`].
///
/// ```
/// use wdt_proto::{Level, UnknownLevel};
///
/// assert_eq!("lenient".parse::<Level>(), Err(UnknownLevel));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownLevel;

bilingual!(UnknownLevel);

impl Bilingual for UnknownLevel {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        say!(
            f,
            language,
            "the level must be \"strict\", \"documented\" or \"off\"",
            "级别只能是 \"strict\"、\"documented\" 或 \"off\""
        )
    }
}

impl core::error::Error for UnknownLevel {}
