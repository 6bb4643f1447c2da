//! Wrong: nobody is inside with another, but what was done inside is not published.

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::futex::Wait;
use threadcraft::prelude::*;

const FREE: u32 = 0;
const HELD: u32 = 1;
/// Held, and somebody may sleep.
const CONTENDED: u32 = 2;

pub struct SleepingLock {
    state: AtomicU32,
}

impl SleepingLock {
    pub fn new() -> Self {
        Self { state: AtomicU32::new(FREE) }
    }

    /// Comes back with the lock.
    pub fn lock(&self) {
        self.lock_until(None);
    }

    /// True: it has the lock. False: that would have taken longer than `timeout`.
    pub fn lock_for(&self, timeout: Duration) -> bool {
        self.lock_until(Instant::after(timeout))
    }

    fn lock_until(&self, deadline: Option<Instant>) -> bool {
        if self.state.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok() {
            return true;
        }
        while self.state.swap(CONTENDED, Ordering::Acquire) != FREE {
            if futex::wait(&self.state, CONTENDED, deadline) == Wait::TimedOut {
                return false;
            }
        }
        true
    }

    /// Whoever calls it has the lock.
    pub fn unlock(&self) {
        if self.state.swap(FREE, Ordering::Relaxed) == CONTENDED {
            futex::wake(&raw const self.state, 1);
        }
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
