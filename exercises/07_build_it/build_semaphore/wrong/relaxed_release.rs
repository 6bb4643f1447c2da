//! Wrong: one permit lets one in, but what was done with it is not published.

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
        let mut seen = self.number.load(Ordering::Relaxed);
        loop {
            if seen == 0 {
                futex::wait(&self.number, 0, None);
                seen = self.number.load(Ordering::Relaxed);
                continue;
            }
            match self.number.compare_exchange(seen, seen - 1, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return,
                Err(changed) => seen = changed,
            }
        }
    }

    /// Gives so many.
    pub fn release(&self, permits: u32) {
        self.number.fetch_add(permits, Ordering::Relaxed);
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
