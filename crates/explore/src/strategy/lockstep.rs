//! Round-robin with equal shares: finds livelocks, which random choice breaks by chance.
//!
//! Threads that get nowhere do so in phase with each other. With shares of one to four steps they fall in phase if
//! their loops are alike; with one of them some steps ahead, also if they began apart.

use super::{Decision, Point, Strategy};
use crate::engine::state::Object;
use crate::engine::step::StepRecord;
use crate::schedule::Choice;

/// The largest share.
const LARGEST_SHARE: usize = 4;

/// How many threads are put ahead, one after the other, and by how many steps at most.
const AHEAD: (usize, usize) = (4, 3);

/// Each thread in turn takes so many steps.
pub(crate) struct Lockstep {
    round: usize,
    share: usize,
    /// A thread, and how many steps it is still to take before the others begin.
    ahead: (usize, usize),
    taken: usize,
    last: usize,
}

impl Lockstep {
    pub(crate) fn new() -> Self {
        Self { round: 0, share: 1, ahead: (0, 0), taken: 0, last: 0 }
    }

    /// How many executions it has.
    pub(crate) const EXECUTIONS: u64 = (LARGEST_SHARE + AHEAD.0 * AHEAD.1) as u64;
}

impl Strategy for Lockstep {
    fn begin(&mut self) -> bool {
        (self.taken, self.last) = (0, 0);
        (self.share, self.ahead) = match self.round.checked_sub(LARGEST_SHARE) {
            None => (self.round + 1, (0, 0)),
            // Main only starts the others, as a rule: they begin with the second thread.
            Some(variant) => (1, (1 + variant / AHEAD.1, 1 + variant % AHEAD.1)),
        };
        self.round += 1;
        self.round as u64 <= Self::EXECUTIONS
    }

    fn choose(&mut self, point: &Point<'_>) -> Decision {
        let early = Choice::usual(self.ahead.0);
        if self.ahead.1 > 0 && point.options.contains(&early) {
            self.ahead.1 -= 1;
            return Decision::Take(early);
        }
        let stays = Choice::usual(self.last);
        let chosen = if self.taken < self.share && point.options.contains(&stays) {
            stays
        } else {
            let after = point.options.iter().find(|option| option.thread > self.last);
            *after.unwrap_or(&point.options[0])
        };
        self.taken = if chosen.thread == self.last { self.taken + 1 } else { 1 };
        self.last = chosen.thread;
        Decision::Take(chosen)
    }

    fn ended(&mut self, _: &[StepRecord], _: &[Object]) {}

    fn exhausted(&self) -> bool {
        false
    }
}
