//! On the learner's schedule one dances the second figure before the other has danced the first.

use threadcraft_harness::{Check, Execution, Goal, facts};

pub fn check(check: &mut Check) {
    let goal = Goal::happens("one dances the second figure before both have danced the first", |execution| !in_step(execution));
    check.break_it(crate::given::main, crate::learner::SCHEDULE, goal);
}

fn in_step(execution: &Execution) -> bool {
    let figures: Vec<&str> = facts::lines(execution).filter(|line| line.contains("figure")).collect();
    figures.iter().take(2).all(|line| line.ends_with("figure 1"))
}
