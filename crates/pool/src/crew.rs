//! The threads of a pool and the jobs that they work off. The protocol is in the README beside this crate's manifest.

extern crate alloc;

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;

use crossbeam_utils::CachePadded;
use threadcraft_condition::Condition;
use threadcraft_event::Event;
use threadcraft_lock::{Lock, LockGuard};
use threadcraft_platform::atomic::spins;
use threadcraft_platform::{Instant, Object, call};
use threadcraft_thread::{StartError, Thread};

use crate::desk::OwnDesk;
use crate::error::{BrokenPool, SubmitError};
use crate::job::{Core, Job, Origin, drop_foreign, end_pending};
use crate::job_ref::JobRef;
use crate::pool::Shutdown;
use crate::roster::{Metrics, Roster, Settings};
use crate::seat::Seat;
use crate::shelf::Shelf;
use crate::state::Stage;
use crate::watch::Watch;

/// What a pool and its threads share.
pub(crate) struct Crew {
    pub(crate) object: Object,
    pub(crate) settings: Settings,
    pub(crate) roster: CachePadded<Lock<Roster>>,
    /// Workers that found nothing to do sleep here.
    pub(crate) idle: Condition,
    /// Set when the pool is closed and the last worker is on its way out.
    pub(crate) ended: Event,
    /// Whether a job that is submitted needs anybody to be called.
    pub(crate) watch: Watch,
    /// Jobs that threads have submitted which are no workers.
    pub(crate) inbox: CachePadded<Shelf>,
}

