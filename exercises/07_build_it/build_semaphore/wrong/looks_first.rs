//! Wrong: two see the one permit, and both take it.

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::prelude::*;

pub struct Permits {
    number: AtomicU32,
}

impl Permits {
    pub fn new(number: u32) -> Self {
        Self { number: AtomicU32::new(number) }
    }

    /// Takes one; waits until there is one.
    pub fn acquire(&self) {
        while self.number.load(Ordering::Acquire) == 0 {
            futex::wait(&self.number, 0, None);
        }
        self.number.fetch_sub(1, Ordering::Acquire);
    }

    /// Gives so many.
    pub fn release(&self, permits: u32) {
        self.number.fetch_add(permits, Ordering::Release);
        futex::wake(&raw const self.number, permits);
    }
}

pub fn main() {
    let harbour = Arc::new((Permits::new(0), Shared::new(0).named("ships")));
    let captains = [(); 2].map(|()| {
        let harbour = Arc::clone(&harbour);
        spawn(move || {
            harbour.0.acquire();
            harbour.1.set(harbour.1.get() + 1);
            harbour.0.release(1);
        })
    });
    harbour.0.release(1);
    for captain in captains {
        captain.join().expect("the captain is in");
    }
    println!("ships: {}", harbour.1.get());
}
