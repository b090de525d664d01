//! How much work a body may cause, and how many calls a minute the platform takes.

/// Calls a minute that a merchant (sid) may make. The platform publishes no number; one public
/// integration is refused at the 61st call within a minute.
///
/// ```
/// let pause = core::time::Duration::from_secs(60) / wdt_proto::CALLS_PER_MINUTE;
/// assert_eq!(pause.as_secs(), 1);
/// ```
pub const CALLS_PER_MINUTE: u32 = 60;

/// Bounds on one body, of a request or of a response.
///
/// The defaults are generous for this platform (its documented messages nest at most 5 deep);
/// a larger body is a typed error, never a crash.
///
/// ```
/// use wdt_proto::Limits;
///
/// let limits = Limits::default().with_max_bytes(128 << 20);
/// assert_eq!((limits.max_bytes(), limits.max_depth()), (128 << 20, 128));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    max_bytes: usize,
    max_depth: usize,
}

impl Limits {
    /// 32 MiB, 128 nested arrays and objects.
    pub const DEFAULT: Self = Self { max_bytes: 32 << 20, max_depth: 128 };

    /// The most bytes that a body may have. Default: 33 554 432 (32 MiB).
    #[must_use]
    pub const fn with_max_bytes(self, max_bytes: usize) -> Self {
        Self { max_bytes, ..self }
    }

    /// The most arrays and objects that may be open at once. Default: 128.
    ///
    /// The walk over a body does not recurse, so any number is safe; typed deserialisation has a
    /// bound of its own (`serde_json`'s, 128).
    #[must_use]
    pub const fn with_max_depth(self, max_depth: usize) -> Self {
        Self { max_depth, ..self }
    }

    /// The most bytes that a body may have.
    #[must_use]
    pub const fn max_bytes(self) -> usize {
        self.max_bytes
    }

    /// The most arrays and objects that may be open at once.
    #[must_use]
    pub const fn max_depth(self) -> usize {
        self.max_depth
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
