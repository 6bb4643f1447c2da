//! How a program stands after the first steps of a schedule: where each thread is, what it would do next, and what it
//! waits for. This is what somebody needs who plays the scheduler; the steps that led there are the
//! [`Trace`](crate::report::Trace)'s.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::report::{Location, ObjectIndex, ThreadIndex, Waiting};
use crate::schedule::Schedule;

/// How a program stands after some steps; made by `Explorer::replay_to` of `threadcraft-explore`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The steps that were taken: the schedule that was asked for, or as much of it as the program followed.
    pub taken: Schedule,
    /// How many rows of the trace these are. A jump of the clock has a row of its own.
    pub rows: usize,
    /// How many lines had been printed.
    pub printed: usize,
    /// The virtual time.
    pub at: Duration,
    /// The threads that had been started, in the order of spawning.
    pub threads: Vec<ThreadStanding>,
    /// The objects that had been used, in the order of first use.
    pub objects: Vec<ObjectStanding>,
}

/// Where one thread is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadStanding {
    /// Whether it can go on.
    pub status: ThreadStatus,
    /// The step that it takes next, unless it has ended.
    pub next: Option<NextStep>,
    /// The ways in which it can go on now, each as a schedule of one step; none if it cannot, or if it lets others go
    /// first.
    pub choices: Vec<Schedule>,
    /// What it waits for, if it is blocked and not by the clock alone.
    pub waits: Option<Waiting>,
    /// When its wait ends by itself, if it does.
    pub until: Option<Duration>,
}

/// Whether a thread can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThreadStatus {
    /// Started, and no step taken yet.
    New,
    /// It can take its next step.
    Ready,
    /// It cannot, before somebody wakes it or the clock goes on.
    Blocked,
    /// It came to its end.
    Ended,
    /// It panicked.
    Panicked,
}

/// A step that was not taken yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// On which object, if on one that has been used before.
    pub object: Option<ObjectIndex>,
    /// The call without its object, as in the trace.
    pub call: String,
    /// The line of the program. For a release, the line of the acquisition.
    pub location: Option<Location>,
}

/// What is known of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectStanding {
    /// Which one.
    pub object: ObjectIndex,
    /// Its value, if it has one that was seen.
    pub value: Option<String>,
    /// Who holds it, in the order of acquisition; who holds it twice stands there twice.
    pub held_by: Vec<ThreadIndex>,
}
