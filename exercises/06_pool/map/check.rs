//! The results in the order of the numbers on every schedule, from workers that work at the same time.

use threadcraft_harness::{Check, Program};

pub fn check(check: &mut Check) {
    check.explore(Program::new("every schedule", crate::learner::main).threads(1..=2).alive_at_once(2).output());
}
