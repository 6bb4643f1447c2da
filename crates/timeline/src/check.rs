//! What the check of one exercise reports: the data that a harness writes to the runner's pipe.
//!
//! The runner believes nothing else: a report is whole (it parses, and carries the runner's token) or it does not
//! exist. Verdicts are computed from it by the runner, which alone knows the snapshots.

use serde::{Deserialize, Serialize};

use crate::report::{Failure, Report, Trace};
use crate::schedule::Schedule;
use crate::standing::Standing;

/// The version of this form; a runner refuses others.
pub const VERSION: u32 = 1;

/// Everything that one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// [`VERSION`].
    pub version: u32,
    /// The token that the runner gave to this run.
    pub token: String,
    /// The exercise.
    pub exercise: String,
    /// Its parts, in the order of checking.
    pub parts: Vec<Part>,
}

/// One part of a check: one program, explored or run on a given schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What the part is about, such as `break it` or `every schedule`.
    pub title: String,
    /// What kind of part it is.
    pub kind: PartKind,
    /// What the exploration (or, for a given schedule, the one execution) found.
    pub report: Report,
    /// What was claimed of the program, in order; all are evaluated.
    pub claims: Vec<Claim>,
    /// What is to be compared with the snapshot of this name.
    pub snapshot: Option<Snapshot>,
    /// For each outcome (at most eight), one execution that ends in it.
    pub examples: Vec<Example>,
    /// How the program stands after the schedule that was played, and all that happens on it; only if the runner asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub played: Option<Played>,
}

/// A schedule that somebody plays, as far as they have come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    /// How the program stands.
    pub standing: Standing,
    /// What happened so far, and after that what follows by the default rule.
    pub trace: Trace,
}

/// The kinds of part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// The program is explored; failures and claims count against it, its snapshot is compared.
    Explore,
    /// The learner's schedule is to break the program as it was given: the part passes if something goes wrong.
    Break,
    /// The runner asked for this one schedule (`--schedule`): shown, not judged.
    Replay,
}

/// One claim about a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What is claimed, as a sentence without a full stop.
    pub text: String,
    /// Whether it holds.
    pub holds: bool,
    /// The verdict if it does not hold, such as `property`.
    pub verdict: String,
    /// What was seen instead; empty if it holds.
    pub seen: String,
    /// The execution that refutes it, if a single one does.
    pub refuted_by: Option<Failure>,
}

/// What is compared with a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The name: the file is `<name>.snap` beside the exercise.
    pub name: String,
    /// The contents.
    pub contents: String,
    /// The verdict if they differ, such as `wrong-outcomes`.
    pub verdict: String,
}

/// One execution that ends in an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The outcome.
    pub outcome: String,
    /// On how many schedules it was seen.
    pub times: u64,
    /// The simplest schedule that leads there.
    pub schedule: Schedule,
    /// How many preemptions it has.
    pub preemptions: u32,
    /// What happened.
    pub trace: Trace,
}
