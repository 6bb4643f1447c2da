//! A lock of one atomic, and a cell that says whether it keeps its promise.

use std::sync::Arc;

use threadcraft::atomic::{AtomicBool, Ordering};
use threadcraft::prelude::*;

/// A lock that spins.
pub struct SpinLock {
    held: AtomicBool,
}

impl SpinLock {
    /// A free lock.
    pub const fn new() -> Self {
        Self { held: AtomicBool::new(false).named("held") }
    }

    /// Takes it.
    pub fn lock(&self) {
        // Acquire: pairs with the Release in `unlock`.
        while self.held.swap(true, Ordering::Acquire) {
            yield_now();
        }
    }

    /// Gives it back, by this ordering.
    pub fn unlock(&self, order: Ordering) {
        self.held.store(false, order);
    }
}

impl Default for SpinLock {
    fn default() -> Self {
        Self::new()
    }
}

/// Two threads add to what the lock protects.
pub fn two_add(unlock: Ordering) {
    let shared = Arc::new((SpinLock::new(), RaceCell::new(0).named("total")));
    let add = move |shared: &(SpinLock, RaceCell<u32>)| {
        shared.0.lock();
        // SAFETY:
        // - whoever holds the lock is alone with the cell; whether that is so is what the explorer is to find out.
        shared.1.with_mut(|total| unsafe { *total += 1 });
        shared.0.unlock(unlock);
    };
    let other = spawn({
        let shared = Arc::clone(&shared);
        move || add(&shared)
    });
    add(&shared);
    other.join().expect("it ends well");
}
