//! A server that answered in the platform's place.

use alloc::string::String;
use core::fmt;

use crate::language::{Bilingual, Language, bilingual, say};

/// A server that answered in the platform's place, and what it said.
///
/// ```
/// use wdt_proto::{MalformedReason, Response, ResponseError, StrangerKind};
///
/// let reply = r#"{"code":1010,"message":"签名错误"}"#.as_bytes();
/// let Err(ResponseError::Malformed(error)) = Response::parse(reply) else { panic!() };
/// let MalformedReason::Stranger(stranger) = error.reason() else { panic!() };
/// assert_eq!(stranger.kind(), StrangerKind::Enterprise);
/// assert_eq!((stranger.code(), stranger.words()), ("1010", "签名错误"));
/// assert!(error.zh().to_string().contains("旺店通企业版"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    pub(super) kind: StrangerKind,
    pub(super) code: String,
    pub(super) words: String,
}

/// Which sort of server answered in the platform's place.
///
/// ```
/// assert_eq!(wdt_proto::StrangerKind::WebServer.as_str(), "web_server");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StrangerKind {
    /// The vendor's enterprise edition (旺店通企业版): a `code` and no `status`.
    Enterprise,
    /// Qimen (奇门): everything inside `response`.
    Qimen,
    /// Taobao's open platform, the gateway below Qimen: `error_response`.
    Taobao,
    /// A web server or an API gateway: its error page as JSON.
    WebServer,
    /// A page in HTML or XML.
    WebPage,
}

impl StrangerKind {
    /// The kind as text: `enterprise`, `qimen`, `taobao`, `web_server` or `web_page`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Qimen => "qimen",
            Self::Taobao => "taobao",
            Self::WebServer => "web_server",
            Self::WebPage => "web_page",
        }
    }
}

impl Stranger {
    /// Which sort of server it is.
    #[must_use]
    pub fn kind(&self) -> StrangerKind {
        self.kind
    }

    /// Its code or HTTP status as it stands there; empty where it gave none.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Its own words, cut short, without a signature or a salt that they repeat; empty where it
    /// had none.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }
}

impl Bilingual for Stranger {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            StrangerKind::Enterprise => say!(
                f,
                language,
                "the vendor's enterprise edition answered, another product with another API",
                "应答的是旺店通企业版，接口与旗舰版不同"
            )?,
            StrangerKind::Qimen => say!(
                f,
                language,
                "Taobao's Qimen gateway answered, which this call does not go through",
                "应答的是奇门网关，而这里的调用直连平台，不经过奇门"
            )?,
            StrangerKind::Taobao => say!(
                f,
                language,
                "Taobao's open platform answered, the gateway of Qimen, \
                 which this call does not go through",
                "应答的是淘宝开放平台的网关（奇门的入口），而这里的调用直连平台，不经过它"
            )?,
            StrangerKind::WebServer => say!(
                f,
                language,
                "a web server or gateway answered in the platform's place",
                "应答的是 Web 服务器或网关，请求没有到达平台"
            )?,
            StrangerKind::WebPage => say!(
                f,
                language,
                "a page in HTML or XML came, of a web server, proxy or gateway",
                "返回的是 HTML 或 XML 页面，来自 Web 服务器、代理或网关"
            )?,
        }
        match (&*self.code, &*self.words) {
            ("", "") => {}
            ("", words) => say!(f, language, " ({words:?})", "（{words:?}）")?,
            (code, "") => say!(f, language, " ({code})", "（{code}）")?,
            (code, words) => say!(f, language, " ({code}: {words:?})", "（{code}：{words:?}）")?,
        }
        match self.kind {
            StrangerKind::WebServer | StrangerKind::WebPage => say!(
                f,
                language,
                "; check host and path of the base URL, and what stands in between",
                "；请核对 base_url 的主机和路径，以及中间的代理"
            ),
            _ => say!(
                f,
                language,
                "; the base URL must be that of the merchant's flagship platform, \
                 which ends in /openapi",
                "；base_url 要填商家旗舰版平台的地址，以 /openapi 结尾"
            ),
        }
    }
}

bilingual!(Stranger);

/// A text of somebody else's, for people: servers repeat the URL that they were asked for, and with
/// it the signature and the salt.
pub(super) fn masked(text: &str) -> String {
    const NAMES: [&str; 2] = ["sign=", "salt="];
    let end = |c: char| c.is_whitespace() || c.is_control() || "&\"'<>\\;,)}]".contains(c);
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = NAMES.iter().filter_map(|name| Some(rest.find(name)? + name.len())).min() {
        let (before, value) = rest.split_at(at);
        shown.push_str(before);
        shown.push_str("***");
        rest = &value[value.find(end).unwrap_or(value.len())..];
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_is_repeated_loses_signature_and_salt() {
        let masked = masked("POST /openapi?salt=abc&v=1.0&sign=0f, sign=\"x\" salt=");
        assert_eq!(masked, "POST /openapi?salt=***&v=1.0&sign=***, sign=***\"x\" salt=***");
    }
}
