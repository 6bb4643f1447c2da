//! The reduced search sees every order of dependent steps that the full search sees, and no other.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Event, Lock, Semaphore};
use threadcraft_explore::{ClockPolicy, Explorer, Strategy};
use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::{Instant, Shared, futex, println, thread};
use threadcraft_tests::corpus::Condition;
use threadcraft_tests::toy::{ToyLock, run_all, spawn};
use threadcraft_tests::traces::{anywhere, coarse, fine, same_traces};

type Body = Box<dyn FnOnce() + Send>;

fn counters(threads: usize) {
    let counter = Arc::new(Shared::new(0));
    let raise = |_| {
        let counter = Arc::clone(&counter);
        Box::new(move || counter.set(counter.get() + 1)) as Body
    };
    run_all((0..threads).map(raise).collect());
}

#[test]
fn two_lost_updates() {
    same_traces(coarse, || counters(2));
}

#[test]
fn three_lost_updates() {
    same_traces(coarse, || counters(3));
}

#[test]
fn readers_and_a_writer() {
    same_traces(coarse, || {
        let shared = Arc::new((Shared::new(0), Shared::new(0)));
        // Objects are numbered by first use: used here first, they have the same numbers in every execution.
        assert_eq!((shared.0.get(), shared.1.get()), (0, 0));
        let (one, two, three) = (Arc::clone(&shared), Arc::clone(&shared), Arc::clone(&shared));
        run_all(vec![
            Box::new(move || {
                one.0.get();
                one.1.get();
            }),
            Box::new(move || {
                two.1.get();
                two.0.get();
            }),
            Box::new(move || {
                three.0.set(1);
                three.1.set(1);
            }),
        ]);
    });
}

#[test]
fn a_counter_under_a_lock() {
    same_traces(coarse, || {
        let shared = Arc::new((ToyLock::new("lock"), Shared::new(0)));
        let raise = |_| {
            let shared = Arc::clone(&shared);
            Box::new(move || {
                shared.0.lock();
                shared.1.set(shared.1.get() + 1);
                shared.0.unlock();
            }) as Body
        };
        run_all((0..2).map(raise).collect());
    });
}

#[test]
fn two_locks_in_one_order_and_a_try() {
    same_traces(coarse, || {
        let locks = Arc::new((ToyLock::new("left"), ToyLock::new("right")));
        let (one, two) = (Arc::clone(&locks), Arc::clone(&locks));
        run_all(vec![
            Box::new(move || {
                one.0.lock();
                one.1.lock();
                one.1.unlock();
                one.0.unlock();
            }),
            Box::new(move || {
                two.0.lock();
                if two.1.try_lock() {
                    two.1.unlock();
                }
                two.0.unlock();
            }),
        ]);
    });
}

#[test]
fn threads_that_start_threads_and_print() {
    same_traces(coarse, || {
        let first = spawn(|| {
            println!("first");
            let inner = spawn(|| println!("inner"));
            println!("after");
            inner.join();
        });
        let second = spawn(|| println!("second"));
        first.join();
        second.join();
    });
}

#[test]
fn message_passing_by_a_futex_in_fine_grain() {
    same_traces(fine, || {
        let word = Arc::new(AtomicU32::new(0));
        let waker = Arc::clone(&word);
        let thread = spawn(move || {
            waker.store(1, Ordering::Release);
            futex::wake(&raw const *waker, 1);
        });
        while word.load(Ordering::Acquire) == 0 {
            futex::wait(&word, 0, None);
        }
        thread.join();
    });
}

#[test]
fn a_weak_exchange_in_a_loop_in_fine_grain() {
    same_traces(fine, || {
        let word = Arc::new(AtomicU32::new(0));
        let raise = |_| {
            let word = Arc::clone(&word);
            Box::new(move || {
                let mut seen = word.load(Ordering::Relaxed);
                while let Err(now) = word.compare_exchange_weak(seen, seen + 1, Ordering::Relaxed, Ordering::Relaxed) {
                    seen = now;
                }
            }) as Body
        };
        run_all((0..2).map(raise).collect());
    });
}

