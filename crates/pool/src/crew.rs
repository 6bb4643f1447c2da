//! The threads of a pool and the queue that they work off. The protocol is in the README beside this crate's manifest.

extern crate alloc;

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use threadcraft_condition::Condition;
use threadcraft_event::Event;
use threadcraft_lock::{Lock, LockGuard};
use threadcraft_platform::atomic::{AtomicUsize, Ordering};
use threadcraft_platform::thread::{current_id, is_teardown};
use threadcraft_platform::{Instant, Object, call, is_explored};
use threadcraft_thread::{StartError, Thread, yield_now};

use crate::error::{BrokenPool, SubmitError, message_of};
use crate::job::{Core, Job, drop_foreign, end_pending};
use crate::pool::Shutdown;
use crate::roster::{Metrics, Roster, Settings};
use crate::state::Stage;

/// How often a worker that finds no job lets others go first and looks again before it sleeps.
const LOOKS: u32 = 20;

/// What a pool and its threads share.
pub(crate) struct Crew {
    pub(crate) object: Object,
    pub(crate) settings: Settings,
    roster: Lock<Roster>,
    /// Workers that found nothing to do sleep here.
    work: Condition,
    /// Set when the pool is closed and the last worker is on its way out.
    ended: Event,
    /// Workers that run a job, or else do not look at the queue soon. Raised under the lock, or before taking it; lowered
    /// at any time by the worker that is counted, who then looks at the queue before it sleeps.
    busy: AtomicUsize,
    /// Jobs that were ever put into the queue: those who look without the lock see that there is a new one.
    posted: AtomicUsize,
    /// Jobs in the queue that have been cancelled, or are run by one who waits for them.
    dead: AtomicUsize,
    /// Jobs that were run by one who waited for them, and those of them that still run.
    helped: AtomicUsize,
    helping: AtomicUsize,
}

