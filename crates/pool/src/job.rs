//! A job: one allocation with its state, its closure, later its result, and who wants to know of its end.

extern crate alloc;

use core::mem;
use std::panic::resume_unwind;
use std::process::abort;

use threadcraft_lock::Lock;
use threadcraft_platform::atomic::{AtomicU32, Ordering, spins};
use threadcraft_platform::futex::{self, Wait};
use threadcraft_platform::thread::is_teardown;
use threadcraft_platform::{Instant, Object, call};
use threadcraft_thread::yield_now;

use crate::content::Content;
use crate::error::{TaskError, TaskPanic};
use crate::future::Future;
use crate::job_ref::JobRef;
use crate::observers::{Observer, Observers, report};
use crate::seat::LOOKS;
use crate::state::{Stage, State};

/// More owners, one for each callback that a future has, are an end of the program.
const MOST_OWNERS: u32 = u32::MAX / State::OWNER / 2;

/// What of a job does not depend on its types.
pub(crate) struct Core {
    /// See the table in `state.rs`.
    pub(crate) state: AtomicU32,
    pub(crate) object: Object,
    /// Where its crew is; see [`address`](crate::crew::Crew::address).
    pub(crate) crew: usize,
    observers: Lock<Observers>,
    /// How many own it, where the word does not say so: see [`Origin::counted`].
    #[cfg(feature = "explore")]
    owners: Option<core::sync::atomic::AtomicU32>,
    /// It was made by an explored thread, and has memory of its own: see `memory.rs`.
    #[cfg(feature = "explore")]
    pub(crate) explored: bool,
}

/// For whom a job is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Origin {
    /// Where its crew is; see [`address`](crate::crew::Crew::address).
    pub(crate) crew: usize,
    /// A worker looks for jobs at this moment.
    pub(crate) soon: bool,
    /// Its owners are counted in the word also where it is explored. Else, there, a word of the machine counts them, as that
    /// of an `Arc` does: when a job is dropped shows nowhere, and each owner would be two steps more in all programs. What
    /// then is left out, that an only owner need not exchange anything, the proofs do with jobs that are counted.
    #[cfg(feature = "explore")]
    pub(crate) counted: bool,
}

/// A job of any type.
pub(crate) struct Job {
    core: Core,
    pub(crate) content: Content,
}

impl Core {
    #[inline]
    fn new(origin: Origin) -> Self {
        let soon = if origin.soon { State::SOON } else { 0 };
        #[cfg(feature = "explore")]
        let is_counted = origin.counted || !threadcraft_platform::is_explored();
        #[cfg(not(feature = "explore"))]
        let is_counted = true;
        Self {
            state: AtomicU32::new(if is_counted { 2 * State::OWNER } else { 0 } + soon),
            object: Object::new("job"),
            crew: origin.crew,
            observers: Lock::new(Observers::default()),
            #[cfg(feature = "explore")]
            owners: (!is_counted).then(|| core::sync::atomic::AtomicU32::new(2)),
            #[cfg(feature = "explore")]
            explored: threadcraft_platform::is_explored(),
        }
    }

    pub(crate) fn state(&self) -> State {
        // Acquire, pairs with the Release of the exchange that ended the job: its result is visible.
        State(self.state.load(Ordering::Acquire))
    }

    /// Whether nobody has begun or ended it, at this moment.
    pub(crate) fn is_pending(&self) -> bool {
        // Relaxed: an answer that is out of date at once orders nothing.
        State(self.state.load(Ordering::Relaxed)).stage() == Stage::Pending
    }

    /// Goes from pending to this stage, if nobody else has begun or ended the job. Exactly one such call succeeds.
    fn leave_pending(&self, to: Stage) -> bool {
        // Relaxed: the exchange decides.
        let mut now = State(self.state.load(Ordering::Relaxed));
        while now.stage() == Stage::Pending {
            // Relaxed: the closure came to the caller together with the job, through the lock of the queue or whatever
            // gave it the future; being the only one to get it is all that is asked for here.
            match self.state.compare_exchange_weak(now.0, now.with(to).0, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(changed) => now = State(changed),
            }
        }
        false
    }

    /// Makes the caller the one that runs the job.
    pub(crate) fn claim(&self) -> bool {
        self.leave_pending(Stage::Running)
    }

    /// The same of a caller that is one of the owners, and shows its share to nobody.
    pub(crate) fn claim_own(&self) -> bool {
        // Acquire, pairs with the Release by which other owners let go: nothing that they did comes after this.
        let now = State(self.state.load(Ordering::Acquire));
        if now.is_alone() && now.stage() == Stage::Pending {
            // Relaxed: nobody else has the word.
            self.state.store(now.with(Stage::Running).0, Ordering::Relaxed);
            return true;
        }
        self.claim()
    }

