//! What threads, objects and steps are called: the one place where the words of a timeline are chosen.

use super::text::{counted, harmless, quoted};
use crate::report::{Effect, FailureKind, ObjectIndex, Step, ThreadIndex, Trace};
use crate::schedule::letter;

/// The threads and objects of one trace, by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'t> {
    pub(super) trace: &'t Trace,
}

impl<'t> Names<'t> {
    pub(super) fn new(trace: &'t Trace) -> Self {
        Self { trace }
    }

    /// The letter that schedules use.
    pub(super) fn letter(&self, thread: ThreadIndex) -> String {
        self.trace.threads.get(thread).map_or_else(|| letter(thread), |info| harmless(&info.letter))
    }

    /// The name that the program gave, or `main`.
    pub(super) fn given(&self, thread: ThreadIndex) -> Option<String> {
        let given =
            self.trace.threads.get(thread).and_then(|info| info.name.as_deref()).filter(|name| !name.is_empty());
        given.or((thread == 0).then_some("main")).map(harmless)
    }

    /// The thread in a sentence: `P0`, or `P0 (b)` where two have that name, or `thread b` where it has none.
    pub(super) fn who(&self, thread: ThreadIndex) -> String {
        let Some(name) = self.given(thread) else { return format!("thread {}", self.letter(thread)) };
        let others = (0..self.trace.threads.len()).filter(|&other| other != thread);
        if others.into_iter().any(|other| self.given(other).as_ref() == Some(&name)) {
            format!("{name} ({})", self.letter(thread))
        } else {
            name
        }
    }

    /// The thread in a label, beside a table that has its letter: `P0`, or `b` where it has no name.
    pub(super) fn tag(&self, thread: ThreadIndex) -> String {
        if self.given(thread).is_some() { self.who(thread) } else { self.letter(thread) }
    }

    pub(super) fn all(&self, threads: &[ThreadIndex]) -> Vec<String> {
        threads.iter().map(|&thread| self.who(thread)).collect()
    }

    /// The object in a sentence.
    pub(super) fn object(&self, object: ObjectIndex) -> String {
        let info = self.trace.objects.get(object);
        info.map_or_else(|| "something without a name".to_owned(), |info| harmless(&info.name))
    }

    pub(super) fn kind(&self, object: ObjectIndex) -> &'t str {
        self.trace.objects.get(object).map_or("", |info| info.kind.as_str())
    }

    /// The call as it stands in the timeline: `fork0.lock()`, or `left fork: lock()` for a name of several words.
    pub(super) fn call(&self, step: &Step) -> String {
        self.call_on(step.object, &step.call)
    }

    /// The same for a call that is not a step yet.
    pub(super) fn call_on(&self, object: Option<ObjectIndex>, call: &str) -> String {
        let call = harmless(call);
        let Some(object) = object else { return call };
        let name = self.object(object);
        let word = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']'));
        format!("{name}{}{call}", if word { "." } else { ": " })
    }

    /// What the step does, as a verb for its thread: `reads 0 from total`.
    pub(super) fn deed(&self, step: &Step) -> String {
        let Some(object) = step.object else { return self.plain_deed(step) };
        let name = self.object(object);
        let counts = self.kind(object).contains("semaphore");
        match step.effect {
            Effect::Acquires if counts => format!("takes a permit of {name}"),
            Effect::Acquires => format!("takes {name}"),
            Effect::Releases if counts => format!("gives a permit back to {name}"),
            Effect::Releases => format!("gives {name} back"),
            Effect::Blocks => format!("waits for {name}"),
            Effect::Refused => format!("is refused {name}"),
            Effect::Reads => match &step.result {
                Some(seen) => format!("reads {} from {name}", quoted(seen)),
                None => format!("reads {name}"),
            },
            Effect::Writes => match &step.value {
                Some(value) => format!("writes {} to {name}", quoted(value)),
                None => format!("writes {name}"),
            },
            _ => self.plain_deed(step),
        }
    }

    fn plain_deed(&self, step: &Step) -> String {
        match step.effect {
            Effect::Panics => "panics".to_owned(),
            Effect::Spawns => "starts a thread".to_owned(),
            Effect::Blocks => format!("waits in {}", self.call(step)),
            _ => format!("calls {}", self.call(step)),
        }
    }

    /// The last step of the thread, if it took any.
    pub(super) fn last_step(&self, thread: ThreadIndex) -> Option<usize> {
        self.trace.steps.iter().rposition(|step| step.thread == thread && step.effect != Effect::Clock)
    }
}

/// The number of a step as it is shown: from 1.
pub(super) fn number(step: usize) -> usize {
    step + 1
}

/// How the failing execution was found.
pub(super) fn how_found(kind: &FailureKind, found_after: u64, steps: usize, preemptions: u32) -> String {
    let what = format!("{}, {}", counted(steps as u64, "step"), counted(preemptions.into(), "preemption"));
    match (kind, found_after) {
        (FailureKind::Diverged { .. }, _) | (_, 0) => what,
        // How often the part was repeated before the search saw through it means nothing.
        (FailureKind::Livelock { .. }, nth) => format!("found on schedule {nth} of the search"),
        (_, nth) => format!("found on schedule {nth} of the search: {what}"),
    }
}
