//! What ends a command early, and the exit code for it.

use std::fmt;
use std::process::ExitCode;

/// How a command ended. The numbers are documented in `wdt --help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing to complain about.
    Fine,
    /// The command did its work and found a problem.
    Problem,
    /// The command line or the credentials are not usable.
    Usage,
    /// A file or the network failed.
    Io,
}

impl Exit {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Problem => 1,
            Self::Usage => 2,
            Self::Io => 3,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.number().into()
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// Stable, for programs: `credentials`, `usage`, `io`, `transport`, ….
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, code: "usage", message: message.into() }
    }

    pub(crate) fn credentials(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, code: "credentials", message: message.into() }
    }

    pub(crate) fn io(message: impl Into<String>) -> Self {
        Self { exit: Exit::Io, code: "io", message: message.into() }
    }

    pub(crate) fn transport(message: impl Into<String>) -> Self {
        Self { exit: Exit::Io, code: "transport", message: message.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
