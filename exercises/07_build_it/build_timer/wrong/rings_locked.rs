//! Wrong: it rings with the lock held, and whoever asks for it while it rings waits for ever.

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
                let mut stage = clock.stage.lock();
                clock.changed.wait_while_for(&mut stage, |stage| *stage == Stage::Pending, delay);
                if *stage == Stage::Pending {
                    *stage = Stage::Fired;
                    ring();
                }
            }
        });
        Self { clock }
    }

    /// True: it has not rung, and never will. False: it has, or is about to.
    pub fn cancel(&self) -> bool {
        let mut stage = self.clock.stage.lock();
        if *stage == Stage::Pending {
            *stage = Stage::Cancelled;
            self.clock.changed.notify_one(&mut stage);
        }
        *stage == Stage::Cancelled
    }
}

pub fn main() {
    let alarm = Alarm::after(Duration::from_millis(20), || println!("the alarm rings"));
    sleep(Duration::from_millis(10));
    println!("cancelled in time: {}", alarm.cancel());
}
