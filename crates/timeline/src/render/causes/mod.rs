//! What led to a failure, read off the trace: patterns that have a name, and the steps that show them.
//!
//! Each of these looks for one pattern and finds it or does not. None guesses: a sentence here says what the steps
//! show, and a pattern that could also be harmless is looked for only where the failure depends on it.

mod lost_update;
mod lost_wake;
mod order;
mod stale;

use super::diagnostic::Label;
use super::names::Names;
use super::text::quoted;
use crate::report::{Effect, ObjectIndex, Step, ThreadIndex, Trace};
use crate::why::{Mark, Pattern};

pub(super) use lost_update::LostUpdate;
pub(super) use lost_wake::LostWake;
pub(super) use order::missing_order;
pub(super) use stale::Stale;

/// What led there.
#[derive(Debug, Default)]
pub(super) struct Cause {
    /// In one sentence without a full stop.
    pub(super) because: String,
    pub(super) pattern: Option<Pattern>,
    pub(super) marks: Vec<Mark>,
    pub(super) labels: Vec<Label>,
}

/// What is said of one step.
fn mark(step: usize, text: impl Into<String>) -> Mark {
    Mark { step, text: text.into() }
}

/// The label of a step, if its line is known.
fn label(names: Names<'_>, step: usize, text: impl Into<String>) -> Option<Label> {
    let place = names.trace.steps[step].location.as_ref()?;
    Some(Label::secondary(place, text).at_step(step))
}

/// The last step before `before` of this kind.
fn latest(trace: &Trace, before: usize, wanted: impl Fn(&Step) -> bool) -> Option<usize> {
    trace.steps[..before].iter().rposition(wanted)
}

/// True if the step reads the object, and what it saw is known.
fn reads(step: &Step, thread: ThreadIndex, object: ObjectIndex) -> bool {
    step.thread == thread && step.object == Some(object) && step.effect == Effect::Reads && step.result.is_some()
}

/// `items = 0`.
fn seen(names: Names<'_>, object: ObjectIndex, value: Option<&str>) -> String {
    let name = names.object(object);
    value.map_or_else(|| name.clone(), |value| format!("{name} = {}", quoted(value)))
}
