//! Programs that are right, to be run on all their interleavings.

use std::sync::Arc;

use crate::blocks::{Barrier, Condition, Mutex, Semaphore};
use crate::seam::{Lock, Seam, Word, run_all, run_same};

/// So many threads count under a mutex, so many times each.
fn counting<S: Seam>(threads: usize, times: u32) {
    let shared = Arc::new((Mutex::<S>::new(), S::Word::new(0)));
    let other = Arc::clone(&shared);
    run_same::<S>(threads, move |_| {
        for _ in 0..times {
            other.0.with(|| other.1.store(other.1.load() + 1));
        }
    });
    assert_eq!(shared.1.load(), threads as u32 * times);
}

/// Two threads, once each.
pub(crate) fn mutex_2<S: Seam>() {
    counting::<S>(2, 1);
}

/// Two threads, twice each.
pub(crate) fn mutex_2_twice<S: Seam>() {
    counting::<S>(2, 2);
}

/// Three threads, once each.
pub(crate) fn mutex_3<S: Seam>() {
    counting::<S>(3, 1);
}

/// One waits until the other has told.
pub(crate) fn condition_2<S: Seam>() {
    let shared = Arc::new((Mutex::<S>::new(), Condition::<S>::new(), S::Word::new(0)));
    let other = Arc::clone(&shared);
    run_all::<S>([
        Box::new(move || {
            let (mutex, told, ready) = &*shared;
            mutex.with(|| {
                while ready.load() == 0 {
                    told.wait(mutex);
                }
            });
        }) as Box<dyn FnOnce() + Send>,
        Box::new(move || {
            let (mutex, told, ready) = &*other;
            mutex.with(|| ready.store(1));
            told.notify_one();
        }),
    ]);
}

/// So many threads meet, so many times.
fn meeting<S: Seam>(threads: u32, times: u32) {
    let barrier = Arc::new(Barrier::<S>::new(threads));
    run_same::<S>(threads as usize, move |_| (0..times).for_each(|_| barrier.wait()));
}

/// Two threads meet twice.
pub(crate) fn barrier_2_twice<S: Seam>() {
    meeting::<S>(2, 2);
}

/// Three threads meet.
pub(crate) fn barrier_3<S: Seam>() {
    meeting::<S>(3, 1);
}

/// So many threads share one permit.
fn sharing<S: Seam>(threads: usize) {
    let shared = Arc::new((Semaphore::<S>::new(1), S::Word::new(0)));
    let other = Arc::clone(&shared);
    run_same::<S>(threads, move |_| {
        other.0.acquire();
        other.1.store(other.1.load() + 1);
        other.0.release();
    });
    assert_eq!(shared.1.load(), threads as u32);
}

/// Two threads, one permit.
pub(crate) fn semaphore_2<S: Seam>() {
    sharing::<S>(2);
}

/// Three threads, one permit.
pub(crate) fn semaphore_3<S: Seam>() {
    sharing::<S>(3);
}

/// Three philosophers take the lower fork first.
pub(crate) fn philosophers_3_ordered<S: Seam>() {
    let forks: Arc<Vec<S::Lock>> = Arc::new((0..3).map(|_| S::Lock::new()).collect());
    run_same::<S>(3, move |index| {
        let (left, right) = (index, (index + 1) % 3);
        forks[left.min(right)].with(|| forks[left.max(right)].with(|| ()));
    });
}

/// So many operations of three workers: for the speed of an explorer.
pub(crate) fn three_workers<S: Seam>() {
    let word = Arc::new(S::Word::new(0));
    let shared = Arc::clone(&word);
    run_same::<S>(3, move |_| {
        for _ in 0..20 {
            shared.add(1);
        }
    });
    assert_eq!(word.load(), 60);
}

/// The same number of operations, which block each other.
pub(crate) fn three_workers_with_a_lock<S: Seam>() {
    let lock = Arc::new(S::Lock::new());
    run_same::<S>(3, move |_| {
        for _ in 0..10 {
            lock.with(|| ());
        }
    });
}
