//! Left alone, it rings; cancelled, its thread ends at once; in between, exactly one of the two; and it rings unlocked.

use std::sync::{Arc, OnceLock};

use threadcraft::prelude::*;
use threadcraft::probe;
use threadcraft_harness::{Check, Execution, Program};
use threadcraft_suites::timer::{self as models, Fires, Service};

use crate::learner::Alarm;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("left alone", models::left_alone::<Tested>)
            .comes_to("it rings once, and not before the delay is over", &["[0, 1]"]),
    );
    check.explore(
        Program::new("cancelled at once", || Alarm::after(DELAY, || probe(RINGS, 1)).cancel())
            .every_schedule("it does not ring, and its thread does not sleep until the delay is over", |execution| {
                seen(execution, false, Duration::ZERO)
            }),
    );
    check.explore(
        Program::new("cancelled twice just when it should ring", || {
            let alarm = Alarm::after(DELAY, || probe(RINGS, 1));
            sleep(DELAY);
            (alarm.cancel(), alarm.cancel())
        })
        .clock_may_jump()
        .every_schedule("either it rings, or `cancel` says each time that it never will", |execution| {
            match (rings(execution), execution.outcome.as_deref()) {
                (1, Some("(false, false)")) | (0, Some("(true, true)")) => Ok(()),
                (times, said) => Err(format!("it rings {times} times, `cancel` says {}", said.unwrap_or("nothing"))),
            }
        })
        .some_schedule("it is cancelled in time", |execution| rings(execution) == 0)
        .some_schedule("it is cancelled too late", |execution| rings(execution) == 1),
    );
    check.explore(
        Program::new("cancelled when half of the delay is over", || models::cancelled_after::<Tested>(models::SECOND / 2))
            .comes_to("it does not ring, and says so", &["(true, 0)"]),
    );
    check.explore(
        Program::new("cancelled by what it calls", || {
            let own: Arc<OnceLock<Alarm>> = Arc::new(OnceLock::new());
            let alarm = Alarm::after(DELAY, {
                let own = Arc::clone(&own);
                move || {
                    let alarm = own.get().expect("it is there before the delay is over");
                    probe(RINGS, if alarm.cancel() { 2 } else { 1 });
                }
            });
            assert!(own.set(alarm).is_ok(), "it is put there once");
        })
        .every_schedule("it rings, and is told that it is too late", |execution| seen(execution, true, DELAY)),
    );
}

/// The learner's alarm, as the suites know a timer; each has a thread of its own, which ends by itself.
struct Tested;

impl Service for Tested {
    type Timer = TestedAlarm;
    fn new() -> Self {
        Self
    }
    fn after(&self, delay: Duration, function: impl FnOnce() + Send + 'static) -> TestedAlarm {
        TestedAlarm(Alarm::after(delay, function))
    }
    fn shut_down(&self) {}
}

struct TestedAlarm(Alarm);

impl Fires for TestedAlarm {
    fn cancel(&self) -> bool {
        self.0.cancel()
    }
}

const DELAY: Duration = Duration::from_millis(10);
const RINGS: &str = "rings";

fn rings(execution: &Execution) -> i64 {
    execution.probes.iter().filter(|probe| probe.name == RINGS).map(|probe| probe.value).sum()
}

/// Whether it rang, and when all was over.
fn seen(execution: &Execution, rang: bool, at: Duration) -> Result<(), String> {
    match rings(execution) {
        rings if rings != i64::from(rang) => Err(format!("it rings {rings} times")),
        _ if execution.elapsed != at => Err(format!("all is over after {:?}", execution.elapsed)),
        _ => Ok(()),
    }
}
