//! Programs with re-entrant locks under the explorer, at the grain of their calls: what a learner sees.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use threadcraft::explore::{Carrier, Explorer, FailureKind, explore};
use threadcraft::prelude::*;

/// Each of two threads adds two under one hold of the lock, which each addition takes again.
fn additions() -> u32 {
    let total = Arc::new(RLock::new(Cell::new(0)));
    let add_two = |total: &RLock<Cell<u32>>| {
        let _both = total.lock();
        for _ in 0..2 {
            let guard = total.lock();
            assert_eq!(total.depth(), 2);
            guard.set(guard.get() + 1);
        }
    };
    let other = spawn({
        let total = Arc::clone(&total);
        move || add_two(&total)
    });
    add_two(&total);
    other.join().unwrap();
    let total = total.lock();
    total.get()
}

#[test]
fn nested_sections_are_proven_right_on_threads_and_on_coroutines() {
    // Coroutines share the thread-locals of one thread: the owner must be the explored one.
    for carrier in [Carrier::Threads, Carrier::Coroutines] {
        let report = Explorer::builder().carrier(carrier).build().explore(additions);
        assert_eq!(report.failure, None);
        assert!(report.complete, "{:?}", report.cut);
        assert_eq!(report.outcomes.to_string(), "4");
    }
}

#[test]
fn two_of_them_in_opposite_order_are_a_deadlock_that_names_them() {
    let report = explore(|| {
        let (left, right) = (Arc::new(RLock::new(()).named("left")), Arc::new(RLock::new(()).named("right")));
        let other = spawn({
            let (left, right) = (Arc::clone(&left), Arc::clone(&right));
            move || {
                let _right = [right.lock(), right.lock()];
                let _left = left.lock();
            }
        });
        let held = [left.lock(), left.lock()];
        drop(right.lock());
        drop(held);
        other.join().unwrap();
    });
    let failure = report.failure.expect("the two take them in opposite order");
    let FailureKind::Deadlock { waiting, cycle } = &failure.kind else { panic!("{:?}", failure.kind) };
    assert_eq!(*cycle, [0, 1]);
    assert!(waiting.iter().all(|wait| wait.call == "lock()" && wait.held_by.len() == 1), "{waiting:?}");
    let names: Vec<_> = failure.trace.objects.iter().map(|object| object.name.as_str()).collect();
    assert!(names.contains(&"left") && names.contains(&"right") && names.len() == 2, "{names:?}");
}

#[test]
fn a_timed_try_gives_up_in_virtual_time_and_its_owner_never_waits() {
    let report = explore(|| {
        let lock = Arc::new(RLock::new(()));
        let guard = lock.lock();
        let hour = Duration::from_secs(3600);
        let begin = Instant::now();
        let other = spawn({
            let lock = Arc::clone(&lock);
            move || lock.try_lock_for(hour).is_none() && !lock.is_owned_by_current_thread()
        });
        let again = lock.try_lock_for(hour).is_some() && begin.elapsed() == Duration::ZERO;
        let refused = other.join().unwrap();
        drop(guard);
        (again, refused, begin.elapsed(), lock.is_locked())
    });
    assert_eq!(report.outcomes.to_string(), "(true, true, 3600s, false)");
}

#[test]
fn a_static_without_data_starts_afresh_and_one_with_data_is_a_verdict() {
    static DOOR: RLock<()> = RLock::new(());
    let leaking = || {
        explore(|| {
            assert!(!DOOR.is_locked() && DOOR.depth() == 0);
            std::mem::forget(DOOR.lock());
            let other = spawn(|| DOOR.try_lock().is_none());
            assert!(other.join().unwrap());
        })
    };
    for _ in 0..2 {
        let failure = leaking().failure.map(|failure| failure.kind);
        assert!(matches!(failure, Some(FailureKind::LeakedLock { thread: 0, .. })), "{failure:?}");
    }

    static COUNT: RLock<u32> = RLock::new(0).named("count");
    let report = explore(|| {
        let other = spawn(|| *COUNT.lock());
        *COUNT.lock() + other.join().unwrap()
    });
    assert!(matches!(report.failure.map(|failure| failure.kind), Some(FailureKind::Foreign { .. })));
}
