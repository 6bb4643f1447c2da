//! What Python's lock tests ask of a re-entrant lock, by behaviour, of ours and of its peers as far as they have the
//! feature. That another thread cannot release it, and that nobody releases what it does not hold, is a matter of types.

mod locks;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use locks::{conforms, wraps};
use threadcraft_tests::model::behaviour::lock::{
    Locking, Telling, Timed, blocked_threads_all_pass_after_one_release, free_for_others,
};
use threadcraft_tests::model::behaviour::{TIMEOUT, elsewhere};

/// What every re-entrant lock can do.
trait Reentrant: Telling {
    fn is_owned(&self) -> bool;
}

/// Locks that tell how often they are held.
trait Counted: Reentrant {
    fn depth(&self) -> usize;
}

impl Reentrant for threadcraft::RLock<Cell<u32>> {
    fn is_owned(&self) -> bool {
        self.is_owned_by_current_thread()
    }
}

impl Reentrant for parking_lot::ReentrantMutex<Cell<u32>> {
    fn is_owned(&self) -> bool {
        self.is_owned_by_current_thread()
    }
}

wraps!(OfUsync(usync::ReentrantMutex<Cell<u32>>), usync::ReentrantMutexGuard<'lock, Cell<u32>>);

impl Reentrant for OfUsync {
    fn is_owned(&self) -> bool {
        self.0.is_owned_by_current_thread()
    }
}

impl Counted for threadcraft::RLock<Cell<u32>> {
    fn depth(&self) -> usize {
        self.depth()
    }
}

fn a_new_lock_is_free<L: Reentrant>() {
    let lock = L::default();
    assert!(!lock.is_locked() && !lock.is_owned() && free_for_others(&lock));
}

fn it_is_taken_and_released<L: Reentrant>() {
    let lock = L::default();
    for _ in 0..2 {
        let guard = lock.lock();
        assert!(lock.is_locked() && !free_for_others(&lock));
        drop(guard);
        assert!(free_for_others(&lock));
    }
}

fn it_is_taken_again_by_its_owner_and_free_after_as_many_releases<L: Reentrant>() {
    let lock = L::default();
    let mut guards = vec![lock.lock(), lock.lock(), lock.try_lock().expect("its owner asks")];
    while guards.pop().is_some() {
        assert_eq!(free_for_others(&lock), guards.is_empty());
    }
}

fn debug_shows_the_state_also_when_locked<L: Reentrant>() {
    let lock = L::default();
    assert!(format!("{lock:?}").contains("value: 0"), "{lock:?}");
    let _guard = lock.lock();
    let shown = elsewhere(|| format!("{lock:?}"));
    assert!(shown.contains("<locked>"), "{shown}");
}

fn it_may_be_dropped_while_it_is_held<L: Reentrant>() {
    let lock = L::default();
    std::mem::forget(lock.lock());
    drop(lock);
}

fn five_blocked_threads_all_pass_after_one_release<L: Reentrant>() {
    blocked_threads_all_pass_after_one_release::<L>(5);
}

fn a_panic_releases_all_levels<L: Reentrant>() {
    let lock = L::default();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _guards = [lock.lock(), lock.lock()];
        panic!("while it is held");
    }));
    assert!(panicked.is_err());
    assert!(free_for_others(&lock));
}

fn threads_that_used_it_and_ended_leave_nothing_behind<L: Reentrant>() {
    let lock = L::default();
    for _ in 0..20 {
        elsewhere(|| drop([lock.lock(), lock.lock()]));
        assert!(!lock.is_owned() && free_for_others(&lock));
    }
}

fn it_belongs_to_the_thread_that_holds_it<L: Reentrant>() {
    let lock = L::default();
    let guards = [lock.lock(), lock.lock()];
    assert!(lock.is_owned());
    assert!(elsewhere(|| !lock.is_owned()));
    drop(guards);
    assert!(!lock.is_owned());
}

fn a_timed_wait_gives_up_in_time_and_leaves_the_lock_usable<L: Reentrant + Timed>() {
    let lock = L::default();
    let guard = lock.lock();
    assert!(lock.try_lock_for(TIMEOUT).is_some(), "its owner asks");
    let waited = elsewhere(|| {
        let start = Instant::now();
        assert!(lock.try_lock_for(TIMEOUT).is_none() && !lock.is_owned());
        start.elapsed()
    });
    assert!(waited >= TIMEOUT && waited < 10 * TIMEOUT, "gave up after {waited:?}, told to wait {TIMEOUT:?}");
    drop(guard);
    assert!(lock.try_lock_for(Duration::MAX).is_some() && free_for_others(&lock));
}

fn the_recursion_count_is_the_owner_s_and_zero_for_others<L: Counted>() {
    let lock = L::default();
    assert_eq!(lock.depth(), 0);
    let guards = [lock.lock(), lock.lock(), lock.lock()];
    assert_eq!((lock.depth(), elsewhere(|| lock.depth())), (3, 0));
    drop(guards);
    assert_eq!(lock.depth(), 0);
}

/// The behaviours of every re-entrant lock.
macro_rules! conforms_as_a_reentrant_lock {
    ($name:ident: $lock:ty) => {
        conforms!($name: $lock,
            a_new_lock_is_free it_is_taken_and_released it_is_taken_again_by_its_owner_and_free_after_as_many_releases
            debug_shows_the_state_also_when_locked it_may_be_dropped_while_it_is_held
            five_blocked_threads_all_pass_after_one_release a_panic_releases_all_levels
            threads_that_used_it_and_ended_leave_nothing_behind it_belongs_to_the_thread_that_holds_it
        );
    };
}

conforms_as_a_reentrant_lock!(ours: threadcraft::RLock<std::cell::Cell<u32>>);
conforms_as_a_reentrant_lock!(of_parking_lot: parking_lot::ReentrantMutex<std::cell::Cell<u32>>);
conforms_as_a_reentrant_lock!(of_usync: super::OfUsync);
conforms!(ours_timed: threadcraft::RLock<std::cell::Cell<u32>>, a_timed_wait_gives_up_in_time_and_leaves_the_lock_usable);
conforms!(of_parking_lot_timed: parking_lot::ReentrantMutex<std::cell::Cell<u32>>,
    a_timed_wait_gives_up_in_time_and_leaves_the_lock_usable
);
conforms!(ours_counted: threadcraft::RLock<std::cell::Cell<u32>>, the_recursion_count_is_the_owner_s_and_zero_for_others);
