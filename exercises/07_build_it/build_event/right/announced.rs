//! Right: who watches says so, and where nobody does the futex is not called.

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::futex::Wait;
use threadcraft::prelude::*;

const DARK: u32 = 0;
const LIT: u32 = 1;
/// Dark, and somebody may sleep.
const WATCHED: u32 = 2;

pub struct Light {
    state: AtomicU32,
}

impl Light {
    pub fn new() -> Self {
        Self { state: AtomicU32::new(DARK) }
    }

    /// Lights it, and lets all go on.
    pub fn set(&self) {
        // Release: partner of the Acquires in `wait_until`.
        if self.state.swap(LIT, Ordering::Release) == WATCHED {
            futex::wake(&raw const self.state, u32::MAX);
        }
    }

    /// Puts it out: who comes now waits for the next time.
    pub fn clear(&self) {
        // Only if it is lit: that it is watched must not be forgotten. Relaxed: it tells nobody of anything.
        let _ = self.state.compare_exchange(LIT, DARK, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Comes back when it is lit.
    pub fn wait(&self) {
        self.wait_until(None);
    }

    /// True if it is lit, false if that took longer than `timeout`.
    pub fn wait_for(&self, timeout: Duration) -> bool {
        self.wait_until(Instant::after(timeout))
    }

    fn wait_until(&self, deadline: Option<Instant>) -> bool {
        loop {
            // Relaxed: that somebody watches publishes nothing. Acquire: it may be lit.
            let seen = self.state.compare_exchange(DARK, WATCHED, Ordering::Relaxed, Ordering::Acquire);
            if seen == Err(LIT) {
                return true;
            }
            if futex::wait(&self.state, WATCHED, deadline) == Wait::TimedOut {
                // Acquire: as above.
                return self.state.load(Ordering::Acquire) == LIT;
            }
        }
    }
}

pub fn main() {
    let light = Arc::new(Light::new());
    let patient = spawn({
        let light = Arc::clone(&light);
        move || light.wait()
    });
    let hasty = spawn({
        let light = Arc::clone(&light);
        move || light.wait_for(Duration::from_millis(5))
    });
    light.set();
    patient.join().expect("the patient boat lands");
    println!("the hasty boat lands: {}", hasty.join().expect("it has decided"));
}
