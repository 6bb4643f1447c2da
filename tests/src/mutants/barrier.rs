//! Broken barriers.

use std::sync::Mutex;
use std::time::Duration;

use threadcraft_platform::Instant;
use threadcraft_platform::atomic::{AtomicU64, Ordering};
use threadcraft_platform::futex::{self, Wait};

use crate::model::barrier::{BreakableMeeting, Meeting};

const BROKEN: u64 = 1 << 32;
const RESETTING: u64 = 1 << 33;
const PHASE: u64 = 1 << 35;
const COUNT: u64 = (1 << 32) - 1;

/// The decisions of a barrier; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// The ordering of coming, and of ending a phase.
    const COMING: Ordering = Ordering::AcqRel;
    /// The ordering of a waiter's look.
    const LOOKING: Ordering = Ordering::Acquire;
    /// The count and the number of the phase change in one operation, not one after the other.
    const ENDS_AT_ONCE: bool = true;
    /// How many the last one wakes.
    const WAKES: u32 = u32::MAX;
    /// Waiters go on when the number of the phase has changed, not when the count is zero again.
    const WAITS_FOR_THE_NUMBER: bool = true;
    /// The action is run before the others are let go.
    const ACTS_FIRST: bool = true;
    /// One whose time is over looks whether all have come meanwhile.
    const LOOKS_AFTER_DEADLINE: bool = true;
    /// One whose time is over tells the others.
    const TELLS_THE_OTHERS: bool = true;
    /// A reset waits until those of the phase have left.
    const DRAINS: bool = true;
}

/// A barrier with these decisions.
pub struct MutantBarrier<C> {
    state: AtomicU64,
    parties: u64,
    /// A lock of `std` may be held here: one thread runs the action, and nobody else wants it.
    action: Option<Mutex<Box<dyn FnMut() + Send>>>,
    choices: std::marker::PhantomData<C>,
}

impl<C: Choices> MutantBarrier<C> {
    fn change(&self, to: impl Fn(u64) -> u64) -> u64 {
        // Relaxed: the exchange is what orders.
        let mut now = self.state.load(Ordering::Relaxed);
        // Relaxed on failure: another try follows.
        while let Err(changed) = self.state.compare_exchange(now, to(now), C::COMING, Ordering::Relaxed) {
            now = changed;
        }
        now
    }

    fn wake(&self, count: u32) {
        futex::wake_high(&raw const self.state, count);
    }

    fn next_phase(now: u64) -> u64 {
        (now / PHASE + 1) * PHASE
    }

    fn left(now: u64) -> u64 {
        let fewer = now - 1;
        if fewer & RESETTING != 0 && fewer as u32 == 0 { Self::next_phase(fewer) } else { fewer }
    }

    /// Leaves a phase that was given up.
    fn leave(&self) -> Option<usize> {
        let before = self.change(Self::left);
        if before & RESETTING != 0 {
            self.wake(u32::MAX);
        }
        None
    }

    fn run_action(&self) {
        if let Some(action) = &self.action {
            action.try_lock().expect("one at a time")();
        }
    }

