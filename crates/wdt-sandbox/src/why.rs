//! Why something was refused, for people, in both languages.

use std::fmt::Display;

use wdt_proto::{Bilingual, Language};

/// A reason in English and in Chinese, with the same figures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Why {
    pub(crate) english: String,
    pub(crate) chinese: String,
}

impl Why {
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
