//! One outcome on every schedule, with both windows open at once, and counted rather than printed.

use threadcraft_harness::{Check, Program};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main).threads(2).alive_at_once(2).shares_with_main(2).outcomes(),
    );
}
