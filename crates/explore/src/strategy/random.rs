//! Uniformly random choice, from fixed seeds: the same executions on every machine.

use super::{Decision, Point, Strategy};
use crate::engine::step::StepRecord;

/// So many random executions.
pub(crate) struct Random {
    seed: u64,
    execution: u64,
    executions: u64,
    state: u64,
}

impl Random {
    pub(crate) fn new(seed: u64, executions: u64) -> Self {
        Self { seed, execution: 0, executions, state: 0 }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Strategy for Random {
    fn begin(&mut self) -> bool {
        self.execution += 1;
        self.state = self.seed ^ self.execution.wrapping_mul(0xd134_2543_de82_ef95);
        self.execution <= self.executions
    }

    fn choose(&mut self, point: &Point<'_>) -> Decision {
        let count = point.options.len() as u64;
        let index = if count == 1 { 0 } else { self.next() % count };
        Decision::Take(point.options[index as usize])
    }

    fn ended(&mut self, _: &[StepRecord]) {}

    fn exhausted(&self) -> bool {
        false
    }
}
