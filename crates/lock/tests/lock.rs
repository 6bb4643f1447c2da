//! What a `Lock` promises, on the machine's own threads.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use threadcraft_lock::lock_api::{GuardSend, RawMutex, RawMutexFair, RawMutexTimed};
use threadcraft_lock::{Lock, LockGuard, RawLock};

const SHORT: Duration = Duration::from_millis(20);

#[test]
fn these_tests_run_on_the_machine() {
    assert!(!threadcraft_platform::is_explored());
}

#[cfg(not(feature = "explore"))]
#[test]
fn a_lock_takes_four_bytes_beside_its_data() {
    assert_eq!(size_of::<Lock<()>>(), 4);
    assert_eq!(size_of::<Lock<u32>>(), 8);
    assert_eq!(size_of::<RawLock>(), 4);
    // Beside the reference, the addresses of two that are to be woken.
    assert_eq!(size_of::<LockGuard<'_, [u8]>>(), size_of::<&[u8]>() + 2 * size_of::<usize>());
}

#[test]
fn a_held_lock_refuses_and_a_released_one_accepts() {
    let lock = Lock::new(1);
    let guard = lock.lock();
    assert!(lock.is_locked());
    assert!(lock.try_lock().is_none());
    assert!(lock.try_lock_for(Duration::ZERO).is_none());
    assert!(lock.try_lock_until(Instant::now()).is_none());
    drop(guard);
    assert!(!lock.is_locked());
    assert!(lock.try_lock().is_some());
    assert!(lock.try_lock_for(Duration::ZERO).is_some());
    assert!(lock.try_lock_until(Instant::now()).is_some());
}

#[test]
fn the_longest_timeout_means_for_ever() {
    let lock = Lock::new(());
    assert!(lock.try_lock_for(Duration::MAX).is_some());
    let guard = lock.lock();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| lock.try_lock_for(Duration::MAX).is_some());
        drop(guard);
        assert!(waiter.join().unwrap());
    });
}

#[test]
fn a_waiter_that_gives_up_waits_as_long_as_it_was_told_and_leaves_a_usable_lock() {
    let lock = Lock::new(0);
    let guard = lock.lock();
    let start = Instant::now();
    assert!(lock.try_lock_for(SHORT).is_none());
    assert!(start.elapsed() >= SHORT);
    drop(guard);
    *lock.lock() += 1;
    assert_eq!(lock.into_inner(), 1);
}

#[test]
fn no_increment_is_lost_however_threads_take_the_lock() {
    const ROUNDS: u32 = 2_000;
    let lock = Lock::new(0);
    thread::scope(|scope| {
        for worker in 0..8 {
            let lock = &lock;
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    match (worker + round) % 4 {
                        0 => *lock.lock() += 1,
                        1 => {
                            let mut guard = lock.lock();
                            *guard += 1;
                            LockGuard::unlock_fair(guard);
                        }
                        2 => *lock.try_lock_for(Duration::MAX).unwrap() += 1,
                        _ => loop {
                            // A timed waiter that gives up must not take the wake-up of another with it.
                            if let Some(mut guard) = lock.try_lock_for(Duration::from_micros(5)) {
                                break *guard += 1;
                            }
                        },
                    }
                }
            });
        }
    });
    assert_eq!(lock.into_inner(), 8 * ROUNDS);
}

#[test]
fn a_guard_may_be_released_by_another_thread() {
    let lock = Lock::new(());
    let guard = lock.lock();
    thread::scope(|scope| {
        scope.spawn(move || drop(guard));
    });
    assert!(lock.try_lock().is_some());
}

#[test]
fn a_panic_releases_the_lock_and_keeps_the_data() {
    let lock = Lock::new(1);
    let panicked = thread::scope(|scope| {
        scope
            .spawn(|| {
                let mut guard = lock.lock();
                *guard = 2;
                panic!("while the lock is held");
            })
            .join()
    });
    assert!(panicked.is_err());
    assert_eq!(*lock.lock(), 2);
}

