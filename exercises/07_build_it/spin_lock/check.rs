//! Two threads count under the lock, one of them twice; one tries; and one tries at a lock that is free.

use std::sync::Arc;

use threadcraft::{RaceCell, spawn};
use threadcraft_harness::{Check, Execution, Program};

use crate::learner::SpinLock;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("two count under the lock", || run(true, 2))
            .fine_grain()
            .every_schedule("each of the three is counted", |execution| counted(execution, &["3"])),
    );
    check.explore(
        Program::new("one counts, one tries", || run(false, 1))
            .fine_grain()
            .every_schedule("who has the lock is counted", |execution| counted(execution, &["1", "2"]))
            .some_schedule("the try finds it free", |execution| counted(execution, &["2"]))
            .some_schedule("the try finds it taken", |execution| counted(execution, &["1"])),
    );
    check.explore(
        Program::new("a try at a free lock", || {
            let lock = SpinLock::new();
            let first = lock.try_lock();
            let second = lock.try_lock();
            lock.unlock();
            (first, second, lock.try_lock())
        })
        .fine_grain()
        .every_schedule("it has the lock, and the next has not until it is released", |execution| {
            counted(execution, &["(true, false, true)"])
        }),
    );
}

/// What the lock protects: a plain cell, so that whatever the lock does not order is a data race.
struct Table {
    lock: SpinLock,
    stitches: RaceCell<u32>,
}

impl Table {
    fn add_one(&self) {
        // SAFETY:
        // - one explored thread runs at a time, and an access that the lock does not order is reported, not made.
        self.stitches.with_mut(|stitches| unsafe { *stitches += 1 });
    }
}

/// A thread counts one, if it waits or if its try has the lock; main counts so many.
fn run(waits: bool, rounds: usize) -> u32 {
    let table = Arc::new(Table { lock: SpinLock::new(), stitches: RaceCell::new(0).named("stitches") });
    let surgeon = spawn({
        let table = Arc::clone(&table);
        move || {
            if waits {
                table.lock.lock();
            }
            if waits || table.lock.try_lock() {
                table.add_one();
                table.lock.unlock();
            }
        }
    });
    for _ in 0..rounds {
        table.lock.lock();
        table.add_one();
        table.lock.unlock();
    }
    surgeon.join().expect("the surgeon is done");
    // SAFETY:
    // - as in `add_one`; the other thread has ended.
    table.stitches.with(|stitches| unsafe { *stitches })
}

fn counted(execution: &Execution, expected: &[&str]) -> Result<(), String> {
    match execution.outcome.as_deref() {
        Some(outcome) if expected.contains(&outcome) => Ok(()),
        outcome => Err(format!("it comes to {}", outcome.unwrap_or("nothing"))),
    }
}
