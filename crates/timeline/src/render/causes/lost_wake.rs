//! Finds the wake-up that came before its waiter, and so was heard by nobody.

use super::{Cause, Stale, label, latest, mark};
use crate::render::names::{Names, number};
use crate::report::{Effect, ObjectIndex, Step, ThreadIndex, Trace, Waiting, WaitingOn};
use crate::why::Pattern;

/// The steps of a wake-up that came too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::render) struct LostWake {
    object: ObjectIndex,
    waiter: ThreadIndex,
    /// The step with which the wait begins.
    wait: usize,
    /// The last wake-up before it.
    wake: usize,
    /// For an event: the step that cleared it again.
    clear: Option<usize>,
    /// Whether another thread than the waiter had use of the wake-up.
    heard: bool,
    /// Whether the waiter had made up its mind before: it looks at nothing else in between.
    decided: bool,
}

impl LostWake {
    /// The wake-up that this waiter missed; `None` unless the trace shows it.
    pub(in crate::render) fn find(names: Names<'_>, waiting: &Waiting) -> Option<Self> {
        let trace = names.trace;
        let WaitingOn::Object(object) = waiting.on else { return None };
        let waiter = waiting.thread;
        let wait = names.last_step(waiter).filter(|&step| trace.steps[step].effect == Effect::Blocks)?;
        let event = names.kind(object).contains("event");
        let wakes = |step: &Step| step.object == Some(object) && is_wake(step, event);
        // One that came later went to another waiter: who should have heard it is not for us to say.
        if trace.steps[wait..].iter().any(wakes) {
            return None;
        }
        let wake = latest(trace, wait, wakes).filter(|&wake| trace.steps[wake].thread != waiter)?;
        let found = Self { object, waiter, wait, wake, clear: None, heard: false, decided: true };
        if event { found.of_event(trace) } else { found.of_condition(trace) }
    }

    /// A set event is set until it is cleared: what is missed was cleared again before the wait.
    fn of_event(self, trace: &Trace) -> Option<Self> {
        let on_event = |index: &usize| trace.steps[*index].object == Some(self.object);
        let clear = (self.wake..self.wait).filter(on_event).find(|&step| verb(&trace.steps[step]) == "clear")?;
        let saw_it = |step: &Step| {
            step.object == Some(self.object) && step.effect == Effect::Reads && step.result.as_deref() != Some("false")
        };
        let between = &trace.steps[self.wake..clear];
        if between.iter().any(|step| saw_it(step) && step.thread == self.waiter) {
            return None;
        }
        let heard = self.woke_somebody(trace) || between.iter().any(saw_it);
        Some(Self { clear: Some(clear), heard, ..self })
    }

    /// A notify is over when it has been made: it is missed by all that do not wait yet.
    fn of_condition(self, trace: &Trace) -> Option<Self> {
        let step = &trace.steps[self.wake];
        let heard = match step.result.as_deref() {
            Some("0" | "false") => false,
            Some(_) => true,
            None => self.woke_somebody(trace),
        };
        let elsewhere = |step: &&Step| step.thread == self.waiter && step.object != Some(self.object);
        let between = || trace.steps[self.wake..self.wait].iter().filter(elsewhere);
        // Who looks after the wake-up, and waits all the same, did not need it.
        let looked = between().any(|step| step.effect == Effect::Reads);
        let decided = between().all(|step| step.effect == Effect::Clock);
        (!heard && !looked).then_some(Self { decided, ..self })
    }

    /// Whether somebody who waited went on by the wake-up.
    fn woke_somebody(&self, trace: &Trace) -> bool {
        let waited = |&thread: &ThreadIndex| {
            let before = latest(trace, self.wake, |step| step.thread == thread && step.effect != Effect::Clock);
            before.is_some_and(|step| trace.steps[step].object == Some(self.object))
        };
        trace.steps[self.wake].wakes.iter().any(waited)
    }

    /// The sentence for a waiter that missed its wake-up, without what led there.
    pub(in crate::render) fn because(&self, names: Names<'_>) -> String {
        let step = |index: usize| &names.trace.steps[index];
        let waiter = names.who(self.waiter);
        let caller = names.who(step(self.wake).thread);
        let call = names.call(step(self.wake));
        let wake = format!("{caller} called {call} at step {}", number(self.wake));
        match self.clear {
            Some(clear) => {
                let who = match step(clear).thread {
                    thread if thread == self.waiter => format!("{waiter} itself "),
                    thread if thread == step(self.wake).thread => String::new(),
                    thread => format!("{} ", names.who(thread)),
                };
                let cleared = format!("{who}cleared it at step {}", number(clear));
                format!("{wake}, and {cleared}, before {waiter} began to wait at step {}", number(self.wait))
            }
            None => format!("{wake}, before {waiter} began to wait at step {}: nobody heard it", number(self.wait)),
        }
    }

    /// What is told of it.
    pub(in crate::render) fn cause(&self, names: Names<'_>) -> Cause {
        let stale = Stale::before_sleep(names.trace, self.wait).filter(|_| self.clear.is_none());
        let check = stale.map(|stale| stale.cause(names));
        let mut marks = Vec::new();
        if !self.heard {
            marks.push(mark(self.wake, "nobody heard"));
        }
        let wakes = &names.trace.steps[self.wake];
        let text = format!("{} {} at step {}", names.tag(wakes.thread), called(names, wakes), number(self.wake));
        let mut labels: Vec<_> = label(names, self.wake, text).into_iter().collect();
        if let Some(clear) = self.clear {
            let step = &names.trace.steps[clear];
            labels.extend(label(
                names,
                clear,
                format!("{} clears it at step {}", names.tag(step.thread), number(clear)),
            ));
        }
        if let Some(check) = check.filter(|_| self.decided) {
            marks.extend(check.marks);
            labels.extend(check.labels.into_iter().take(1));
        }
        // Who took a lock in between may have looked at what it guards: then the wake-up was not needed.
        let pattern = (self.decided && !self.heard).then_some(Pattern::LostWakeUp);
        Cause { because: self.because(names), pattern, marks, labels }
    }
}

fn called(names: Names<'_>, step: &Step) -> String {
    format!("calls {}", names.call(step))
}

/// Whether the call lets waiters go on.
fn is_wake(step: &Step, event: bool) -> bool {
    let wakes = ["notify", "wake", "signal", "broadcast", "futex_wake", "futex_requeue"];
    let verb = verb(step);
    step.effect != Effect::Refused
        && if event { verb == "set" } else { wakes.iter().any(|wake| verb.starts_with(wake)) }
}

/// The name of the call.
fn verb(step: &Step) -> &str {
    step.call.split('(').next().unwrap_or_default()
}
