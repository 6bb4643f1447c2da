//! An alarm, and a flag that says that it should not ring.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Alarm {
    cancelled: Arc<Shared<bool>>,
}

impl Alarm {
    /// Calls `ring` after the delay, unless it is cancelled before.
    pub fn after(delay: Duration, ring: impl FnOnce() + Send + 'static) -> Self {
        let cancelled = Arc::new(Shared::new(false).named("cancelled"));
        spawn({
            let cancelled = Arc::clone(&cancelled);
            move || {
                sleep(delay);
                // TODO: what may happen between the look at the flag and the ring …
                if !cancelled.get() {
                    ring();
                }
            }
        });
        Self { cancelled }
    }

    /// True: it has not rung, and never will. False: it has, or is about to.
    pub fn cancel(&self) -> bool {
        // TODO: … and is it true, what this promises?
        self.cancelled.set(true);
        true
    }
}

pub fn main() {
    let alarm = Alarm::after(Duration::from_millis(20), || println!("the alarm rings"));
    sleep(Duration::from_millis(10));
    println!("cancelled in time: {}", alarm.cancel());
}
