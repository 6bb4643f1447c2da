//! The picture of an execution that goes on: taken between two steps, finished when the execution is over.
//!
//! It is taken while the threads stand still, so that their states, waits and holders are exact. What only the rest of
//! the execution shows is filled in afterwards: the first call of a thread that has not run yet, and the line that the
//! timeline will give to a release.

use super::deadlock;
use super::record;
use super::state::{BlockedOn, State, Status};
use crate::explorer::Settings;
use crate::report::{Effect, Trace, WaitingOn};
use crate::schedule::{Choice, Schedule};
use crate::{NextStep, ObjectStanding, Standing, ThreadStanding, ThreadStatus};

/// Takes the picture between two steps, if this is the moment that was asked for or the execution comes no further.
pub(super) fn between(state: &mut State, settings: &Settings) {
    if settings.stand_after.is_some_and(|after| state.steps.len() >= after || state.stop.is_some()) {
        take(state);
    }
}

/// Takes the picture of an execution that is over, if it was to be taken later than that.
pub(super) fn at_the_end(state: &mut State, settings: &Settings) {
    if settings.stand_after.is_some() {
        take(state);
    }
}

/// Takes the picture, once.
fn take(state: &mut State) {
    if state.standing.is_some() {
        return;
    }
    let objects = state.objects.iter().enumerate().filter(|(_, object)| object.shown).map(|(index, object)| {
        let held_by = object.holders.iter().map(|&(thread, _)| thread).collect();
        ObjectStanding { object: index, value: None, held_by }
    });
    let standing = Standing {
        taken: Schedule::new(state.steps.iter().map(|step| step.choice).collect()),
        rows: record::rows(&state.steps),
        printed: state.printed.len(),
        at: state.now,
        threads: (0..state.threads.len()).map(|index| thread(state, index)).collect(),
        objects: objects.collect(),
    };
    state.standing = Some(Box::new(standing));
}

/// Where one thread is, with the numbers of the execution.
fn thread(state: &State, index: usize) -> ThreadStanding {
    let thread = &state.threads[index];
    let status = match thread.status {
        _ if thread.panicked.is_some() => ThreadStatus::Panicked,
        Status::New => ThreadStatus::New,
        Status::Runnable => ThreadStatus::Ready,
        Status::Blocked(_) => ThreadStatus::Blocked,
        Status::Ended => ThreadStatus::Ended,
    };
    let pending = Some(&thread.pending).filter(|pending| !pending.verb.is_empty() && status != ThreadStatus::Ended);
    let next = pending.map(|pending| NextStep {
        object: pending.object,
        call: format!("{}({})", pending.verb, pending.argument.as_deref().unwrap_or_default()),
        location: pending.place.map(Into::into),
    });
    // After a stop the options are those of an earlier choice.
    let mine = |choice: &&Choice| choice.thread == index && state.stop.is_none();
    let by_clock_alone = matches!(&thread.status, Status::Blocked(blocked) if blocked.on == BlockedOn::Sleep);
    ThreadStanding {
        status,
        next,
        choices: state.options.iter().filter(mine).map(|&choice| Schedule::new(vec![choice])).collect(),
        waits: deadlock::waiting(state, index).filter(|_| !by_clock_alone),
        until: thread.deadline.filter(|_| status == ThreadStatus::Blocked),
    }
}

/// The picture with the numbers of the trace, and with what the rest of the execution has shown.
pub(crate) fn finished(state: &State, trace: &Trace) -> Option<Standing> {
    let mut standing = Standing::clone(state.standing.as_deref()?);
    let (_, place_of) = record::shown_objects(state);
    let shown = |object: usize| record::shown_as(state, object, &place_of);
    let (before, later) = trace.steps.split_at(standing.rows);
    for (index, thread) in standing.threads.iter_mut().enumerate() {
        let taken_later = later.iter().find(|step| step.thread == index && step.effect != Effect::Clock);
        if let Some(next) = &mut thread.next {
            next.object = next.object.and_then(shown);
        }
        let runs = matches!(thread.status, ThreadStatus::New | ThreadStatus::Ready | ThreadStatus::Blocked);
        if let Some(step) = taken_later.filter(|_| runs) {
            thread.next =
                Some(NextStep { object: step.object, call: step.call.clone(), location: step.location.clone() });
        }
        if let Some(waits) = &mut thread.waits
            && let WaitingOn::Object(object) = &mut waits.on
        {
            *object = shown(*object).unwrap_or(record::UNKNOWN);
        }
    }
    standing.objects.retain_mut(|entry| {
        let Some(object) = place_of[entry.object] else { return false };
        entry.object = object;
        let touched = before.iter().rev().filter(|step| step.object == Some(object));
        entry.value = touched.filter_map(|step| step.value.clone()).next();
        true
    });
    Some(standing)
}
