//! Right: one atomic step sets the flag, and says what it was before.

use std::sync::Arc;

use threadcraft::atomic::{AtomicBool, Ordering};
use threadcraft::prelude::*;

pub struct Alarm {
    decided: Arc<AtomicBool>,
}

impl Alarm {
    /// Calls `ring` after the delay, unless it is cancelled before.
    pub fn after(delay: Duration, ring: impl FnOnce() + Send + 'static) -> Self {
        let decided = Arc::new(AtomicBool::new(false));
        spawn({
            let decided = Arc::clone(&decided);
            move || {
                sleep(delay);
                if !decided.swap(true, Ordering::AcqRel) {
                    ring();
                }
            }
        });
        Self { decided }
    }

    /// True: it has not rung, and never will. False: it has, or is about to.
    pub fn cancel(&self) -> bool {
        !self.decided.swap(true, Ordering::AcqRel)
    }
}

pub fn main() {
    let alarm = Alarm::after(Duration::from_millis(20), || println!("the alarm rings"));
    sleep(Duration::from_millis(10));
    println!("cancelled in time: {}", alarm.cancel());
}
