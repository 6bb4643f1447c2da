//! Two threads at once, each baking its batch; a second start is refused and told.

use threadcraft_harness::{Check, Execution, Program, facts};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(2)
            .alive_at_once(2)
            .every_schedule("each batch is baked in a thread of its own", baked_apart)
            .every_schedule("a second start is refused, and main says so", told)
            .main_ends_with("out of the ovens: 5"),
    );
}

fn baked_apart(execution: &Execution) -> Result<(), String> {
    let mut bakers = Vec::new();
    for batch in ["bread", "rolls"] {
        let whole = [format!("{batch}: in"), format!("{batch}: out")];
        let baker = facts::started(execution).find(|&thread| execution.printed_by(thread).eq(&whole));
        bakers.push(baker.ok_or_else(|| format!("no thread does all of the {batch} and nothing else"))?);
    }
    if bakers[0] == bakers[1] { Err("one thread bakes both".to_owned()) } else { Ok(()) }
}

fn told(execution: &Execution) -> Result<(), String> {
    let told = execution.printed_by(0).any(|line| line.starts_with("refused: the thread was started before"));
    if told { Ok(()) } else { Err("main does not print `refused: the thread was started before: …`".to_owned()) }
}
