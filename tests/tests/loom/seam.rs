//! What the primitives stand on.

use std::time::Duration;

use threadcraft::{Shared, spawn};
use threadcraft_platform::Instant;
use threadcraft_platform::atomic::{AtomicU32, AtomicU64};
use threadcraft_platform::futex::{Queue, Wait, requeue, wait, wait_high, wait_in, wake, wake_high, wake_in};
use threadcraft_tests::model::Unprotected;

use super::*;

/// A thread waits at the first word for a while; comes to what `body` does meanwhile with both, and how the wait ended.
fn beside_a_waiter<R>(queue: Queue, body: impl FnOnce(&[AtomicU32; 2]) -> R) -> (R, Wait) {
    let words = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
    let waiter = spawn({
        let words = Arc::clone(&words);
        move || {
            let deadline = Instant::after(Duration::from_secs(1)).expect("the clock counts further");
            let ended = wait_in(&words[0], queue, 0, Some(deadline));
            assert_eq!(ended == Wait::TimedOut, Instant::now() >= deadline);
            ended
        }
    });
    (body(&words), waiter.join().expect("the threads of a model do not panic"))
}

fn woken() -> (usize, Wait) {
    beside_a_waiter(Queue::First, |[word, _]| wake(word, 1))
}

fn woken_in_another_queue() -> ([usize; 2], Wait) {
    beside_a_waiter(Queue::Second, |[word, _]| [Queue::First, Queue::Second].map(|queue| wake_in(word, queue, 1)))
}

fn moved() -> (((usize, usize), usize), Wait) {
    beside_a_waiter(Queue::First, |[from, to]| (requeue(from, 0, to, 1), wake(to, 1)))
}

/// The word changes before the wake-up, or after the comparison: the wait, which is for ever, ends in any case.
fn changed_and_woken() {
    let word = Arc::new(AtomicU32::new(0));
    let waiter = spawn({
        let word = Arc::clone(&word);
        move || wait(&word, 0, None)
    });
    // Relaxed: nothing is published but the value.
    word.store(1, Ordering::Relaxed);
    wake(&raw const *word, 1);
    waiter.join().expect("the threads of a model do not panic");
}

/// The same with the high half of a word, while the low half changes, too.
fn high_half_changed_and_woken() {
    let word = Arc::new(AtomicU64::new(0));
    let waiter = spawn({
        let word = Arc::clone(&word);
        move || wait_high(&word, 0, None)
    });
    // Relaxed: as above.
    word.store(1, Ordering::Relaxed);
    word.store(1 << 32, Ordering::Relaxed);
    wake_high(&raw const *word, 1);
    waiter.join().expect("the threads of a model do not panic");
}

/// A change of the low half alone, and no wake-up: the wait ends by its deadline, and in no order before.
fn low_half_changed() -> Wait {
    let word = Arc::new(AtomicU64::new(0));
    let waiter = spawn({
        let word = Arc::clone(&word);
        move || wait_high(&word, 0, Instant::after(Duration::from_secs(1)))
    });
    // Relaxed: as above.
    word.store(1, Ordering::Relaxed);
    waiter.join().expect("the threads of a model do not panic")
}

/// Both threads use the futex, one after the other has said that it did, and nothing orders what they do besides.
fn ordered_by_the_futex_alone() {
    let shared = Arc::new((AtomicU32::new(0), Unprotected::new()));
    let other = spawn({
        let shared = Arc::clone(&shared);
        move || {
            shared.1.add_one();
            wake(&raw const shared.0, 1);
            // Relaxed: the bug.
            shared.0.store(1, Ordering::Relaxed);
        }
    });
    if shared.0.load(Ordering::Relaxed) == 1 {
        wake(&raw const shared.0, 1);
        shared.1.get();
    }
    other.join().expect("the threads of a model do not panic");
}

/// Two threads raise a counter in two steps each.
fn lost_update() -> u32 {
    let counter = Arc::new(Shared::new(0));
    let other = spawn({
        let counter = Arc::clone(&counter);
        move || counter.set(counter.get() + 1)
    });
    counter.set(counter.get() + 1);
    other.join().expect("the threads of a model do not panic");
    counter.get()
}

right! {
    a_wake_up_comes_or_the_deadline: 1, Full, ["(0, TimedOut)", "(1, Woken)"], woken;
    a_wake_up_reaches_its_queue_alone: 1, Full, ["([0, 0], TimedOut)", "([0, 1], Woken)"], woken_in_another_queue;
    a_waiter_is_moved: 1, Full,
        ["(((0, 0), 0), TimedOut)", "(((0, 1), 0), TimedOut)", "(((0, 1), 1), Woken)"], moved;
    comparing_and_sleeping_is_one_step: 1, Full, ["()"], changed_and_woken;
    comparing_a_half_and_sleeping_is_one_step: 1, Full, ["()"], high_half_changed_and_woken;
    the_other_half_does_not_count: 1, Full, ["TimedOut"], low_half_changed;
    a_shared_variable_loses_updates: 1, Full, ["1", "2"], lost_update;
}

caught! {
    a_wake_up_of_nobody_orders_nothing: 1, "Causality violation", ordered_by_the_futex_alone;
}
