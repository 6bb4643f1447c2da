//! How a timed wait ended.

/// Whether a timed wait ended by its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitTimeoutResult {
    timed_out: bool,
}

impl WaitTimeoutResult {
    pub(crate) const fn new(timed_out: bool) -> Self {
        Self { timed_out }
    }

    /// True if the deadline came first.
    #[must_use]
    pub const fn timed_out(self) -> bool {
        self.timed_out
    }
}
