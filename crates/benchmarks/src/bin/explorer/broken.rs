//! Programs with one classic bug each.

use std::sync::Arc;

use crate::blocks::{Barrier, Condition, Mutex, Semaphore};
use crate::seam::{Cell, Lock, Seam, Word, run_all, run_same};

type Body = Box<dyn FnOnce() + Send>;

/// Two threads add in two steps each: an update is lost.
pub(crate) fn racy_counter<S: Seam>() {
    let total = Arc::new(S::Word::new(0));
    let shared = Arc::clone(&total);
    run_same::<S>(2, move |_| shared.store(shared.load() + 1));
    assert_eq!(total.load(), 2);
}

/// Each takes the left fork first.
fn philosophers<S: Seam>(count: usize) {
    let forks: Arc<Vec<S::Lock>> = Arc::new((0..count).map(|_| S::Lock::new()).collect());
    run_same::<S>(count, move |index| forks[index].with(|| forks[(index + 1) % count].with(|| ())));
}

/// Three philosophers, a circle of waiting.
pub(crate) fn philosophers_3<S: Seam>() {
    philosophers::<S>(3);
}

/// Five of them.
pub(crate) fn philosophers_5<S: Seam>() {
    philosophers::<S>(5);
}

/// Two locks in two orders, with work between.
pub(crate) fn abba<S: Seam>() {
    let locks = Arc::new((S::Lock::new(), S::Lock::new(), S::Word::new(0)));
    run_same::<S>(2, move |index| {
        let (a, b) = if index == 0 { (&locks.0, &locks.1) } else { (&locks.1, &locks.0) };
        for _ in 0..2 {
            a.with(|| ());
            locks.2.add(1);
        }
        a.with(|| b.with(|| locks.2.add(1)));
    });
}

/// Looks before it takes the lock, and waits although it has been told.
pub(crate) fn lost_wake_up<S: Seam>() {
    let shared = Arc::new((Mutex::<S>::new(), Condition::<S>::new(), S::Word::new(0)));
    let other = Arc::clone(&shared);
    let waiter: Body = Box::new(move || {
        let (mutex, told, ready) = &*shared;
        if ready.load() == 0 {
            mutex.lock();
            told.wait(mutex);
            mutex.unlock();
        }
    });
    let notifier: Body = Box::new(move || {
        let (mutex, told, ready) = &*other;
        mutex.with(|| ready.store(1));
        told.notify_one();
    });
    run_all::<S>([waiter, notifier]);
}

/// Two wait for one item with `if`: the second is woken, too, and takes what is gone.
pub(crate) fn if_for_while<S: Seam>() {
    let shared = Arc::new((Mutex::<S>::new(), Condition::<S>::new(), S::Word::new(0)));
    let consumer = |shared: Arc<(Mutex<S>, Condition<S>, S::Word)>| -> Body {
        Box::new(move || {
            let (mutex, told, items) = &*shared;
            mutex.with(|| {
                if items.load() == 0 {
                    told.wait(mutex);
                }
                let left = items.load();
                assert!(left > 0, "an item that is not there is taken");
                items.store(left - 1);
            });
        })
    };
    let other = Arc::clone(&shared);
    let producer: Body = Box::new(move || {
        let (mutex, told, items) = &*other;
        for _ in 0..2 {
            mutex.with(|| items.store(items.load() + 1));
            told.notify_all();
        }
    });
    run_all::<S>([consumer(Arc::clone(&shared)), consumer(shared), producer]);
}

/// Two threads that need two permits each take them one by one: each has one and waits for the other.
pub(crate) fn permits_one_by_one<S: Seam>() {
    let permits = Arc::new(Semaphore::<S>::new(2));
    run_same::<S>(2, move |_| {
        permits.acquire();
        permits.acquire();
        permits.release();
        permits.release();
    });
}

