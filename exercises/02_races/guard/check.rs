//! Exclusion where it is needed, and nobody slow with a lock in hand.

use threadcraft_harness::{Check, Execution, Program, facts};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(2)
            .alive_at_once(2)
            .shares_with_main(2)
            .every_schedule("each clerk writes a letter, which takes a while", all_write)
            .every_schedule("nobody writes a letter with a lock in hand", nobody_is_slow)
            .main_ends_with("letters: [1, 2]"),
    );
}

fn all_write(execution: &Execution) -> Result<(), String> {
    let sleeps = |thread: usize| execution.calls.iter().any(|call| call.thread == thread && call.verb == "sleep");
    match facts::started(execution).find(|&thread| !sleeps(thread)) {
        Some(_) => Err("a clerk never sleeps".to_owned()),
        None => Ok(()),
    }
}

fn nobody_is_slow(execution: &Execution) -> Result<(), String> {
    match facts::started(execution).find(|&thread| facts::is_slow_while_holding(execution, thread)) {
        Some(_) => Err("a clerk sleeps and holds a lock meanwhile".to_owned()),
        None => Ok(()),
    }
}
