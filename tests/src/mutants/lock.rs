//! Broken locks.

use std::time::Duration;

use threadcraft_platform::Instant;
use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::futex::{self, Wait};

use crate::model::lock::{RawLocking, TimedLocking};

const FREE: u32 = 0;
const HELD: u32 = 1;
const CONTENDED: u32 = 2;

/// The decisions of a lock; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// The ordering of what takes the lock.
    const TAKING: Ordering = Ordering::Acquire;
    /// The ordering of what releases it.
    const RELEASING: Ordering = Ordering::Release;
    /// Taking it is one operation, not a look and then a write.
    const TAKES_AT_ONCE: bool = true;
    /// Whoever releases it wakes a waiter after that, not before.
    const WAKES_AFTER_RELEASE: bool = true;
    /// Whoever is about to sleep says so in the word.
    const ANNOUNCES_SLEEP: bool = true;
    /// Whoever has slept takes the lock as contended: others may sleep.
    const REMEMBERS_SLEEPERS: bool = true;
    /// After a wake-up it tries again before it looks at the clock.
    const TRIES_BEFORE_GIVING_UP: bool = true;
}

/// A lock with these decisions.
#[derive(Debug)]
pub struct MutantLock<C> {
    state: AtomicU32,
    choices: std::marker::PhantomData<C>,
}

impl<C: Choices> MutantLock<C> {
    /// Takes the lock if it is free, and says what it was.
    fn take(&self, held: u32) -> u32 {
        if C::TAKES_AT_ONCE {
            // On failure Relaxed, as nothing protected is read.
            return match self.state.compare_exchange(FREE, held, C::TAKING, Ordering::Relaxed) {
                Ok(before) | Err(before) => before,
            };
        }
        let before = self.state.load(C::TAKING);
        if before == FREE {
            self.state.store(held, Ordering::Relaxed);
        }
        before
    }

    fn take_until(&self, deadline: Option<Instant>) -> bool {
        let mut held = HELD;
        loop {
            let before = self.take(held);
            if before == FREE {
                return true;
            }
            if C::ANNOUNCES_SLEEP && before == HELD {
                // Relaxed: the bit publishes nothing. If it fails, the lock was released: try again.
                let announced = self.state.compare_exchange(HELD, CONTENDED, Ordering::Relaxed, Ordering::Relaxed);
                if announced.is_err() {
                    continue;
                }
            }
            let asleep = if C::ANNOUNCES_SLEEP { CONTENDED } else { before };
            match futex::wait(&self.state, asleep, deadline) {
                Wait::Woken if C::TRIES_BEFORE_GIVING_UP => {}
                Wait::Woken if deadline.is_none_or(|deadline| Instant::now() < deadline) => {}
                Wait::Woken | Wait::TimedOut => return false,
                Wait::Abandoned => return true,
            }
            if C::REMEMBERS_SLEEPERS {
                held = CONTENDED;
            }
        }
    }
}

impl<C: Choices> RawLocking for MutantLock<C> {
    fn new() -> Self {
        Self { state: AtomicU32::new(FREE), choices: std::marker::PhantomData }
    }

    fn lock(&self) {
        self.take_until(None);
    }

    fn unlock(&self) {
        if C::WAKES_AFTER_RELEASE {
            if self.state.swap(FREE, C::RELEASING) == CONTENDED {
                futex::wake(&raw const self.state, 1);
            }
        } else {
            // Relaxed: only a hint whether to wake.
            if self.state.load(Ordering::Relaxed) == CONTENDED {
                futex::wake(&raw const self.state, 1);
            }
            self.state.store(FREE, C::RELEASING);
        }
    }
}

impl<C: Choices> TimedLocking for MutantLock<C> {
    fn lock_for(&self, timeout: Duration) -> bool {
        self.take_until(Instant::after(timeout))
    }
}

/// Right in everything.
#[derive(Debug)]
pub struct Faithful;
impl Choices for Faithful {}

/// What was done under the lock is not published by its release.
#[derive(Debug)]
pub struct RelaxedUnlock;
impl Choices for RelaxedUnlock {
    const RELEASING: Ordering = Ordering::Relaxed;
}

/// What was done under the lock is not received by whoever takes it next.
#[derive(Debug)]
pub struct RelaxedLock;
impl Choices for RelaxedLock {
    const TAKING: Ordering = Ordering::Relaxed;
}

/// Two threads see it free, and both take it.
#[derive(Debug)]
pub struct LooksThenTakes;
impl Choices for LooksThenTakes {
    const TAKES_AT_ONCE: bool = false;
}

/// The waiter is woken, sees that the lock is still held, and sleeps for ever.
#[derive(Debug)]
pub struct WakesBeforeRelease;
impl Choices for WakesBeforeRelease {
    const WAKES_AFTER_RELEASE: bool = false;
}

/// Nobody knows that it sleeps.
#[derive(Debug)]
pub struct SleepsUnannounced;
impl Choices for SleepsUnannounced {
    const ANNOUNCES_SLEEP: bool = false;
}

/// Of two that sleep, the first to be woken forgets the other.
#[derive(Debug)]
pub struct ForgetsSleepers;
impl Choices for ForgetsSleepers {
    const REMEMBERS_SLEEPERS: bool = false;
}

/// One that gives up takes a wake-up along that another needed.
#[derive(Debug)]
pub struct SwallowsWakeUp;
impl Choices for SwallowsWakeUp {
    const TRIES_BEFORE_GIVING_UP: bool = false;
}
