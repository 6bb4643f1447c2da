//! The smallest primitives on the seam: what the explorer's own tests are made of, so that they do not depend on the
//! crates that it is to test.

use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::{Object, call, futex, thread};

/// Starts a thread.
#[track_caller]
pub fn spawn(body: impl FnOnce() + Send + 'static) -> thread::Handle {
    thread::Builder::default().spawn(body).expect("a thread can be started")
}

/// Starts each body and joins all.
#[track_caller]
pub fn run_all(bodies: Vec<Box<dyn FnOnce() + Send>>) {
    let handles: Vec<_> = bodies.into_iter().map(spawn).collect();
    for handle in handles {
        handle.join();
    }
}

/// A lock that always wakes: 0 free, 1 held.
#[derive(Debug)]
pub struct ToyLock {
    state: AtomicU32,
    object: Object,
}

impl ToyLock {
    /// A free lock.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { state: AtomicU32::new(0), object: Object::new("lock").named(name) }
    }

    /// Takes it.
    #[track_caller]
    pub fn lock(&self) {
        call(
            &self.object,
            "lock",
            None,
            || {
                // Acquire: pairs with the Release store in `unlock`.
                while self.state.swap(1, Ordering::Acquire) != 0 {
                    if futex::wait(&self.state, 1, None) == futex::Wait::Abandoned {
                        return;
                    }
                }
            },
            |(), done| done.acquired(),
        );
    }

    /// Takes it if it is free.
    #[track_caller]
    pub fn try_lock(&self) -> bool {
        call(
            &self.object,
            "try_lock",
            None,
            || self.state.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_ok(),
            |&taken, done| if taken { done.acquired() } else { done.refused() },
        )
    }

    /// Gives it back.
    #[track_caller]
    pub fn unlock(&self) {
        call(
            &self.object,
            "unlock",
            None,
            || {
                // Release: pairs with the Acquire swap in `lock`.
                self.state.store(0, Ordering::Release);
                futex::wake(&raw const self.state, 1);
            },
            |(), done| done.released(),
        );
    }
}
