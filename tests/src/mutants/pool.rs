//! Broken pools.

use std::cell::Cell;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::Arc;

use threadcraft::{Condition, Lock, Thread, spawn};
use threadcraft_platform::atomic::{AtomicU32, AtomicU64, Ordering};
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
    /// A worker looks at the shelves and goes to sleep under one holding of the lock.
    const SLEEPS_UNDER_LOCK: bool = true;
    /// A submitter calls a sleeping worker.
    const CALLS_THE_IDLE: bool = true;
    /// One that sleeps does not count as one that searches.
    const KNOWS_WHO_SLEEPS: bool = true;
    /// One that searched and has found a job sees to it that somebody looks for more.
    const LOOKS_FOR_MORE: bool = true;
    /// A worker of a closed pool leaves when the shelves are empty, not at once.
    const DRAINS: bool = true;
    /// A worker searches before its job is seen to be done.
    const FREE_FIRST: bool = true;
    /// A worker that waits for a job of its pool runs it.
    const HELPS: bool = true;
    /// A worker without jobs takes those on the desks of others.
    const TAKES_FROM_OTHERS: bool = true;
    /// One that is about to sleep says so, before it looks at the shelves for the last time.
    const SAYS_BEFORE_LOOKING: bool = true;
    /// It looks at them for the last time.
    const LOOKS_AT_SHELVES: bool = true;
}

struct Task<C> {
    state: AtomicU32,
    closure: Lock<Option<Box<dyn FnOnce() + Send>>>,
    shared: Arc<Shared<C>>,
}

struct Shared<C> {
    roster: Lock<Roster>,
    work: Condition,
    /// How many search, how many sleep, and whether one more may be started.
    watch: AtomicU64,
    inbox: Desk<C>,
    /// The workers, and what each has submitted.
    desks: Lock<Vec<(u64, Desk<C>)>>,
    max: usize,
}

type Desk<C> = Arc<Lock<VecDeque<Arc<Task<C>>>>>;

struct Roster {
    live: usize,
    closed: bool,
    threads: Vec<Thread<()>>,
}

const SEARCHING: u64 = 1;
const ASLEEP: u64 = 1 << 32;
const ROOM: u64 = 1 << 63;

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

    fn run(&self, worker: Option<&Cell<bool>>) {
        let closure = self.closure.lock().take();
        if let Some(closure) = closure {
            closure();
        }
        if let Some(searches) = worker
            && C::FREE_FIRST
        {
            self.shared.seek(searches);
        }
        self.end(RETURNED);
    }
}

impl<C: Choices> Shared<C> {
    /// Whether nobody is to be called: somebody searches, or nobody could be called. Relaxed, here and below: the locks of
    /// the shelves order.
    fn is_enough(watch: u64) -> bool {
        watch & (ASLEEP - 1) != 0 || watch == 0
    }

    fn seek(&self, searches: &Cell<bool>) {
        if !searches.replace(true) {
            self.watch.fetch_add(SEARCHING, Ordering::Relaxed);
        }
    }

    fn settle(self: &Arc<Self>, searches: &Cell<bool>) {
        if searches.replace(false) {
            let before = self.watch.fetch_sub(SEARCHING, Ordering::Relaxed);
            if C::LOOKS_FOR_MORE && !Self::is_enough(before - SEARCHING) {
                self.balance();
            }
        }
    }

    fn work(self: &Arc<Self>) {
        self.desks.lock().push((current_id(), Arc::default()));
        // Whoever has started it has counted it.
        let searches = Cell::new(true);
        while let Some(task) = self.next(&searches) {
            self.settle(&searches);
            if task.leave_pending(RUNNING) {
                task.run(Some(&searches));
            }
        }
    }

    fn next(&self, searches: &Cell<bool>) -> Option<Arc<Task<C>>> {
        self.seek(searches);
        loop {
            let mut roster = self.roster.lock();
            let found = self.take();
            if found.is_some() && (C::DRAINS || !roster.closed) {
                return found;
            }
            if roster.closed {
                self.watch.fetch_sub(SEARCHING, Ordering::Relaxed);
                roster.live -= 1;
                return None;
            }
            if !C::SLEEPS_UNDER_LOCK {
                drop(roster);
                roster = self.roster.lock();
            }
            let lies_down = if C::KNOWS_WHO_SLEEPS { ASLEEP - SEARCHING } else { ASLEEP };
            if C::SAYS_BEFORE_LOOKING {
                self.watch.fetch_add(lies_down, Ordering::Relaxed);
            }
            let is_done = !(C::LOOKS_AT_SHELVES && C::SLEEPS_UNDER_LOCK && C::TAKES_FROM_OTHERS && self.has_jobs());
            if !C::SAYS_BEFORE_LOOKING {
                self.watch.fetch_add(lies_down, Ordering::Relaxed);
            }
            if is_done {
                self.work.wait(&mut roster);
            } else {
                self.watch.fetch_sub(lies_down, Ordering::Relaxed);
            }
        }
    }

