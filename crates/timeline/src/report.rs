//! What an exploration found, as data: everything that rendering, snapshots and machines read.
//!
//! Nothing here holds an address, a hash or a wall-clock time, so that two runs of the same search give equal
//! reports. All types are serde types; their JSON is the machine form.

mod order;
mod outcomes;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::order::MemoryOrder;
pub use self::outcomes::{Outcomes, Seen};
use crate::schedule::Schedule;
use crate::shard::Shard;

/// The result of an exploration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a report that nobody reads finds nothing; `check` panics with the timeline instead"]
#[non_exhaustive]
pub struct Report {
    /// The set of final outcomes that were seen, each with the simplest schedule that leads to it.
    pub outcomes: Outcomes,
    /// How many executions were run.
    pub schedules: u64,
    /// True only if every interleaving that matters was run: nothing was cut by a budget, a bound or a limit.
    pub complete: bool,
    /// Why `complete` is false, in a few words; empty when it is true.
    pub cut: Option<String>,
    /// What went wrong, if anything did.
    pub failure: Option<Failure>,
    /// Which share of the search this was; `complete` then speaks of this share alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
}

/// What went wrong, on which schedule, and what the threads did on it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Failure {
    /// The kind of failure, with what is particular to it.
    pub kind: FailureKind,
    /// Every step of the failing execution.
    pub trace: Trace,
    /// The schedule that leads there.
    pub schedule: Schedule,
    /// How many times a thread that could have gone on was interrupted.
    pub preemptions: u32,
    /// After how many executions of the search it was first found.
    pub found_after: u64,
}

/// The kinds of failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FailureKind {
    /// No thread can ever run again, and some have not finished.
    Deadlock {
        /// Who waits for what.
        waiting: Vec<Waiting>,
        /// The threads of the cycle, in the order "waits for"; empty if nobody in it holds what is waited for.
        cycle: Vec<ThreadIndex>,
    },
    /// The threads keep running, and repeat the same steps for ever.
    Livelock {
        /// The step (index into the trace) at which the repeated part begins, and how many steps it has.
        from: usize,
        /// The length of the repeated part.
        period: usize,
    },
    /// Some threads go on for ever, and all the time another waits and is never let in.
    Starvation {
        /// The thread that waits.
        thread: ThreadIndex,
        /// What it waits for.
        object: ObjectIndex,
        /// The step (index into the trace) at which the repeated part begins.
        from: usize,
        /// The length of the repeated part.
        period: usize,
    },
    /// All threads have ended, and a lock is still held.
    LeakedLock {
        /// The lock.
        object: ObjectIndex,
        /// Who took it.
        thread: ThreadIndex,
        /// Where it was taken.
        location: Option<Location>,
    },
    /// A primitive was used in a way that it forbids.
    Misuse {
        /// The thread that did.
        thread: ThreadIndex,
        /// What it did, in a sentence.
        what: String,
        /// Where.
        location: Option<Location>,
    },
    /// A thread panicked and nobody took notice of it.
    Panic {
        /// The thread.
        thread: ThreadIndex,
        /// Its message.
        message: String,
        /// Where it panicked.
        location: Option<Location>,
    },
    /// Two accesses to one plain memory cell, at least one of them writing, with nothing that orders them.
    DataRace {
        /// The object of the race.
        object: ObjectIndex,
        /// The earlier access.
        first: Access,
        /// The later access.
        second: Access,
    },
    /// The execution took more steps than allowed, without a pattern that would make it a livelock.
    StepLimit {
        /// The limit.
        limit: usize,
    },
    /// A property that was to hold on every schedule did not hold.
    Property {
        /// What was to hold.
        claim: String,
        /// What was seen instead.
        seen: String,
    },
    /// A thread ran for long without any step that the explorer controls: an endless loop, or blocked on something
    /// foreign, such as a lock of `std`.
    Stuck {
        /// The thread that had its turn.
        thread: ThreadIndex,
        /// How long it was waited for.
        waited: Duration,
        /// The last line of it that is known.
        location: Option<Location>,
    },
    /// Something was used that the explorer cannot control.
    Foreign {
        /// What was used.
        what: String,
        /// What to use instead.
        instead: String,
        /// Where.
        location: Option<Location>,
    },
    /// Two runs of one schedule differed, so the program depends on something besides the schedule.
    Uncontrolled {
        /// What differed.
        what: String,
    },
    /// A given schedule could not be followed.
    Diverged {
        /// At which step.
        step: usize,
        /// What the schedule asked for, and what was possible.
        why: String,
    },
    /// The program did nothing that the explorer could see.
    NothingRecorded,
}

