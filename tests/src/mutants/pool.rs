//! Broken pools.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::Arc;

use threadcraft::{Condition, Lock, Thread, spawn};
use threadcraft_platform::atomic::{AtomicU32, AtomicUsize, Ordering};
use threadcraft_platform::futex::{self, Wait};
use threadcraft_platform::thread::current_id;

use crate::model::pool::{Job, Pool};

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
    max: usize,
}

struct Roster<C> {
    queue: VecDeque<Arc<Task<C>>>,
    live: usize,
    idle: usize,
    closed: bool,
    workers: Vec<u64>,
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
        self.roster.lock().workers.push(current_id());
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
            if roster.closed {
                roster.live -= 1;
                return None;
            }
            if !C::SLEEPS_UNDER_LOCK {
                drop(roster);
                roster = self.roster.lock();
            }
            roster.idle += 1;
            self.work.wait(&mut roster);
        }
    }
}

impl<C: Choices> Pool for MutantPool<C> {
    type Job = MutantJob<C>;

    fn new(workers: usize) -> Self {
        let roster = Roster {
            queue: VecDeque::new(),
            live: 0,
            idle: 0,
            closed: false,
            workers: Vec::new(),
            threads: Vec::new(),
        };
        let (roster, work) = (Lock::new(roster), Condition::new());
        Self(Arc::new(Shared { roster, work, busy: AtomicUsize::new(0), max: workers }), PhantomData)
    }

    fn submit(&self, job: impl FnOnce() + Send + 'static) -> MutantJob<C> {
        let (shared, closure) = (Arc::clone(&self.0), Lock::new(Some(Box::new(job) as Box<dyn FnOnce() + Send>)));
        let task = Arc::new(Task { state: AtomicU32::new(PENDING), closure, shared: Arc::clone(&shared) });
        let mut roster = self.0.roster.lock();
        roster.queue.push_back(Arc::clone(&task));
        let queued = roster.queue.len();
        // Relaxed: raised under the lock, and lowered before what this thread has seen.
        let free = roster.live - self.0.busy.load(Ordering::Relaxed).min(roster.live);
        let awake = if C::KNOWS_WHO_SLEEPS { free.saturating_sub(roster.idle) } else { free };
        if roster.idle > 0 && queued > awake {
            if C::CALLS_THE_IDLE {
                self.0.work.notify_one(&mut roster);
            }
            roster.idle -= 1;
        } else if queued > free && roster.live < self.0.max {
            roster.live += 1;
            roster.threads.push(spawn(move || shared.work()));
        }
        drop(roster);
        MutantJob(task)
    }

    fn shut_down(&self, cancel_pending: bool) {
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

    fn threads(&self) -> usize {
        self.0.roster.lock().live
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
        let is_own = task.shared.roster.lock().workers.contains(&current_id());
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
