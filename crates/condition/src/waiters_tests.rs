//! The lists, changed with the lock held, as waiters and whoever notifies them change them.

use threadcraft_lock::Lock;

use super::*;

/// Four waiters in a queue, in this order.
fn queue_of(waiters: &[Waiter; 4], _guard: &LockGuard<'_, ()>) -> Queue {
    let mut queue = Queue::new();
    for waiter in waiters {
        // SAFETY:
        // - the guard is that of the test's only lock; the waiters are in no list, and outlive the queue's use.
        unsafe { queue.push(waiter) };
    }
    queue
}

fn notify(queue: &mut Queue, guard: &mut LockGuard<'_, ()>, count: usize) -> usize {
    // SAFETY:
    // - the guard is that of the test's only lock.
    unsafe { queue.notify(guard, count) }
}

/// Leaves the queue without having been notified.
fn remove(queue: &mut Queue, waiter: &Waiter, _guard: &LockGuard<'_, ()>) {
    // SAFETY:
    // - the guard is that of the test's only lock, and no waiter is removed twice.
    unsafe { queue.remove(waiter) };
}

/// Leaves its chain, and wakes who comes next; whether it was notified.
fn leave(waiter: &Waiter, guard: &mut LockGuard<'_, ()>) -> bool {
    // SAFETY:
    // - the guard is that of the test's only lock.
    let left = unsafe { waiter.leave_chain() };
    // SAFETY:
    // - the guard still holds it.
    unsafe { left.pass_on(guard) }
}

/// Which of them are to go on with the next release.
fn called(waiters: &[Waiter]) -> Vec<bool> {
    waiters.iter().map(|waiter| waiter.word.load(Ordering::Relaxed) == CALLED).collect()
}

/// Which of them are in the queue.
fn queued(waiters: &[Waiter], _guard: &LockGuard<'_, ()>) -> Vec<bool> {
    // SAFETY:
    // - the guard is that of the test's only lock.
    waiters.iter().map(|waiter| unsafe { waiter.is_queued() }).collect()
}

#[test]
fn those_who_came_first_are_notified_and_two_are_called_at_a_time() {
    let (lock, waiters) = (Lock::new(()), [const { Waiter::new() }; 4]);
    let mut guard = lock.lock();
    let mut queue = queue_of(&waiters, &guard);
    assert_eq!(notify(&mut queue, &mut guard, 0), 0);
    assert_eq!(notify(&mut queue, &mut guard, 3), 3);
    assert_eq!(queued(&waiters, &guard), [false, false, false, true]);
    assert_eq!(called(&waiters), [true, true, false, false]);
    assert!(leave(&waiters[0], &mut guard));
    assert_eq!(called(&waiters), [true, true, true, false]);
    assert!(leave(&waiters[1], &mut guard) && leave(&waiters[2], &mut guard));
    assert_eq!(called(&waiters), [true, true, true, false]);
    assert_eq!(notify(&mut queue, &mut guard, usize::MAX), 1);
    assert!(queue.is_empty() && leave(&waiters[3], &mut guard));
    assert!(!leave(&waiters[3], &mut guard), "it is in no list any more");
}

#[test]
fn each_that_was_called_calls_one_more_in_whatever_order_they_leave() {
    let lock = Lock::new(());
    for order in [[0, 1, 2, 3], [1, 0, 3, 2], [1, 2, 0, 3], [1, 2, 3, 0]] {
        let waiters = [const { Waiter::new() }; 4];
        let mut guard = lock.lock();
        let mut queue = queue_of(&waiters, &guard);
        assert_eq!(notify(&mut queue, &mut guard, 4), 4);
        for (left, index) in order.into_iter().enumerate() {
            assert_eq!(called(&waiters), [0, 1, 2, 3].map(|at| at < left + 2), "{order:?}");
            assert!(leave(&waiters[index], &mut guard));
        }
    }
}

#[test]
fn one_that_gives_up_leaves_the_queue_from_any_place() {
    let (lock, waiters) = (Lock::new(()), [const { Waiter::new() }; 4]);
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        let mut guard = lock.lock();
        let mut queue = queue_of(&waiters, &guard);
        for (number, index) in order.into_iter().enumerate() {
            assert!(!queue.is_empty());
            remove(&mut queue, &waiters[index], &guard);
            assert_eq!(queued(&waiters, &guard).into_iter().filter(|&queued| queued).count(), 3 - number);
        }
        assert!(queue.is_empty());
        assert_eq!(notify(&mut queue, &mut guard, 1), 0);
    }
    assert_eq!(called(&waiters), [false; 4]);
}

#[test]
fn the_order_outlasts_one_that_gives_up() {
    let (lock, waiters) = (Lock::new(()), [const { Waiter::new() }; 4]);
    let mut guard = lock.lock();
    let mut queue = queue_of(&waiters, &guard);
    remove(&mut queue, &waiters[1], &guard);
    remove(&mut queue, &waiters[3], &guard);
    assert_eq!(notify(&mut queue, &mut guard, 1), 1);
    assert_eq!(notify(&mut queue, &mut guard, 1), 1);
    assert!(queue.is_empty());
    assert_eq!(called(&waiters), [true, false, true, false]);
}

#[test]
fn one_that_was_notified_and_gives_up_before_it_is_called_keeps_no_wake_up() {
    let (lock, waiters) = (Lock::new(()), [const { Waiter::new() }; 4]);
    let mut guard = lock.lock();
    let mut queue = queue_of(&waiters, &guard);
    assert_eq!(notify(&mut queue, &mut guard, 4), 4);
    assert!(leave(&waiters[2], &mut guard), "its deadline came first, but it was notified");
    assert_eq!(called(&waiters), [true, true, false, false], "those before it call the one after it");
    assert!(leave(&waiters[1], &mut guard));
    assert_eq!(called(&waiters), [true, true, false, true]);
    assert!(leave(&waiters[3], &mut guard) && leave(&waiters[0], &mut guard));
    assert_eq!(called(&waiters), [true, true, false, true], "nobody is left");
}

#[test]
fn threads_pass_a_turn_on_and_some_give_up() {
    let monitor = crate::Monitor::new(0);
    std::thread::scope(|scope| {
        for me in 0..3 {
            let monitor = &monitor;
            scope.spawn(move || {
                for round in 0..3 {
                    let mut turn = monitor.lock();
                    if turn.wait_while_for(|turn| *turn % 3 != me, core::time::Duration::from_micros(1)).timed_out() {
                        turn.wait_while(|turn| *turn % 3 != me);
                    }
                    assert_eq!(*turn / 3, round);
                    *turn += 1;
                    turn.notify_all();
                }
            });
        }
    });
    assert_eq!(monitor.into_inner(), 9);
}
