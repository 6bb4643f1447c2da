//! Runs a threaded program on every interleaving that matters, and shows the shortest one that goes wrong.
//!
//! A program that uses the `threadcraft` crates (with their feature `explore`) is a function like any other. Here it
//! runs again and again, each time on another interleaving of its threads' steps, until one goes wrong, or all that
//! can tell apart are seen:
//!
//! ```
//! use std::sync::Arc;
//! use threadcraft_explore::explore;
//! # use threadcraft_platform::{Shared, thread::Builder};
//! # fn spawn(body: impl FnOnce() + Send + 'static) -> threadcraft_platform::thread::Handle {
//! #     Builder::default().spawn(body).expect("a thread")
//! # }
//!
//! let report = explore(|| {
//!     let total = Arc::new(Shared::new(0).named("total"));
//!     let threads: Vec<_> = (0..2)
//!         .map(|_| {
//!             let total = Arc::clone(&total);
//!             spawn(move || total.set(total.get() + 1))
//!         })
//!         .collect();
//!     for thread in threads {
//!         thread.join();
//!     }
//!     total.get()
//! });
//! assert!(report.complete, "every interleaving was run");
//! assert_eq!(report.outcomes.to_string(), "1 | 2", "an update can be lost");
//! ```
//!
//! In a test, [`check()`] panics with the timeline of what went wrong:
//!
//! ```no_run
//! # fn transfer() {}
//! #[test]
//! fn money_is_never_lost() {
//!     threadcraft_explore::check(transfer);
//! }
//! ```
//!
//! [The guide] takes a queue from a bug to a proof, and says how to test primitives of one's own.
//!
//! [The guide]: https://github.com/threadcraft/threadcraft/blob/main/crates/explore/GUIDE.md
//!
//! # What is explored
//!
//! Steps are the operations of the `threadcraft` crates. What a thread does between two of them happens at once. At
//! the coarse grain (the default) one call such as `lock()` is one step, which only blocking divides; at the fine
//! grain each atomic operation inside is one, which is how the primitives themselves are tested. Time is virtual: when
//! nobody can run, the clock jumps to the next deadline.
//!
//! Found are deadlocks (with the cycle of who waits for whom), data races on
//! [race-checked cells](https://docs.rs/threadcraft-platform) by happens-before, livelocks, threads that starve, panics
//! that nobody took notice of, locks that are never given back, misuse, executions without end, and, through [`Explorer::visit`], any property of yours. The [`Report`] says
//! whether the search was complete, and if not, what cut it short.
//!
//! # What is not
//!
//! - Weak memory: steps happen in one order for all. Wrong orderings show as data races, not as stale values.
//! - What the explorer does not control: `std::thread::spawn`, locks of `std`, `std::time::Instant`, hash seeds,
//!   addresses. Where they are noticed they are failures that say what to use instead: a thread that is not known
//!   ([`FailureKind::Foreign`]), a turn that does not end ([`FailureKind::Stuck`]), runs of one schedule that differ
//!   ([`FailureKind::Uncontrolled`]).
//! - Loops without end. A loop that reads the same values at the same line over and over, while nobody writes, or that
//!   yields, lets others go first; a proof looks whether it ends by itself, and searches all its rounds if it does. After
//!   200 rounds it is taken to have no end and to leave nothing behind but what the explorer sees.
//!
//! # How
//!
//! Each explored thread is a thread of the system, or a coroutine ([`Carrier`]); one at a time has the turn and runs to
//! just before its next step.
//! The [`Strategy`] chooses who goes next: at random and by random priorities (which find most bugs within a few
//! executions), round-robin (which finds livelocks), few preemptions (which find most of the rest), and dynamic partial-order reduction, which runs one of all the interleavings that differ only in
//! the order of steps that do not touch each other, and so proves programs of a learner's size right.
//!
//! # Features and cost
//!
//! None of this is compiled into a program without the feature `explore`. With it, a thread that is not explored pays
//! one thread-local read for each operation. On coroutines an explored step costs a few hundred nanoseconds; on threads of
//! the system a switch costs about three microseconds, an execution about thirty for each of its threads.

mod budget;
mod engine;
mod execution;
mod explorer;
mod minimise;
mod reorder;
pub mod runtime;
mod search;
mod strategy;

use std::fmt::Debug;

use threadcraft_timeline::SCHEDULE_VARIABLE;
#[doc(inline)]
pub use threadcraft_timeline::{
    Failure, FailureKind, NextStep, ObjectStanding, Outcomes, Report, Schedule, ScheduleError, Shard, ShardError,
    Standing, ThreadStanding, ThreadStatus, Why, check, json, render, report, schedule, why,
};

