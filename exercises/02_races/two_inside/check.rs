//! On the learner's schedule both are inside the given program's room.

use threadcraft_harness::{Check, Execution, Goal, facts};

pub fn check(check: &mut Check) {
    let goal = Goal::happens("two customers are inside at once", |execution| most_inside(execution) == 2);
    check.break_it(crate::given::main, crate::learner::SCHEDULE, goal);
}

/// The largest number of those who have gone in and not come out.
fn most_inside(execution: &Execution) -> usize {
    let (mut inside, mut most) = (0, 0);
    for line in facts::lines(execution) {
        if line.ends_with(" goes in") {
            inside += 1;
        } else if line.ends_with(" comes out") {
            inside -= 1;
        }
        most = most.max(inside);
    }
    most
}
