//! One waits long; two count under the lock; two wait for it together; and one is alone with it.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{RaceCell, Thread, sleep, spawn};
use threadcraft_harness::{Check, Execution, Program};

use crate::learner::SleepingLock;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("one waits for a long time", || kept_waiting(1))
            .fine_grain()
            .every_schedule("who waits sleeps, and does not look again and again", nobody_spins)
            .every_schedule("the one is counted", |execution| comes_to(execution, "1")),
    );
    check.explore(
        Program::new("two count under the lock", || {
            let sauna = Sauna::new();
            let guest = sauna.guest();
            sauna.visit();
            sauna.visit();
            sauna.closed([guest])
        })
        .fine_grain()
        .every_schedule("each of the three is counted", |execution| comes_to(execution, "3")),
    );
    check.explore(
        Program::new("two wait for a long time", || kept_waiting(2))
            .fine_grain()
            .every_schedule("both are counted", |execution| comes_to(execution, "2")),
    );
    check.explore(
        Program::new("one is alone", || {
            let sauna = Sauna::new();
            sauna.visit();
            sauna.visit();
            sauna.closed([])
        })
        .fine_grain()
        .every_schedule("the futex is not called where nobody waits", no_futex)
        .every_schedule("both visits are counted", |execution| comes_to(execution, "2")),
    );
}

/// Main has the lock until all these guests wait: virtual time passes only when nobody else can go on.
fn kept_waiting(guests: usize) -> u32 {
    let sauna = Sauna::new();
    sauna.key.lock();
    let guests: Vec<_> = (0..guests).map(|_| sauna.guest()).collect();
    sleep(Duration::from_millis(1));
    sauna.key.unlock();
    sauna.closed(guests)
}

/// What the lock protects: a plain cell, so that whatever the lock does not order is a data race.
struct Sauna {
    key: SleepingLock,
    visits: RaceCell<u32>,
}

impl Sauna {
    fn new() -> Arc<Self> {
        Arc::new(Self { key: SleepingLock::new(), visits: RaceCell::new(0).named("visits") })
    }

    fn visit(&self) {
        self.key.lock();
        // SAFETY:
        // - one explored thread runs at a time, and an access that the lock does not order is reported, not made.
        self.visits.with_mut(|visits| unsafe { *visits += 1 });
        self.key.unlock();
    }

    /// A thread that visits once.
    fn guest(self: &Arc<Self>) -> Thread<()> {
        let sauna = Arc::clone(self);
        spawn(move || sauna.visit())
    }

    /// The number of visits, when all have gone.
    fn closed(&self, guests: impl IntoIterator<Item = Thread<()>>) -> u32 {
        for guest in guests {
            guest.join().expect("the guest has been in");
        }
        // SAFETY:
        // - as in `visit`; the other threads have ended.
        self.visits.with(|visits| unsafe { *visits })
    }
}

fn comes_to(execution: &Execution, expected: &str) -> Result<(), String> {
    match execution.outcome.as_deref() {
        Some(outcome) if outcome == expected => Ok(()),
        outcome => Err(format!("it comes to {}", outcome.unwrap_or("nothing"))),
    }
}

/// Whoever is not main had to wait for as long as main slept.
fn nobody_spins(execution: &Execution) -> Result<(), String> {
    let mut waiters = execution.calls.iter().filter(|call| call.thread != 0);
    if waiters.clone().any(|call| matches!(call.verb, "yield_now" | "sleep")) {
        return Err("who waits pauses, and looks again".to_owned());
    }
    if waiters.any(|call| call.verb == "futex_wait") {
        Ok(())
    } else {
        Err("who waits never sleeps at a futex".to_owned())
    }
}

fn no_futex(execution: &Execution) -> Result<(), String> {
    match execution.calls.iter().find(|call| call.kind == "futex") {
        Some(call) => Err(format!("main calls {}", call.verb)),
        None => Ok(()),
    }
}
