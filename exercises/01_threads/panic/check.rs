//! Three threads at once; main tells what came of each, the one that failed included.

use threadcraft_harness::{Check, Program};

pub fn check(check: &mut Check) {
    check.explore(Program::new("every schedule", crate::learner::main).threads(3).alive_at_once(3).output());
}
