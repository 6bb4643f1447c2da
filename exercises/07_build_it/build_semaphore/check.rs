//! Two sleep until two permits come in one boat; one sleeps until one comes; and one permit is used by two in turn.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{RaceCell, Thread, sleep, spawn};
use threadcraft_harness::{Check, Execution, Program};

use crate::learner::Permits;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("one waits for a long time", || asleep(1, &[1]))
            .fine_grain()
            .every_schedule("who waits sleeps, and does not look again and again", nobody_spins)
            .every_schedule("it goes on", |execution| comes_to(execution, "1")),
    );
    check.explore(
        Program::new("one permit, used by two in turn", || {
            let harbour = Arc::new(Harbour { pilots: Permits::new(1), ships: RaceCell::new(0).named("ships") });
            let captain = spawn({
                let harbour = Arc::clone(&harbour);
                move || harbour.enter()
            });
            harbour.enter();
            captain.join().expect("the captain is in");
            harbour.pilots.acquire();
            harbour.ships()
        })
        .fine_grain()
        .every_schedule("both are counted", |execution| comes_to(execution, "2")),
    );
    check.explore(
        Program::new("two wait, and two permits come at once", || asleep(2, &[2]))
            .fine_grain()
            .every_schedule("both go on", |execution| comes_to(execution, "2")),
    );
    check.explore(
        Program::new("two wait, and two permits come one by one", || asleep(2, &[1, 1]))
            .fine_grain()
            .every_schedule("both go on", |execution| comes_to(execution, "2")),
    );
}

/// Main waits until so many sleep (virtual time passes only when nobody else can go on), and releases these permits.
/// Comes to how many went on.
fn asleep(captains: usize, boats: &[u32]) -> usize {
    let pilots = Arc::new(Permits::new(0));
    let captains: Vec<Thread<()>> = (0..captains)
        .map(|_| {
            let pilots = Arc::clone(&pilots);
            spawn(move || pilots.acquire())
        })
        .collect();
    sleep(Duration::from_millis(1));
    for &permits in boats {
        pilots.release(permits);
    }
    captains.into_iter().map(|captain| captain.join().expect("the captain is in")).count()
}

/// What the permit protects: a plain cell, so that whatever it does not order is a data race.
struct Harbour {
    pilots: Permits,
    ships: RaceCell<u32>,
}

impl Harbour {
    fn enter(&self) {
        self.pilots.acquire();
        // SAFETY:
        // - one explored thread runs at a time, and an access that the permit does not order is reported, not made.
        self.ships.with_mut(|ships| unsafe { *ships += 1 });
        self.pilots.release(1);
    }

    fn ships(&self) -> u32 {
        // SAFETY:
        // - as in `enter`.
        self.ships.with(|ships| unsafe { *ships })
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

fn comes_to(execution: &Execution, expected: &str) -> Result<(), String> {
    match execution.outcome.as_deref() {
        Some(outcome) if outcome == expected => Ok(()),
        outcome => Err(format!("it comes to {}", outcome.unwrap_or("nothing"))),
    }
}
