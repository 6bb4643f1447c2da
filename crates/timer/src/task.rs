//! What is called later: one allocation with its state and its function.

extern crate alloc;

use core::mem;
use core::time::Duration;

use threadcraft_platform::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
use threadcraft_platform::cell::RaceCell;
use threadcraft_platform::futex::{self, Wait};
use threadcraft_platform::thread::current_id;
use threadcraft_platform::{Instant, Object, call};
use threadcraft_thread::tell_panics;

use crate::due::Due;
use crate::interval::MissedTicks;
use crate::state::{Stage, State};

/// What does not depend on the function.
pub(crate) struct Core {
    /// See the table in `state.rs`.
    state: AtomicU32,
    /// The thread that calls the function, or did.
    caller: AtomicU64,
    pub(crate) object: Object,
}

/// A function to be called later.
pub(crate) trait Task: Send + Sync {
    fn core(&self) -> &Core;

    /// Calls the function, which the caller has claimed and which was due then. If there is to be another call, when.
    fn fire(&self, due: Due) -> Option<Due>;

    /// Drops the function, which the caller has claimed.
    fn discard(&self);

    /// What an interval does with calls that are late.
    fn set_missed(&self, _missed: MissedTicks) {}
}

/// What became of a cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cancel {
    /// The caller has claimed it: the function is to be dropped. It was started, or not.
    Claimed { started: bool },
    /// Somebody else has cancelled it before it began.
    Already,
    /// It is called at this moment, or was.
    TooLate,
}

impl Core {
    pub(crate) fn new(kind: &'static str, stage: Stage) -> Self {
        Self { state: AtomicU32::new(stage as u32), caller: AtomicU64::new(0), object: Object::new(kind) }
    }

    pub(crate) fn state(&self) -> State {
        // Acquire, pairs with the Release in `end`: what the function did is visible.
        State(self.state.load(Ordering::Acquire))
    }

    /// Goes from one stage to another, unless the word says something else; true if it did.
    fn go(&self, from: Stage, to: Stage) -> bool {
        // Relaxed: the exchange decides.
        let mut now = State(self.state.load(Ordering::Relaxed));
        while now.stage() == from && !now.is_stopped() {
            // Relaxed: the function came to the caller together with the task, through the lock of the service or
            // whatever gave it the handle; being the only one to get it is all that is asked for here.
            match self.state.compare_exchange_weak(now.0, now.with(to).0, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(changed) => now = State(changed),
            }
        }
        false
    }

    /// It waits for its time from now on; false if it was started or cancelled before.
    pub(crate) fn start(&self) -> bool {
        self.go(Stage::New, Stage::Pending)
    }

    /// Makes the caller the one that calls the function; false if it was cancelled.
    pub(crate) fn claim(&self) -> bool {
        let claimed = self.go(Stage::Pending, Stage::Running);
        if claimed {
            // Relaxed: each thread compares it with its own number, which only itself writes.
            self.caller.store(current_id(), Ordering::Relaxed);
        }
        claimed
    }

    /// Sees to it that no call begins any more.
    pub(crate) fn cancel(&self) -> Cancel {
        // Relaxed: the exchange decides.
        let mut now = State(self.state.load(Ordering::Relaxed));
        loop {
            let (next, answer) = match now.stage() {
                Stage::New => (now.with(Stage::Ending), Cancel::Claimed { started: false }),
                Stage::Pending => (now.with(Stage::Ending), Cancel::Claimed { started: true }),
                Stage::Running => (State(now.0 | State::STOPPED), Cancel::TooLate),
                Stage::Over => return Cancel::TooLate,
                Stage::Ending | Stage::Cancelled => return Cancel::Already,
            };
            // Relaxed: as in `go`.
            match self.state.compare_exchange_weak(now.0, next.0, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return answer,
                Err(changed) => now = State(changed),
            }
        }
    }

    /// Nothing follows any more: wakes all who wait for that. The function is gone.
    #[track_caller]
    pub(crate) fn end(&self, stage: Stage) {
        let end = || {
            // Release, pairs with the Acquire of whoever sees the end: what the function did is visible.
            State(self.state.swap(stage as u32, Ordering::Release))
        };
        let before = call(&self.object, "end", None, end, |_, done| done.wrote());
        if before.0 & State::WAITED != 0 {
            futex::wake(&raw const self.state, u32::MAX);
        }
    }

