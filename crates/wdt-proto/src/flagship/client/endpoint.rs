//! The address that requests go to, parsed once.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::check::{Cause, Issue, IssueCode, ValidationError};
use crate::flagship::client::request::SignedRequest;
use crate::language::{Bilingual, Language, bilingual, say};

/// Where the platform listens, behind the server's own address.
const PATH: &str = "/openapi";

/// A server's address: `https://erp.example/openapi`. Parse it once, and each signed request has its
/// URL.
///
/// `Debug` masks a user name and password that stand before the host.
///
/// ```
/// use wdt_proto::{Credentials, Endpoint, Request, Timestamp};
///
/// let endpoint = Endpoint::parse("https://erp.example")?;
/// let credentials = Credentials::new("wdtapi3", "appkey", "testsecret:testsalt")?;
/// let signed = Request::builder("system.Core.now")
///     .raw_body("[]")?
///     .sign(&credentials, Timestamp::from_unix(1_775_791_718)?);
/// assert_eq!(endpoint.url(&signed), format!("https://erp.example/openapi?{}", signed.query()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    address: String,
}

impl Endpoint {
    /// Reads the server's address, with or without `/openapi` and a slash behind it.
    ///
    /// Prefer an `https://` base where the merchant has one: over plain HTTP anybody on the way
    /// reads the orders, and the signature keeps nobody from reading.
    ///
    /// ```
    /// use wdt_proto::{Endpoint, EndpointError};
    ///
    /// let endpoint = Endpoint::parse("https://erp.example:8443/wdt/")?;
    /// assert_eq!(endpoint.as_str(), "https://erp.example:8443/wdt/openapi");
    /// assert_eq!(Endpoint::parse("erp.example"), Err(EndpointError::NotHttp));
    /// # Ok::<(), EndpointError>(())
    /// ```
    ///
    /// # Errors
    /// [`EndpointError`] when `base` has no `http://` or `https://`, no host, a query or a fragment,
    /// or holds blanks or control characters; and when it is an address of the enterprise edition,
    /// of Taobao's gateway, or of the vendor's documentation.
    pub fn parse(base: &str) -> Result<Self, EndpointError> {
        let mut characters = base.chars().enumerate();
        if let Some((position, c)) = characters.find(|(_, c)| c.is_whitespace() || c.is_control()) {
            return Err(EndpointError::Blank { code: c.into(), position });
        }
        let (scheme, rest) = base
            .split_once("://")
            .filter(|(s, _)| s.eq_ignore_ascii_case("http") || s.eq_ignore_ascii_case("https"))
            .ok_or(EndpointError::NotHttp)?;
        let end = rest.find(['?', '#']).unwrap_or(rest.len());
        let (rest, query) = rest.split_at(end);
        let rest = rest.trim_end_matches('/');
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if let Some(elsewhere) = elsewhere(host, path) {
            return Err(elsewhere);
        }
        if !query.is_empty() {
            return Err(EndpointError::QueryOrFragment);
        }
        if host.is_empty() {
            return Err(EndpointError::NoHost);
        }
        let path_to_add = if path.ends_with(PATH) { "" } else { PATH };
        Ok(Self { address: [scheme, "://", host, path, path_to_add].concat() })
    }

    /// The address, with `/openapi` and nothing behind it.
    ///
    /// ```
    /// let endpoint = wdt_proto::Endpoint::parse("https://erp.example/openapi/")?;
    /// assert_eq!(endpoint.as_str(), "https://erp.example/openapi");
    /// # Ok::<(), wdt_proto::EndpointError>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// The whole URL to `POST` a signed request to. It holds the salt and the signature, never the
    /// secret.
    #[must_use]
    pub fn url(&self, signed: &SignedRequest) -> String {
        [&self.address, "?", signed.query()].concat()
    }
}

/// What listens there, if it is known to be something else than the platform.
fn elsewhere(host: &str, path: &str) -> Option<EndpointError> {
    const QIMEN: [&[&str]; 5] = [
        &["router", "qm"],
        &["router", "qmtest"],
        &["router", "rest"],
        &["router", "batch"],
        &["top", "router"],
    ];
    // A password may stand before the host, and the port behind it.
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host).to_ascii_lowercase();
    let host = host.split(':').next().unwrap_or_default();
    let path = path.to_ascii_lowercase();
    let is_below = |domain: &str| {
        host.strip_suffix(domain).is_some_and(|below| below.is_empty() || below.ends_with('.'))
    };
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    if steps.contains(&"openapi2") {
        return Some(EndpointError::Enterprise);
    }
    let is_qimen = |pair: &[&str]| QIMEN.contains(&pair);
    if steps.windows(2).any(is_qimen) || is_below("taobao.com") || is_below("tbsandbox.com") {
        return Some(EndpointError::Qimen);
    }
    let is_documentation = is_below("open.wangdian.cn")
        || steps.contains(&"apidoc")
        // A gateway of the merchant's may have such a step before the platform's own path.
        || (steps.contains(&"open") && !path.ends_with(PATH));
    is_documentation.then_some(EndpointError::Documentation)
}

