//! Wrong: it is asked who was first, and nobody writes it down.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Alarm {
    decided: Arc<Lock<bool>>,
}

impl Alarm {
    /// Calls `ring` after the delay, unless it is cancelled before.
    pub fn after(delay: Duration, ring: impl FnOnce() + Send + 'static) -> Self {
        let decided = Arc::new(Lock::new(false).named("decided"));
        spawn({
            let decided = Arc::clone(&decided);
            move || {
                sleep(delay);
                if decides(&decided) {
                    ring();
                }
            }
        });
        Self { decided }
    }

    /// True: it has not rung, and never will. False: it has, or is about to.
    pub fn cancel(&self) -> bool {
        decides(&self.decided)
    }
}

/// True for the first who asks.
fn decides(decided: &Lock<bool>) -> bool {
    !*decided.lock()
}

pub fn main() {
    let alarm = Alarm::after(Duration::from_millis(20), || println!("the alarm rings"));
    sleep(Duration::from_millis(10));
    println!("cancelled in time: {}", alarm.cancel());
}
