//! Waiting for a condition: wake-ups that nobody hears, and wake-ups that mean less than they seem to.

use std::sync::Arc;

use threadcraft::{Lock, Shared};

use super::{Condition, Entry, each, start};

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::new(
            "looked outside the lock",
            "notified between the look and the wait",
            "POSIX rationale of pthread_cond_wait",
        )
        .broken(|| flag_beside_the_lock(false))
        .right(|| flag_beside_the_lock(true))
        .preemptions(2),
        Entry::new(
            "notified too early",
            "a notification is not kept for who comes later",
            "Birrell 1989, An Introduction to Programming with Threads",
        )
        .broken(|| signal_without_a_flag(false))
        .right(|| signal_without_a_flag(true)),
        Entry::new(
            "`if` for `while`",
            "another takes the item between the notification and the return",
            "Lampson, Redell 1980 (Mesa)",
        )
        .broken(|| take_when_notified(false))
        .right(|| take_when_notified(true))
        .fails_by("panic")
        .outcomes_of_right(&["2"])
        .preemptions(2),
        Entry::new(
            "one of two kinds",
            "the one that is woken waits for something else",
            "Birrell 1989 (Signal for Broadcast)",
        )
        .broken(|| one_slot(Wakes::One))
        .right(|| one_slot(Wakes::All))
        .within(1_000)
        .right_for(5_000),
        Entry::new("one for all", "two wait for the start, one is woken", "Downey 3.6")
            .broken(|| start_gate(false))
            .right(|| start_gate(true))
            .preemptions(1),
    ]
}

struct Flagged {
    ready: Shared<bool>,
    lock: Lock<()>,
    changed: Condition,
}

impl Flagged {
    fn new() -> Arc<Self> {
        let ready = Shared::new(false).named("ready");
        Arc::new(Self { ready, lock: Lock::new(()).named("lock"), changed: Condition::new("changed") })
    }

    fn notify(&self) {
        let mut held = self.lock.lock();
        self.changed.notify_one(&mut held);
    }
}

fn flag_beside_the_lock(looked_under_the_lock: bool) {
    let flagged = Flagged::new();
    let waiter = start(&flagged, move |flagged| {
        if looked_under_the_lock {
            let mut held = flagged.lock.lock();
            while !flagged.ready.get() {
                flagged.changed.wait(&mut held);
            }
        } else if !flagged.ready.get() {
            let mut held = flagged.lock.lock();
            flagged.changed.wait(&mut held);
        }
    });
    flagged.ready.set(true);
    flagged.notify();
    waiter.join().expect("it does not panic");
}

fn signal_without_a_flag(with_a_flag: bool) {
    let flagged = Flagged::new();
    let waiter = start(&flagged, move |flagged| {
        let mut held = flagged.lock.lock();
        if with_a_flag {
            while !flagged.ready.get() {
                flagged.changed.wait(&mut held);
            }
        } else {
            flagged.changed.wait(&mut held);
        }
    });
    if with_a_flag {
        flagged.ready.set(true);
    }
    flagged.notify();
    waiter.join().expect("it does not panic");
}

/// Two threads take an item each, and main puts two.
fn take_when_notified(looks_again: bool) -> usize {
    let items = Arc::new((Lock::new(Vec::new()).named("items"), Condition::new("put")));
    let takers = [1, 2].map(|_| {
        start(&items, move |(items, put)| {
            let mut items = items.lock();
            if looks_again {
                while items.is_empty() {
                    put.wait(&mut items);
                }
            } else if items.is_empty() {
                put.wait(&mut items);
            }
            items.pop().expect("there is an item")
        })
    });
    for item in [1, 2] {
        let mut held = items.0.lock();
        held.push(item);
        items.1.notify_one(&mut held);
    }
    takers.map(|taker| taker.join().expect("it does not panic")).len()
}

#[derive(Clone, Copy)]
enum Wakes {
    One,
    All,
}

/// Two producers and two consumers share one slot and one condition.
fn one_slot(wakes: Wakes) {
    let slot = Arc::new((Lock::new(false).named("full"), Condition::new("changed")));
    each(&slot, 4, move |(full, changed), number| {
        let produces = number % 2 == 0;
        let mut full = full.lock();
        while *full == produces {
            changed.wait(&mut full);
        }
        *full = produces;
        match wakes {
            Wakes::One => changed.notify_one(&mut full),
            Wakes::All => changed.notify_all(&mut full),
        }
    });
}

fn start_gate(notifies_all: bool) {
    let gate = Arc::new((Lock::new(false).named("open"), Condition::new("opened")));
    let runners = [1, 2].map(|_| {
        start(&gate, |(open, opened)| {
            let mut open = open.lock();
            while !*open {
                opened.wait(&mut open);
            }
        })
    });
    let mut open = gate.0.lock();
    *open = true;
    if notifies_all {
        gate.1.notify_all(&mut open);
    } else {
        gate.1.notify_one(&mut open);
    }
    drop(open);
    for runner in runners {
        runner.join().expect("it does not panic");
    }
}