impl SignedRequest {
    /// The whole URL. `base` is the server's address, as [`Endpoint::parse`] reads it; who sends
    /// more than one request parses it once.
    ///
    /// ```
    /// # use wdt_proto::{Credentials, Request, Timestamp};
    /// # let credentials = Credentials::new("wdtapi3", "appkey", "testsecret:testsalt")?;
    /// # let signed = Request::builder("system.Core.now").raw_body("[]")?
    /// #     .sign(&credentials, Timestamp::from_seconds(0)?);
    /// for base in ["https://erp.example", "https://erp.example/openapi/"] {
    ///     assert!(signed.url(base)?.starts_with("https://erp.example/openapi?sid=wdtapi3&key="));
    /// }
    /// assert!(signed.url("erp.example").is_err());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ValidationError`] with the code `format` for a `base` that [`Endpoint::parse`] refuses.
    pub fn url(&self, base: &str) -> Result<String, ValidationError> {
        let endpoint = Endpoint::parse(base).map_err(|error| error.issue("base"))?;
        Ok(endpoint.url(self))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.address.split_once("://").unwrap_or_default();
        // A name and a password end at the last `@`; a password may hold a slash.
        let (mask, rest) = rest.rsplit_once('@').map_or(("", rest), |(_, rest)| ("***@", rest));
        write!(f, "Endpoint({scheme}://{mask}{rest})")
    }
}

/// Why a text is no server's address. The texts hold nothing of the address, which may have a
/// password in it, and leave its name to the caller: `base`, an environment's variable, ….
///
/// ```
/// use wdt_proto::{Endpoint, EndpointError};
///
/// let error = Endpoint::parse("ftp://user:password@erp.example").unwrap_err();
/// assert_eq!(error, EndpointError::NotHttp);
/// assert_eq!(format!("WDT_BASE_URL {error}"), "WDT_BASE_URL must start with http:// or https://");
/// assert_eq!(error.zh().to_string(), "必须以 http:// 或 https:// 开头");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointError {
    /// Neither `http://` nor `https://` in front.
    NotHttp,
    /// A blank or a control character, most often the line break of the file it was read from.
    Blank {
        /// The character's code point.
        code: u32,
        /// Its index in the address, counted in characters from 0.
        position: usize,
    },
    /// A query or a fragment, where the signed query goes.
    QueryOrFragment,
    /// Nothing where the host is named.
    NoHost,
    /// The enterprise edition's (旺店通企业版), with `openapi2` in its path.
    Enterprise,
    /// Taobao's gateway, also that of Qimen (奇门): `/router/qm`, `/router/rest`.
    Qimen,
    /// The site with the vendor's documentation: `open.wangdian.cn`.
    Documentation,
}

impl EndpointError {
    /// The same as an issue about the argument `name`, with the code `format`: for a program that
    /// reports a wrong address along with whatever else is wrong with a request.
    ///
    /// ```
    /// use wdt_proto::{Endpoint, IssueCode};
    ///
    /// let issue = Endpoint::parse("https://").unwrap_err().issue("base_url");
    /// assert_eq!((issue.label(), issue.code()), ("base_url", IssueCode::Format));
    /// assert_eq!(issue.message(), "base_url: has no host");
    /// ```
    #[must_use]
    pub fn issue(&self, name: &str) -> Issue {
        let (english, chinese) = (self.to_string(), self.zh().to_string());
        Issue::of(name, Cause::stated(IssueCode::Format, english, chinese))
    }
}

impl Bilingual for EndpointError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHttp => say!(
                f,
                language,
                "must start with http:// or https://",
                "必须以 http:// 或 https:// 开头"
            ),
            Self::Blank { code, position } => say!(
                f,
                language,
                "holds a blank or a control character: U+{code:04X} at character {position}",
                "含有空白或控制字符：位置 {position} 是 U+{code:04X}"
            ),
            Self::QueryOrFragment => say!(
                f,
                language,
                "must not have a query or a fragment; the signed query goes there",
                "不能带查询串（?）或片段（#）：那里要放签名后的查询串"
            ),
            Self::NoHost => say!(f, language, "has no host", "没有主机名"),
            Self::Enterprise => say!(
                f,
                language,
                "is an address of the enterprise edition (openapi2), which has another API: \
                 give the flagship's, ending in /openapi",
                "是旺店通企业版的地址（openapi2），接口不同：请填旗舰版的地址，以 /openapi 结尾"
            ),
            Self::Qimen => say!(
                f,
                language,
                "is an address of Taobao's gateway, which Qimen calls go through: calls of this kind \
                 go to the platform directly, give its address, ending in /openapi",
                "是奇门（淘宝开放平台网关）的地址：这里的调用直连平台，请填平台自己的地址，以 /openapi 结尾"
            ),
            Self::Documentation => say!(
                f,
                language,
                "is an address of the vendor's documentation, where no calls are answered: \
                 give the merchant's platform, ending in /openapi",
                "是旺店通开放平台文档站的地址，不接收调用：请填商家平台的地址，以 /openapi 结尾"
            ),
        }
    }
}

