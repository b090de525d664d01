//! The search: the signature is computed anew with every usual mistake, and with two at a time,
//! until one gives the signature that was received.
//!
//! A match is a proof: no two of these texts share an MD5 by chance.

use std::cell::Cell;

use md5::{Digest, Md5};
use wdt_proto::catalogue::Method;

use super::bodies::{self, Form};
use super::layout::Layout;
use super::mistake::Mistake;
use super::received::Received;
use super::secret::{Secret, secrets};
use super::variants::{self, Encoding, Params};
use crate::credentials::Owned;

/// What explains the signature.
pub(crate) struct Found {
    pub(crate) mistakes: Vec<Mistake>,
    /// The text that was signed, the secret masked.
    pub(crate) canonical: Vec<u8>,
    /// Its length, the secret included.
    pub(crate) length: usize,
    /// The body that was signed, where it is not the one that was sent.
    pub(crate) signed_body: Option<Vec<u8>>,
}

/// How far the search went.
pub(crate) struct Outcome {
    pub(crate) found: Option<Found>,
    pub(crate) tried: u64,
    /// Whether nothing was left out because of the body's size.
    pub(crate) complete: bool,
}

/// The signature that was received, as far as it looks like one.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    Whole([u8; 16]),
    /// The middle 16 of the 32 characters.
    Middle([u8; 8]),
}

impl Target {
    /// 32 hex characters of either case, or 16 of them.
    pub(crate) fn parse(sign: &str) -> Option<Self> {
        let bytes: Option<Vec<u8>> = sign
            .as_bytes()
            .chunks(2)
            .map(|pair| {
                let text = std::str::from_utf8(pair).ok().filter(|t| !t.starts_with('+'))?;
                u8::from_str_radix(text, 16).ok().filter(|_| text.len() == 2)
            })
            .collect();
        let bytes = bytes?;
        match <[u8; 16]>::try_from(bytes.as_slice()) {
            Ok(whole) => Some(Self::Whole(whole)),
            Err(_) => bytes.as_slice().try_into().ok().map(Self::Middle),
        }
    }

    fn is(self, digest: &[u8]) -> bool {
        match self {
            Self::Whole(bytes) => digest == bytes,
            Self::Middle(bytes) => digest.get(4..12) == Some(&bytes),
        }
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
    received: &'r Received,
    method: Option<Method<'static>>,
    params: Vec<Params>,
    bodies: Vec<Form>,
    secrets: Vec<Secret>,
    encodings: Vec<Encoding>,
    layouts: Vec<Layout>,
    target: Target,
    tried: Cell<u64>,
    hashed: Cell<u64>,
}

impl<'r> Search<'r> {
    /// Pairs of mistakes are tried until so many bytes are hashed, all styles of a body until half
    /// as many are: about a second's work.
    const MAX_HASHED: u64 = 256 << 20;

    pub(crate) fn new(
        received: &'r Received,
        owned: &Owned,
        signed_body: Option<&[u8]>,
        target: Target,
    ) -> Self {
        let method = received.method();
        Self {
            received,
            method,
            params: variants::params(received, owned),
            bodies: bodies::forms(&received.body, signed_body, method),
            secrets: secrets(owned),
            encodings: variants::encodings(received),
            layouts: Layout::ALL.to_vec(),
            target,
            tried: Cell::new(0),
            hashed: Cell::new(0),
        }
    }

    pub(crate) fn run(&self) -> Outcome {
        let mut complete = true;
        // A signature cut to 16 characters may be right but for that.
        let found = self
            .attempt(RIGHT)
            .or_else(|| self.singles())
            .or_else(|| self.styles(&mut complete))
            .or_else(|| self.pairs(&mut complete));
        Outcome { found, tried: self.tried.get(), complete }
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
    fn styles(&self, complete: &mut bool) -> Option<Found> {
        let received = self.received;
        for form in bodies::all_styles(&received.body, self.method) {
            if self.hashed.get() > Self::MAX_HASHED / 2 {
                *complete = false;
                break;
            }
            if let Some(found) = self.attempt_with(RIGHT, &form) {
                return Some(found);
            }
        }
        None
    }

    /// The likeliest pairs first, for a large body leaves time for few.
    fn pairs(&self, complete: &mut bool) -> Option<Found> {
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
                    if self.hashed.get() > Self::MAX_HASHED {
                        *complete = false;
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
        let signed_body = form.bytes.clone().filter(|bytes| *bytes != self.received.body);
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
        mistakes.extend(self.params.get(choice[PARAMS]).and_then(|form| form.mistake.clone()));
        mistakes.extend(form.mistake(&self.received.body, self.method));
        mistakes.extend(self.secrets.get(choice[SECRET]).and_then(|form| form.mistake.clone()));
        mistakes.extend(self.encodings.get(choice[ENCODING]).and_then(Encoding::mistake));
        mistakes.extend(self.layouts.get(choice[LAYOUT]).and_then(|layout| layout.mistake()));
        mistakes
    }
}
