//! Why something was refused, for people, in both languages.

use std::fmt::{self, Display};

use wdt_proto::{Bilingual, Language, Worded};

/// A reason in English (`Display`) and in Chinese ([`zh`](Why::zh)), with the same figures.
///
/// ```
/// use wdt_sandbox::Seed;
///
/// let why = Seed::parse(r#"{"goods": [{"api_goods_id": 0}]}"#).unwrap_err();
/// assert!(why.to_string().starts_with("good 0: api_goods_id: must be from 1"));
/// assert!(why.zh().to_string().starts_with("货品 0：api_goods_id：应在 1 到"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Why {
    pub(crate) english: String,
    pub(crate) chinese: String,
}

impl Bilingual for Why {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if language == Language::Chinese { &self.chinese } else { &self.english })
    }
}

impl Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(Language::English, f)
    }
}

impl std::error::Error for Why {}

impl Why {
    /// The text in Chinese.
    #[must_use]
    pub fn zh(&self) -> Worded<'_, Self> {
        self.in_language(Language::Chinese)
    }

    pub(crate) fn new(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self { english: english.into(), chinese: chinese.into() }
    }

    /// What a value says of itself.
    pub(crate) fn of(told: &(impl Bilingual + ?Sized)) -> Self {
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|l| told.in_language(l).to_string());
        Self { english, chinese }
    }

    /// What there is in one language alone.
    pub(crate) fn one(text: impl Display) -> Self {
        let english = text.to_string();
        Self { chinese: english.clone(), english }
    }

    /// This reason, and behind it another one: `the signature does not fit: …`.
    pub(crate) fn because(self, reason: &Self) -> Self {
        Self {
            english: format!("{}: {}", self.english, reason.english),
            chinese: format!("{}：{}", self.chinese, reason.chinese),
        }
    }

    /// One more line.
    pub(crate) fn line(mut self, more: &Self) -> Self {
        for (text, more) in [(&mut self.english, &more.english), (&mut self.chinese, &more.chinese)]
        {
            text.push('\n');
            text.push_str(more);
        }
        self
    }
}
