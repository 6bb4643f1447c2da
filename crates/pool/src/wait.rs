//! Waiting for several jobs.

extern crate alloc;

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::error::Error;
use core::fmt;
use core::time::Duration;

use threadcraft_platform::{Instant, call};

use crate::crew::Crew;
use crate::future::Future;
use crate::job_ref::JobRef;
use crate::observers::{Arrivals, Observer};
use crate::seat::Seat;
use crate::state::Stage;

/// A future of any type.
pub(crate) trait AnyFuture {
    /// The job, without its types.
    fn erased(&self) -> &JobRef;
}

/// What [`wait`] and [`as_completed`] take: futures, or references to futures.
#[expect(private_bounds, reason = "nobody else is to implement it")]
pub trait Waitable: AnyFuture {}

impl<T> AnyFuture for Future<T> {
    fn erased(&self) -> &JobRef {
        &self.job
    }
}

impl<T> Waitable for Future<T> {}

impl<F: AnyFuture> AnyFuture for &F {
    fn erased(&self) -> &JobRef {
        (*self).erased()
    }
}

impl<F: Waitable> Waitable for &F {}

/// When [`wait`] returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnWhen {
    /// When one has ended, or has already.
    FirstCompleted,
    /// When one has panicked, or found its pool broken, or else when all have ended. Being cancelled is none of that.
    FirstException,
    /// When all have ended.
    AllCompleted,
}

/// How far the futures are that were waited for, each part in the order in which they were given.
#[derive(Debug)]
pub struct Waited<F> {
    /// Those that have ended.
    pub done: Vec<F>,
    /// The others.
    pub not_done: Vec<F>,
}

/// Waits for several jobs, until `until` holds or `timeout` is over, if there is one (Python's
/// `concurrent.futures.wait`).
///
/// ```
/// use threadcraft_pool::{ReturnWhen, ThreadPool, wait};
///
/// let pool = ThreadPool::new(2);
/// let jobs = [pool.submit(|| 1), pool.submit(|| 2)];
/// let waited = wait(&jobs, ReturnWhen::AllCompleted, None);
/// assert_eq!(waited.done.len(), 2);
/// ```
///
/// A future that is given twice is waited for once, and returned once.
///
/// In a worker of the jobs' own pool it runs, without a timeout, what has not begun, one job at a time.
#[doc(alias = "concurrent.futures.wait")]
#[track_caller]
pub fn wait<F: Waitable>(
    futures: impl IntoIterator<Item = F>,
    until: ReturnWhen,
    timeout: impl Into<Option<Duration>>,
) -> Waited<F> {
    let mut gathering = Gathering::new(futures, timeout.into());
    while let Some(number) = gathering.next() {
        let is_enough = match until {
            ReturnWhen::FirstCompleted => true,
            ReturnWhen::FirstException => {
                matches!(gathering.job(number).core().state().stage(), Stage::Panicked | Stage::Broken)
            }
            ReturnWhen::AllCompleted => false,
        };
        if is_enough {
            break;
        }
    }
    let (done, not_done) = gathering.take().into_iter().partition(|future| future.erased().core().state().is_done());
    Waited { done, not_done }
}

/// The futures in the order in which their jobs end; those that have ended come first (Python's
/// `concurrent.futures.as_completed`).
///
/// ```
/// use threadcraft_pool::{ThreadPool, as_completed};
///
/// let pool = ThreadPool::new(2);
/// let jobs = (1..=3).map(|n| pool.submit(move || n));
/// let sum: i32 = as_completed(jobs).map(|job| job.result().unwrap()).sum();
/// assert_eq!(sum, 6);
/// ```
///
/// A future that is given twice comes once. In a worker of the jobs' own pool it runs what has not begun, when none of
/// the others is done.
#[doc(alias = "concurrent.futures.as_completed")]
#[track_caller]
pub fn as_completed<F: Waitable>(futures: impl IntoIterator<Item = F>) -> AsCompleted<F> {
    AsCompleted { gathering: Gathering::new(futures, None) }
}

/// The same, for at most `timeout`, counted from this call: when it is over, the iterator gives an error, and ends.
#[doc(alias = "as_completed(timeout=)")]
#[track_caller]
pub fn as_completed_for<F: Waitable>(futures: impl IntoIterator<Item = F>, timeout: Duration) -> AsCompletedFor<F> {
    AsCompletedFor { gathering: Gathering::new(futures, Some(timeout)), is_over: false }
}

/// Futures in the order in which they end; made by [`as_completed`].
#[must_use = "it waits when it is asked for the next one"]
pub struct AsCompleted<F: Waitable> {
    gathering: Gathering<F>,
}

impl<F: Waitable> Iterator for AsCompleted<F> {
    type Item = F;

