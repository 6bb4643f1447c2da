//! Round-robin with equal shares: finds livelocks, which random choice breaks by chance.

use super::{Decision, Point, Strategy};
use crate::engine::state::StepRecord;
use crate::schedule::Choice;

/// Each thread in turn takes so many steps, for shares of 1 up to 4 steps.
pub(crate) struct Lockstep {
    share: usize,
    taken: usize,
    last: usize,
    began: bool,
}

/// The largest share.
const LARGEST: usize = 4;

impl Lockstep {
    pub(crate) fn new() -> Self {
        Self { share: 0, taken: 0, last: 0, began: false }
    }
}

impl Strategy for Lockstep {
    fn begin(&mut self) -> bool {
        self.share += 1;
        self.taken = 0;
        self.last = 0;
        self.began = true;
        self.share <= LARGEST
    }

    fn choose(&mut self, point: &Point<'_>) -> Decision {
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

    fn ended(&mut self, _: &[StepRecord]) {}

    fn exhausted(&self) -> bool {
        false
    }
}
