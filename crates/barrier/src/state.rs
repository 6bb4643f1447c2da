//! The word of a barrier, and what can happen to it. Nothing here waits.
//!
//! | bits | name | means |
//! |---|---|---|
//! | 0–31 | count | how many threads are in the phase: have come and not yet left |
//! | 32 | broken | the phase was given up; all that come are refused until a reset |
//! | 33 | resetting | the phase was given up; who comes waits until all of it have left |
//! | 34 | running | all have come, and the last of them runs the action; who comes waits |
//! | 35–63 | phase | how often a phase ended, by a trip or a reset |
//!
//! | state | may become |
//! |---|---|
//! | open: no flag | open with one more · running, or open in the next phase, by the last to come · broken · resetting |
//! | running | open in the next phase, by the one that runs the action · running and broken or resetting |
//! | broken | broken with one less, by who leaves · resetting, or open in the next phase if nobody is left |
//! | resetting | resetting with one less, by who leaves · open in the next phase, by the last to leave · broken |
//!
//! The high half, all but the count, is what sleepers wait for: it changes when somebody has to look again.

/// The phase was given up, for good.
const BROKEN: u64 = 1 << 32;
/// The phase was given up, and another begins when all have left.
const RESETTING: u64 = 1 << 33;
/// The action runs.
const RUNNING: u64 = 1 << 34;
/// One phase.
const PHASE: u64 = 1 << 35;

/// The value of the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State(pub(crate) u64);

impl State {
    /// Nobody has come.
    pub(crate) const OPEN: Self = Self(0);

    pub(crate) fn count(self) -> u32 {
        self.0 as u32
    }

    /// What sleepers wait for.
    pub(crate) fn high(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub(crate) fn phase(self) -> u64 {
        self.0 / PHASE
    }

    pub(crate) fn is_broken(self) -> bool {
        self.0 & BROKEN != 0
    }

    pub(crate) fn is_resetting(self) -> bool {
        self.0 & RESETTING != 0
    }

    pub(crate) fn is_running(self) -> bool {
        self.0 & RUNNING != 0
    }

    /// Whoever is in the phase has to leave it with an error.
    pub(crate) fn is_given_up(self) -> bool {
        self.0 & (BROKEN | RESETTING) != 0
    }

    /// One more has come.
    pub(crate) fn entered(self) -> Self {
        Self(self.0 + 1)
    }

    /// The last has come, and runs the action.
    pub(crate) fn running(self) -> Self {
        Self(self.entered().0 | RUNNING)
    }

    /// The next phase, empty. The number wraps around.
    pub(crate) fn next_phase(self) -> Self {
        Self((self.0 / PHASE).wrapping_add(1).wrapping_mul(PHASE))
    }

    /// One has left a phase that was given up; `ran` says that it was the one that ran the action.
    pub(crate) fn left(self, ran: bool) -> Self {
        let fewer = Self((self.0 - 1) & if ran { !RUNNING } else { !0 });
        if fewer.is_resetting() && fewer.count() == 0 { fewer.next_phase() } else { fewer }
    }

    /// Given up for good: by `abort`, by one whose time is over, by an action that panics.
    pub(crate) fn broken(self) -> Self {
        Self((self.0 | BROKEN) & !RESETTING)
    }

    /// Given up, and begun anew: at once if nobody is in it, else when all have left.
    pub(crate) fn reset(self) -> Self {
        if self.is_resetting() {
            return self;
        }
        match (self.count(), self.is_broken()) {
            (0, false) => self,
            (0, true) => self.next_phase(),
            _ => Self((self.0 | RESETTING) & !BROKEN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_phases_wraps_around() {
        let last = State(u64::MAX / PHASE * PHASE);
        assert_eq!(last.phase(), (1 << 29) - 1);
        assert_eq!(last.next_phase(), State::OPEN);
        assert_ne!(last.next_phase().high(), last.high());
    }

    #[test]
    fn a_reset_waits_for_those_that_are_in_the_phase_and_for_nobody_else() {
        assert_eq!(State::OPEN.reset(), State::OPEN);
        assert_eq!(State::OPEN.broken().reset(), State::OPEN.next_phase());
        let two = State::OPEN.entered().entered();
        let reset = two.reset();
        assert!(reset.is_resetting() && !reset.is_broken() && reset.phase() == 0);
        assert_eq!(reset.reset(), reset);
        assert_eq!(reset.left(false).left(false), State::OPEN.next_phase());
        assert_eq!(two.broken().left(false).reset().left(false), State::OPEN.next_phase());
        assert!(reset.broken().left(false).left(false).is_broken(), "an abort outlasts the reset that it came in");
    }

    #[test]
    fn the_one_that_runs_the_action_is_in_the_phase_until_it_leaves() {
        let running = State::OPEN.entered().running();
        assert!(running.is_running() && running.count() == 2);
        let reset = running.reset().left(false);
        assert!(reset.is_running() && reset.is_resetting());
        assert_eq!(reset.left(true), State::OPEN.next_phase());
        assert!(!running.broken().left(true).is_running());
    }
}
