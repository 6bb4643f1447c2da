//! What a `Condition` and a `Monitor` promise, on the machine's own threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use threadcraft_condition::{Condition, Lock, LockGuard, Monitor};

const SHORT: Duration = Duration::from_millis(20);

/// How many wait, which each says with the lock held.
fn until_waiting(lock: &Lock<u32>, count: u32) {
    while *lock.lock() < count {
        thread::yield_now();
    }
}

#[test]
fn these_tests_run_on_the_machine() {
    assert!(!threadcraft_platform::is_explored());
}

#[cfg(not(feature = "explore"))]
#[test]
fn a_condition_takes_24_bytes() {
    assert_eq!(size_of::<Condition>(), 3 * size_of::<usize>());
    assert_eq!(size_of::<Monitor<()>>(), 4 * size_of::<usize>());
}

#[test]
fn notifying_nobody_says_so_and_is_not_remembered() {
    let (lock, condition) = (Lock::new(()), Condition::new());
    let mut guard = lock.lock();
    assert!(!condition.notify_one(&mut guard));
    assert_eq!(condition.notify(&mut guard, 0), 0);
    assert_eq!(condition.notify(&mut guard, usize::MAX), 0);
    assert_eq!(condition.notify_all(&mut guard), 0);
    assert!(condition.wait_for(&mut guard, Duration::from_millis(1)).timed_out());
}

#[test]
fn a_notification_counts_whom_it_lets_go_on_and_those_are_who_came_first() {
    let (lock, condition, order) = (Lock::new(0), Condition::new(), Lock::new(Vec::new()));
    thread::scope(|scope| {
        for number in 1..=5 {
            let (lock, condition, order) = (&lock, &condition, &order);
            scope.spawn(move || {
                let mut guard = lock.lock();
                *guard += 1;
                condition.wait(&mut guard);
                order.lock().push(number);
            });
            until_waiting(lock, number);
        }
        let gone = |count: usize| {
            while order.lock().len() < count {
                thread::yield_now();
            }
        };
        assert_eq!(condition.notify(&mut lock.lock(), 0), 0);
        assert!(condition.notify_one(&mut lock.lock()));
        gone(1);
        assert_eq!(condition.notify(&mut lock.lock(), 2), 2);
        gone(3);
        assert_eq!(condition.notify(&mut lock.lock(), 9), 2);
        gone(5);
        assert_eq!(condition.notify_all(&mut lock.lock()), 0);
    });
    // Those that were notified together go on as they get the lock.
    let mut order = order.into_inner();
    order[1..3].sort_unstable();
    order[3..5].sort_unstable();
    assert_eq!(order, [1, 2, 3, 4, 5]);
}

#[test]
fn several_notifications_under_one_hold_of_the_lock_each_count() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    thread::scope(|scope| {
        for number in 1..=4 {
            scope.spawn(|| {
                let mut guard = lock.lock();
                *guard += 1;
                condition.wait(&mut guard);
            });
            until_waiting(&lock, number);
        }
        let mut guard = lock.lock();
        assert!(condition.notify_one(&mut guard));
        assert!(condition.notify_one(&mut guard));
        assert_eq!(condition.notify_all(&mut guard), 2);
        assert_eq!(condition.notify_all(&mut guard), 0);
    });
}

#[test]
fn a_wake_up_goes_out_however_the_lock_is_released() {
    type Way = fn(LockGuard<'_, (u32, bool)>);
    let ways: [Way; 4] = [
        |guard| drop(guard),
        |guard| LockGuard::unlock_fair(guard),
        |guard| drop(LockGuard::map(guard, |pair| &mut pair.0)),
        |mut guard| LockGuard::unlocked(&mut guard, thread::yield_now),
    ];
    let (lock, condition) = (Lock::new((0, false)), Condition::new());
    for way in ways {
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut guard = lock.lock();
                guard.0 += 1;
                condition.wait_while(&mut guard, |pair| !pair.1);
                guard.1 = false;
            });
            while lock.lock().0 == 0 {
                thread::yield_now();
            }
            let mut guard = lock.lock();
            *guard = (0, true);
            condition.notify_one(&mut guard);
            way(guard);
        });
    }
}

