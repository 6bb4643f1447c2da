//! From the state of an ended execution to what is told about it.

use std::borrow::Cow;

use super::Ended;
use super::state::{State, Status};
use super::step::{START, StepRecord};
use crate::execution::{CallRecord, Execution, ThreadSummary};
use crate::explorer::OutcomeBy;
use crate::report::{Effect, Failure, FailureKind, ObjectInfo, Step, ThreadInfo, Trace};
use crate::schedule::{Schedule, Way, letter, letters};

/// What claims see of it.
pub(crate) fn execution(ended: &Ended, outcome_by: Option<&OutcomeBy>) -> Execution {
    let state = &ended.state;
    let full = Schedule::new(state.steps.iter().map(|step| step.choice).collect());
    let threads: Vec<ThreadSummary> = state
        .threads
        .iter()
        .map(|thread| ThreadSummary {
            name: thread.name.clone(),
            spawned_by: thread.spawned.map(|(parent, _)| parent),
            finished: thread.end_clock.is_some() && ended.failure.is_none() || thread.panicked.is_some(),
            panicked: thread.panicked.is_some(),
        })
        .collect();
    let mut execution = Execution {
        schedule: schedule(state),
        preemptions: state.preemptions,
        outcome: None,
        failure: ended.failure.clone(),
        printed: state.printed.clone(),
        probes: state.probes.clone(),
        threads,
        calls: state.steps.iter().map(call).collect(),
        elapsed: state.now,
        full_schedule: full,
        interruptions: (0..state.steps.len()).filter(|&step| state.steps[step].preempts).collect(),
        overlaps: overlaps(state),
    };
    if ended.failure.is_none() {
        let default = || outcome(state).into_owned();
        execution.outcome = Some(outcome_by.map_or_else(default, |outcome_by| outcome_by(&execution)));
    }
    execution
}

/// The outcome, where nobody says what counts as one: what the program returns, or else what it prints.
pub(crate) fn outcome(state: &State) -> Cow<'_, str> {
    if let Some(returned) = &state.returned {
        return Cow::Borrowed(returned);
    }
    let lines: Vec<&str> = state.printed.iter().map(|printed| printed.line.as_str()).collect();
    Cow::Owned(lines.join(" / "))
}

fn call(step: &StepRecord) -> CallRecord {
    CallRecord {
        thread: step.choice.thread,
        kind: step.kind,
        verb: step.verb,
        object: step.object,
        effect: step.effect,
        location: step.place,
    }
}

/// For each pair of threads whether their lives may overlap.
fn overlaps(state: &State) -> Vec<bool> {
    let after = |later: usize, earlier: usize| {
        // The end of the earlier is known to the start of the later: its last tick is in that clock.
        let end = state.threads[earlier].end_clock.as_ref();
        end.is_some_and(|end| state.threads[later].start_clock.of(earlier) >= end.of(earlier).max(1))
    };
    let count = state.threads.len();
    let pair = |index: usize| (index / count, index % count);
    (0..count * count).map(pair).map(|(one, other)| !after(one, other) && !after(other, one)).collect()
}

/// The schedule, without its end where the default rule does the same.
pub(crate) fn schedule(state: &State) -> Schedule {
    let keep = state.steps.iter().rposition(|step| !step.by_default).map_or(0, |last| last + 1);
    Schedule::new(state.steps[..keep].iter().map(|step| step.choice).collect())
}

/// The place of an object in the trace; the word inside a primitive, and a futex's queue, are shown as their owner.
pub(super) fn shown_as(state: &State, object: usize, place_of: &[Option<usize>]) -> Option<usize> {
    place_of[object].or_else(|| {
        let owner = state.objects[object].part_of?;
        place_of[owner].or_else(|| state.objects[owner].part_of.and_then(|owner| place_of[owner]))
    })
}

/// Everything that happened.
pub(crate) fn trace(ended: &Ended, outcome: Option<String>) -> Trace {
    let state = &ended.state;
    let (objects, place_of) = shown_objects(state);
    let mut steps: Vec<Step> = Vec::with_capacity(state.steps.len());
    for record in state.steps.iter() {
        if jumps(record) {
            steps.push(clock_row(record));
        }
        steps.push(step(state, record, &place_of));
    }
    Trace {
        threads: state
            .threads
            .iter()
            .enumerate()
            .map(|(index, thread)| ThreadInfo {
                letter: letter(index),
                name: thread.name.clone(),
                spawned: thread.spawned.map(|(parent, place)| (parent, place.into())),
                finished: thread.end_clock.is_some()
                    && (thread.panicked.is_some() || thread.status == Status::Ended)
                    && !thread.torn,
            })
            .collect(),
        objects,
        steps,
        printed: state.printed.clone(),
        outcome,
    }
}

