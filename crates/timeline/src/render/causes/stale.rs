//! Finds a check that no longer holds when its thread acts on it: another thread has changed what was read.

use super::{Cause, label, latest, mark, reads, seen};
use crate::render::names::{Names, number};
use crate::report::{Effect, ObjectIndex, Step, ThreadIndex, Trace};
use crate::why::Pattern;

/// The steps of a check that was overtaken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::render) struct Stale {
    object: ObjectIndex,
    /// The check.
    read: usize,
    /// What another thread did to the object afterwards.
    change: usize,
    /// The first thing that rests on the check and comes after the change.
    act: usize,
}

impl Stale {
    /// The check on which a thread acted that then panicked, or on which another acted that wrote what it saw last.
    pub(in crate::render) fn before_panic(trace: &Trace, thread: ThreadIndex) -> Option<Self> {
        let panic = last_step(trace, thread)?;
        let looked = |step: &Step| step.thread == thread && step.object.is_some() && step.result.is_some();
        let last_look = latest(trace, panic + 1, looked)?;
        let object = trace.steps[last_look].object?;
        if let Some(own) = Self::of(trace, panic, object) {
            return Some(own);
        }
        let writes = |step: &Step| step.object == Some(object) && step.effect == Effect::Writes;
        let written = latest(trace, last_look, writes)?;
        Self::writing(trace, trace.steps[written].thread, written)
    }

    /// The check on which a thread went to sleep: the last thing that it looked at before.
    pub(in crate::render) fn before_sleep(trace: &Trace, sleep: usize) -> Option<Self> {
        let thread = trace.steps[sleep].thread;
        let on = trace.steps[sleep].object;
        let looked = |step: &Step| step.object.is_some_and(|object| reads(step, thread, object)) && step.object != on;
        let read = latest(trace, sleep, looked)?;
        Self::of(trace, sleep, trace.steps[read].object?)
    }

    /// A check in a run that ends as it should not: its thread writes the object that it checked.
    pub(in crate::render) fn find(trace: &Trace) -> Option<Self> {
        let threads = 0..trace.threads.len();
        threads
            .filter_map(|thread| Self::writing(trace, thread, last_step(trace, thread)?))
            .min_by_key(|stale| stale.act)
    }

    /// The first write of the thread, up to this step, to an object that changed since the thread checked it.
    fn writing(trace: &Trace, thread: ThreadIndex, until: usize) -> Option<Self> {
        let writes = |&index: &usize| {
            let step = &trace.steps[index];
            step.thread == thread && step.effect == Effect::Writes && step.object.is_some()
        };
        (0..=until).filter(writes).find_map(|act| Self::of(trace, act, trace.steps[act].object?))
    }

    /// The check of this object that a step may rest on, if another thread has changed the object since.
    fn of(trace: &Trace, act: usize, object: ObjectIndex) -> Option<Self> {
        let thread = trace.steps[act].thread;
        let changes = |step: &Step| step.object == Some(object) && step.effect == Effect::Writes;
        let change = latest(trace, act, changes).filter(|&change| trace.steps[change].thread != thread)?;
        let read = latest(trace, change, |step| reads(step, thread, object))?;
        let check = &trace.steps[read];
        // A value that came back, or that is not known, is no proof that the check fails now.
        let changed = trace.steps[change].value.as_ref().is_some_and(|value| Some(value) != check.result.as_ref());
        // A loop that looks again at the same place has not acted on what it saw before; nor has a thread on what it
        // has written itself since.
        let again = |step: &Step| reads(step, thread, object) && step.location == check.location;
        let own_write = |step: &Step| step.thread == thread && changes(step);
        let repeated = trace.steps[change..act].iter().any(again) || trace.steps[act].location == check.location;
        let overwritten = trace.steps[read..change].iter().any(own_write);
        (changed && !repeated && !overwritten).then_some(Self { object, read, change, act })
    }

    /// What is told of it.
    pub(in crate::render) fn cause(&self, names: Names<'_>) -> Cause {
        let step = |index: usize| &names.trace.steps[index];
        let (actor, other) = (names.who(step(self.act).thread), names.who(step(self.change).thread));
        let saw = seen(names, self.object, step(self.read).result.as_deref());
        let name = names.object(self.object);
        let value = step(self.change).value.as_deref();
        let made = value.map_or_else(|| "changed it".to_owned(), |value| format!("made it {value}"));
        let acted = match step(self.act).effect {
            Effect::Blocks => "went to sleep".to_owned(),
            Effect::Panics => "panicked".to_owned(),
            Effect::Writes => {
                step(self.act).object.map_or_else(String::new, |object| format!("wrote {}", names.object(object)))
            }
            _ => "went on".to_owned(),
        };
        let because = format!(
            "{actor} saw {saw} at step {} and {acted} at step {}, but {other} {made} at step {}, in between",
            number(self.read),
            number(self.act),
            number(self.change),
        );
        let who = names.tag(step(self.act).thread);
        let changer = names.tag(step(self.change).thread);
        let sees = format!("{who} sees {saw} at step {}", number(self.read));
        let changes = format!("{changer} changes {name} at step {}", number(self.change));
        // Where its thread sleeps or panics has a label already.
        let has_label = matches!(step(self.act).effect, Effect::Blocks | Effect::Panics);
        let goes_on = (!has_label).then(|| (self.act, format!("{who} goes on at step {}", number(self.act))));
        let labels = [(self.read, sees), (self.change, changes)].into_iter().chain(goes_on);
        Cause {
            because,
            pattern: Some(Pattern::CheckThenAct),
            marks: vec![mark(self.read, format!("stale from {}", number(self.change)))],
            labels: labels.filter_map(|(step, text)| label(names, step, text)).collect(),
        }
    }
}

fn last_step(trace: &Trace, thread: ThreadIndex) -> Option<usize> {
    trace.steps.iter().rposition(|step| step.thread == thread && step.effect != Effect::Clock)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures::{place, trace};

    /// b sees 1, c makes it 0, b writes -1 after another look.
    fn overtaken() -> Trace {
        let line = |mark| place("lost_update.rs", mark);
        trace(&[None, None], &[("stock", "shared")])
            .step(1, 0, "get()", Effect::Reads, &line("get"))
            .gives("1")
            .step(2, 0, "set(0)", Effect::Writes, &line("set"))
            .value("0")
            .step(1, 0, "get()", Effect::Reads, &line("seen + 1"))
            .gives("0")
            .step(1, 0, "set(-1)", Effect::Writes, &line("set"))
            .value("-1")
    }

    #[test]
    fn a_check_that_was_overtaken_is_found_though_its_thread_looks_again_elsewhere() {
        assert_eq!(Stale::find(&overtaken()), Some(Stale { object: 0, read: 0, change: 1, act: 3 }));
    }

    #[test]
    fn a_value_that_came_back_or_is_not_known_overtakes_no_check() {
        for value in [Some("1".to_owned()), None] {
            let mut trace = overtaken();
            trace.steps[1].value = value;
            assert_eq!(Stale::find(&trace), None);
        }
    }

    #[test]
    fn a_loop_that_looks_again_at_the_same_place_acts_on_what_it_saw_last() {
        let mut trace = overtaken();
        trace.steps[2].location = trace.steps[0].location.clone();
        assert_eq!(Stale::find(&trace), None);
    }

    #[test]
    fn what_a_thread_wrote_itself_after_its_check_is_no_surprise_to_it() {
        let mut trace = overtaken();
        let own = trace.steps[3].clone();
        trace.steps.insert(1, own);
        assert_eq!(Stale::find(&trace), None);
    }
}