#[test]
fn a_wait_on_another_condition_sends_the_wake_up_of_the_first() {
    let (lock, [ping, pong]) = (Lock::new(0), [Condition::new(), Condition::new()]);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut turns = lock.lock();
            while *turns < 200 {
                pong.wait_while(&mut turns, |turns| *turns % 2 == 0 && *turns < 200);
                *turns += 1;
                ping.notify_one(&mut turns);
            }
        });
        let mut turns = lock.lock();
        while *turns < 200 {
            *turns += 1;
            pong.notify_one(&mut turns);
            ping.wait_while(&mut turns, |turns| *turns % 2 == 1 && *turns < 200);
        }
        pong.notify_one(&mut turns);
    });
}

#[test]
fn timed_waits_give_up_in_time_and_zero_lets_others_in() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let mut guard = lock.lock();
    let start = Instant::now();
    assert!(condition.wait_for(&mut guard, SHORT).timed_out());
    assert!(start.elapsed() >= SHORT);
    assert!(condition.wait_for(&mut guard, Duration::ZERO).timed_out());
    assert!(condition.wait_until(&mut guard, Instant::now()).timed_out());
    assert!(condition.wait_until(&mut guard, Instant::now() - SHORT.min(start.elapsed())).timed_out());
    assert!(condition.wait_while_for(&mut guard, |_| true, Duration::ZERO).timed_out());
    assert!(!condition.wait_while_for(&mut guard, |_| false, Duration::ZERO).timed_out());
    assert!(condition.wait_while_until(&mut guard, |_| true, Instant::now()).timed_out());
    assert!(!condition.wait_while_until(&mut guard, |_| false, Instant::now()).timed_out());
    assert!(lock.try_lock().is_none(), "the lock is held again");
}

#[test]
fn the_longest_timeout_means_for_ever() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    thread::scope(|scope| {
        for number in 1..=2 {
            let (lock, condition) = (&lock, &condition);
            scope.spawn(move || {
                let mut guard = lock.lock();
                *guard += 1;
                let result = match number {
                    1 => condition.wait_for(&mut guard, Duration::MAX),
                    _ => condition.wait_while_for(&mut guard, |count| *count < 10, Duration::MAX),
                };
                assert!(!result.timed_out());
            });
            until_waiting(lock, number);
        }
        let mut guard = lock.lock();
        *guard = 10;
        assert_eq!(condition.notify_all(&mut guard), 2);
    });
}

#[test]
fn a_predicate_that_panics_leaves_the_lock_held_and_the_condition_usable() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let mut guard = lock.lock();
    let panicked = catch_unwind(AssertUnwindSafe(|| condition.wait_while(&mut guard, |_| panic!("in the predicate"))));
    assert!(panicked.is_err());
    assert!(lock.try_lock().is_none(), "the guard still holds the lock");
    let mut calls = 0;
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        condition.wait_while_for(
            &mut guard,
            |_| {
                calls += 1;
                assert!(calls < 2, "at the second look");
                true
            },
            Duration::from_millis(1),
        )
    }));
    assert!(panicked.is_err());
    assert!(lock.try_lock().is_none(), "the guard still holds the lock");
    drop(guard);
    thread::scope(|scope| {
        scope.spawn(|| condition.wait_while(&mut lock.lock(), |ready| *ready == 0));
        let mut guard = lock.lock();
        *guard = 1;
        condition.notify_all(&mut guard);
    });
}

/// The message of the panic in `body`.
fn message(body: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(body)).expect_err("it panics");
    payload.downcast::<String>().map_or_else(|_| String::new(), |message| *message)
}

#[test]
fn a_condition_used_with_two_locks_at_a_time_panics_and_stays_usable() {
    let (one, two, condition) = (Lock::new(0), Lock::new(0), Condition::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut guard = one.lock();
            *guard = 1;
            condition.wait(&mut guard);
        });
        until_waiting(&one, 1);
        let mut other = two.lock();
        for told in [
            message(|| condition.wait(&mut other)),
            message(|| _ = condition.wait_for(&mut other, SHORT)),
            message(|| _ = condition.notify_one(&mut other)),
            message(|| _ = condition.notify_all(&mut other)),
        ] {
            assert!(told.contains("is used with two locks") && told.matches("the lock at 0x").count() == 2, "{told}");
        }
        assert!(two.try_lock().is_none(), "the guard still holds its lock");
        assert!(condition.notify_one(&mut one.lock()));
    });
    // Nobody waits any more: another lock may have it.
    assert!(condition.wait_for(&mut two.lock(), Duration::ZERO).timed_out());
    assert!(condition.wait_for(&mut one.lock(), Duration::ZERO).timed_out());
}

