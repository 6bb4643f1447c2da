//! A timer: one thread that sleeps in a condition until its time has come, or until it is called off.

use std::sync::Arc;

use threadcraft::prelude::*;

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Pending,
    Fired,
    Cancelled,
}

struct Clock {
    stage: Lock<Stage>,
    changed: Condition,
}

#[derive(Clone)]
pub struct Alarm {
    clock: Arc<Clock>,
}

impl Alarm {
    /// Calls `ring` after the delay, unless it is cancelled before.
    pub fn after(delay: Duration, ring: impl FnOnce() + Send + 'static) -> Self {
        let stage = Lock::new(Stage::Pending).named("stage");
        let clock = Arc::new(Clock { stage, changed: Condition::new().named("changed") });
        spawn({
            let clock = Arc::clone(&clock);
            move || {
                // TODO: sleep so that a call ends it, and let one step decide whether it rings.
                sleep(delay);
                ring();
            }
        });
        Self { clock }
    }

    /// True: it has not rung, and never will. False: it has, or is about to.
    pub fn cancel(&self) -> bool {
        // TODO: decide, and call the sleeper.
        *self.clock.stage.lock() = Stage::Cancelled;
        true
    }
}

pub fn main() {
    let alarm = Alarm::after(Duration::from_millis(20), || println!("the alarm rings"));
    sleep(Duration::from_millis(10));
    println!("cancelled in time: {}", alarm.cancel());
}
