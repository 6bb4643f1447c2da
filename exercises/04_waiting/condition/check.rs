//! A loaf sold that is not there, on the learner's schedule; then on none, and the customer gets one.

use threadcraft_harness::{Check, Execution, Goal, Program, facts};

pub fn check(check: &mut Check) {
    check.break_it(
        crate::given::main,
        crate::learner::SCHEDULE,
        Goal::violates("every loaf that is sold is there", |execution| loaves_are_there(execution).is_ok()),
    );
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(3)
            .alive_at_once(3)
            .every_schedule("every loaf that is sold is there", loaves_are_there)
            .every_schedule("the customer gets a loaf", |execution| {
                facts::lines(execution).any(|line| line.starts_with("the customer leaves"))
            })
            .some_schedule("the passer-by gets one, too", |execution| {
                facts::lines(execution).any(|line| line.starts_with("the passer-by leaves"))
            })
            .every_schedule("who waits sleeps, and does not ask again and again", |execution| {
                facts::started(execution).all(|thread| !facts::polls(execution, thread))
            })
            .every_schedule("nobody waits until some time is over", |execution| execution.elapsed.is_zero()),
    );
}

fn loaves_are_there(execution: &Execution) -> Result<(), String> {
    match facts::lines(execution).find(|line| line.ends_with("-1")) {
        Some(line) => Err(format!("the shelf is empty, and then {line}")),
        None => Ok(()),
    }
}
