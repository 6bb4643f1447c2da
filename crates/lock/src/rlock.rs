//! `RLock`: a lock that its owner may take again.

use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;
use core::time::Duration;

use threadcraft_platform::object::Done;
use threadcraft_platform::{Instant, call, call_when, const_unless_loom};

use crate::raw::{RawLock, Shown, tried};
use crate::raw_reentrant::RawReentrantLock;

/// A mutual-exclusion lock that the thread that holds it may take again (Python's `threading.RLock`).
///
/// ```
/// use std::cell::Cell;
/// use threadcraft_lock::RLock;
///
/// struct Account {
///     balance: RLock<Cell<i64>>,
/// }
///
/// impl Account {
///     fn deposit(&self, amount: i64) {
///         let balance = self.balance.lock();
///         balance.set(balance.get() + amount);
///     }
///
///     fn deposit_twice(&self, amount: i64) {
///         let _both = self.balance.lock(); // nobody comes in between
///         self.deposit(amount);
///         self.deposit(amount);
///     }
/// }
///
/// let account = Account { balance: RLock::new(Cell::new(0)) };
/// account.deposit_twice(5);
/// assert_eq!(account.balance.into_inner().get(), 10);
/// ```
///
/// It is free again when every guard of its owner is gone. As there may be several, each gives a shared reference: to
/// change the data, put it into a `Cell` or a `RefCell`. It is not poisoned: a panic releases it. A
/// [`Lock`](crate::Lock) is smaller, gives `&mut`, and finds the mistake where a function is entered twice that was not
/// meant to be.
///
/// # Cost
///
/// | | atomics | system calls |
/// |---|---|---|
/// | lock, free | 1 compare-and-swap, 1 load, 1 store | none |
/// | lock, held by the same thread | 1 load | none |
/// | lock, held by another | as [`Lock`](crate::Lock) | 1 futex wait a round |
/// | release | none; the last 1 store, 1 subtraction | none, or 1 futex wake |
///
/// 16 bytes beside the data (without the feature `explore`).
#[doc(alias("threading.RLock", "ReentrantMutex", "ReentrantLock"))]
pub struct RLock<T: ?Sized> {
    raw: RawReentrantLock,
    data: T,
}

// SAFETY:
// - the data is reached by the owner of the lock alone, or through a unique reference, so by one thread at a time; each
//   owner sees what the one before did. So it is sent from thread to thread, and never shared.
unsafe impl<T: ?Sized + Send> Sync for RLock<T> {}

impl<T> RLock<T> {
    const_unless_loom! {
        /// A free lock around `value`.
        #[must_use]
        pub const fn new(value: T) -> Self {
            Self { raw: RawReentrantLock::new(), data: value }
        }
    }

    /// The same lock, called `name` in timelines and in `Debug`. Free without the feature `explore`.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.raw.object = self.raw.object.named(name);
        self
    }

    /// The data, taken out.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.data
    }
}

