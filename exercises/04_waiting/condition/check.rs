//! A loaf sold that is not there, on the learner's schedule; then on none, and the customer gets one.

use threadcraft_harness::{Check, Execution, Goal, Program, facts};

pub fn check(check: &mut Check) {
    check.break_it(
        crate::given::main,
        crate::learner::SCHEDULE,
        Goal::happens("a loaf is sold that is not there", |execution| loaves_are_there(execution).is_err()),
    );
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(3)
            .alive_at_once(3)
            .every_schedule("every loaf that is sold is there", loaves_are_there)
            .every_schedule("the customer gets a loaf", |execution| gets_one(execution, "the customer"))
            .some_schedule("the passer-by gets one, too", |execution| gets_one(execution, "the passer-by"))
            .every_schedule("who waits sleeps, and does not ask again and again", facts::nobody_polls)
            .every_schedule("nobody waits until some time is over", |execution| {
                let waited = execution.elapsed;
                if waited.is_zero() { Ok(()) } else { Err(format!("the customer gets the loaf {waited:?} too late")) }
            }),
    );
}

fn gets_one(execution: &Execution, who: &str) -> Result<(), String> {
    let gets = facts::lines(execution).any(|line| line.starts_with(who));
    if gets { Ok(()) } else { Err(format!("{who} gets none")) }
}

fn loaves_are_there(execution: &Execution) -> Result<(), String> {
    match facts::lines(execution).find(|line| line.ends_with("-1")) {
        Some(line) => Err(format!("the shelf is empty, and then {line}")),
        None => Ok(()),
    }
}
