//! What a sandbox is started with.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::faults::Faults;
use crate::rows::Rows;
use crate::seed::Seed;

/// Calls a minute and sid.
///
/// ```
/// assert_eq!(wdt_sandbox::Config::default().rate_limit, wdt_sandbox::DEFAULT_RATE_LIMIT);
/// ```
pub const DEFAULT_RATE_LIMIT: u32 = wdt_proto::CALLS_PER_MINUTE;
/// Bytes of a request's body, 1 MiB: a call with 5000 goods has 300 KB.
///
/// ```
/// assert_eq!(wdt_sandbox::Config::default().max_body, wdt_sandbox::DEFAULT_MAX_BODY);
/// ```
pub const DEFAULT_MAX_BODY: usize = 1 << 20;
/// Requests that the journal keeps.
///
/// ```
/// assert_eq!(wdt_sandbox::Config::default().journal, wdt_sandbox::DEFAULT_JOURNAL);
/// ```
pub const DEFAULT_JOURNAL: usize = 10_000;

/// How a sandbox starts and behaves. End a literal with `..Config::default()`: fields may be added.
///
/// ```
/// use wdt_sandbox::{Config, Sandbox, Seed};
///
/// let config = Config {
///     seed: Seed::made_up(50),
///     faults: "http_502=0.05,cut=0.01".parse()?,
///     fault_seed: Some(1),
///     rate_limit: 0,
///     ..Config::default()
/// };
/// let sandbox = Sandbox::start(config)?;
/// assert!(sandbox.address().ip().is_loopback());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen. Default: any free port of 127.0.0.1.
    pub listen: SocketAddr,
    /// Whether `listen` may be an address that other machines reach.
    pub allow_remote: bool,
    /// Accounts and goods. Default: 20 made-up goods.
    pub seed: Seed,
    /// Rows that queries answer with. Default: none, they answer with their documented examples.
    pub rows: Rows,
    /// The SQLite file that keeps the state. Default: none, the state is lost at the end.
    pub store: Option<PathBuf>,
    /// The faults to inject. Default: none.
    pub faults: Faults,
    /// What the faults are drawn from. Default: another sequence each time.
    pub fault_seed: Option<u64>,
    /// Calls a minute and sid, 0 for no limit. Default: [`DEFAULT_RATE_LIMIT`].
    pub rate_limit: u32,
    /// Seconds that the sandbox's clock is ahead. Default: 0.
    pub clock_offset: i64,
    /// Bytes that a request's body may have. Default: [`DEFAULT_MAX_BODY`].
    pub max_body: usize,
    /// Requests that the journal keeps. Default: [`DEFAULT_JOURNAL`].
    pub journal: usize,
    /// How long a request's head, and then its body, may take to arrive, and how long a caller may
    /// take nothing of an answer. Default: 30 s.
    pub timeout: Duration,
    /// Connections open at once; one more is turned away with 503. Default: 256.
    pub max_connections: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            allow_remote: false,
            seed: Seed::made_up(20),
            rows: Rows::default(),
            store: None,
            faults: Faults::default(),
            fault_seed: None,
            rate_limit: DEFAULT_RATE_LIMIT,
            clock_offset: 0,
            max_body: DEFAULT_MAX_BODY,
            journal: DEFAULT_JOURNAL,
            timeout: Duration::from_secs(30),
            max_connections: 256,
        }
    }
}