pub use crate::budget::{Budget, BudgetError};
pub use crate::execution::{CallRecord, Execution, Probe, ThreadSummary};
pub use crate::explorer::{Carrier, ClockPolicy, Explorer, ExplorerBuilder, Grain, MemoryModel, Replayed, Strategy};

/// Explores a program with the default settings; what went wrong is in the report.
pub fn explore<R: Debug>(program: impl Fn() -> R + Send + Sync + 'static) -> Report {
    Explorer::default().explore(program)
}

/// Explores a program, and panics with the timeline if anything goes wrong: for tests.
///
/// The environment has a say, so that a test can be looked into, or searched further, without a change:
///
/// | variable | example | meaning |
/// |---|---|---|
/// | `THREADCRAFT_SCHEDULE` | `ab2c` | run this schedule alone |
/// | `THREADCRAFT_BUDGET` | `500000`, `10m`, `500000,10m` | search so many schedules, or so long |
/// | `THREADCRAFT_SHARD` | `2/5` | search the second of five shares |
///
/// A schedule belongs to the code that it was made from. One that this program cannot follow to its end is a panic that
/// says so, and no verdict on the program.
///
/// [`Explorer::check`] is the same with settings of one's own.
///
/// # Panics
///
/// If something goes wrong on some schedule, or a variable cannot be read.
#[track_caller]
pub fn check<R: Debug>(program: impl Fn() -> R + Send + Sync + 'static) -> Report {
    Explorer::default().check(program)
}

/// Runs a program once on a given schedule, and by the default rule after its end.
pub fn replay<R: Debug>(schedule: &Schedule, program: impl Fn() -> R + Send + Sync + 'static) -> Replayed {
    Explorer::default().replay(schedule, program)
}

impl Explorer {
    /// Explores a program, and panics with the timeline if anything goes wrong; see [`check()`].
    ///
    /// # Panics
    ///
    /// If something goes wrong on some schedule, or a variable of the environment cannot be read.
    #[track_caller]
    pub fn check<R: Debug>(&self, program: impl Fn() -> R + Send + Sync + 'static) -> Report {
        let explorer = self.clone().told(variable("THREADCRAFT_BUDGET"), variable("THREADCRAFT_SHARD"));
        match variable(SCHEDULE_VARIABLE) {
            Some(schedule) => explorer.follow(&schedule, program),
            None => explorer.explore(program).unwrap(),
        }
    }

    /// Runs the schedule that the environment asks for, alone. One that does not fit the program proves nothing of it,
    /// be it that the program has been mended.
    #[track_caller]
    fn follow<R: Debug>(&self, schedule: &Schedule, program: impl Fn() -> R + Send + Sync + 'static) -> Report {
        let replayed = self.replay(schedule, program);
        let (taken, asked) = (replayed.execution.full_schedule.len(), schedule.len());
        let mut report = replayed.into_report();
        let misfit = match report.failure.as_ref().map(|failure| &failure.kind) {
            Some(FailureKind::Diverged { step, why }) => Some(format!("at step {step}, {why}")),
            None if taken < asked => Some(format!("it has {asked} steps, and the program ends after {taken}")),
            _ => None,
        };
        if let Some(misfit) = misfit {
            panic!(
                "\n{SCHEDULE_VARIABLE}='{schedule}' does not fit this program: {misfit}.\nIt was made from other code, or \
                 there is a slip in it. Unset the variable to search all schedules again. To have an old schedule tried as \
                 far as it fits, and then all others, give it to `Explorer::builder().saved(…)`."
            );
        }
        report.cut = Some(format!("{SCHEDULE_VARIABLE} is set, so its schedule alone was run"));
        report.unwrap()
    }
}

/// What a variable of the environment says, if it is set.
#[track_caller]
fn variable<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str) -> Option<T> {
    let text = std::env::var_os(name)?;
    let text = text.to_string_lossy();
    match text.parse() {
        Ok(value) => Some(value),
        Err(error) => panic!("{name}={text}: {error}"),
    }
}

impl Replayed {
    /// The report of a search that ran this execution and no other.
    pub fn into_report(self) -> Report {
        let mut report = Report::empty("one schedule was asked for");
        report.schedules = 1;
        let Execution { outcome, preemptions, schedule, .. } = self.execution;
        if let Some(outcome) = outcome {
            report.outcomes.add(&outcome, preemptions, || schedule);
        }
        report.failure = self.failure;
        report
    }

    /// That a claim does not hold on this execution, and what was seen instead.
    #[must_use]
    pub fn refutes(self, claim: &str, seen: &str) -> Failure {
        let kind = FailureKind::Property { claim: claim.to_owned(), seen: seen.to_owned() };
        Failure::new(kind, self.trace, self.execution.schedule, self.execution.preemptions, 1)
    }
}