impl Report {
    /// The report of a search that ran nothing, and why.
    pub fn empty(cut: impl Into<String>) -> Self {
        Self {
            outcomes: Outcomes::default(),
            schedules: 0,
            complete: false,
            cut: Some(cut.into()),
            failure: None,
            shard: None,
        }
    }

    /// The report of the whole search from those of its shares, in any order.
    ///
    /// It is complete if every share is there, once, and is complete itself; its failure is the one with the fewest
    /// preemptions.
    pub fn merge(reports: impl IntoIterator<Item = Self>) -> Self {
        let reports: Vec<Self> = reports.into_iter().collect();
        let mut merged = Self::empty("");
        for report in &reports {
            merged.schedules += report.schedules;
            merged.outcomes.merge(&report.outcomes);
        }
        let count = reports.first().and_then(|report| report.shard).map_or(1, |shard| shard.count());
        let shares = |index| reports.iter().filter(move |report| report.shard == Shard::new(index, count)).count();
        let undivided = count == 1 && reports.len() == 1;
        let missing = (1..=count).find(|&index| shares(index) != 1).filter(|_| !undivided);
        merged.cut = match missing {
            Some(index) => Some(format!("there are {} reports of share {index}/{count}", shares(index))),
            None => reports.iter().find_map(|report| report.cut.clone()),
        };
        merged.failure =
            reports.into_iter().filter_map(|report| report.failure).min_by_key(|failure| failure.preemptions);
        merged.complete = merged.cut.is_none() && merged.failure.is_none();
        merged
    }
}

impl Failure {
    /// What went wrong on a schedule, with every step that led there.
    #[must_use]
    pub fn new(kind: FailureKind, trace: Trace, schedule: Schedule, preemptions: u32, found_after: u64) -> Self {
        Self { kind, trace, schedule, preemptions, found_after }
    }
}

impl FailureKind {
    /// The steps that repeat for ever, if that is what is wrong.
    #[must_use]
    pub fn repeated(&self) -> Option<std::ops::Range<usize>> {
        match self {
            Self::Livelock { from, period } | Self::Starvation { from, period, .. } => Some(*from..from + period),
            _ => None,
        }
    }

    /// The one-word name of the kind, as it stands in `error[…]` and in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Deadlock { .. } => "deadlock",
            Self::Livelock { .. } => "livelock",
            Self::Starvation { .. } => "starvation",
            Self::LeakedLock { .. } => "leaked-lock",
            Self::Misuse { .. } => "misuse",
            Self::Panic { .. } => "panic",
            Self::DataRace { .. } => "data-race",
            Self::StepLimit { .. } => "step-limit",
            Self::Property { .. } => "property",
            Self::Stuck { .. } => "stuck",
            Self::Foreign { .. } => "foreign",
            Self::Uncontrolled { .. } => "uncontrolled",
            Self::Diverged { .. } => "diverged",
            Self::NothingRecorded => "nothing-recorded",
        }
    }
}

/// A thread of the trace, by its place in the order of spawning; 0 is main.
pub type ThreadIndex = usize;

/// An object of the trace, by the order of first use.
pub type ObjectIndex = usize;

