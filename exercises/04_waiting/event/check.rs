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
            .every_schedule("who waits sleeps, and does not ask again and again", facts::nobody_polls)
            .some_schedule("the spectator reads the first goal alone", |execution| reads(execution, "2"))
            .some_schedule("the spectator reads both goals", |execution| reads(execution, "4")),
    );
}

fn reads(execution: &Execution, points: &str) -> Result<(), String> {
    match read(execution) {
        Some(read) if read == points => Ok(()),
        read => Err(format!("the spectator reads {}", read.unwrap_or("nothing"))),
    }
}

/// What the spectator read.
fn read(execution: &Execution) -> Option<&str> {
    facts::lines(execution).find_map(|line| line.strip_prefix("the board says "))
}
