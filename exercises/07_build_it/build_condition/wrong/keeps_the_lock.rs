//! Wrong: it sleeps with the lock held, and nobody can bring about what it waits for.

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::prelude::{Lock, LockGuard, futex, spawn};

pub struct Condition {
    word: AtomicU32,
}

impl Condition {
    /// A condition that nobody waits for.
    pub fn new() -> Self {
        Self { word: AtomicU32::new(0) }
    }

    /// Lets go of the lock, sleeps until notified, and comes back with the lock. It may also come back for no reason.
    pub fn wait<'lock, T>(&self, lock: &'lock Lock<T>, guard: LockGuard<'lock, T>) -> LockGuard<'lock, T> {
        let seen = self.word.load(Ordering::Relaxed);
        futex::wait(&self.word, seen, None);
        drop(guard);
        lock.lock()
    }

    /// At least one of those that wait goes on.
    pub fn notify_one(&self) {
        self.word.fetch_add(1, Ordering::Relaxed);
        futex::wake(&raw const self.word, 1);
    }

    /// All that wait go on.
    pub fn notify_all(&self) {
        self.word.fetch_add(1, Ordering::Relaxed);
        futex::wake(&raw const self.word, u32::MAX);
    }
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
