//! Wrong: each sets a flag of its own and looks at the other one's, and both may be late.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Alarm {
    cancelled: Arc<Shared<bool>>,
    rings: Arc<Shared<bool>>,
}

impl Alarm {
    /// Calls `ring` after the delay, unless it is cancelled before.
    pub fn after(delay: Duration, ring: impl FnOnce() + Send + 'static) -> Self {
        let cancelled = Arc::new(Shared::new(false).named("cancelled"));
        let rings = Arc::new(Shared::new(false).named("rings"));
        spawn({
            let (cancelled, rings) = (Arc::clone(&cancelled), Arc::clone(&rings));
            move || {
                sleep(delay);
                if !cancelled.get() {
                    rings.set(true);
                    ring();
                }
            }
        });
        Self { cancelled, rings }
    }

    /// True: it has not rung, and never will. False: it has, or is about to.
    pub fn cancel(&self) -> bool {
        self.cancelled.set(true);
        !self.rings.get()
    }
}

pub fn main() {
    let alarm = Alarm::after(Duration::from_millis(20), || println!("the alarm rings"));
    sleep(Duration::from_millis(10));
    println!("cancelled in time: {}", alarm.cancel());
}
