//! Right: who finds it taken only reads, until it looks free (test and test-and-set).

use std::sync::Arc;

use threadcraft::atomic::{AtomicBool, Ordering, spin_loop};
use threadcraft::prelude::*;

pub struct SpinLock {
    taken: AtomicBool,
}

impl SpinLock {
    pub fn new() -> Self {
        Self { taken: AtomicBool::new(false) }
    }

    /// Comes back with the lock.
    pub fn lock(&self) {
        // While it is taken it is only read, which leaves the cache line with everybody.
        while !self.try_lock() {
            // Relaxed: nothing is concluded from it but that a try is worth while.
            while self.taken.load(Ordering::Relaxed) {
                spin_loop();
            }
        }
    }

    /// True if it was free and is now the caller's.
    pub fn try_lock(&self) -> bool {
        self.taken.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Whoever calls it has the lock.
    pub fn unlock(&self) {
        // Release: partner of the Acquire in `lock` and `try_lock`.
        self.taken.store(false, Ordering::Release);
    }
}

pub fn main() {
    let table = Arc::new((SpinLock::new(), Shared::new(0).named("stitches")));
    let both = [(); 2].map(|()| {
        let table = Arc::clone(&table);
        spawn(move || {
            table.0.lock();
            table.1.set(table.1.get() + 1);
            table.0.unlock();
        })
    });
    for one in both {
        one.join().expect("the surgeon is done");
    }
    println!("stitches: {}", table.1.get());
}
