//! A kitchen that stands still, on the learner's schedule; then none, with one cook for both jobs.

use threadcraft_harness::{Check, Execution, Goal, Program, facts};

pub fn check(check: &mut Check) {
    check.break_it(crate::given::main, crate::learner::SCHEDULE, Goal::deadlock());
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(2..)
            .alive_at_once(2)
            .every_schedule("the dough is kneaded, then the bread is baked", in_order)
            .every_schedule("one cook does both", one_cook)
            .main_ends_with("all is done")
            .main_speaks_last()
            // A pause orders nothing: the clock may go on whenever it likes.
            .clock_may_jump(),
    );
}

const JOBS: [&str; 2] = ["the dough is kneaded", "the bread is baked"];

fn in_order(execution: &Execution) -> Result<(), String> {
    let done: Vec<&str> = facts::lines(execution).filter(|line| JOBS.contains(line)).collect();
    match done[..] {
        [] => Err("neither is".to_owned()),
        [only] => Err(format!("only `{only}`")),
        _ if done == JOBS => Ok(()),
        _ => Err(format!("they come as: {}", done.join(", "))),
    }
}

fn one_cook(execution: &Execution) -> Result<(), String> {
    let who = |job| execution.printed.iter().find(|printed| printed.line == job).map(|printed| printed.thread);
    let baker = execution.thread_named("baker");
    match JOBS.map(who) {
        [Some(kneads), Some(bakes)] if kneads != bakes => Err("two threads share the work".to_owned()),
        [kneads, _] if kneads == Some(0) => Err("main does it".to_owned()),
        [kneads, _] if kneads.is_some() && kneads == baker => Err("the baker does it".to_owned()),
        _ => Ok(()),
    }
}
