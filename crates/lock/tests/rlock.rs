//! What an `RLock` promises, on the machine's own threads.

use std::cell::{Cell, RefCell};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use threadcraft_lock::{RLock, RLockGuard};

const SHORT: Duration = Duration::from_millis(20);

/// What another thread sees.
fn elsewhere<R: Send>(body: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| scope.spawn(body).join().expect("the body does not panic"))
}

#[test]
fn these_tests_run_on_the_machine() {
    assert!(!threadcraft_platform::is_explored());
}

#[cfg(not(feature = "explore"))]
#[test]
fn an_rlock_takes_16_bytes_beside_its_data() {
    assert_eq!(size_of::<RLock<()>>(), 16);
    assert_eq!(size_of::<RLock<u64>>(), 24);
}

#[test]
fn its_owner_takes_it_again_and_others_wait_until_it_is_free_of_all_levels() {
    let lock = RLock::new(Cell::new(0));
    let guards = [lock.lock(), lock.try_lock().unwrap(), lock.try_lock_for(Duration::ZERO).unwrap()];
    let last = [lock.try_lock_for(SHORT).unwrap(), lock.try_lock_until(Instant::now()).unwrap()];
    guards[1].set(5);
    assert_eq!((last[0].get(), lock.depth()), (5, 5));
    assert!(lock.is_locked() && lock.is_owned_by_current_thread());
    drop(guards);
    assert_eq!(lock.depth(), 2);
    elsewhere(|| {
        assert!(lock.is_locked() && !lock.is_owned_by_current_thread());
        assert_eq!(lock.depth(), 0);
        assert!(lock.try_lock().is_none() && lock.try_lock_until(Instant::now()).is_none());
        let start = Instant::now();
        assert!(lock.try_lock_for(SHORT).is_none());
        assert!(start.elapsed() >= SHORT);
        assert_eq!(lock.depth(), 0);
    });
    drop(last);
    assert!(!lock.is_locked() && !lock.is_owned_by_current_thread());
    elsewhere(|| assert_eq!(lock.lock().get(), 5));
}

#[test]
fn guards_may_end_in_any_order() {
    let lock = RLock::new(());
    let (first, second) = (lock.lock(), lock.lock());
    drop(first);
    assert_eq!(lock.depth(), 1);
    assert!(elsewhere(|| lock.try_lock().is_none()));
    drop(second);
    assert!(elsewhere(|| lock.try_lock().is_some()));
}

#[test]
fn no_increment_is_lost_however_threads_take_the_lock() {
    const ROUNDS: u32 = 2_000;
    let lock = RLock::new(Cell::new(0));
    let add_one = |guard: &Cell<u32>| guard.set(guard.get() + 1);
    thread::scope(|scope| {
        for worker in 0..8 {
            let lock = &lock;
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    match (worker + round) % 4 {
                        0 => add_one(&lock.lock()),
                        1 => {
                            let outer = lock.lock();
                            add_one(&lock.lock());
                            RLockGuard::unlock_fair(outer);
                        }
                        2 => {
                            let _outer = lock.try_lock_for(Duration::MAX).unwrap();
                            let _inner = lock.try_lock().unwrap();
                            add_one(&lock.lock());
                        }
                        _ => loop {
                            if let Some(guard) = lock.try_lock_for(Duration::from_micros(5)) {
                                break add_one(&guard);
                            }
                        },
                    }
                }
            });
        }
    });
    assert_eq!(lock.into_inner().get(), 8 * ROUNDS);
}

#[test]
fn a_thread_that_ends_with_the_lock_leaves_it_to_nobody() {
    let lock = RLock::new(());
    elsewhere(|| std::mem::forget(lock.lock()));
    // Each of these may run where that thread ran, with its thread-locals at the same addresses.
    for _ in 0..20 {
        elsewhere(|| assert!(lock.try_lock().is_none() && !lock.is_owned_by_current_thread()));
    }
    assert!(lock.is_locked());
}

#[test]
fn a_panic_gives_back_every_level() {
    let lock = RLock::new(RefCell::new(1));
    let panicked = thread::scope(|scope| {
        scope
            .spawn(|| {
                let _outer = lock.lock();
                let inner = lock.lock();
                *inner.borrow_mut() = 2;
                panic!("while the lock is held twice");
            })
            .join()
    });
    assert!(panicked.is_err());
    assert_eq!(*lock.try_lock().expect("it is free").borrow(), 2);
}