#[test]
fn a_lock_may_be_dropped_or_leaked_while_it_is_held() {
    let lock = Lock::new(String::from("kept"));
    std::mem::forget(lock.lock());
    assert!(lock.is_locked());
    assert_eq!(lock.into_inner(), "kept");
}

#[test]
fn unlocked_lets_others_in_and_takes_the_lock_again_even_after_a_panic() {
    let lock = Lock::new(0);
    let mut guard = lock.lock();
    LockGuard::unlocked(&mut guard, || *lock.try_lock().expect("released for the closure") = 5);
    assert_eq!(*guard, 5);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        LockGuard::unlocked(&mut guard, || panic!("in the closure"));
    }));
    assert!(panicked.is_err());
    assert!(lock.try_lock().is_none(), "the guard holds the lock again");
}

#[test]
fn a_fair_release_lets_the_waiter_go_before_the_one_that_released() {
    let lock = Lock::new(Vec::new());
    for _ in 0..20 {
        let guard = lock.lock();
        thread::scope(|scope| {
            scope.spawn(|| lock.lock().push("waiter"));
            // The raw word says when the waiter sleeps, or is about to: it has announced itself by then.
            while !format!("{:?}", LockGuard::raw(&guard)).contains("contended") {
                thread::yield_now();
            }
            LockGuard::unlock_fair(guard);
            lock.lock().push("releaser");
        });
    }
    // A waiter that the system keeps from running for ten milliseconds may be overtaken; without a fair release, all are.
    let first = lock.into_inner().chunks(2).filter(|pair| pair[0] == "waiter").count();
    assert!(first >= 10, "the waiter came first in {first} of 20 rounds");
}

#[test]
fn a_fair_release_to_nobody_leaves_the_lock_free() {
    let lock = RawLock::new();
    lock.lock();
    thread::scope(|scope| {
        // This one makes the lock contended and gives up, so the fair release below finds nobody to give it to.
        scope.spawn(|| {
            assert!(lock.try_lock_for(Duration::from_millis(1)).is_none());
        });
    });
    // SAFETY:
    // - the lock is held by this thread, with a guard that has no state.
    unsafe { lock.unlock_fair(GuardSend::new()) };
    assert_eq!(format!("{lock:?}"), "RawLock { state: free }");
    lock.lock();
    assert_eq!(format!("{lock:?}"), "RawLock { state: held }");
}

#[test]
fn a_lock_of_something_unsized_works() {
    let lock: Box<Lock<[u8]>> = Box::new(Lock::new([1, 2, 3]));
    lock.lock()[0] = 9;
    assert_eq!(&*lock.lock(), &[9, 2, 3]);
}

#[test]
fn debug_shows_the_state_and_never_waits() {
    let lock = Lock::new(7);
    assert_eq!(format!("{lock:?}"), "Lock { data: 7 }");
    let guard = lock.lock();
    assert_eq!(format!("{lock:?}"), "Lock { data: <locked> }");
    assert_eq!(format!("{guard:?} {guard}"), "7 7");
}

#[test]
fn a_static_lock_needs_no_initialisation() {
    static READY: Lock<Vec<u8>> = Lock::new(Vec::new()).named("ready");
    READY.lock().push(1);
    assert_eq!(*READY.lock(), [1]);
}

#[test]
fn all_waiters_pass_after_one_release() {
    let lock = Lock::new(0);
    let started = AtomicU32::new(0);
    let released = AtomicBool::new(false);
    let guard = lock.lock();
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                started.fetch_add(1, Ordering::Relaxed);
                let mut count = lock.lock();
                assert!(released.load(Ordering::Relaxed), "nobody passes before the release");
                *count += 1;
            });
        }
        while started.load(Ordering::Relaxed) < 5 {
            thread::yield_now();
        }
        released.store(true, Ordering::Relaxed);
        drop(guard);
    });
    assert_eq!(lock.into_inner(), 5);
}

#[test]
fn a_deadline_in_the_past_is_a_try() {
    let past = Instant::now();
    let lock = Lock::new(());
    let guard = lock.try_lock_until(past).expect("it is free");
    assert!(lock.try_lock_until(past).is_none());
    drop(guard);
    assert!(!lock.is_locked());
}
