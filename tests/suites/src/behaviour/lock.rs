//! Of locks, also re-entrant ones.

use std::cell::Cell;
use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use threadcraft::{Instant, scope};

use super::{TIMEOUT, elsewhere, eventually, for_a_while, gave_up_in_time};
use crate::lock::TimedLocking;

/// What every lock can do.
pub trait Locking: Default + Send + Sync {
    /// What is held.
    type Guard<'lock>
    where
        Self: 'lock;
    /// Takes it.
    fn lock(&self) -> Self::Guard<'_>;
    /// Takes it, if it is free.
    fn try_lock(&self) -> Option<Self::Guard<'_>>;
}

/// Locks that can give up after a time.
pub trait Timed: Locking {
    /// Takes it, or gives up.
    fn try_lock_for(&self, timeout: Duration) -> Option<Self::Guard<'_>>;
}

/// Locks that say whether they are held.
pub trait Telling: Locking + Debug {
    /// Whether it is held.
    fn is_locked(&self) -> bool;
}

/// Locks whose methods have these names.
macro_rules! named_alike {
    ($($lock:ty, $guard:ty;)*) => {$(
        impl Locking for $lock {
            type Guard<'lock> = $guard;
            fn lock(&self) -> Self::Guard<'_> {
                self.lock()
            }
            fn try_lock(&self) -> Option<Self::Guard<'_>> {
                self.try_lock()
            }
        }

        impl Timed for $lock {
            fn try_lock_for(&self, timeout: Duration) -> Option<Self::Guard<'_>> {
                self.try_lock_for(timeout)
            }
        }

        impl Telling for $lock {
            fn is_locked(&self) -> bool {
                self.is_locked()
            }
        }
    )*};
}

named_alike! {
    threadcraft::Lock<u32>, threadcraft::LockGuard<'lock, u32>;
    threadcraft::RLock<Cell<u32>>, threadcraft::RLockGuard<'lock, Cell<u32>>;
    parking_lot::Mutex<u32>, parking_lot::MutexGuard<'lock, u32>;
    parking_lot::ReentrantMutex<Cell<u32>>, parking_lot::ReentrantMutexGuard<'lock, Cell<u32>>;
}

impl Locking for std::sync::Mutex<u32> {
    type Guard<'lock> = std::sync::MutexGuard<'lock, u32>;
    fn lock(&self) -> Self::Guard<'_> {
        self.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        match self.try_lock() {
            Ok(guard) => Some(guard),
            Err(std::sync::TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) => None,
        }
    }
}

/// A lock that is released by hand, with guards that do it.
#[derive(Debug)]
pub struct Guarded<L>(L);

/// What is held of it.
#[derive(Debug)]
pub struct Held<'lock, L: TimedLocking>(&'lock L);

impl<L: TimedLocking> Default for Guarded<L> {
    fn default() -> Self {
        Self(L::new())
    }
}

impl<L: TimedLocking> Locking for Guarded<L> {
    type Guard<'lock> = Held<'lock, L>;
    fn lock(&self) -> Held<'_, L> {
        self.0.lock();
        Held(&self.0)
    }
    fn try_lock(&self) -> Option<Held<'_, L>> {
        self.try_lock_for(Duration::ZERO)
    }
}

impl<L: TimedLocking> Timed for Guarded<L> {
    fn try_lock_for(&self, timeout: Duration) -> Option<Held<'_, L>> {
        self.0.lock_for(timeout).then(|| Held(&self.0))
    }
}

impl<L: TimedLocking> Drop for Held<'_, L> {
    fn drop(&mut self) {
        self.0.unlock();
    }
}

/// Whether another thread could take the lock now.
pub fn free_for_others<L: Locking>(lock: &L) -> bool {
    elsewhere(|| lock.try_lock().is_some())
}

/// It is held from when it is taken until its guard ends, and can then be taken again.
///
/// # Panics
///
/// As all behaviours do, if it is not so.
pub fn a_lock_is_held_until_its_guard_ends<L: Locking>() {
    let lock = L::default();
    for _ in 0..2 {
        let guard = lock.lock();
        assert!(!free_for_others(&lock), "it is free while it is held");
        drop(guard);
        assert!(free_for_others(&lock), "it is held when its guard has ended");
    }
}

/// So many threads are blocked, and after one release all pass.
///
/// # Panics
///
/// If they do not.
pub fn blocked_threads_all_pass_after_one_release<L: Locking>(threads: u32) {
    let lock = L::default();
    // Relaxed, here and below: they count, and the lock's own order is not looked at.
    let (arrived, passed) = (AtomicU32::new(0), AtomicU32::new(0));
    let guard = lock.lock();
    scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                arrived.fetch_add(1, Ordering::Relaxed);
                let _guard = lock.lock();
                passed.fetch_add(1, Ordering::Relaxed);
            });
        }
        eventually("all arrive", || arrived.load(Ordering::Relaxed) == threads);
        for_a_while("nobody passes", || passed.load(Ordering::Relaxed) == 0);
        drop(guard);
        eventually("all pass", || passed.load(Ordering::Relaxed) == threads);
    });
}

/// It is not given to anybody in the time, and that is how long one waits.
///
/// # Panics
///
/// If it is, or if that takes less or much more.
pub fn a_timed_wait_gives_up_in_time<L: Timed>() {
    let lock = L::default();
    let _guard = lock.lock();
    elsewhere(|| {
        let begin = Instant::now();
        assert!(lock.try_lock_for(TIMEOUT).is_none(), "it is taken twice");
        gave_up_in_time(begin);
    });
}

/// Who waits for a time is served when it becomes free.
///
/// # Panics
///
/// If not.
pub fn a_timed_wait_takes_a_lock_that_becomes_free<L: Timed>() {
    let lock = L::default();
    let guard = lock.lock();
    let arrived = AtomicBool::new(false);
    scope(|scope| {
        let waiter = scope.spawn(|| {
            // Relaxed: as above.
            arrived.store(true, Ordering::Relaxed);
            lock.try_lock_for(1000 * TIMEOUT).is_some()
        });
        eventually("the waiter arrives", || arrived.load(Ordering::Relaxed));
        drop(guard);
        assert!(waiter.join().expect("it only waits"), "it gives up, and the lock is free");
    });
}

/// Whoever gave up leaves nothing behind.
///
/// # Panics
///
/// If the lock cannot be taken.
pub fn after_a_timeout_the_lock_is_usable<L: Timed>() {
    let lock = L::default();
    let guard = lock.lock();
    elsewhere(|| assert!(lock.try_lock_for(Duration::from_millis(1)).is_none(), "it is taken twice"));
    drop(guard);
    assert!(free_for_others(&lock), "it is held by nobody");
}