#[test]
fn deadlines_that_may_pass_anywhere() {
    same_traces(anywhere, || {
        let word = Arc::new(AtomicU32::new(0));
        // Used here first, as in `readers_and_a_writer`.
        futex::wake(&raw const *word, word.load(Ordering::Relaxed));
        let (waker, waiter) = (Arc::clone(&word), Arc::clone(&word));
        run_all(vec![
            Box::new(move || {
                waker.store(1, Ordering::Release);
                futex::wake(&raw const *waker, 1);
            }),
            Box::new(move || {
                let end = futex::wait(&waiter, 0, Instant::after(Duration::from_millis(1)));
                println!("{end:?}");
            }),
        ]);
    });
}

#[test]
fn a_deadline_that_passes_before_a_write_that_wakes_nobody() {
    let anywhere =
        |strategy| Explorer::builder().strategy(strategy).clock(ClockPolicy::Anywhere).max_schedules(2_000_000).build();
    same_traces(anywhere, || {
        let word = Arc::new(AtomicU32::new(0));
        // Used here first, as in `readers_and_a_writer`.
        futex::wake(&raw const *word, word.load(Ordering::Relaxed));
        let (writer, waiter) = (Arc::clone(&word), Arc::clone(&word));
        run_all(vec![
            Box::new(move || {
                writer.store(1, Ordering::Release);
                thread::sleep(Duration::from_millis(10));
                writer.store(2, Ordering::Release);
                futex::wake(&raw const *writer, 1);
            }),
            Box::new(move || {
                let end = futex::wait(&waiter, 0, Instant::after(Duration::from_millis(5)));
                println!("{end:?} {}", waiter.load(Ordering::Acquire));
            }),
        ]);
    });
}

#[test]
fn sleepers_and_workers() {
    same_traces(coarse, || {
        let shared = Arc::new(Shared::new(0));
        let (one, two) = (Arc::clone(&shared), Arc::clone(&shared));
        run_all(vec![
            Box::new(move || {
                thread::sleep(Duration::from_millis(5));
                one.set(1);
            }),
            Box::new(move || {
                two.set(2);
                thread::sleep(Duration::from_millis(5));
                println!("{}", two.get());
            }),
        ]);
    });
}

#[test]
fn a_semaphore_that_is_waited_for_tried_and_released() {
    same_traces(coarse, || {
        let semaphore = Arc::new(Semaphore::new(1));
        // Used here first, as in `readers_and_a_writer`.
        drop(semaphore.acquire());
        let (one, two, three) = (Arc::clone(&semaphore), Arc::clone(&semaphore), Arc::clone(&semaphore));
        run_all(vec![
            Box::new(move || drop(one.acquire())),
            Box::new(move || two.acquire().forget()),
            Box::new(move || {
                drop(three.try_acquire());
                three.release(1);
            }),
        ]);
    });
}

#[test]
fn an_event_that_is_set_and_cleared_again() {
    same_traces(coarse, || {
        let event = Arc::new(Event::new());
        event.clear();
        let (setter, waiter, looker) = (Arc::clone(&event), Arc::clone(&event), Arc::clone(&event));
        run_all(vec![
            Box::new(move || {
                setter.set();
                setter.clear();
                setter.set();
            }),
            Box::new(move || waiter.wait()),
            Box::new(move || println!("{}", looker.is_set())),
        ]);
    });
}

