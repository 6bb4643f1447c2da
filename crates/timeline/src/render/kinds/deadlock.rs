//! Nobody can go on: who waits for what, who holds it, and how each came to hold it.

use super::{Label, Story, primary, secondary, subject};
use crate::render::causes::{Cause, LostWake, Stale};
use crate::render::names::{Names, number};
use crate::render::style::Paint;
use crate::render::text::{Line, listed};
use crate::report::{Effect, ObjectIndex, ThreadIndex, Waiting, WaitingOn};

/// How many waits fit into one sentence.
const MOST_NAMED: usize = 3;

pub(super) fn story(names: Names<'_>, waiting: &[Waiting], cycle: &[ThreadIndex]) -> Story {
    // Whoever took a permit need not be the one to give it back: a thread does not block itself with it.
    let permit = |thread: &ThreadIndex| waiting.iter().any(|wait| wait.thread == *thread && is_permit(names, wait.on));
    let cycle = if matches!(cycle, [only] if permit(only)) { &[] } else { cycle };
    let mut story = Story::of(if cycle.is_empty() { stranded(names, waiting) } else { circle(names, waiting, cycle) });
    for wait in in_focus(waiting, cycle) {
        for (step, label) in acquisitions(names, wait, cycle) {
            // Several may wait for the same holder.
            if story.view.keep.insert(step) {
                story.labels.push(label);
            }
        }
        story.view.keep.extend(names.last_step(wait.thread));
        story = story.label(waits_here(names, wait));
    }
    let (mut inside, mut outside): (Vec<_>, Vec<_>) = waiting.iter().partition(|wait| cycle.contains(&wait.thread));
    // Those who only wait for the end of a thread come last: it is not they who are at fault.
    outside.sort_by_key(|wait| matches!(wait.on, WaitingOn::Thread(_)));
    let place = |wait: &&Waiting| cycle.iter().position(|&thread| thread == wait.thread);
    inside.sort_by_key(place);
    story.conclusion = inside.iter().map(|wait| waits_for(names, wait)).collect();
    if cycle.len() > 1 {
        let round: Vec<String> = cycle.iter().chain(cycle.first()).map(|&thread| names.who(thread)).collect();
        let mut line = Line::of(Paint::Wrong, "↻");
        line.put(Paint::Plain, format!(" cycle: {}", round.join(" → ")));
        story.conclusion.push(line);
    }
    story.conclusion.extend(outside.iter().map(|wait| waits_for(names, wait)));
    story.conclusion.extend(finished_ones(names));
    match in_focus(waiting, cycle).into_iter().find_map(|wait| missed(names, wait)) {
        Some(cause) => story.caused(cause),
        None => story,
    }
}

/// What this thread has missed: a wake-up that came before it waited, or a change of what made it wait.
fn missed(names: Names<'_>, wait: &Waiting) -> Option<Cause> {
    if !wait.held_by.is_empty() {
        return None; // somebody has what it waits for, and that is why
    }
    let sleep = names.last_step(wait.thread).filter(|&step| names.trace.steps[step].effect == Effect::Blocks);
    let check = || Some(Stale::before_sleep(names.trace, sleep?)?.cause(names));
    LostWake::find(names, wait).map(|lost| lost.cause(names)).or_else(check)
}

/// `✓ auditor has finished`: not all are stuck.
fn finished_ones(names: Names<'_>) -> Option<Line> {
    let threads: Vec<ThreadIndex> = (1..names.trace.threads.len()).filter(|&thread| finished(names, thread)).collect();
    let (who, has) = subject(names, &threads, "has", "have");
    let mut line = Line::of(Paint::Right, "✓");
    line.put(Paint::Plain, format!(" {who} {has} finished"));
    (!threads.is_empty()).then_some(line)
}

/// The sentence for a cycle.
fn circle(names: Names<'_>, waiting: &[Waiting], cycle: &[ThreadIndex]) -> String {
    if let [only] = cycle {
        let wait = waiting.iter().find(|wait| wait.thread == *only);
        return match wait.map(|wait| wait.on) {
            Some(WaitingOn::Object(object)) => {
                format!("{} waits for {}, which it holds itself", names.who(*only), names.object(object))
            }
            _ => format!("{} waits for itself", names.who(*only)),
        };
    }
    let mut threads = cycle.to_vec();
    threads.sort_unstable();
    format!("{} wait for each other for ever", listed(&names.all(&threads)))
}

/// The sentence for threads that nobody is left to wake.
fn stranded(names: Names<'_>, waiting: &[Waiting]) -> String {
    let on_objects: Vec<&Waiting> = waiting.iter().filter(|wait| matches!(wait.on, WaitingOn::Object(_))).collect();
    let threads = |waits: &[&Waiting]| waits.iter().map(|wait| wait.thread).collect::<Vec<_>>();
    match on_objects.as_slice() {
        [] => {
            let (who, wait) = subject(names, &threads(&waiting.iter().collect::<Vec<_>>()), "waits", "wait");
            format!("{who} {wait} for threads that never end")
        }
        waits @ [first, ..] if waits.iter().all(|wait| wait.on == first.on && wait.held_by == first.held_by) => {
            let (who, wait) = subject(names, &threads(waits), "waits", "wait");
            format!("{who} {wait} for ever for {}", why(names, first, Tense::Was))
        }
        waits if waits.len() <= MOST_NAMED => {
            let of = |(index, wait): (usize, &&Waiting)| {
                let waits = if index == 0 { "waits for ever for" } else { "for" };
                format!("{} {waits} {}", names.who(wait.thread), why(names, wait, Tense::Was))
            };
            waits.iter().enumerate().map(of).collect::<Vec<_>>().join("; ")
        }
        waits => {
            let (who, wait) = subject(names, &threads(waits), "waits", "wait");
            format!("{who} {wait} for ever: nobody is left to wake them")
        }
    }
}

