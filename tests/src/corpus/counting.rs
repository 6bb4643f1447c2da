//! Updates that are lost, and decisions on what is no longer so.

use std::collections::VecDeque;
use std::sync::Arc;

use threadcraft::{Lock, Shared};
use threadcraft_platform::atomic::{AtomicBool, AtomicU32, Ordering};

use super::{Entry, each};
use crate::model::Unprotected;

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::new("racy counter", "reading and writing are two steps", "Downey, The Little Book of Semaphores, 1.5")
            .broken(|| count(Protection::None))
            .right(|| count(Protection::OneLock))
            .comes_to("1", &["2"])
            .preemptions(1),
        Entry::new("own locks", "each thread locks a lock of its own", "The Deadlock Empire")
            .broken(|| count(Protection::OwnLocks))
            .right(|| count(Protection::OneLock))
            .comes_to("1", &["2"])
            .preemptions(1),
        Entry::new("lock each step", "each access is locked, the update is not", "Python's interpreter lock")
            .broken(|| count_in_a_lock(false))
            .right(|| count_in_a_lock(true))
            .comes_to("1", &["2"])
            .preemptions(1),
        Entry::new("boolean guard", "seeing the flag and taking it are two steps", "The Deadlock Empire")
            .broken(|| flag_as_a_lock(false))
            .right(|| flag_as_a_lock(true))
            .comes_to("1", &["2"])
            .preemptions(2),
        Entry::new(
            "overdraft",
            "the balance is checked in one section and changed in another",
            "check-then-act (CWE-367)",
        )
        .broken(|| withdraw(false))
        .right(|| withdraw(true))
        .comes_to("-20", &["40"])
        .preemptions(1),
        Entry::new("torn transfer", "the lock is let go while the sum is wrong", "The Deadlock Empire")
            .broken(|| transfer(false))
            .right(|| transfer(true))
            .comes_to("90", &["100"])
            .preemptions(1),
        Entry::new("stale emptiness", "the queue is no longer as it was when it was looked at", "The Deadlock Empire")
            .broken(|| take_the_last(false))
            .right(|| take_the_last(true))
            .fails_by("panic")
            .outcomes_of_right(&["1"])
            .preemptions(1),
        Entry::new("same ticket", "drawing a ticket is two steps: two threads draw one", "Lamport 1974 (bakery)")
            .broken(|| tickets(false))
            .right(|| tickets(true))
            .fails_by("data-race")
            .outcomes_of_right(&["2"])
            .preemptions(2),
    ]
}

#[derive(Clone, Copy)]
enum Protection {
    None,
    OwnLocks,
    OneLock,
}

fn count(protection: Protection) -> u32 {
    let shared = Arc::new((Shared::new(0).named("counter"), [Lock::new(()), Lock::new(())]));
    each(&shared, 2, move |(counter, locks), number| {
        let _held = match protection {
            Protection::None => None,
            Protection::OwnLocks => Some(locks[number].lock()),
            Protection::OneLock => Some(locks[0].lock()),
        };
        counter.set(counter.get() + 1);
    });
    shared.0.get()
}

fn count_in_a_lock(in_one_section: bool) -> u32 {
    let counter = Arc::new(Lock::new(0).named("counter"));
    each(&counter, 2, move |counter, _| {
        if in_one_section {
            *counter.lock() += 1;
        } else {
            let seen = *counter.lock();
            *counter.lock() = seen + 1;
        }
    });
    *counter.lock()
}

fn flag_as_a_lock(at_once: bool) -> u32 {
    let shared = Arc::new((AtomicBool::new(false), Shared::new(0).named("counter")));
    each(&shared, 2, move |(busy, counter), _| {
        // Acquire and Release: they pair with each other.
        if at_once {
            while busy.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed).is_err() {}
        } else {
            while busy.load(Ordering::Acquire) {}
            busy.store(true, Ordering::Relaxed);
        }
        counter.set(counter.get() + 1);
        busy.store(false, Ordering::Release);
    });
    shared.1.get()
}

fn withdraw(in_one_section: bool) -> i32 {
    let balance = Arc::new(Lock::new(100).named("balance"));
    each(&balance, 2, move |balance, _| {
        if in_one_section {
            let mut balance = balance.lock();
            if *balance >= 60 {
                *balance -= 60;
            }
        } else if *balance.lock() >= 60 {
            *balance.lock() -= 60;
        }
    });
    *balance.lock()
}

/// Moves 10 from one account to another, and comes to what an auditor sees in both.
fn transfer(in_one_section: bool) -> i32 {
    let accounts = Arc::new(Lock::new((50, 50)).named("accounts"));
    let sums = each(&accounts, 2, move |accounts, number| {
        let mut held = accounts.lock();
        if number == 1 {
            return Some(held.0 + held.1);
        }
        held.0 -= 10;
        if !in_one_section {
            drop(held);
            held = accounts.lock();
        }
        held.1 += 10;
        None
    });
    sums[1].expect("the second thread is the auditor")
}

/// Two threads want the one item that there is; comes to how many got it.
fn take_the_last(in_one_section: bool) -> usize {
    let queue = Arc::new(Lock::new(VecDeque::from(["item"])).named("queue"));
    let taken = each(&queue, 2, move |queue, _| {
        if in_one_section {
            return queue.lock().pop_front();
        }
        let empty = queue.lock().is_empty();
        (!empty).then(|| queue.lock().pop_front().expect("it was not empty"))
    });
    taken.iter().flatten().count()
}

fn tickets(drawn_at_once: bool) -> u32 {
    let shared = Arc::new((AtomicU32::new(0), AtomicU32::new(0), Unprotected::new()));
    each(&shared, 2, move |(next, served, number), _| {
        // Relaxed: what is protected is ordered by `served`.
        let ticket = if drawn_at_once {
            next.fetch_add(1, Ordering::Relaxed)
        } else {
            let ticket = next.load(Ordering::Relaxed);
            next.store(ticket + 1, Ordering::Relaxed);
            ticket
        };
        // Acquire: pairs with the Release below.
        while served.load(Ordering::Acquire) < ticket {}
        number.add_one();
        served.store(ticket + 1, Ordering::Release);
    });
    shared.2.get()
}
