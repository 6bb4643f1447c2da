//! Broken on the learner's schedule; then one outcome on every schedule, counted and not merely printed.

use threadcraft_harness::{Check, Goal, Program};

pub fn check(check: &mut Check) {
    check.break_it(crate::given::main, crate::learner::SCHEDULE, Goal::outcome_other_than("counter = 2"));
    check.explore(
        Program::new("every schedule", crate::learner::main).threads(2).alive_at_once(2).shares_with_main(2).outcomes(),
    );
}
