//! A deadlock on the learner's schedule; then none on any, no transfer left out and no money out of sight.

use threadcraft_harness::{Check, Execution, Goal, Program, facts};

pub fn check(check: &mut Check) {
    check.break_it(crate::given::main, crate::learner::SCHEDULE, Goal::deadlock());
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(3)
            .alive_at_once(3)
            .shares_with_main(3)
            .every_schedule("the auditor finds 200 in total", finds_all)
            .main_speaks_last()
            .main_ends_with("savings = 90, current = 110"),
    );
}

fn finds_all(execution: &Execution) -> Result<(), String> {
    match facts::lines(execution).find(|line| line.starts_with("in total:")) {
        Some("in total: 200") => Ok(()),
        Some(other) => Err(format!("it is `{other}`")),
        None => Err("nobody prints `in total: …`".to_owned()),
    }
}
