//! Right: who waits is counted, and a permit is handed over; the futex is called only for somebody.

use std::sync::Arc;

use threadcraft::atomic::{AtomicI32, AtomicU32, Ordering};
use threadcraft::prelude::*;

pub struct Permits {
    /// The permits that nobody has, less those who wait.
    balance: AtomicI32,
    /// Permits for those who wait.
    handed: AtomicU32,
}

impl Permits {
    pub fn new(number: u32) -> Self {
        Self { balance: AtomicI32::new(number.cast_signed()), handed: AtomicU32::new(0) }
    }

    /// Takes one; waits until there is one.
    pub fn acquire(&self) {
        // Acquire, here and below: partners of the Releases in `release`.
        if self.balance.fetch_sub(1, Ordering::Acquire) > 0 {
            return;
        }
        // Relaxed: the exchange is what takes.
        let mut seen = self.handed.load(Ordering::Relaxed);
        loop {
            match seen {
                0 => {
                    futex::wait(&self.handed, 0, None);
                    seen = self.handed.load(Ordering::Relaxed);
                }
                _ => match self.handed.compare_exchange(seen, seen - 1, Ordering::Acquire, Ordering::Relaxed) {
                    Ok(_) => return,
                    Err(changed) => seen = changed,
                },
            }
        }
    }

    /// Gives so many.
    pub fn release(&self, permits: u32) {
        for _ in 0..permits {
            // One that waits gets it, and nobody else.
            if self.balance.fetch_add(1, Ordering::AcqRel) < 0 {
                self.handed.fetch_add(1, Ordering::Release);
                futex::wake(&raw const self.handed, 1);
            }
        }
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
