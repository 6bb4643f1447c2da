//! The two semaphores: unbounded, and bounded by what it started with.

extern crate alloc;

use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

use threadcraft_platform::{Instant, const_unless_loom};

use crate::error::ReleaseError;
use crate::permit::{OwnedPermit, Owner, Permit};
use crate::raw::{MAX_PERMITS, RawSemaphore};

/// A number of permits that threads take and give back (Python's `threading.Semaphore`).
///
/// ```
/// use threadcraft_semaphore::Semaphore;
///
/// let printers = Semaphore::new(2);
/// let first = printers.acquire();
/// let second = printers.acquire();
/// assert!(printers.try_acquire().is_none());
/// drop(first); // or the end of the block: the permit's end gives it back
/// assert_eq!(printers.available_permits(), 1);
/// # drop(second);
/// ```
///
/// [`release`](Self::release) adds permits, also more than there were at the start: a thread may announce with it what
/// another waits for.
///
/// # Order
///
/// Who comes may overtake who sleeps, but not for ever: a waiter that was woken in vain stays first in line, and after
/// three more such wake-ups nobody else gets a permit before it has what it wants. That holds for
/// [`acquire_many`](Self::acquire_many), too. While that lasts, `try_acquire` refuses although permits are available.
///
/// # Cost
///
/// | | atomics | system calls |
/// |---|---|---|
/// | acquire, permits there | 1 load, 1 compare-and-swap | none |
/// | release, nobody sleeps | 1 load, 1 compare-and-swap | none |
/// | the end of a permit, nothing came in between | 1 compare-and-swap | none |
/// | acquire, none there | 4 yields, then 1 compare-and-swap a round | 1 futex wait a round |
/// | release, somebody sleeps | 1 compare-and-swap | 1 futex wake; each woken thread wakes the next |
///
/// 4 bytes (without the feature `explore`).
#[doc(alias("threading.Semaphore", "sem_t"))]
pub struct Semaphore {
    raw: RawSemaphore,
}

/// A semaphore that never has more permits than at its start (Python's `threading.BoundedSemaphore`).
///
/// Giving back what was never taken is an error, and finds the bug where it happens:
///
/// ```
/// use threadcraft_semaphore::BoundedSemaphore;
///
/// let seats = BoundedSemaphore::new(2);
/// seats.acquire().forget();
/// assert!(seats.release(1).is_ok());
/// assert!(seats.release(1).is_err());
/// assert_eq!(seats.available_permits(), 2);
/// ```
///
/// Order and cost as of [`Semaphore`]; 8 bytes, as it keeps its bound.
#[doc(alias = "threading.BoundedSemaphore")]
pub struct BoundedSemaphore {
    raw: RawSemaphore,
    bound: u32,
}

/// The calls that both have.
macro_rules! acquiring {
    ($owner:ident) => {
        /// Takes one permit, waiting for as long as there is none.
        #[doc(alias = "__enter__")]
        #[inline]
        #[track_caller]
        pub fn acquire(&self) -> Permit<'_> {
            self.permit(1, self.raw.acquire("acquire", 1))
        }

        /// Takes one permit if there is one now, else returns `None` at once.
        #[doc(alias = "acquire(blocking=False)")]
        #[inline]
        #[track_caller]
        pub fn try_acquire(&self) -> Option<Permit<'_>> {
            self.raw.try_acquire("try_acquire", 1).map(|left| self.permit(1, left))
        }

        /// Takes one permit, waiting for at most `timeout`. Zero means one try; a timeout beyond what the clock can
        /// count means for ever.
        #[doc(alias = "acquire(timeout=)")]
        #[inline]
        #[track_caller]
        pub fn try_acquire_for(&self, timeout: Duration) -> Option<Permit<'_>> {
            self.raw.try_acquire_for("try_acquire_for", 1, timeout).map(|left| self.permit(1, left))
        }

        /// Takes one permit, waiting until `deadline` at the latest. In the past, it means one try.
        #[inline]
        #[track_caller]
        pub fn try_acquire_until(&self, deadline: impl Into<Instant>) -> Option<Permit<'_>> {
            self.raw.try_acquire_until("try_acquire_until", 1, deadline.into()).map(|left| self.permit(1, left))
        }

        /// Takes `permits` permits, all of them or none, waiting for as long as there are fewer.
        ///
        /// # Panics
        ///
        /// If there can never be so many.
        #[inline]
        #[track_caller]
        pub fn acquire_many(&self, permits: u32) -> Permit<'_> {
            self.permit(permits, self.raw.acquire("acquire_many", self.possible(permits)))
        }

        /// Takes `permits` permits if there are so many now, else returns `None` at once.
        ///
        /// # Panics
        ///
        /// If there can never be so many.
        #[inline]
        #[track_caller]
        pub fn try_acquire_many(&self, permits: u32) -> Option<Permit<'_>> {
            let taken = self.raw.try_acquire("try_acquire_many", self.possible(permits));
            taken.map(|left| self.permit(permits, left))
        }

        /// Takes `permits` permits, all of them or none, waiting for at most `timeout`.
        ///
        /// # Panics
        ///
        /// If there can never be so many.
        #[inline]
        #[track_caller]
        pub fn try_acquire_many_for(&self, permits: u32, timeout: Duration) -> Option<Permit<'_>> {
            let taken = self.raw.try_acquire_for("try_acquire_many_for", self.possible(permits), timeout);
            taken.map(|left| self.permit(permits, left))
        }

        /// Takes `permits` permits, all of them or none, waiting until `deadline` at the latest.
        ///
        /// # Panics
        ///
        /// If there can never be so many.
        #[inline]
        #[track_caller]
        pub fn try_acquire_many_until(&self, permits: u32, deadline: impl Into<Instant>) -> Option<Permit<'_>> {
            let wanted = self.possible(permits);
            let taken = self.raw.try_acquire_until("try_acquire_many_until", wanted, deadline.into());
            taken.map(|left| self.permit(permits, left))
        }

        /// Takes one permit as [`acquire`](Self::acquire) does; the permit keeps the semaphore alive and borrows
        /// nothing, so it can move to another thread.
        #[inline]
        #[track_caller]
        pub fn acquire_owned(self: &Arc<Self>) -> OwnedPermit {
            self.owned_permit(1, self.raw.acquire("acquire_owned", 1))
        }

        /// Takes one permit as [`try_acquire`](Self::try_acquire) does; the permit keeps the semaphore alive.
        #[inline]
        #[track_caller]
        pub fn try_acquire_owned(self: &Arc<Self>) -> Option<OwnedPermit> {
            self.raw.try_acquire("try_acquire_owned", 1).map(|left| self.owned_permit(1, left))
        }

        /// Takes `permits` permits as [`acquire_many`](Self::acquire_many) does; they keep the semaphore alive.
        ///
        /// # Panics
        ///
        /// If there can never be so many.
        #[inline]
        #[track_caller]
        pub fn acquire_many_owned(self: &Arc<Self>, permits: u32) -> OwnedPermit {
            self.owned_permit(permits, self.raw.acquire("acquire_many_owned", self.possible(permits)))
        }

        /// How many permits are available at this moment. The answer may be out of date when it arrives, so it serves
        /// tests and displays, not decisions: to decide, use [`try_acquire`](Self::try_acquire).
        #[inline]
        #[must_use]
        #[track_caller]
        pub fn available_permits(&self) -> u32 {
            self.raw.available_permits()
        }

        /// The same semaphore, called `name` in timelines and in `Debug`. Free without the feature `explore`.
        #[must_use]
        pub const fn named(mut self, name: &'static str) -> Self {
            self.raw = self.raw.named(name);
            self
        }

        /// For one who has just taken them, and left this word.
        #[inline]
        fn permit(&self, permits: u32, left: u32) -> Permit<'_> {
            let (raw, limit) = self.parts();
            Permit::new(raw, limit, permits, left)
        }

        fn owned_permit(self: &Arc<Self>, permits: u32, left: u32) -> OwnedPermit {
            OwnedPermit::new(Owner::$owner(Arc::clone(self)), permits, left)
        }

        /// The number itself, if there can ever be so many permits.
        #[inline]
        #[track_caller]
        fn possible(&self, permits: u32) -> u32 {
            let (_, limit) = self.parts();
            assert!(permits <= limit, "{permits} permits can never be available: the limit is {limit}");
            permits
        }
    };
}