    /// The desk of the thread that calls, if it is a worker.
    fn own_desk(&self) -> Option<Desk<C>> {
        let (desks, me) = (self.desks.lock(), current_id());
        desks.iter().find(|(worker, _)| *worker == me).map(|(_, desk)| Arc::clone(desk))
    }

    /// The inbox, and all desks.
    fn shelves(&self) -> Vec<Desk<C>> {
        let desks = self.desks.lock();
        [&self.inbox].into_iter().chain(desks.iter().map(|(_, desk)| desk)).map(Arc::clone).collect()
    }

    fn take(&self) -> Option<Arc<Task<C>>> {
        let own = || [&self.inbox].into_iter().cloned().chain(self.own_desk()).collect();
        let shelves = if C::TAKES_FROM_OTHERS { self.shelves() } else { own() };
        shelves.iter().find_map(|shelf| shelf.lock().pop_front())
    }

    fn has_jobs(&self) -> bool {
        self.shelves().iter().any(|shelf| !shelf.lock().is_empty())
    }

    /// Calls or starts a worker if there is a job for it.
    fn balance(self: &Arc<Self>) {
        let mut roster = self.roster.lock();
        let watch = self.watch.load(Ordering::Relaxed);
        if Self::is_enough(watch) || !self.has_jobs() {
            return;
        }
        if watch & !ROOM > 0 {
            if C::CALLS_THE_IDLE {
                self.work.notify_one(&mut roster);
            }
            self.watch.fetch_sub(ASLEEP - SEARCHING, Ordering::Relaxed);
        } else {
            let shared = Arc::clone(self);
            roster.live += 1;
            let room = if roster.live == self.max { ROOM } else { 0 };
            self.watch.fetch_add(SEARCHING.wrapping_sub(room), Ordering::Relaxed);
            roster.threads.push(spawn(move || shared.work()));
        }
    }
}

impl<C: Choices> Pool for MutantPool<C> {
    type Job = MutantJob<C>;

    fn new(workers: usize) -> Self {
        let roster = Lock::new(Roster { live: 0, closed: false, threads: Vec::new() });
        let (work, watch) = (Condition::new(), AtomicU64::new(ROOM));
        let (inbox, desks) = (Arc::default(), Lock::new(Vec::new()));
        Self(Arc::new(Shared { roster, work, watch, inbox, desks, max: workers }), PhantomData)
    }

    fn submit(&self, job: impl FnOnce() + Send + 'static) -> MutantJob<C> {
        let (shared, closure) = (Arc::clone(&self.0), Lock::new(Some(Box::new(job) as Box<dyn FnOnce() + Send>)));
        let task = Arc::new(Task { state: AtomicU32::new(PENDING), closure, shared: Arc::clone(&shared) });
        let shelf = shared.own_desk().unwrap_or_else(|| Arc::clone(&shared.inbox));
        shelf.lock().push_back(Arc::clone(&task));
        if !Shared::<C>::is_enough(shared.watch.load(Ordering::Relaxed)) {
            shared.balance();
        }
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
        let asleep = (self.0.watch.load(Ordering::Relaxed) & !ROOM) / ASLEEP;
        self.0.watch.fetch_sub((ASLEEP - SEARCHING) * asleep, Ordering::Relaxed);
        self.0.work.notify_all(&mut roster);
        let jobs = if cancel_pending { std::mem::take(&mut *self.0.inbox.lock()) } else { VecDeque::new() };
        let threads = std::mem::take(&mut roster.threads);
        drop(roster);
        for task in jobs {
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
            task.run(None);
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

/// A job comes in between the look at the shelves and the sleep.
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

/// The only one that searched has found a job, and nobody looks for the next one.
#[derive(Debug)]
pub struct LeavesTheRest;
impl Choices for LeavesTheRest {
    const LOOKS_FOR_MORE: bool = false;
}

/// The worker of a closed pool leaves, and the last job stays behind.
#[derive(Debug)]
pub struct LeavesTheLastJob;
impl Choices for LeavesTheLastJob {
    const DRAINS: bool = false;
}

/// A worker searches only when its job is already seen to be done: the next job gets another thread.
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

/// A worker sleeps, and has not looked at the shelves again after it said so: a job was put there in between.
#[derive(Debug)]
pub struct SleepsOverShelves;
impl Choices for SleepsOverShelves {
    const LOOKS_AT_SHELVES: bool = false;
}

/// A worker looks at the shelves for the last time, and says then that it sleeps.
#[derive(Debug)]
pub struct SaysTooLate;
impl Choices for SaysTooLate {
    const SAYS_BEFORE_LOOKING: bool = false;
}
