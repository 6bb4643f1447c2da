//! The futex: sleep while a word has a value, until woken or until a deadline.
//!
//! Linux's system call where there is one; `parking_lot_core` elsewhere and under the feature `portable`; the
//! explorer's own while explored; a table under loom. Waking takes a pointer and never reads through it, so the word may
//! already be gone: the release that lets the next owner free it comes before the wake-up.

use crate::Instant;
use crate::atomic::{AtomicU32, AtomicU64};
use crate::thread::blocked;

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Woken, or the word did not have the expected value, or for no reason at all: look again.
    Woken,
    /// The deadline passed.
    TimedOut,
    /// The explored execution is over and is being unwound: return at once, without what was waited for. Never
    /// outside exploration.
    Abandoned,
}

/// Which waiters of a word: each word has two queues, woken apart, so that four bytes can hold back newcomers behind
/// the waiter whose turn it is. [`wait`], [`wake`] and [`requeue`] use the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// The queue of a word that needs only one.
    First,
    /// The other one.
    Second,
}

/// Sleeps while `*word == expected`, until woken or until `deadline` (`None`: for ever).
///
/// A wait that ends by its deadline consumed no wake-up. A wait that returns [`Wait::Woken`] may have consumed one
/// that was meant for whoever can use it: try again before looking at the deadline.
#[inline]
#[track_caller]
pub fn wait(word: &AtomicU32, expected: u32, deadline: Option<Instant>) -> Wait {
    wait_in(word, Queue::First, expected, deadline)
}

/// The same in one of the word's two queues.
#[inline]
#[track_caller]
pub fn wait_in(word: &AtomicU32, queue: Queue, expected: u32, deadline: Option<Instant>) -> Wait {
    #[cfg(feature = "explore")]
    {
        if let Some(wait) = crate::explored::futex_wait(word, queue, expected, deadline) {
            return wait;
        }
        let _blocked = blocked();
        crate::backend::futex::wait(word.machine_word(), queue, expected, deadline)
    }
    #[cfg(not(feature = "explore"))]
    let _blocked = blocked();
    #[cfg(not(feature = "explore"))]
    crate::backend::futex::wait(word, queue, expected, deadline)
}

/// Sleeps while the high 32 bits of `*word` are `expected`, whatever the low ones do; else as [`wait`]. For a primitive
/// that changes two things in one operation, and has its sleepers wait for one of them.
#[inline]
#[track_caller]
pub fn wait_high(word: &AtomicU64, expected: u32, deadline: Option<Instant>) -> Wait {
    #[cfg(feature = "explore")]
    {
        if let Some(wait) = crate::explored::futex_wait_high(word, expected, deadline) {
            return wait;
        }
        let _blocked = blocked();
        crate::backend::futex::wait_high(word.machine_word(), expected, deadline)
    }
    #[cfg(not(feature = "explore"))]
    let _blocked = blocked();
    #[cfg(not(feature = "explore"))]
    crate::backend::futex::wait_high(word, expected, deadline)
}

/// Wakes up to `count` of those that wait for the high half of `word` and returns how many it woke. Does not read the
/// word.
#[inline]
#[track_caller]
pub fn wake_high(word: *const AtomicU64, count: u32) -> usize {
    #[cfg(feature = "explore")]
    if let Some(woken) = crate::explored::futex_wake_high(word, count) {
        return woken;
    }
    // As in `wake_in`.
    crate::backend::futex::wake_high(word.cast(), count)
}

/// Wakes up to `count` of those that wait on `word` and returns how many it woke. Does not read the word.
#[inline]
#[track_caller]
pub fn wake(word: *const AtomicU32, count: u32) -> usize {
    wake_in(word, Queue::First, count)
}

/// The same for one of the word's two queues.
#[inline]
#[track_caller]
pub fn wake_in(word: *const AtomicU32, queue: Queue, count: u32) -> usize {
    #[cfg(feature = "explore")]
    if let Some(woken) = crate::explored::futex_wake(word, queue, count) {
        return woken;
    }
    // In an explored build the machine's word is the first field of ours, which is laid out as declared.
    crate::backend::futex::wake(word.cast(), queue, count)
}

/// Wakes up to `wake` of those that wait on `from`, and moves up to `requeue` of the others over to wait on `to`.
/// Returns how many were woken and how many moved. Does not read either word. Both words' first queues.
///
/// Change what stands at `from` first. Linux wakes a thread now and then for reasons of its own, sees that nobody meant
/// it, and has it wait again where it once began: at `from`, also if it was moved meanwhile. It sleeps on there if it
/// still finds what it expects, out of the reach of whoever wakes at `to`, and a second call counts it again. If the value
/// has changed, its wait ends instead.
#[inline]
#[track_caller]
pub fn requeue(from: *const AtomicU32, wake: u32, to: *const AtomicU32, requeue: u32) -> (usize, usize) {
    #[cfg(feature = "explore")]
    if let Some(done) = crate::explored::futex_requeue(from, wake, to, requeue) {
        return done;
    }
    crate::backend::futex::requeue(from.cast(), wake, to.cast(), requeue)
}
