//! The life of a worker: where its jobs come from, and when it sleeps or leaves.

extern crate alloc;

use alloc::sync::Arc;
use core::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use threadcraft_lock::LockGuard;
use threadcraft_platform::atomic::Ordering;
use threadcraft_platform::thread::is_teardown;
use threadcraft_platform::{call, is_explored};
use threadcraft_thread::yield_now;

use crate::crew::Crew;
use crate::error::message_of;
use crate::job::{Job, drop_foreign};
use crate::roster::Roster;
use crate::seat::Seat;

/// How often a worker that finds no job lets others go first and looks again before it sleeps.
const LOOKS: u32 = 20;

/// A worker takes its share of the queue at once, divided by this: some are left for those that come later. Explored, it
/// takes all of its share, so that small programs show what that means.
const PARTS: usize = 4;

/// And no more than so many.
const MOST: usize = 64;

impl Crew {
    /// The life of a worker.
    pub(crate) fn work(self: Arc<Self>, number: usize) {
        if let Some(initializer) = &self.settings.initializer {
            match catch_unwind(AssertUnwindSafe(initializer)) {
                Ok(()) => {}
                Err(payload) if is_teardown(&*payload) => resume_unwind(payload),
                Err(payload) => self.break_down(message_of(&*payload)),
            }
        }
        let seat = Seat::take(Arc::clone(&self));
        let mut is_new = true;
        let mut next = || {
            let job = seat.pop().or_else(|| self.next(&seat, number, mem::take(&mut is_new)))?;
            let claimed = job.core().claim();
            Some((job, claimed))
        };
        while let Some((job, claimed)) = call(&self.object, "next job", None, &mut next, |_, _| ()) {
            // One that is not claimed was cancelled, or is run by one who waits for it.
            if claimed {
                seat.desk.begin();
                job.run(Some(&seat));
            }
            // The last owner of a value drops it, and may take its time.
            drop_foreign(job);
        }
        Seat::give_back();
    }

    /// The next job, for which the caller then counts as busy; `None` if it is to leave, and has been struck off.
    fn next(self: &Arc<Self>, seat: &Seat, number: usize, is_new: bool) -> Option<Arc<dyn Job>> {
        let mut looks = if is_explored() { 0 } else { LOOKS };
        seat.count_free();
        let mut roster = self.roster.lock();
        if is_new {
            if roster.closed {
                seat.desk.shelf.close();
            }
            roster.desks.push((number, Arc::clone(&seat.desk)));
        }
        loop {
            if roster.live > self.settings.max_workers.saturating_add(roster.blocked) {
                return self.leave(number, roster);
            }
            if let Some(job) = self.take(&mut roster, seat) {
                seat.count_busy();
                return Some(job);
            }
            if roster.closed {
                return self.leave(number, roster);
            }
            if looks > 0 {
                drop(roster);
                while looks > 0 && self.inbox.seen_len() == 0 {
                    yield_now();
                    looks -= 1;
                }
                roster = self.roster.lock();
                continue;
            }
            roster.idle += 1;
            // Relaxed: see `Crew::post`; the shelves are looked at after this.
            self.saturated.store(false, Ordering::Relaxed);
            if self.queued(&roster) == 0 {
                // Whoever calls takes it off the number of the idle.
                self.idle.wait(&mut roster);
            } else {
                roster.idle -= 1;
            }
        }
    }

    /// A worker, which has no jobs of its own, is struck off.
    fn leave(self: &Arc<Self>, number: usize, mut roster: LockGuard<'_, Roster>) -> Option<Arc<dyn Job>> {
        roster.live -= 1;
        if let Some(place) = roster.desks.iter().position(|&(other, _)| other == number) {
            let (_, desk) = roster.desks.swap_remove(place);
            roster.done += desk.figures().1;
        }
        if roster.closed {
            if roster.live == 0 {
                self.ended.set();
            }
        } else if let Some(place) = roster.threads.iter().position(|&(other, _)| other == number) {
            // One that stood in for another, and is needed no more: nobody is to join it.
            roster.threads.swap_remove(place);
        }
        // What it would have looked for, another does. If no thread can be started, those who work get to it.
        let _ = self.balance(&mut roster);
        None
    }

    /// A job for this worker: from the inbox, from its own desk, or else from another's. With it more of them, if there are
    /// many and its desk is empty.
    fn take(&self, roster: &mut Roster, seat: &Seat) -> Option<Arc<dyn Job>> {
        if roster.queue.is_empty() {
            self.inbox.empty_into(&mut roster.queue);
        }
        let own = &seat.desk.shelf;
        if let Some(job) = roster.queue.pop_front() {
            let parts = if is_explored() { 1 } else { PARTS };
            let share = (roster.queue.len() + 1) / (parts * roster.live.max(1));
            if share > 1 && own.seen_len() == 0 {
                own.fill(roster.queue.drain(..(share - 1).min(MOST)));
            }
            return Some(job);
        }
        if let Some(job) = own.pop() {
            return Some(job);
        }
        loop {
            let shelves = roster.desks.iter().map(|(_, desk)| &desk.shelf);
            let fullest = shelves.max_by_key(|shelf| shelf.seen_len()).filter(|shelf| shelf.seen_len() > 0)?;
            let mut jobs = fullest.split();
            // Its owner may have been faster.
            if let Some(job) = jobs.pop_front() {
                if !jobs.is_empty() {
                    own.fill(jobs.into_iter());
                }
                return Some(job);
            }
        }
    }
}
