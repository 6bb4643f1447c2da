//! The guard of a `Lock`.
//!
//! It wraps `lock_api`'s for two reasons. That one aborts the process if locking again after `unlocked` unwinds, and
//! that is how the explorer ends an execution. And a condition that notifies wants its wake-up sent after the release,
//! not before, or the woken thread finds the lock held: the guard carries the addresses until then.

use core::fmt;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};

use lock_api::RawMutex;
use threadcraft_platform::atomic::AtomicU32;
use threadcraft_platform::object::Name;

use crate::raw::{RawLock, Sleepers};

/// The right to use the data of a [`Lock`](crate::Lock), until it is dropped.
///
/// It can be sent to another thread, which may release it there: Python allows that, and so does this lock. Its own
/// functions are called as `LockGuard::map(guard, …)`, so that they hide no method of the data.
///
/// `T` has to be `Send` for the guard to be:
///
/// ```compile_fail,E0277
/// fn send(_: impl Send) {}
/// let lock = threadcraft_lock::Lock::new(std::rc::Rc::new(1));
/// send(lock.lock());
/// ```
///
/// and `Sync` for the guard to be shared:
///
/// ```compile_fail,E0277
/// fn share(_: &impl Sync) {}
/// let lock = threadcraft_lock::Lock::new(std::cell::Cell::new(1));
/// share(&lock.lock());
/// ```
#[must_use = "the lock is released at once if the guard is not kept; name it, as in `let guard = lock.lock();`"]
pub struct LockGuard<'lock, T: ?Sized> {
    /// Never dropped: the release is done here, with the wake-up after it.
    inner: ManuallyDrop<lock_api::MutexGuard<'lock, RawLock, T>>,
    /// Who is to be woken once the lock is released.
    sleepers: Sleepers,
    name: Name,
}

/// The right to use a part of a lock's data: what [`LockGuard::map`] gives.
pub type MappedLockGuard<'lock, T> = lock_api::MappedMutexGuard<'lock, RawLock, T>;

impl<'lock, T: ?Sized> LockGuard<'lock, T> {
    #[inline]
    pub(crate) fn new(inner: lock_api::MutexGuard<'lock, RawLock, T>, name: Name) -> Self {
        Self { inner: ManuallyDrop::new(inner), sleepers: Sleepers::NOBODY, name }
    }

    /// The guard of `lock_api`, which releases the lock and wakes nobody else: who was to be woken is woken now.
    #[inline]
    fn into_inner(self) -> lock_api::MutexGuard<'lock, RawLock, T> {
        let mut guard = ManuallyDrop::new(self);
        guard.sleepers.wake();
        // SAFETY:
        // - `guard` is not dropped and not used after this: the inner guard is taken once.
        unsafe { ManuallyDrop::take(&mut guard.inner) }
    }

    /// Narrows the guard to a part of the data.
    ///
    /// ```
    /// use threadcraft_lock::{Lock, LockGuard};
    ///
    /// let pair = Lock::new((1, 2));
    /// *LockGuard::map(pair.lock(), |pair| &mut pair.1) += 40;
    /// assert_eq!(*pair.lock(), (1, 42));
    /// ```
    #[inline]
    pub fn map<U: ?Sized>(guard: Self, part: impl FnOnce(&mut T) -> &mut U) -> MappedLockGuard<'lock, U> {
        lock_api::MutexGuard::map(guard.into_inner(), part)
    }

    /// The same where there may be no such part.
    ///
    /// # Errors
    ///
    /// Gives the guard back if `part` returns `None`.
    #[inline]
    pub fn try_map<U: ?Sized>(
        guard: Self,
        part: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<MappedLockGuard<'lock, U>, Self> {
        let name = guard.name;
        lock_api::MutexGuard::try_map(guard.into_inner(), part).map_err(|inner| Self::new(inner, name))
    }

    /// Releases the lock, runs `body` and takes the lock again, also if `body` panics.
    ///
    /// What the data was before says nothing about what it is after: others may have changed it.
    ///
    /// ```
    /// use threadcraft_lock::{Lock, LockGuard};
    ///
    /// let lock = Lock::new(1);
    /// let mut guard = lock.lock();
    /// LockGuard::unlocked(&mut guard, || *lock.lock() += 1);
    /// assert_eq!(*guard, 2);
    /// ```
    #[inline]
    #[track_caller]
    pub fn unlocked<R>(guard: &mut Self, body: impl FnOnce() -> R) -> R {
        /// Takes the lock again at the end of the scope, however it is left.
        struct Relock<'lock>(&'lock RawLock);
        impl Drop for Relock<'_> {
            #[inline]
            fn drop(&mut self) {
                self.0.lock();
            }
        }
        let raw = Self::raw(guard);
        // SAFETY:
        // - the guard stays borrowed until `Relock` has taken the lock again: nobody uses or drops it.
        unsafe { Self::release(guard, || ()) };
        let _relock = Relock(raw);
        body()
    }

    /// The raw lock, for primitives that are built on this one and wait in its place.
    #[inline]
    #[must_use]
    pub fn raw(guard: &Self) -> &'lock RawLock {
        // SAFETY:
        // - the reference allows only what `RawLock`'s safe methods do, which keep the exclusion.
        unsafe { lock_api::MutexGuard::mutex(&guard.inner).raw() }
    }

    /// The name of the lock, where it is kept.
    #[inline]
    #[must_use]
    pub fn name(guard: &Self) -> Name {
        guard.name
    }

    /// For primitives that are built on this lock: wakes one of those that sleep at the futex `word`, once the lock is
    /// released. Only the address is used, so the word may be gone by then.
    ///
    /// A guard remembers two such words. With a third one, whoever sleeps at the first is woken at once.
    #[inline]
    #[track_caller]
    pub fn wake_after_release(guard: &mut Self, word: *const AtomicU32) {
        guard.sleepers.add(word);
    }

    /// For primitives that are built on this lock: runs `prepare` and releases the lock, under the explorer in one step.
    ///
    /// # Safety
    ///
    /// From its return on the lock is not held: before the guard is used or dropped, the caller takes the lock again
    /// (`LockGuard::raw(&guard).lock()`). If `prepare` panics, the lock is still held.
    #[inline]
    #[track_caller]
    pub unsafe fn release(guard: &mut Self, prepare: impl FnOnce()) {
        let sleepers = core::mem::replace(&mut guard.sleepers, Sleepers::NOBODY);
        // SAFETY:
        // - the guard holds the lock.
        unsafe { Self::raw(guard).unlock_and_wake(prepare, sleepers) };
    }

    /// Releases the lock to a thread that waits for it, if one does: the caller, should it want the lock again, comes
    /// after.
    ///
    /// A plain release lets whoever comes first have it, which is often the thread that released it, and several times
    /// faster: a fair one costs a switch to another thread. Newcomers leave the lock to those who have slept for up to
    /// ten milliseconds; [`try_lock`](crate::Lock::try_lock) does not.
    #[inline]
    #[track_caller]
    pub fn unlock_fair(guard: Self) {
        lock_api::MutexGuard::unlock_fair(guard.into_inner());
    }
}

impl<T: ?Sized> Drop for LockGuard<'_, T> {
    #[inline]
    #[track_caller]
    fn drop(&mut self) {
        // SAFETY:
        // - the guard holds the lock, and is gone after this.
        unsafe { Self::raw(self).unlock_and_wake(|| (), self.sleepers) };
    }
}

impl<T: ?Sized> Deref for LockGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: ?Sized> DerefMut for LockGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for LockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for LockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
