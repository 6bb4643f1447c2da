//! Plain memory that nothing orders but the primitives, on real threads, for ThreadSanitizer to watch.
//!
//! `cargo xtask ci --nightly` builds this with the sanitizer where there is a nightly toolchain; elsewhere it only sees
//! that nothing is lost. The standard library is not built for the sanitizer, which would take its own counts and fences
//! for races: so threads share leaked memory, no `Arc` and no scope, and only their end is left to `join`. The usual harness
//! hands results from thread to thread, so this program has none.

use std::cell::UnsafeCell;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use threadcraft::{Barrier, BoundedSemaphore, Condition, Event, Lock, LockGuard, Monitor, RLock, Semaphore};

const THREADS: u64 = 4;
const ROUNDS: u64 = 2_000;
const A_MOMENT: Duration = Duration::from_micros(50);

/// A number without any protection of its own.
struct Plain(UnsafeCell<u64>);

// SAFETY:
// - whoever uses it holds what orders its uses; that this is so is what the sanitizer watches.
unsafe impl Sync for Plain {}

impl Plain {
    const fn new() -> Self {
        Self(UnsafeCell::new(0))
    }

    fn add_one(&self) {
        // SAFETY:
        // - as above.
        unsafe { *self.0.get() += 1 };
    }

    fn get(&self) -> u64 {
        // SAFETY:
        // - as above.
        unsafe { *self.0.get() }
    }
}

/// Shares it with so many threads, each with its number, and gives it back when they have ended.
fn together<T: Sync + 'static>(shared: T, body: fn(&T, u64)) -> &'static T {
    let shared: &'static T = Box::leak(Box::new(shared));
    let threads: Vec<_> = (0..THREADS).map(|me| thread::spawn(move || body(shared, me))).collect();
    threads.into_iter().for_each(|thread| thread.join().expect("nobody panics"));
    shared
}

fn a_lock() {
    let (_, number) = together((Lock::new(()), Plain::new()), |(lock, number), me| {
        for round in 0..ROUNDS {
            let guard = match (me + round) % 3 {
                0 => loop {
                    if let Some(guard) = lock.try_lock_for(A_MOMENT) {
                        break guard;
                    }
                },
                _ => lock.lock(),
            };
            number.add_one();
            if round % 64 == 0 { LockGuard::unlock_fair(guard) } else { drop(guard) }
        }
    });
    assert_eq!(number.get(), THREADS * ROUNDS);
}

fn an_rlock() {
    let (_, number) = together((RLock::new(()), Plain::new()), |(lock, number), _| {
        for _ in 0..ROUNDS {
            let (_first, _second) = (lock.lock(), lock.lock());
            number.add_one();
        }
    });
    assert_eq!(number.get(), THREADS * ROUNDS);
}

fn semaphores() {
    let shared = (Semaphore::new(1), BoundedSemaphore::new(1), Plain::new(), Plain::new());
    let (_, _, one, other) = together(shared, |(semaphore, bounded, one, other), me| {
        for round in 0..ROUNDS {
            let permit = if (me + round) % 3 == 0 { semaphore.try_acquire_for(A_MOMENT) } else { None };
            let permit = permit.unwrap_or_else(|| semaphore.acquire());
            one.add_one();
            drop(permit);
            let permit = bounded.acquire();
            other.add_one();
            drop(permit);
        }
    });
    assert_eq!((one.get(), other.get()), (THREADS * ROUNDS, THREADS * ROUNDS));
}

fn events() {
    let events: Vec<Event> = (0..THREADS).map(|_| Event::new()).collect();
    events[0].set();
    let (_, number) = together((events, Plain::new()), |(events, number), me| {
        for _ in 0..ROUNDS / 10 {
            while !events[me as usize].wait_for(A_MOMENT) {}
            events[me as usize].clear();
            number.add_one();
            events[(me + 1) as usize % events.len()].set();
        }
    });
    assert_eq!(number.get(), THREADS * (ROUNDS / 10));
}

fn a_condition() {
    let shared = (Lock::new(0), Condition::new(), Plain::new());
    let (_, _, number) = together(shared, |(turn, condition, number), me| {
        for round in 0..ROUNDS / 10 {
            let mut turn = turn.lock();
            while *turn % THREADS != me {
                if round % 2 == 0 {
                    condition.wait(&mut turn);
                } else {
                    condition.wait_for(&mut turn, A_MOMENT);
                }
            }
            number.add_one();
            *turn += 1;
            condition.notify_all(&mut turn);
        }
    });
    assert_eq!(number.get(), THREADS * (ROUNDS / 10));
}

fn a_monitor() {
    let (_, number) = together((Monitor::new(0), Plain::new()), |(turn, number), me| {
        for _ in 0..ROUNDS / 10 {
            let mut turn = turn.lock();
            turn.wait_while(|turn| *turn % THREADS != me);
            number.add_one();
            *turn += 1;
            turn.notify_all();
        }
    });
    assert_eq!(number.get(), THREADS * (ROUNDS / 10));
}

fn a_barrier() {
    static SUM: Plain = Plain::new();
    let numbers: Vec<Plain> = (0..THREADS).map(|_| Plain::new()).collect();
    let barrier = Barrier::with_action(THREADS as usize, || SUM.add_one());
    let _ = together((barrier, numbers), |(barrier, numbers), me| {
        for round in 1..=ROUNDS / 10 {
            numbers[me as usize].add_one();
            barrier.wait().expect("nobody breaks it");
            assert!(numbers.iter().all(|number| number.get() == round));
            assert_eq!(SUM.get(), 2 * round - 1);
            barrier.wait().expect("nobody breaks it");
        }
    });
}

/// A lock that excludes and does not publish: on this machine it does no harm.
fn a_lock_that_publishes_nothing() {
    let (_, number) = together((AtomicU32::new(0), Plain::new()), |(word, number), _| {
        for _ in 0..ROUNDS {
            while word.compare_exchange(0, 1, Ordering::Relaxed, Ordering::Relaxed).is_err() {
                thread::yield_now();
            }
            number.add_one();
            word.store(0, Ordering::Relaxed);
        }
    });
    assert_eq!(number.get(), THREADS * ROUNDS);
}

/// Set by whoever has this built with the sanitizer.
const SANITIZED: &str = "THREADCRAFT_SANITIZED";

/// The argument that asks for the broken lock.
const BROKEN: &str = "broken";

fn the_sanitizer_sees_a_race_where_there_is_one() {
    if std::env::var_os(SANITIZED).is_none() {
        return;
    }
    let mut broken = Command::new(std::env::current_exe().expect("this program"));
    let output = broken.arg(BROKEN).output().expect("it can be started");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && text.contains("ThreadSanitizer: data race"), "{}: {text}", output.status);
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some(BROKEN) {
        return a_lock_that_publishes_nothing();
    }
    let tests: [(&str, fn()); 8] = [
        ("a lock", a_lock),
        ("an rlock", an_rlock),
        ("semaphores", semaphores),
        ("events", events),
        ("a condition", a_condition),
        ("a monitor", a_monitor),
        ("a barrier", a_barrier),
        ("the sanitizer sees a race where there is one", the_sanitizer_sees_a_race_where_there_is_one),
    ];
    for (name, test) in tests {
        test();
        println!("{name}: {THREADS} threads, ok");
    }
}
