//! TODO: what must hold of the learner's program, in one line.

use threadcraft_harness::{Check, Program};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(2)
            .alive_at_once(2)
            .every_schedule("main's last line is `total = 2`", |execution| {
                match execution.printed_by(0).last() {
                    Some("total = 2") => Ok(()),
                    Some(last) => Err(format!("it is `{last}`")),
                    None => Err("main prints nothing".to_owned()),
                }
            }),
    );
}
