//! One outcome on every schedule, with both served at once.

use threadcraft_harness::{Check, Program};

pub fn check(check: &mut Check) {
    check.explore(Program::new("every schedule", crate::learner::main).threads(2).alive_at_once(2).outcomes());
}
