//! Why a call of the Wangdian flagship (旺店通旗舰版, qjb) open API gets 验证失败: names the
//! signature's mistake, and proves it.
//!
//! The request as it was sent goes in ([`Sent`]), with the account that it should have been signed
//! with ([`Account`]). The signature is computed anew with every usual mistake made, and with two at
//! a time, until the one that was sent comes out; what is to see in the query, the clock and the
//! arguments is said as well. Each [`Mistake`] has a stable [`MistakeCode`], and texts in English and
//! Chinese that are made last, from the same cause. No I/O, no clock, no unsafe code.
//!
//! The road of a request: `sent` (taken apart) → `received` (what is to see) → `search` (recomputed,
//! over `params`, `bodies`, `secret`, `encoding` and `layout`) → `clock` → `arguments` → `report`.
#![forbid(unsafe_code)]

mod account;
mod arguments;
mod bodies;
mod clock;
mod code;
mod encoding;
mod explainer;
mod form;
mod json_tree;
mod layout;
mod mistake;
mod params;
mod received;
mod report;
mod rewritten;
mod search;
mod secret;
mod sent;
mod styles;
mod words;

pub use account::Account;
pub use clock::Time;
pub use code::{Basis, MistakeCode};
pub use explainer::{Explainer, explain};
pub use json_tree::indented;
pub use mistake::Mistake;
pub use report::{Report, Verdict};
pub use rewritten::BodyChange;
pub use search::{Found, Outcome};
pub use sent::{Sent, Unreadable};
pub use words::{beijing, duration, visible};

/// The example of the front page runs as a test too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct FrontPage;
