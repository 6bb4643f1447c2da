//! Uniformly random choice, from fixed seeds: the same executions on every machine.

use super::numbers::Numbers;
use super::{Decision, Point, Strategy};
use crate::engine::state::Object;
use crate::engine::step::StepRecord;

/// Random executions, as many as are asked for.
pub(crate) struct Random {
    seed: u64,
    execution: u64,
    numbers: Numbers,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, execution: 0, numbers: Numbers::of_execution(seed, 0) }
    }
}

impl Strategy for Random {
    fn begin(&mut self) -> bool {
        self.execution += 1;
        self.numbers = Numbers::of_execution(self.seed, self.execution);
        true
    }

    fn choose(&mut self, point: &Point<'_>) -> Decision {
        let count = point.options.len();
        let index = if count == 1 { 0 } else { self.numbers.below(count) };
        Decision::Take(point.options[index])
    }

    fn ended(&mut self, _: &[StepRecord], _: &[Object]) {}

    fn exhausted(&self) -> bool {
        false
    }
}
