//! Right: the number of the phase and the count are halves of one word, and change together.

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::prelude::*;

/// The low half: how many have come. The high half: the number of the phase.
const COUNT: u32 = 0xffff;
const PHASE: u32 = COUNT + 1;

pub struct Barrier {
    parties: u32,
    state: AtomicU32,
}

impl Barrier {
    /// A barrier for so many threads, always the same ones.
    pub fn new(parties: u32) -> Self {
        Self { parties, state: AtomicU32::new(0) }
    }

    /// Waits until all have come; true for one of them in each phase.
    pub fn wait(&self) -> bool {
        // AcqRel: what this thread wrote is handed to the last that comes, and the last receives it from all.
        let before = self.state.fetch_add(1, Ordering::AcqRel);
        let phase = before & !COUNT;
        if (before & COUNT) + 1 == self.parties {
            // Release: partner of the Acquire below. All have come, so nobody else writes.
            self.state.store(phase.wrapping_add(PHASE), Ordering::Release);
            futex::wake(&raw const self.state, u32::MAX);
            return true;
        }
        loop {
            // Acquire: partner of the Release above.
            let now = self.state.load(Ordering::Acquire);
            if now & !COUNT != phase {
                return false;
            }
            futex::wait(&self.state, now, None);
        }
    }
}

pub fn main() {
    let hut = Arc::new((Barrier::new(2), Shared::new(0).named("ropes")));
    let other = spawn({
        let hut = Arc::clone(&hut);
        move || {
            hut.1.set(1);
            hut.0.wait();
        }
    });
    hut.0.wait();
    println!("ropes in the hut: {}", hut.1.get());
    other.join().expect("the other came back");
}
