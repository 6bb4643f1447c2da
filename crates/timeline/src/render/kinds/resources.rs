//! What is held for ever, kept from somebody for ever, or used as it must not be.

use super::{Label, Story, primary};
use crate::render::names::{Names, number};
use crate::render::style::Paint;
use crate::render::text::{Line, counted, harmless};
use crate::report::{Location, ObjectIndex, ThreadIndex};

pub(super) fn leaked(names: Names<'_>, object: ObjectIndex, thread: ThreadIndex, location: Option<&Location>) -> Story {
    let (who, what) = (names.who(thread), names.object(object));
    Story::of(format!("all threads have ended, and {what} is still held"))
        .label(primary(location, format!("{} takes it here and never gives it back", names.tag(thread))))
        .note(format!("{who} ended without letting go: whoever comes later waits for ever"))
        .help("let the guard go out of scope, or drop it; `mem::forget` and leaks keep it for ever")
}

pub(super) fn misuse(names: Names<'_>, thread: ThreadIndex, what: &str, location: Option<&Location>) -> Story {
    let mut story = Story::of(harmless(what).to_string());
    story = story.label(primary(location, format!("by {}, here", names.tag(thread))));
    story.view.keep.extend(names.last_step(thread));
    story
}

pub(super) fn starvation(
    names: Names<'_>,
    thread: ThreadIndex,
    object: ObjectIndex,
    from: usize,
    period: usize,
) -> Story {
    let end = (from + period).min(names.trace.steps.len());
    let part = from.min(end)..end;
    let (who, what) = (names.who(thread), names.object(object));
    let mut story = Story::of(format!("{who} waits for {what} for ever, while others go on"));
    let waits = names.trace.steps.iter().rposition(|step| step.thread == thread);
    if let Some((at, place)) = waits.and_then(|at| Some((at, names.trace.steps[at].location.as_ref()?))) {
        let text = format!("{} has waited here since step {}", names.tag(thread), number(at));
        story.labels.push(Label::primary(place, text).at_step(at));
        story.view.keep.insert(at);
    }
    let mut line = Line::of(Paint::Notice, "↻");
    line.put(Paint::Plain, format!(" these {} can repeat for ever", counted(part.len() as u64, "step")));
    story.conclusion.push(line);
    story.view.repeats = Some(part);
    story.help("let those who come later stand behind the one who waits: a turnstile, or a queue")
}
