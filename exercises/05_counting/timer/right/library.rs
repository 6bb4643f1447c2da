//! Right: the timer of the library is such an alarm.

use threadcraft::prelude::*;

pub struct Alarm(Timer);

impl Alarm {
    pub fn after(delay: Duration, ring: impl FnOnce() + Send + 'static) -> Self {
        Self(Timer::after(delay, ring))
    }

    pub fn cancel(&self) -> bool {
        self.0.cancel()
    }
}

pub fn main() {
    let alarm = Alarm::after(Duration::from_millis(20), || println!("the alarm rings"));
    sleep(Duration::from_millis(10));
    println!("cancelled in time: {}", alarm.cancel());
}
