//! Right: one permit, never given back: whoever gets it has decided.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Alarm {
    decided: Arc<Semaphore>,
}

impl Alarm {
    /// Calls `ring` after the delay, unless it is cancelled before.
    pub fn after(delay: Duration, ring: impl FnOnce() + Send + 'static) -> Self {
        let decided = Arc::new(Semaphore::new(1).named("decided"));
        spawn({
            let decided = Arc::clone(&decided);
            move || {
                sleep(delay);
                if let Some(permit) = decided.try_acquire() {
                    permit.forget();
                    ring();
                }
            }
        });
        Self { decided }
    }

    /// True: it has not rung, and never will. False: it has, or is about to.
    pub fn cancel(&self) -> bool {
        self.decided.try_acquire().map(Permit::forget).is_some()
    }
}

pub fn main() {
    let alarm = Alarm::after(Duration::from_millis(20), || println!("the alarm rings"));
    sleep(Duration::from_millis(10));
    println!("cancelled in time: {}", alarm.cancel());
}
