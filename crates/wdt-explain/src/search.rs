//! The search: the signature is computed anew with every usual mistake, and with two at a time,
//! until one gives the signature that was received.
//!
//! A match is a proof: no two of these texts share an MD5 by chance.

use std::cell::Cell;

use md5::{Digest, Md5};
use wdt_proto::catalogue::Method;

use crate::account::Account;
use crate::bodies::{self, Form, Why};
use crate::encoding::{Encoding, encodings};
use crate::form::Target;
use crate::layout::Layout;
use crate::mistake::Mistake;
use crate::params::{Params, params};
use crate::rewritten::Rewritten;
use crate::secret::{Secret, secrets};
use crate::sent::Sent;

/// What explains the signature.
///
/// ```
/// use wdt_explain::{Account, Sent, explain};
///
/// let account = Account::new("wdtapi3", "wdt_test", "testsecret:testsalt")?;
/// let unsigned = wdt_proto::sign("testsecret", [("sid", "wdtapi3")]);
/// let sent = Sent::parse(&format!("sid=wdtapi3&sign={unsigned}"), "[]")?;
/// let report = explain(&sent, &account, 1_775_791_716);
/// let found = report.search().and_then(|search| search.found()).unwrap();
/// assert_eq!(found.canonical(), b"***sidwdtapi3***");
/// assert_eq!(found.length(), 30);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Found {
    pub(crate) mistakes: Vec<Mistake>,
    canonical: Vec<u8>,
    length: usize,
    signed_body: Option<Vec<u8>>,
}

impl Found {
    /// The text that was signed, the secret masked. It holds the salt.
    #[must_use]
    pub fn canonical(&self) -> &[u8] {
        &self.canonical
    }

    /// Its length in bytes, the secret included.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.length
    }

    /// The body that was signed, where it is not the one that was sent.
    #[must_use]
    pub fn signed_body(&self) -> Option<&[u8]> {
        self.signed_body.as_deref()
    }
}

/// How far the search went.
///
/// ```
/// use wdt_explain::{Account, Sent, explain};
///
/// let account = Account::new("wdtapi3", "wdt_test", "testsecret:testsalt")?;
/// let sent = Sent::parse("sid=wdtapi3&sign=0123456789abcdef0123456789abcdef", "[]")?;
/// let report = explain(&sent, &account, 1_775_791_716);
/// let search = report.search().unwrap();
/// assert!(search.found().is_none() && search.is_complete() && search.tried() > 1_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Outcome {
    found: Option<Found>,
    tried: u64,
    is_complete: bool,
}

impl Outcome {
    /// What explains the signature, if anything does.
    #[must_use]
    pub const fn found(&self) -> Option<&Found> {
        self.found.as_ref()
    }

    /// So many signatures were computed.
    #[must_use]
    pub const fn tried(&self) -> u64 {
        self.tried
    }

    /// Whether nothing was left out because of the body's size.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.is_complete
    }
}

/// One choice in each respect; 0 is the right one.
type Choice = [usize; 5];
const RIGHT: Choice = [0; 5];
const PARAMS: usize = 0;
const BODY: usize = 1;
const SECRET: usize = 2;
const ENCODING: usize = 3;
const LAYOUT: usize = 4;

pub(crate) struct Search<'r> {
    sent: &'r Sent,
    method: Option<Method<'static>>,
    params: Vec<Params>,
    bodies: Vec<Form>,
    secrets: Vec<Secret>,
    encodings: Vec<Encoding>,
    layouts: Vec<Layout>,
    target: Target,
    effort: u64,
    tried: Cell<u64>,
    hashed: Cell<u64>,
}

impl<'r> Search<'r> {
    /// Pairs of mistakes are tried until `effort` bytes are hashed, all styles of a body until half
    /// as many are.
    pub(crate) fn new(
        sent: &'r Sent,
        account: &Account,
        signed_body: Option<&[u8]>,
        target: Target,
        effort: u64,
    ) -> Self {
        let method = sent.method();
        Self {
            sent,
            method,
            params: params(sent, account),
            bodies: bodies::forms(&sent.body, signed_body, method),
            secrets: secrets(account),
            encodings: encodings(sent),
            layouts: Layout::ALL.to_vec(),
            target,
            effort,
            tried: Cell::new(0),
            hashed: Cell::new(0),
        }
    }

    pub(crate) fn run(&self) -> Outcome {
        let mut is_complete = true;
        // A signature cut to 16 characters may be right but for that.
        let found = self
            .attempt(RIGHT)
            .or_else(|| self.singles())
            .or_else(|| self.styles(&mut is_complete))
            .or_else(|| self.pairs(&mut is_complete));
        Outcome { found, tried: self.tried.get(), is_complete }
    }