impl Semaphore {
    /// The most permits that can be available at a time.
    pub const MAX_PERMITS: u32 = MAX_PERMITS;

    const_unless_loom! {
        /// A semaphore with that many permits.
        ///
        /// # Panics
        ///
        /// If they are more than [`MAX_PERMITS`].
        #[must_use]
        pub const fn new(permits: u32) -> Self {
            Self { raw: RawSemaphore::new(permits, "semaphore") }
        }
    }

    acquiring!(Unbounded);

    /// Adds `permits` permits, also above the number at the start, and lets as many waiters go on.
    ///
    /// # Panics
    ///
    /// If more than [`MAX_PERMITS`] would be available; nothing is released then.
    #[inline]
    #[track_caller]
    pub fn release(&self, permits: u32) {
        if let Err(error) = self.raw.release(permits, MAX_PERMITS) {
            overflow(error);
        }
    }

    /// The counter, and the most that it may count.
    #[inline]
    pub(crate) fn parts(&self) -> (&RawSemaphore, u32) {
        (&self.raw, MAX_PERMITS)
    }
}

impl BoundedSemaphore {
    /// The most permits that can be available at a time, and the highest bound.
    pub const MAX_PERMITS: u32 = MAX_PERMITS;

    const_unless_loom! {
        /// A semaphore with that many permits, and never more.
        ///
        /// # Panics
        ///
        /// If they are more than [`MAX_PERMITS`].
        #[must_use]
        pub const fn new(permits: u32) -> Self {
            Self { raw: RawSemaphore::new(permits, "semaphore"), bound: permits }
        }
    }

    acquiring!(Bounded);

    /// Adds `permits` permits and lets as many waiters go on.
    ///
    /// # Errors
    ///
    /// If more than at the start would be available; nothing is released then.
    #[inline]
    #[track_caller]
    pub fn release(&self, permits: u32) -> Result<(), ReleaseError> {
        self.raw.release(permits, self.bound)
    }

    /// How many permits there are in all.
    #[must_use]
    pub fn bound(&self) -> u32 {
        self.bound
    }

    /// The counter, and the most that it may count.
    #[inline]
    pub(crate) fn parts(&self) -> (&RawSemaphore, u32) {
        (&self.raw, self.bound)
    }
}

/// More permits than the word can count.
#[cold]
#[track_caller]
fn overflow(error: ReleaseError) -> ! {
    panic!("{error}: no semaphore can have more")
}

/// One permit, as in Python.
impl Default for Semaphore {
    fn default() -> Self {
        Self::new(1)
    }
}

/// One permit, as in Python.
impl Default for BoundedSemaphore {
    fn default() -> Self {
        Self::new(1)
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Semaphore");
        if let Some(name) = self.raw.object.name() {
            shown.field("name", &name);
        }
        shown.field("permits", &self.raw.available()).finish()
    }
}

impl fmt::Debug for BoundedSemaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("BoundedSemaphore");
        if let Some(name) = self.raw.object.name() {
            shown.field("name", &name);
        }
        shown.field("permits", &self.raw.available()).field("bound", &self.bound).finish()
    }
}
