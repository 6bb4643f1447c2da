//! Cancel and ring at the same time: one of the two wins, and both can; left alone, it rings.

use threadcraft::prelude::*;
use threadcraft::probe;
use threadcraft_harness::{Check, Execution, Program};

use crate::learner::Alarm;

/// The learner's own program has to compile, too.
const _: fn() = crate::learner::main;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("cancelled just when it should ring", || {
            let alarm = set();
            sleep(DELAY);
            probe(CANCELLED, i64::from(alarm.cancel()));
        })
        .every_schedule("either it rings, or `cancel` says that it never will", |execution| {
            match (rings(execution), cancelled(execution)) {
                (1, false) | (0, true) => Ok(()),
                (1, true) => Err("`cancel` returns true, and it rings".to_owned()),
                (0, false) => Err("`cancel` returns false, and it does not ring".to_owned()),
                (times, _) => Err(format!("it rings {times} times")),
            }
        })
        .some_schedule("it is cancelled in time", |execution| {
            if cancelled(execution) { Ok(()) } else { Err("`cancel` returns false") }
        })
        .some_schedule("it is cancelled too late", |execution| {
            if cancelled(execution) { Err("`cancel` returns true") } else { Ok(()) }
        })
        .clock_may_jump(),
    );
    check.explore(
        Program::new("left alone", || drop(set())).every_schedule("it rings once, after the delay", |execution| {
            rings(execution) == 1 && execution.elapsed >= DELAY
        }),
    );
}

const DELAY: Duration = Duration::from_millis(10);
const RINGS: &str = "rings";
const CANCELLED: &str = "cancelled";

fn set() -> Alarm {
    Alarm::after(DELAY, || probe(RINGS, 1))
}

fn rings(execution: &Execution) -> usize {
    execution.probes.iter().filter(|probe| probe.name == RINGS).count()
}

fn cancelled(execution: &Execution) -> bool {
    execution.probes.iter().any(|probe| probe.name == CANCELLED && probe.value == 1)
}
