//! Programs for semaphores. Permits are given back by hand or by the end of a scope: what ends a scope may know more of
//! the permits than whoever releases some.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use threadcraft::{BoundedSemaphore, Permit, Semaphore, sleep, spawn};

use super::{Unprotected, run_all};

/// What the programs use of a semaphore.
pub trait Permits: Send + Sync + 'static {
    /// So many permits.
    fn new(permits: u32) -> Self;
    /// Takes one.
    fn take(&self);
    /// Adds permits.
    fn give(&self, permits: u32);
    /// Takes one for as long as `body` runs.
    #[track_caller]
    fn hold(&self, body: impl FnOnce()) {
        self.take();
        body();
        self.give(1);
    }
}

/// Semaphores of which several permits can be taken at once.
pub trait ManyPermits: Permits {
    /// Takes permits, all or none.
    fn take_many(&self, permits: u32);
    /// Takes permits, all or none, or gives up.
    fn take_many_for(&self, permits: u32, timeout: Duration) -> bool;
}

impl Permits for Semaphore {
    fn new(permits: u32) -> Self {
        Self::new(permits)
    }
    #[track_caller]
    fn take(&self) {
        self.acquire().forget();
    }
    #[track_caller]
    fn give(&self, permits: u32) {
        self.release(permits);
    }
    #[track_caller]
    fn hold(&self, body: impl FnOnce()) {
        let _permit = self.acquire();
        body();
    }
}

impl ManyPermits for Semaphore {
    #[track_caller]
    fn take_many(&self, permits: u32) {
        self.acquire_many(permits).forget();
    }
    #[track_caller]
    fn take_many_for(&self, permits: u32, timeout: Duration) -> bool {
        self.try_acquire_many_for(permits, timeout).map(Permit::forget).is_some()
    }
}

/// Bounded by what there is at the start.
impl Permits for BoundedSemaphore {
    fn new(permits: u32) -> Self {
        Self::new(permits)
    }
    #[track_caller]
    fn take(&self) {
        self.acquire().forget();
    }
    #[track_caller]
    fn give(&self, permits: u32) {
        self.release(permits).expect("they were taken before");
    }
    #[track_caller]
    fn hold(&self, body: impl FnOnce()) {
        let _permit = self.acquire();
        body();
    }
}

impl ManyPermits for BoundedSemaphore {
    #[track_caller]
    fn take_many(&self, permits: u32) {
        self.acquire_many(permits).forget();
    }
    #[track_caller]
    fn take_many_for(&self, permits: u32, timeout: Duration) -> bool {
        self.try_acquire_many_for(permits, timeout).map(Permit::forget).is_some()
    }
}

const A_WHILE: Duration = Duration::from_millis(5);

/// A semaphore of one permit as a lock: threads that each add one, so many times. Comes to their product.
pub fn counting<S: Permits>(threads: usize, rounds: usize) -> u32 {
    let shared = Arc::new((S::new(1), Unprotected::new()));
    run_all((0..threads).map(|_| {
        let shared = Arc::clone(&shared);
        Box::new(move || {
            for _ in 0..rounds {
                shared.0.take();
                shared.1.add_one();
                shared.0.give(1);
            }
        }) as Box<dyn FnOnce() + Send>
    }));
    shared.0.take();
    shared.1.get()
}

/// The same, each permit being given back by the end of its scope.
pub fn holding<S: Permits>(threads: usize, rounds: usize) -> u32 {
    let shared = Arc::new((S::new(1), Unprotected::new()));
    run_all((0..threads).map(|_| {
        let shared = Arc::clone(&shared);
        Box::new(move || (0..rounds).for_each(|_| shared.0.hold(|| shared.1.add_one()))) as Box<dyn FnOnce() + Send>
    }));
    shared.0.take();
    shared.1.get()
}

/// Two threads have one of two permits each, and give them back in any order; then both are there. Comes to its end.
pub fn holding_side_by_side<S: ManyPermits>() {
    let semaphore = Arc::new(S::new(2));
    run_all([(); 2].map(|()| {
        let semaphore = Arc::clone(&semaphore);
        Box::new(move || semaphore.hold(|| ())) as Box<dyn FnOnce() + Send>
    }));
    semaphore.take_many(2);
}

/// Two threads wait; two permits come in one release. Comes to its end.
pub fn released_together<S: Permits>() {
    let semaphore = Arc::new(S::new(0));
    let waiters = [(); 2].map(|()| {
        let semaphore = Arc::clone(&semaphore);
        spawn(move || semaphore.take())
    });
    semaphore.give(2);
    for waiter in waiters {
        waiter.join().expect("the threads of a model do not panic");
    }
}

