//! Right: each draws a number, and they are served in turn (a ticket lock).

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering, spin_loop};
use threadcraft::prelude::*;

pub struct SpinLock {
    next: AtomicU32,
    served: AtomicU32,
}

impl SpinLock {
    pub fn new() -> Self {
        Self { next: AtomicU32::new(0), served: AtomicU32::new(0) }
    }

    /// Comes back with the lock.
    pub fn lock(&self) {
        // Relaxed: a number is drawn, and nothing else learned.
        let mine = self.next.fetch_add(1, Ordering::Relaxed);
        // Acquire: partner of the Release in `unlock`.
        while self.served.load(Ordering::Acquire) != mine {
            spin_loop();
        }
    }

    /// True if it was free and is now the caller's.
    pub fn try_lock(&self) -> bool {
        // Acquire: as in `lock`.
        let served = self.served.load(Ordering::Acquire);
        // Free is it if the number to be drawn is the one that is served. Relaxed: as in `lock`.
        self.next.compare_exchange(served, served.wrapping_add(1), Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Whoever calls it has the lock.
    pub fn unlock(&self) {
        // Release: partner of the Acquire in `lock` and `try_lock`. Nobody else writes it meanwhile.
        self.served.fetch_add(1, Ordering::Release);
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
