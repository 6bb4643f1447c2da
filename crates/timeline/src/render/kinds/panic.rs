//! A thread panicked and nobody took notice of it.

use super::{Story, interruptions, primary};
use crate::render::causes::{Cause, LostUpdate, Stale};
use crate::render::names::Names;
use crate::render::text::harmless;
use crate::report::{Location, Step, ThreadIndex};

pub(super) fn story(names: Names<'_>, thread: ThreadIndex, message: &str, location: Option<&Location>) -> Story {
    let who = names.who(thread);
    let message: Vec<String> = message.trim_end().lines().map(harmless).collect();
    let first = message.first().cloned().unwrap_or_else(|| "without a message".to_owned());
    let mut story = Story::of(format!("{who} panics: {first}"));
    let rest = message.get(1..).unwrap_or_default();
    if location.is_some() {
        let text = std::iter::once(&format!("{} panics here", names.tag(thread)))
            .chain(rest)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n");
        story = story.label(primary(location, text));
    } else if !rest.is_empty() {
        story = story.note(rest.join("\n"));
    }
    story.view.keep.extend(names.last_step(thread));
    if thread != 0 {
        story = story.note(format!("nobody took note of how {who} ended: look at what its `join` gives"));
    }
    match cause(names, thread) {
        Some(cause) => story.caused(cause),
        None => {
            story.labels.extend(interruptions(names).into_iter().map(super::Label::into_cause));
            story
        }
    }
}

/// What led there, if the last thing that the thread saw was made by it.
fn cause(names: Names<'_>, thread: ThreadIndex) -> Option<Cause> {
    let trace = names.trace;
    let saw = |step: &Step| step.thread == thread && step.object.is_some() && step.result.is_some();
    let look = trace.steps.iter().rposition(saw)?;
    let lost = LostUpdate::before(trace, look, trace.steps[look].object?);
    let lost = lost.map(|lost| lost.cause(names));
    let mut cause = lost.or_else(|| Stale::before_panic(trace, thread).map(|stale| stale.cause(names)))?;
    // The place of the panic is the one that is wrong; these led there.
    cause.labels = cause.labels.into_iter().map(super::Label::into_cause).collect();
    Some(cause)
}