    /// Waits until nothing follows any more; false if the deadline passed first.
    #[track_caller]
    pub(crate) fn wait(&self, deadline: Option<Instant>) -> bool {
        loop {
            // Acquire, pairs with the Release in `end`.
            let now = State(self.state.fetch_or(State::WAITED, Ordering::Acquire));
            if now.has_ended() {
                return true;
            }
            match futex::wait(&self.state, now.0 | State::WAITED, deadline) {
                Wait::Woken => {}
                Wait::TimedOut => return self.state().has_ended(),
                // The explored execution is over, and nobody goes on from here.
                Wait::Abandoned => return true,
            }
        }
    }

    /// Whether the thread that calls is inside the function.
    pub(crate) fn is_called_here(&self) -> bool {
        // Relaxed: see `claim`.
        self.state().stage() == Stage::Running && self.caller.load(Ordering::Relaxed) == current_id()
    }
}

/// A function that is called once.
pub(crate) struct Once<F> {
    core: Core,
    function: RaceCell<Option<F>>,
}

impl<F: FnOnce() + Send> Once<F> {
    /// New, or pending from the beginning.
    pub(crate) fn new(stage: Stage, function: F) -> Self {
        Self { core: Core::new("timer", stage), function: RaceCell::new(Some(function)) }
    }

    #[track_caller]
    fn take(&self) -> Option<F> {
        // SAFETY:
        // - the pointer is valid for the call, and nothing else uses the cell meanwhile: the state gives the function to
        //   one at a time, see the table in `state.rs`.
        self.function.with_mut(|function| mem::take(unsafe { &mut *function }))
    }
}

impl<F: FnOnce() + Send> Task for Once<F> {
    fn core(&self) -> &Core {
        &self.core
    }

    fn fire(&self, _due: Due) -> Option<Due> {
        if let Some(function) = self.take() {
            tell_panics(function);
        }
        self.core.end(Stage::Over);
        None
    }

    fn discard(&self) {
        drop(self.take());
    }
}

/// A function that is called again and again.
pub(crate) struct Repeated<F> {
    core: Core,
    period: Duration,
    missed: AtomicU8,
    function: RaceCell<Option<F>>,
}

impl<F: FnMut() + Send> Repeated<F> {
    /// Pending from the beginning.
    pub(crate) fn new(period: Duration, function: F) -> Self {
        let missed = AtomicU8::new(MissedTicks::Burst as u8);
        Self { core: Core::new("interval", Stage::Pending), period, missed, function: RaceCell::new(Some(function)) }
    }

    #[track_caller]
    fn with<R>(&self, body: impl FnOnce(&mut Option<F>) -> R) -> R {
        // SAFETY:
        // - as in `Once::take`.
        self.function.with_mut(|function| body(unsafe { &mut *function }))
    }
}

impl<F: FnMut() + Send> Task for Repeated<F> {
    fn core(&self) -> &Core {
        &self.core
    }

    fn fire(&self, due: Due) -> Option<Due> {
        tell_panics(|| self.with(|function| function.as_mut().map(|function| function())));
        // Relaxed: whichever is read is one that was set.
        let missed = MissedTicks::from_number(self.missed.load(Ordering::Relaxed));
        let next = due.following(self.period, missed);
        let goes_on = || self.core.go(Stage::Running, Stage::Pending);
        if call(&self.core.object, "again", None, goes_on, |_, done| done.wrote()) {
            return Some(next);
        }
        // Stopped by somebody who leaves the rest to this thread.
        tell_panics(|| self.discard());
        self.core.end(Stage::Cancelled);
        None
    }

    fn discard(&self) {
        drop(self.with(mem::take));
    }

    fn set_missed(&self, missed: MissedTicks) {
        // Relaxed: nothing goes with it.
        self.missed.store(missed as u8, Ordering::Relaxed);
    }
}

/// Drops the function of a task that the caller has claimed, and says that nothing follows. Its destructor is foreign
/// code in the caller's hands: a panic of it goes on, after that.
#[track_caller]
pub(crate) fn end_unused(task: &dyn Task) {
    struct Ends<'a>(&'a Core);
    impl Drop for Ends<'_> {
        #[track_caller]
        fn drop(&mut self) {
            self.0.end(Stage::Cancelled);
        }
    }
    let ends = Ends(task.core());
    task.discard();
    drop(ends);
}
