//! The life of a worker: where its jobs come from, and when it sleeps or leaves.

extern crate alloc;

use alloc::sync::Arc;
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use threadcraft_lock::LockGuard;
use threadcraft_platform::thread::is_teardown;
use threadcraft_platform::{Instant, call, is_explored};
use threadcraft_thread::yield_now;

use crate::crew::Crew;
use crate::desk::OwnDesk;
use crate::error::message_of;
use crate::job::drop_foreign;
use crate::job_ref::JobRef;
use crate::roster::Roster;
use crate::seat::{LOOKS, Seat};

/// Who slept for less might as well have looked again: to be called takes about as long.
const SHORT: Duration = Duration::from_micros(50);

impl Crew {
    /// The life of a worker.
    pub(crate) fn work(self: Arc<Self>, number: usize, desk: OwnDesk) {
        let seat = Seat::take(Arc::clone(&self), desk);
        if let Some(initializer) = &self.settings.initializer {
            // It may take long, and is no search.
            seat.settle();
            match catch_unwind(AssertUnwindSafe(initializer)) {
                Ok(()) => {}
                Err(payload) if is_teardown(&*payload) => resume_unwind(payload),
                Err(payload) => self.break_down(message_of(&*payload)),
            }
        }
        let next = || {
            let job = seat.pop().or_else(|| self.search(&seat, number))?;
            seat.settle();
            let claimed = job.core().claim_own();
            Some((job, claimed))
        };
        while let Some((job, claimed)) = call(&self.object, "next job", None, next, |_, _| ()) {
            if claimed {
                seat.desk.begin();
                job.run(Some(&seat));
            } else {
                // It was cancelled, or is run by one who waits for it.
                drop_foreign(job);
            }
        }
    }

    /// A job from elsewhere, for a worker whose desk is empty; `None` if it is to leave, and has been struck off.
    pub(crate) fn search(self: &Arc<Self>, seat: &Seat, number: usize) -> Option<JobRef> {
        seat.seek();
        let mut looks = if is_explored() { 0 } else { seat.looks.get() };
        loop {
            if let Some(job) = seat.pop_inbox() {
                return Some(job);
            }
            let mut roster = self.roster.lock();
            if roster.live > self.most(&roster) {
                return self.leave(seat, number, roster);
            }
            if let Some(job) = Self::take_from_desks(&roster, seat) {
                return Some(job);
            }
            if looks > 0 {
                drop(roster);
                while looks > 0 && self.inbox.seen_len() == 0 {
                    yield_now();
                    looks -= 1;
                }
                continue;
            }
            if roster.closed && !self.has_jobs(&roster) {
                return self.leave(seat, number, roster);
            }
            self.watch.lie_down();
            if self.has_jobs(&roster) {
                self.watch.call();
            } else {
                self.sleep(seat, &mut roster);
            }
        }
    }

    /// Sleeps until it is called; who calls counts it as one that searches.
    fn sleep(&self, seat: &Seat, roster: &mut LockGuard<'_, Roster>) {
        if is_explored() {
            return self.idle.wait(roster);
        }
        let begun = Instant::now();
        self.idle.wait(roster);
        let looks = if begun.elapsed() < SHORT { LOOKS } else { seat.looks.get() / 2 };
        seat.looks.set(looks);
    }

    /// A worker, which has no jobs of its own, is struck off.
    fn leave(self: &Arc<Self>, seat: &Seat, number: usize, mut roster: LockGuard<'_, Roster>) -> Option<JobRef> {
        seat.searches.set(false);
        self.strike_off(&mut roster, number);
        if !roster.closed
            && let Some(place) = roster.threads.iter().position(|&(other, _)| other == number)
        {
            // One that stood in for another, and is needed no more: nobody is to join it.
            roster.threads.swap_remove(place);
        }
        // What it would have looked for, another does. If no thread can be started, those who work get to it.
        let _ = self.balance(&mut roster);
        self.end_if_over(&roster);
        None
    }

    /// A job from another's desk, with half of what is there for the worker's own, which is empty.
    fn take_from_desks(roster: &Roster, seat: &Seat) -> Option<JobRef> {
        loop {
            let desks = roster.desks.iter().map(|(_, desk)| desk);
            let fullest = desks.max_by_key(|desk| desk.seen_len()).filter(|desk| desk.seen_len() > 0)?;
            let mut jobs = fullest.split();
            // Its owner may have been faster.
            if let Some(job) = jobs.pop_back() {
                if !jobs.is_empty() {
                    seat.desk.add(jobs.into_iter());
                }
                return Some(job);
            }
        }
    }
}
