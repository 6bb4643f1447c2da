//! Two threads at once, each with its own lines in order; main has the last word on every schedule.

use threadcraft_harness::{Check, Program};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main).threads(2).alive_at_once(2).main_speaks_last().output(),
    );
}
