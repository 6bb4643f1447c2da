//! Small programs that show whether a primitive is right, for the explorer to run on every interleaving.
//!
//! Each is written against a trait, and run with the primitive, with its mutants, and with what a learner of the course
//! has built. The traits are cut into what everybody has and what only some have: a program asks for what it uses. What
//! it is to come to is one outcome, or a few; whatever else it comes to is a fault, and so are deadlocks and data races,
//! which the cells between the calls bring to light.

pub mod barrier;
#[cfg(not(loom))]
pub mod behaviour;
pub mod condition;
pub mod event;
pub mod lock;
#[cfg(not(loom))]
pub mod pool;
pub mod queue;
pub mod rlock;
pub mod rounds;
pub mod semaphore;
#[cfg(not(loom))]
pub mod timer;

use std::fmt::Debug;

use threadcraft::{Thread, spawn};
#[cfg(not(loom))]
use threadcraft_explore::Report;
use threadcraft_platform::cell::RaceCell;

/// A number that nothing protects but the primitive under test: two accesses that it does not order are a data race.
#[derive(Debug)]
pub struct Unprotected(RaceCell<u32>);

impl Unprotected {
    /// Zero.
    #[must_use]
    pub fn new() -> Self {
        Self(RaceCell::new(0).named("number"))
    }

    /// Adds one.
    #[track_caller]
    pub fn add_one(&self) {
        // SAFETY:
        // - one explored thread runs at a time, and the cell is not reached from elsewhere meanwhile;
        // - an access that is not ordered with it by the program is what the explorer reports.
        self.0.with_mut(|number| unsafe { *number += 1 });
    }

    /// The number.
    #[track_caller]
    pub fn get(&self) -> u32 {
        // SAFETY:
        // - as in `add_one`.
        self.0.with(|number| unsafe { *number })
    }
}

impl Default for Unprotected {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs each body in a thread of its own and waits for all.
#[track_caller]
pub fn run_all<T: Send + 'static>(bodies: impl IntoIterator<Item = Box<dyn FnOnce() -> T + Send>>) -> Vec<T> {
    let threads: Vec<Thread<T>> = bodies.into_iter().map(spawn).collect();
    threads.into_iter().map(|thread| thread.join().expect("the threads of a model do not panic")).collect()
}

/// The verdict on a program: the name of what went wrong, `outcome` for an outcome that is not among those expected,
/// else `right`.
#[cfg(not(loom))]
#[must_use]
pub fn verdict(report: &Report, expected: &[&str]) -> &'static str {
    if let Some(failure) = &report.failure {
        return failure.kind.name();
    }
    let unexpected = report.outcomes.iter().any(|(outcome, _)| !expected.contains(&outcome));
    if unexpected { "outcome" } else { "right" }
}