impl<T: ?Sized> RLock<T> {
    /// Takes the lock, waiting for as long as another thread holds it. The thread that holds it already never waits.
    ///
    /// # Panics
    ///
    /// If this thread holds it 4294967295 times already; the lock stays as it is. So do the other ways to take it.
    #[doc(alias("acquire", "__enter__"))]
    #[inline]
    #[track_caller]
    pub fn lock(&self) -> RLockGuard<'_, T> {
        let take = || {
            self.raw.lock_until(|| None);
        };
        call_when(&self.ready().object, "lock", None, self.raw.wanted(), take, |(), done| done.acquired());
        self.guard()
    }

    /// Takes the lock if no other thread holds it now, else returns `None` at once.
    #[doc(alias = "acquire(blocking=False)")]
    #[inline]
    #[track_caller]
    pub fn try_lock(&self) -> Option<RLockGuard<'_, T>> {
        let taken = call(&self.ready().object, "try_lock", None, || self.raw.take_if_possible(), tried);
        taken.then(|| self.guard())
    }

    /// Takes the lock, waiting for at most `timeout`.
    ///
    /// Zero means one try. A timeout beyond what the clock can count means for ever.
    #[doc(alias = "acquire(timeout=)")]
    #[inline]
    #[track_caller]
    pub fn try_lock_for(&self, timeout: Duration) -> Option<RLockGuard<'_, T>> {
        let take = || match timeout.is_zero() {
            true => self.raw.take_if_possible(),
            false => self.raw.lock_until(|| Instant::after(timeout)),
        };
        let taken = call(&self.ready().object, "try_lock_for", Some(&Shown(timeout)), take, tried);
        taken.then(|| self.guard())
    }

    /// Takes the lock, waiting until `deadline` at the latest. In the past, it means one try.
    #[inline]
    #[track_caller]
    pub fn try_lock_until(&self, deadline: impl Into<Instant>) -> Option<RLockGuard<'_, T>> {
        let deadline = deadline.into();
        let take = || self.raw.take_if_possible() || self.raw.lock_until(|| Some(deadline));
        call(&self.ready().object, "try_lock_until", None, take, tried).then(|| self.guard())
    }

    /// Whether a thread holds the lock at this moment, be it this one. The answer may be out of date when it arrives: it
    /// serves tests and displays, not decisions.
    #[doc(alias = "locked")]
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn is_locked(&self) -> bool {
        call(&self.ready().object, "is_locked", None, || self.raw.is_locked(), looked)
    }

    /// Whether this thread holds the lock. This answer stays true until this thread changes it.
    #[doc(alias = "_is_owned")]
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn is_owned_by_current_thread(&self) -> bool {
        let look = || self.raw.depth() > 0;
        call(&self.ready().object, "is_owned_by_current_thread", None, look, looked)
    }

    /// How many times this thread holds the lock: 0 for all but the owner.
    ///
    /// ```
    /// let lock = threadcraft_lock::RLock::new(());
    /// let (_one, _two) = (lock.lock(), lock.lock());
    /// assert_eq!(lock.depth(), 2);
    /// std::thread::scope(|scope| scope.spawn(|| assert_eq!(lock.depth(), 0)).join()).unwrap();
    /// ```
    #[doc(alias = "_recursion_count")]
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn depth(&self) -> usize {
        call(&self.ready().object, "depth", None, || self.raw.depth() as usize, looked)
    }

    /// The data, without locking: a unique reference proves that nobody else has one.
    #[must_use]
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.data
    }

    /// The lock within, once the explorer knows whether it can start afresh.
    #[inline(always)]
    #[track_caller]
    fn ready(&self) -> &RawReentrantLock {
        self.raw.object.holds_data(size_of_val(self) > size_of::<RLock<()>>());
        &self.raw
    }

    /// For one who has just taken it.
    #[inline]
    fn guard(&self) -> RLockGuard<'_, T> {
        RLockGuard { raw: &self.raw, data: &self.data, marker: PhantomData }
    }
}

/// The right to use the data of an [`RLock`], until it is dropped.
///
/// It belongs to the thread that took the lock, and cannot be sent to another:
///
/// ```compile_fail,E0277
/// fn send(_: impl Send) {}
/// send(threadcraft_lock::RLock::new(1).lock());
/// ```
///
/// It gives no unique reference, as the same thread may have several guards:
///
/// ```compile_fail,E0594
/// *threadcraft_lock::RLock::new(1).lock() = 2;
/// ```
///
/// It can be shared if `T` can:
///
/// ```compile_fail,E0277
/// fn share(_: &impl Sync) {}
/// share(&threadcraft_lock::RLock::new(std::cell::Cell::new(1)).lock());
/// ```
#[must_use = "the lock is released at once if the guard is not kept; name it, as in `let guard = lock.lock();`"]
pub struct RLockGuard<'lock, T: ?Sized> {
    raw: &'lock RawReentrantLock,
    data: &'lock T,
    /// Not `Send`, and `Sync` only by the implementation below.
    marker: PhantomData<*const ()>,
}

