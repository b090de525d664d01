//! Why a signature is refused, told with the account's own secret: what `wdt explain` finds.
//!
//! Whoever calls decides what is explained, so its cost is bounded: bodies and queries up to a size,
//! a bounded search, one at a time, away from the threads that serve.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;
use wdt_explain::{Explainer, Mistake, MistakeCode, Report, Sent};
use wdt_proto::{Language, Level};

use crate::seed::Account;
use crate::why::Why;

/// Bytes of the largest body that is explained.
pub(crate) const MAX_BODY: usize = 32 << 10;
/// Bytes of the longest query that is explained.
const MAX_QUERY: usize = 4 << 10;
/// Bytes that are hashed in the search for two mistakes at once.
const EFFORT: u64 = 16 << 20;
/// How long a call waits for its turn to be explained.
const PATIENCE: Duration = Duration::from_secs(2);

/// The accounts as the explanations need them, and whose turn it is.
#[derive(Debug)]
pub(crate) struct Explanations {
    accounts: HashMap<(String, String), Arc<wdt_explain::Account>>,
    turn: Arc<Semaphore>,
}

/// What is known about a wrong signature.
#[derive(Debug)]
pub(crate) struct Explained {
    pub(crate) why: Why,
    pub(crate) mistakes: Vec<MistakeCode>,
}

impl Explanations {
    pub(crate) fn new(accounts: &[Account]) -> Self {
        let accounts = accounts.iter().filter_map(|account| {
            let (sid, key) = (account.sid(), account.key());
            let known = wdt_explain::Account::new(sid, key, account.app_secret_to_show()).ok()?;
            Some(((sid.to_owned(), key.to_owned()), Arc::new(known)))
        });
        Self { accounts: accounts.collect(), turn: Arc::new(Semaphore::new(1)) }
    }

    /// Why the signature of a call is wrong, at `unix` by the sandbox's clock.
    pub(crate) async fn explain(&self, query: &str, body: &Bytes, unix: i64) -> Explained {
        match self.search(query, body, unix).await {
            Some(explained) => explained,
            None => Explained { why: advice(&not_searched()), mistakes: Vec::new() },
        }
    }

    /// `None` where it would cost too much.
    async fn search(&self, query: &str, body: &Bytes, unix: i64) -> Option<Explained> {
        if body.len() > MAX_BODY || query.len() > MAX_QUERY {
            return None;
        }
        let sent = Sent::of_query(query, body.to_vec()).ok()?;
        let of = |name| sent.get(name).unwrap_or_default().to_owned();
        let account = self.accounts.get(&(of("sid"), of("key")))?.clone();
        let turn = tokio::time::timeout(PATIENCE, self.turn.clone().acquire_owned());
        let turn = turn.await.ok()?.ok()?;
        let searched = tokio::task::spawn_blocking(move || {
            let explainer = Explainer::new(&account, unix).sent_now();
            let report = explainer.level(Level::Off).effort(EFFORT).explain(&sent);
            drop(turn);
            told(&report)
        });
        searched.await.ok()
    }
}

/// What may be told of a report. It holds the right signature and the salt as well: those stay here.
fn told(report: &Report) -> Explained {
    let is_telling = |mistake: &&Mistake| {
        let seen = [MistakeCode::SaltDiffers, MistakeCode::SignForm, MistakeCode::SecretLeaked];
        mistake.is_proven() || seen.contains(&mistake.code())
    };
    let mistakes: Vec<&Mistake> = report.mistakes().iter().filter(is_telling).collect();
    let codes = mistakes.iter().map(|mistake| mistake.code()).collect();
    let lines = mistakes.into_iter().map(line).reduce(|lines, line| lines.line(&line));
    Explained { why: lines.unwrap_or_else(|| advice(&unexplained())), mistakes: codes }
}

/// What was done, where it shows, what to do instead, and how that is known.
fn line(mistake: &Mistake) -> Why {
    let text = |language: Language, open: &str, close: &str, fix: &str| {
        let detail = mistake.detail(language).map(|detail| format!("\n{detail}"));
        format!(
            "{}{}\n{fix}{}\n{open}{}{close}",
            mistake.what(language),
            detail.unwrap_or_default(),
            mistake.fix(language),
            mistake.basis().text(language)
        )
    };
    Why::new(
        text(Language::English, "(", ")", "fix: "),
        text(Language::Chinese, "（", "）", "改法："),
    )
}

/// What can be said of a signature that nothing explains.
fn advice(reason: &Why) -> Why {
    let rule = Why::new(
        "sign the raw values, before URL encoding, sorted by name, with body=<the exact bytes sent> \
         among them and the secret (what precedes the first ':') at both ends",
        "用未经 URL 编码的原始值签名，按键名排序，body=<实际发送的字节> 也在其中，首尾各加一次密钥（appsecret 第一个冒号之前的部分）",
    );
    rule.line(reason)
}

fn unexplained() -> Why {
    Why::new(
        "none of the usual mistakes explains this signature: check the appsecret first",
        "不属于任何常见错误：请先核对 appsecret",
    )
}

fn not_searched() -> Why {
    let kib = MAX_BODY >> 10;
    Why::new(
        format!(
            "the usual mistakes were not tried, as the request is large (more than {kib} KiB) or \
             others are being explained: `wdt explain` tries them"
        ),
        format!(
            "没有逐一验算常见错误：请求太大（超过 {kib} KiB），或者正在验算别的请求；可用 `wdt explain` 检查"
        ),
    )
}
