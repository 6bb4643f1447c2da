//! The reduced search sees every order of dependent steps that the full search sees, and no other.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Event, Lock, Semaphore};
use threadcraft_explore::report::Effect;
use threadcraft_explore::{Carrier, ClockPolicy, Execution, Explorer, Grain, Strategy};
use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::{Instant, Shared, futex, println, thread};
use threadcraft_tests::toy::{ToyLock, run_all, spawn};

type Body = Box<dyn FnOnce() + Send>;

/// What two executions that differ only in the order of independent steps have in common: the steps of each thread,
/// and for each object the order of its accesses, where reads between two writes have no order.
fn canonical(execution: &Execution) -> String {
    let mut threads = vec![Vec::new(); execution.threads.len()];
    let mut objects: Vec<Vec<BTreeSet<(usize, usize)>>> = Vec::new();
    let mut last_was_read = Vec::new();
    for call in &execution.calls {
        let ordinal = threads[call.thread].len();
        threads[call.thread].push(format!("{} {:?} {:?}", call.verb, call.object, call.effect));
        let Some(object) = call.object else { continue };
        if objects.len() <= object {
            objects.resize(object + 1, Vec::new());
            last_was_read.resize(object + 1, false);
        }
        let read = matches!(call.effect, Effect::Reads | Effect::Refused);
        match objects[object].last_mut() {
            Some(reads) if read && last_was_read[object] => {
                reads.insert((call.thread, ordinal));
            }
            _ => objects[object].push(BTreeSet::from([(call.thread, ordinal)])),
        }
        last_was_read[object] = read;
    }
    let outcome = execution.failure.as_ref().map(|failure| failure.name());
    format!("{threads:?} {objects:?} {outcome:?}")
}

/// Runs both searches to their end and compares.
#[track_caller]
fn same_traces(explorer: impl Fn(Strategy) -> Explorer, program: fn()) {
    let traces = |strategy| {
        let mut traces = BTreeSet::new();
        let report = explorer(strategy).visit(program, |execution| {
            traces.insert(canonical(execution));
        });
        assert!(report.complete, "{strategy:?}: {:?} {:?}", report.cut, report.failure);
        (traces, report.schedules)
    };
    let (full, full_schedules) = traces(Strategy::Full);
    let (reduced, reduced_schedules) = traces(Strategy::Dpor);
    assert_eq!(reduced, full, "{reduced_schedules} executions against {full_schedules}");
    assert!(full.len() > 1, "a program with one trace tests nothing");
    assert!(reduced_schedules <= full_schedules, "{reduced_schedules} > {full_schedules}");
}

fn coarse(strategy: Strategy) -> Explorer {
    Explorer::builder().strategy(strategy).carrier(Carrier::Coroutines).max_schedules(2_000_000).build()
}

fn fine(strategy: Strategy) -> Explorer {
    Explorer::builder()
        .strategy(strategy)
        .carrier(Carrier::Coroutines)
        .grain(Grain::Fine)
        .max_schedules(2_000_000)
        .build()
}

/// Coarse, and deadlines may pass at any point.
fn anywhere(strategy: Strategy) -> Explorer {
    Explorer::builder()
        .strategy(strategy)
        .carrier(Carrier::Coroutines)
        .clock(ClockPolicy::Anywhere)
        .max_schedules(2_000_000)
        .build()
}

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
fn looks_at_a_thread_that_works_and_ends() {
    same_traces(coarse, || {
        let shared = Arc::new(Shared::new(0));
        assert_eq!(shared.get(), 0);
        let worker = Arc::new(threadcraft::spawn({
            let shared = Arc::clone(&shared);
            move || shared.set(shared.get() + 1)
        }));
        let looker = spawn({
            let worker = Arc::clone(&worker);
            move || println!("{}", worker.is_alive())
        });
        println!("{} {}", shared.get(), worker.is_alive());
        looker.join();
    });
}

#[test]
fn looks_at_where_a_thread_stands_that_waits() {
    same_traces(coarse, || {
        let event = Arc::new(Event::new());
        event.clear();
        let waiter = threadcraft::spawn({
            let event = Arc::clone(&event);
            move || event.wait()
        });
        let setter = spawn({
            let event = Arc::clone(&event);
            move || event.set()
        });
        println!("{:?} {:?}", waiter.state(), waiter.state());
        setter.join();
    });
}

#[test]
fn looks_at_all_threads_while_threads_start_threads() {
    same_traces(coarse, || {
        let outer = threadcraft::spawn(|| {
            println!("outer");
            threadcraft::spawn(|| println!("inner")).wait();
        });
        println!("{}", threadcraft::active_count());
        outer.wait();
    });
}

#[test]
fn a_wait_for_a_thread_that_gives_up_at_any_time() {
    same_traces(anywhere, || {
        let worker = Arc::new(threadcraft::spawn(|| println!("worker")));
        let waiter = spawn({
            let worker = Arc::clone(&worker);
            move || println!("waiter {}", worker.wait_for(Duration::from_millis(5)))
        });
        println!("main {}", worker.wait_for(Duration::from_millis(10)));
        waiter.join();
    });
}

#[test]
fn daemons_that_are_cut_off() {
    same_traces(coarse, || {
        for name in ["one", "two"] {
            let mut daemon = threadcraft::Thread::new(move || {
                println!("{name} begins");
                println!("{name} ends");
            })
            .daemon(true);
            daemon.start().expect("a thread can be started");
        }
        println!("main");
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
