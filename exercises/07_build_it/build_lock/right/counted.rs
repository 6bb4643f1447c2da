//! Right: the sleepers are counted in a word of their own.

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::futex::Wait;
use threadcraft::prelude::*;

const FREE: u32 = 0;
const HELD: u32 = 1;

pub struct SleepingLock {
    state: AtomicU32,
    sleepers: AtomicU32,
}

impl SleepingLock {
    pub fn new() -> Self {
        Self { state: AtomicU32::new(FREE), sleepers: AtomicU32::new(0) }
    }

    /// Comes back with the lock.
    pub fn lock(&self) {
        while !self.try_lock() {
            self.sleep_until(None);
        }
    }

    /// True: it has the lock. False: that would have taken longer than `timeout`.
    pub fn lock_for(&self, timeout: Duration) -> bool {
        let deadline = Instant::after(timeout);
        while !self.try_lock() {
            if self.sleep_until(deadline) == Wait::TimedOut {
                return false;
            }
        }
        true
    }

    fn try_lock(&self) -> bool {
        self.state.compare_exchange(FREE, HELD, Ordering::SeqCst, Ordering::Relaxed).is_ok()
    }

    fn sleep_until(&self, deadline: Option<Instant>) -> Wait {
        // SeqCst: counted before the futex looks at the state, as `unlock` frees it before it looks at the count.
        self.sleepers.fetch_add(1, Ordering::SeqCst);
        let end = futex::wait(&self.state, HELD, deadline);
        // Relaxed: one too many for a moment wakes somebody in vain, who sleeps again.
        self.sleepers.fetch_sub(1, Ordering::Relaxed);
        end
    }

    /// Whoever calls it has the lock.
    pub fn unlock(&self) {
        // SeqCst, twice: of this and a thread that comes to sleep, at least one sees the other.
        self.state.store(FREE, Ordering::SeqCst);
        if self.sleepers.load(Ordering::SeqCst) > 0 {
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
