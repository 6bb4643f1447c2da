//! A light that is lit in the evening, and those who wait for it.

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::futex::Wait;
use threadcraft::prelude::*;

const DARK: u32 = 0;
const LIT: u32 = 1;

pub struct Light {
    state: AtomicU32,
}

impl Light {
    pub fn new() -> Self {
        Self { state: AtomicU32::new(DARK) }
    }

    /// Lights it, and lets all go on.
    pub fn set(&self) {
        // Release: partner of the Acquire in `is_lit`.
        self.state.store(LIT, Ordering::Release);
        futex::wake(&raw const self.state, u32::MAX);
    }

    /// Puts it out: who comes now waits for the next time.
    pub fn clear(&self) {
        // Relaxed: it tells nobody of anything.
        self.state.store(DARK, Ordering::Relaxed);
    }

    /// Comes back when it is lit.
    pub fn wait(&self) {
        while !self.is_lit() {
            futex::wait(&self.state, DARK, None);
        }
    }

    /// True if it is lit, false if that took longer than `timeout`.
    pub fn wait_for(&self, timeout: Duration) -> bool {
        // One deadline for all rounds: who is woken for no reason does not begin anew.
        let deadline = Instant::after(timeout);
        while !self.is_lit() {
            if futex::wait(&self.state, DARK, deadline) == Wait::TimedOut {
                return self.is_lit();
            }
        }
        true
    }

    fn is_lit(&self) -> bool {
        // Acquire: partner of the Release in `set`.
        self.state.load(Ordering::Acquire) == LIT
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
