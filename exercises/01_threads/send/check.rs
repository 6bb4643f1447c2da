//! That it compiles without `unsafe` is the runner's matter; what it then prints is the same on every schedule.

use threadcraft_harness::{Check, Program};

pub fn check(check: &mut Check) {
    check.explore(Program::new("every schedule", crate::learner::main).threads(2).outcomes());
}
