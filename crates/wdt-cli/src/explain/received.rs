//! The request as it was sent: the query taken apart, and what is to see in it.

use wdt_proto::query::{self, PAGING, REQUIRED, VERSION};
use wdt_proto::{Credentials, IssueCode, Pager, catalogue};

use super::mistake::Mistake;
use crate::credentials::Owned;
use crate::failure::Failure;
use crate::output::Mask;
use crate::words::words;

/// The query's pairs and the body.
pub(crate) struct Received {
    /// Decoded, in the query's order, `sign` included.
    pub(crate) pairs: Vec<(String, String)>,
    /// The same as they stand in the URL.
    pub(crate) raw_pairs: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// What stands before the query, where a URL was given.
    pub(crate) base: Option<String>,
}

impl Received {
    /// Takes a URL, a query string, or a line of a log with a URL in it. `Ok(Err(…))` is a query
    /// that cannot be taken apart.
    pub(crate) fn parse(given: &str, body: Vec<u8>) -> Result<Result<Self, Mistake>, Failure> {
        let line = given.trim().trim_matches(['"', '\'']);
        // `POST /openapi?… HTTP/1.1`, as servers log it.
        let line = line.strip_prefix("POST ").unwrap_or(line);
        let line = line.split_once(" HTTP/").map_or(line, |(url, _)| url).trim();
        let (base, query) = match line.split_once('?') {
            Some((base, query)) => (Some(base).filter(|base| !base.is_empty()), query),
            None if line.contains("://") || !line.contains('=') => {
                return Err(Failure::usage(words!(
                    "there is no query in the URL: give the whole URL as sent, with everything \
                     behind the '?' (in quotes, or the shell takes '&' for itself)",
                    "URL 里没有查询串：请给出实际发出的完整 URL，包括 '?' 后面的全部内容\
                     （加引号，否则 shell 会截走 '&'）"
                )));
            }
            None => (None, line),
        };
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        let decoded = match query::parse(query) {
            Ok(pairs) => pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect(),
            Err(error) => {
                return Ok(Err(Mistake::seen(
                    "malformed_query",
                    error.to_string(),
                    "percent-encode every value as UTF-8, and join key=value pairs with '&'",
                    "URL 参数格式不对：每个值都要按 UTF-8 做百分号编码，用 & 连接 key=value",
                )));
            }
        };
        let raw_pairs = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        Ok(Ok(Self { pairs: decoded, raw_pairs, body, base: base.map(str::to_owned) }))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn method(&self) -> Option<catalogue::Method<'static>> {
        catalogue::method(self.get("method")?)
    }

    /// All that is signed: the query but for `sign`, and the body.
    pub(crate) fn signed_pairs(&self) -> Vec<(&str, &[u8])> {
        let query = self.pairs.iter().filter(|(key, _)| key != "sign");
        let query = query.map(|(key, value)| (key.as_str(), value.as_bytes()));
        query.chain([("body", self.body.as_slice())]).collect()
    }

    /// What is wrong with the query whatever the signature, then what is odd about it.
    pub(crate) fn findings(&self, owned: &Owned, mask: &Mask) -> (Vec<Mistake>, Vec<String>) {
        let (mut wrong, mut odd) = (Vec::new(), Vec::new());
        self.leaks(owned, mask, &mut wrong);
        self.duplicates(&mut wrong);
        self.missing(&mut wrong);
        self.other_account(&owned.credentials, &mut wrong);
        if let Some(version) = self.get("v").filter(|v| !v.is_empty() && *v != VERSION) {
            wrong.push(Mistake::seen(
                "wrong_version",
                format!("v is {version:?}, not {VERSION:?}"),
                format!("send v={VERSION}, and sign it so"),
                format!("参数 v 应为 {VERSION}，实际是 {version:?}"),
            ));
        }
        self.paging(&mut wrong, &mut odd);
        self.place(&mut odd);
        (wrong, odd)
    }

    fn leaks(&self, owned: &Owned, mask: &Mask, wrong: &mut Vec<Mistake>) {
        let is_it = |value: &str| value == owned.secret() || value == owned.app_secret();
        let leaking = self.pairs.iter().find(|(_, value)| is_it(value) || mask.holds(value));
        if let Some((key, _)) = leaking {
            wrong.push(Mistake::seen(
                "secret_leaked",
                format!("the query's {key} holds the secret itself: whoever saw the URL has it now"),
                "send only the part of appsecret behind the first colon, as salt; have the platform \
                 issue a new appsecret",
                format!("URL 参数 {key} 里带上了密钥本身：密钥不能发送，salt 只取第一个冒号之后的部分；请更换 appsecret"),
            ));
        }
    }

