//! The lock around what an execution knows.
//!
//! Threads of the system hand the turn from one to the next, and the driver looks at what they do in between: they need a
//! mutex. Coroutines all run on the thread that drives them. There a flag does, which no other thread may touch: it costs
//! no locked instruction, of which a step would otherwise have a dozen.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::RawMutex;
use parking_lot::lock_api::{self, GuardNoSend};

/// A value for one thread at a time.
pub(crate) type Mutex<T> = lock_api::Mutex<Either, T>;

/// The right to it.
pub(crate) type MutexGuard<'mutex, T> = lock_api::MutexGuard<'mutex, Either, T>;

thread_local! {
    /// Its address is this thread's, as long as the thread lives.
    static HERE: u8 = const { 0 };
}

/// Tells the thread that calls from all others that live.
#[inline]
fn here() -> usize {
    HERE.with(|byte| std::ptr::from_ref(byte).addr())
}

/// For any thread, or for one.
pub(crate) struct Either {
    /// The one thread that may take it, by [`here`]; 0 if all may.
    owner: usize,
    /// Whether the owner has taken it. Only the owner reads and writes it, so Relaxed is enough.
    taken: AtomicBool,
    /// What others than owners take.
    shared: RawMutex,
}

/// A lock for all threads.
pub(crate) fn shared<T>(value: T) -> Mutex<T> {
    Mutex::from_raw(lock_api::RawMutex::INIT, value)
}

/// A lock for the thread that calls, and for no other: another one's attempt is a panic, and so is a second one of its own
/// before it has given it back.
pub(crate) fn owned<T>(value: T) -> Mutex<T> {
    Mutex::from_raw(Either { owner: here(), ..lock_api::RawMutex::INIT }, value)
}

impl Either {
    /// Takes it as its owner; false if it is taken.
    #[inline]
    fn take(&self) -> bool {
        assert_eq!(self.owner, here(), "coroutines and their driver are one thread");
        let free = !self.taken.load(Ordering::Relaxed);
        self.taken.store(true, Ordering::Relaxed);
        free
    }
}

/// How it was taken; not to be given back by another thread.
pub(crate) struct Taken {
    shared: Option<<RawMutex as lock_api::RawMutex>::Guard>,
    _stays: GuardNoSend,
}

impl Taken {
    fn new(shared: Option<<RawMutex as lock_api::RawMutex>::Guard>) -> Self {
        Self { shared, _stays: GuardNoSend::new() }
    }
}

// SAFETY:
// - without an owner it is parking_lot's mutex;
// - with one, only a thread that `here` cannot tell from the owner gets on. No two threads that live have the same
//   thread-local at the same address, so that is the owner itself, or a thread that began when the owner had ended: all
//   attempts follow each other. Of these, one that finds it taken does not get it.
unsafe impl lock_api::RawMutex for Either {
    const INIT: Self = Self { owner: 0, taken: AtomicBool::new(false), shared: RawMutex::INIT };

    type Guard = Taken;

    #[inline]
    fn lock(&self) -> Taken {
        if self.owner == 0 {
            return Taken::new(Some(self.shared.lock()));
        }
        assert!(self.take(), "a thread waits for what it has itself");
        Taken::new(None)
    }

    #[inline]
    fn try_lock(&self) -> Option<Taken> {
        if self.owner == 0 {
            return self.shared.try_lock().map(|taken| Taken::new(Some(taken)));
        }
        self.take().then(|| Taken::new(None))
    }

    #[inline]
    unsafe fn unlock(&self, taken: Taken) {
        match taken.shared {
            // SAFETY:
            // - this says that `shared` was taken, and the caller gives it back once.
            Some(taken) => unsafe { self.shared.unlock(taken) },
            None => self.taken.store(false, Ordering::Relaxed),
        }
    }

    fn is_locked(&self) -> bool {
        self.taken.load(Ordering::Relaxed) || self.shared.is_locked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn a_shared_one_is_for_all_threads() {
        let count = shared(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1_000).for_each(|_| *count.lock() += 1));
            }
        });
        assert_eq!(*count.lock(), 4_000);
    }

    #[test]
    fn an_owned_one_is_for_its_owner_alone() {
        let value = owned(1);
        *value.lock() += 1;
        let elsewhere = std::thread::scope(|scope| scope.spawn(|| drop(value.lock())).join());
        assert!(elsewhere.is_err(), "another thread's attempt is a panic");
        assert_eq!(*value.lock(), 2);
    }

    #[test]
    fn nobody_gets_it_twice() {
        let value = owned(1);
        let first = value.lock();
        assert!(value.try_lock().is_none());
        assert!(catch_unwind(AssertUnwindSafe(|| drop(value.lock()))).is_err());
        drop(first);
        assert!(value.try_lock().is_some());
    }
}