/// The waits that labels speak of: the cycle, or all that wait for more than the end of a thread.
fn in_focus<'w>(waiting: &'w [Waiting], cycle: &[ThreadIndex]) -> Vec<&'w Waiting> {
    if !cycle.is_empty() {
        return cycle.iter().filter_map(|&thread| waiting.iter().find(|wait| wait.thread == thread)).collect();
    }
    let on_objects: Vec<&Waiting> = waiting.iter().filter(|wait| matches!(wait.on, WaitingOn::Object(_))).collect();
    if on_objects.is_empty() { waiting.iter().collect() } else { on_objects }
}

/// Where those who hold what is waited for took it.
fn acquisitions(names: Names<'_>, wait: &Waiting, cycle: &[ThreadIndex]) -> Vec<(usize, Label)> {
    let WaitingOn::Object(object) = wait.on else { return Vec::new() };
    let of = |&holder: &ThreadIndex| {
        let step = acquisition(names, holder, object)?;
        let text = format!("{} {} at step {}", names.tag(holder), names.deed(&names.trace.steps[step]), number(step));
        let label = secondary(names.trace.steps[step].location.as_ref(), text)?.at_step(step);
        Some((step, label))
    };
    wait.held_by.iter().filter(|holder| cycle.is_empty() || cycle.contains(holder)).filter_map(of).collect()
}

/// The step in which the thread took what it still holds.
fn acquisition(names: Names<'_>, thread: ThreadIndex, object: ObjectIndex) -> Option<usize> {
    let takes = |step: &crate::report::Step| {
        step.thread == thread && step.object == Some(object) && step.effect == Effect::Acquires
    };
    names.trace.steps.iter().rposition(takes)
}

fn waits_here(names: Names<'_>, wait: &Waiting) -> Option<Label> {
    let who = names.tag(wait.thread);
    let blocked = names.last_step(wait.thread).filter(|&step| names.trace.steps[step].effect == Effect::Blocks);
    let since = blocked.map_or_else(String::new, |step| format!(" from step {} on", number(step)));
    let place = blocked.and_then(|step| names.trace.steps[step].location.as_ref());
    let text = format!("{who} waits for {}{since}", what(names, wait.on));
    Some(primary(wait.location.as_ref().or(place), text)?.at_step(blocked.unwrap_or(usize::MAX)))
}

fn what(names: Names<'_>, on: WaitingOn) -> String {
    match on {
        WaitingOn::Object(object) => names.object(object),
        WaitingOn::Thread(thread) => format!("{} to end", names.who(thread)),
    }
}

/// Whether a sentence is about the end or about how things stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tense {
    Is,
    Was,
}

/// `⏸ P0 waits for fork1, held by P1`.
fn waits_for(names: Names<'_>, wait: &Waiting) -> Line {
    let mut line = Line::of(Paint::Notice, "⏸");
    line.put(Paint::Plain, format!(" {} waits for {}", names.who(wait.thread), why(names, wait, Tense::Is)));
    line
}

/// What is waited for, and why it does not come.
fn why(names: Names<'_>, wait: &Waiting, tense: Tense) -> String {
    let on = what(names, wait.on);
    let WaitingOn::Object(object) = wait.on else { return on };
    let (ended, alive): (Vec<_>, Vec<_>) = wait.held_by.iter().partition(|&&holder| finished(names, holder));
    if alive.is_empty() && !ended.is_empty() {
        return format!("{on}, which {} never gave back", listed(&names.all(&ended)));
    }
    let held = if is_permit(names, wait.on) { "taken" } else { "held" };
    if alive == [wait.thread] {
        return format!("{on}, {held} by itself");
    }
    if !alive.is_empty() {
        return format!("{on}, {held} by {}", listed(&names.all(&alive)));
    }
    let wakes = match names.kind(object) {
        kind if kind.contains("event") => "set it",
        kind if kind.contains("semaphore") => "release it",
        kind if kind.contains("condition") => "notify it",
        kind if kind.contains("barrier") => "come to it",
        _ => "wake it",
    };
    match tense {
        Tense::Is => format!("{on}: nobody is left to {wakes}"),
        Tense::Was => format!("{on}, and nobody is left to {wakes}"),
    }
}

fn is_permit(names: Names<'_>, on: WaitingOn) -> bool {
    matches!(on, WaitingOn::Object(object) if names.kind(object).contains("semaphore"))
}

fn finished(names: Names<'_>, thread: ThreadIndex) -> bool {
    names.trace.threads.get(thread).is_some_and(|info| info.finished)
}
