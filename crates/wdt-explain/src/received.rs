//! What is to see in a query, whatever the signature: the checks of the receiving side, all of them.

use wdt_proto::query::{REQUIRED, VERSION};
use wdt_proto::{Issue, IssueCode, Language, Pager, Received, ValidationError, VerifyError};

use crate::account::Account;
use crate::code::{Basis, MistakeCode};
use crate::sent::Sent;
use crate::words::{Words, say};

/// What is wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WrongQuery {
    Malformed { part: String },
    Leaked { name: String },
    Duplicate { name: String },
    BodyInQuery,
    Absent { name: &'static str, is_empty: bool },
    OtherAccount { name: &'static str, theirs: String, ours: String },
    OtherSalt { split_at_last_colon: bool },
    Version { found: String },
    Paging(ValidationError),
    PagerMissing,
    PageSizeMissing,
}

/// What is odd about a query, and no mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Odd {
    CalcTotal { found: String },
    Paging(Issue),
    Path { base: String },
}

/// What is wrong with the query whatever the signature, then what is odd about it.
pub(crate) fn look(sent: &Sent, account: &Account) -> (Vec<WrongQuery>, Vec<Odd>) {
    let (mut wrong, mut odd) = (Vec::new(), Vec::new());
    // It has been taken apart before.
    let Ok(call) = Received::parse(&sent.query, &sent.body) else { return (wrong, odd) };
    let leaking = sent.pairs.iter().find(|(_, value)| account.leaks_in(value));
    wrong.extend(leaking.map(|(name, _)| WrongQuery::Leaked { name: name.clone() }));
    duplicates(sent, &mut wrong);
    for name in REQUIRED {
        if call.required(name).is_err() {
            wrong.push(WrongQuery::Absent { name, is_empty: call.get(name).is_some() });
        }
    }
    other_account(sent, account, &mut wrong);
    if call.salt(account.parts()) == Err(VerifyError::WrongSalt) {
        let split_at_last_colon = account.salt().rsplit(':').next() == sent.get("salt");
        wrong.push(WrongQuery::OtherSalt { split_at_last_colon });
    }
    if let Err(VerifyError::WrongVersion(found)) = call.version() {
        wrong.push(WrongQuery::Version { found });
    }
    let calc_total = sent.get("calc_total").filter(|value| !matches!(*value, "0" | "1"));
    odd.extend(calc_total.map(|found| Odd::CalcTotal { found: found.to_owned() }));
    match call.pager() {
        Ok(pager) => paging(sent, pager, &mut wrong, &mut odd),
        Err(VerifyError::Pager(error)) => wrong.push(WrongQuery::Paging(error)),
        Err(_) => wrong.push(WrongQuery::PageSizeMissing),
    }
    let base = sent.base.iter().filter(|base| !base.trim_end_matches('/').ends_with("/openapi"));
    odd.extend(base.map(|base| Odd::Path { base: base.clone() }));
    (wrong, odd)
}

fn duplicates(sent: &Sent, wrong: &mut Vec<WrongQuery>) {
    let mut keys: Vec<&str> = sent.pairs.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    let mut repeated: Vec<&str> =
        keys.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    repeated.dedup();
    wrong.extend(repeated.into_iter().map(|key| WrongQuery::Duplicate { name: key.to_owned() }));
    if sent.get("body").is_some() {
        wrong.push(WrongQuery::BodyInQuery);
    }
}

fn other_account(sent: &Sent, account: &Account, wrong: &mut Vec<WrongQuery>) {
    for (name, ours) in [("sid", account.sid()), ("key", account.key())] {
        if let Some(theirs) = sent.get(name).filter(|v| !v.is_empty() && *v != ours) {
            let (theirs, ours) = (theirs.to_owned(), ours.to_owned());
            wrong.push(WrongQuery::OtherAccount { name, theirs, ours });
        }
    }
}

/// Whether the method and its paging fit.
fn paging(sent: &Sent, pager: Option<Pager>, wrong: &mut Vec<WrongQuery>, odd: &mut Vec<Odd>) {
    match sent.method().and_then(|method| method.paging_issue(pager)) {
        Some(issue) if issue.code() == IssueCode::Missing => wrong.push(WrongQuery::PagerMissing),
        Some(issue) => odd.push(Odd::Paging(issue)),
        None => {}
    }
}

impl Words for WrongQuery {
    fn code(&self) -> MistakeCode {
        match self {
            Self::Malformed { .. } => MistakeCode::MalformedQuery,
            Self::Leaked { .. } => MistakeCode::SecretLeaked,
            Self::Duplicate { .. } => MistakeCode::DuplicateParameter,
            Self::BodyInQuery => MistakeCode::BodyInQuery,
            Self::Absent { name: "salt", .. } => MistakeCode::SaltMissing,
            Self::Absent { name: "sign", .. } => MistakeCode::SignMissing,
            Self::Absent { .. } => MistakeCode::MissingParameter,
            Self::OtherAccount { .. } => MistakeCode::OtherCredentials,
            Self::OtherSalt { .. } => MistakeCode::SaltDiffers,
            Self::Version { .. } => MistakeCode::WrongVersion,
            Self::Paging(_) | Self::PageSizeMissing => MistakeCode::Paging,
            Self::PagerMissing => MistakeCode::PagingMissing,
        }
    }

    fn basis(&self) -> Basis {
        Basis::Seen
    }

