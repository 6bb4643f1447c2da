//! The spectator sleeps until there is a goal, and never reads half of one.

use threadcraft_harness::{Check, Execution, Program, facts};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(2)
            .alive_at_once(2)
            .every_schedule("the spectator reads 2 or 4", |execution| match read(execution) {
                Some("2" | "4") => Ok(()),
                Some(other) => Err(format!("the spectator reads {other}")),
                None => Err("nobody prints `the board says …`".to_owned()),
            })
            .every_schedule("who waits sleeps, and does not ask again and again", |execution| {
                facts::started(execution).all(|thread| !facts::polls(execution, thread))
            })
            .some_schedule("the spectator reads the first goal alone", |execution| read(execution) == Some("2"))
            .some_schedule("the spectator reads both goals", |execution| read(execution) == Some("4")),
    );
}

/// What the spectator read.
fn read(execution: &Execution) -> Option<&str> {
    facts::lines(execution).find_map(|line| line.strip_prefix("the board says "))
}
