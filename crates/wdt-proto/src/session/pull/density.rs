//! How many rows a second there are: how long the next window is to be.

/// Rows and seconds of the latest windows, the older ones counting less and less.
#[derive(Debug, Clone, Default)]
pub(super) struct Density {
    pub(super) rows: u64,
    pub(super) seconds: u64,
}

impl Density {
    pub(super) fn learn(&mut self, rows: u64, seconds: i64) {
        self.rows = self.rows / 2 + rows;
        self.seconds = self.seconds / 2 + u64::try_from(seconds).unwrap_or(0).max(1);
    }

    /// The seconds that should hold so many rows.
    pub(super) fn seconds_for(&self, rows: u64) -> i64 {
        const FIRST_WINDOW: i64 = 3600;
        if self.seconds == 0 {
            return FIRST_WINDOW;
        }
        let most = self.seconds.saturating_mul(if self.rows == 0 { 8 } else { 64 });
        let fits = u128::from(rows) * u128::from(self.seconds) / u128::from(self.rows.max(1));
        i64::try_from(fits.min(u128::from(most))).unwrap_or(i64::MAX).max(1)
    }
}
