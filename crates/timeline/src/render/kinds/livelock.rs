//! Everybody runs and nobody gets anywhere: the part that repeats.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Label, Story, subject};
use crate::render::held::Held;
use crate::render::names::{Names, number};
use crate::render::style::Paint;
use crate::render::text::{Line, counted, listed};
use crate::report::{Effect, ThreadIndex};

/// More labels than this hide the lines that they explain.
const MOST_LABELS: usize = 6;

pub(super) fn story(names: Names<'_>, from: usize, period: usize) -> Story {
    let end = (from + period).min(names.trace.steps.len());
    let part = from.min(end)..end;
    let threads = threads(names, part.clone());
    let (who, keep) = subject(names, &threads, "keeps", "keep");
    let they = if threads.len() == 1 { "gets" } else { "get" };
    let mut story = Story::of(format!("{who} {keep} running and {they} nowhere"));
    story.labels = labels(names, part.clone());
    story.because = because(names, part.clone());
    story.view.repeats = Some(part.clone());
    story.conclusion.push(repeats(part.len()));
    let alone = threads.len() == 1;
    story.help(if alone {
        "wait for what is awaited instead of asking again and again: an event, a lock, or `join`"
    } else {
        "someone must yield in a way that differs from the others, or wait until what is refused is free"
    })
}

/// What comes back in each round: who is refused what by whom, or what is looked at while nobody changes it.
fn because(names: Names<'_>, part: Range<usize>) -> Option<String> {
    let steps = &names.trace.steps;
    let mut held = Held::before(names.trace, part.start);
    let mut refusals: BTreeSet<(ThreadIndex, String)> = BTreeSet::new();
    for step in &steps[part.clone()] {
        held.take(step);
        if let (Effect::Refused, Some(object)) = (step.effect, step.object) {
            let holders: Vec<_> = held.holders(object).into_iter().filter(|&holder| holder != step.thread).collect();
            if holders.is_empty() {
                return None; // it was refused for another reason, which is not known
            }
            let by = listed(&names.all(&holders));
            refusals.insert((step.thread, format!("{}, which {by} {}", names.object(object), verb(holders.len()))));
        }
    }
    if !refusals.is_empty() {
        let told = |(thread, what): &(ThreadIndex, String)| format!("{} is refused {what}", names.who(*thread));
        let round: Vec<String> = refusals.iter().map(told).collect();
        return Some(format!("in each round {}", round.join("; ")));
    }
    let [thread] = *threads(names, part.clone()) else { return None };
    let only_looks = steps[part.clone()].iter().all(|step| matches!(step.effect, Effect::Reads | Effect::Plain));
    let looked = steps[part].iter().find(|step| step.effect == Effect::Reads && step.object.is_some())?;
    let others = format!("and nobody changes {}", names.object(looked.object?));
    only_looks.then(|| format!("{} {} in each round, {others}", names.who(thread), names.deed(looked)))
}

fn verb(holders: usize) -> &'static str {
    if holders == 1 { "holds" } else { "hold" }
}

/// Who takes part.
fn threads(names: Names<'_>, part: Range<usize>) -> Vec<ThreadIndex> {
    let threads: BTreeSet<ThreadIndex> = names.trace.steps[part].iter().map(|step| step.thread).collect();
    threads.into_iter().collect()
}

fn repeats(steps: usize) -> Line {
    let mut line = Line::of(Paint::Notice, "↻");
    line.put(
        Paint::Plain,
        match steps {
            1 => " this step repeats for ever".to_owned(),
            _ => format!(" these {} repeat for ever", counted(steps as u64, "step")),
        },
    );
    line
}

/// What is done in the repeated part, each deed of a thread once; what is refused is where it goes wrong.
fn labels(names: Names<'_>, part: Range<usize>) -> Vec<Label> {
    let mut seen = BTreeSet::new();
    let mut labels: Vec<Label> = Vec::new();
    for index in part {
        let step = &names.trace.steps[index];
        let Some(place) = step.location.as_ref().filter(|_| step.effect != Effect::Clock) else { continue };
        if step.effect == Effect::Releases || !seen.insert((step.thread, place.clone(), step.call.clone())) {
            continue; // a release stands at the line of its acquisition, which has its label
        }
        let text = format!("{} {} at step {}", names.tag(step.thread), names.deed(step), number(index));
        let wrong = matches!(step.effect, Effect::Refused | Effect::Blocks);
        let label = if wrong { Label::primary(place, text) } else { Label::secondary(place, text) };
        labels.push(label.at_step(index));
    }
    labels.truncate(MOST_LABELS);
    labels
}
