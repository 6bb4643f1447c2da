//! One outcome, however long each site takes, with main at work while they are fetched.

use threadcraft_harness::{Check, Execution, Program, facts};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(2)
            .alive_at_once(2)
            .some_schedule("main's own flow goes on while pages are fetched", flows_meanwhile)
            // Nobody promises how long a site takes, or a sleep.
            .clock_may_jump()
            .outcomes(),
    );
}

/// Main prints its line before some thread has taken its last step.
fn flows_meanwhile(execution: &Execution) -> Result<(), String> {
    let mut later = execution.calls.iter().skip_while(|call| !(call.thread == 0 && call.verb == "print"));
    let somebody_works = later.any(|call| facts::started(execution).contains(&call.thread));
    match execution.printed_by(0).next() {
        Some(line) if line.starts_with("main flow") && somebody_works => Ok(()),
        Some(line) if line.starts_with("main flow") => Err("all have ended when main prints that line".to_owned()),
        _ => Err("main does not begin with `main flow of the application`".to_owned()),
    }
}
