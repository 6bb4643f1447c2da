//! Broken pools.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::Arc;

use threadcraft::{Condition, Lock, LockGuard, Thread, spawn};
use threadcraft_platform::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use threadcraft_platform::futex::{self, Wait};
use threadcraft_platform::thread::current_id;

use crate::model::pool::{FuturePool, Job, Pool};

const PENDING: u32 = 0;
const RUNNING: u32 = 1;
const RETURNED: u32 = 2;
const CANCELLED: u32 = 3;
const STAGE: u32 = 3;
const WAITED: u32 = 4;

/// The decisions of a pool; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// The ordering of a job's end.
    const ENDING: Ordering = Ordering::Release;
    /// The ordering of a waiter's look.
    const LOOKING: Ordering = Ordering::Acquire;
    /// To begin and to cancel are one exchange each, not a look and then a write.
    const CLAIMS_AT_ONCE: bool = true;
    /// One that waits for a job says so before it sleeps.
    const ANNOUNCES_SLEEP: bool = true;
    /// A worker looks at the queue and goes to sleep under one holding of the lock.
    const SLEEPS_UNDER_LOCK: bool = true;
    /// A submitter calls a sleeping worker.
    const CALLS_THE_IDLE: bool = true;
    /// One that sleeps is not counted on.
    const KNOWS_WHO_SLEEPS: bool = true;
    /// A worker of a closed pool leaves when the queue is empty, not at once.
    const DRAINS: bool = true;
    /// A worker is free before its job is seen to be done.
    const FREE_FIRST: bool = true;
    /// A worker that waits for a job of its pool runs it.
    const HELPS: bool = true;
    /// A worker without jobs takes those on the desks of others.
    const TAKES_FROM_OTHERS: bool = true;
    /// One that is about to sleep says so, before it looks at the desks for the last time.
    const SAYS_BEFORE_LOOKING: bool = true;
    /// It looks at them for the last time.
    const LOOKS_AT_DESKS: bool = true;
}

struct Task<C> {
    state: AtomicU32,
    closure: Lock<Option<Box<dyn FnOnce() + Send>>>,
    shared: Arc<Shared<C>>,
}

struct Shared<C> {
    roster: Lock<Roster<C>>,
    work: Condition,
    busy: AtomicUsize,
    /// Nobody sleeps, and there are as many workers as there may be.
    saturated: AtomicBool,
    /// The workers, and what each has submitted.
    desks: Lock<Vec<(u64, Desk<C>)>>,
    max: usize,
}

type Desk<C> = Arc<Lock<VecDeque<Arc<Task<C>>>>>;

struct Roster<C> {
    queue: VecDeque<Arc<Task<C>>>,
    live: usize,
    idle: usize,
    closed: bool,
    threads: Vec<Thread<()>>,
}

/// A pool with these decisions.
pub struct MutantPool<C>(Arc<Shared<C>>, PhantomData<C>);

/// A job of such a pool.
pub struct MutantJob<C>(Arc<Task<C>>);

impl<C: Choices> Task<C> {
    fn leave_pending(&self, to: u32) -> bool {
        // Relaxed, all of them: being the only one is all that is asked for.
        let mut now = self.state.load(Ordering::Relaxed);
        while now & STAGE == PENDING {
            if !C::CLAIMS_AT_ONCE {
                self.state.store(now | to, Ordering::Relaxed);
                return true;
            }
            match self.state.compare_exchange(now, now | to, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(changed) => now = changed,
            }
        }
        false
    }

    /// Ends the job.
    fn end(&self, stage: u32) {
        if self.state.swap(stage, C::ENDING) & WAITED != 0 {
            futex::wake(&raw const self.state, u32::MAX);
        }
    }

    fn run(&self, as_worker: bool) {
        let closure = self.closure.lock().take();
        if let Some(closure) = closure {
            closure();
        }
        if as_worker && C::FREE_FIRST {
            self.shared.release();
        }
        self.end(RETURNED);
        if as_worker && !C::FREE_FIRST {
            self.shared.release();
        }
    }
}

impl<C: Choices> Shared<C> {
    fn release(&self) {
        // Relaxed: the end of the job is what publishes it.
        self.busy.fetch_sub(1, Ordering::Relaxed);
    }

    fn work(&self) {
        self.desks.lock().push((current_id(), Arc::default()));
        while let Some(task) = self.next() {
            if task.leave_pending(RUNNING) {
                task.run(true);
            } else {
                self.release();
            }
        }
    }