impl Crew {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            object: Object::new("pool"),
            settings,
            roster: Lock::new(Roster::default()),
            work: Condition::new(),
            ended: Event::new(),
            busy: AtomicUsize::new(0),
            posted: AtomicUsize::new(0),
            dead: AtomicUsize::new(0),
            helped: AtomicUsize::new(0),
            helping: AtomicUsize::new(0),
        }
    }

    /// Puts a job into the queue, and sees to it that somebody looks.
    #[track_caller]
    pub(crate) fn post(self: &Arc<Self>, job: Arc<dyn Job>) -> Result<(), SubmitError> {
        let mut roster = self.roster.lock();
        if let Some(broken) = &roster.broken {
            return Err(SubmitError::Broken(broken.clone()));
        }
        if roster.closed {
            return Err(SubmitError::ShutDown);
        }
        roster.queue.push_back(job);
        // Relaxed: a hint, for those who then look under the lock.
        self.posted.fetch_add(1, Ordering::Relaxed);
        match self.balance(&mut roster) {
            // With a worker there, the job is run, if later.
            Err(error) if roster.live == 0 => {
                let refused = roster.queue.pop_back();
                drop(roster);
                drop(refused);
                Err(SubmitError::NoThread(error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Makes the promise of the crew true: for each job in the queue a worker is awake that will look, or all that may
    /// run do. Called by whoever has changed what it depends on.
    #[track_caller]
    fn balance(self: &Arc<Self>, roster: &mut LockGuard<'_, Roster>) -> Result<(), StartError> {
        loop {
            let queued = roster.queue.len();
            // Relaxed: raised under this lock, or before the one who raises it comes here. One that is lowered at this
            // moment is seen too high, and wakes one too many; whoever has seen the end of its job sees it lowered.
            let free = roster.live.saturating_sub(self.busy.load(Ordering::Relaxed));
            if roster.idle > 0 && queued > free.saturating_sub(roster.idle) {
                self.work.notify_one(roster);
                roster.idle -= 1;
            } else if queued > free && roster.live < self.settings.max_workers.saturating_add(roster.blocked) {
                self.start(roster)?;
            } else {
                return Ok(());
            }
        }
    }

    /// Starts one more worker.
    #[track_caller]
    fn start(self: &Arc<Self>, roster: &mut Roster) -> Result<(), StartError> {
        let (crew, number) = (Arc::clone(self), roster.started);
        let name = format!("{}_{number}", self.settings.prefix);
        let mut thread = Thread::new(move || crew.work(number)).name(name);
        if let Some(size) = self.settings.stack_size {
            thread = thread.stack_size(size);
        }
        thread.start()?;
        roster.started += 1;
        roster.live += 1;
        roster.threads.push((number, thread));
        Ok(())
    }

    /// The life of a worker.
    fn work(self: Arc<Self>, number: usize) {
        if let Some(initializer) = &self.settings.initializer {
            match catch_unwind(AssertUnwindSafe(initializer)) {
                Ok(()) => {}
                Err(payload) if is_teardown(&*payload) => resume_unwind(payload),
                Err(payload) => self.break_down(message_of(&*payload)),
            }
        }
        let mut is_new = true;
        let mut next = || {
            let job = self.next(number, mem::take(&mut is_new))?;
            let claimed = job.core().claim();
            Some((job, claimed))
        };
        while let Some((job, claimed)) = call(&self.object, "next job", None, &mut next, |_, _| ()) {
            if claimed {
                job.run(true);
                drop_foreign(job);
            } else {
                self.pass_over(job);
            }
        }
    }

    /// The next job, for which the caller then counts as busy; `None` if it is to leave, and has been struck off.
    fn next(self: &Arc<Self>, number: usize, is_new: bool) -> Option<Arc<dyn Job>> {
        let mut looks = if is_explored() { 0 } else { LOOKS };
        let mut roster = self.roster.lock();
        if is_new {
            roster.workers.push(current_id());
        }
        loop {
            if roster.live > self.settings.max_workers.saturating_add(roster.blocked) {
                return self.leave(number, roster);
            }
            if let Some(job) = roster.queue.pop_front() {
                roster.begun += 1;
                // Relaxed: under the lock, as those who count on it.
                self.busy.fetch_add(1, Ordering::Relaxed);
                return Some(job);
            }
            if roster.closed {
                return self.leave(number, roster);
            }
            if looks > 0 {
                // Relaxed: a hint.
                let posted = self.posted.load(Ordering::Relaxed);
                drop(roster);
                while looks > 0 && self.posted.load(Ordering::Relaxed) == posted {
                    yield_now();
                    looks -= 1;
                }
                roster = self.roster.lock();
            } else {
                roster.idle += 1;
                // Whoever calls takes it off the number of the idle.
                self.work.wait(&mut roster);
            }
        }
    }

    /// A worker is struck off.
    fn leave(self: &Arc<Self>, number: usize, mut roster: LockGuard<'_, Roster>) -> Option<Arc<dyn Job>> {
        roster.live -= 1;
        let me = current_id();
        roster.workers.retain(|&worker| worker != me);
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

    /// A job that was in the queue and needs no worker any more.
    fn pass_over(&self, job: Arc<dyn Job>) {
        let mut roster = self.roster.lock();
        roster.begun -= 1;
        drop(roster);
        // Relaxed: for the metrics.
        self.dead.fetch_sub(1, Ordering::Relaxed);
        // The last owner of a value drops it, and may take its time.
        drop_foreign(job);
        self.release();
    }

    /// A worker has run its job, and will look at the queue before it sleeps.
    pub(crate) fn release(&self) {
        // Relaxed: whoever has to see it sees the end of the job, which is published after it.
        self.busy.fetch_sub(1, Ordering::Relaxed);
    }

    /// A worker is about to run code that is not a job's, and may take as long.
    pub(crate) fn engage(self: &Arc<Self>) -> Engaged<'_> {
        // Relaxed: the lock orders it before whoever balances after this.
        self.busy.fetch_add(1, Ordering::Relaxed);
        // If no thread can be started, those who work get to what is queued.
        let _ = self.balance(&mut self.roster.lock());
        Engaged(self)
    }

    /// Whether the thread that calls is one of this pool's.
    pub(crate) fn is_mine(&self) -> bool {
        let me = current_id();
        self.roster.lock().workers.contains(&me)
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
        core.state().stage() == Stage::Pending && core.crew.is_mine() && core.claim()
    }

    /// Runs a job in the worker that waits for it.
    pub(crate) fn run_here(job: &dyn Job) {
        let crew = &job.core().crew;
        // Relaxed: for the metrics, all of them.
        crew.dead.fetch_add(1, Ordering::Relaxed);
        crew.helping.fetch_add(1, Ordering::Relaxed);
        job.run(false);
        crew.helping.fetch_sub(1, Ordering::Relaxed);
        crew.helped.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits for the end of this job; false if the deadline passed first. A worker of the job's pool lets another stand
    /// in for it.
    #[track_caller]
    pub(crate) fn wait_for(core: &Core, deadline: Option<Instant>) -> bool {
        if core.state().is_done() {
            return true;
        }
        let _blocked = core.crew.is_mine().then(|| core.crew.block());
        core.wait(deadline)
    }

    /// Ends a job before it began.
    #[track_caller]
    pub(crate) fn cancel(job: &dyn Job) -> bool {
        let crew = &job.core().crew;
        // Relaxed: for the metrics. Raised first, as the worker that passes it over lowers it.
        crew.dead.fetch_add(1, Ordering::Relaxed);
        let cancelled = end_pending(job, Stage::Cancelled);
        if !cancelled {
            crew.dead.fetch_sub(1, Ordering::Relaxed);
        }
        cancelled
    }

    /// An initializer has panicked: nothing will run any more.
    fn break_down(&self, message: String) {
        let mut roster = self.roster.lock();
        roster.broken.get_or_insert(BrokenPool { message });
        let jobs = mem::take(&mut roster.queue);
        self.close(&mut roster);
        drop(roster);
        self.end_all(jobs, Stage::Broken);
    }

    /// Takes no more jobs, cancels those that have not begun if it is told to, and waits if it is told to. `None` is the
    /// end of the pool, which waits unless that was said not to be done.
    #[track_caller]
    pub(crate) fn shut_down(&self, how: Option<Shutdown>) {
        let close = || {
            let mut roster = self.roster.lock();
            let cancels = how == Some(Shutdown::WaitCancelPending);
            let jobs = if cancels { mem::take(&mut roster.queue) } else { VecDeque::new() };
            roster.let_go |= how == Some(Shutdown::NoWait);
            let waits = how.map_or(!roster.let_go, |how| how != Shutdown::NoWait);
            self.close(&mut roster);
            (jobs, waits)
        };
        let (jobs, waits) = call(&self.object, "shutdown", None, close, |_, done| done.wrote());
        self.end_all(jobs, Stage::Cancelled);
        if waits {
            self.join();
        }
    }

    /// Closes, and calls all who sleep: they work off what is left, and leave.
    fn close(&self, roster: &mut LockGuard<'_, Roster>) {
        roster.closed = true;
        roster.idle = 0;
        self.work.notify_all(roster);
        if roster.live == 0 {
            self.ended.set();
        }
    }

    /// Ends jobs that were in the queue, as far as they have not begun elsewhere.
    fn end_all(&self, jobs: VecDeque<Arc<dyn Job>>, stage: Stage) {
        for job in jobs {
            if !end_pending(&*job, stage) {
                // Relaxed: for the metrics; it was cancelled, or one that waits for it runs it.
                self.dead.fetch_sub(1, Ordering::Relaxed);
            }
            drop_foreign(job);
        }
    }

    /// Waits for the workers of a closed pool to end, unless the caller is one of them.
    #[track_caller]
    fn join(&self) {
        let wait = || {
            if self.is_mine() {
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

    pub(crate) fn broken(&self) -> Option<BrokenPool> {
        self.roster.lock().broken.clone()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.roster.lock().closed
    }

    pub(crate) fn metrics(&self) -> Metrics {
        let roster = self.roster.lock();
        // Relaxed, all of them: these figures are of a moment that is over, and need not be of the same one.
        let busy = self.busy.load(Ordering::Relaxed);
        Metrics {
            queued: roster.queue.len().saturating_sub(self.dead.load(Ordering::Relaxed)),
            running: busy + self.helping.load(Ordering::Relaxed),
            done: roster.begun.saturating_sub(busy) + self.helped.load(Ordering::Relaxed),
            threads: roster.live,
        }
    }
}

/// A worker that is not free, although no job says so.
pub(crate) struct Engaged<'crew>(&'crew Crew);

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
