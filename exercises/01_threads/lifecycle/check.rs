//! The record reads the same on every schedule, and was made by looking.

use threadcraft_harness::{Check, Execution, Program};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(1)
            .every_schedule("main looks at the clerk when it is asleep, and when it has ended", looks)
            .output(),
    );
}

/// A look at a thread that was started is a step; one at a thread that is only made, or at oneself, is none.
fn looks(execution: &Execution) -> Result<(), String> {
    let is_look = |verb: &str| matches!(verb, "state" | "is_alive");
    let looks = execution.calls.iter().filter(|call| call.thread == 0 && is_look(call.verb)).count();
    if looks >= 4 {
        Ok(())
    } else {
        Err(format!("it asks {looks} times how the clerk stands, with two questions a look"))
    }
}
