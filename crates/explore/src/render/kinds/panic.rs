//! A thread panicked and nobody took notice of it.

use super::{Story, interruptions, primary};
use crate::render::names::Names;
use crate::render::text::harmless;
use crate::report::{Location, ThreadIndex};

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
    story.labels.extend(interruptions(names).into_iter().map(super::Label::into_cause));
    story.view.keep.extend(names.last_step(thread));
    story
}
