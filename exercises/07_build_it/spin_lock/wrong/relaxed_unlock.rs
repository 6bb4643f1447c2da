//! Wrong: one at a time, but the release publishes nothing of what was done under the lock.

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
        // Acquire: partner of the Release in `unlock`, so that all that was done under the lock before is seen.
        while self.taken.swap(true, Ordering::Acquire) {
            spin_loop();
        }
    }

    /// True if it was free and is now the caller's.
    pub fn try_lock(&self) -> bool {
        // Acquire: as in `lock`.
        !self.taken.swap(true, Ordering::Acquire)
    }

    /// Whoever calls it has the lock.
    pub fn unlock(&self) {
        self.taken.store(false, Ordering::Relaxed);
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
