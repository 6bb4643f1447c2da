//! Wrong: `cancel` waits until it has rung, and then says truly that it was too late.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Alarm {
    over: Arc<Event>,
}

impl Alarm {
    /// Calls `ring` after the delay, unless it is cancelled before.
    pub fn after(delay: Duration, ring: impl FnOnce() + Send + 'static) -> Self {
        let over = Arc::new(Event::new().named("over"));
        spawn({
            let over = Arc::clone(&over);
            move || {
                sleep(delay);
                ring();
                over.set();
            }
        });
        Self { over }
    }

    /// True: it has not rung, and never will. False: it has, or is about to.
    pub fn cancel(&self) -> bool {
        self.over.wait();
        false
    }
}

pub fn main() {
    let alarm = Alarm::after(Duration::from_millis(20), || println!("the alarm rings"));
    sleep(Duration::from_millis(10));
    println!("cancelled in time: {}", alarm.cancel());
}
