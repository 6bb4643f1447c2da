//! What the crate's own lock is asked, as far as the task goes; one tries; and one tries at a lock that is free.

use std::sync::Arc;

use threadcraft::spawn;
use threadcraft_harness::{Check, Program};
use threadcraft_suites::Unprotected;
use threadcraft_suites::lock::{self as models, RawLocking};

use crate::learner::SpinLock;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("two count under the lock, twice each", || models::counting::<Tested>(2, 2))
            .fine_grain()
            .comes_to("each of the four is counted", &["4"]),
    );
    check.explore(
        Program::new("one counts, one tries", one_tries)
            .fine_grain()
            .comes_to("who has the lock is counted", &["1", "2"]),
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
        .comes_to("it has the lock, and the next has not until it is released", &["(true, false, true)"]),
    );
}

/// Main counts one, and a thread another if its try has the lock.
fn one_tries() -> u32 {
    let table = Arc::new((SpinLock::new(), Unprotected::new()));
    let surgeon = spawn({
        let table = Arc::clone(&table);
        move || {
            if table.0.try_lock() {
                table.1.add_one();
                table.0.unlock();
            }
        }
    });
    table.0.lock();
    table.1.add_one();
    table.0.unlock();
    surgeon.join().expect("the surgeon is done");
    table.1.get()
}

/// The learner's lock, as the suites know one.
struct Tested(SpinLock);

impl RawLocking for Tested {
    fn new() -> Self {
        Self(SpinLock::new())
    }
    fn lock(&self) {
        self.0.lock();
    }
    fn unlock(&self) {
        self.0.unlock();
    }
}