#[test]
fn a_condition_of_a_lock_and_a_futex() {
    // In steps of its own, so that each stands for the one object that it touches.
    same_traces(coarse, || {
        let shared = Arc::new((Lock::new(false), AtomicU32::new(0)));
        drop(shared.0.lock());
        shared.1.store(0, Ordering::Relaxed);
        futex::wake(&raw const shared.1, 1);
        let (waiter, notifier) = (Arc::clone(&shared), Arc::clone(&shared));
        run_all(vec![
            Box::new(move || {
                let mut ready = waiter.0.lock();
                while !*ready {
                    // Relaxed: the lock orders it.
                    let notified = waiter.1.load(Ordering::Relaxed);
                    drop(ready);
                    futex::wait(&waiter.1, notified, None);
                    ready = waiter.0.lock();
                }
            }),
            Box::new(move || {
                let mut ready = notifier.0.lock();
                *ready = true;
                notifier.1.fetch_add(1, Ordering::Relaxed);
                futex::wake(&raw const notifier.1, 1);
            }),
        ]);
    });
}

#[test]
fn a_wait_for_a_permit_that_gives_up_at_any_time() {
    same_traces(anywhere, || {
        let semaphore = Arc::new(Semaphore::new(0));
        semaphore.release(0);
        let (giver, hasty, patient) = (Arc::clone(&semaphore), Arc::clone(&semaphore), Arc::clone(&semaphore));
        run_all(vec![
            Box::new(move || giver.release(2)),
            Box::new(move || println!("{}", hasty.try_acquire_for(Duration::from_millis(5)).is_some())),
            Box::new(move || patient.acquire().forget()),
        ]);
    });
}

#[test]
fn a_lock_that_is_given_up_while_it_is_released() {
    same_traces(anywhere, || {
        let lock = Arc::new(Lock::new(0));
        *lock.lock() += 1;
        let (patient, hasty) = (Arc::clone(&lock), Arc::clone(&lock));
        run_all(vec![
            Box::new(move || *patient.lock() += 1),
            Box::new(move || {
                if let Some(mut held) = hasty.try_lock_for(Duration::from_millis(5)) {
                    *held += 1;
                }
            }),
        ]);
    });
}

#[test]
fn waits_that_give_up_at_any_time() {
    same_traces(anywhere, || {
        let shared = Arc::new((Semaphore::new(0), Event::new()));
        shared.0.release(0);
        shared.1.clear();
        let (giver, taker, waiter) = (Arc::clone(&shared), Arc::clone(&shared), Arc::clone(&shared));
        let a_while = Duration::from_millis(5);
        run_all(vec![
            Box::new(move || {
                giver.0.release(1);
                giver.1.set();
            }),
            Box::new(move || println!("{}", taker.0.try_acquire_for(a_while).is_some())),
            Box::new(move || println!("{}", waiter.1.wait_for(2 * a_while))),
        ]);
    });
}

/// Which objects a step touches is compared across executions, in which they are met in another order: each of these
/// threads meets some that the other does not.
#[test]
fn objects_that_are_met_in_another_order_are_not_mistaken_for_each_other() {
    fn program() -> (bool, u32) {
        let items = Arc::new((Lock::new(0_u32).named("items"), Condition::new("put")));
        let taken_from = Arc::clone(&items);
        let taker = threadcraft::spawn(move || {
            let (items, put) = &*taken_from;
            let mut items = items.lock();
            while *items == 0 && put.wait_for(&mut items, Duration::from_millis(5)) {}
            let taken = *items > 0;
            *items -= u32::from(taken);
            (taken, *items)
        });
        let mut held = items.0.lock();
        *held += 1;
        items.1.notify_one(&mut held);
        drop(held);
        taker.join().expect("it does not panic")
    }
    let explore =
        |strategy| Explorer::builder().clock(ClockPolicy::Anywhere).strategy(strategy).build().explore(program);
    let (full, dpor) = (explore(Strategy::Full), explore(Strategy::Dpor));
    assert!(full.complete && dpor.complete);
    assert_eq!(dpor.outcomes.to_string(), full.outcomes.to_string());
    assert_eq!(full.outcomes.to_string(), "(false, 0) | (true, 0)");
}

/// A `Shared` is a variable whose accesses are steps, whatever the grain.
#[test]
fn lost_updates_of_a_shared_variable_in_fine_grain() {
    same_traces(fine, || counters(2));
}
