//! Why a sandbox cannot start, or how it failed.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use wdt_proto::{Bilingual, Language, Worded};

use crate::why::Why;

/// Why a sandbox cannot start, or how it failed. `Display` is English, [`zh`](SandboxError::zh)
/// Chinese.
///
/// ```
/// use wdt_sandbox::{Config, Sandbox, SandboxError};
///
/// let elsewhere = Config { listen: "192.0.2.1:8620".parse()?, ..Config::default() };
/// let error = Sandbox::start(elsewhere).unwrap_err();
/// assert!(matches!(error, SandboxError::RemoteAddress(_)));
/// assert!(error.zh().to_string().contains("--allow-remote"));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum SandboxError {
    /// The address is one that other machines reach, and nobody said that it may be.
    RemoteAddress(SocketAddr),
    /// The address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// The seed is wrong.
    Seed(Why),
    /// The rows cannot be made.
    Rows(Why),
    /// The store cannot be opened.
    Store(Why),
    /// The runtime cannot start, or signals cannot be waited for.
    Runtime(io::Error),
    /// Standard output cannot be written.
    Output(io::Error),
}

impl SandboxError {
    /// The text in Chinese. `Display` writes it in English.
    #[must_use]
    pub fn zh(&self) -> Worded<'_, Self> {
        self.in_language(Language::Chinese)
    }

    /// The text in this language.
    #[must_use]
    pub fn text(&self, language: Language) -> Worded<'_, Self> {
        self.in_language(language)
    }
}

impl Bilingual for SandboxError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_chinese = language == Language::Chinese;
        match self {
            Self::RemoteAddress(address) if is_chinese => write!(
                f,
                "{address} 不是本机地址，其他机器也能访问沙箱；确需如此请加 --allow-remote"
            ),
            Self::RemoteAddress(address) => write!(
                f,
                "{address} is not a loopback address: other machines could call the sandbox; \
                 --allow-remote permits it"
            ),
            Self::Listen(address, error) if is_chinese => write!(f, "无法监听 {address}：{error}"),
            Self::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Seed(why) if is_chinese => write!(f, "种子文件：{}", why.zh()),
            Self::Seed(why) => write!(f, "seed: {why}"),
            Self::Rows(why) if is_chinese => write!(f, "数据行：{}", why.zh()),
            Self::Rows(why) => write!(f, "rows: {why}"),
            Self::Store(why) if is_chinese => write!(f, "存储文件：{}", why.zh()),
            Self::Store(why) => write!(f, "store: {why}"),
            Self::Runtime(error) if is_chinese => write!(f, "沙箱无法运行：{error}"),
            Self::Runtime(error) => write!(f, "the sandbox cannot run: {error}"),
            Self::Output(error) if is_chinese => write!(f, "标准输出：{error}"),
            Self::Output(error) => write!(f, "standard output: {error}"),
        }
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(Language::English, f)
    }
}

impl std::error::Error for SandboxError {}