bilingual!(EndpointError);

impl core::error::Error for EndpointError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn each_mistake_has_its_error() {
        for (base, error) in [
            ("", EndpointError::NotHttp),
            ("erp.example", EndpointError::NotHttp),
            ("ftp://erp.example", EndpointError::NotHttp),
            ("httpss://erp.example", EndpointError::NotHttp),
            (" http://a", EndpointError::Blank { code: 0x20, position: 0 }),
            ("http://a\n", EndpointError::Blank { code: 0xA, position: 8 }),
            ("http://库存\u{3000}/", EndpointError::Blank { code: 0x3000, position: 9 }),
            ("http://a\0", EndpointError::Blank { code: 0, position: 8 }),
            ("http://a?x=1", EndpointError::QueryOrFragment),
            ("http://a#x", EndpointError::QueryOrFragment),
            ("https://", EndpointError::NoHost),
            ("https:///openapi", EndpointError::NoHost),
        ] {
            assert_eq!(Endpoint::parse(base), Err(error), "{base}");
        }
    }

    #[test]
    fn an_address_of_something_else_is_named() {
        use EndpointError::{Documentation, Enterprise, Qimen};
        for (base, error) in [
            ("https://api.example/openapi2", Enterprise),
            ("http://user:pass@api.example:80/OpenAPI2/trade_query.php?x=1", Enterprise),
            ("http://x.example/router/qm", Qimen),
            ("http://x.example/router/qmtest/", Qimen),
            ("http://x.example/router/rest?method=a", Qimen),
            ("http://x.example/top/router/rest", Qimen),
            ("https://3ldsmu02o9.api.TAOBAO.com:443", Qimen),
            ("https://open.wangdian.cn", Documentation),
            ("https://open.wangdian.cn/qjb/open/apidoc/doc?path=a.b#top", Documentation),
            ("https://docs.example/qjb/open/guide", Documentation),
            ("https://docs.example/apidoc", Documentation),
        ] {
            assert_eq!(Endpoint::parse(base), Err(error), "{base}");
        }
        for base in [
            "http://wdt.wangdian.cn/openapi",
            "https://nottaobao.com",
            "https://erp.example/router/openapi",
            "https://erp.example/open/openapi/",
            "https://openapi2.example/qm",
            "https://reopen.wangdian.cn",
        ] {
            assert!(Endpoint::parse(base).is_ok(), "{base}");
        }
    }

    #[test]
    fn an_address_is_normalised_once() {
        for base in ["HTTPS://a/wdt", "HTTPS://a/wdt//", "HTTPS://a/wdt/openapi/"] {
            assert_eq!(Endpoint::parse(base).unwrap().as_str(), "HTTPS://a/wdt/openapi");
        }
        let once = Endpoint::parse("http://openapi").unwrap();
        assert_eq!(once.as_str(), "http://openapi/openapi");
        assert_eq!(Endpoint::parse(once.as_str()), Ok(once));
    }

    #[test]
    fn a_password_in_the_address_is_in_no_output() {
        for base in [
            "http://user:pass/word@erp.example",
            "http://user:pass@word@erp.example/wdt",
            "http://user:password@erp.example",
        ] {
            let shown = format!("{:?}", Endpoint::parse(base).unwrap());
            assert!(shown.contains("***@erp.example") && !shown.contains("word"), "{shown}");
        }
        for base in ["x://user:pass", "http://user:pass @a", "http://user:pass?@a", "http://"] {
            let error = Endpoint::parse(base).unwrap_err();
            let texts = format!("{error} {} {error:?} {:?}", error.zh(), error.issue("base"));
            assert!(!texts.contains("user") && !texts.contains("pass"), "{texts}");
        }
    }

    #[test]
    fn both_languages_hold_the_same_figures() {
        let error = EndpointError::Blank { code: 0xA0, position: 17 };
        for text in [error.to_string(), error.zh().to_string()] {
            assert!(text.contains("U+00A0") && text.contains("17"), "{text}");
        }
    }
}