/// An object that is not in the trace: it has no name there.
pub(super) const UNKNOWN: usize = usize::MAX;

/// True if the clock jumped before a step, which has a row of its own.
fn jumps(record: &StepRecord) -> bool {
    record.clock_jump || record.choice.way == Way::Deadline
}

/// How many rows of a trace these steps are.
pub(super) fn rows(steps: &[StepRecord]) -> usize {
    steps.len() + steps.iter().filter(|step| jumps(step)).count()
}

/// The jump of the clock before a step.
fn clock_row(record: &StepRecord) -> Step {
    Step {
        thread: record.choice.thread,
        object: None,
        call: String::new(),
        result: None,
        effect: Effect::Clock,
        location: None,
        at: record.at,
        preempts: false,
        value: None,
        wakes: Vec::new(),
        order: None,
    }
}

/// One step; what it is called belongs to the call in coarse grain, to the access in fine grain.
fn step(state: &State, record: &StepRecord, place_of: &[Option<usize>]) -> Step {
    let starts_others = record.verb == START && !record.spawns.is_empty();
    let text = record.text.as_deref().cloned().unwrap_or_default();
    let (verb, argument) = match text.argument {
        _ if starts_others => ("spawn", letters(&record.spawns)),
        argument => (record.verb, argument.map(String::from).unwrap_or_default()),
    };
    let object = record.object.and_then(|object| shown_as(state, object, place_of));
    Step {
        thread: record.choice.thread,
        object,
        call: format!("{verb}({argument})"),
        result: text.result,
        effect: if starts_others { Effect::Spawns } else { record.effect },
        location: record.place.map(Into::into),
        at: record.at,
        preempts: record.preempts,
        value: text.value,
        wakes: record.enables.clone(),
        order: text.order.map(Into::into),
    }
}

/// The objects that the timeline speaks of, and the place of each object of the execution among them.
pub(super) fn shown_objects(state: &State) -> (Vec<ObjectInfo>, Vec<Option<usize>>) {
    let shown = |index: &usize| {
        let object = &state.objects[*index];
        object.shown && !matches!(object.kind, "output" | "probe" | "thread" | "futex")
    };
    let indices: Vec<usize> = (0..state.objects.len()).filter(shown).collect();
    let mut place_of = vec![None; state.objects.len()];
    let mut objects: Vec<ObjectInfo> = Vec::new();
    for &index in &indices {
        let object = &state.objects[index];
        let unnamed =
            |other: &&usize| state.objects[**other].kind == object.kind && state.objects[**other].name.is_none();
        let alike: Vec<&usize> = indices.iter().filter(unnamed).collect();
        let name = match object.name {
            Some(name) => name.to_owned(),
            None if alike.len() == 1 => object.kind.to_owned(),
            None => {
                let number = alike.iter().position(|&&other| other == index).map_or(0, |position| position + 1);
                format!("{} {number}", object.kind)
            }
        };
        place_of[index] = Some(objects.len());
        objects.push(ObjectInfo { name, kind: object.kind.to_owned() });
    }
    (objects, place_of)
}

/// The failure of a traced execution, with the indices of the trace.
pub(crate) fn failure(ended: &Ended, execution: &Execution, found_after: u64) -> Option<Failure> {
    let mut kind = ended.failure.clone()?;
    let (_, place_of) = shown_objects(&ended.state);
    let jumps_before = |step: usize| ended.state.steps.iter().take(step + 1).filter(|step| jumps(step)).count();
    match &mut kind {
        FailureKind::Deadlock { waiting, .. } => {
            for entry in waiting {
                if let crate::report::WaitingOn::Object(object) = &mut entry.on {
                    *object = shown_as(&ended.state, *object, &place_of).unwrap_or(UNKNOWN);
                }
            }
        }
        FailureKind::DataRace { object, first, second } => {
            *object = shown_as(&ended.state, *object, &place_of).unwrap_or(UNKNOWN);
            for access in [first, second] {
                access.step = access.step.map(|step| step + jumps_before(step));
            }
        }
        FailureKind::LeakedLock { object, .. } => *object = place_of[*object].unwrap_or(0),
        FailureKind::Livelock { from, period } | FailureKind::Starvation { from, period, .. } => {
            let (start, end) = (*from, *from + *period);
            *from = start + jumps_before(start);
            *period += jumps_before(end.saturating_sub(1)) - jumps_before(start);
        }
        _ => {}
    }
    if let FailureKind::Starvation { object, .. } = &mut kind {
        let owner = ended.state.objects[*object].part_of.unwrap_or(*object);
        *object = place_of[*object].or(place_of[owner]).unwrap_or(0);
    }
    let trace = trace(ended, None);
    Some(Failure::new(kind, trace, execution.schedule.clone(), execution.preemptions, found_after))
}
