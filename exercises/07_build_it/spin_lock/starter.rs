//! A lock that is one word, for those who would rather look again than sleep.

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
        // TODO: two may see it free, and only one may take it.
        while self.taken.load(Ordering::Relaxed) {
            spin_loop();
        }
    }

    /// True if it was free and is now the caller's.
    pub fn try_lock(&self) -> bool {
        // TODO: the same without waiting.
        !self.taken.load(Ordering::Relaxed)
    }

    /// Whoever calls it has the lock.
    pub fn unlock(&self) {
        // TODO: what was done under the lock must be seen by the next.
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
