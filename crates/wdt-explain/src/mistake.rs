//! A mistake that was made: its code, how it is known, and its texts.

use std::fmt;

use wdt_proto::{Bilingual, Language, Worded};

use crate::arguments::WrongArguments;
use crate::bodies::Other;
use crate::clock::WrongTime;
use crate::code::{Basis, MistakeCode};
use crate::encoding::Encoding;
use crate::form::WrongForm;
use crate::layout::Layout;
use crate::params::Change;
use crate::received::WrongQuery;
use crate::rewritten::{BodyChange, Rewritten};
use crate::secret::Misuse;
use crate::sent::Unreadable;
use crate::words::Words;

/// A mistake that was made. It holds its figures; the texts are made when they are read.
///
/// `Display` writes English, [`zh`](Mistake::zh) Chinese: what was done, and what to do instead. No
/// text holds the secret, the right signature, or a salt.
///
/// ```
/// use wdt_explain::{Account, Basis, MistakeCode, Sent, explain};
/// use wdt_proto::Language;
///
/// let account = Account::new("wdtapi3", "wdt_test", "testsecret:testsalt")?;
/// let sent = Sent::parse("sid=wdtapi3&key=wdt_test&v=2.0", "[]")?;
/// let report = explain(&sent, &account, 1_775_791_716);
/// let mistake = report.mistakes().iter().find(|m| m.code() == MistakeCode::WrongVersion).unwrap();
/// assert_eq!(mistake.basis(), Basis::Seen);
/// assert_eq!(mistake.what(Language::English), r#"v is "2.0", not "1.0""#);
/// assert_eq!(mistake.zh().to_string(), r#"参数 v 是 "2.0"，应为 "1.0"；把 v=1.0 发送并参与签名"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Mistake(Cause);

#[derive(Clone)]
enum Cause {
    Params(Change),
    Body(Other),
    Rewritten(Box<Rewritten>),
    Secret(Misuse),
    Encoding(Encoding),
    Layout(Layout),
    Form(WrongForm),
    Query(WrongQuery),
    Time(WrongTime),
    Arguments(WrongArguments),
}

macro_rules! from {
    ($($cause:ident($type:ty)),+ $(,)?) => {$(
        impl From<$type> for Mistake {
            fn from(cause: $type) -> Self {
                Self(Cause::$cause(cause))
            }
        }
    )+};
}
from!(
    Params(Change),
    Body(Other),
    Rewritten(Box<Rewritten>),
    Secret(Misuse),
    Encoding(Encoding),
    Layout(Layout),
    Form(WrongForm),
    Query(WrongQuery),
    Time(WrongTime),
    Arguments(WrongArguments),
);

impl Mistake {
    fn words(&self) -> &dyn Words {
        match &self.0 {
            Cause::Params(cause) => cause,
            Cause::Body(cause) => cause,
            Cause::Rewritten(cause) => &**cause,
            Cause::Secret(cause) => cause,
            Cause::Encoding(cause) => cause,
            Cause::Layout(cause) => cause,
            Cause::Form(cause) => cause,
            Cause::Query(cause) => cause,
            Cause::Time(cause) => cause,
            Cause::Arguments(cause) => cause,
        }
    }

    /// The mistake that makes a query unreadable; `None` where no query was given.
    #[must_use]
    pub fn of_unreadable(error: &Unreadable) -> Option<Self> {
        match error {
            Unreadable::NoQuery => None,
            Unreadable::MalformedQuery { part } => {
                Some(WrongQuery::Malformed { part: part.clone() }.into())
            }
        }
    }

    /// What kind of mistake it is. Stable.
    #[must_use]
    pub fn code(&self) -> MistakeCode {
        self.words().code()
    }

    /// How it is known.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.words().basis()
    }

    /// Whether the signature received comes out exactly when the mistake is made on purpose.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.basis() == Basis::Recomputed
    }

    /// What was done.
    #[must_use]
    pub fn what(&self, language: Language) -> String {
        self.words().what(language)
    }

    /// What to do instead.
    #[must_use]
    pub fn fix(&self, language: Language) -> String {
        self.words().fix(language)
    }

    /// Where it shows; `None` where there is nothing more to say.
    #[must_use]
    pub fn detail(&self, language: Language) -> Option<String> {
        match &self.0 {
            Cause::Rewritten(rewritten) => Some(rewritten.detail(language)),
            _ => None,
        }
    }

    /// What exactly changed in a body between signing and sending.
    #[must_use]
    pub fn changes(&self) -> &[BodyChange] {
        match &self.0 {
            Cause::Rewritten(rewritten) => &rewritten.changes,
            _ => &[],
        }
    }

    /// The text in Chinese. `Display` writes it in English.
    #[must_use]
    pub fn zh(&self) -> Worded<'_, Self> {
        self.in_language(Language::Chinese)
    }

    /// The text in this language.
    #[must_use]
    pub fn text(&self, language: Language) -> Worded<'_, Self> {
        self.in_language(language)
    }
}

impl Bilingual for Mistake {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, fix) = (self.what(language), self.fix(language));
        match language {
            Language::Chinese => write!(f, "{what}；{fix}"),
            _ => write!(f, "{what}; {fix}"),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(Language::English, f)
    }
}

impl fmt::Debug for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mistake")
            .field("code", &self.code())
            .field("basis", &self.basis())
            .field("what", &self.what(Language::English))
            .finish_non_exhaustive()
    }
}
