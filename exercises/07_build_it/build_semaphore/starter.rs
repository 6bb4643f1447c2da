//! A number of permits in one word, and sleep for those who find none.

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering, spin_loop};
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
        // TODO: who finds none is to sleep, and one permit is for one.
        while self.number.load(Ordering::Acquire) == 0 {
            spin_loop();
        }
        self.number.fetch_sub(1, Ordering::Relaxed);
    }

    /// Gives so many.
    pub fn release(&self, permits: u32) {
        // TODO: who sleeps for them is to be woken.
        self.number.fetch_add(permits, Ordering::Release);
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
