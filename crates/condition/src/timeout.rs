//! How a timed wait ended.

/// Whether a timed wait ended by its deadline.
///
/// ```
/// use std::time::Duration;
/// use threadcraft_condition::Monitor;
///
/// let letters = Monitor::new(0);
/// let mut guard = letters.lock();
/// // Nobody notifies: the time ends the wait.
/// let waited = guard.wait_for(Duration::from_millis(1));
/// assert!(waited.timed_out());
/// ```
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
