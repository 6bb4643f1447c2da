//! Whoever waits is told, whether it sleeps or is about to; all are told together; who is not told sleeps; and what the
//! crate's own condition is asked, as far as the task goes.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Lock, sleep, spawn};
use threadcraft_harness::{Check, Execution, Program};
use threadcraft_suites::condition::{self as models, Guard, Signals};

use crate::learner::Condition;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("one waits for a while", || one(A_WHILE, Condition::notify_one))
            .fine_grain()
            .every_schedule("who waits sleeps at the condition, and does not only pause", nobody_pauses)
            .comes_to("it finds what it waited for", &["[1]"]),
    );
    check.explore(
        Program::new("one is about to wait, and is told when the lock was let go of", || {
            one(Duration::ZERO, Condition::notify_one)
        })
        .fine_grain()
        .comes_to("it finds what it waited for", &["[1]"]),
    );
    check.explore(
        Program::new("one is about to wait, and all are told", || one(Duration::ZERO, Condition::notify_all))
            .fine_grain()
            .comes_to("it finds what it waited for", &["[1]"]),
    );
    check.explore(
        Program::new("two wait, and all are told", two)
            .fine_grain()
            .undisturbed()
            .comes_to("both find what they waited for", &["[1, 2]"]),
    );
    check.explore(
        Program::new("two take turns", || models::turns::<Tested>(1))
            .fine_grain()
            .undisturbed()
            .comes_to("each has its turn", &["2"]),
    );
    check.explore(
        Program::new("one takes what is put there", || models::stock::<Tested>(1, 1))
            .fine_grain()
            .undisturbed()
            .comes_to("nothing is left", &["0"]),
    );
}

/// The learner's condition, as the suites know one.
struct Tested(Condition);

impl Signals for Tested {
    fn new() -> Self {
        Self(Condition::new())
    }
    fn wait<'lock>(&self, lock: &'lock Lock<u32>, guard: Guard<'lock>) -> Guard<'lock> {
        self.0.wait(lock, guard)
    }
    fn notify_one(&self, _: &mut Guard<'_>) {
        self.0.notify_one();
    }
    fn notify_all(&self, _: &mut Guard<'_>) {
        self.0.notify_all();
    }
}

const A_WHILE: Duration = Duration::from_millis(5);

/// One waits, and main tells it after this time: what it found.
fn one(after: Duration, tell: fn(&Condition)) -> Vec<u32> {
    let counter = Counter::new();
    let waiter = counter.waiter();
    if !after.is_zero() {
        // Virtual time passes when nobody can run: the waiter sleeps by then, or it does not sleep at all.
        sleep(after);
    }
    *counter.plates.lock() += 1;
    tell(&counter.changed);
    vec![waiter.join().expect("the waiter is done")]
}

/// Two wait, and main tells both when they sleep: what they found, the smaller number first.
fn two() -> Vec<u32> {
    let counter = Counter::new();
    let waiters = [counter.waiter(), counter.waiter()];
    sleep(A_WHILE);
    *counter.plates.lock() += 2;
    counter.changed.notify_all();
    let mut found = waiters.map(|waiter| waiter.join().expect("the waiter is done")).to_vec();
    found.sort_unstable();
    found
}

/// Plates that are put there and taken away.
struct Counter {
    plates: Lock<u32>,
    changed: Condition,
}

impl Counter {
    fn new() -> Arc<Self> {
        Arc::new(Self { plates: Lock::new(0).named("plates"), changed: Condition::new() })
    }

    /// Waits for a plate and takes it: how many there were.
    fn take(&self) -> u32 {
        let mut plates = self.plates.lock();
        while *plates == 0 {
            plates = self.changed.wait(&self.plates, plates);
        }
        *plates -= 1;
        *plates + 1
    }

    fn waiter(self: &Arc<Self>) -> threadcraft::Thread<u32> {
        let counter = Arc::clone(self);
        spawn(move || counter.take())
    }
}

fn nobody_pauses(execution: &Execution) -> Result<(), String> {
    match execution.calls.iter().find(|call| call.thread != 0 && matches!(call.verb, "yield_now" | "sleep")) {
        Some(_) => Err("who waits pauses, and looks again".to_owned()),
        None => Ok(()),
    }
}
