//! Threads that wait for each other, for themselves, or for ever; and threads that run and get nowhere.

use std::sync::Arc;

use threadcraft::{Event, Lock, Permit, Semaphore};

use super::{Condition, Entry, each, start};

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::new("two orders", "two locks are taken in two orders", "Coffman, Elphick, Shoshani 1971")
            .broken(|| two_locks(false))
            .right(|| two_locks(true))
            .preemptions(1),
        Entry::new("philosophers 3", "each takes the left fork first", "Dijkstra 1971 (EWD 310); Downey 4.4")
            .broken(|| philosophers(3, false))
            .right(|| philosophers(3, true))
            .preemptions(1),
        Entry::new("philosophers 5", "each takes the left fork first", "Dijkstra 1971 (EWD 310); Downey 4.4")
            .broken(|| philosophers(5, false))
            .right(|| philosophers(5, true))
            .preemptions(1),
        Entry::new(
            "self-deadlock",
            "a function locks what its caller holds",
            "Python's `threading.Lock` against `RLock`",
        )
        .broken(|| locked_by_the_caller(false))
        .right(|| locked_by_the_caller(true)),
        Entry::new(
            "polite back-off",
            "each gives way to the other, for ever",
            "Tanenbaum, Modern Operating Systems (livelock)",
        )
        .broken(back_off)
        .right(|| two_locks(true))
        .fails_by("livelock")
        .preemptions(1),
        Entry::new("lock kept at the end", "a thread ends and never lets go", "CWE-772")
            .broken(|| lock_at_the_end(false))
            .right(|| lock_at_the_end(true)),
        Entry::new(
            "join under a lock",
            "who is waited for needs the lock that is held meanwhile",
            "Clang's and Java's lint catalogues",
        )
        .broken(|| join_under_a_lock(false))
        .right(|| join_under_a_lock(true)),
        Entry::new(
            "nested monitors",
            "waits for the inner condition and keeps the outer lock",
            "Lister 1977 (nested monitor calls)",
        )
        .broken(|| nested_monitors(false))
        .right(|| nested_monitors(true)),
        Entry::new("hold and wait", "two permits are taken one by one", "Coffman, Elphick, Shoshani 1971")
            .broken(|| permits_one_by_one(false))
            .right(|| permits_one_by_one(true))
            .preemptions(1),
        Entry::new("starved pool", "a job waits for a job of its own pool", "CERT TPS01-J")
            .broken(|| job_in_a_job(false))
            .right(|| job_in_a_job(true)),
        Entry::new("dead partner", "a thread panics before it says what another waits for", "The Deadlock Empire")
            .broken(|| dead_partner(false))
            .right(|| dead_partner(true))
            .outcomes_of_right(&["true"]),
    ]
}

fn two_locks(in_one_order: bool) {
    let locks = Arc::new([Lock::new(()).named("left"), Lock::new(()).named("right")]);
    each(&locks, 2, move |locks, number| {
        let first = if in_one_order { 0 } else { number };
        let _first = locks[first].lock();
        let _second = locks[1 - first].lock();
    });
}

fn philosophers(count: usize, lower_fork_first: bool) {
    let forks = Arc::new(["fork 0", "fork 1", "fork 2", "fork 3", "fork 4"].map(|name| Lock::new(()).named(name)));
    each(&forks, count, move |forks, number| {
        let (left, right) = (number, (number + 1) % count);
        let (first, second) = if lower_fork_first { (left.min(right), left.max(right)) } else { (left, right) };
        let _first = forks[first].lock();
        let _second = forks[second].lock();
    });
}

fn locked_by_the_caller(handed_down: bool) {
    fn log(entries: &Lock<u32>) {
        *entries.lock() += 1;
    }
    let entries = Lock::new(0).named("entries");
    let mut held = entries.lock();
    *held += 1;
    if handed_down {
        drop(held);
    }
    log(&entries);
}

fn back_off() {
    let locks = Arc::new([Lock::new(()).named("left"), Lock::new(()).named("right")]);
    each(&locks, 2, |locks, number| {
        loop {
            let _first = locks[number].lock();
            if locks[1 - number].try_lock().is_some() {
                break;
            }
        }
    });
}

fn lock_at_the_end(let_go: bool) {
    let lock = Arc::new(Lock::new(0).named("lock"));
    each(&lock, 2, move |lock, _| {
        let mut held = lock.lock();
        *held += 1;
        if !let_go {
            std::mem::forget(held);
        }
    });
}

fn join_under_a_lock(let_go: bool) {
    let lock = Arc::new(Lock::new(0).named("lock"));
    let held = lock.lock();
    let thread = start(&lock, |lock| *lock.lock() += 1);
    if let_go {
        drop(held);
        thread.join().expect("it does not panic");
    } else {
        thread.join().expect("it does not panic");
        drop(held);
    }
}

struct Nested {
    outer: Lock<()>,
    full: Lock<bool>,
    filled: Condition,
}

fn nested_monitors(outer_let_go: bool) {
    let nested = Arc::new(Nested {
        outer: Lock::new(()).named("outer"),
        full: Lock::new(false).named("full"),
        filled: Condition::new("filled"),
    });
    let getter = start(&nested, move |nested| {
        let outer = nested.outer.lock();
        if outer_let_go {
            drop(outer);
        }
        let mut full = nested.full.lock();
        while !*full {
            nested.filled.wait(&mut full);
        }
    });
    let putter = start(&nested, |nested| {
        let _outer = nested.outer.lock();
        let mut full = nested.full.lock();
        *full = true;
        nested.filled.notify_one(&mut full);
    });
    for thread in [getter, putter] {
        thread.join().expect("it does not panic");
    }
}

fn permits_one_by_one(at_once: bool) {
    let semaphore = Arc::new(Semaphore::new(2).named("two"));
    each(&semaphore, 2, move |semaphore, _| {
        if at_once {
            drop(semaphore.acquire_many(2));
        } else {
            let _one: Permit<'_> = semaphore.acquire();
            let _other = semaphore.acquire();
        }
    });
}

/// A pool of one worker: a job runs while it has the permit.
fn job_in_a_job(worker_let_go: bool) {
    let worker = Arc::new(Semaphore::new(1).named("worker"));
    let inner = Arc::clone(&worker);
    let job = start(&worker, move |worker| {
        let permit = worker.acquire();
        let inner = start(&inner, |worker| drop(worker.acquire()));
        if worker_let_go {
            drop(permit);
        }
        inner.join().expect("it does not panic");
    });
    job.join().expect("it does not panic");
}

/// Sets the event at the end of its scope, however that is reached.
struct SetAtTheEnd<'event>(&'event Event);

impl Drop for SetAtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.set();
    }
}

/// Comes to whether the failure of the partner was noted.
fn dead_partner(set_in_any_case: bool) -> bool {
    let ready = Arc::new(Event::new().named("ready"));
    let waiter = start(&ready, Event::wait);
    let partner = start(&ready, move |ready| {
        let _set = set_in_any_case.then(|| SetAtTheEnd(ready));
        if ready.is_set() {
            return;
        }
        panic!("the partner fails");
    });
    let failed = partner.join().is_err();
    waiter.join().expect("it does not panic");
    failed
}
