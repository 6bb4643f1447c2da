//! One execution in progress: whose turn it is, and how a turn is given up.
//!
//! A thread runs alone from the step it is given to just before its next one. There it gives up the turn
//! ([`Core::turn`]): it says what it would do next, the strategy chooses among all threads that can run, and the step
//! of the chosen one begins. The scheduler has no thread of its own: whoever gives up the turn runs it.
//!
//! When something goes wrong the execution stops: each thread, one at a time, gets the turn once more, and its
//! operation unwinds it ([`Teardown`]). While it unwinds, operations of its destructors return at once.

use std::any::Any;
use std::panic::resume_unwind;
use std::sync::Arc;

use super::carrier::{Carrier, Next};
use super::choose;
use super::mutex::{Mutex, MutexGuard};
use super::outside::Outside;
use super::state::{Blocked, BlockedOn, Object, Pending, Place, State, Status, Stop, Thread, Wait, builtin};
use super::step::EXIT;
use crate::explorer::{ClockPolicy, Settings};
use crate::report::FailureKind;
use crate::schedule::Way;

/// The panic payload that unwinds a thread of an execution that is over.
pub(crate) struct Teardown;

/// Whether the execution goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// The thread has the turn, and its step has begun.
    Go,
    /// The execution is over and the thread is already unwinding: do nothing.
    Torn,
}

/// One execution.
pub(crate) struct Core {
    pub(crate) settings: Arc<Settings>,
    pub(crate) epoch: u32,
    pub(crate) carrier: Box<dyn Carrier>,
    pub(crate) state: Mutex<State>,
    pub(crate) outside: Outside,
}

impl Core {
    /// Gives up the turn before the step `pending`; returns when that step has begun. With `block`, the thread
    /// cannot take it before it is woken or its deadline passes.
    pub(crate) fn turn(&self, me: usize, pending: Pending, block: Option<Blocked>) -> Flow {
        match self.turn_of(self.state.lock(), me, pending, block) {
            Some(_) => Flow::Go,
            None => Flow::Torn,
        }
    }