#[test]
fn a_condition_may_change_its_lock_as_soon_as_all_are_notified() {
    let (one, two, condition) = (Lock::new(0), Lock::new(0), Condition::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut guard = one.lock();
            *guard = 1;
            condition.wait(&mut guard);
        });
        until_waiting(&one, 1);
        let mut guard = one.lock();
        assert!(condition.notify_one(&mut guard));
        // The one that was notified has not gone on: it needs the lock. The queue is free all the same.
        assert!(condition.wait_for(&mut two.lock(), Duration::ZERO).timed_out());
    });
}

#[test]
fn debug_shows_whether_anybody_waits() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    assert_eq!(format!("{condition:?}"), "Condition { waited_for: false }");
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut guard = lock.lock();
            *guard = 1;
            condition.wait(&mut guard);
        });
        until_waiting(&lock, 1);
        assert_eq!(format!("{condition:?}"), "Condition { waited_for: true }");
        condition.notify_all(&mut lock.lock());
    });
    assert_eq!(format!("{condition:?}"), "Condition { waited_for: false }");
}

#[test]
fn a_panic_in_a_section_releases_the_monitor_and_leaves_it_usable() {
    let monitor = Monitor::new(0);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let mut count = monitor.lock();
            *count = 1;
            count.wait();
            *count
        });
        while *monitor.lock() < 1 {
            thread::yield_now();
        }
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let mut count = monitor.lock();
            *count = 2;
            count.notify_one();
            panic!("with the lock held, and the notification on its way");
        }));
        assert!(panicked.is_err());
        assert_eq!(waiter.join().unwrap(), 2);
    });
    assert!(monitor.try_lock().is_some());
}

#[test]
fn a_monitor_is_a_lock_and_its_condition() {
    let mut monitor = Monitor::new(0).named("count");
    *monitor.get_mut() = 1;
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut count = monitor.lock();
            count.wait_while(|count| *count == 1);
            *count += 1;
            assert_eq!(count.notify_all(), 1);
        });
        let mut count = monitor.lock();
        assert!(monitor.is_locked() && monitor.try_lock().is_none());
        assert!(count.wait_for(Duration::from_millis(1)).timed_out());
        assert!(count.wait_until(Instant::now()).timed_out());
        *count += 1;
        count.notify(1);
        assert!(!count.wait_while_for(|count| *count == 2, Duration::MAX).timed_out());
        assert!(count.wait_while_until(|count| *count == 3, Instant::now()).timed_out());
        assert!(!count.notify_one());
        assert_eq!(format!("{count} {count:?}"), "3 3");
    });
    assert!(format!("{monitor:?}").contains("data: 3"), "{monitor:?}");
    assert!(monitor.try_lock_for(Duration::ZERO).is_some() && monitor.try_lock_until(Instant::now()).is_some());
    assert_eq!(monitor.into_inner(), 3);
    assert_eq!(*Monitor::from(7).lock(), 7);
    assert_eq!(*Monitor::<u8>::default().lock(), 0);
}

#[test]
fn many_that_give_up_and_many_that_are_notified_lose_nothing() {
    const ITEMS: u32 = 4_000;
    let (stock, not_empty, not_full) = (Lock::new(0), Condition::new(), Condition::new());
    let (taken, done) = (AtomicU32::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        for worker in 0..8 {
            let (stock, not_empty, not_full, taken, done) = (&stock, &not_empty, &not_full, &taken, &done);
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    let mut items = stock.lock();
                    let patience = Duration::from_micros(20 * worker);
                    if !not_empty.wait_while_for(&mut items, |items| *items == 0, patience).timed_out() {
                        *items -= 1;
                        not_full.notify_one(&mut items);
                        taken.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        for _ in 0..ITEMS {
            let mut items = stock.lock();
            not_full.wait_while(&mut items, |items| *items == 4);
            *items += 1;
            not_empty.notify_one(&mut items);
        }
        not_full.wait_while(&mut stock.lock(), |items| *items > 0);
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(taken.into_inner(), ITEMS);
}
