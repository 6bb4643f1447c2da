//! What one execution knows: its threads, objects, steps and clock.
//!
//! All of it sits behind one [mutex](super::mutex) of the execution. Only the thread that has the turn changes it, so it is
//! never contended; it is what makes a turn's writes visible to the next.

use std::any::Any;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use super::clock::VectorClock;
use super::life::{Look, Looks};
use super::queue::Queue;
use super::ready::Ready;
use super::step::{StepRecord, Steps};
use crate::Standing;
use crate::execution::Probe;
use crate::report::{FailureKind, Printed};
use crate::schedule::Choice;
use crate::strategy::Strategy;

/// A place in the source, as the compiler keeps it.
pub(crate) type Place = &'static Location<'static>;

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

/// One object of the explored program.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) kind: &'static str,
    pub(crate) name: Option<&'static str>,
    /// What a load with acquire makes visible: the clock that the last release stored here.
    pub(crate) sync: VectorClock,
    /// Who holds it, and the line of the acquisition.
    pub(crate) holders: Vec<(usize, Place)>,
    /// The accesses to a plain cell that a later one may race with.
    pub(crate) cell: CellAccesses,
    /// True once a call on it stands in the timeline.
    pub(crate) shown: bool,
    /// Set for a word inside a primitive: the primitive's own object.
    pub(crate) part_of: Option<usize>,
    /// An earlier execution used it.
    pub(crate) outlived: bool,
    /// Its initial value is still to be restored, as an earlier execution used it.
    pub(crate) to_restore: bool,
    /// Of a word, the bits of its value, once they are known.
    pub(crate) value: Option<u64>,
    /// Calls wait for it without limit, and say so.
    pub(crate) wanted: bool,
    /// Somebody has waited for it with a deadline that may pass at any point.
    pub(crate) timed: bool,
}

impl Object {
    pub(crate) fn new(kind: &'static str, name: Option<&'static str>) -> Self {
        Self {
            kind,
            name,
            sync: VectorClock::default(),
            holders: Vec::new(),
            cell: CellAccesses::default(),
            shown: false,
            part_of: None,
            outlived: false,
            to_restore: false,
            value: None,
            wanted: false,
            timed: false,
        }
    }
}

/// The last write and the reads since, of a plain cell.
#[derive(Debug, Default)]
pub(crate) struct CellAccesses {
    pub(crate) write: Option<CellAccess>,
    pub(crate) reads: Vec<CellAccess>,
}

/// One access to a plain cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CellAccess {
    pub(crate) thread: usize,
    /// The thread's own clock at the access.
    pub(crate) at: u32,
    pub(crate) place: Place,
    pub(crate) step: usize,
    /// Before the operation of that step.
    pub(crate) early: bool,
}

/// Objects that every execution has, before those of the program.
pub(crate) mod builtin {
    /// What the program prints.
    pub(crate) const TRANSCRIPT: usize = 0;
    /// All probes: an observation depends on every other.
    pub(crate) const PROBES: usize = 1;
    /// The clock: read by who asks for the time, written by a deadline that passes while others could run.
    pub(crate) const CLOCK: usize = 2;
    /// How many rare ways may still be taken.
    pub(crate) const RARE: usize = 3;
    /// The processors that `work` shares.
    pub(crate) const CORES: usize = 4;
    /// The end of the program: read by each step of a daemon, written by the step that ends it.
    pub(crate) const EXIT: usize = 5;
    /// What is told of panics: read by a thread that ends by one, written by who changes it.
    pub(crate) const HOOK: usize = 6;
    /// Their kinds, in this order.
    pub(crate) const KINDS: [&str; 7] = ["output", "probe", "clock", "rare", "cores", "exit", "hook"];
}

/// Whom a program wants to be told of panics; what it is, only the seam's users know.
pub type Hook = Arc<dyn Any + Send + Sync>;

/// Why an execution stops before its end.
#[derive(Debug, Clone)]
pub(crate) enum Stop {
    /// Something went wrong.
    Failure(FailureKind),
    /// The strategy has seen the rest elsewhere.
    Redundant,
    /// The program is over, and only daemons were left.
    Exit,
}

