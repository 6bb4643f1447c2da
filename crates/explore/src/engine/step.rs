//! One step that was taken, and what it depends on.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering;
use std::time::Duration;

use smallvec::SmallVec;

use super::ready::Ready;
use super::state::Place;
use crate::report::Effect;
use crate::schedule::Choice;

/// What a step is called that does nothing but begin a thread's life.
pub(crate) const START: &str = "start";

/// What the step is called that ends a program of which only daemons are left.
pub(crate) const EXIT: &str = "exit";

/// One step that was taken.
#[derive(Debug, Clone)]
pub(crate) struct StepRecord {
    pub(crate) choice: Choice,
    pub(crate) object: Option<usize>,
    pub(crate) kind: &'static str,
    pub(crate) verb: &'static str,
    /// What only a reader needs; kept while tracing.
    pub(crate) text: Option<Box<StepText>>,
    pub(crate) effect: Effect,
    pub(crate) place: Option<Place>,
    pub(crate) at: Duration,
    pub(crate) preempts: bool,
    /// The default rule would have chosen the same.
    pub(crate) by_default: bool,
    /// The clock jumped to `at` just before this step, as nobody could run.
    pub(crate) clock_jump: bool,
    /// The objects that it read or wrote: what it depends on.
    pub(crate) accesses: Accesses,
    /// The threads that it made able to run: they could not have gone before it.
    pub(crate) enables: Vec<usize>,
    /// The threads that it started.
    pub(crate) spawns: Vec<usize>,
    /// The thread whose end it waited for: it could not have gone before that.
    pub(crate) joins: Option<usize>,
    /// What the call that it took waits for.
    pub(crate) ready: Option<Ready>,
    /// It has shown that a thread waits, or does not.
    pub(crate) reveals: bool,
}

/// What a step was given, gave back, and left behind, in words.
#[derive(Debug, Clone, Default)]
pub(crate) struct StepText {
    pub(crate) argument: Option<Box<str>>,
    pub(crate) result: Option<String>,
    pub(crate) value: Option<String>,
    /// How an access to an atomic orders what stands around it.
    pub(crate) order: Option<Ordering>,
}

impl StepText {
    /// Nothing but what it was given.
    pub(crate) fn with_argument(argument: Box<str>) -> Box<Self> {
        Box::new(Self { argument: Some(argument), ..Self::default() })
    }
}

/// What a step touched: one or two objects as a rule, which then lie in the step itself.
pub(crate) type Accesses = SmallVec<[Dependence; 3]>;

/// One object that a step read or wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dependence {
    pub(crate) object: u32,
    pub(crate) write: bool,
    /// Of a word, the bits of its value before the step.
    pub(crate) before: u64,
}

/// The steps of an execution, in order. A later execution writes its own in their place: nothing is moved or dropped.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    /// Those that count, and behind them those of an earlier execution.
    records: Vec<StepRecord>,
    count: usize,
}

impl Steps {
    /// One more, with what an earlier execution left in it: all is to be set, its lists are empty.
    #[inline]
    pub(crate) fn add(&mut self) -> &mut StepRecord {
        if self.count == self.records.len() {
            self.records.push(StepRecord::blank());
        }
        let added = &mut self.records[self.count];
        self.count += 1;
        added.accesses.clear();
        added.enables.clear();
        added.spawns.clear();
        added
    }

    /// Room for so many.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.records.reserve(count);
    }

    /// No step counts any more.
    pub(crate) fn clear(&mut self) {
        self.count = 0;
    }
}

impl Deref for Steps {
    type Target = [StepRecord];

    fn deref(&self) -> &[StepRecord] {
        &self.records[..self.count]
    }
}

impl DerefMut for Steps {
    fn deref_mut(&mut self) -> &mut [StepRecord] {
        &mut self.records[..self.count]
    }
}

impl StepRecord {
    /// A record to be written.
    fn blank() -> Self {
        Self {
            choice: Choice::usual(0),
            object: None,
            kind: "",
            verb: "",
            text: None,
            effect: Effect::Plain,
            place: None,
            at: Duration::ZERO,
            preempts: false,
            by_default: false,
            clock_jump: false,
            accesses: Accesses::new(),
            enables: Vec::new(),
            spawns: Vec::new(),
            joins: None,
            ready: None,
            reveals: false,
        }
    }

    /// Notes an access, once for each object.
    #[inline]
    pub(crate) fn touch(&mut self, object: usize, write: bool) {
        self.touch_word(object, write, 0);
    }

    /// The same of a word that had this value before.
    #[inline]
    pub(crate) fn touch_word(&mut self, object: usize, write: bool, before: u64) {
        let object = u32::try_from(object).expect("an execution has fewer than 2^32 objects");
        match self.accesses.iter_mut().find(|access| access.object == object) {
            Some(access) => access.write |= write,
            None => self.accesses.push(Dependence { object, write, before }),
        }
    }

    /// True if it read or wrote this object.
    #[inline]
    pub(crate) fn touches(&self, object: usize) -> bool {
        self.accesses.iter().any(|access| access.object as usize == object)
    }

    /// Its words, to be filled in.
    pub(crate) fn text(&mut self) -> &mut StepText {
        self.text.get_or_insert_default()
    }
}
