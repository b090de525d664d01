//! One request over HTTP, and what is known of it where no whole reply came.

use std::io::Read as _;
use std::time::Duration;

use wdt_proto::{HEADERS, Limits, SignedRequest};

use crate::words::{self, Words};

/// The connections of one command.
pub(crate) struct Http(ureq::Agent);

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: u16,
    #[cfg_attr(not(feature = "pull"), allow(dead_code))] // only a pull tries again
    pub(crate) date: String,
    #[cfg_attr(not(feature = "pull"), allow(dead_code))]
    pub(crate) retry_after: String,
    /// At most one byte more than the limit.
    pub(crate) body: Vec<u8>,
}

/// No whole reply came.
pub(crate) struct Lost {
    /// Whether the request never left, so that it was not carried out.
    pub(crate) never_left: bool,
    pub(crate) why: Words,
}

impl Http {
    pub(crate) fn new() -> Self {
        // Fails only where a provider is set already, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tls = ureq::tls::TlsConfig::builder()
            .root_certs(ureq::tls::RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(std::sync::Arc::new(
                rustls::crypto::ring::default_provider(),
            ))
            .build();
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!("wdt/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls)
            .build();
        Self(config.into())
    }

    /// Sends a request, which may take so long in all.
    pub(crate) fn send(
        &self,
        url: &str,
        signed: &SignedRequest,
        timeout: Duration,
    ) -> Result<Reply, Lost> {
        let mut request = self.0.post(url).config().timeout_global(Some(timeout)).build();
        for (name, value) in HEADERS {
            request = request.header(name, value);
        }
        let mut response = request.send(signed.body()).map_err(|error| lost(&error))?;
        let header = |name: &str| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (date, retry_after) = (header("date"), header("retry-after"));
        let status = response.status().as_u16();
        let limit = Limits::DEFAULT.max_bytes() as u64;
        let mut body = Vec::new();
        response
            .body_mut()
            .as_reader()
            .take(limit + 1)
            .read_to_end(&mut body)
            .map_err(|error| lost(&ureq::Error::from(error)))?;
        Ok(Reply { status, date, retry_after, body })
    }
}

fn lost(error: &ureq::Error) -> Lost {
    let never_left = matches!(
        error,
        ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
            | ureq::Error::BadUri(_)
            | ureq::Error::Tls(_)
            | ureq::Error::Rustls(_)
            | ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect)
    ) || matches!(error, ureq::Error::Io(io) if io.kind() == std::io::ErrorKind::ConnectionRefused);
    Lost { never_left, why: why_lost(error) }
}

/// The transport's error; what it has no words for here stays as it reports it.
fn why_lost(error: &ureq::Error) -> Words {
    let english = error.to_string();
    let chinese = match error {
        ureq::Error::HostNotFound => "找不到主机：请检查地址和 DNS".to_owned(),
        ureq::Error::ConnectionFailed => "连接失败".to_owned(),
        ureq::Error::Timeout(phase) => format!("超时（{phase}）"),
        ureq::Error::Io(io) => words::of_io(io).chinese,
        ureq::Error::BadUri(uri) => format!("地址无效：{uri}"),
        ureq::Error::Tls(why) => format!("TLS 出错：{why}"),
        ureq::Error::Rustls(why) => format!("TLS 出错：{why}"),
        ureq::Error::Protocol(why) => format!("对方的应答不是合法的 HTTP：{why}"),
        _ => english.clone(),
    };
    Words { english, chinese }
}
