//! What Python's lock tests ask of a lock, by behaviour, of ours and of its peers as far as they have the feature.

mod locks;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use locks::{
    Locking, TIMEOUT, Timed, conforms, elsewhere, five_blocked_threads_all_pass_after_one_release, free_for_others,
};
use threadcraft_tests::eventually::{eventually, for_a_while};

impl Locking for threadcraft::Lock<u32> {
    type Guard<'lock> = threadcraft::LockGuard<'lock, u32>;
    fn lock(&self) -> Self::Guard<'_> {
        self.lock()
    }
    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        self.try_lock()
    }
}

impl Timed for threadcraft::Lock<u32> {
    fn try_lock_for(&self, timeout: Duration) -> Option<Self::Guard<'_>> {
        self.try_lock_for(timeout)
    }
    fn is_locked(&self) -> bool {
        self.is_locked()
    }
}

impl Locking for parking_lot::Mutex<u32> {
    type Guard<'lock> = parking_lot::MutexGuard<'lock, u32>;
    fn lock(&self) -> Self::Guard<'_> {
        self.lock()
    }
    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        self.try_lock()
    }
}

impl Timed for parking_lot::Mutex<u32> {
    fn try_lock_for(&self, timeout: Duration) -> Option<Self::Guard<'_>> {
        self.try_lock_for(timeout)
    }
    fn is_locked(&self) -> bool {
        self.is_locked()
    }
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

fn a_new_lock_is_free<L: Locking>() {
    assert!(L::default().try_lock().is_some());
}

fn a_lock_is_held_until_its_guard_ends<L: Locking>() {
    let lock = L::default();
    for _ in 0..2 {
        let guard = lock.lock();
        assert!(!free_for_others(&lock));
        drop(guard);
        assert!(free_for_others(&lock));
    }
}

fn debug_shows_the_state_also_when_locked<L: Locking>() {
    let lock = L::default();
    assert!(format!("{lock:?}").contains("data: 0"), "{lock:?}");
    let _guard = lock.lock();
    let shown = elsewhere(|| format!("{lock:?}"));
    assert!(shown.contains("<locked>"), "{shown}");
}

fn a_lock_may_be_dropped_while_it_is_held<L: Locking>() {
    let lock = L::default();
    std::mem::forget(lock.lock());
    drop(lock);
}

fn a_try_takes_a_free_lock<L: Locking>() {
    let lock = L::default();
    let guard = lock.try_lock().expect("it is free");
    assert!(!free_for_others(&lock));
    drop(guard);
    assert!(free_for_others(&lock));
}

fn a_panic_releases_the_lock<L: Locking>() {
    let lock = L::default();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _guard = lock.lock();
        panic!("while it is held");
    }));
    assert!(panicked.is_err());
    assert!(free_for_others(&lock));
}

fn threads_that_used_it_and_ended_leave_nothing_behind<L: Locking>() {
    let lock = L::default();
    for _ in 0..20 {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| drop(lock.lock()));
            }
        });
        assert!(free_for_others(&lock));
    }
}

fn taking_it_again_waits_until_another_thread_releases_it<L: Locking>() {
    let lock = L::default();
    let (holds, second) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = lock.lock();
            holds.store(true, Ordering::Release);
            for_a_while("the other waits", || !second.load(Ordering::Relaxed));
            drop(guard);
        });
        eventually("the other thread holds it", || holds.load(Ordering::Acquire));
        let _again = lock.lock();
        second.store(true, Ordering::Relaxed);
    });
}

fn a_timed_wait_gives_up_in_time<L: Timed>() {
    let lock = L::default();
    let _guard = lock.lock();
    let waited = elsewhere(|| {
        let start = Instant::now();
        assert!(lock.try_lock_for(TIMEOUT).is_none());
        start.elapsed()
    });
    assert!(waited >= TIMEOUT, "gave up after {waited:?}, told to wait {TIMEOUT:?}");
    assert!(waited < 10 * TIMEOUT, "gave up after {waited:?}, told to wait {TIMEOUT:?}");
}

fn a_timed_wait_takes_a_lock_that_becomes_free<L: Timed>() {
    let lock = L::default();
    let guard = lock.lock();
    let arrived = AtomicBool::new(false);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            arrived.store(true, Ordering::Relaxed);
            lock.try_lock_for(Duration::MAX).is_some()
        });
        eventually("the waiter arrives", || arrived.load(Ordering::Relaxed));
        drop(guard);
        assert!(waiter.join().expect("it is served"));
    });
}

fn after_a_timeout_the_lock_is_usable<L: Timed>() {
    let lock = L::default();
    let guard = lock.lock();
    elsewhere(|| assert!(lock.try_lock_for(Duration::from_millis(1)).is_none()));
    drop(guard);
    assert!(!lock.is_locked());
    assert!(free_for_others(&lock));
}

fn a_lock_says_whether_it_is_held<L: Timed>() {
    let lock = L::default();
    assert!(!lock.is_locked());
    let guard = lock.lock();
    assert!(lock.is_locked());
    drop(guard);
    assert!(!lock.is_locked());
}

/// The behaviours of every lock.
macro_rules! conforms_as_a_lock {
    ($name:ident: $lock:ty) => {
        conforms!($name: $lock,
            a_new_lock_is_free a_lock_is_held_until_its_guard_ends debug_shows_the_state_also_when_locked
            a_lock_may_be_dropped_while_it_is_held a_try_takes_a_free_lock
            five_blocked_threads_all_pass_after_one_release a_panic_releases_the_lock
            threads_that_used_it_and_ended_leave_nothing_behind
            taking_it_again_waits_until_another_thread_releases_it
        );
    };
}

/// The behaviours of locks with timeouts.
macro_rules! conforms_in_time {
    ($name:ident: $lock:ty) => {
        conforms!($name: $lock,
            a_timed_wait_gives_up_in_time a_timed_wait_takes_a_lock_that_becomes_free
            after_a_timeout_the_lock_is_usable a_lock_says_whether_it_is_held
        );
    };
}

conforms_as_a_lock!(ours: threadcraft::Lock<u32>);
conforms_as_a_lock!(of_parking_lot: parking_lot::Mutex<u32>);
conforms_as_a_lock!(of_std: std::sync::Mutex<u32>);
conforms_in_time!(ours_timed: threadcraft::Lock<u32>);
conforms_in_time!(of_parking_lot_timed: parking_lot::Mutex<u32>);

#[test]
fn another_thread_may_release_our_lock() {
    let lock = threadcraft::Lock::new(0);
    let guard = lock.lock();
    thread::scope(|scope| {
        scope.spawn(move || drop(guard));
        // Taking it again is what waits for that.
        *lock.lock() += 1;
    });
    assert_eq!(lock.into_inner(), 1);
}
