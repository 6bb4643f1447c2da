//! The engine: runs one execution under a strategy.

mod carrier;
pub(crate) mod choose;
pub(crate) mod clock;
pub(crate) mod context;
pub(crate) mod core;
mod deadlock;
pub(crate) mod life;
mod live;
mod livelock;
pub(crate) mod mutex;
mod outside;
mod patience;
pub(crate) mod queue;
pub(crate) mod ready;
pub(crate) mod record;
pub(crate) mod standing;
pub(crate) mod state;
pub(crate) mod step;
pub(crate) mod tag;
pub(crate) mod thread;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Instant;

use self::carrier::{Carrier, Coroutines, SystemThreads};
use self::context::Context;
use self::core::{Core, is_teardown};
use self::mutex::Mutex;
use self::outside::Outside;
use self::patience::Patience;
use self::state::{Object, State, Stop, builtin};
use crate::explorer::Settings;
use crate::report::FailureKind;
use crate::strategy::Strategy;

pub(crate) use self::live::{current, is_foreign, last_panic, with_current};

/// The program: makes its return value into the text of an outcome, `None` for `()`.
pub(crate) type Program = Arc<dyn Fn() -> Option<String> + Send + Sync>;

/// What became of one execution.
pub(crate) struct Ended {
    pub(crate) state: State,
    /// The program's failure, if it failed.
    pub(crate) failure: Option<FailureKind>,
    /// The strategy gave it up as already seen.
    pub(crate) redundant: bool,
    /// A thread is stuck: it could not be ended, and no further execution may be run.
    pub(crate) stuck: bool,
}

/// Runs the program once, as the strategy chooses; `over` is an execution whose memory is to be used again.
pub(crate) fn execute(
    settings: &Arc<Settings>,
    program: &Program,
    strategy: Box<dyn Strategy>,
    over: Option<State>,
) -> Ended {
    live::install_panic_hook();
    let epoch = live::next_epoch();
    let mut state = match over {
        Some(over) => State::reuse(over, epoch, strategy),
        None => State::new(epoch, strategy),
    };
    state.reserve();
    state.objects.extend(builtin::KINDS.iter().map(|kind| Object::new(kind, None)));
    match settings.carrier() {
        crate::explorer::Carrier::Threads => {
            let carrier = Arc::new(SystemThreads::default());
            let core = prepare(settings, program, mutex::shared(state), Box::new(Arc::clone(&carrier)));
            let _registered = live::Registered::new(&core);
            carrier.start();
            let stuck = !wait(&core, &carrier, settings);
            if !stuck {
                carrier.join_all();
            }
            conclude(&core, stuck)
        }
        crate::explorer::Carrier::Coroutines => {
            let carrier = Arc::new(Coroutines::new(settings.coroutine_stack));
            let core = prepare(settings, program, mutex::owned(state), Box::new(Arc::clone(&carrier)));
            let _registered = live::Registered::new(&core);
            carrier.run();
            conclude(&core, false)
        }
    }
}

/// An execution with its main thread prepared and its first step begun.
fn prepare(
    settings: &Arc<Settings>,
    program: &Program,
    mut state: Mutex<State>,
    carrier: Box<dyn Carrier>,
) -> Arc<Core> {
    let (settings, epoch) = (Arc::clone(settings), state.get_mut().epoch);
    let core = Arc::new(Core { settings, epoch, carrier, state, outside: Outside::default() });
    core.add_thread(None, None, false);
    let (main_core, program) = (Arc::clone(&core), Arc::clone(program));
    let body = move || {
        let returned = program();
        with_current(|context| context.core.state.lock().returned = returned);
    };
    core.carrier.prepare(None, Box::new(move || run_thread(&main_core, 0, body)));
    // Main's first step begins without a choice: nobody else is there.
    let next = core.choose(&mut core.state.lock());
    debug_assert_eq!(next, carrier::Next::Launch(0));
    core
}

/// A carrier is shared between an execution's threads and the driver.
impl<C: Carrier> Carrier for Arc<C> {
    fn prepare(&self, stack_size: Option<usize>, body: carrier::Body) {
        (**self).prepare(stack_size, body);
    }

    fn switch(&self, from: usize, next: carrier::Next) {
        (**self).switch(from, next);
    }

    fn finish(&self, next: carrier::Next) {
        (**self).finish(next);
    }

    fn keeps_unwinding(&self) -> bool {
        (**self).keeps_unwinding()
    }
}