/// One thread that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Who waits.
    pub thread: ThreadIndex,
    /// For what: an object, or the end of a thread.
    pub on: WaitingOn,
    /// Who holds it, if anybody does and it is known.
    pub held_by: Vec<ThreadIndex>,
    /// The waiting call, such as `lock()`.
    pub call: String,
    /// Where it waits.
    pub location: Option<Location>,
}

/// What a thread waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitingOn {
    /// A primitive.
    Object(ObjectIndex),
    /// The end of a thread.
    Thread(ThreadIndex),
}

/// One of the two accesses of a data race.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Who accessed.
    pub thread: ThreadIndex,
    /// True for a write.
    pub write: bool,
    /// Where.
    pub location: Option<Location>,
    /// The step of the trace during which it happened, if it happened within one.
    pub step: Option<usize>,
    /// True if it came before the call of that step, as what a thread does before its first call belongs to that.
    #[serde(default)]
    pub early: bool,
}

/// Everything that happened on one schedule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The threads, in the order of spawning; the first is main.
    pub threads: Vec<ThreadInfo>,
    /// The objects, in the order of first use.
    pub objects: Vec<ObjectInfo>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// What the program printed, line by line, in order.
    pub printed: Vec<Printed>,
    /// The outcome of this execution, if it came to its end.
    pub outcome: Option<String>,
}

/// One thread of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadInfo {
    /// The letter that schedules use (`a` is main).
    pub letter: String,
    /// The name the program gave it, if it did.
    pub name: Option<String>,
    /// Who started it, and where; `None` for main.
    pub spawned: Option<(ThreadIndex, Location)>,
    /// Whether it came to its end on this schedule.
    pub finished: bool,
}

/// One object of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectInfo {
    /// What it is called in the timeline: the name the program gave it, or its kind, numbered if there are several.
    pub name: String,
    /// Its kind, such as `lock`.
    pub kind: String,
}

/// One step: what one thread did between two points at which another could have run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Who. For a jump of the clock (`effect` is `Clock`) this is the thread whose turn came next.
    pub thread: ThreadIndex,
    /// On which object, if on one.
    pub object: Option<ObjectIndex>,
    /// The call without its object: `lock()`, `set(1)`, `print("x")`, `join(c)`.
    pub call: String,
    /// What came back, if it says something: `0` for a read.
    pub result: Option<String>,
    /// What it means for who may go on.
    pub effect: Effect,
    /// The line of the program. For a release, the line of the acquisition.
    pub location: Option<Location>,
    /// Virtual time since the start of the program.
    pub at: Duration,
    /// True if a thread that could have gone on was interrupted before this step.
    pub preempts: bool,
    /// The value of the object after the step, if it has one: `counter` is 1.
    pub value: Option<String>,
    /// The threads that it made able to go on: by a wake, or by its thread's end.
    #[serde(default)]
    pub wakes: Vec<ThreadIndex>,
    /// For an access to an atomic: how it orders what stands around it.
    #[serde(default)]
    pub order: Option<MemoryOrder>,
}

/// What a step means for the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Effect {
    /// Nothing in particular.
    Plain,
    /// The thread now holds the object (one more time).
    Acquires,
    /// The thread holds the object no more.
    Releases,
    /// The thread blocks in this step.
    Blocks,
    /// The call was refused without blocking, as a `try_lock` on a held lock is, or timed out.
    Refused,
    /// Reads the object.
    Reads,
    /// Writes the object.
    Writes,
    /// Starts a thread.
    Spawns,
    /// The thread panicked in this step.
    Panics,
    /// The clock jumped to `at`, as nobody could run before that.
    Clock,
}

/// A line of the program's own output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// Who printed it.
    pub thread: ThreadIndex,
    /// The line, without its newline.
    pub line: String,
}

/// A place in the source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Location {
    /// The file, as the compiler was given it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl From<&std::panic::Location<'_>> for Location {
    fn from(location: &std::panic::Location<'_>) -> Self {
        Self { file: location.file().to_owned(), line: location.line(), column: location.column() }
    }
}
