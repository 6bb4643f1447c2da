//! What one execution knows of one thread: where it stands, what it waits for, and what it does next.

use std::time::Duration;

use super::clock::VectorClock;
use super::life::{Look, Looks};
use super::ready::Ready;
use super::state::Place;

/// One thread of the explored program.
#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) name: Option<String>,
    pub(crate) spawned: Option<(usize, Place)>,
    pub(crate) status: Status,
    /// The step that it takes next, known from when it gave up the turn.
    pub(crate) pending: Pending,
    /// True until it announces its first operation, which belongs to the step that started it.
    pub(crate) fresh: bool,
    /// The program does not wait for its end.
    pub(crate) daemon: bool,
    /// The object that stands for its end: written by that and by who looks, read by who joins it.
    pub(crate) object: usize,
    /// The object that stands for the rest of its life: written by what changes where it stands, and by who looks.
    pub(crate) life: usize,
    /// Who has looked at where it stands.
    pub(crate) looks: Looks,
    /// What happened before its next step.
    pub(crate) clock: VectorClock,
    /// What an acquire fence makes visible: the clocks read by relaxed loads.
    pub(crate) read_relaxed: VectorClock,
    /// What a later relaxed store publishes: the clock at the last release fence.
    pub(crate) release_fence: Option<VectorClock>,
    /// Own step and the global number of its start and end, for `Execution::overlap`.
    pub(crate) start_clock: VectorClock,
    pub(crate) end_clock: Option<VectorClock>,
    /// The calls it is inside of, outermost first.
    pub(crate) calls: Vec<OpenCall>,
    /// When the wait that it is in, or was woken from, would have ended.
    pub(crate) deadline: Option<Duration>,
    /// What woke it from its last wait.
    pub(crate) woken_by: Option<Wait>,
    /// It asked that others go first, or was seen going round in a loop: it waits for this to change.
    pub(crate) yielded: Option<Yielded>,
    /// The last failed attempts: place, object and what was seen, to notice a loop.
    pub(crate) attempts: Vec<Attempt>,
    /// How many writes it made.
    pub(crate) own_writes: u64,
    /// What it printed and has not ended with a newline yet.
    pub(crate) line: String,
    pub(crate) panicked: Option<Panicked>,
    /// It was unwound because the execution was over.
    pub(crate) torn: bool,
    /// True once somebody took note of how it ended.
    pub(crate) observed: bool,
}

impl Thread {
    /// A thread that has taken no step; its two objects begin with this one.
    pub(crate) fn new(
        name: Option<String>,
        spawned: Option<(usize, Place)>,
        daemon: bool,
        object: usize,
        clock: VectorClock,
    ) -> Self {
        Self {
            name,
            spawned,
            daemon,
            status: Status::New,
            pending: Pending::default(),
            fresh: true,
            object,
            life: object + 1,
            looks: Looks::default(),
            start_clock: clock.clone(),
            clock,
            read_relaxed: VectorClock::default(),
            release_fence: None,
            end_clock: None,
            calls: Vec::new(),
            deadline: None,
            woken_by: None,
            yielded: None,
            attempts: Vec::new(),
            own_writes: 0,
            line: String::new(),
            panicked: None,
            torn: false,
            observed: false,
        }
    }

    /// True if it lets others go first, where all threads together have made so many writes.
    #[inline]
    pub(crate) fn holds_back(&self, writes: u64) -> bool {
        match self.yielded {
            None => false,
            Some(Yielded::Step) => true,
            Some(Yielded::Write(seen)) => writes - self.own_writes <= seen,
        }
    }
}

/// Where a thread stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Status {
    /// Spawned, its first step not yet taken.
    New,
    /// It can take its next step.
    Runnable,
    /// It cannot, until somebody wakes it or its deadline passes.
    Blocked(Blocked),
    /// It came to its end.
    Ended,
}

/// What a blocked thread waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blocked {
    pub(crate) on: BlockedOn,
    pub(crate) deadline: Option<Duration>,
}

/// The thing that a blocked thread waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlockedOn {
    /// A wake at this one of the execution's futex queues.
    Futex(usize),
    /// The end of a thread.
    Thread(usize),
    /// The clock only.
    Sleep,
}

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// By a wake, by a value that was not the expected one, or for no reason.
    Woken,
    /// By its deadline.
    TimedOut,
    /// The execution is being torn down: give up at once.
    Abandoned,
}

/// Why a thread lets others go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Yielded {
    /// Until another thread has taken a step.
    Step,
    /// Until other threads have written more often than this.
    Write(u64),
}

/// An attempt that changed nothing: a load, or a call that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) place: usize,
    pub(crate) object: usize,
    /// The value; `None` if the call was refused.
    pub(crate) seen: Option<u64>,
    /// How many writes others had made by then.
    pub(crate) others_writes: u64,
    /// How many it had made itself.
    pub(crate) own_writes: u64,
    /// How often in a row.
    pub(crate) times: u32,
}

/// A panic of the explored program.
#[derive(Debug, Clone)]
pub(crate) struct Panicked {
    pub(crate) message: String,
    pub(crate) location: Option<crate::report::Location>,
    /// The order of panics in the execution.
    pub(crate) order: usize,
}

/// An API call that has begun and not returned.
#[derive(Debug, Clone)]
pub(crate) struct OpenCall {
    pub(crate) object: usize,
    pub(crate) kind: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) argument: Option<Box<str>>,
    pub(crate) place: Place,
}

/// The next step of a thread, as far as it is known before it is taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pending {
    pub(crate) object: Option<usize>,
    pub(crate) kind: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) argument: Option<Box<str>>,
    pub(crate) place: Option<Place>,
    /// It has a rarer way, too: a spurious return or a weak failure.
    pub(crate) rare: bool,
    /// It is a step of its own also as the first one of its thread.
    pub(crate) apart: bool,
    /// It looks at where threads stand.
    pub(crate) looks_at: Option<Look>,
    /// It need not wait, but if it did, then until this moment.
    pub(crate) deadline: Option<Duration>,
    /// It is a call that waits for a word.
    pub(crate) ready: Option<Ready>,
}