    /// The end of a phase, by the one that came last.
    fn end(&self) {
        if C::ACTS_FIRST && self.action.is_some() {
            self.run_action();
        }
        if C::ENDS_AT_ONCE {
            self.change(Self::next_phase);
        } else {
            self.change(|now| now & !COUNT);
            self.change(|now| now + PHASE);
        }
        self.wake(C::WAKES);
        if !C::ACTS_FIRST {
            self.run_action();
        }
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Option<usize> {
        // Relaxed: the exchange is what orders.
        let mut now = self.state.load(Ordering::Relaxed);
        loop {
            if now & BROKEN != 0 {
                return None;
            }
            if now & RESETTING != 0 || now & COUNT == self.parties {
                if futex::wait_high(&self.state, (now >> 32) as u32, None) == Wait::Abandoned {
                    return None;
                }
                // Relaxed: as above.
                now = self.state.load(Ordering::Relaxed);
                continue;
            }
            // Relaxed on failure: another try follows.
            match self.state.compare_exchange(now, now + 1, C::COMING, Ordering::Relaxed) {
                Ok(_) => break,
                Err(changed) => now = changed,
            }
        }
        let index = (now & COUNT) as usize;
        if index as u64 + 1 == self.parties {
            self.end();
            return Some(index);
        }
        self.wait_for_the_others(now / PHASE, deadline).then_some(index)
    }

    /// True if all have come.
    fn wait_for_the_others(&self, phase: u64, deadline: Option<Instant>) -> bool {
        let mut time_is_over = false;
        loop {
            let now = self.state.load(C::LOOKING);
            let is_over = if C::WAITS_FOR_THE_NUMBER { now / PHASE != phase } else { now & COUNT == 0 };
            if is_over && (C::LOOKS_AFTER_DEADLINE || !time_is_over) {
                return true;
            }
            if now & (BROKEN | RESETTING) != 0 {
                self.leave();
                return false;
            }
            let all_have_come = now & COUNT == self.parties;
            if time_is_over && (!all_have_come || !C::LOOKS_AFTER_DEADLINE) {
                let broken = now.saturating_sub(u64::from(now & COUNT != 0)) | BROKEN;
                // Relaxed on failure: another look follows.
                if self.state.compare_exchange(now, broken, C::COMING, Ordering::Relaxed).is_err() {
                    continue;
                }
                if C::TELLS_THE_OTHERS {
                    self.wake(u32::MAX);
                }
                return false;
            }
            match futex::wait_high(&self.state, (now >> 32) as u32, deadline.filter(|_| !time_is_over)) {
                Wait::Woken => {}
                Wait::TimedOut => time_is_over = true,
                Wait::Abandoned => return false,
            }
        }
    }
}

impl<C: Choices> Meeting for MutantBarrier<C> {
    fn new(parties: usize) -> Self {
        Self { state: AtomicU64::new(0), parties: parties as u64, action: None, choices: std::marker::PhantomData }
    }

    fn wait(&self) -> Option<usize> {
        self.wait_until(None)
    }
}

impl<C: Choices> BreakableMeeting for MutantBarrier<C> {
    fn with_action(parties: usize, action: impl FnMut() + Send + 'static) -> Self {
        Self { action: Some(Mutex::new(Box::new(action))), ..Self::new(parties) }
    }

    fn wait_for(&self, timeout: Duration) -> Option<usize> {
        self.wait_until(Instant::after(timeout))
    }

    fn abort(&self) {
        self.change(|now| (now | BROKEN) & !RESETTING);
        self.wake(u32::MAX);
    }

    fn reset(&self) {
        self.change(|now| match now & COUNT {
            0 if now & BROKEN == 0 => now,
            0 => Self::next_phase(now),
            _ if C::DRAINS => (now | RESETTING) & !BROKEN,
            _ => Self::next_phase(now),
        });
        self.wake(u32::MAX);
    }
}

/// Right in everything.
#[derive(Debug)]
pub struct Faithful;
impl Choices for Faithful {}

/// What a thread did before it came is not published by its coming.
#[derive(Debug)]
pub struct RelaxedComing;
impl Choices for RelaxedComing {
    const COMING: Ordering = Ordering::Relaxed;
}

/// What the others did before they came is not received by the waiter.
#[derive(Debug)]
pub struct RelaxedLook;
impl Choices for RelaxedLook {
    const LOOKING: Ordering = Ordering::Relaxed;
}

/// One who comes between the two changes is counted in the new phase and takes itself for one of the old.
#[derive(Debug)]
pub struct NumberAfterCount;
impl Choices for NumberAfterCount {
    const ENDS_AT_ONCE: bool = false;
}

/// One waiter of several is woken.
#[derive(Debug)]
pub struct WakesOne;
impl Choices for WakesOne {
    const WAKES: u32 = 1;
}

/// One that is fast comes back before one that is slow has seen that the count was zero.
#[derive(Debug)]
pub struct WaitsForZero;
impl Choices for WaitsForZero {
    const WAITS_FOR_THE_NUMBER: bool = false;
}

/// The others go on while the action runs.
#[derive(Debug)]
pub struct ActsAfterwards;
impl Choices for ActsAfterwards {
    const ACTS_FIRST: bool = false;
}

/// One whose time is over gives up although all have come.
#[derive(Debug)]
pub struct GivesUpBlindly;
impl Choices for GivesUpBlindly {
    const LOOKS_AFTER_DEADLINE: bool = false;
}

/// One whose time is over leaves the others to wait for ever.
#[derive(Debug)]
pub struct BreaksInSilence;
impl Choices for BreaksInSilence {
    const TELLS_THE_OTHERS: bool = false;
}

/// A reset begins the next phase at once: to those that wait it looks as if all had come.
#[derive(Debug)]
pub struct ResetsWithoutDraining;
impl Choices for ResetsWithoutDraining {
    const DRAINS: bool = false;
}