    /// One more owner.
    pub(crate) fn own(&self) {
        #[cfg(feature = "explore")]
        if let Some(owners) = &self.owners {
            owners.fetch_add(1, Ordering::Relaxed);
            return;
        }
        // Relaxed: who has one owner may make another; nothing is read through the new one that was not there for this.
        if State(self.state.fetch_add(State::OWNER, Ordering::Relaxed)).owners() > MOST_OWNERS {
            // So many owners that the count might come round.
            abort();
        }
    }

    /// One owner less; true if it was the last one.
    #[inline]
    pub(crate) fn disown(&self) -> bool {
        #[cfg(feature = "explore")]
        if let Some(owners) = &self.owners {
            return owners.fetch_sub(1, Ordering::AcqRel) == 1;
        }
        // Nobody else can make owners if this is the only one left, and that it is needs no exchange to be found out.
        // Acquire, both: pairs with the Release by which other owners let go.
        // Release, pairs with that Acquire: what this owner did with the job comes before its drop.
        State(self.state.load(Ordering::Acquire)).is_alone()
            || State(self.state.fetch_sub(State::OWNER, Ordering::AcqRel)).is_alone()
    }

    /// Makes the caller the one that takes the value.
    pub(crate) fn claim_value(&self) -> bool {
        // Relaxed: the value is visible to whoever has looked at the state with `state`.
        let mut now = State(self.state.load(Ordering::Relaxed));
        while now.stage() == Stage::Returned {
            // Relaxed: as above, and being the only one is all that is asked for.
            let taken = now.with(Stage::Taken).0;
            match self.state.compare_exchange_weak(now.0, taken, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(changed) => now = State(changed),
            }
        }
        false
    }

    /// Whether the future is gone.
    pub(crate) fn was_dropped(&self) -> bool {
        // Relaxed: the value that is dropped next is this thread's own.
        State(self.state.load(Ordering::Relaxed)).0 & State::UNWANTED != 0
    }

    /// Waits for the end; false if the deadline passed first.
    #[track_caller]
    pub(crate) fn wait(&self, deadline: Option<Instant>) -> bool {
        let mut looks = spins(LOOKS);
        // Relaxed: a flag that never changes.
        if looks > 0 && State(self.state.load(Ordering::Relaxed)).0 & State::SOON == 0 {
            looks = 0;
        }
        while looks > 0 && !self.state().is_done() {
            yield_now();
            looks -= 1;
        }
        loop {
            // Acquire, pairs with the Release of the exchange that ended the job.
            let now = State(self.state.fetch_or(State::WAITED, Ordering::Acquire));
            if now.is_done() {
                return true;
            }
            match futex::wait(&self.state, now.0 | State::WAITED, deadline) {
                Wait::Woken => {}
                Wait::TimedOut => return self.state().is_done(),
                // The explored execution is over: what is asked afterwards is answered with an error.
                Wait::Abandoned => return false,
            }
        }
    }

    /// Has this observer told of the end, or gives it back if the job has ended.
    pub(crate) fn observe(&self, observer: Observer) -> Result<(), Observer> {
        let mut observers = self.observers.lock();
        // Acquire, pairs with the Release of the exchange that ended the job: the caller goes on to look at the result.
        if State(self.state.fetch_or(State::OBSERVED, Ordering::Acquire)).is_done() {
            return Err(observer);
        }
        // Under the lock: whoever ends the job after this sees the flag, and takes the lock before it looks.
        let replaced = observers.add(observer);
        drop(observers);
        // A waker is foreign code, and none of that runs under the lock.
        drop(replaced);
        Ok(())
    }

    /// Takes off what a wait that gives up has left.
    pub(crate) fn forget(&self, mark: *const ()) {
        let removed = self.observers.lock().remove(mark);
        drop(removed);
    }

    /// Ends a job that has not begun.
    #[track_caller]
    fn end(&self, stage: Stage) {
        // Relaxed: this thread has the word for itself but for the flags, and the exchange below orders.
        let mut now = State(self.state.load(Ordering::Relaxed));
        // Release, pairs with the Acquire of whoever sees the end: the closure is dropped by then.
        // Relaxed on failure: another try follows.
        while let Err(changed) =
            self.state.compare_exchange_weak(now.0, now.with(stage).0, Ordering::Release, Ordering::Relaxed)
        {
            now = State(changed);
        }
        self.tell(now);
    }

    /// Says that callbacks may want the value.
    pub(crate) fn lend(&self) {
        // Relaxed: set by the owner of the future, before the same one sets the other flag.
        self.state.fetch_or(State::LENT, Ordering::Relaxed);
    }

    /// Says that the future is gone; true if the caller is to drop the value.
    pub(crate) fn unwant(&self) -> bool {
        // Relaxed: only a job that has returned needs more, and what follows in that case gets it.
        let is_over = |now: State| now.is_done() && now.stage() != Stage::Returned;
        if is_over(State(self.state.load(Ordering::Relaxed))) {
            return false;
        }
        // Acquire, pairs with the Release of the exchange that ended the job: the value is visible to who drops it.
        let now = State(self.state.fetch_or(State::UNWANTED, Ordering::Acquire));
        now.stage() == Stage::Returned && self.claim_value()
    }

