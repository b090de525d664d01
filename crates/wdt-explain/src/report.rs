//! All that is known about a request.

use wdt_proto::{Explanation, Issue, Language};

use crate::clock::{Age, Time};
use crate::mistake::Mistake;
use crate::received::Odd;
use crate::rewritten::Difference;
use crate::search::Outcome;
use crate::words::say;

/// Whether the signature received is the one that the server computes.
///
/// ```
/// assert_eq!(wdt_explain::Verdict::Differs.as_str(), "differs");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// It is.
    Matches,
    /// It is another one.
    Differs,
    /// There is none, or nothing that could be one.
    Absent,
}

impl Verdict {
    /// The word that programs read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Matches => "matches",
            Self::Differs => "differs",
            Self::Absent => "absent",
        }
    }
}

/// All that is known about a request.
///
/// ```
/// use wdt_explain::{Account, Sent, Verdict, explain};
/// use wdt_proto::Language;
///
/// let account = Account::new("wdtapi3", "wdt_test", "testsecret:testsalt")?;
/// let query = "sid=wdtapi3&key=wdt_test&salt=testsalt&method=system.Core.now&timestamp=450444516&v=1.0";
/// let sent = Sent::parse(&format!("{query}&sign=c9053525ed8fc05e3263c8d7210060ca"), "[]")?;
/// let report = explain(&sent, &account, 1_775_791_716);
/// assert!(report.is_right());
/// assert_eq!(report.verdict(), Verdict::Matches);
/// assert!(report.summary(Language::Chinese).starts_with("签名正确"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Report {
    pub(crate) verdict: Verdict,
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) odd: Vec<Odd>,
    pub(crate) age: Option<Age>,
    pub(crate) time: Time,
    pub(crate) expected: Explanation,
    pub(crate) search: Option<Outcome>,
    pub(crate) arguments: wdt_proto::Report,
}

impl Report {
    /// Whether the signature received is the right one.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Whether the signature is right, and nothing else is wrong with the request.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.verdict == Verdict::Matches && self.mistakes.is_empty()
    }

    /// Whether the signature differs and nothing explains it.
    #[must_use]
    pub fn is_unexplained(&self) -> bool {
        self.search.as_ref().is_some_and(|search| search.found().is_none())
    }

    /// The mistakes: proven ones first, then what is to see, by the clock, in the arguments.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// What is odd about the request, and no mistake.
    #[must_use]
    pub fn notes(&self, language: Language) -> Vec<String> {
        let odd = self.odd.iter().map(|odd| odd.text(language));
        odd.chain(self.age.map(|age| age.text(language))).collect()
    }

    /// What the server computes: string, length and signature. For whoever owns the secret alone:
    /// with this signature the request is accepted.
    #[must_use]
    pub const fn expected(&self) -> &Explanation {
        &self.expected
    }

    /// The search for what explains the signature, where it differs.
    #[must_use]
    pub const fn search(&self) -> Option<&Outcome> {
        self.search.as_ref()
    }

    /// What the check of the arguments says.
    #[must_use]
    pub const fn arguments(&self) -> &wdt_proto::Report {
        &self.arguments
    }

    /// The check's issues in the arguments.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        self.arguments.issues()
    }

    /// What the timestamp says.
    #[must_use]
    pub const fn time(&self) -> Time {
        self.time
    }

    /// Where the string that was signed and the one that the server signs part, if it is known
    /// which one was signed.
    #[must_use]
    pub fn first_difference(&self, language: Language) -> Option<String> {
        let found = self.search.as_ref()?.found()?;
        let canonical = self.expected.canonical.as_bytes();
        let Difference { at, signed, other } = Difference::of(found.canonical(), canonical);
        Some(say!(
            language,
            "first difference at byte {at}: signed `{signed}`, expected `{other}`",
            "第一个不同在字节 {at}：签名 `{signed}`，应为 `{other}`"
        ))
    }

    /// The verdict in one line.
    #[must_use]
    pub fn summary(&self, language: Language) -> String {
        match (self.verdict, self.mistakes.first()) {
            (Verdict::Matches, None) => say!(
                language,
                "the signature matches: the server computes the same from this query and body",
                "签名正确：服务器按这个 URL 和请求体算出的签名相同"
            ),
            (Verdict::Matches, Some(mistake)) => {
                let what = mistake.what(language);
                say!(language, "the signature matches, but {what}", "签名本身正确，但是：{what}")
            }
            (Verdict::Differs, _) if self.is_unexplained() => say!(
                language,
                "the signature differs, and none of the usual mistakes explains it",
                "签名不符，而且不属于任何常见错误"
            ),
            (_, Some(mistake)) => mistake.what(language),
            (_, None) => say!(language, "there is no signature to compare", "没有可比对的签名"),
        }
    }
}
