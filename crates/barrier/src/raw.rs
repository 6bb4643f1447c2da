//! The barrier without its public interface: who comes, who sleeps, who lets go. README.md has the protocol and the
//! proof sketch; `State` has the table of the word.

use threadcraft_platform::atomic::{AtomicU64, Ordering};
use threadcraft_platform::futex::{self, Wait};
use threadcraft_platform::{Instant, Object, const_unless_loom};

use crate::error::Cause;
use crate::state::State;

/// The word and its parties.
pub(crate) struct RawBarrier {
    /// The state; see the table in `state.rs`.
    state: AtomicU64,
    pub(crate) parties: u32,
    pub(crate) object: Object,
}

/// How far a thread got without the action.
pub(crate) enum Arrival {
    /// All have come; this was the one with the number.
    Passed { index: u32 },
    /// All have come, this one last, and it has to run the action and then [`RawBarrier::finish`].
    RunsAction { phase: u64 },
    /// They will not.
    Failed(Cause),
}

impl RawBarrier {
    const_unless_loom! {
        pub(crate) const fn new(parties: u32) -> Self {
            Self { state: AtomicU64::new(State::OPEN.0), parties, object: Object::new("barrier") }
        }
    }

    /// The state, for a look that may be out of date at once.
    pub(crate) fn look(&self) -> State {
        // Relaxed: such a look orders nothing.
        State(self.state.load(Ordering::Relaxed))
    }

    /// Comes to the barrier and waits until all have, or until the deadline that `deadline` computes: only one that has
    /// to wait looks at the clock.
    #[inline(always)]
    pub(crate) fn arrive(&self, has_action: bool, deadline: impl FnOnce() -> Option<Instant>) -> Arrival {
        // Relaxed: entering is what orders.
        let mut now = State(self.state.load(Ordering::Relaxed));
        loop {
            if now.is_given_up() || now.is_running() {
                let Some(changed) = self.wait_to_enter(now) else { return Arrival::Failed(Cause::Broken) };
                now = changed;
                continue;
            }
            let index = now.count();
            let is_last = index + 1 == self.parties;
            let after = match (is_last, has_action) {
                (false, _) => now.entered(),
                (true, false) => now.next_phase(),
                (true, true) => now.running(),
            };
            if let Err(changed) = self.exchange(now, after) {
                now = changed;
                continue;
            }
            return match (is_last, has_action) {
                (false, _) => self.wait_for_the_others(after, index, deadline()),
                (true, false) => {
                    // The barrier may be gone: only its address is used.
                    wake_all(&raw const self.state, index);
                    Arrival::Passed { index }
                }
                (true, true) => Arrival::RunsAction { phase: now.phase() },
            };
        }
    }

    /// Waits for a change of a state in which nobody can enter, as the phase before is not over: the next one; `None` if
    /// the barrier is broken.
    #[cold]
    fn wait_to_enter(&self, now: State) -> Option<State> {
        if now.is_broken() || futex::wait_high(&self.state, now.high(), None) == Wait::Abandoned {
            return None;
        }
        // Relaxed: as in `arrive`.
        Some(State(self.state.load(Ordering::Relaxed)))
    }

    /// Sleeps until the phase is over, which this thread has entered by putting `now` there, or gives it up at the
    /// deadline.
    ///
    /// An explored execution that is torn down counts as broken.
    #[inline(always)]
    fn wait_for_the_others(&self, mut now: State, index: u32, deadline: Option<Instant>) -> Arrival {
        let phase = now.phase();
        let mut time_is_over = false;
        loop {
            // All have come while the action runs: it is too late to give up.
            let until = deadline.filter(|_| !now.is_running());
            match futex::wait_high(&self.state, now.high(), until) {
                Wait::Woken => {}
                Wait::TimedOut => time_is_over = true,
                Wait::Abandoned => return Arrival::Failed(Cause::Broken),
            }
            // Acquire: pairs with the exchange that ended the phase, so that all that came before it is visible.
            now = State(self.state.load(Ordering::Acquire));
            if now.phase() != phase {
                // A phase with waiters in it ends by a trip alone: a reset is over when they have left.
                return Arrival::Passed { index };
            }
            if now.is_given_up() {
                return Arrival::Failed(self.leave(false));
            }
            if time_is_over && !now.is_running() && self.exchange(now, now.broken().left(false)).is_ok() {
                wake_all(&raw const self.state, u32::MAX);
                return Arrival::Failed(Cause::TimedOut);
            }
        }
    }

    /// Ends the phase whose action this thread has run.
    pub(crate) fn finish(&self, phase: u64) -> Arrival {
        // Relaxed: the exchange is what orders.
        let mut now = State(self.state.load(Ordering::Relaxed));
        debug_assert!(now.phase() == phase && now.is_running(), "nobody else ends it");
        while !now.is_given_up() {
            match self.exchange(now, now.next_phase()) {
                Ok(()) => {
                    // The barrier may be gone: only its address is used.
                    wake_all(&raw const self.state, u32::MAX);
                    return Arrival::Passed { index: self.parties - 1 };
                }
                Err(changed) => now = changed,
            }
        }
        Arrival::Failed(self.leave(true))
    }

    /// The action has panicked: the phase is broken, and this thread leaves it.
    pub(crate) fn fail(&self) {
        self.change(|now| if now.is_given_up() { now.left(true) } else { now.broken().left(true) });
    }

    /// Leaves a phase that was given up, and says why it was.
    #[cold]
    fn leave(&self, ran: bool) -> Cause {
        let before = self.change(|now| now.left(ran));
        if before.is_broken() { Cause::Broken } else { Cause::Reset }
    }

    /// Gives the phase up for good.
    pub(crate) fn abort(&self) {
        self.change(State::broken);
    }

    /// Gives the phase up, if anybody is in it, and begins another.
    pub(crate) fn reset(&self) {
        self.change(State::reset);
    }

    /// Changes the state, and wakes all if they have to look again. Returns what it was.
    fn change(&self, to: impl Fn(State) -> State) -> State {
        // Relaxed: the exchange is what orders.
        let mut now = State(self.state.load(Ordering::Relaxed));
        loop {
            let after = to(now);
            if after == now {
                return now;
            }
            match self.exchange(now, after) {
                Ok(()) => {
                    if after.high() != now.high() {
                        // The barrier may be gone: only its address is used.
                        wake_all(&raw const self.state, u32::MAX);
                    }
                    return now;
                }
                Err(changed) => now = changed,
            }
        }
    }

    /// From one state to another, if it is still the one.
    ///
    /// Release: what this thread did before it came is visible to those that the last one lets go, through all the
    /// exchanges in between, which are read-modify-writes and carry it on. Acquire: the last one, which may run the
    /// action, sees what all did before they came; pairs with the Release here. Relaxed on failure: another try follows.
    #[inline]
    fn exchange(&self, from: State, to: State) -> Result<(), State> {
        let exchanged = self.state.compare_exchange_weak(from.0, to.0, Ordering::AcqRel, Ordering::Relaxed);
        exchanged.map(|_| ()).map_err(State)
    }
}

/// Wakes all that sleep, of whom there are `sleepers` at most. `word` is an address: what stood there may be gone.
#[inline(always)]
fn wake_all(word: *const AtomicU64, sleepers: u32) {
    if sleepers > 0 {
        futex::wake_high(word, u32::MAX);
    }
}
