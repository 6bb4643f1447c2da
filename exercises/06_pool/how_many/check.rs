//! The table in virtual time on four cores, and what it says.

use threadcraft_harness::{Check, Program};

pub fn check(check: &mut Check) {
    // Hundreds of jobs: one long run says it all, and one more that the order changes nothing.
    check.explore(
        Program::new("on four cores", crate::learner::main).cores(4).max_steps(20_000).max_schedules(2).output(),
    );
}
