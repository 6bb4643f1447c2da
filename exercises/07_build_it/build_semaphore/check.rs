//! What the crate's own semaphore is asked, as far as the task goes; besides, who waits sleeps.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{sleep, spawn};
use threadcraft_harness::{Check, Program, facts};
use threadcraft_suites::behaviour::semaphore as behaviours;
use threadcraft_suites::semaphore as models;

use crate::learner::Permits;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("one waits for a long time", || {
            let pilots = Arc::new(Permits::new(0));
            let captain = spawn({
                let pilots = Arc::clone(&pilots);
                move || pilots.acquire()
            });
            // Virtual time passes only when nobody else can go on.
            sleep(Duration::from_millis(1));
            pilots.release(1);
            captain.join().expect("the captain is in");
        })
        .fine_grain()
        .every_schedule("who waits sleeps, and does not look again and again", facts::who_waits_sleeps),
    );
    check.explore(
        Program::new("one permit, used by two in turn", || models::counting::<Tested>(2, 1))
            .fine_grain()
            .comes_to("both are counted", &["2"]),
    );
    check.explore(
        Program::new("two wait, and two permits come at once", models::released_together::<Tested>).fine_grain(),
    );
    check.explore(
        Program::new("two wait, and two permits come one by one", models::released_in_turn::<Tested>)
            .fine_grain()
            .undisturbed(),
    );
    check.explore(
        Program::new("two want one permit, and later another comes", || {
            behaviours::exactly_as_many_pass::<Tested>(1, &[1]);
        })
        .fine_grain(),
    );
    check.explore(
        Program::new("two sleep until two permits come at once", || {
            behaviours::exactly_as_many_pass::<Tested>(0, &[2]);
        })
        .fine_grain(),
    );
    check.explore(Program::new("one takes several", behaviours::one_thread_may_take_several::<Tested>).fine_grain());
}

/// The learner's permits, as the suites know them.
struct Tested(Permits);

impl models::Permits for Tested {
    fn new(permits: u32) -> Self {
        Self(Permits::new(permits))
    }
    fn take(&self) {
        self.0.acquire();
    }
    fn give(&self, permits: u32) {
        self.0.release(permits);
    }
}
