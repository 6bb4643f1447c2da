//! Never more inside than there are cabins, and as many do happen.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::prelude::*;
use threadcraft::probe;
use threadcraft_harness::{Check, Execution, Program, facts};

use crate::learner::Bath;

/// The learner's own program has to compile, too.
const _: fn() = crate::learner::main;

pub fn check(check: &mut Check) {
    let bathe = || {
        probe(INSIDE, 1);
        probe(INSIDE, -1);
    };
    check.explore(
        Program::new("2 visitors and 1 cabin", move || visits(2, 1, bathe))
            .every_schedule("at most one is inside", |execution| match facts::highest(execution, INSIDE) {
                0 | 1 => Ok(()),
                inside => Err(format!("{inside} are inside at once")),
            })
            .every_schedule("everybody bathes", |execution| {
                let came_in = execution.probes.iter().filter(|probe| probe.value > 0).count();
                if came_in == 2 { Ok(()) } else { Err(format!("of 2 visitors, {came_in} do")) }
            }),
    );
    // Time stands still while anybody can go in: how long it takes says how many were in at once.
    check.explore(
        Program::new("4 visitors and 3 cabins", || visits(4, 3, || sleep(BATH)))
            .every_schedule("4 baths of 10 ms, 3 at a time, take 20 ms", took_two_rounds)
            .max_schedules(3_000),
    );
}

/// Raised by one who comes in, lowered by one who leaves.
const INSIDE: &str = "inside";

/// As long takes a bath.
const BATH: Duration = Duration::from_millis(10);

fn visits(visitors: usize, cabins: u32, bathe: fn()) {
    let bath = Arc::new(Bath::new(cabins));
    let visits: Vec<_> = (0..visitors)
        .map(|_| {
            let bath = Arc::clone(&bath);
            spawn(move || bath.visit(bathe))
        })
        .collect();
    for visit in visits {
        visit.join().expect("a visit does not panic");
    }
}

fn took_two_rounds(execution: &Execution) -> Result<(), String> {
    let took = execution.elapsed;
    if took < BATH * 2 {
        Err(format!("they take {took:?}: more than three bathe at once, or not all do"))
    } else if took > BATH * 2 {
        Err(format!("they take {took:?}: never are three inside"))
    } else {
        Ok(())
    }
}
