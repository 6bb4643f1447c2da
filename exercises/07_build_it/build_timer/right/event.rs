//! Right: the sleep is in an event, which stays set for who comes late; a lock decides.

use std::sync::Arc;

use threadcraft::prelude::*;

#[derive(Clone)]
pub struct Alarm {
    decided: Arc<Lock<bool>>,
    called_off: Arc<Event>,
}

impl Alarm {
    /// Calls `ring` after the delay, unless it is cancelled before.
    pub fn after(delay: Duration, ring: impl FnOnce() + Send + 'static) -> Self {
        let alarm = Self {
            decided: Arc::new(Lock::new(false).named("decided")),
            called_off: Arc::new(Event::new().named("called off")),
        };
        spawn({
            let alarm = alarm.clone();
            move || {
                alarm.called_off.wait_for(delay);
                if alarm.decides() {
                    ring();
                }
            }
        });
        alarm
    }

    /// True: it has not rung, and never will. False: it has, or is about to.
    pub fn cancel(&self) -> bool {
        if self.decides() {
            self.called_off.set();
        }
        self.called_off.is_set()
    }

    /// True for the first who asks.
    fn decides(&self) -> bool {
        !std::mem::replace(&mut *self.decided.lock(), true)
    }
}

pub fn main() {
    let alarm = Alarm::after(Duration::from_millis(20), || println!("the alarm rings"));
    sleep(Duration::from_millis(10));
    println!("cancelled in time: {}", alarm.cancel());
}
