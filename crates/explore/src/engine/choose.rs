//! The scheduler: who can run, who is chosen, and what it means when nobody can.

use std::time::Duration;

use super::carrier::Next;
use super::state::{Blocked, BlockedOn, Pending, State, Status, Stop, Wait, Yielded, builtin};
use super::step::{Accesses, START, StepRecord, StepText};
use crate::explorer::{ClockPolicy, Settings};
use crate::report::{Effect, FailureKind};
use crate::schedule::{Choice, Way};
use crate::strategy::{Decision, Point};

/// Chooses who takes the next step, and begins it.
pub(super) fn next(state: &mut State, settings: &Settings) -> Next {
    loop {
        if state.stop.is_some() {
            super::standing::between(state, settings);
            return next_to_unwind(state);
        }
        if state.steps.len() >= settings.max_steps {
            if state.strategy.expects_no_end() {
                state.stop(Stop::Redundant);
                continue;
            }
            let kind = super::livelock::step_limit(state, settings.max_steps);
            state.stop(Stop::Failure(kind));
            continue;
        }
        list_options(state, settings);
        super::standing::between(state, settings);
        if state.options.is_empty() {
            if state.all_ended() {
                return Next::Over;
            }
            let kind = super::deadlock::picture(state);
            state.stop(Stop::Failure(kind));
            continue;
        }
        match decide(state) {
            Ok(chosen) => return begin(state, chosen),
            Err(stop) => state.stop(*stop),
        }
    }
}

/// After a stop: the next thread that has not ended gets the turn to be unwound.
fn next_to_unwind(state: &State) -> Next {
    // The one that has the turn first, so that a failed thread unwinds before any other runs; but one that sees others
    // out goes on when they have ended.
    let first = state.unwind_next.last().copied().unwrap_or(state.current);
    let unwinding = Some(first).filter(|&thread| state.threads[thread].status != Status::Ended);
    let next = unwinding.or_else(|| state.threads.iter().position(|thread| thread.status != Status::Ended));
    match next {
        None => Next::Over,
        Some(thread) if state.threads[thread].status == Status::New => Next::Launch(thread),
        Some(thread) => Next::Resume(thread),
    }
}

/// Fills `state.options` with all that can happen next, empty if nothing can, and `state.held` with what could happen,
/// but lets others go first.
fn list_options(state: &mut State, settings: &Settings) {
    let mut options = std::mem::take(&mut state.options);
    state.held.clear();
    loop {
        options.clear();
        let waits_for_clock = collect(state, settings, &mut options);
        if options.iter().any(|option| !state.holds_back(option.thread)) {
            let mut held = std::mem::take(&mut state.held);
            held.extend(options.iter().filter(|option| state.holds_back(option.thread)));
            options.retain(|option| !state.holds_back(option.thread));
            state.held = held;
            break;
        }
        // Nobody can run but those that spin: time passes.
        if settings.clock == ClockPolicy::WhenIdle
            && let Some(deadline) = waits_for_clock
        {
            if !options.is_empty() {
                // It might have gone on before that, to the end of its loop.
                state.cut.get_or_insert("time passed while a thread went round in a loop");
            }
            advance(state, deadline, true);
            continue;
        }
        break;
    }
    state.options = options;
}

/// All choices there are, and the earliest deadline of those that wait for the clock alone.
fn collect(state: &State, settings: &Settings, options: &mut Vec<Choice>) -> Option<Duration> {
    let mut earliest: Option<Duration> = None;
    let rare_left = settings.rare > state.rare_taken;
    for (index, thread) in state.threads.iter().enumerate() {
        match &thread.status {
            Status::New => options.push(Choice::usual(index)),
            Status::Runnable => {
                options.push(Choice::usual(index));
                // Whoever lets others go first lets a thread begin, and end.
                let looks = thread.pending.looks_at.filter(|_| thread.yielded.is_none());
                let uncertain = looks.map_or(0, |look| state.uncertain(look).len());
                options.extend((1..1 << uncertain).map(|found| Choice { thread: index, way: Way::Stale(found) }));
                if thread.pending.rare && rare_left {
                    options.push(Choice { thread: index, way: Way::Rare });
                }
                // It was woken, and its deadline passes before it gets to run.
                let passes = thread.deadline.is_some_and(|deadline| deadline > state.now);
                if passes && settings.clock == ClockPolicy::Anywhere {
                    options.push(Choice { thread: index, way: Way::Deadline });
                }
            }
            Status::Blocked(blocked) => {
                if let Some(deadline) = blocked.deadline {
                    earliest = Some(earliest.map_or(deadline, |other| other.min(deadline)));
                    if settings.clock == ClockPolicy::Anywhere {
                        options.push(Choice { thread: index, way: Way::Deadline });
                    }
                }
                if matches!(blocked.on, BlockedOn::Futex(_)) && settings.spurious() && rare_left {
                    options.push(Choice { thread: index, way: Way::Rare });
                }
            }
            Status::Ended => {}
        }
    }
    // A spurious return alone cannot save a program from a deadlock: it may never come.
    if options.iter().all(|option| option.way == Way::Rare) {
        options.clear();
    }
    earliest
}

/// The clock moves on, and whoever waited for that moment can run: these, each with the object of the queue that it left.
fn advance(state: &mut State, to: Duration, when_idle: bool) -> Vec<(usize, Option<usize>)> {
    if to > state.now {
        state.now = to;
        state.jumped = true;
    }
    if when_idle {
        for thread in &mut state.threads {
            thread.looks.seen_ended |= thread.status == Status::Ended;
        }
    }
    let is_due = |index: &usize| {
        matches!(&state.threads[*index].status,
            Status::Blocked(blocked) if blocked.deadline.is_some_and(|deadline| deadline <= state.now))
    };
    let due: Vec<usize> = (0..state.threads.len()).filter(is_due).collect();
    due.into_iter().map(|index| (index, time_out(state, index))).collect()
}

