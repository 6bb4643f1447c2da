//! Two cars on one space, on the learner's schedule; then on none, and one space in the end.

use threadcraft_harness::{Check, Execution, Goal, Program, facts};

pub fn check(check: &mut Check) {
    check.break_it(
        crate::given::main,
        crate::learner::SCHEDULE,
        Goal::happens("two cars stand on the space at once", |execution| one_at_a_time(execution).is_err()),
    );
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(3)
            .alive_at_once(3)
            .every_schedule("at most one car stands on the space", one_at_a_time)
            .every_schedule("the red and the blue car park once each", |execution| {
                ["red parks", "blue parks"].iter().all(|line| times(execution, line) == 1)
            })
            .every_schedule("the hurried car parks or drives on", |execution| {
                times(execution, "hurried parks") + times(execution, "hurried drives on") == 1
            })
            .some_schedule("the hurried car drives on", |execution| times(execution, "hurried drives on") == 1)
            .main_ends_with("free spaces: 1"),
    );
}

fn times(execution: &Execution, line: &str) -> usize {
    facts::lines(execution).filter(|printed| *printed == line).count()
}

fn one_at_a_time(execution: &Execution) -> Result<(), String> {
    let mut standing: Option<&str> = None;
    for line in facts::lines(execution) {
        if let Some(car) = line.strip_suffix(" parks") {
            if let Some(other) = standing {
                return Err(format!("the {car} car parks while the {other} one is there"));
            }
            standing = Some(car);
        } else if line.strip_suffix(" leaves") == standing {
            standing = None;
        }
    }
    Ok(())
}
