//! What can go wrong with a release.

use core::error::Error;
use core::fmt;

/// A release would have put a semaphore above its limit. Nothing was released.
///
/// ```
/// let bounded = threadcraft_semaphore::BoundedSemaphore::new(2);
/// let error = bounded.release(3).unwrap_err();
/// assert_eq!(error.to_string(), "released 3 permits above the limit of 2 (2 are available)");
/// ```
#[doc(alias = "ValueError")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleaseError {
    permits: u32,
    available: u32,
    limit: u32,
}

impl ReleaseError {
    pub(crate) fn new(permits: u32, available: u32, limit: u32) -> Self {
        Self { permits, available, limit }
    }

    /// How many permits were to be released.
    #[must_use]
    pub fn permits(&self) -> u32 {
        self.permits
    }

    /// How many were available at that moment.
    #[must_use]
    pub fn available(&self) -> u32 {
        self.available
    }

    /// The limit.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.limit
    }
}

impl fmt::Display for ReleaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { permits, available, limit } = self;
        let plural = if *permits == 1 { "" } else { "s" };
        write!(f, "released {permits} permit{plural} above the limit of {limit} ({available} are available)")
    }
}

impl Error for ReleaseError {}
