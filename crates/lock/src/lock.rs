//! `Lock`: data that one thread at a time can reach.

use core::fmt;
use core::time::Duration;

use threadcraft_platform::object::Name;
use threadcraft_platform::{Instant, const_unless_loom};

use crate::guard::LockGuard;
use crate::raw::RawLock;

/// A mutual-exclusion lock that owns what it protects (Python's `threading.Lock`).
///
/// ```
/// use threadcraft_lock::Lock;
///
/// static BALANCE: Lock<i64> = Lock::new(100).named("balance");
///
/// let mut balance = BALANCE.lock();
/// *balance -= 30;
/// drop(balance); // or the end of the block: the guard's end releases the lock
/// assert_eq!(*BALANCE.lock(), 70);
/// ```
///
/// It is not re-entrant: a thread that takes it twice waits for itself. It is not poisoned: a panic releases it. Who
/// comes may overtake who waits, but not for ever: a thread that was woken in vain twice is served before all who
/// come. [`LockGuard::unlock_fair`] lets a waiter go first at once.
///
/// # Cost
///
/// | | atomics | system calls |
/// |---|---|---|
/// | lock, free | 1 compare-and-swap | none |
/// | release, nobody sleeps | 1 subtraction | none |
/// | lock, held | up to 100 looks after pauses, then 1 or 2 compare-and-swaps a round | 1 futex wait a round |
/// | release, somebody sleeps | 1 subtraction, 1 bitwise and | 1 futex wake |
///
/// 4 bytes beside the data (without the feature `explore`).
#[doc(alias("threading.Lock", "Mutex", "mutex"))]
#[derive(Default)]
pub struct Lock<T: ?Sized> {
    name: Name,
    inner: lock_api::Mutex<RawLock, T>,
}

impl<T> Lock<T> {
    const_unless_loom! {
        /// A free lock around `value`.
        #[must_use]
        pub const fn new(value: T) -> Self {
            Self { name: Name::none(), inner: lock_api::Mutex::from_raw(RawLock::new(), value) }
        }
    }

    /// The same lock, called `name` in timelines and in `Debug`. Free without the feature `explore`.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.set_name(name);
        self
    }

    /// Calls it `name` in its place, for what is built around a lock.
    pub const fn set_name(&mut self, name: &'static str) {
        self.name = Name::new(name);
    }

    /// The data, taken out.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.inner.into_inner()
    }
}

impl<T: ?Sized> Lock<T> {
    /// Takes the lock, waiting for as long as another thread holds it.
    ///
    /// A thread that holds it already waits for itself, for ever.
    #[doc(alias("acquire", "__enter__"))]
    #[inline]
    #[track_caller]
    pub fn lock(&self) -> LockGuard<'_, T> {
        LockGuard::new(self.ready().lock(), self.name)
    }

    /// Takes the lock if it is free now, else returns `None` at once.
    #[doc(alias = "acquire(blocking=False)")]
    #[inline]
    #[track_caller]
    pub fn try_lock(&self) -> Option<LockGuard<'_, T>> {
        self.ready().try_lock().map(|inner| LockGuard::new(inner, self.name))
    }

    /// Takes the lock, waiting for at most `timeout`.
    ///
    /// Zero means one try. A timeout beyond what the clock can count means for ever.
    ///
    /// ```
    /// use std::time::Duration;
    /// use threadcraft_lock::Lock;
    ///
    /// let door = Lock::new(());
    /// let inside = door.lock();
    /// assert!(door.try_lock_for(Duration::from_millis(10)).is_none());
    /// drop(inside);
    /// assert!(door.try_lock_for(Duration::MAX).is_some());
    /// ```
    #[doc(alias = "acquire(timeout=)")]
    #[inline]
    #[track_caller]
    pub fn try_lock_for(&self, timeout: Duration) -> Option<LockGuard<'_, T>> {
        self.ready().try_lock_for(timeout).map(|inner| LockGuard::new(inner, self.name))
    }

    /// Takes the lock, waiting until `deadline` at the latest. In the past, it means one try.
    #[inline]
    #[track_caller]
    pub fn try_lock_until(&self, deadline: impl Into<Instant>) -> Option<LockGuard<'_, T>> {
        self.ready().try_lock_until(deadline.into()).map(|inner| LockGuard::new(inner, self.name))
    }

    /// Whether a thread holds the lock at this moment. The answer may be out of date when it arrives, so it serves
    /// tests and displays, not decisions: to decide, use [`try_lock`](Self::try_lock).
    #[doc(alias = "locked")]
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn is_locked(&self) -> bool {
        self.ready().is_locked()
    }

    /// The data, without locking: a unique reference proves that nobody else has one.
    #[must_use]
    pub fn get_mut(&mut self) -> &mut T {
        self.inner.get_mut()
    }

    /// The lock within, once the explorer knows what it is called and whether it can start afresh.
    #[inline(always)]
    #[track_caller]
    fn ready(&self) -> &lock_api::Mutex<RawLock, T> {
        // SAFETY:
        // - only the identity is used: nothing locks or unlocks through this reference.
        let raw = unsafe { self.inner.raw() };
        raw.object.adopt(self.name.get());
        raw.object.holds_data(size_of_val(self) > size_of::<Lock<()>>());
        &self.inner
    }
}

impl<T> From<T> for Lock<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// Shows the data if the lock is free, else `<locked>`. Never waits.
impl<T: ?Sized + fmt::Debug> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Lock");
        if let Some(name) = self.name.get() {
            shown.field("name", &name);
        }
        match self.try_lock() {
            Some(guard) => shown.field("data", &&*guard),
            None => shown.field("data", &format_args!("<locked>")),
        };
        shown.finish()
    }
}
