//! Right: the alarm sleeps in a condition, so it need not sleep on once it is cancelled.

use std::sync::Arc;

use threadcraft::prelude::*;

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Pending,
    Ringing,
    Cancelled,
}

pub struct Alarm {
    stage: Arc<Monitor<Stage>>,
}

impl Alarm {
    /// Calls `ring` after the delay, unless it is cancelled before.
    pub fn after(delay: Duration, ring: impl FnOnce() + Send + 'static) -> Self {
        let stage = Arc::new(Monitor::new(Stage::Pending).named("stage"));
        spawn({
            let stage = Arc::clone(&stage);
            move || {
                let mut stage = stage.lock();
                stage.wait_while_for(|stage| *stage == Stage::Pending, delay);
                if *stage == Stage::Pending {
                    *stage = Stage::Ringing;
                    drop(stage);
                    ring();
                }
            }
        });
        Self { stage }
    }

    /// True: it has not rung, and never will. False: it has, or is about to.
    pub fn cancel(&self) -> bool {
        let mut stage = self.stage.lock();
        if *stage == Stage::Pending {
            *stage = Stage::Cancelled;
            stage.notify_all();
        }
        *stage == Stage::Cancelled
    }
}

pub fn main() {
    let alarm = Alarm::after(Duration::from_millis(20), || println!("the alarm rings"));
    sleep(Duration::from_millis(10));
    println!("cancelled in time: {}", alarm.cancel());
}
