//! On the learner's schedule two are in the vault.

use threadcraft_harness::{Check, Execution, Goal, facts};

pub fn check(check: &mut Check) {
    let goal = Goal::happens("two are in the vault at once", |execution| !one_at_most(execution));
    check.break_it(crate::given::main, crate::learner::SCHEDULE, goal);
}

fn one_at_most(execution: &Execution) -> bool {
    let mut inside = 0_i32;
    facts::lines(execution).all(|line| {
        inside += if line.ends_with("goes in") { 1 } else { -1 };
        inside <= 1
    })
}
