//! Locks with long waiters, broken in what serves them.

use std::marker::PhantomData;
use std::time::Duration;

use threadcraft_platform::Instant;
use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::futex::{self, Queue, Wait};

use crate::model::lock::{RawLocking, TimedLocking};

const FREE: u32 = 0;
const HELD: u32 = 1;
const CONTENDED: u32 = 2;
const HOLD: u32 = 3;
const LONG_WAITER: u32 = 4;

/// The decisions of such a lock; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// A release leaves the count of long waiters as it is.
    const KEEPS_THE_COUNT: bool = true;
    /// Only a long waiter takes a reserved lock.
    const LEAVES_WHAT_IS_RESERVED: bool = true;
    /// Who was woken in vain is counted.
    const WAITS_LONG: bool = true;
    /// Who gives up is counted no longer.
    const STOPS_BEING_COUNTED: bool = true;
    /// With anybody counted, a release wakes one of those.
    const WAKES_LONG_WAITERS: bool = true;
    /// At its deadline a long waiter takes a lock that is reserved.
    const TAKES_ITS_RESERVATION: bool = true;
    /// Who takes what was reserved is counted no longer.
    const IS_SERVED_ONCE: bool = true;
}

/// A lock with these decisions.
#[derive(Debug)]
pub struct MutantLongLock<C> {
    state: AtomicU32,
    choices: PhantomData<C>,
}

impl<C: Choices> MutantLongLock<C> {
    /// Whether somebody sleeps, or is about to, while another holds it.
    pub fn is_contended(&self) -> bool {
        // Relaxed: a look from outside orders nothing.
        self.state.load(Ordering::Relaxed) & HOLD == CONTENDED
    }

    /// Takes it if it is free, else announces the sleep: what the word is then.
    fn take_or_announce(&self, long_waiters: u32) -> Option<u32> {
        // Relaxed: the exchange, or the futex, finds out if it changed.
        let mut seen = self.state.load(Ordering::Relaxed);
        loop {
            let takes = seen == FREE || (!C::LEAVES_WHAT_IS_RESERVED && seen & HOLD == FREE);
            let next = match seen {
                _ if takes => seen + CONTENDED,
                HELD => CONTENDED + long_waiters,
                _ => seen + long_waiters,
            };
            if next == seen {
                return Some(seen);
            }
            // Acquire: pairs with the Release of `unlock`. Relaxed on failure, as nothing protected is read.
            match self.state.compare_exchange(seen, next, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) if takes => return None,
                Ok(_) => return Some(next),
                Err(now) => seen = now,
            }
        }
    }

    fn take_until(&self, deadline: Option<Instant>) -> bool {
        // Acquire: as above.
        if self.state.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok() {
            return true;
        }
        loop {
            let Some(seen) = self.take_or_announce(0) else { return true };
            match futex::wait(&self.state, seen, deadline) {
                Wait::Woken if C::WAITS_LONG => return self.take_next(deadline),
                Wait::Woken => {}
                Wait::TimedOut => return false,
                Wait::Abandoned => return true,
            }
        }
    }

    fn take_next(&self, deadline: Option<Instant>) -> bool {
        let Some(mut seen) = self.take_or_announce(LONG_WAITER) else { return true };
        let mut out_of_time = false;
        loop {
            let gives_up = out_of_time && !C::TAKES_ITS_RESERVATION;
            let reserved = seen & HOLD == FREE && !gives_up;
            if out_of_time && !reserved && !C::STOPS_BEING_COUNTED {
                return false;
            }
            if reserved || out_of_time {
                let next = match reserved {
                    true if C::IS_SERVED_ONCE => seen - LONG_WAITER + CONTENDED,
                    true => seen + CONTENDED,
                    false => seen - LONG_WAITER,
                };
                // Acquire: as above.
                match self.state.compare_exchange(seen, next, Ordering::Acquire, Ordering::Relaxed) {
                    Ok(_) => return reserved,
                    Err(now) => seen = now,
                }
                continue;
            }
            match futex::wait_in(&self.state, Queue::Second, seen, deadline) {
                Wait::Woken => {}
                Wait::TimedOut => out_of_time = true,
                Wait::Abandoned => return true,
            }
            // Relaxed: as above.
            seen = self.state.load(Ordering::Relaxed);
        }
    }
}

impl<C: Choices> RawLocking for MutantLongLock<C> {
    fn new() -> Self {
        Self { state: AtomicU32::new(FREE), choices: PhantomData }
    }

    fn lock(&self) {
        self.take_until(None);
    }

    fn unlock(&self) {
        // Release: pairs with the Acquire of whoever takes it next.
        if self.state.fetch_sub(1, Ordering::Release) == HELD {
            return;
        }
        let kept = if C::KEEPS_THE_COUNT { !HOLD } else { FREE };
        // Release: the same.
        let long_waiters = self.state.fetch_and(kept, Ordering::Release) & !HOLD;
        let queue = if long_waiters > 0 && C::WAKES_LONG_WAITERS { Queue::Second } else { Queue::First };
        futex::wake_in(&raw const self.state, queue, 1);
    }
}

impl<C: Choices> TimedLocking for MutantLongLock<C> {
    fn lock_for(&self, timeout: Duration) -> bool {
        self.take_until(Instant::after(timeout))
    }
}

/// Right in everything.
#[derive(Debug)]
pub struct Faithful;
impl Choices for Faithful {}

/// A release wipes out who has waited long: the lock looks free to newcomers.
#[derive(Debug)]
pub struct LosesTheCount;
impl Choices for LosesTheCount {
    const KEEPS_THE_COUNT: bool = false;
}

/// It takes what is reserved for others.
#[derive(Debug)]
pub struct TakesWhatIsReserved;
impl Choices for TakesWhatIsReserved {
    const LEAVES_WHAT_IS_RESERVED: bool = false;
}

/// It is overtaken for ever.
#[derive(Debug)]
pub struct NeverWaitsLong;
impl Choices for NeverWaitsLong {
    const WAITS_LONG: bool = false;
}

/// The lock is reserved for one that has gone.
#[derive(Debug)]
pub struct StaysCounted;
impl Choices for StaysCounted {
    const STOPS_BEING_COUNTED: bool = false;
}

/// The lock is reserved, and the one that it is for sleeps on.
#[derive(Debug)]
pub struct WakesTheOthers;
impl Choices for WakesTheOthers {
    const WAKES_LONG_WAITERS: bool = false;
}

/// It goes without a look, and the lock is free with sleepers whom nobody wakes.
#[derive(Debug)]
pub struct GivesUpWhatIsReserved;
impl Choices for GivesUpWhatIsReserved {
    const TAKES_ITS_RESERVATION: bool = false;
}

/// The lock is reserved for one that has had it.
#[derive(Debug)]
pub struct StaysCountedWhenServed;
impl Choices for StaysCountedWhenServed {
    const IS_SERVED_ONCE: bool = false;
}
