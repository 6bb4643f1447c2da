//! The futex of every other system: `parking_lot_core`'s table of sleeping threads.
//!
//! A key of that table is an address. The two queues of a word are the addresses of its first two bytes, which belong
//! to nobody else.

use core::ptr;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use parking_lot_core::{
    DEFAULT_PARK_TOKEN, DEFAULT_UNPARK_TOKEN, FilterOp, ParkResult, RequeueOp, UnparkResult, park, unpark_filter,
    unpark_requeue,
};

use crate::Instant;
use crate::futex::{Queue, Wait};

/// Sleeps while `*word == expected`.
pub(crate) fn wait(word: &AtomicU32, queue: Queue, expected: u32, deadline: Option<Instant>) -> Wait {
    // Relaxed: as `wait_at` says.
    wait_at(key(word, queue), || word.load(Ordering::Relaxed) == expected, deadline)
}

/// Sleeps while the high half of `*word` is `expected`.
pub(crate) fn wait_high(word: &AtomicU64, expected: u32, deadline: Option<Instant>) -> Wait {
    // Relaxed: as `wait_at` says.
    let unchanged = || word.load(Ordering::Relaxed) >> 32 == u64::from(expected);
    wait_at(key(ptr::from_ref(word).cast(), Queue::First), unchanged, deadline)
}

/// Sleeps while `unchanged`, which may read the word of this key with Relaxed: the comparison runs under the table's
/// lock, which orders it against `wake`; whoever changes the word does so before it wakes, so a sleeper that missed the
/// change is found by the wake-up.
fn wait_at(key: usize, unchanged: impl FnOnce() -> bool, deadline: Option<Instant>) -> Wait {
    // SAFETY:
    // - the key is an address inside a word that the caller borrows for the whole call;
    // - the closures neither unwind nor call into the table.
    let result =
        unsafe { park(key, unchanged, || (), |_, _| (), DEFAULT_PARK_TOKEN, deadline.map(std::time::Instant::from)) };
    match result {
        ParkResult::TimedOut => Wait::TimedOut,
        ParkResult::Unparked(_) | ParkResult::Invalid => Wait::Woken,
    }
}

/// Wakes up to `count` of those that wait for the high half of `word`, which is an address and never read.
pub(crate) fn wake_high(word: *const AtomicU64, count: u32) -> usize {
    wake(word.cast(), Queue::First, count)
}

/// Wakes up to `count` of those that wait in this queue of `word`, which is an address and never read.
pub(crate) fn wake(word: *const AtomicU32, queue: Queue, count: u32) -> usize {
    let mut left = count;
    let take = |_| {
        if left == 0 {
            return FilterOp::Stop;
        }
        left -= 1;
        FilterOp::Unpark
    };
    // SAFETY:
    // - the key is an address inside a word that this crate's callers own or owned;
    // - the closures neither unwind nor call into the table.
    let result = unsafe { unpark_filter(key(word, queue), take, |_| DEFAULT_UNPARK_TOKEN) };
    result.unparked_threads
}

/// Wakes up to `wake` of those that wait at `from` and moves up to `requeue` of the others to `to`.
///
/// The table can wake some or move some in one go, not both: a thread that begins to wait in between is moved as if it
/// had come earlier.
pub(crate) fn requeue(from: *const AtomicU32, wake: u32, to: *const AtomicU32, requeue: u32) -> (usize, usize) {
    let woken = self::wake(from, Queue::First, wake);
    if from == to {
        return (woken, 0);
    }
    if requeue >= i32::MAX.unsigned_abs() {
        return (woken, shift(from, to, RequeueOp::RequeueAll).requeued_threads);
    }
    let mut moved = 0;
    while moved < requeue as usize {
        let result = shift(from, to, RequeueOp::RequeueOne);
        moved += result.requeued_threads;
        if !result.have_more_threads {
            break;
        }
    }
    (woken, moved)
}

/// Moves one thread, or all of them.
fn shift(from: *const AtomicU32, to: *const AtomicU32, operation: RequeueOp) -> UnparkResult {
    // SAFETY:
    // - both keys are addresses inside words that this crate's callers own or owned;
    // - the closures neither unwind nor call into the table.
    unsafe { unpark_requeue(key(from, Queue::First), key(to, Queue::First), || operation, |_, _| DEFAULT_UNPARK_TOKEN) }
}

/// The table's key of a queue.
fn key(word: *const AtomicU32, queue: Queue) -> usize {
    word.addr()
        + match queue {
            Queue::First => 0,
            Queue::Second => 1,
        }
}
