//! A lock of one word, at which those who wait sleep.

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering, spin_loop};
use threadcraft::prelude::*;

const FREE: u32 = 0;
const HELD: u32 = 1;

pub struct SleepingLock {
    state: AtomicU32,
}

impl SleepingLock {
    pub fn new() -> Self {
        Self { state: AtomicU32::new(FREE) }
    }

    /// Comes back with the lock.
    pub fn lock(&self) {
        // TODO: sleep instead, and let it be known …
        while self.state.swap(HELD, Ordering::Acquire) == HELD {
            spin_loop();
        }
    }

    /// True: it has the lock. False: that would have taken longer than `timeout`.
    pub fn lock_for(&self, timeout: Duration) -> bool {
        // TODO: … here, too, for so long …
        sleep(timeout);
        self.state.swap(HELD, Ordering::Acquire) == FREE
    }

    /// Whoever calls it has the lock.
    pub fn unlock(&self) {
        // TODO: … to whoever is to wake you.
        self.state.store(FREE, Ordering::Release);
    }
}

pub fn main() {
    let sauna = Arc::new((SleepingLock::new(), Shared::new(0).named("visits")));
    let both = [(); 2].map(|()| {
        let sauna = Arc::clone(&sauna);
        spawn(move || {
            sauna.0.lock();
            sauna.1.set(sauna.1.get() + 1);
            sauna.0.unlock();
        })
    });
    for one in both {
        one.join().expect("the guest has been in");
    }
    println!("visits: {}", sauna.1.get());
}
