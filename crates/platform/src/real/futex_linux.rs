//! The futex of Linux: the system call itself, private to the process; how it is called is in `futex_call.rs`.
//!
//! The two queues of a word are two bits of `FUTEX_WAIT_BITSET`: both kinds of waiters sleep at one address, and a
//! wake-up reaches only those that share its bit.

use core::ptr;
use core::sync::atomic::{AtomicU32, AtomicU64};
use std::time::Duration;

use super::futex_call::futex_call;
use crate::Instant;
use crate::futex::{Queue, Wait};

const WAIT: libc::c_int = libc::FUTEX_WAIT_BITSET | libc::FUTEX_PRIVATE_FLAG;
const WAKE: libc::c_int = libc::FUTEX_WAKE_BITSET | libc::FUTEX_PRIVATE_FLAG;
const REQUEUE: libc::c_int = libc::FUTEX_REQUEUE | libc::FUTEX_PRIVATE_FLAG;

/// Sleeps while `*word == expected`.
#[inline]
pub(crate) fn wait(word: &AtomicU32, queue: Queue, expected: u32, deadline: Option<Instant>) -> Wait {
    // SAFETY:
    // - the word is live for the whole call.
    unsafe { wait_at(word.as_ptr(), queue, expected, deadline) }
}

/// Sleeps while the high half of `*word` is `expected`.
#[inline]
pub(crate) fn wait_high(word: &AtomicU64, expected: u32, deadline: Option<Instant>) -> Wait {
    // SAFETY:
    // - the half is part of the word, which is live for the whole call.
    unsafe { wait_at(high_half(word), Queue::First, expected, deadline) }
}

/// The address of the high half, which nobody but the kernel reads by itself.
#[inline]
fn high_half(word: *const AtomicU64) -> *const u32 {
    word.cast::<u32>().wrapping_add(usize::from(cfg!(target_endian = "little")))
}

/// Sleeps while what stands at `word` is `expected`.
///
/// A signal ends the wait like a wake-up does: the caller looks again in any case.
///
/// # Safety
///
/// `word` is the address of a live, aligned 32-bit word for the whole call.
#[inline]
unsafe fn wait_at(word: *const u32, queue: Queue, expected: u32, deadline: Option<Instant>) -> Wait {
    match deadline {
        None => {
            // SAFETY:
            // - as the caller promises.
            unsafe { sleep(word, queue, expected, None) };
            Wait::Woken
        }
        // SAFETY:
        // - as the caller promises.
        Some(deadline) => unsafe { wait_until(word, queue, expected, deadline) },
    }
}

/// The same with a deadline. Not a part of its callers, so that those without one do little more than the system call.
///
/// # Safety
///
/// As [`wait_at`].
#[cold]
unsafe fn wait_until(word: *const u32, queue: Queue, expected: u32, deadline: Instant) -> Wait {
    // SAFETY:
    // - as the caller promises.
    let result = unsafe { sleep(word, queue, expected, monotonic(deadline).as_ref()) };
    if result == -(libc::ETIMEDOUT as isize) { Wait::TimedOut } else { Wait::Woken }
}

/// The system call.
///
/// # Safety
///
/// As [`wait_at`].
#[inline]
unsafe fn sleep(word: *const u32, queue: Queue, expected: u32, deadline: Option<&libc::timespec>) -> isize {
    let deadline = deadline.map_or(ptr::null(), ptr::from_ref);
    // SAFETY:
    // - `word` is a live, aligned 32-bit word for the whole call, as the caller promises;
    // - `deadline` is null or points to a live `timespec`; the kernel writes neither of the two;
    // - the operation ignores the fifth argument, the sixth is the mask.
    unsafe { futex_call(word, WAIT, expected, deadline, ptr::null(), bit(queue)) }
}

/// Wakes up to `count` of those that wait for the high half of `word`, which is an address and never read.
#[inline]
pub(crate) fn wake_high(word: *const AtomicU64, count: u32) -> usize {
    wake(high_half(word).cast(), Queue::First, count)
}

/// Wakes up to `count` of those that wait in this queue of `word`, which is an address and never read.
///
/// A part of its callers, as whoever is woken may run on this core before it returns: see `futex_call.rs`.
#[inline]
pub(crate) fn wake(word: *const AtomicU32, queue: Queue, count: u32) -> usize {
    // The kernel takes a count of zero for one.
    if count == 0 {
        return 0;
    }
    // SAFETY:
    // - a private wake only looks up the address among the sleeping threads: it is valid for any address;
    // - the operation ignores the fourth and fifth argument, the sixth is the mask.
    let woken = unsafe { futex_call(word.cast(), WAKE, signed(count), ptr::null(), ptr::null(), bit(queue)) };
    usize::try_from(woken).unwrap_or(0)
}

/// Wakes up to `wake` of those that wait at `from` and moves up to `requeue` of the others to `to`.
pub(crate) fn requeue(from: *const AtomicU32, wake: u32, to: *const AtomicU32, requeue: u32) -> (usize, usize) {
    let move_at_most = ptr::without_provenance(signed(requeue) as usize);
    // SAFETY:
    // - without a comparison the operation reads neither word: it is valid for any two addresses;
    // - the fourth argument is the second count, in the place of a pointer; the sixth is ignored.
    let total = unsafe { futex_call(from.cast(), REQUEUE, signed(wake), move_at_most, to.cast(), 0) };
    // The kernel counts both together, and wakes before it moves.
    let total = usize::try_from(total).unwrap_or(0);
    let woken = total.min(wake as usize);
    (woken, total - woken)
}

/// The mask of a queue.
#[inline]
fn bit(queue: Queue) -> u32 {
    match queue {
        Queue::First => 1,
        Queue::Second => 2,
    }
}

/// The kernel's counts are signed, and a negative one wakes nobody.
#[inline]
fn signed(count: u32) -> u32 {
    count.min(libc::c_int::MAX as u32)
}

/// The deadline as the kernel counts; `None` if the kernel's clock never gets there.
///
/// `std` does not show the inside of an `Instant`, so this adds what is left to the present. `Instant` is read first:
/// the time between the two readings makes the result late, never early.
fn monotonic(deadline: Instant) -> Option<libc::timespec> {
    let left = deadline.saturating_duration_since(Instant::now());
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY:
    // - `now` is a live `timespec` that the call may write.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    debug_assert_eq!(failed, 0, "every Linux has a monotonic clock");
    let present = Duration::new(u64::try_from(now.tv_sec).ok()?, u32::try_from(now.tv_nsec).ok()?);
    let then = present.checked_add(left)?;
    Some(libc::timespec {
        tv_sec: libc::time_t::try_from(then.as_secs()).ok()?,
        tv_nsec: libc::c_long::from(i32::try_from(then.subsec_nanos()).ok()?),
    })
}