    fn count(&self, respect: usize) -> usize {
        match respect {
            PARAMS => self.params.len(),
            BODY => self.bodies.len(),
            SECRET => self.secrets.len(),
            ENCODING => self.encodings.len(),
            _ => self.layouts.len(),
        }
    }

    fn singles(&self) -> Option<Found> {
        (0..RIGHT.len()).find_map(|respect| {
            (1..self.count(respect)).find_map(|at| {
                let mut choice = RIGHT;
                choice[respect] = at;
                self.attempt(choice)
            })
        })
    }

    /// Every way of writing the body's JSON, all else right.
    fn styles(&self, is_complete: &mut bool) -> Option<Found> {
        for form in bodies::all_styles(&self.sent.body, self.method) {
            if self.hashed.get() > self.effort / 2 {
                *is_complete = false;
                break;
            }
            if let Some(found) = self.attempt_with(RIGHT, &form) {
                return Some(found);
            }
        }
        None
    }

    /// The likeliest pairs first, for a large body leaves time for few.
    fn pairs(&self, is_complete: &mut bool) -> Option<Found> {
        const PAIRS: [(usize, usize); 10] = [
            (BODY, SECRET),
            (SECRET, LAYOUT),
            (SECRET, ENCODING),
            (PARAMS, SECRET),
            (PARAMS, BODY),
            (BODY, ENCODING),
            (BODY, LAYOUT),
            (PARAMS, LAYOUT),
            (PARAMS, ENCODING),
            (ENCODING, LAYOUT),
        ];
        for (first, second) in PAIRS {
            for at in 1..self.count(first) {
                for other in 1..self.count(second) {
                    if self.hashed.get() > self.effort {
                        *is_complete = false;
                        return None;
                    }
                    let mut choice = RIGHT;
                    choice[first] = at;
                    choice[second] = other;
                    if let Some(found) = self.attempt(choice) {
                        return Some(found);
                    }
                }
            }
        }
        None
    }

    fn attempt(&self, choice: Choice) -> Option<Found> {
        self.attempt_with(choice, self.bodies.get(choice[BODY])?)
    }

    fn attempt_with(&self, choice: Choice, form: &Form) -> Option<Found> {
        let secret = self.secrets.get(choice[SECRET])?;
        let canonical = self.canonical(choice, form, &secret.before, &secret.after)?;
        self.tried.set(self.tried.get() + 1);
        self.hashed.set(self.hashed.get() + canonical.len() as u64);
        if !self.target.is(&Md5::digest(&canonical)) {
            return None;
        }
        let mask = |half: &[u8]| if half.is_empty() { "" } else { "***" };
        let shown = self.canonical(
            choice,
            form,
            mask(&secret.before).as_bytes(),
            mask(&secret.after).as_bytes(),
        )?;
        let signed_body = form.bytes.clone().filter(|bytes| *bytes != self.sent.body);
        Some(Found {
            mistakes: self.mistakes(choice, form),
            length: canonical.len(),
            canonical: shown,
            signed_body,
        })
    }

    fn canonical(
        &self,
        choice: Choice,
        form: &Form,
        before: &[u8],
        after: &[u8],
    ) -> Option<Vec<u8>> {
        let params = self.params.get(choice[PARAMS])?;
        let encoding = self.encodings.get(choice[ENCODING])?;
        let layout = *self.layouts.get(choice[LAYOUT])?;
        let pairs = params
            .pairs
            .iter()
            .map(|(key, value)| (key.as_str(), encoding.param(value.as_bytes())))
            .collect();
        let body = form.bytes.as_deref().map(|body| encoding.body(body));
        Some(layout.write(pairs, body, before, after))
    }

    fn mistakes(&self, choice: Choice, form: &Form) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        let change = self.params.get(choice[PARAMS]).and_then(|params| params.change.clone());
        mistakes.extend(change.map(Mistake::from));
        mistakes.extend(match form.why {
            Why::Right => None,
            Why::Is(other) => Some(Mistake::from(other)),
            Why::Rewritten => {
                let signed = form.bytes.as_deref().unwrap_or_default();
                Some(Box::new(Rewritten::new(&self.sent.body, signed, self.method)).into())
            }
        });
        let misuse = self.secrets.get(choice[SECRET]).and_then(|secret| secret.misuse);
        mistakes.extend(misuse.map(Mistake::from));
        let encoding = self.encodings.get(choice[ENCODING]).filter(|encoding| !encoding.is_none());
        mistakes.extend(encoding.copied().map(Mistake::from));
        let layout = self.layouts.get(choice[LAYOUT]).filter(|layout| **layout != Layout::Right);
        mistakes.extend(layout.copied().map(Mistake::from));
        mistakes
    }
}
