//! Boats that wait for a long time, or come at any moment; one that may turn back; and one for which it is never lit.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Instant, RaceCell, Thread, sleep, spawn};
use threadcraft_harness::{Check, Execution, Program};

use crate::learner::Light;

const A_WHILE: Duration = Duration::from_millis(5);

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("one waits for a long time", || waited(1, A_WHILE))
            .fine_grain()
            .every_schedule("who waits sleeps, and does not look again and again", nobody_spins)
            .every_schedule("it reads what was written before", |execution| comes_to(execution, &["[1]"])),
    );
    check.explore(
        Program::new("two wait for a long time", || waited(2, A_WHILE))
            .fine_grain()
            .every_schedule("both read what was written before", |execution| comes_to(execution, &["[1, 1]"])),
    );
    check.explore(
        Program::new("one comes at any moment", || waited(1, Duration::ZERO))
            .fine_grain()
            .every_schedule("it reads what was written before", |execution| comes_to(execution, &["[1]"])),
    );
    check.explore(
        Program::new("one may turn back", || {
            let coast = Coast::new();
            let hasty = coast.boat(|light| light.wait_for(A_WHILE));
            coast.light();
            hasty.join().expect("it has decided")
        })
        .fine_grain()
        .clock_may_jump()
        .every_schedule("it reads what was written, or turns back", |execution| comes_to(execution, &["1", "0"]))
        .some_schedule("it reads", |execution| comes_to(execution, &["1"]))
        .some_schedule("it turns back", |execution| comes_to(execution, &["0"])),
    );
    check.explore(
        Program::new("it is never lit", || {
            let boat = spawn(|| {
                let begin = Instant::now();
                let lit = Light::new().wait_for(A_WHILE);
                (lit, begin.elapsed() >= A_WHILE)
            });
            // While somebody can go on, a wait may end for no reason.
            sleep(A_WHILE / 5);
            boat.join().expect("it has decided")
        })
        .fine_grain()
        .every_schedule("`wait_for` is false, and only when its time is up", |execution| {
            match execution.outcome.as_deref() {
                Some("(false, false)") => Err("it gives up before".to_owned()),
                _ => comes_to(execution, &["(false, true)"]),
            }
        }),
    );
}

/// So many boats wait, and main lights it after a while. Comes to what each has read.
fn waited(boats: usize, after: Duration) -> Vec<u32> {
    let coast = Coast::new();
    let wait = |light: &Light| {
        light.wait();
        true
    };
    let boats: Vec<_> = (0..boats).map(|_| coast.boat(wait)).collect();
    if !after.is_zero() {
        // Virtual time passes only when nobody else can go on.
        sleep(after);
    }
    coast.light();
    boats.into_iter().map(|boat| boat.join().expect("the boat lands")).collect()
}

/// A light, and what is written before it is lit: a plain cell, so that whatever is not ordered is a data race.
struct Coast {
    light: Light,
    log: RaceCell<u32>,
}

impl Coast {
    fn new() -> Arc<Self> {
        Arc::new(Self { light: Light::new(), log: RaceCell::new(0).named("log") })
    }

    fn light(&self) {
        // SAFETY:
        // - one explored thread runs at a time, and an access that is not ordered is reported, not made.
        self.log.with_mut(|log| unsafe { *log = 1 });
        self.light.set();
    }

    /// A thread that waits so; it comes to what it has read, or 0 if it has turned back.
    fn boat(self: &Arc<Self>, wait: impl FnOnce(&Light) -> bool + Send + 'static) -> Thread<u32> {
        let coast = Arc::clone(self);
        spawn(move || {
            if !wait(&coast.light) {
                return 0;
            }
            // SAFETY:
            // - as in `light`.
            coast.log.with(|log| unsafe { *log })
        })
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

fn comes_to(execution: &Execution, expected: &[&str]) -> Result<(), String> {
    match execution.outcome.as_deref() {
        Some(outcome) if expected.contains(&outcome) => Ok(()),
        outcome => Err(format!("it comes to {}", outcome.unwrap_or("nothing"))),
    }
}
