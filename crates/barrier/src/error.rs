//! Why a wait at a barrier failed.

use core::error::Error;
use core::fmt;

/// The barrier was broken or reset before all had come (Python's `threading.BrokenBarrierError`).
///
/// ```
/// use std::time::Duration;
///
/// let start = threadcraft_barrier::Barrier::new(2);
/// let error = start.wait_for(Duration::from_millis(5)).unwrap_err();
/// assert!(error.timed_out());
/// assert_eq!(error.to_string(), "gave up waiting and broke the barrier of 2 parties");
/// assert_eq!(start.wait().unwrap_err().to_string(), "the barrier of 2 parties is broken");
/// ```
#[doc(alias = "BrokenBarrierError")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenBarrier {
    pub(crate) parties: usize,
    pub(crate) cause: Cause,
}

/// What happened to the phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// This thread's time was over.
    TimedOut,
    /// Another's time was over, or somebody aborted, or the action panicked: now, or before.
    Broken,
    /// Somebody has reset the barrier.
    Reset,
}

impl BrokenBarrier {
    /// True for the thread whose time was over, which has broken the barrier for all.
    #[must_use]
    pub fn timed_out(&self) -> bool {
        self.cause == Cause::TimedOut
    }

    /// True if the barrier was reset: it can be used again at once.
    #[must_use]
    pub fn was_reset(&self) -> bool {
        self.cause == Cause::Reset
    }
}

impl fmt::Display for BrokenBarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parties, cause } = self;
        let plural = if *parties == 1 { "party" } else { "parties" };
        match cause {
            Cause::TimedOut => write!(f, "gave up waiting and broke the barrier of {parties} {plural}"),
            Cause::Broken => write!(f, "the barrier of {parties} {plural} is broken"),
            Cause::Reset => write!(f, "the barrier of {parties} {plural} was reset while threads waited"),
        }
    }
}

impl Error for BrokenBarrier {}
