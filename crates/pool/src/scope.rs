//! Jobs that borrow.

extern crate alloc;

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::mem;

use threadcraft_lock::Lock;

use crate::crew::Crew;
use crate::future::Future;
use crate::job::{Job, end_pending};
use crate::job_ref::JobRef;
use crate::pool::refuse;
use crate::state::Stage;
use crate::wait::settle;

/// Submits jobs that borrow; made by [`ThreadPool::scope`](crate::ThreadPool::scope).
///
/// ```
/// use threadcraft_pool::ThreadPool;
///
/// let pool = ThreadPool::new(2);
/// let words = ["one", "three"];
/// let lengths = pool.scope(|scope| {
///     let futures = words.each_ref().map(|word| scope.submit(|| word.len()));
///     futures.map(|future| future.result().unwrap())
/// });
/// assert_eq!(lengths, [3, 5]);
/// ```
pub struct Scope<'scope, 'env: 'scope> {
    crew: Arc<Crew>,
    /// What has been submitted and was not yet waited for.
    jobs: Lock<Vec<JobRef>>,
    /// Invariant in both, as `std`'s: a scope is neither longer nor shorter than it says.
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

impl<'scope> Scope<'scope, '_> {
    /// Has a thread of the pool run `job`, which may borrow from outside the scope and submit to it.
    ///
    /// As [`ThreadPool::submit`](crate::ThreadPool::submit) otherwise. The future need not be kept: the scope waits.
    #[track_caller]
    pub fn submit<T: Send + 'scope>(&'scope self, job: impl FnOnce() -> T + Send + 'scope) -> Future<T> {
        // SAFETY:
        // - what is borrowed is used by the closure, which is run or dropped before the job is done, and `run` below
        //   returns when all jobs are;
        // - and by the value, which belongs to the future, whose type says what is borrowed: when the future is dropped
        //   the value is, too, at once or, if it is not there yet, before the job is done.
        let (job, future) = unsafe { Job::pair_that_borrows(self.crew.origin(), job) };
        self.jobs.lock().push(job.clone());
        if let Err(error) = self.crew.put(job) {
            refuse(&future.job, &error);
        }
        future
    }

    /// Waits for all jobs, also those that are submitted meanwhile by others of the scope.
    #[track_caller]
    fn wait(&self) {
        loop {
            let jobs = mem::take(&mut *self.jobs.lock());
            if jobs.is_empty() {
                return;
            }
            let jobs = Outlived { crew: &self.crew, jobs };
            for job in &jobs.jobs {
                settle(job);
            }
        }
    }
}

/// Jobs that have ended when this is dropped, however that comes about.
///
/// They have when they were waited for. An explored execution that is over waits for nothing any more, and unwinds thread by
/// thread: what the jobs borrow is about to go. One that has not begun never will, then; one that runs is in a thread that
/// unwinds first.
struct Outlived<'a> {
    crew: &'a Crew,
    jobs: Vec<JobRef>,
}

impl Drop for Outlived<'_> {
    fn drop(&mut self) {
        for job in &self.jobs {
            if !job.core().state().is_done() && !end_pending(job, Stage::Cancelled) {
                self.crew.see_out();
            }
        }
    }
}

/// Waits for the jobs of a scope, however its body ends.
struct Waits<'a, 'scope, 'env>(&'a Scope<'scope, 'env>);

impl Drop for Waits<'_, '_, '_> {
    fn drop(&mut self) {
        let _rest = Rest(self.0);
        self.0.wait();
    }
}

/// What was submitted and not waited for; nothing, but where the wait was cut off.
struct Rest<'a, 'scope, 'env>(&'a Scope<'scope, 'env>);

impl Drop for Rest<'_, '_, '_> {
    fn drop(&mut self) {
        let jobs = mem::take(&mut *self.0.jobs.lock());
        drop(Outlived { crew: &self.0.crew, jobs });
    }
}

/// Runs the body and waits for its jobs.
#[track_caller]
pub(crate) fn run<'env, R>(crew: &Arc<Crew>, body: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> R) -> R {
    let scope = Scope { crew: Arc::clone(crew), jobs: Lock::new(Vec::new()), scope: PhantomData, env: PhantomData };
    let _waits = Waits(&scope);
    body(&scope)
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}