/// A thread's deadline has passed: it leaves its queue, whose object this is.
fn time_out(state: &mut State, index: usize) -> Option<usize> {
    let left = forget_wait(state, index);
    let thread = &mut state.threads[index];
    thread.status = Status::Runnable;
    thread.woken_by = Some(Wait::TimedOut);
    left
}

/// A thread that is going to run is no longer in the queue that it waited in: the queue's object, if it was in one.
fn forget_wait(state: &mut State, index: usize) -> Option<usize> {
    let Status::Blocked(Blocked { on: BlockedOn::Futex(queue), .. }) = state.threads[index].status else { return None };
    let queue = &mut state.queues[queue];
    queue.waiters.retain(|&waiter| waiter != index);
    Some(queue.object)
}

/// What was decided.
struct Chosen {
    choice: Choice,
    cost: u32,
    preempts: bool,
    by_default: bool,
}

/// Asks the strategy.
fn decide(state: &mut State) -> Result<Chosen, Box<Stop>> {
    let current = Choice::usual(state.current);
    // Nobody is interrupted who was only brought to the first operation.
    let launched = state.steps.last().is_some_and(|step| step.choice.way == Way::Launch);
    let can_go_on = !launched && state.options.contains(&current);
    let others_usual = state.options.iter().filter(|option| option.way == Way::Usual).count();
    let (options, held) = (std::mem::take(&mut state.options), std::mem::take(&mut state.held));
    let point = Point {
        options: &options,
        held: &held,
        current: can_go_on.then_some(state.current),
        steps: &state.steps,
        threads: &state.threads,
        objects: &state.objects,
        step: state.steps.len(),
        usual: others_usual,
    };
    let decision = state.strategy.choose(&point);
    let failure = |kind| Err(Box::new(Stop::Failure(kind)));
    let chosen = |choice: Choice| Chosen {
        choice,
        cost: point.cost(choice),
        preempts: point.current.is_some_and(|current| current != choice.thread),
        by_default: choice == point.default(),
    };
    let result = match decision {
        Decision::Take(choice) => Ok(chosen(choice)),
        Decision::Redundant => Err(Box::new(Stop::Redundant)),
        Decision::Diverged(why) => failure(FailureKind::Diverged { step: state.steps.len() + 1, why }),
        Decision::Uncontrolled(what) => failure(FailureKind::Uncontrolled { what }),
    };
    (state.options, state.held) = (options, held);
    result
}

/// The step of this choice begins.
fn begin(state: &mut State, chosen: Chosen) -> Next {
    let choice = chosen.choice;
    let index = choice.thread;
    let (mut due, mut left) = (Vec::new(), Vec::new());
    match choice.way {
        Way::Deadline => {
            let deadline = state.threads[index].deadline.expect("only a wait with a deadline times out");
            for (other, queue) in advance(state, deadline, false) {
                left.extend(queue);
                due.extend(Some(other).filter(|&other| other != index));
            }
            // This was a choice: others could have gone on instead.
            state.jumped = false;
        }
        Way::Rare => {
            state.rare_taken += 1;
            left.extend(forget_wait(state, index));
            state.threads[index].woken_by = Some(Wait::Woken);
        }
        Way::Usual | Way::Launch | Way::Stale(_) => {}
    }
    for (other, thread) in state.threads.iter_mut().enumerate() {
        if other != index && thread.yielded == Some(Yielded::Step) {
            thread.yielded = None;
        }
    }
    state.preemptions += chosen.cost;
    state.current = index;
    let thread = &mut state.threads[index];
    let (launched, daemon, life) = (thread.status == Status::New, thread.daemon, thread.life);
    let changes = thread.status != Status::Runnable || thread.woken_by.is_some();
    thread.status = Status::Runnable;
    thread.yielded = None;
    thread.deadline = None;
    thread.clock.tick(index);
    let pending = std::mem::take(&mut thread.pending);
    let mut step = record(pending, &chosen, state.now, std::mem::take(&mut state.jumped));
    step.enables = due;
    match choice.way {
        Way::Deadline => step.touch(builtin::CLOCK, true),
        Way::Rare => step.touch(builtin::RARE, true),
        Way::Usual | Way::Launch | Way::Stale(_) => {}
    }
    left.into_iter().for_each(|queue| step.touch(queue, true));
    if changes {
        step.touch(life, true);
    }
    if daemon {
        step.touch(builtin::EXIT, false);
    }
    state.steps.push(step);
    if launched { Next::Launch(index) } else { Next::Resume(index) }
}

/// The record of a step that begins.
fn record(pending: Pending, chosen: &Chosen, now: Duration, clock_jump: bool) -> StepRecord {
    StepRecord {
        choice: chosen.choice,
        object: pending.object,
        kind: if pending.verb.is_empty() { "thread" } else { pending.kind },
        verb: if pending.verb.is_empty() { START } else { pending.verb },
        text: pending.argument.map(|argument| Box::new(StepText { argument: Some(argument), ..StepText::default() })),
        effect: Effect::Plain,
        place: pending.place,
        at: now,
        preempts: chosen.preempts,
        by_default: chosen.by_default,
        clock_jump,
        accesses: Accesses::new(),
        enables: Vec::new(),
        spawns: Vec::new(),
        joins: None,
        ready: pending.ready,
        reveals: false,
    }
}
