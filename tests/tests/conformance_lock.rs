//! What Python's lock tests ask of a lock, by behaviour, of ours and of its peers as far as they have the feature.

mod locks;

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use locks::{conforms, wraps};
use threadcraft_tests::eventually::{eventually, for_a_while};
use threadcraft_tests::model::behaviour::elsewhere;
use threadcraft_tests::model::behaviour::lock::{
    Locking, Telling, Timed, a_lock_is_held_until_its_guard_ends, a_timed_wait_gives_up_in_time,
    a_timed_wait_takes_a_lock_that_becomes_free, after_a_timeout_the_lock_is_usable,
    blocked_threads_all_pass_after_one_release, free_for_others,
};

wraps!(OfUsync(usync::Mutex<u32>), usync::MutexGuard<'lock, u32>);

fn a_new_lock_is_free<L: Locking>() {
    assert!(L::default().try_lock().is_some());
}

fn debug_shows_the_state_also_when_locked<L: Locking + Debug>() {
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

fn five_blocked_threads_all_pass_after_one_release<L: Locking>() {
    blocked_threads_all_pass_after_one_release::<L>(5);
}

fn the_largest_timeout_is_accepted<L: Timed>() {
    let lock = L::default();
    let guard = lock.try_lock_for(Duration::MAX).expect("it is free");
    thread::scope(|scope| {
        let waiter = scope.spawn(|| lock.try_lock_for(Duration::MAX).is_some());
        drop(guard);
        assert!(waiter.join().expect("it only waits"));
    });
}

fn a_lock_says_whether_it_is_held<L: Telling>() {
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
            after_a_timeout_the_lock_is_usable the_largest_timeout_is_accepted
        );
    };
}

conforms_as_a_lock!(ours: threadcraft::Lock<u32>);
conforms_as_a_lock!(of_parking_lot: parking_lot::Mutex<u32>);
conforms_as_a_lock!(of_std: std::sync::Mutex<u32>);
conforms_as_a_lock!(of_usync: super::OfUsync);
conforms!(ours_that_tells: threadcraft::Lock<u32>, a_lock_says_whether_it_is_held);
conforms!(of_parking_lot_that_tells: parking_lot::Mutex<u32>, a_lock_says_whether_it_is_held);
conforms!(of_usync_that_tells: super::OfUsync, a_lock_says_whether_it_is_held);
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
