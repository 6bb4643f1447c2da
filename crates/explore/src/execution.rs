//! One execution, as claims about a program see it.
//!
//! What stands here is the same for all executions that differ only in the order of steps that do not touch each
//! other, but for `schedule`, `preemptions` and the order of `calls` of different threads on different objects: a
//! claim that looks at those may miss orders that the search rightly leaves out.

use std::panic::Location;
use std::time::Duration;

use crate::report::{Effect, FailureKind, Printed};
use crate::schedule::Schedule;

/// One execution of the program.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Execution {
    /// The schedule, shortened: what the default rule does anyway is left out at its end.
    pub schedule: Schedule,
    /// How often a thread that could have gone on was interrupted.
    pub preemptions: u32,
    /// The outcome, if the execution came to its end.
    pub outcome: Option<String>,
    /// What went wrong.
    pub failure: Option<FailureKind>,
    /// What was printed, in order.
    pub printed: Vec<Printed>,
    /// What was observed, in order.
    pub probes: Vec<Probe>,
    /// The threads, in the order of spawning.
    pub threads: Vec<ThreadSummary>,
    /// The steps, in order.
    pub calls: Vec<CallRecord>,
    /// The virtual time it took.
    pub elapsed: Duration,
    pub(crate) full_schedule: Schedule,
    /// The steps that interrupted a thread.
    pub(crate) interruptions: Vec<usize>,
    pub(crate) overlaps: Vec<bool>,
}

/// One observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Who made it.
    pub thread: usize,
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: i64,
}

/// What became of one thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadSummary {
    /// The name that the program gave it.
    pub name: Option<String>,
    /// Who started it; `None` for main.
    pub spawned_by: Option<usize>,
    /// Whether it came to its end by itself.
    pub finished: bool,
    /// Whether it panicked.
    pub panicked: bool,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// Who took it.
    pub thread: usize,
    /// The kind of the object: `lock`, `semaphore`, `event`, `shared`, `thread`, `output`, …
    pub kind: &'static str,
    /// The call: `lock`, `get`, `set`, `join`, `print`, …
    pub verb: &'static str,
    /// The object, by the order of first use.
    pub object: Option<usize>,
    /// What it means.
    pub effect: Effect,
    /// The line of the program.
    pub location: Option<&'static Location<'static>>,
}

impl Execution {
    /// True if the lives of two threads may overlap: nothing orders the start of one after the end of the other.
    #[must_use]
    pub fn overlap(&self, one: usize, other: usize) -> bool {
        let count = self.threads.len();
        one != other && one < count && other < count && self.overlaps[one * count + other]
    }

    /// The lines that one thread printed, in order.
    pub fn printed_by(&self, thread: usize) -> impl Iterator<Item = &str> {
        self.printed.iter().filter(move |printed| printed.thread == thread).map(|printed| printed.line.as_str())
    }

    /// The first thread of this name.
    #[must_use]
    pub fn thread_named(&self, name: &str) -> Option<usize> {
        self.threads.iter().position(|thread| thread.name.as_deref() == Some(name))
    }

    /// The last line that was printed.
    #[must_use]
    pub fn last_line(&self) -> Option<&str> {
        self.printed.last().map(|printed| printed.line.as_str())
    }
}
