//! A running sandbox: its runtime, its address, its end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::error::SandboxError;
use crate::platform::Platform;
use crate::server;
use crate::state::Server;

/// A sandbox that listens. Dropping it stops it.
///
/// ```
/// use wdt_sandbox::{Config, Sandbox};
///
/// let sandbox = Sandbox::start(Config::default())?;
/// assert_eq!(sandbox.base_url(), format!("http://{}/openapi", sandbox.address()));
/// sandbox.stop();
/// # Ok::<(), wdt_sandbox::SandboxError>(())
/// ```
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    notes: Vec<String>,
    notes_zh: Vec<String>,
    /// `None` once stopped; the last to go, for then the store is closed.
    server: Option<Arc<Server>>,
    stop: watch::Sender<bool>,
    serving: Option<JoinHandle<()>>,
    /// `None` once stopped.
    runtime: Option<Runtime>,
}

impl Sandbox {
    /// Starts listening, on threads of its own, and returns when calls are taken.
    ///
    /// Must not be called from asynchronous code: it waits.
    ///
    /// # Errors
    /// [`SandboxError`]: a wrong seed, an address in use, a store that cannot be opened, ….
    pub fn start(mut config: Config) -> Result<Self, SandboxError> {
        let wanted = config.listen;
        if !wanted.ip().is_loopback() && !config.allow_remote {
            return Err(SandboxError::RemoteAddress(wanted));
        }
        let (platform, notes) = Platform::new(&mut config)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("wdt-sandbox")
            .enable_all()
            .build()
            .map_err(SandboxError::Runtime)?;
        let listen = |error| SandboxError::Listen(wanted, error);
        let listener = runtime.block_on(TcpListener::bind(wanted)).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let (stop, stopped) = watch::channel(false);
        let server = Arc::new(Server::new(platform, &config));
        let serving = Some(runtime.spawn(server::serve(listener, server.clone(), stopped)));
        let (server, runtime) = (Some(server), Some(runtime));
        let (notes, notes_zh) = notes.into_iter().map(|n| (n.english, n.chinese)).unzip();
        Ok(Self { address, notes, notes_zh, server, stop, serving, runtime })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL for a client: `http://127.0.0.1:8620/openapi`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("{}openapi", self.page_url())
    }

    /// The page that shows what arrives: `http://127.0.0.1:8620/`.
    #[must_use]
    pub fn page_url(&self) -> String {
        format!("http://{}/", reachable(self.address))
    }

    /// What a person should know about the start, one line each.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The same in Chinese.
    #[must_use]
    pub fn notes_zh(&self) -> &[String] {
        &self.notes_zh
    }

    /// Stops: running calls are answered, within 5 s.
    pub fn stop(mut self) {
        self.end();
    }

    /// Waits for SIGINT (Ctrl-C) or SIGTERM, then stops.
    ///
    /// # Errors
    /// [`SandboxError::Runtime`] where signals cannot be waited for.
    pub fn wait_for_signal(self) -> Result<(), SandboxError> {
        if let Some(runtime) = &self.runtime {
            runtime.block_on(signal()).map_err(SandboxError::Runtime)?;
        }
        self.stop();
        Ok(())
    }

    fn end(&mut self) {
        let _ = self.stop.send(true);
        let Some(runtime) = self.runtime.take() else { return };
        if let Some(serving) = self.serving.take() {
            // The task ends by itself; what keeps it are calls under way.
            let _ = runtime.block_on(async { tokio::time::timeout(server::GRACE, serving).await });
        }
        runtime.shutdown_timeout(server::GRACE);
        self.server = None;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.end();
    }
}

/// An address that a client can call: the unspecified one means "all", clients take loopback.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        let loopback: std::net::IpAddr = match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        };
        address.set_ip(loopback);
    }
    address
}

#[cfg(unix)]
async fn signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn signal() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