#[test]
fn a_mapped_guard_holds_the_lock() {
    let lock = RLock::new((1, String::from("two")));
    let text = RLockGuard::map(lock.lock(), |pair| &pair.1);
    assert_eq!((&**text, lock.depth()), ("two", 1));
    assert!(elsewhere(|| lock.try_lock().is_none()));
    drop(text);
    assert!(!lock.is_locked());
}

#[test]
fn a_fair_release_of_an_inner_level_keeps_the_lock() {
    let lock = RLock::new(());
    let outer = lock.lock();
    RLockGuard::unlock_fair(lock.lock());
    assert!(elsewhere(|| lock.try_lock().is_none()));
    RLockGuard::unlock_fair(outer);
    assert!(elsewhere(|| lock.try_lock().is_some()));
}

#[test]
fn waiters_pass_one_after_the_other() {
    let lock = RLock::new(Cell::new(0));
    let (tell, told) = mpsc::channel();
    let guard = lock.lock();
    thread::scope(|scope| {
        for _ in 0..5 {
            let (lock, tell) = (&lock, tell.clone());
            scope.spawn(move || {
                tell.send(()).expect("the test listens");
                let (outer, _inner) = (lock.lock(), lock.lock());
                outer.set(outer.get() + 1);
            });
        }
        assert_eq!(told.iter().take(5).count(), 5);
        assert_eq!(guard.get(), 0);
        drop(guard);
    });
    assert_eq!(lock.into_inner().get(), 5);
}

#[test]
fn an_rlock_may_be_dropped_while_it_is_held_and_lends_what_nobody_else_sees() {
    let mut lock = RLock::from(String::from("kept"));
    lock.get_mut().push('!');
    std::mem::forget(lock.lock());
    assert_eq!(lock.into_inner(), "kept!");
    assert_eq!(*RLock::<u8>::default().lock(), 0);
}

#[test]
fn debug_shows_the_state_and_never_waits() {
    let lock = RLock::new(7);
    assert_eq!(format!("{lock:?}"), "RLock { depth: 0, data: 7 }");
    let guard = lock.lock();
    assert_eq!(format!("{lock:?} {guard:?} {guard}"), "RLock { depth: 1, data: 7 } 7 7");
    assert_eq!(elsewhere(|| format!("{lock:?}")), "RLock { data: <locked> }");
}

#[test]
fn an_rlock_of_something_unsized_works_and_a_static_one_needs_no_initialisation() {
    static READY: RLock<u8> = RLock::new(1).named("ready");
    assert_eq!(*READY.lock(), 1);
    let lock: Box<RLock<[u8]>> = Box::new(RLock::new([1, 2, 3]));
    assert_eq!(&*lock.lock(), &[1, 2, 3]);
}

#[test]
fn unlocked_lets_others_in_if_it_was_held_once_and_takes_it_again_even_after_a_panic() {
    let lock = RLock::new(());
    let mut guard = lock.lock();
    let seen = RLockGuard::unlocked(&mut guard, || elsewhere(|| lock.try_lock().is_some()));
    assert!(seen && lock.depth() == 1);
    let mut inner = lock.lock();
    let seen = RLockGuard::unlocked(&mut inner, || elsewhere(|| lock.try_lock().is_some()));
    assert!(!seen && lock.depth() == 2, "the outer guard keeps it");
    drop(inner);
    let body = || RLockGuard::unlocked(&mut guard, || panic!("in between"));
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).is_err());
    assert!(lock.is_owned_by_current_thread() && lock.depth() == 1);
}

#[test]
fn a_deadline_in_the_past_is_a_try_and_the_longest_timeout_means_for_ever() {
    let past = Instant::now();
    let lock = RLock::new(());
    let guards = [lock.try_lock_until(past).expect("it is free"), lock.try_lock_until(past).expect("its owner asks")];
    assert!(elsewhere(|| lock.try_lock_until(past).is_none()));
    thread::scope(|scope| {
        let waiter = scope.spawn(|| lock.try_lock_for(Duration::MAX).is_some());
        drop(guards);
        assert!(waiter.join().unwrap());
    });
    assert!(!lock.is_locked());
}
