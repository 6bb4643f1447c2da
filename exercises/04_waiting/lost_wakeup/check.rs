//! Both guests come in once the doors are open: by a wake-up, not by asking and not by the clock.

use std::time::Duration;

use threadcraft_harness::{Check, Execution, Program, facts};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(3)
            .alive_at_once(3)
            .every_schedule("the doors open, then both guests come in", in_order)
            .every_schedule("who waits sleeps, and does not ask again and again", facts::nobody_polls)
            .every_schedule("nobody waits until some time is over", |execution| {
                let waited = execution.elapsed;
                if waited == Duration::ZERO { Ok(()) } else { Err(format!("a guest comes in {waited:?} too late")) }
            }),
    );
}

fn in_order(execution: &Execution) -> Result<(), String> {
    let mut lines = facts::lines(execution);
    match lines.next() {
        Some("the doors open") => {}
        Some(other) => return Err(format!("the first line is `{other}`")),
        None => return Err("nothing is printed".to_owned()),
    }
    let guests = lines.filter(|line| *line == "a guest comes in").count();
    if guests == 2 { Ok(()) } else { Err(format!("of two guests, {guests} come in")) }
}
