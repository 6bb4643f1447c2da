//! Two threads at once, each with its own lines in order; main has the last word on every schedule.

use threadcraft_harness::{Check, Program};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(2)
            .alive_at_once(2)
            .every_schedule("the last line is main's, after both threads have ended", |execution| {
                match execution.printed.last() {
                    Some(last) if last.thread == 0 => Ok(()),
                    Some(last) => Err(format!("`{}` comes after it", last.line.trim_start())),
                    None => Err("nothing is printed".to_owned()),
                }
            })
            .output(),
    );
}