/// One execution.
pub(crate) struct State {
    pub(crate) epoch: u32,
    pub(crate) threads: Vec<Thread>,
    pub(crate) objects: Vec<Object>,
    /// For each object, where its tag was when it was used last, if it is a word; else 0, or nothing. Apart, as a wake looks
    /// through all of them.
    pub(crate) addresses: Vec<usize>,
    pub(crate) steps: Steps,
    pub(crate) strategy: Box<dyn Strategy>,
    /// Who had the turn last.
    pub(crate) current: usize,
    pub(crate) now: Duration,
    /// For each processor, until when it is in use.
    pub(crate) busy_until: Vec<Duration>,
    /// The clock jumped since the last step.
    pub(crate) jumped: bool,
    pub(crate) stop: Option<Stop>,
    /// The queues that somebody waited at or woke: few, so they are looked through.
    pub(crate) queues: Vec<Queue>,
    pub(crate) printed: Vec<Printed>,
    pub(crate) probes: Vec<Probe>,
    pub(crate) preemptions: u32,
    /// How many writes there were, of all threads to all objects.
    pub(crate) writes: u64,
    /// How many times a step took its rarer way.
    pub(crate) rare_taken: u32,
    pub(crate) panics: usize,
    /// What `complete` must not hide: why some choice was left out.
    pub(crate) cut: Option<&'static str>,
    pub(crate) returned: Option<String>,
    /// Who goes on unwinding when the thread that unwinds has ended: the last one first.
    pub(crate) unwind_next: Vec<usize>,
    /// Whom the program wants to be told of panics.
    pub(crate) hook: Option<Hook>,
    /// What the seam keeps for the whole program, each by the address of its static.
    pub(crate) globals: Vec<(usize, Arc<dyn Any + Send + Sync>)>,
    /// What the strategy may choose from; kept for its memory.
    pub(crate) options: Vec<Choice>,
    /// What could happen, too, but lets these go first.
    pub(crate) held: Vec<Choice>,
    /// How the program stood at the moment that was asked for.
    pub(crate) standing: Option<Box<Standing>>,
}

impl State {
    /// An execution that has not begun.
    pub(crate) fn new(epoch: u32, strategy: Box<dyn Strategy>) -> Self {
        Self {
            epoch,
            threads: Vec::new(),
            objects: Vec::new(),
            addresses: Vec::new(),
            steps: Steps::default(),
            strategy,
            current: 0,
            now: Duration::ZERO,
            busy_until: Vec::new(),
            jumped: false,
            stop: None,
            queues: Vec::new(),
            printed: Vec::new(),
            probes: Vec::new(),
            preemptions: 0,
            writes: 0,
            rare_taken: 0,
            panics: 0,
            cut: None,
            returned: None,
            unwind_next: Vec::new(),
            hook: None,
            globals: Vec::new(),
            options: Vec::new(),
            held: Vec::new(),
            standing: None,
        }
    }

    /// Room for a small program, so that its first execution does not ask for more again and again.
    pub(crate) fn reserve(&mut self) {
        self.steps.reserve(32);
        self.objects.reserve(24);
        self.threads.reserve(4);
    }

    /// An execution that has not begun, in the memory of one that is over.
    pub(crate) fn reuse(mut over: Self, epoch: u32, strategy: Box<dyn Strategy>) -> Self {
        macro_rules! emptied {
            ($($field:ident)+) => {{
                $(over.$field.clear();)+
                Self { $($field: over.$field,)+ ..Self::new(epoch, strategy) }
            }};
        }
        emptied!(threads objects addresses steps queues printed probes options held)
    }

    /// The number of the step that is being taken.
    #[inline]
    pub(crate) fn step_index(&self) -> usize {
        self.steps.len().saturating_sub(1)
    }

    /// The step that is being taken.
    #[inline]
    pub(crate) fn step(&mut self) -> &mut StepRecord {
        self.steps.last_mut().expect("a thread that runs is taking a step")
    }

    /// Notes where the tag of a word is.
    #[inline]
    pub(crate) fn stands_at(&mut self, word: usize, address: usize) {
        if self.addresses.len() <= word {
            self.addresses.resize(word + 1, 0);
        }
        self.addresses[word] = address;
    }

    /// Notes that the running step reads or writes an object.
    #[inline]
    pub(crate) fn touch(&mut self, object: usize, write: bool) {
        self.touch_word(object, write, write);
    }

    /// The same of a word that a write may leave as it was.
    #[inline]
    pub(crate) fn touch_word(&mut self, object: usize, write: bool, changed: bool) {
        let before = self.objects[object].value.unwrap_or(0);
        let step = self.step();
        step.touch_word(object, write, before);
        let thread = step.choice.thread;
        self.writes += u64::from(changed);
        self.threads[thread].own_writes += u64::from(changed);
    }

    /// Ends the execution early; the first reason counts.
    pub(crate) fn stop(&mut self, stop: Stop) {
        self.stop.get_or_insert(stop);
    }

    /// True when every thread came to its end.
    pub(crate) fn all_ended(&self) -> bool {
        self.threads.iter().all(|thread| thread.status == Status::Ended)
    }
}