/// Two threads wait; two permits come one by one. Comes to its end.
pub fn released_in_turn<S: Permits>() {
    let semaphore = Arc::new(S::new(0));
    let waiters = [(); 2].map(|()| {
        let semaphore = Arc::clone(&semaphore);
        spawn(move || semaphore.take())
    });
    for _ in 0..2 {
        semaphore.give(1);
    }
    for waiter in waiters {
        waiter.join().expect("the threads of a model do not panic");
    }
}

/// Two threads wait, one for two permits; three come one by one. Comes to its end.
pub fn released_one_by_one<S: ManyPermits>() {
    let semaphore = Arc::new(S::new(0));
    let waiters = [2, 1].map(|permits| {
        let semaphore = Arc::clone(&semaphore);
        spawn(move || semaphore.take_many(permits))
    });
    for _ in 0..3 {
        semaphore.give(1);
    }
    for waiter in waiters {
        waiter.join().expect("the threads of a model do not panic");
    }
}

/// Two threads that each want both permits. Comes to 2.
pub fn all_or_none<S: ManyPermits>() -> u32 {
    let shared = Arc::new((S::new(2), Unprotected::new()));
    run_all((0..2).map(|_| {
        let shared = Arc::clone(&shared);
        Box::new(move || {
            shared.0.take_many(2);
            shared.1.add_one();
            shared.0.give(2);
        }) as Box<dyn FnOnce() + Send>
    }));
    shared.0.take_many(2);
    shared.1.get()
}

/// One waits for a while and one for ever; one permit comes, and another if the first was quick enough. Comes to whether
/// it was.
pub fn giving_up<S: ManyPermits>() -> bool {
    let semaphore = Arc::new(S::new(0));
    let patient = spawn({
        let semaphore = Arc::clone(&semaphore);
        move || semaphore.take()
    });
    let hasty = spawn({
        let semaphore = Arc::clone(&semaphore);
        move || {
            let served = semaphore.take_many_for(1, A_WHILE);
            if served {
                semaphore.give(1);
            }
            served
        }
    });
    semaphore.give(1);
    let served = hasty.join().expect("the threads of a model do not panic");
    patient.join().expect("the threads of a model do not panic");
    served
}

/// One waits for two permits for a while, and behind it one waits for one, for ever; one comes. Comes to its end.
pub fn giving_up_in_front<S: ManyPermits>() {
    let semaphore = Arc::new(S::new(0));
    let hasty = spawn({
        let semaphore = Arc::clone(&semaphore);
        move || assert!(!semaphore.take_many_for(2, A_WHILE), "there is one permit, not two")
    });
    let patient = spawn({
        let semaphore = Arc::clone(&semaphore);
        move || semaphore.take()
    });
    semaphore.give(1);
    for thread in [hasty, patient] {
        thread.join().expect("the threads of a model do not panic");
    }
}

/// The same, and the one permit is taken away and given back twice, so that it may be gone when the hasty one, told of
/// it, gives up. Comes to its end.
pub fn giving_up_overtaken<S: ManyPermits>() {
    let semaphore = Arc::new(S::new(0));
    let hasty = spawn({
        let semaphore = Arc::clone(&semaphore);
        move || assert!(!semaphore.take_many_for(2, 2 * A_WHILE), "there is one permit, not two")
    });
    let patient = spawn({
        let semaphore = Arc::clone(&semaphore);
        move || semaphore.take()
    });
    sleep(A_WHILE);
    semaphore.give(1);
    for _ in 0..2 {
        if semaphore.take_many_for(1, Duration::ZERO) {
            semaphore.give(1);
        }
    }
    for thread in [hasty, patient] {
        thread.join().expect("the threads of a model do not panic");
    }
}

/// A thread waits, and main gives a permit and takes it back at once, again and again, with pauses that let the waiter
/// look. Comes to whether the waiter was served before main ended.
pub fn overtaking<S: Permits>() -> bool {
    let shared = Arc::new((S::new(0), AtomicBool::new(false)));
    let waiter = spawn({
        let shared = Arc::clone(&shared);
        move || {
            shared.0.take();
            // Relaxed: turns are ordered.
            shared.1.store(true, Ordering::Relaxed);
            shared.0.give(1);
        }
    });
    sleep(A_WHILE);
    for _ in 0..6 {
        shared.0.give(1);
        shared.0.take();
        sleep(A_WHILE);
    }
    let served = shared.1.load(Ordering::Relaxed);
    shared.0.give(1);
    waiter.join().expect("the threads of a model do not panic");
    served
}
