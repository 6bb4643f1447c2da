//! The scheduler: who can run, who is chosen, and what it means when nobody can.

use std::time::Duration;

use super::carrier::Next;
use super::life;
use super::state::{Blocked, BlockedOn, Pending, State, Status, Stop, Wait, Yielded, builtin};
use super::step::{START, StepRecord, StepText};
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
    state.held.clear();
    loop {
        let Listed { waits_for_clock, somebody_yields } = collect(state, settings);
        let somebody_can = !state.options.is_empty();
        let all_hold_back = somebody_can && somebody_yields && hold_back(state);
        if somebody_can && !all_hold_back {
            return;
        }
        // Nobody can run but those that spin: time passes.
        let Some(deadline) = waits_for_clock.filter(|_| settings.clock == ClockPolicy::WhenIdle) else { return };
        if somebody_can {
            // It might have gone on before that, to the end of its loop.
            state.cut.get_or_insert("time passed while a thread went round in a loop");
        }
        advance(state, deadline, true);
    }
}

/// Takes those that let others go first out of the options, if there are others; true if there are none.
fn hold_back(state: &mut State) -> bool {
    let State { options, held, threads, writes, .. } = state;
    let holds_back = |option: &Choice| threads[option.thread].holds_back(*writes);
    let all = options.iter().all(holds_back);
    if !all {
        held.extend(options.extract_if(.., |option| holds_back(option)));
    }
    all
}

/// What was seen of all choices.
struct Listed {
    /// The earliest deadline of those that wait for the clock alone.
    waits_for_clock: Option<Duration>,
    /// Somebody has asked that others go first.
    somebody_yields: bool,
}

/// Lists all choices there are.
fn collect(state: &mut State, settings: &Settings) -> Listed {
    let State { options, threads, now, rare_taken, .. } = state;
    options.clear();
    let mut listed = Listed { waits_for_clock: None, somebody_yields: false };
    let rare_left = settings.rare > *rare_taken;
    let mut all_rare = true;
    for (index, thread) in threads.iter().enumerate() {
        match &thread.status {
            Status::New => {
                options.push(Choice::usual(index));
                all_rare = false;
            }
            Status::Runnable => {
                options.push(Choice::usual(index));
                all_rare = false;
                // Whoever lets others go first lets a thread begin, and end.
                match thread.pending.looks_at {
                    Some(look) if thread.yielded.is_none() => {
                        let uncertain = life::uncertain(threads, look).len();
                        let ways = (1..1 << uncertain).map(Way::Stale);
                        options.extend(ways.map(|way| Choice { thread: index, way }));
                    }
                    _ => {}
                }
                listed.somebody_yields |= thread.yielded.is_some();
                if thread.pending.rare && rare_left {
                    options.push(Choice { thread: index, way: Way::Rare });
                }
                // It was woken, and its deadline passes before it gets to run.
                let passes =
                    settings.clock == ClockPolicy::Anywhere && thread.deadline.is_some_and(|deadline| deadline > *now);
                if passes {
                    options.push(Choice { thread: index, way: Way::Deadline });
                }
            }
            Status::Blocked(blocked) => {
                listed.somebody_yields |= thread.yielded.is_some();
                if let Some(deadline) = blocked.deadline {
                    let earliest = listed.waits_for_clock.map_or(deadline, |other| other.min(deadline));
                    listed.waits_for_clock = Some(earliest);
                    if settings.clock == ClockPolicy::Anywhere {
                        options.push(Choice { thread: index, way: Way::Deadline });
                        all_rare = false;
                    }
                }
                if rare_left && settings.spurious() && matches!(blocked.on, BlockedOn::Futex(_)) {
                    options.push(Choice { thread: index, way: Way::Rare });
                }
            }
            Status::Ended => {}
        }
    }
    // A spurious return alone cannot save a program from a deadlock: it may never come.
    if all_rare {
        options.clear();
    }
    listed
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
    let State { options, held, steps, threads, objects, strategy, current, .. } = state;
    // Nobody is interrupted who was only brought to the first operation.
    let launched = steps.last().is_some_and(|step| step.choice.way == Way::Launch);
    let able = !launched && threads[*current].status == Status::Runnable;
    // Who is able is an option, or holds back.
    let can_go_on = able && (held.is_empty() || options.contains(&Choice::usual(*current)));
    let current = can_go_on.then_some(*current);
    let point = Point { options, held, current, steps, threads, objects, step: steps.len() };
    let failure = |kind| Err(Box::new(Stop::Failure(kind)));
    match strategy.choose(&point) {
        Decision::Take(choice) => Ok(Chosen {
            choice,
            cost: point.cost(choice),
            preempts: current.is_some_and(|current| current != choice.thread),
            by_default: choice == point.default(),
        }),
        Decision::Redundant => Err(Box::new(Stop::Redundant)),
        Decision::Diverged(why) => failure(FailureKind::Diverged { step: point.step + 1, why }),
        Decision::Uncontrolled(what) => failure(FailureKind::Uncontrolled { what }),
    }
}

/// The step of this choice begins.
fn begin(state: &mut State, chosen: Chosen) -> Next {
    let choice = chosen.choice;
    let index = choice.thread;
    let left = leave_waits(state, choice);
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
    let step = state.steps.add();
    record(step, &mut thread.pending, &chosen);
    step.at = state.now;
    step.clock_jump = std::mem::take(&mut state.jumped);
    match choice.way {
        Way::Deadline => step.touch(builtin::CLOCK, true),
        Way::Rare => step.touch(builtin::RARE, true),
        Way::Usual | Way::Launch | Way::Stale(_) => {}
    }
    for (thread, queue) in left {
        if thread != index {
            step.enables.push(thread);
        }
        if let Some(queue) = queue {
            step.touch(queue, true);
        }
    }
    if changes {
        step.touch(life, true);
    }
    if daemon {
        step.touch(builtin::EXIT, false);
    }
    if launched { Next::Launch(index) } else { Next::Resume(index) }
}

/// Who stops waiting because of a choice, each with the object of the queue that it left.
fn leave_waits(state: &mut State, choice: Choice) -> Vec<(usize, Option<usize>)> {
    let index = choice.thread;
    match choice.way {
        Way::Deadline => {
            let deadline = state.threads[index].deadline.expect("only a wait with a deadline times out");
            let left = advance(state, deadline, false);
            // This was a choice: others could have gone on instead.
            state.jumped = false;
            left
        }
        Way::Rare => {
            state.rare_taken += 1;
            let queue = forget_wait(state, index);
            state.threads[index].woken_by = Some(Wait::Woken);
            vec![(index, queue)]
        }
        Way::Usual | Way::Launch | Way::Stale(_) => Vec::new(),
    }
}

/// The record of a step that begins: all of it but for the time, and its lists, which are empty. It is not pending any
/// more.
fn record(step: &mut StepRecord, pending: &mut Pending, chosen: &Chosen) {
    let launch = pending.verb.is_empty();
    step.choice = chosen.choice;
    step.object = pending.object.take();
    step.kind = if launch { "thread" } else { pending.kind };
    step.verb = if launch { START } else { std::mem::take(&mut pending.verb) };
    step.text = pending.argument.take().map(StepText::with_argument);
    step.effect = Effect::Plain;
    step.place = pending.place.take();
    step.preempts = chosen.preempts;
    step.by_default = chosen.by_default;
    step.joins = None;
    step.ready = pending.ready.take();
    step.reveals = false;
    (pending.rare, pending.apart, pending.looks_at, pending.deadline) = (false, false, None, None);
}