    /// Wakes and tells all who want to know; `before` is the state that the end has replaced.
    pub(crate) fn tell(&self, before: State) {
        wake(&raw const self.state, before);
        if before.0 & State::OBSERVED != 0 {
            let told = mem::take(&mut *self.observers.lock());
            told.tell();
        }
    }
}

/// Wakes all who sleep at the word of a job, which may be gone; `before` is the state that the end has replaced.
#[inline]
pub(crate) fn wake(word: *const AtomicU32, before: State) {
    if before.0 & State::WAITED != 0 {
        futex::wake(word, u32::MAX);
    }
}

/// Ends a job that has not begun: cancelled, or without a pool to run it. False if it has begun or ended.
#[track_caller]
pub(crate) fn end_pending(job: &Job, stage: Stage) -> bool {
    let core = job.core();
    let verb = if stage == Stage::Cancelled { "cancel" } else { "break" };
    let claim = || core.leave_pending(Stage::Ending);
    let claimed = call(&core.object, verb, None, claim, |claimed, done| {
        done.wrote();
        done.result(claimed);
    });
    if claimed {
        // Before the job is done: what the closure borrows may be gone afterwards.
        job.discard();
        core.end(stage);
    }
    claimed
}

impl Job {
    /// A job for this crew, for the shelf, and what becomes of it.
    pub(crate) fn pair<T: Send + 'static>(
        origin: Origin,
        closure: impl FnOnce() -> T + Send + 'static,
    ) -> (JobRef, Future<T>) {
        // SAFETY:
        // - nothing is borrowed.
        unsafe { Self::pair_that_borrows(origin, closure) }
    }

    /// The same of a job that borrows.
    ///
    /// # Safety
    ///
    /// What is borrowed is there until the job is done, or no handle of it is left.
    pub(crate) unsafe fn pair_that_borrows<T: Send>(
        origin: Origin,
        closure: impl FnOnce() -> T + Send,
    ) -> (JobRef, Future<T>) {
        let [job, own] = JobRef::pair(origin, closure);
        (job, Future::of(own))
    }

    /// Makes a job that nobody waits for yet, and two own, in its place, where nothing is.
    ///
    /// # Safety
    ///
    /// There is room for it, and nobody else uses it.
    #[inline]
    pub(crate) unsafe fn place<T: Send>(job: *mut Self, origin: Origin, closure: impl FnOnce() -> T + Send) {
        // SAFETY:
        // - said by the caller, here and below.
        let core = unsafe { &raw mut (*job).core };
        // SAFETY:
        // - as above.
        unsafe { core.write(Core::new(origin)) };
        // SAFETY:
        // - as above.
        let content = unsafe { &raw mut (*job).content };
        // SAFETY:
        // - as above.
        unsafe { Content::place(content, closure) };
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// Calls the closure of a job that the caller has claimed.
    #[track_caller]
    pub(crate) fn call(&self) -> Stage {
        match self.content.call() {
            Ok(()) => Stage::Returned,
            Err(payload) if is_teardown(&*payload) => resume_unwind(payload),
            Err(payload) => {
                self.content.put_panic(TaskPanic::new(payload));
                Stage::Panicked
            }
        }
    }

    /// Drops the closure of a job that is ending, or the value that the caller has claimed.
    #[track_caller]
    pub(crate) fn discard(&self) {
        drop_foreign(self.content.take());
    }
}

impl Job {
    /// Takes the value of a job that has returned.
    ///
    /// # Safety
    ///
    /// The job is one of this result, and the caller has claimed the value.
    #[track_caller]
    pub(crate) unsafe fn take_value<T>(&self) -> Option<T> {
        // SAFETY:
        // - said by the caller.
        unsafe { self.content.take_value() }
    }

    /// The panic of a job that has panicked.
    #[track_caller]
    fn panic(&self) -> Option<TaskPanic> {
        self.content.panic()
    }
}

/// Drops what is not ours in a thread that goes on.
pub(crate) fn drop_foreign<T>(value: T) {
    report(|| drop(value));
}

/// The error that the end of a job means, if it is not a value.
pub(crate) fn error_of(job: &Job) -> Option<TaskError> {
    match job.core().state().stage() {
        Stage::Panicked => job.panic().map(TaskError::Panicked),
        Stage::Cancelled => Some(TaskError::Cancelled),
        Stage::Broken => Some(TaskError::BrokenPool),
        Stage::Pending | Stage::Running | Stage::Ending | Stage::Returned | Stage::Taken => None,
    }
}

#[cfg(all(test, not(feature = "explore")))]
mod tests {
    use super::*;

    #[test]
    fn a_job_has_room_in_80_bytes() {
        assert!(size_of::<Job>() <= 80, "{}", size_of::<Job>());
    }
}
