//! Nobody eats before both have come, and nothing more is ordered: four ways in all.

use threadcraft_harness::{Check, Program, facts};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(2)
            .alive_at_once(2)
            // A pause orders nothing: the clock may go on whenever it likes.
            .clock_may_jump()
            .outcome_is(|execution| facts::lines(execution).collect::<Vec<_>>().join(", "))
            .outcomes(),
    );
}