// SAFETY:
// - a shared guard gives `&T` to other threads, which `T: Sync` allows, for as long as the owner lends it; it releases
//   nothing.
unsafe impl<T: ?Sized + Sync> Sync for RLockGuard<'_, T> {}

impl<'lock, T: ?Sized> RLockGuard<'lock, T> {
    /// Narrows the guard to a part of the data.
    ///
    /// ```
    /// use threadcraft_lock::{RLock, RLockGuard};
    ///
    /// let pair = RLock::new((1, 2));
    /// let second = RLockGuard::map(pair.lock(), |pair| &pair.1);
    /// assert_eq!(*second, 2);
    /// assert!(pair.is_owned_by_current_thread());
    /// ```
    #[inline]
    pub fn map<U: ?Sized>(guard: Self, part: impl FnOnce(&T) -> &U) -> RLockGuard<'lock, U> {
        let data = part(guard.data);
        let raw = guard.raw;
        // The new guard gives the lock back in its place.
        core::mem::forget(guard);
        RLockGuard { raw, data, marker: PhantomData }
    }

    /// Gives the lock back once, runs `body` and takes the lock again, also if `body` panics.
    ///
    /// Others get in only if this thread held it once: other guards of this thread keep the lock, as they lend the data.
    ///
    /// ```
    /// use threadcraft_lock::{RLock, RLockGuard};
    ///
    /// let lock = RLock::new(());
    /// let mut guard = lock.lock();
    /// assert_eq!(RLockGuard::unlocked(&mut guard, || lock.depth()), 0);
    /// assert_eq!(lock.depth(), 1);
    /// ```
    #[inline]
    #[track_caller]
    pub fn unlocked<R>(guard: &mut Self, body: impl FnOnce() -> R) -> R {
        /// Takes the lock again at the end of the scope, however it is left.
        struct Relock<'lock>(&'lock RawReentrantLock);
        impl Drop for Relock<'_> {
            #[inline]
            fn drop(&mut self) {
                let take = || {
                    self.0.lock_until(|| None);
                };
                call_when(&self.0.object, "lock", None, self.0.wanted(), take, |(), done| done.acquired());
            }
        }
        // The guard stays borrowed until `Relock` has taken the lock again: nobody reads the data through it meanwhile.
        let raw = guard.raw;
        call(&raw.object, "unlock", None, || raw.leave(RawLock::release), |(), done| done.released());
        let _relock = Relock(raw);
        body()
    }

    /// Gives the lock back, and if that was the last time, to a thread that waits for it, if one does; see
    /// [`LockGuard::unlock_fair`](crate::LockGuard::unlock_fair).
    #[inline]
    #[track_caller]
    pub fn unlock_fair(guard: Self) {
        let raw = guard.raw;
        core::mem::forget(guard);
        let leave = || raw.leave(RawLock::release_fairly);
        call(&raw.object, "unlock_fair", None, leave, |(), done| done.released());
    }
}

impl<T: ?Sized> Drop for RLockGuard<'_, T> {
    #[inline]
    #[track_caller]
    fn drop(&mut self) {
        call(&self.raw.object, "unlock", None, || self.raw.leave(RawLock::release), |(), done| done.released());
    }
}

impl<T: ?Sized> Deref for RLockGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.data
    }
}

/// What a look means for the timeline.
fn looked(seen: &impl fmt::Display, done: &mut Done<'_>) {
    done.read();
    done.result(seen);
}

impl<T: Default> Default for RLock<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for RLock<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// Shows the data if this thread may have it, and how often it holds the lock, else `<locked>`. Never waits.
impl<T: ?Sized + fmt::Debug> fmt::Debug for RLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("RLock");
        if let Some(name) = self.raw.object.name() {
            shown.field("name", &name);
        }
        let depth = self.depth();
        match self.try_lock() {
            Some(guard) => shown.field("depth", &depth).field("data", &guard.data),
            None => shown.field("data", &format_args!("<locked>")),
        };
        shown.finish()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RLockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.data, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for RLockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.data, f)
    }
}