/// Waits for the end; false if a thread keeps the turn for longer than allowed.
fn wait(core: &Core, carrier: &SystemThreads, settings: &Settings) -> bool {
    let mut patience = Patience::new(settings);
    loop {
        if carrier.wait_over(Instant::now() + settings.hang_limit) {
            return true;
        }
        let mut state = core.state.lock();
        // The calls of a thread that unwinds are no steps, but its end changes the number of those that live.
        let living = state.threads.iter().filter(|thread| thread.status != state::Status::Ended).count();
        if patience.is_over((state.steps.len(), living)) {
            let last = state.steps.iter().rev().find(|step| step.choice.thread == state.current);
            let location = last.and_then(|step| step.place).map(Into::into);
            let kind = FailureKind::Stuck { thread: state.current, waited: settings.hang_limit, location };
            state.stop(Stop::Failure(kind));
            return false;
        }
    }
}

/// Takes the state of an execution that is over.
fn conclude(core: &Core, stuck: bool) -> Ended {
    let mut state = {
        let mut held = core.state.lock();
        if let Some(stop) = core.outside.asked() {
            held.stop(stop);
        }
        let mut over = State::new(core.epoch, crate::strategy::nothing());
        // A stuck thread may come back: it must find that the execution is over.
        over.stop(Stop::Redundant);
        std::mem::replace(&mut *held, over)
    };
    standing::at_the_end(&mut state, &core.settings);
    let (mut failure, redundant) = match state.stop.take() {
        Some(Stop::Failure(kind)) => (Some(kind), false),
        Some(Stop::Redundant) => (None, true),
        Some(Stop::Exit) | None => (None, false),
    };
    let lost = state.threads.iter().any(|thread| !thread.observed && thread.panicked.is_some());
    let first_panic = state
        .threads
        .iter()
        .enumerate()
        .filter_map(|(index, thread)| thread.panicked.as_ref().map(|panicked| (panicked.order, index, panicked)))
        .min_by_key(|&(order, ..)| order);
    let consequence = matches!(failure, None | Some(FailureKind::Deadlock { .. }));
    if lost
        && consequence
        && !redundant
        && let Some((_, thread, panicked)) = first_panic
    {
        failure =
            Some(FailureKind::Panic { thread, message: panicked.message.clone(), location: panicked.location.clone() });
    }
    if failure.is_none() && !redundant {
        failure = leaked_lock(&state);
    }
    Ended { state, failure, redundant, stuck }
}

/// A lock that is held although all have ended: nobody will ever give it back.
fn leaked_lock(state: &State) -> Option<FailureKind> {
    let held = |(index, object): (usize, &Object)| {
        let lock = matches!(object.kind, "lock" | "rlock");
        // What a daemon held when the program ended is nobody's any more.
        let left = |(thread, _): &&(usize, _)| lock && !state.threads[*thread].torn;
        object.holders.first().filter(left).map(|&(thread, place)| (index, thread, place))
    };
    let (object, thread, place) = state.objects.iter().enumerate().find_map(held)?;
    Some(FailureKind::LeakedLock { object, thread, location: Some(place.into()) })
}

/// The whole life of one explored thread, up to giving away its turn.
pub(crate) fn run_thread(core: &Arc<Core>, me: usize, body: impl FnOnce()) {
    let context = Context::new(Arc::clone(core), me);
    live::enter(&context, || {
        let stopped = core.state.lock().stop.is_some();
        catch(&context, || {
            if stopped {
                // Dropped here, where a destructor's operations find the execution over.
                drop(body);
                return;
            }
            body();
        });
        catch(&context, || context.drop_kept());
        catch(&context, || core.exit(me));
        core.end(me);
    });
}

/// Runs a part of a thread's life; a panic is noted, and goes no further.
fn catch(context: &Context, part: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(part))
        && !is_teardown(&*payload)
    {
        let (message, location) = last_panic(&*payload);
        context.note_panic(&message, location);
        drop_payload(payload);
    }
}

/// A panic payload's own destructor may panic; that must not cost the turn.
fn drop_payload(payload: Box<dyn std::any::Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
}

/// Drives an exploration: `body` runs all executions.
///
/// Threads of the system are started by a thread that stays on one processor, so that handing over a turn does not
/// cross two. Coroutines run on the caller's own thread, unless that is explored itself.
pub(crate) fn drive<R: Send>(settings: &Settings, body: impl FnOnce() -> R + Send) -> R {
    if settings.carrier() == crate::explorer::Carrier::Coroutines && !current() {
        let _driver = live::Driver::begin();
        return body();
    }
    std::thread::scope(|scope| {
        let driver = scope.spawn(|| {
            live::stay_on_one_processor();
            body()
        });
        driver.join().unwrap_or_else(|payload| resume_unwind(payload))
    })
}