/// A permit is taken in two steps: two threads take the same.
pub(crate) fn permit_in_two_steps<S: Seam>() {
    let shared = Arc::new((Semaphore::<S>::new(1), S::Word::new(0)));
    run_same::<S>(3, move |_| {
        let (permits, inside) = &*shared;
        permits.acquire_in_two_steps();
        assert_eq!(inside.add(1), 0, "two are inside");
        inside.add(u32::MAX);
        permits.release();
    });
}

/// A barrier without phases: a fast thread enters the next one before a slow one has left.
pub(crate) fn barrier_reuse<S: Seam>() {
    let barrier = Arc::new(Barrier::<S>::new(2));
    run_same::<S>(2, move |_| {
        barrier.wait_without_phase();
        barrier.wait_without_phase();
    });
}

/// A buffer of one place, one condition for both kinds of waiters, and one of them is woken: it may be the wrong kind.
pub(crate) fn producer_consumer<S: Seam>() {
    let shared = Arc::new((Mutex::<S>::new(), Condition::<S>::new(), S::Word::new(0)));
    run_same::<S>(4, move |index| {
        let (mutex, changed, items) = &*shared;
        let (from, to) = if index < 2 { (0, 1) } else { (1, 0) };
        mutex.with(|| {
            while items.load() != from {
                changed.wait(mutex);
            }
            items.store(to);
        });
        changed.notify_one();
    });
}

/// An event that knows only set and not set: who sleeps through `set` and `clear` sleeps on.
pub(crate) fn event_cleared<S: Seam>() {
    let event = Arc::new(S::Word::new(0));
    let other = Arc::clone(&event);
    let waiter: Body = Box::new(move || {
        while event.load() == 0 {
            event.wait(0);
        }
    });
    let setter: Body = Box::new(move || {
        other.store(1);
        other.wake_all();
        other.store(0);
    });
    run_all::<S>([waiter, setter]);
}

/// Looks whether there is enough, and takes it later.
pub(crate) fn check_then_act<S: Seam>() {
    let account = Arc::new((S::Lock::new(), S::Word::new(10)));
    let shared = Arc::clone(&account);
    run_same::<S>(2, move |_| {
        let (lock, balance) = &*shared;
        if lock.with(|| balance.load()) >= 10 {
            lock.with(|| balance.store(balance.load().wrapping_sub(10)));
        }
    });
    assert!(account.1.load() <= 10, "the account is overdrawn");
}

/// A lock whose waiters, once woken, forget the others that sleep.
pub(crate) fn forgotten_sleeper<S: Seam>() {
    let shared = Arc::new((Mutex::<S>::new(), S::Word::new(0)));
    run_same::<S>(3, move |_| {
        shared.0.lock_forgetting_sleepers();
        shared.1.store(shared.1.load() + 1);
        shared.0.unlock();
    });
}

/// A flag that is published before what it stands for, behind steps that make the moment rare.
pub(crate) fn published_early<S: Seam>() {
    let shared = Arc::new((S::Word::new(0), S::Word::new(0), S::Word::new(0)));
    let other = Arc::clone(&shared);
    let writer: Body = Box::new(move || {
        let (data, ready, noise) = &*shared;
        for _ in 0..5 {
            noise.add(1);
        }
        ready.store(1);
        data.store(7);
        for _ in 0..5 {
            noise.add(1);
        }
    });
    let reader: Body = Box::new(move || {
        let (data, ready, noise) = &*other;
        for _ in 0..5 {
            noise.add(1);
        }
        if ready.load() == 1 {
            assert_eq!(data.load(), 7, "ready, and not there");
        }
    });
    run_all::<S>([writer, reader]);
}

/// A flag whose store does not release: what was written before it need not be there.
pub(crate) fn unordered_flag<S: Seam>() {
    let shared = Arc::new((S::Cell::new(0), S::Word::new(0)));
    let other = Arc::clone(&shared);
    let writer: Body = Box::new(move || {
        shared.0.set(7);
        shared.1.store_unordered(1);
    });
    let reader: Body = Box::new(move || {
        if other.1.load() == 1 {
            assert_eq!(other.0.get(), 7, "ready, and not there");
        }
    });
    run_all::<S>([writer, reader]);
}
