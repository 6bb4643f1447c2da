//! Programs for locks.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Thread, sleep, spawn};
use threadcraft_lock::RawLock;
use threadcraft_lock::lock_api::{GuardSend, RawMutex, RawMutexFair, RawMutexTimed};

use super::{Unprotected, run_all};

/// What the programs use of a lock. Whoever calls `unlock` holds it.
pub trait RawLocking: Send + Sync + 'static {
    /// A free lock.
    fn new() -> Self;
    /// Takes it.
    fn lock(&self);
    /// Releases it.
    fn unlock(&self);
    /// Releases it to a waiter.
    fn unlock_fair(&self) {
        self.unlock();
    }
}

/// Locks that one need not wait for until they are free.
pub trait TimedLocking: RawLocking {
    /// Takes it, or gives up.
    fn lock_for(&self, timeout: Duration) -> bool;
}

impl RawLocking for RawLock {
    fn new() -> Self {
        Self::new()
    }
    fn lock(&self) {
        RawMutex::lock(self);
    }
    fn unlock(&self) {
        // SAFETY:
        // - the programs here release what they hold.
        unsafe { RawMutex::unlock(self, GuardSend::new()) };
    }
    fn unlock_fair(&self) {
        // SAFETY:
        // - the programs here release what they hold.
        unsafe { RawMutexFair::unlock_fair(self, GuardSend::new()) };
    }
}

impl TimedLocking for RawLock {
    fn lock_for(&self, timeout: Duration) -> bool {
        self.try_lock_for(timeout).is_some()
    }
}

const A_WHILE: Duration = Duration::from_millis(5);

/// A lock and what it protects.
struct Protected<L> {
    lock: L,
    number: Unprotected,
}

impl<L: RawLocking> Protected<L> {
    fn new() -> Arc<Self> {
        Arc::new(Self { lock: L::new(), number: Unprotected::new() })
    }

    fn add_one(&self) {
        self.lock.lock();
        self.number.add_one();
        self.lock.unlock();
    }

    fn get(&self) -> u32 {
        self.lock.lock();
        let number = self.number.get();
        self.lock.unlock();
        number
    }

    /// A thread that adds one.
    #[track_caller]
    fn spawn_patient(self: &Arc<Self>) -> Thread<()> {
        let shared = Arc::clone(self);
        spawn(move || shared.add_one())
    }
}

impl<L: TimedLocking> Protected<L> {
    /// A thread that adds one if it has the lock in time, and then releases it so.
    #[track_caller]
    fn spawn_hasty(self: &Arc<Self>, timeout: Duration, release: fn(&L)) -> Thread<()> {
        let shared = Arc::clone(self);
        spawn(move || {
            if shared.lock.lock_for(timeout) {
                shared.number.add_one();
                release(&shared.lock);
            }
        })
    }
}

/// Threads that each add one, so many times. Comes to their product.
pub fn counting<L: RawLocking>(threads: usize, rounds: usize) -> u32 {
    let shared = Protected::<L>::new();
    run_all((0..threads).map(|_| {
        let shared = Arc::clone(&shared);
        Box::new(move || (0..rounds).for_each(|_| shared.add_one())) as Box<dyn FnOnce() + Send>
    }));
    shared.get()
}

/// While the lock is held, one thread waits for a while and one for ever. Comes to 1 or 2: whether the first gave up.
pub fn giving_up<L: TimedLocking>() -> u32 {
    let shared = Protected::<L>::new();
    shared.lock.lock();
    let patient = shared.spawn_patient();
    let hasty = shared.spawn_hasty(A_WHILE, L::unlock);
    shared.lock.unlock();
    // The clock may pass the deadline also between the wake-up of the hasty one and its next look.
    sleep(2 * A_WHILE);
    for thread in [patient, hasty] {
        thread.join().expect("the threads of a model do not panic");
    }
    shared.get()
}

/// Fair releases among `threads` threads. Comes to their number.
pub fn fair_counting<L: RawLocking>(threads: usize) -> u32 {
    let shared = Protected::<L>::new();
    run_all((0..threads).map(|_| {
        let shared = Arc::clone(&shared);
        Box::new(move || {
            shared.lock.lock();
            shared.number.add_one();
            shared.lock.unlock_fair();
        }) as Box<dyn FnOnce() + Send>
    }));
    shared.get()
}

/// A fair release to a waiter that may have given up, and then everybody wants the lock. Comes to 2 or 3.
pub fn fair_release_to_one_that_gives_up<L: TimedLocking>() -> u32 {
    let shared = Protected::<L>::new();
    shared.lock.lock();
    let hasty = shared.spawn_hasty(A_WHILE, L::unlock_fair);
    shared.number.add_one();
    shared.lock.unlock_fair();
    shared.add_one();
    hasty.join().expect("the threads of a model do not panic");
    shared.get()
}

/// A fair release to a thread that waits for it, and another that tries at any point. Comes to 2 or 3: whether the try
/// had it.
pub fn fair_release_overtaken<L: TimedLocking>() -> u32 {
    let shared = Protected::<L>::new();
    shared.lock.lock();
    let patient = shared.spawn_patient();
    let trying = shared.spawn_hasty(Duration::ZERO, L::unlock);
    shared.number.add_one();
    shared.lock.unlock_fair();
    for thread in [patient, trying] {
        thread.join().expect("the threads of a model do not panic");
    }
    shared.get()
}

/// A thread waits, and main releases the lock and takes it back at once, so many times, with pauses that let the waiter
/// look. Comes to whether the waiter was served before main ended.
pub fn overtaking<L: RawLocking>(rounds: usize) -> bool {
    let shared = Protected::<L>::new();
    shared.lock.lock();
    let waiter = shared.spawn_patient();
    sleep(A_WHILE);
    for _ in 0..rounds {
        shared.lock.unlock();
        shared.lock.lock();
        sleep(A_WHILE);
    }
    let served = shared.number.get() == 1;
    shared.lock.unlock();
    waiter.join().expect("the threads of a model do not panic");
    served
}

/// Two threads wait, one only for a while, and main releases the lock and takes it back often enough that both have
/// waited long. Comes to 1 or 2: whether the hasty one gave up. The other one is served in any case, and so is main.
pub fn giving_up_after_long<L: TimedLocking>(rounds: usize) -> u32 {
    let shared = Protected::<L>::new();
    shared.lock.lock();
    let hasty = shared.spawn_hasty(A_WHILE, L::unlock);
    let patient = shared.spawn_patient();
    for _ in 0..rounds {
        shared.lock.unlock();
        shared.lock.lock();
    }
    shared.lock.unlock();
    for thread in [patient, hasty] {
        thread.join().expect("the threads of a model do not panic");
    }
    shared.get()
}

/// The same with the hasty one alone: nobody else is left to take what was reserved for it. Comes to 0 or 1.
pub fn giving_up_alone_after_long<L: TimedLocking>() -> u32 {
    let shared = Protected::<L>::new();
    shared.lock.lock();
    let hasty = shared.spawn_hasty(A_WHILE, L::unlock);
    shared.lock.unlock();
    shared.lock.lock();
    shared.lock.unlock();
    hasty.join().expect("the threads of a model do not panic");
    shared.get()
}