    fn next(&self) -> Option<Arc<Task<C>>> {
        let mut roster = self.roster.lock();
        loop {
            if roster.closed && !C::DRAINS {
                roster.live -= 1;
                return None;
            }
            if let Some(task) = roster.queue.pop_front() {
                // Relaxed: under the lock.
                self.busy.fetch_add(1, Ordering::Relaxed);
                return Some(task);
            }
            if let Some(task) = self.take_from_desks() {
                // Relaxed: under the lock.
                self.busy.fetch_add(1, Ordering::Relaxed);
                return Some(task);
            }
            if roster.closed {
                roster.live -= 1;
                return None;
            }
            if !C::SLEEPS_UNDER_LOCK {
                drop(roster);
                roster = self.roster.lock();
            }
            roster.idle += 1;
            if C::SAYS_BEFORE_LOOKING {
                // Relaxed: the locks of the desks make it visible.
                self.saturated.store(false, Ordering::Relaxed);
            }
            if C::LOOKS_AT_DESKS && C::TAKES_FROM_OTHERS && self.has_jobs_on_desks() {
                roster.idle -= 1;
                continue;
            }
            self.saturated.store(false, Ordering::Relaxed);
            self.work.wait(&mut roster);
        }
    }

    /// The desk of the thread that calls, if it is a worker.
    fn own_desk(&self) -> Option<Desk<C>> {
        let (desks, me) = (self.desks.lock(), current_id());
        desks.iter().find(|(worker, _)| *worker == me).map(|(_, desk)| Arc::clone(desk))
    }

    fn all_desks(&self) -> Vec<Desk<C>> {
        self.desks.lock().iter().map(|(_, desk)| Arc::clone(desk)).collect()
    }

    fn take_from_desks(&self) -> Option<Arc<Task<C>>> {
        let desks = if C::TAKES_FROM_OTHERS { self.all_desks() } else { Vec::from_iter(self.own_desk()) };
        desks.iter().find_map(|desk| desk.lock().pop_front())
    }

    fn has_jobs_on_desks(&self) -> bool {
        self.all_desks().iter().any(|desk| !desk.lock().is_empty())
    }

    /// Calls or starts a worker for a job that stands somewhere.
    fn balance(self: &Arc<Self>, roster: &mut LockGuard<'_, Roster<C>>, queued: usize) {
        // Relaxed: raised under the lock, and lowered before what this thread has seen.
        let free = roster.live - self.busy.load(Ordering::Relaxed).min(roster.live);
        let awake = if C::KNOWS_WHO_SLEEPS { free.saturating_sub(roster.idle) } else { free };
        if roster.idle > 0 && queued > awake {
            if C::CALLS_THE_IDLE {
                self.work.notify_one(roster);
            }
            roster.idle -= 1;
        } else if queued > free && roster.live < self.max {
            let shared = Arc::clone(self);
            roster.live += 1;
            roster.threads.push(spawn(move || shared.work()));
        }
        // Relaxed: as above.
        self.saturated.store(roster.idle == 0 && roster.live == self.max, Ordering::Relaxed);
    }
}

impl<C: Choices> Pool for MutantPool<C> {
    type Job = MutantJob<C>;

    fn new(workers: usize) -> Self {
        let roster = Roster { queue: VecDeque::new(), live: 0, idle: 0, closed: false, threads: Vec::new() };
        let (roster, work) = (Lock::new(roster), Condition::new());
        let (busy, saturated) = (AtomicUsize::new(0), AtomicBool::new(false));
        Self(
            Arc::new(Shared { roster, work, busy, saturated, desks: Lock::new(Vec::new()), max: workers }),
            PhantomData,
        )
    }

    fn submit(&self, job: impl FnOnce() + Send + 'static) -> MutantJob<C> {
        let (shared, closure) = (Arc::clone(&self.0), Lock::new(Some(Box::new(job) as Box<dyn FnOnce() + Send>)));
        let task = Arc::new(Task { state: AtomicU32::new(PENDING), closure, shared: Arc::clone(&shared) });
        if let Some(desk) = shared.own_desk() {
            desk.lock().push_back(Arc::clone(&task));
            // Relaxed: whoever makes it false looks at the desk after that, with its lock.
            if !shared.saturated.load(Ordering::Relaxed) {
                let mut roster = shared.roster.lock();
                let on_desks = shared.all_desks().iter().map(|desk| desk.lock().len()).sum::<usize>();
                let queued = roster.queue.len() + on_desks;
                shared.balance(&mut roster, queued);
            }
            return MutantJob(task);
        }
        let mut roster = shared.roster.lock();
        roster.queue.push_back(Arc::clone(&task));
        let queued = roster.queue.len();
        shared.balance(&mut roster, queued);
        drop(roster);
        MutantJob(task)
    }

    fn shut_down(&self) {
        self.end(false);
    }
}

impl<C: Choices> FuturePool for MutantPool<C> {
    fn shut_down_now(&self) {
        self.end(true);
    }

