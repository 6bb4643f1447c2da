//! Everything that was handed in is done when `close` returns, also what comes after a job that panics.

use threadcraft::probe;
use threadcraft_harness::{Check, Execution, Program};

use crate::learner::Office;

/// The learner's own program has to compile, too.
const _: fn() = crate::learner::main;

pub fn check(check: &mut Check) {
    check.explore(office("two jobs, then closing time", None));
    check.explore(office("three jobs, of which the first panics", Some(1)));
}

/// The number of a job that was done, or this: `close` has returned.
const CLOSED: i64 = 0;

fn office(title: &str, panics: Option<i64>) -> Program {
    let jobs = if panics.is_some() { 3 } else { 2 };
    Program::new(title, move || {
        let office = Office::new();
        for job in 1..=jobs {
            office.submit(move || {
                assert!(panics != Some(job), "the letter cannot be read");
                probe("done", job);
            });
        }
        let failed = office.close();
        probe("done", CLOSED);
        failed
    })
    .every_schedule("all other jobs are done, in order, when `close` returns", move |execution| {
        let expected: Vec<i64> = (1..=jobs).filter(|job| panics != Some(*job)).chain([CLOSED]).collect();
        let done: Vec<i64> = execution.probes.iter().map(|probe| probe.value).collect();
        if done == expected { Ok(()) } else { Err(instead(&done)) }
    })
    .every_schedule("`close` says how many jobs panicked", move |execution| {
        let expected = usize::from(panics.is_some()).to_string();
        says(execution, &expected)
    })
}

fn instead(done: &[i64]) -> String {
    let before = done.iter().position(|&job| job == CLOSED).unwrap_or(done.len());
    match &done[..before] {
        [] => "none is".to_owned(),
        jobs => format!("done are {jobs:?}"),
    }
}

fn says(execution: &Execution, expected: &str) -> Result<(), String> {
    match execution.outcome.as_deref() {
        Some(said) if said == expected => Ok(()),
        Some(said) => Err(format!("it says {said}")),
        None => Err("it does not return".to_owned()),
    }
}
