//! One request explained: the signature recomputed, the query looked at, the clock, the arguments.

use wdt_proto::{Level, validate};

use crate::account::Account;
use crate::arguments::WrongArguments;
use crate::clock;
use crate::form::{Target, WrongForm};
use crate::mistake::Mistake;
use crate::received;
use crate::report::{Report, Verdict};
use crate::search::{Outcome, Search};
use crate::sent::Sent;

/// Explains requests of one account; [`explain`] is the short way.
///
/// ```
/// use wdt_explain::{Account, Explainer, MistakeCode, Sent};
///
/// let account = Account::new("wdtapi3", "wdt_test", "testsecret:testsalt")?;
/// let sent = Sent::parse("sid=wdtapi3&timestamp=450444516", "[]")?;
/// // Ten minutes later. If that is when it was sent, then its clock is off.
/// let later = 1_775_791_716 + 600;
/// let has_stale = |explainer: Explainer<'_>| {
///     let report = explainer.explain(&sent);
///     report.mistakes().iter().any(|mistake| mistake.code() == MistakeCode::StaleTimestamp)
/// };
/// assert!(!has_stale(Explainer::new(&account, later)));
/// assert!(has_stale(Explainer::new(&account, later).sent_now()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Explainer<'a> {
    account: &'a Account,
    now: i64,
    is_sent_now: bool,
    signed_body: Option<&'a [u8]>,
    level: Level,
    effort: u64,
}

impl<'a> Explainer<'a> {
    /// Bytes that are hashed before the search for two mistakes at once gives up: about a second's
    /// work.
    pub const DEFAULT_EFFORT: u64 = 256 << 20;

    /// Explains what this account should have signed; `now` is in Unix seconds. An old request is
    /// no mistake, unless [`sent_now`](Self::sent_now) says so.
    #[must_use]
    pub const fn new(account: &'a Account, now: i64) -> Self {
        Self {
            account,
            now,
            is_sent_now: false,
            signed_body: None,
            level: Level::Documented,
            effort: Self::DEFAULT_EFFORT,
        }
    }

    /// `now` is when the request was sent, not merely when somebody looks at it.
    #[must_use]
    pub const fn sent_now(self) -> Self {
        Self { is_sent_now: true, ..self }
    }

    /// The body that is thought to have been signed.
    #[must_use]
    pub const fn signed_body(self, body: &'a [u8]) -> Self {
        Self { signed_body: Some(body), ..self }
    }

    /// How strictly arguments are checked.
    #[must_use]
    pub const fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// How many bytes may be hashed in the search for two mistakes at once. Single mistakes are
    /// all tried: some hundred signatures over the body.
    #[must_use]
    pub const fn effort(self, bytes: u64) -> Self {
        Self { effort: bytes, ..self }
    }

    /// Explains a request.
    #[must_use]
    pub fn explain(&self, sent: &Sent) -> Report {
        let (wrong, odd) = received::look(sent, self.account);
        let mut mistakes: Vec<Mistake> = wrong.into_iter().map(Mistake::from).collect();
        let expected = wdt_proto::explain(self.account.secret(), sent.signed_pairs());
        let sign = sent.get("sign").unwrap_or_default();
        let mut search = None;
        let verdict = if sign.is_empty() {
            Verdict::Absent
        } else if expected.sign.matches(sign) {
            Verdict::Matches
        } else if expected.sign.matches(&sign.to_ascii_lowercase()) {
            mistakes.insert(0, WrongForm::UpperCase.into());
            Verdict::Differs
        } else if let Some(target) = Target::parse(sign) {
            let outcome = self.search(sent, target);
            let proved = outcome.found().map(|found| {
                let form = target.wrong(sign).map(Mistake::from);
                found.mistakes.iter().cloned().chain(form).collect::<Vec<_>>()
            });
            let proved = proved.unwrap_or_default();
            // What the recomputation proves says more than that it is to be seen.
            mistakes.retain(|seen| proved.iter().all(|proved| proved.code() != seen.code()));
            mistakes.splice(0..0, proved);
            search = Some(outcome);
            Verdict::Differs
        } else {
            mistakes.insert(0, WrongForm::NoDigest { length: sign.chars().count() }.into());
            Verdict::Absent
        };
        let timestamp = sent.get("timestamp").filter(|text| !text.is_empty());
        let judgement = timestamp.map(|text| clock::judge(text, self.now, self.is_sent_now));
        let judgement = judgement.unwrap_or_default();
        mistakes.extend(judgement.wrong.map(Mistake::from));
        let method = sent.get("method").unwrap_or_default();
        let arguments = validate(method, sent.body(), self.level);
        let wrong_arguments = WrongArguments::of(&arguments).map(Mistake::from);
        let is_new = |new: &Mistake| mistakes.iter().all(|known| known.code() != new.code());
        let wrong_arguments = wrong_arguments.filter(is_new);
        mistakes.extend(wrong_arguments);
        let (age, time) = (judgement.age, judgement.time);
        Report { verdict, mistakes, odd, age, time, expected, search, arguments }
    }

    fn search(&self, sent: &Sent, target: Target) -> Outcome {
        Search::new(sent, self.account, self.signed_body, target, self.effort).run()
    }
}

/// Explains why a request is refused, or says that it is right. `now` is in Unix seconds; an old
/// request is no mistake.
///
/// ```
/// use wdt_explain::{Account, MistakeCode, Sent, explain};
///
/// let account = Account::new("wdtapi3", "wdt_test", "testsecret:testsalt")?;
/// let sent = Sent::parse("sid=wdtapi3&key=wdt_test&salt=testsalt&method=a.b&timestamp=1&v=1.0", "[]")?;
/// let report = explain(&sent, &account, 1_775_791_716);
/// assert_eq!(report.mistakes()[0].code(), MistakeCode::SignMissing);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn explain(sent: &Sent, account: &Account, now: i64) -> Report {
    Explainer::new(account, now).explain(sent)
}
