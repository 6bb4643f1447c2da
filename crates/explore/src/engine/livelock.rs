//! The step limit, and what tells a livelock from a long program: the same steps over and over.

use super::state::{BlockedOn, State, Status};
use super::step::StepRecord;
use crate::report::{Effect, FailureKind};

/// How often the pattern must have come before it counts as endless.
const REPEATS: usize = 4;

/// What it means that the step limit is reached.
pub(super) fn step_limit(state: &State, limit: usize) -> FailureKind {
    let Some((from, period)) = repetition(state) else { return FailureKind::StepLimit { limit } };
    match starving(state, from) {
        Some((thread, object)) => FailureKind::Starvation { thread, object, from, period },
        None => FailureKind::Livelock { from, period },
    }
}

/// A thread that waits for an object while the others, who are refused nothing, go round for ever.
fn starving(state: &State, from: usize) -> Option<(usize, usize)> {
    if state.steps[from..].iter().any(|step| step.effect == Effect::Refused) {
        return None;
    }
    state.threads.iter().enumerate().find_map(|(index, thread)| {
        let Status::Blocked(blocked) = &thread.status else { return None };
        let BlockedOn::Futex(queue) = blocked.on else { return None };
        let waits_all_the_time = state.steps[from..].iter().all(|step| step.choice.thread != index);
        let object = thread.calls.first().map_or(state.queues[queue].object, |call| call.object);
        (blocked.deadline.is_none() && waits_all_the_time).then_some((index, object))
    })
}

/// The shortest pattern at the end of the steps that repeats and in which every thread that can run takes part, and
/// the first step of it.
fn repetition(state: &State) -> Option<(usize, usize)> {
    let steps = &state.steps;
    let runnable: Vec<usize> = (0..state.threads.len())
        .filter(|&index| matches!(state.threads[index].status, Status::Runnable | Status::New))
        .collect();
    for period in 1..=steps.len() / REPEATS {
        let start = steps.len() - REPEATS * period;
        let repeats = (start..steps.len() - period).all(|index| same(&steps[index], &steps[index + period]));
        let fair = || {
            let tail = &steps[steps.len() - period..];
            runnable.iter().all(|&thread| tail.iter().any(|step| step.choice.thread == thread))
        };
        if repeats && fair() {
            return Some((first_repeated(steps, start, period), period));
        }
    }
    None
}

/// How far back the pattern goes.
fn first_repeated(steps: &[StepRecord], mut start: usize, period: usize) -> usize {
    while start > 0 && same(&steps[start - 1], &steps[start - 1 + period]) {
        start -= 1;
    }
    start
}

/// Two steps that a reader would call the same.
fn same(left: &StepRecord, right: &StepRecord) -> bool {
    left.choice == right.choice
        && left.object == right.object
        && left.verb == right.verb
        && left.effect == right.effect
        && left.place.map(|place| (place.line(), place.column()))
            == right.place.map(|place| (place.line(), place.column()))
        && outcome_of(left) == outcome_of(right)
}

/// What the step gave back and left behind.
fn outcome_of(step: &StepRecord) -> Option<(&Option<String>, &Option<String>)> {
    step.text
        .as_ref()
        .map(|text| (&text.result, &text.value))
        .filter(|&(result, value)| result.is_some() || value.is_some())
}
