//! Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with
//! Probabilistic Guarantees of Finding Bugs, ASPLOS 2010).
//!
//! Each thread gets a random priority, and always the one with the highest runs. At `depth - 1` random steps the thread
//! that would run falls behind all others. A bug that needs `depth` steps of different threads in one order is found
//! by one execution with a probability of at least 1 / (n · k^(depth - 1)), for n threads and k steps: long executions,
//! in which uniform choice switches too often to let a thread get anywhere, are where it is better.

use super::numbers::Numbers;
use super::{Decision, Point, Strategy};
use crate::engine::state::Object;
use crate::engine::step::StepRecord;

/// How long an execution is taken to be before one has ended.
const FIRST_GUESS: usize = 64;

/// Above the priority of every thread that fell behind.
const UPPER: u64 = 1 << 32;

/// Random priorities, and so many changes of them less one.
pub(crate) struct Pct {
    seed: u64,
    depth: u32,
    execution: u64,
    numbers: Numbers,
    /// The most steps that an execution had.
    longest: usize,
    /// By thread; the highest runs.
    priorities: Vec<u64>,
    /// The steps before which the first falls behind.
    changes: Vec<usize>,
    /// How many fell behind: each later one falls further.
    behind: u64,
}

impl Pct {
    pub(crate) fn new(seed: u64, depth: u32) -> Self {
        Self {
            seed,
            depth,
            execution: 0,
            numbers: Numbers::of_execution(seed, 0),
            longest: 0,
            priorities: Vec::new(),
            changes: Vec::new(),
            behind: 0,
        }
    }

    /// The thread with the highest priority among those that can run.
    fn first(&mut self, point: &Point<'_>) -> usize {
        for option in point.options {
            while self.priorities.len() <= option.thread {
                let priority = UPPER + self.numbers.next() % UPPER;
                self.priorities.push(priority);
            }
        }
        let threads = point.options.iter().map(|option| option.thread);
        threads.max_by_key(|&thread| self.priorities[thread]).unwrap_or(0)
    }
}

impl Strategy for Pct {
    fn begin(&mut self) -> bool {
        self.execution += 1;
        self.numbers = Numbers::of_execution(self.seed, self.execution);
        self.priorities.clear();
        self.changes.clear();
        self.behind = 0;
        let length = if self.longest == 0 { FIRST_GUESS } else { self.longest };
        for _ in 1..self.depth {
            let step = self.numbers.below(length);
            self.changes.push(step);
        }
        true
    }

    fn choose(&mut self, point: &Point<'_>) -> Decision {
        let mut first = self.first(point);
        if self.changes.contains(&point.step) {
            self.behind += 1;
            self.priorities[first] = UPPER - self.behind;
            first = self.first(point);
        }
        let ways = point.options.iter().filter(|option| option.thread == first);
        let count = ways.clone().count();
        let way = if count == 1 { 0 } else { self.numbers.below(count) };
        match ways.clone().nth(way) {
            Some(&choice) => Decision::Take(choice),
            None => Decision::Take(point.default()),
        }
    }

    fn ended(&mut self, steps: &[StepRecord], _: &[Object]) {
        self.longest = self.longest.max(steps.len());
    }

    fn exhausted(&self) -> bool {
        false
    }
}
