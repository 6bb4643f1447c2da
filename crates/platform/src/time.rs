//! The clock: one [`Instant`] in both builds, virtual while explored.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

/// A count that goes up with time, for how long something took that is over in nanoseconds: at once read, in a unit of its
/// own, and apart from one core to another. Loads that come before have their values when it is read. Always 0 where no such
/// count is known (it is the time stamp counter of x86-64).
#[inline]
#[must_use]
pub fn ticks() -> u64 {
    crate::backend::ticks()
}

/// A point in time, of the machine's monotonic clock or, under the explorer, of its virtual one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(std::time::Instant);

impl Instant {
    /// The present.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn now() -> Self {
        #[cfg(feature = "explore")]
        if let Some(since_start) = crate::explored::now() {
            return Self::from_virtual(since_start);
        }
        Self(crate::backend::now())
    }

    /// The time that passed since `earlier`; zero if it is later.
    #[inline]
    #[must_use]
    pub fn saturating_duration_since(self, earlier: Self) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }

    /// The time that passed since then; zero if it is in the future.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn elapsed(self) -> Duration {
        Self::now().saturating_duration_since(self)
    }

    /// So much later, or `None` where that is beyond what the clock can say: for ever.
    #[inline]
    #[must_use]
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        self.0.checked_add(duration).map(Self)
    }

    /// The deadline of a timeout that begins now: `None` means for ever.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn after(timeout: Duration) -> Option<Self> {
        Self::now().checked_add(timeout)
    }

    /// The virtual clock starts at a point that is the same in the whole process; only differences can be seen.
    #[cfg(feature = "explore")]
    fn from_virtual(since_start: Duration) -> Self {
        Self(*origin() + since_start)
    }

    /// The reverse of `from_virtual`, for deadlines.
    #[cfg(feature = "explore")]
    pub(crate) fn to_virtual(self) -> Duration {
        self.0.saturating_duration_since(*origin())
    }
}

/// Where virtual time starts.
#[cfg(feature = "explore")]
fn origin() -> &'static std::time::Instant {
    static ORIGIN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    ORIGIN.get_or_init(std::time::Instant::now)
}

impl From<std::time::Instant> for Instant {
    fn from(instant: std::time::Instant) -> Self {
        Self(instant)
    }
}

impl From<Instant> for std::time::Instant {
    fn from(instant: Instant) -> Self {
        instant.0
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    /// # Panics
    ///
    /// If the result is beyond what the clock can say, as `std`'s does; see [`Instant::checked_add`].
    fn add(self, duration: Duration) -> Self {
        Self(self.0 + duration)
    }
}

impl Sub for Instant {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.saturating_duration_since(earlier)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
