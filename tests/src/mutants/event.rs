//! Broken events.

use std::time::Duration;

use threadcraft_platform::Instant;
use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::futex::{self, Wait};

use crate::model::event::{Flag, VisibleFlag};

const SET: u32 = 1 << 0;
const SLEEPERS: u32 = 1 << 1;
const EPOCH: u32 = 1 << 2;

/// The decisions of an event; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// The ordering of what sets the flag.
    const SETTING: Ordering = Ordering::Release;
    /// The ordering of a look at it.
    const LOOKING: Ordering = Ordering::Acquire;
    /// The ordering of what clears it.
    const CLEARING: Ordering = Ordering::AcqRel;
    /// How many a `set` wakes.
    const WAKES: u32 = u32::MAX;
    /// A waiter goes on when the flag was set since it came, even if it is clear again.
    const COUNTS_SETTINGS: bool = true;
    /// Whoever is about to sleep says so in the word.
    const ANNOUNCES_SLEEP: bool = true;
    /// The futex sleeps only if the word is what the waiter saw, not whatever it is now.
    const COMPARES_BEFORE_SLEEP: bool = true;
    /// Whoever sets the flag wakes the waiters after that, not before.
    const WAKES_AFTER_SETTING: bool = true;
}

/// An event with these decisions.
#[derive(Debug)]
pub struct MutantEvent<C> {
    word: AtomicU32,
    choices: std::marker::PhantomData<C>,
}

impl<C: Choices> MutantEvent<C> {
    fn was_set(found: u32, now: u32) -> bool {
        now & SET != 0 || (C::COUNTS_SETTINGS && now / EPOCH != found / EPOCH)
    }

    fn wait_until(&self, deadline: Option<Instant>) -> bool {
        let found = self.word.load(C::LOOKING);
        let mut word = found;
        while !Self::was_set(found, word) {
            let mut asleep = word;
            if C::ANNOUNCES_SLEEP {
                asleep |= SLEEPERS;
                // Relaxed on success: the bit publishes nothing.
                if let Err(changed) = self.word.compare_exchange(word, asleep, Ordering::Relaxed, C::LOOKING) {
                    word = changed;
                    continue;
                }
            }
            if !C::COMPARES_BEFORE_SLEEP {
                // Relaxed: the bug is to ask again at all.
                asleep = self.word.load(Ordering::Relaxed);
            }
            let ended = futex::wait(&self.word, asleep, deadline);
            word = self.word.load(C::LOOKING);
            match ended {
                Wait::Woken => {}
                Wait::TimedOut => return Self::was_set(found, word),
                Wait::Abandoned => return true,
            }
        }
        true
    }
}

impl<C: Choices> Flag for MutantEvent<C> {
    fn new() -> Self {
        Self { word: AtomicU32::new(0), choices: std::marker::PhantomData }
    }

    fn set(&self) {
        // Relaxed: the exchange is what orders.
        let mut word = self.word.load(Ordering::Relaxed);
        if !C::WAKES_AFTER_SETTING && word & SLEEPERS != 0 {
            futex::wake(&raw const self.word, C::WAKES);
        }
        loop {
            let after = if word & SET != 0 { word } else { (word.wrapping_add(EPOCH) | SET) & !SLEEPERS };
            // On failure Relaxed: a new attempt follows.
            match self.word.compare_exchange(word, after, C::SETTING, Ordering::Relaxed) {
                Ok(_) => break,
                Err(changed) => word = changed,
            }
        }
        if C::WAKES_AFTER_SETTING && word & SLEEPERS != 0 {
            futex::wake(&raw const self.word, C::WAKES);
        }
    }

    fn clear(&self) {
        self.word.fetch_and(!SET, C::CLEARING);
    }

    fn wait(&self) {
        self.wait_until(None);
    }

    fn wait_for(&self, timeout: Duration) -> bool {
        self.wait_until(Instant::after(timeout))
    }
}

impl<C: Choices> VisibleFlag for MutantEvent<C> {
    fn is_set(&self) -> bool {
        self.word.load(C::LOOKING) & SET != 0
    }
}

/// Right in everything.
#[derive(Debug)]
pub struct Faithful;
impl Choices for Faithful {}

/// What was done before `set` is not published by it.
#[derive(Debug)]
pub struct RelaxedSet;
impl Choices for RelaxedSet {
    const SETTING: Ordering = Ordering::Relaxed;
}

/// What was done before `set` is not received by the waiter.
#[derive(Debug)]
pub struct RelaxedWait;
impl Choices for RelaxedWait {
    const LOOKING: Ordering = Ordering::Relaxed;
}

/// What was done before `clear` is not published by it.
#[derive(Debug)]
pub struct ClearPublishesNothing;
impl Choices for ClearPublishesNothing {
    const CLEARING: Ordering = Ordering::Acquire;
}

/// What was announced by the `set` that it undoes is not received by `clear`.
#[derive(Debug)]
pub struct ClearReceivesNothing;
impl Choices for ClearReceivesNothing {
    const CLEARING: Ordering = Ordering::Release;
}

/// One waiter of several is woken.
#[derive(Debug)]
pub struct WakesOne;
impl Choices for WakesOne {
    const WAKES: u32 = 1;
}

/// A `clear` that follows at once holds the waiter back.
#[derive(Debug)]
pub struct ClearHoldsBack;
impl Choices for ClearHoldsBack {
    const COUNTS_SETTINGS: bool = false;
}

/// Nobody knows that it sleeps.
#[derive(Debug)]
pub struct SleepsUnannounced;
impl Choices for SleepsUnannounced {
    const ANNOUNCES_SLEEP: bool = false;
}

/// It sleeps although the flag was set between its look and its sleep.
#[derive(Debug)]
pub struct SleepsOverTheSet;
impl Choices for SleepsOverTheSet {
    const COMPARES_BEFORE_SLEEP: bool = false;
}

/// The waiter is woken, sees that the flag is still clear, and sleeps for ever.
#[derive(Debug)]
pub struct WakesBeforeSetting;
impl Choices for WakesBeforeSetting {
    const WAKES_AFTER_SETTING: bool = false;
}
