//! Wrong: the phase is looked up after coming, when it may be the next one already.

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::prelude::*;

pub struct Barrier {
    parties: u32,
    arrived: AtomicU32,
    phase: AtomicU32,
}

impl Barrier {
    /// A barrier for so many threads, always the same ones.
    pub fn new(parties: u32) -> Self {
        Self { parties, arrived: AtomicU32::new(0), phase: AtomicU32::new(0) }
    }

    /// Waits until all have come; true for one of them in each phase.
    pub fn wait(&self) -> bool {
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.parties {
            self.arrived.store(0, Ordering::Relaxed);
            self.phase.fetch_add(1, Ordering::Release);
            futex::wake(&raw const self.phase, u32::MAX);
            return true;
        }
        let phase = self.phase.load(Ordering::Relaxed);
        while self.phase.load(Ordering::Acquire) == phase {
            futex::wait(&self.phase, phase, None);
        }
        false
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
