//! How a job is run, and how it ends.

use core::mem;

use threadcraft_platform::atomic::Ordering;
use threadcraft_platform::{call, is_explored};

use crate::crew::Crew;
use crate::job::{drop_foreign, wake};
use crate::job_ref::JobRef;
use crate::seat::Seat;
use crate::state::{Stage, State};

/// What came of the end of a job that has run.
enum End {
    /// It has ended; before that the word was this.
    Ended(State),
    /// The same, and the caller is none of its owners any more.
    LetGo(State),
    /// It has not, as nobody is left who would know: it is the caller's to drop.
    Alone,
    /// It has not, as there is a value that nobody wants: that has to be dropped first.
    Unwanted,
}

impl JobRef {
    /// Runs a job that the caller has claimed, and lets go of it. The seat is that of the caller, if it counts as busy for
    /// this job alone.
    #[track_caller]
    pub(crate) fn run(self, seat: Option<&Seat>) {
        let stage = self.call();
        if self.finish(stage, seat, true) {
            mem::forget(self);
        } else if stage == Stage::Returned && !self.content.needs_drop() {
            drop(self);
        } else {
            // The last owner of a value drops it, and may take its time.
            drop_foreign(self);
        }
    }

    /// Runs a job that the caller has claimed, and goes on to use.
    #[track_caller]
    pub(crate) fn run_and_keep(&self) {
        self.finish(self.call(), None, false);
    }

    /// Gives the result to whoever asks for it. Of a caller that `owns` the job, and is to let go of it: true if it has.
    #[track_caller]
    fn finish(&self, mut stage: Stage, seat: Option<&Seat>, owns: bool) -> bool {
        let publish =
            |stage| call(&self.core().object, "end", None, || self.publish(stage, seat, owns), |_, done| done.wrote());
        // Who has let go of the job uses the address alone.
        let word = &raw const self.core().state;
        let mut end = publish(stage);
        if let End::Unwanted = end {
            // Before the job is done: what the value borrows may be gone afterwards.
            self.discard();
            stage = Stage::Taken;
            end = publish(stage);
        }
        let before = match end {
            End::Ended(before) => before,
            End::LetGo(before) => {
                wake(word, before);
                return true;
            }
            End::Alone => return false,
            End::Unwanted => unreachable!("said of a value alone"),
        };
        if before.has_listeners() {
            // Callbacks may take long, and wait for other jobs: this worker is not free meanwhile.
            let _engaged = seat.filter(|_| before.is_observed()).map(Crew::engage);
            self.core().tell(before);
            if before.0 & State::LENT != 0 && self.core().was_dropped() && self.core().claim_value() {
                self.discard();
            }
        }
        false
    }

    /// Ends a job that has run. A value that nobody wants has to be dropped first.
    fn publish(&self, stage: Stage, seat: Option<&Seat>, owns: bool) -> End {
        // Nothing here has a reference to the job in its hands that has to last: it may be gone with the exchange.
        let state = &self.core().state;
        let needs_drop = stage == Stage::Returned && self.content.needs_drop();
        let is_alone = |now: State| owns && now.is_alone();
        let is_unwanted = |now: State| needs_drop && now.is_unwanted();
        // Acquire, pairs with the Release by which other owners let go: the last one drops the job. Else this thread has
        // the word for itself but for the flags and the owners, and the exchange below orders.
        let mut now = State(state.load(Ordering::Acquire));
        if is_unwanted(now) {
            return End::Unwanted;
        }
        if is_alone(now) {
            if let Some(seat) = seat {
                seat.desk.end();
            }
            return End::Alone;
        }
        if let Some(seat) = seat {
            // Before the end is seen: whoever sees it and submits another job finds a worker free.
            seat.release();
            seat.desk.end();
        }
        loop {
            // Whoever is to tell observers keeps the job. Explored, the call that this is belongs to an object of the job,
            // and is not over yet: there the caller lets go in a step of its own.
            let lets_go = owns && !now.is_observed() && !is_explored();
            let next = now.with(stage).0 - if lets_go { State::OWNER } else { 0 };
            // Release, pairs with the Acquire of whoever sees the end: the result is visible; and with that of the last
            // owner, if this one lets go. There is another, or it would be alone.
            // Acquire on failure: as above.
            match state.compare_exchange(now.0, next, Ordering::Release, Ordering::Acquire) {
                Ok(_) if lets_go => return End::LetGo(now),
                Ok(_) => return End::Ended(now),
                Err(changed) => now = State(changed),
            }
            if is_unwanted(now) {
                if let Some(seat) = seat {
                    mem::forget(Crew::engage(seat));
                    seat.desk.resume();
                }
                return End::Unwanted;
            }
            if is_alone(now) {
                return End::Alone;
            }
        }
    }
}