    /// The same for whoever holds the state, who gets it back; `None` if there is nothing to do.
    pub(crate) fn turn_of<'core>(
        &'core self,
        mut state: MutexGuard<'core, State>,
        me: usize,
        pending: Pending,
        block: Option<Blocked>,
    ) -> Option<MutexGuard<'core, State>> {
        if state.stop.is_some() {
            drop(state);
            torn();
            return None;
        }
        // Nobody can tell a thread's start from its first operation, unless it has started others meanwhile, or has
        // asked for the time, which may pass.
        let time_passes = self.settings.clock == ClockPolicy::Anywhere && state.threads.len() > 1;
        let silent = state.steps.last().is_none_or(|step| {
            step.spawns.is_empty() && !(time_passes && step.touches(builtin::CLOCK)) && step.choice.way != Way::Launch
        });
        let thread = &mut state.threads[me];
        if thread.fresh && silent && block.is_none() && !pending.apart {
            thread.fresh = false;
            describe(&mut state, pending);
            return Some(state);
        }
        // A thread that unwinds from a panic of its own keeps the turn unless it must wait: what its destructors do
        // belongs to the step that panicked.
        if std::thread::panicking() {
            if block.is_none() {
                return Some(state);
            }
            if self.carrier.keeps_unwinding() {
                state.stop(Stop::Failure(waits_while_unwinding(&pending)));
                return None;
            }
        }
        thread.fresh = false;
        if block.as_ref().is_some_and(|blocked| matches!(blocked.on, BlockedOn::Futex(_))) {
            // Who sleeps until somebody wakes it does not spin, whatever it looked at before.
            thread.yielded = None;
        }
        thread.deadline = block.as_ref().map_or(pending.deadline, |blocked| blocked.deadline);
        thread.pending = pending;
        thread.woken_by = None;
        let (blocks, life) = (block.is_some(), thread.life);
        thread.status = block.map_or(Status::Runnable, Status::Blocked);
        if let Some(step) = state.steps.last_mut().filter(|_| blocks) {
            step.touch(life, true);
        }
        match self.choose(&mut state) {
            Next::Resume(next) if next == me => {}
            next => {
                drop(state);
                self.carrier.switch(me, next);
                state = self.state.lock();
            }
        }
        if state.stop.is_some() {
            drop(state);
            torn();
            return None;
        }
        Some(state)
    }

    /// Chooses who takes the next step, and begins it.
    pub(super) fn choose(&self, state: &mut State) -> Next {
        if let Some(stop) = self.outside.asked() {
            state.stop(stop);
        }
        choose::next(state, &self.settings)
    }

    /// The thread came to its end, by itself or by a panic: gives the turn away for good.
    pub(crate) fn end(&self, me: usize) {
        let mut state = self.state.lock();
        let stopped = state.stop.is_some();
        state.threads[me].fresh = false;
        flush_line(&mut state, me);
        let thread = &mut state.threads[me];
        thread.status = Status::Ended;
        thread.torn = stopped;
        thread.end_clock = Some(thread.clock.clone());
        let (thread_object, looked_at) = (thread.object, thread.looks.any);
        let mut enabled = Vec::new();
        for (index, other) in state.threads.iter_mut().enumerate() {
            if matches!(&other.status, Status::Blocked(blocked) if blocked.on == BlockedOn::Thread(me)) {
                other.status = Status::Runnable;
                other.woken_by = Some(Wait::Woken);
                enabled.push(index);
            }
        }
        if let Some(step) = state.steps.last_mut() {
            step.touch(thread_object, true);
            step.enables.extend(enabled);
        }
        // Whoever spins until it has ended looks again.
        state.writes += u64::from(looked_at);
        state.threads[me].own_writes += u64::from(looked_at);
        let next = self.choose(&mut state);
        drop(state);
        self.carrier.finish(next);
    }

    /// The thread is about to end. If only daemons are left then, that is the end of the program, a step of its own:
    /// what the daemons do may come before it.
    pub(crate) fn exit(&self, me: usize) {
        let state = self.state.lock();
        if state.stop.is_some() || state.threads[me].daemon || !state.only_daemons_but(me) {
            return;
        }
        let pending = Pending { kind: "thread", verb: EXIT, ..Pending::default() };
        let Some(mut state) = self.turn_of(state, me, pending, None) else { return };
        state.touch(builtin::EXIT, true);
        if state.only_daemons_but(me) {
            state.stop(Stop::Exit);
        }
    }

    /// Adds a thread, not yet running, and returns its index.
    pub(crate) fn add_thread(&self, name: Option<String>, spawned: Option<(usize, Place)>, daemon: bool) -> usize {
        let mut state = self.state.lock();
        let clock = match spawned {
            Some((parent, _)) => state.threads[parent].clock.clone(),
            None => super::clock::VectorClock::default(),
        };
        let object = state.objects.len();
        state.objects.extend([Object::new("thread", None), Object::new("thread", None)]);
        state.threads.push(Thread::new(name, spawned, daemon, object, clock));
        state.threads.len() - 1
    }

    /// Stops the execution because something went wrong, and unwinds the caller.
    pub(crate) fn fail(&self, kind: FailureKind) -> Flow {
        self.state.lock().stop(Stop::Failure(kind));
        torn()
    }
}

/// Unwinds the thread, or does nothing if it unwinds already.
#[inline]
pub(crate) fn torn() -> Flow {
    if std::thread::panicking() {
        return Flow::Torn;
    }
    resume_unwind(Box::new(Teardown));
}

/// True for the payload of [`torn`].
pub(crate) fn is_teardown(payload: &(dyn Any + Send)) -> bool {
    payload.is::<Teardown>()
}

/// A destructor that must wait while its thread unwinds, on a carrier that cannot switch away from it.
fn waits_while_unwinding(pending: &Pending) -> FailureKind {
    FailureKind::Foreign {
        what: format!("a destructor waits in `{}` while its thread unwinds from a panic", pending.verb),
        instead: "explore this program on threads of the system: `Carrier::Threads`".to_owned(),
        location: pending.place.map(Into::into),
    }
}

/// Fills in what the step that has begun turned out to be.
fn describe(state: &mut State, pending: Pending) {
    let step = state.step();
    step.object = pending.object;
    step.kind = pending.kind;
    step.verb = pending.verb;
    if let Some(argument) = pending.argument {
        step.text().argument = Some(argument);
    }
    step.place = pending.place;
    step.ready = pending.ready;
}

/// A last line without a newline is a line.
fn flush_line(state: &mut State, thread: usize) {
    let line = std::mem::take(&mut state.threads[thread].line);
    if !line.is_empty() {
        state.printed.push(crate::report::Printed { thread, line });
    }
}