impl Crew {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            object: Object::new("pool"),
            settings,
            roster: CachePadded::default(),
            idle: Condition::new(),
            ended: Event::new(),
            watch: Watch::new(),
            inbox: CachePadded::default(),
        }
    }

    /// What its jobs know it by. They do not own it, which would be two additions a job: while one of them has not ended,
    /// its crew is there, and nobody else has this address.
    pub(crate) fn address(&self) -> usize {
        core::ptr::from_ref(self).addr()
    }

    /// What a job knows that is submitted now.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            crew: self.address(),
            soon: spins(1) > 0 && self.watch.is_searched(),
            #[cfg(feature = "explore")]
            counted: false,
        }
    }

    /// Puts a job into the inbox, or on the desk of the worker that submits it, and sees to it that somebody looks.
    #[track_caller]
    pub(crate) fn post(self: &Arc<Self>, job: JobRef) -> Result<(), SubmitError> {
        let mark = job.as_ptr();
        let seen = if let Some(seat) = Seat::of(self.address()) {
            seat.desk.push(job);
            let seen = self.watch.seen();
            if seen.is_closed() {
                return self.take_back(&seat, mark);
            }
            seen
        } else {
            if self.inbox.push(job).is_err() {
                return Err(Self::refusal(&self.roster.lock()));
            }
            self.watch.seen()
        };
        if seen.is_enough() {
            return Ok(());
        }
        self.call_for(mark)
    }

    /// Why the pool takes no jobs.
    fn refusal(roster: &Roster) -> SubmitError {
        roster.broken.clone().map_or(SubmitError::ShutDown, SubmitError::Broken)
    }

    /// Takes a job back that a worker has put on its desk when the pool was closed, if it is still there. If not, it was in
    /// time: it ends with those that the end of the pool has taken, or it runs.
    #[cold]
    fn take_back(&self, seat: &Seat, mark: *const Job) -> Result<(), SubmitError> {
        // Whoever takes all jobs has done it before, or does it afterwards.
        let roster = self.roster.lock();
        match seat.desk.pop() {
            Some(job) if job.is(mark) => Err(Self::refusal(&roster)),
            other => {
                other.into_iter().for_each(|other| seat.desk.push(other));
                Ok(())
            }
        }
    }

    /// Sees to it that somebody looks for this job, which is on a shelf.
    #[cold]
    #[track_caller]
    fn call_for(self: &Arc<Self>, mark: *const Job) -> Result<(), SubmitError> {
        let mut roster = self.roster.lock();
        let Err(error) = self.balance(&mut roster) else { return Ok(()) };
        if roster.live > 0 {
            // They get to it.
            return Ok(());
        }
        // With those of others, who may have counted on the thread that was not started.
        let mut jobs = self.take_all(&mut roster);
        self.end_if_over(&roster);
        drop(roster);
        let place = jobs.iter().position(|other| other.is(mark));
        let own = place.and_then(|place| jobs.remove(place));
        Self::end_all(jobs, Stage::Broken);
        // If it is not there, the end of the pool has taken it.
        own.map_or(Ok(()), |_| Err(SubmitError::NoThread(error)))
    }

    /// Makes the promise of the crew true: if there is a job on a shelf somebody searches, or all that may run do. Called
    /// by whoever has changed what it depends on.
    #[track_caller]
    pub(crate) fn balance(self: &Arc<Self>, roster: &mut LockGuard<'_, Roster>) -> Result<(), StartError> {
        self.count_room(roster);
        if self.watch.is_enough() || !self.has_jobs(roster) {
            return Ok(());
        }
        if self.watch.is_slept() {
            self.watch.call();
            self.idle.notify_one(roster);
            return Ok(());
        }
        self.start(roster)
    }

    /// Has the watch say whether one more may be started.
    pub(crate) fn count_room(&self, roster: &mut Roster) {
        if roster.full != (roster.live >= self.most(roster)) {
            roster.full = !roster.full;
            self.watch.turn_room();
        }
    }

    /// How many may be live.
    pub(crate) fn most(&self, roster: &Roster) -> usize {
        self.settings.max_workers.saturating_add(roster.blocked)
    }

    /// Whether a job stands on a shelf. First the inbox: from there jobs come to desks.
    pub(crate) fn has_jobs(&self, roster: &Roster) -> bool {
        !self.inbox.is_empty() || roster.desks.iter().any(|(_, desk)| !desk.is_empty())
    }

    /// Takes all jobs. First those in the inbox, as above.
    fn take_all(&self, roster: &mut Roster) -> VecDeque<JobRef> {
        let mut jobs = self.inbox.take();
        roster.desks.iter().for_each(|(_, desk)| jobs.append(&mut desk.take()));
        jobs
    }

    /// Starts one more worker, which searches.
    #[track_caller]
    fn start(self: &Arc<Self>, roster: &mut Roster) -> Result<(), StartError> {
        let (crew, number, desk) = (Arc::clone(self), roster.started, self.enlist(roster));
        let name = format!("{}_{number}", self.settings.prefix);
        let mut thread = Thread::new(move || crew.work(number, desk)).name(name).waited_for_last();
        if let Some(size) = self.settings.stack_size {
            thread = thread.stack_size(size);
        }
        if let Err(error) = thread.start() {
            self.strike_off(roster, number);
            return Err(error);
        }
        roster.threads.push((number, thread));
        Ok(())
    }

    /// Counts one more worker, as one that searches: before it is there, and finds something. This is its desk.
    pub(crate) fn enlist(&self, roster: &mut Roster) -> OwnDesk {
        let desk = OwnDesk::new();
        roster.desks.push((roster.started, desk.shared()));
        roster.started += 1;
        roster.live += 1;
        self.watch.seek();
        self.count_room(roster);
        desk
    }

    /// A worker that searched is none any more: there is room again.
    pub(crate) fn strike_off(&self, roster: &mut Roster, number: usize) {
        self.watch.stop();
        roster.live -= 1;
        self.count_room(roster);
        if let Some(place) = roster.desks.iter().position(|&(other, _)| other == number) {
            let (_, desk) = roster.desks.swap_remove(place);
            roster.done += desk.figures().1;
        }
    }

    /// A worker is about to run code that is not a job's, and may take as long.
    pub(crate) fn engage(seat: &Seat) -> Engaged<'_> {
        seat.settle();
        Engaged(seat)
    }

    /// The thread that calls, a worker, is about to wait for a job of this pool: another may stand in for it.
    #[track_caller]
    pub(crate) fn block(self: &Arc<Self>) -> Blocked<'_> {
        let mut roster = self.roster.lock();
        roster.blocked += 1;
        // If no thread can be started, those who work get to what is queued.
        let _ = self.balance(&mut roster);
        Blocked(self)
    }

    /// Makes the caller the one that runs this job, for which it is about to wait, if it is a worker of the job's pool
    /// and the job has not begun: [`run_here`](Self::run_here) is to follow.
    pub(crate) fn claim_here(core: &Core) -> bool {
        core.is_pending() && Seat::of(core.crew).is_some() && core.claim()
    }

    /// Runs a job in the worker that waits for it.
    pub(crate) fn run_here(job: &JobRef) {
        let seat = Seat::of(job.core().crew);
        if let Some(seat) = &seat {
            seat.desk.begin();
        }
        job.run_and_keep();
        if let Some(seat) = &seat {
            seat.desk.end();
        }
    }

    /// Waits for the end of this job; false if the deadline passed first. A worker of the job's pool lets another stand
    /// in for it.
    #[track_caller]
    pub(crate) fn wait_for(core: &Core, deadline: Option<Instant>) -> bool {
        if core.state().is_done() {
            return true;
        }
        let seat = Seat::of(core.crew);
        let _blocked = seat.as_ref().map(|seat| seat.crew.block());
        core.wait(deadline)
    }

    /// An initializer has panicked: nothing will run any more.
    pub(crate) fn break_down(&self, message: String) {
        let mut roster = self.roster.lock();
        roster.broken.get_or_insert(BrokenPool { message });
        let jobs = self.close(&mut roster, true);
        drop(roster);
        Self::end_all(jobs, Stage::Broken);
    }

    /// Takes no more jobs, cancels those that have not begun if it is told to, and waits if it is told to. `None` is the
    /// end of the pool, which waits unless that was said not to be done.
    #[track_caller]
    pub(crate) fn shut_down(&self, how: Option<Shutdown>) {
        let close = || {
            let mut roster = self.roster.lock();
            roster.let_go |= how == Some(Shutdown::NoWait);
            let waits = how.map_or(!roster.let_go, |how| how != Shutdown::NoWait);
            (self.close(&mut roster, how == Some(Shutdown::WaitCancelPending)), waits)
        };
        let (jobs, waits) = call(&self.object, "shutdown", None, close, |_, done| done.wrote());
        Self::end_all(jobs, Stage::Cancelled);
        if waits {
            self.join();
        }
    }

    /// Closes, takes all jobs if it is told to, and calls all who sleep: they work off what is left, and leave.
    fn close(&self, roster: &mut LockGuard<'_, Roster>, takes: bool) -> VecDeque<JobRef> {
        roster.closed = true;
        self.inbox.close();
        // Before the desks are looked at: what comes to one after that, its worker sees.
        self.watch.close();
        let jobs = if takes { self.take_all(roster) } else { VecDeque::new() };
        self.watch.call_all();
        self.idle.notify_all(roster);
        self.end_if_over(roster);
        jobs
    }

    /// Lets those go who wait for the end of a closed pool. With a job there the end is still to come: its submitter is
    /// about to start a worker.
    pub(crate) fn end_if_over(&self, roster: &Roster) {
        if roster.closed && roster.live == 0 && !self.has_jobs(roster) {
            self.ended.set();
        }
    }

    /// Ends jobs that stood on shelves, as far as they have not begun elsewhere.
    fn end_all(jobs: VecDeque<JobRef>, stage: Stage) {
        for job in jobs {
            end_pending(&job, stage);
            drop_foreign(job);
        }
    }

    /// Waits for the workers of a closed pool to end, unless the caller is one of them.
    #[track_caller]
    fn join(&self) {
        let wait = || {
            if Seat::of(self.address()).is_some() {
                return Vec::new();
            }
            self.ended.wait();
            mem::take(&mut self.roster.lock().threads)
        };
        for (_, thread) in call(&self.object, "join", None, wait, |_, _| ()) {
            // Workers catch what jobs do; there is nothing to be told.
            let _ = thread.join();
        }
    }

    /// Lets all workers unwind before the thread that calls, in an explored execution that is over.
    pub(crate) fn see_out(&self) {
        let threads = mem::take(&mut self.roster.lock().threads);
        for (_, thread) in threads {
            thread.see_out();
        }
    }

    pub(crate) fn broken(&self) -> Option<BrokenPool> {
        self.roster.lock().broken.clone()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.roster.lock().closed
    }

    pub(crate) fn metrics(&self) -> Metrics {
        let roster = self.roster.lock();
        let desks = roster.desks.iter().map(|(_, desk)| desk);
        let figures = desks.clone().map(|desk| desk.figures());
        let (running, done) = figures.fold((0, roster.done), |sum, figure| (sum.0 + figure.0, sum.1 + figure.1));
        let queued = self.inbox.pending() + desks.map(|desk| desk.pending()).sum::<usize>();
        Metrics { queued, running, done, threads: roster.live }
    }
}

/// A worker that does not search, although no job says so.
pub(crate) struct Engaged<'seat>(&'seat Seat);

impl Drop for Engaged<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// A worker that waits for a job of its own pool.
pub(crate) struct Blocked<'crew>(&'crew Crew);

impl Drop for Blocked<'_> {
    fn drop(&mut self) {
        self.0.roster.lock().blocked -= 1;
    }
}
