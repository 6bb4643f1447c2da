//! Two accesses to one memory cell that nothing orders.

use super::{Label, Story, primary, secondary};
use crate::render::causes::missing_order;
use crate::render::names::{Names, number};
use crate::report::{Access, ObjectIndex};

pub(super) fn story(names: Names<'_>, object: ObjectIndex, first: &Access, second: &Access) -> Story {
    let cell = names.object(object);
    let (one, two) = (names.who(first.thread), names.who(second.thread));
    let message = match (first.write, second.write) {
        (true, true) => format!("{one} and {two} both write {cell}, and nothing orders them"),
        (true, false) => format!("{one} writes {cell} and {two} reads it, and nothing orders them"),
        (false, true) => format!("{one} reads {cell} and {two} writes it, and nothing orders them"),
        (false, false) => format!("{one} and {two} access {cell}, and nothing orders them"),
    };
    let label = |access: &Access| {
        let verb = if access.write { "writes" } else { "reads" };
        let when = access.step.map_or_else(String::new, |step| format!(" during step {}", number(step)));
        format!("{} {verb} here{when}", names.tag(access.thread))
    };
    let by_step = |label: Option<Label>, access: &Access| label.map(|label| label.at_step(access.step.unwrap_or(0)));
    let mut story = Story::of(message)
        .label(by_step(secondary(first.location.as_ref(), label(first)), first))
        .label(by_step(primary(second.location.as_ref(), label(second)), second))
        .note(format!("nothing that {one} does after its access happens before the access of {two}"));
    for access in [first, second] {
        let verb = if access.write { "writes" } else { "reads" };
        story.view.marks.extend(access.step.map(|step| (step, format!("{verb} {cell}"))));
    }
    story.view.keep.extend(first.step.into_iter().chain(second.step));
    match missing_order(names, first, second) {
        Some((because, instead)) => Story { because: Some(because), ..story }.help(instead),
        None => story.help(
            "order the two: hold one lock around both accesses, or let the later one wait for the earlier \
             (`join`, an event, or a Release store that an Acquire load reads)",
        ),
    }
}
