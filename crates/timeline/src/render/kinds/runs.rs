//! What went wrong with a run as a whole: too long, a claim that does not hold, not repeatable, empty.

use super::{Story, interruptions};
use crate::render::names::Names;
use crate::render::text::{counted, harmless};

pub(super) fn step_limit(names: Names<'_>, limit: usize) -> Story {
    let mut story = Story::of(format!("still running after {}", counted(limit as u64, "step")))
        .note("no part of it repeats exactly, so it is not called a livelock")
        .help("look for a loop that may never end; if the program is meant to run that long, raise `max_steps`");
    story.view.keep.extend(names.trace.steps.len().checked_sub(1));
    story
}

pub(in crate::render) fn property(names: Names<'_>, claim: &str, seen: &str) -> Story {
    let mut story = Story::of(format!("does not hold: {}", harmless(claim)));
    story.labels = interruptions(names);
    if seen.is_empty() { story } else { story.note(format!("seen instead: {}", lines(seen))) }
}

pub(super) fn uncontrolled(what: &str) -> Story {
    Story::of(format!("the same schedule went differently a second time: {}", harmless(what)))
        .note("so the program depends on more than the order of its steps, and no verdict on it can be trusted")
        .help(
            "look for the time of day, random numbers, the order of a `HashMap`, addresses, environment variables, \
             or a static that keeps what the run before left in it",
        )
}

/// `step` is counted from 1, as in the schedule.
pub(super) fn diverged(names: Names<'_>, step: usize, why: &str) -> Story {
    let mut story = Story::of(format!("the schedule cannot be followed at step {step}: {}", harmless(why)))
        .help("the program may have changed since the schedule was written, or a letter is wrong (`a` is main)");
    story.view.keep.extend(names.trace.steps.len().checked_sub(1));
    story
}

pub(super) fn nothing_recorded() -> Story {
    Story::of("the program did nothing that can be explored")
        .note("only what goes through threadcraft is seen: `spawn`, `Lock`, `Semaphore`, `Event`, `println!`, …")
        .help("use those instead of the ones of `std`, with threadcraft's feature `explore` on")
}

fn lines(text: &str) -> String {
    text.trim_end().lines().map(harmless).collect::<Vec<_>>().join("\n")
}