    fn duplicates(&self, wrong: &mut Vec<Mistake>) {
        let mut keys: Vec<&str> = self.pairs.iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        let mut twice: Vec<&str> =
            keys.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        twice.dedup();
        for key in twice {
            wrong.push(Mistake::seen(
                "duplicate_parameter",
                format!("{key} stands twice in the query"),
                "send every parameter once",
                format!("URL 参数 {key} 重复出现，每个参数只能出现一次"),
            ));
        }
        if self.get("body").is_some() {
            wrong.push(Mistake::seen(
                "body_in_query",
                "body stands in the query",
                "sign the body under the key body, and send it as the HTTP body alone",
                "body 只参与签名并作为 HTTP 请求体发送，不能放进 URL 参数",
            ));
        }
    }

    fn missing(&self, wrong: &mut Vec<Mistake>) {
        for name in REQUIRED {
            if self.get(name).is_some_and(|value| !value.is_empty()) {
                continue;
            }
            let state = if self.get(name).is_some() { "empty" } else { "missing" };
            let (code, fix, chinese) = match name {
                "salt" => (
                    "salt_missing",
                    "send the part of appsecret behind the first colon as salt, and sign it".into(),
                    "URL 里缺少 salt：appsecret 第一个冒号之后的部分要作为 salt 发送并参与签名"
                        .into(),
                ),
                "sign" => {
                    ("sign_missing", "send the signature as sign".into(), "URL 里缺少 sign".into())
                }
                _ => (
                    "missing_parameter",
                    format!("send {name}, and sign it"),
                    format!("URL 里缺少参数 {name}（{state}）"),
                ),
            };
            wrong.push(Mistake::seen(
                code,
                format!("{name} is {state} in the query"),
                fix,
                chinese,
            ));
        }
    }

    fn other_account(&self, credentials: &Credentials, wrong: &mut Vec<Mistake>) {
        for (name, ours) in [("sid", credentials.sid()), ("key", credentials.key())] {
            let Some(theirs) = self.get(name).filter(|v| !v.is_empty() && *v != ours) else {
                continue;
            };
            wrong.push(Mistake::seen(
                "other_credentials",
                format!("the query's {name} is {theirs:?}, that of your credentials {ours:?}"),
                "explain it with the credentials that it was signed with, or send the right ones",
                format!("URL 里的 {name} 是 {theirs:?}，而你提供的凭据是 {ours:?}，不是同一套"),
            ));
        }
        let salt = self.get("salt").unwrap_or_default();
        if !salt.is_empty() && salt != credentials.salt() {
            let last = credentials.salt().rsplit(':').next();
            let why = if last == Some(salt) { ": it was split at the last colon" } else { "" };
            wrong.push(Mistake::seen(
                "salt_differs",
                format!(
                    "the query's salt is not the part of appsecret behind the first colon{why}"
                ),
                "split appsecret at its first colon; the salt may hold further colons",
                "salt 不对：appsecret 要按第一个冒号拆分，之后的部分（可含冒号）整个是 salt",
            ));
        }
    }

    fn paging(&self, wrong: &mut Vec<Mistake>, odd: &mut Vec<String>) {
        let [page_size, page_no, calc_total] = PAGING.map(|name| self.get(name));
        if let Some(other) = calc_total.filter(|value| !matches!(*value, "0" | "1")) {
            odd.push(format!("calc_total is {other:?}; the documentation says 1 or 0"));
        }
        let number = |text: &str| text.parse().unwrap_or(-1);
        let pager = match page_size {
            Some(page_size) => match Pager::new(number(page_size), page_no.map_or(0, number)) {
                Ok(pager) => Some(pager),
                Err(error) => return wrong.push(paging(error.to_string())),
            },
            None if page_no.or(calc_total).is_some() => {
                return wrong
                    .push(paging("page_no or calc_total are sent without page_size".into()));
            }
            None => None,
        };
        match self.method().and_then(|method| method.paging_issue(pager)) {
            Some(issue) if issue.code() == IssueCode::Missing => wrong.push(Mistake::seen(
                "paging_missing",
                issue.message(),
                "send page_size, page_no (from 0) and calc_total, and sign them",
                "此方法仅支持分页查询：缺少 page_size、page_no、calc_total",
            )),
            Some(issue) => odd.push(issue.message().to_owned()),
            None => {}
        }
    }

    fn place(&self, odd: &mut Vec<String>) {
        let Some(base) = &self.base else { return };
        if !base.trim_end_matches('/').ends_with("/openapi") {
            odd.push(format!("the path is that of {base}; the platform's ends in /openapi"));
        }
    }
}

fn paging(what: String) -> Mistake {
    Mistake::seen(
        "paging",
        what,
        "page_size from 1, page_no from 0, calc_total 1 or 0",
        "分页参数不对：page_size 从 1 起，page_no 从 0 起，calc_total 为 1 或 0",
    )
}