    fn what(&self, language: Language) -> String {
        match self {
            Self::Malformed { part } => say!(
                language,
                "query: {part:?} is not a key=value pair in percent-encoded UTF-8",
                "URL 参数 {part:?} 不是按 UTF-8 做百分号编码的 key=value"
            ),
            Self::Leaked { name } => say!(
                language,
                "the query's {name} holds the secret itself: whoever saw the URL has it now",
                "URL 参数 {name} 里带上了密钥本身：看到 URL 的人都拿到了密钥"
            ),
            Self::Duplicate { name } => {
                say!(language, "{name} is in the query more than once", "URL 参数 {name} 重复出现")
            }
            Self::BodyInQuery => say!(language, "body is in the query", "body 放进了 URL 参数"),
            Self::Absent { name, is_empty: true } => {
                say!(language, "{name} is empty in the query", "URL 参数 {name} 是空的")
            }
            Self::Absent { name, is_empty: false } => {
                say!(language, "{name} is missing in the query", "URL 里缺少参数 {name}")
            }
            Self::OtherAccount { name, theirs, ours } => say!(
                language,
                "the query's {name} is {theirs:?}, that of your credentials {ours:?}",
                "URL 里的 {name} 是 {theirs:?}，而你提供的凭据是 {ours:?}，不是同一套"
            ),
            Self::OtherSalt { split_at_last_colon: false } => say!(
                language,
                "the query's salt is not the part of appsecret behind the first colon",
                "URL 里的 salt 不是 appsecret 第一个冒号之后的部分"
            ),
            Self::OtherSalt { split_at_last_colon: true } => say!(
                language,
                "the query's salt is not the part of appsecret behind the first colon: it was split at the last colon",
                "URL 里的 salt 不是 appsecret 第一个冒号之后的部分：appsecret 按最后一个冒号拆分了"
            ),
            Self::Version { found } => say!(
                language,
                "v is {found:?}, not {VERSION:?}",
                "参数 v 是 {found:?}，应为 {VERSION:?}"
            ),
            Self::Paging(error) => error.text(language).to_string(),
            Self::PageSizeMissing => say!(
                language,
                "page_no or calc_total are sent without page_size",
                "发送了 page_no 或 calc_total，却没有 page_size"
            ),
            Self::PagerMissing => say!(
                language,
                "the method is paged: page_size, page_no and calc_total are missing",
                "此方法仅支持分页查询：缺少 page_size、page_no、calc_total"
            ),
        }
    }

    fn fix(&self, language: Language) -> String {
        match self {
            Self::Malformed { .. } => say!(
                language,
                "percent-encode every value as UTF-8, and join key=value pairs with '&'",
                "每个值都要按 UTF-8 做百分号编码，用 & 连接 key=value"
            ),
            Self::Leaked { .. } => say!(
                language,
                "send only the part of appsecret behind the first colon, as salt; have the platform issue a new appsecret",
                "密钥不能发送，salt 只取 appsecret 第一个冒号之后的部分；请让平台更换 appsecret"
            ),
            Self::Duplicate { .. } => {
                say!(language, "send every parameter once", "每个参数只发送一次")
            }
            Self::BodyInQuery => say!(
                language,
                "sign the body under the key body, and send it as the HTTP body alone",
                "body 只参与签名，并作为 HTTP 请求体发送"
            ),
            Self::Absent { name: "salt", .. } => say!(
                language,
                "send the part of appsecret behind the first colon as salt, and sign it",
                "把 appsecret 第一个冒号之后的部分作为 salt 发送，并参与签名"
            ),
            Self::Absent { name: "sign", .. } => {
                say!(language, "send the signature as sign", "把签名作为 sign 发送")
            }
            Self::Absent { name, .. } => {
                say!(language, "send {name}, and sign it", "把 {name} 发送并参与签名")
            }
            Self::OtherAccount { .. } => say!(
                language,
                "explain it with the credentials that it was signed with, or send the right ones",
                "用签名时的那套凭据来检查，或者改用正确的凭据发送"
            ),
            Self::OtherSalt { .. } => say!(
                language,
                "split appsecret at its first colon; the salt may hold further colons",
                "按第一个冒号拆分 appsecret，之后的部分（可含冒号）整个是 salt"
            ),
            Self::Version { .. } => {
                say!(language, "send v={VERSION}, and sign it so", "把 v={VERSION} 发送并参与签名")
            }
            Self::Paging(_) | Self::PageSizeMissing => say!(
                language,
                "page_size from 1, page_no from 0, calc_total 1 or 0",
                "page_size 从 1 起，page_no 从 0 起，calc_total 为 1 或 0"
            ),
            Self::PagerMissing => say!(
                language,
                "send page_size, page_no (from 0) and calc_total, and sign them",
                "把 page_size、page_no（从 0 起）、calc_total 发送并参与签名"
            ),
        }
    }
}

impl Odd {
    pub(crate) fn text(&self, language: Language) -> String {
        match self {
            Self::CalcTotal { found } => say!(
                language,
                "calc_total is {found:?}; the documentation says 1 or 0",
                "calc_total 是 {found:?}，文档规定为 1 或 0"
            ),
            Self::Paging(issue) => issue.text(language).to_string(),
            Self::Path { base } => say!(
                language,
                "the path is that of {base}; the platform's ends in /openapi",
                "请求地址是 {base}，平台的地址以 /openapi 结尾"
            ),
        }
    }
}