    #[track_caller]
    fn next(&mut self) -> Option<F> {
        let number = self.gathering.next()?;
        self.gathering.futures[number].take()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.gathering.left, Some(self.gathering.left))
    }
}

/// The same with a limit; made by [`as_completed_for`].
#[must_use = "it waits when it is asked for the next one"]
pub struct AsCompletedFor<F: Waitable> {
    gathering: Gathering<F>,
    is_over: bool,
}

impl<F: Waitable> Iterator for AsCompletedFor<F> {
    type Item = Result<F, Unfinished>;

    #[track_caller]
    fn next(&mut self) -> Option<Result<F, Unfinished>> {
        if self.is_over || self.gathering.left == 0 {
            return None;
        }
        if let Some(number) = self.gathering.next() {
            return self.gathering.futures[number].take().map(Ok);
        }
        self.is_over = true;
        Some(Err(Unfinished { unfinished: self.gathering.left, total: self.gathering.futures.len() }))
    }
}

/// The time was over before all jobs had ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfinished {
    /// How many had not.
    pub unfinished: usize,
    /// Of how many.
    pub total: usize,
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (of {}) futures unfinished", self.unfinished, self.total)
    }
}

impl Error for Unfinished {}

/// Futures that one thread waits for.
struct Gathering<F: Waitable> {
    /// Those that were not given out.
    futures: Vec<Option<F>>,
    /// How many have not ended as far as this wait has seen.
    left: usize,
    arrivals: Arc<Arrivals>,
    /// `None`: for ever.
    deadline: Option<Instant>,
}

impl<F: Waitable> Gathering<F> {
    #[track_caller]
    fn new(futures: impl IntoIterator<Item = F>, timeout: Option<Duration>) -> Self {
        let deadline = timeout.and_then(Instant::after);
        let mut known = BTreeSet::new();
        let is_new = |future: &F| known.insert(core::ptr::from_ref(future.erased().core()).addr());
        let futures: Vec<F> = futures.into_iter().filter(is_new).collect();
        let arrivals = Arc::new(Arrivals::default());
        for (number, future) in futures.iter().enumerate() {
            let core = future.erased().core();
            let add = || core.observe(Observer::Arrivals(Arc::clone(&arrivals), number));
            if let Err(done) = call(&core.object, "wait for it", None, add, |_, done| done.read()) {
                done.tell();
            }
        }
        Self { left: futures.len(), futures: futures.into_iter().map(Some).collect(), arrivals, deadline }
    }

    fn job(&self, number: usize) -> &JobRef {
        self.futures[number].as_ref().expect("it was not given out").erased()
    }

    /// The jobs that were not given out.
    fn jobs(&self) -> impl Iterator<Item = &JobRef> {
        self.futures.iter().flatten().map(|future| future.erased())
    }

    /// The number of the next one that has ended; `None` if there is none left, or the deadline passes first.
    #[track_caller]
    fn next(&mut self) -> Option<usize> {
        if self.left == 0 {
            return None;
        }
        let mut ended = self.arrivals.poll();
        if ended.is_none() {
            let helped = self.deadline.is_none() && self.jobs().any(help);
            // A worker that waits for a job of its own pool lets another stand in for it.
            let unfinished = self.jobs().map(|job| job.core()).filter(|core| !core.state().is_done());
            let seat = unfinished.filter(|_| !helped).find_map(|core| Seat::of(core.crew));
            let _blocked = seat.as_ref().map(|seat| seat.crew.block());
            ended = self.arrivals.next(self.deadline);
        }
        self.left -= usize::from(ended.is_some());
        ended
    }

    /// The futures that are left.
    fn take(mut self) -> Vec<F> {
        self.forget();
        self.futures.drain(..).flatten().collect()
    }

    /// Leaves no trace with those that have not ended.
    fn forget(&self) {
        self.jobs().filter(|job| !job.core().state().is_done()).for_each(|job| {
            job.core().forget(Arc::as_ptr(&self.arrivals).cast());
        });
    }
}

impl<F: Waitable> Drop for Gathering<F> {
    fn drop(&mut self) {
        self.forget();
    }
}

/// Runs a job in the worker that is about to wait for it; false if that cannot be.
fn help(job: &JobRef) -> bool {
    let core = job.core();
    let claimed = call(&core.object, "run here", None, || Crew::claim_here(core), |_, _| ());
    if claimed {
        Crew::run_here(job);
    }
    claimed
}

/// Waits for one job, or runs it.
#[track_caller]
pub(crate) fn settle(job: &JobRef) {
    if !help(job) {
        let core = job.core();
        call(&core.object, "wait", None, || Crew::wait_for(core, None), |_, done| done.read());
    }
}
