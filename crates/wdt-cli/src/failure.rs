//! What ends a command early, and the exit code for it.

use std::io;
use std::process::ExitCode;

use crate::words::{self, Words};

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
    pub(crate) words: Words,
}

impl Failure {
    pub(crate) fn usage(words: Words) -> Self {
        Self { exit: Exit::Usage, code: "usage", words }
    }

    pub(crate) fn credentials(words: Words) -> Self {
        Self { exit: Exit::Usage, code: "credentials", words }
    }

    pub(crate) fn io(words: Words) -> Self {
        Self { exit: Exit::Io, code: "io", words }
    }

    /// A file, a folder or a stream that failed, by its name.
    pub(crate) fn file(name: &Words, error: &io::Error) -> Self {
        let why = words::of_io(error);
        Self::io(Words {
            english: format!("{}: {}", name.english, why.english),
            chinese: format!("{}：{}", name.chinese, why.chinese),
        })
    }

    pub(crate) fn transport(words: Words) -> Self {
        Self { exit: Exit::Io, code: "transport", words }
    }
}
