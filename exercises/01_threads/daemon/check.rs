//! All lines are written by the thread before the program ends, and main knows it without guessing.

use threadcraft_harness::{Check, Execution, Program};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(1)
            .every_schedule("main waits for the thread, if it waits, and not for the clock", does_not_sleep)
            .outcome_is(written)
            .outcomes(),
    );
}

/// In virtual time a sleep of main's lets the thread come to rest; on a busy machine it lets nobody.
fn does_not_sleep(execution: &Execution) -> Result<(), String> {
    let sleeps = execution.calls.iter().any(|call| call.thread == 0 && call.verb == "sleep");
    if sleeps { Err("main sleeps, and no sleep is long enough for certain".to_owned()) } else { Ok(()) }
}

/// What the thread has written when the program has ended.
fn written(execution: &Execution) -> String {
    let lines: Vec<&str> = execution.printed_by(1).collect();
    if lines.is_empty() { "(the thread wrote nothing)".to_owned() } else { lines.join(" / ") }
}
