//! Who holds what and who is blocked, step by step.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::{Ending, Meanwhile};
use crate::report::{Effect, ObjectIndex, Step, ThreadIndex, Trace};

/// How things stand after some of the steps of a trace.
pub(super) struct Held<'t> {
    threads: usize,
    held: BTreeMap<(ThreadIndex, ObjectIndex), usize>,
    /// The call in which a thread is blocked.
    blocked: BTreeMap<ThreadIndex, &'t Step>,
    /// Objects that somebody releases without holding them: they carry signals, and nobody owns them.
    signals: BTreeSet<ObjectIndex>,
}

impl<'t> Held<'t> {
    /// Before the first step.
    pub(super) fn new(trace: &'t Trace) -> Self {
        let mentioned = trace.steps.iter().map(|step| step.thread + 1).max().unwrap_or(0);
        let threads = trace.threads.len().max(mentioned);
        let mut first = Self { threads, held: BTreeMap::new(), blocked: BTreeMap::new(), signals: BTreeSet::new() };
        for step in &trace.steps {
            first.take(step);
        }
        Self { held: BTreeMap::new(), blocked: BTreeMap::new(), ..first }
    }

    /// Just before a step.
    pub(super) fn before(trace: &'t Trace, step: usize) -> Self {
        let mut held = Self::new(trace);
        for step in &trace.steps[..step.min(trace.steps.len())] {
            held.take(step);
        }
        held
    }

    /// After one more step, which is this one, and what it does to its thread.
    pub(super) fn take(&mut self, step: &'t Step) -> Ending {
        let resumed =
            self.blocked.get(&step.thread).is_some_and(|call| (call.object, &call.call) == (step.object, &step.call));
        if step.effect != Effect::Clock {
            self.blocked.remove(&step.thread);
        }
        match (step.effect, step.object) {
            (Effect::Acquires, Some(object)) if !self.signals.contains(&object) => {
                *self.held.entry((step.thread, object)).or_default() += 1;
            }
            (Effect::Releases, Some(object)) => self.release(step.thread, object),
            (Effect::Blocks, _) => {
                self.blocked.insert(step.thread, step);
            }
            _ => {}
        }
        match step.effect {
            Effect::Blocks => Ending::Blocks,
            Effect::Refused => Ending::Refused,
            Effect::Panics => Ending::Panics,
            _ if resumed => Ending::GoesOn,
            _ => Ending::Plain,
        }
    }

    fn release(&mut self, thread: ThreadIndex, object: ObjectIndex) {
        match self.held.get_mut(&(thread, object)) {
            Some(1) => {
                self.held.remove(&(thread, object));
            }
            Some(times) => *times -= 1,
            None => {
                self.signals.insert(object);
            }
        }
    }

    /// Who holds the object.
    pub(super) fn holders(&self, object: ObjectIndex) -> Vec<ThreadIndex> {
        self.held.keys().filter(|(_, held)| *held == object).map(|(thread, _)| *thread).collect()
    }

    /// What the thread holds.
    pub(super) fn of(&self, thread: ThreadIndex) -> impl Iterator<Item = ObjectIndex> {
        self.held.range((thread, 0)..(thread + 1, 0)).map(|((_, object), _)| *object)
    }

    /// What each thread is doing meanwhile.
    pub(super) fn meanwhile(&self) -> Vec<Meanwhile> {
        let of = |thread| match self.of(thread).count() {
            0 if self.blocked.contains_key(&thread) => Meanwhile::Blocked,
            0 => Meanwhile::Nothing,
            objects => Meanwhile::Holds(objects),
        };
        (0..self.threads).map(of).collect()
    }
}
