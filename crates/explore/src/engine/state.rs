//! What one execution knows: its threads, objects, steps and clock.
//!
//! All of it sits behind one [mutex](super::mutex) of the execution. Only the thread that has the turn changes it, so it is
//! never contended; it is what makes a turn's writes visible to the next.

use std::any::Any;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use super::clock::VectorClock;
use super::queue::Queue;
use super::step::{StepRecord, Steps};
pub use super::thread::Wait;
pub(crate) use super::thread::{Attempt, Blocked, BlockedOn, OpenCall, Panicked, Pending, Status, Thread, Yielded};
use crate::Standing;
use crate::execution::Probe;
use crate::report::{FailureKind, Printed};
use crate::schedule::Choice;
use crate::strategy::Strategy;

/// A place in the source, as the compiler keeps it.
pub(crate) type Place = &'static Location<'static>;

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