    fn threads(&self) -> usize {
        self.0.roster.lock().live
    }
}

impl<C: Choices> MutantPool<C> {
    fn end(&self, cancel_pending: bool) {
        let mut roster = self.0.roster.lock();
        roster.closed = true;
        roster.idle = 0;
        self.0.work.notify_all(&mut roster);
        let queue = if cancel_pending { std::mem::take(&mut roster.queue) } else { VecDeque::new() };
        let threads = std::mem::take(&mut roster.threads);
        drop(roster);
        for task in queue {
            MutantJob(task).cancel();
        }
        for thread in threads {
            thread.join().expect("the threads of a model do not panic");
        }
    }
}

impl<C: Choices> Job for MutantJob<C> {
    fn cancel(&self) -> bool {
        let cancelled = self.0.leave_pending(CANCELLED);
        if cancelled {
            self.0.closure.lock().take();
            self.0.end(CANCELLED);
        }
        cancelled
    }

    fn wait(&self) -> bool {
        let task = &self.0;
        let is_own = task.shared.own_desk().is_some();
        if C::HELPS && is_own && task.leave_pending(RUNNING) {
            task.run(false);
        }
        loop {
            let now = task.state.load(C::LOOKING);
            if now & STAGE > RUNNING {
                return now & STAGE == RETURNED;
            }
            // Relaxed: the look above is what orders.
            if C::ANNOUNCES_SLEEP && task.state.fetch_or(WAITED, Ordering::Relaxed) & !WAITED != now & !WAITED {
                continue;
            }
            let expected = if C::ANNOUNCES_SLEEP { now | WAITED } else { now };
            if futex::wait(&task.state, expected, None) == Wait::Abandoned {
                return false;
            }
        }
    }
}

/// Right in everything.
#[derive(Debug)]
pub struct Faithful;
impl Choices for Faithful {}

/// What a job did is not published by its end.
#[derive(Debug)]
pub struct RelaxedEnd;
impl Choices for RelaxedEnd {
    const ENDING: Ordering = Ordering::Relaxed;
}

/// What a job did is not received by who waited for it.
#[derive(Debug)]
pub struct RelaxedLook;
impl Choices for RelaxedLook {
    const LOOKING: Ordering = Ordering::Relaxed;
}

/// A job is begun and cancelled at once: both have seen that it was pending.
#[derive(Debug)]
pub struct LooksThenClaims;
impl Choices for LooksThenClaims {
    const CLAIMS_AT_ONCE: bool = false;
}

/// One that waits for a job sleeps, and nobody knows.
#[derive(Debug)]
pub struct SleepsUnannounced;
impl Choices for SleepsUnannounced {
    const ANNOUNCES_SLEEP: bool = false;
}

/// A job comes in between the look at the queue and the sleep.
#[derive(Debug)]
pub struct SleepsOverTheJob;
impl Choices for SleepsOverTheJob {
    const SLEEPS_UNDER_LOCK: bool = false;
}

/// A job comes in, and the worker sleeps on.
#[derive(Debug)]
pub struct LetsThemSleep;
impl Choices for LetsThemSleep {
    const CALLS_THE_IDLE: bool = false;
}

/// A submitter counts on a worker that sleeps.
#[derive(Debug)]
pub struct CountsOnSleepers;
impl Choices for CountsOnSleepers {
    const KNOWS_WHO_SLEEPS: bool = false;
}

/// The worker of a closed pool leaves, and the last job stays behind.
#[derive(Debug)]
pub struct LeavesTheLastJob;
impl Choices for LeavesTheLastJob {
    const DRAINS: bool = false;
}

/// A worker counts as busy when its job is already seen to be done: the next job gets another thread.
#[derive(Debug)]
pub struct FreeTooLate;
impl Choices for FreeTooLate {
    const FREE_FIRST: bool = false;
}

/// A worker that waits for a job of its own pool of one thread.
#[derive(Debug)]
pub struct JustWaits;
impl Choices for JustWaits {
    const HELPS: bool = false;
}

/// What a worker has submitted, it alone runs.
#[derive(Debug)]
pub struct LeavesTheDesksOfOthers;
impl Choices for LeavesTheDesksOfOthers {
    const TAKES_FROM_OTHERS: bool = false;
}

/// A worker sleeps, and has not looked at the desks again after it said so: a job was put there in between.
#[derive(Debug)]
pub struct SleepsOverDesks;
impl Choices for SleepsOverDesks {
    const LOOKS_AT_DESKS: bool = false;
}

/// A worker looks at the desks for the last time, and says then that it sleeps.
#[derive(Debug)]
pub struct SaysTooLate;
impl Choices for SaysTooLate {
    const SAYS_BEFORE_LOOKING: bool = false;
}
