//! Programs for re-entrant locks.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{RLock, spawn};

use super::{Unprotected, run_all};

/// What the programs use of a re-entrant lock.
pub trait Reentrant: Send + Sync + 'static {
    /// A free lock.
    fn new() -> Self;
    /// Holds it while `body` runs.
    fn with(&self, body: impl FnOnce());
    /// The same, or gives up: true if it ran.
    fn with_for(&self, timeout: Duration, body: impl FnOnce()) -> bool;
}

impl Reentrant for RLock<()> {
    fn new() -> Self {
        Self::new(())
    }
    #[track_caller]
    fn with(&self, body: impl FnOnce()) {
        let _guard = self.lock();
        body();
    }
    #[track_caller]
    fn with_for(&self, timeout: Duration, body: impl FnOnce()) -> bool {
        let guard = self.try_lock_for(timeout);
        let taken = guard.is_some();
        if taken {
            body();
        }
        taken
    }
}

const A_WHILE: Duration = Duration::from_millis(5);

/// Threads that each add two, so many times, one of the two with the lock held twice. Comes to twice their product.
pub fn nested<L: Reentrant>(threads: usize, rounds: usize) -> u32 {
    let shared = Arc::new((L::new(), Unprotected::new()));
    run_all((0..threads).map(|_| {
        let shared = Arc::clone(&shared);
        let add_one = move |shared: &(L, Unprotected)| shared.1.add_one();
        Box::new(move || {
            for _ in 0..rounds {
                shared.0.with(|| {
                    shared.0.with(|| add_one(&shared));
                    add_one(&shared);
                });
            }
        }) as Box<dyn FnOnce() + Send>
    }));
    let mut sum = 0;
    shared.0.with(|| sum = shared.1.get());
    sum
}

/// One adds with the lock held twice; another waits for a while, and if in vain, for ever. Comes to 2.
pub fn giving_up<L: Reentrant>() -> u32 {
    let shared = Arc::new((L::new(), Unprotected::new()));
    let hasty = spawn({
        let shared = Arc::clone(&shared);
        move || {
            if !shared.0.with_for(A_WHILE, || shared.1.add_one()) {
                shared.0.with(|| shared.1.add_one());
            }
        }
    });
    shared.0.with(|| shared.0.with(|| shared.1.add_one()));
    hasty.join().expect("the threads of a model do not panic");
    let mut sum = 0;
    shared.0.with(|| sum = shared.1.get());
    sum
}

/// While one holds it twice, another tries without waiting. Comes to whether it got it, and the number it then saw: none
/// or all.
pub fn trying<L: Reentrant>() -> Option<u32> {
    let shared = Arc::new((L::new(), Unprotected::new()));
    let other = spawn({
        let shared = Arc::clone(&shared);
        move || {
            let mut seen = None;
            shared.0.with_for(Duration::ZERO, || seen = Some(shared.1.get()));
            seen
        }
    });
    shared.0.with(|| {
        shared.0.with(|| shared.1.add_one());
        shared.1.add_one();
    });
    other.join().expect("the threads of a model do not panic")
}
