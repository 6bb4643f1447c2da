//! Right: each that waits brings a word of its own, and notifying takes them from a list, in their order.

use std::collections::VecDeque;
use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::prelude::{Lock, LockGuard, futex, spawn};

pub struct Condition {
    sleepers: Lock<VecDeque<Arc<AtomicU32>>>,
}

impl Condition {
    /// A condition that nobody waits for.
    pub fn new() -> Self {
        Self { sleepers: Lock::new(VecDeque::new()).named("sleepers") }
    }

    /// Lets go of the lock, sleeps until notified, and comes back with the lock. It may also come back for no reason.
    pub fn wait<'lock, T>(&self, lock: &'lock Lock<T>, guard: LockGuard<'lock, T>) -> LockGuard<'lock, T> {
        let called = Arc::new(AtomicU32::new(0));
        self.sleepers.lock().push_back(Arc::clone(&called));
        drop(guard);
        // Relaxed: what is waited for is under the lock, and the lock orders it.
        while called.load(Ordering::Relaxed) == 0 {
            futex::wait(&called, 0, None);
        }
        lock.lock()
    }

    /// At least one of those that wait goes on.
    pub fn notify_one(&self) {
        let first = self.sleepers.lock().pop_front();
        first.iter().for_each(call);
    }

    /// All that wait go on.
    pub fn notify_all(&self) {
        let all = std::mem::take(&mut *self.sleepers.lock());
        all.iter().for_each(call);
    }
}

fn call(sleeper: &Arc<AtomicU32>) {
    // Relaxed: as in `wait`.
    sleeper.store(1, Ordering::Relaxed);
    futex::wake(&raw const **sleeper, 1);
}

pub fn main() {
    let kitchen = Arc::new((Lock::new(0).named("plates"), Condition::new()));
    let waiter = spawn({
        let kitchen = Arc::clone(&kitchen);
        move || {
            let mut plates = kitchen.0.lock();
            while *plates == 0 {
                plates = kitchen.1.wait(&kitchen.0, plates);
            }
            println!("plates to carry: {}", *plates);
        }
    });
    *kitchen.0.lock() += 1;
    kitchen.1.notify_one();
    waiter.join().expect("the waiter is done");
}
