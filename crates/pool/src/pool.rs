//! `ThreadPool`: what a program calls.

extern crate alloc;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::ops::Range;
use core::{fmt, mem};

use threadcraft_platform::thread::{at_exit, available_parallelism};
use threadcraft_platform::{PerProgram, Quiet, call, is_explored};

use crate::crew::Crew;
use crate::error::{BrokenPool, BuildError, SubmitError, TaskError};
use crate::future::Future;
use crate::job::{Job, end_pending};
use crate::job_ref::JobRef;
use crate::map::Map;
use crate::range::map_range;
use crate::roster::{Initializer, Metrics, Settings};
use crate::scope::{self, Scope};
use crate::state::Stage;

/// Threads that run jobs, started when they are needed and used again (Python's `ThreadPoolExecutor`).
///
/// ```
/// use threadcraft_pool::ThreadPool;
///
/// let pool = ThreadPool::new(4);
/// let squares: Vec<_> = (0..3).map(|n| pool.submit(move || n * n)).collect();
/// let squares: Vec<u32> = squares.iter().map(|square| square.result().unwrap()).collect();
/// assert_eq!(squares, [0, 1, 4]);
/// ```
///
/// Jobs begin about in the order in which they were submitted: exactly so if there is one thread and they come from
/// outside. Of those that a job of the pool has submitted, its thread begins the latest first, and threads without work the
/// others. Dropping the pool takes no more jobs and waits for those that were submitted, as [`shutdown`](Self::shutdown)
/// does.
///
/// What a job borrows has to outlive the pool; see [`scope`](Self::scope):
///
/// ```compile_fail,E0597
/// let pool = threadcraft_pool::ThreadPool::new(1);
/// let text = String::from("borrowed");
/// let _ = pool.submit(|| println!("{text}"));
/// ```
#[doc(alias("ThreadPoolExecutor", "concurrent.futures.ThreadPoolExecutor", "executor"))]
pub struct ThreadPool {
    crew: Arc<Crew>,
}

/// What to do with jobs that have not begun, and whether to wait, when a pool is shut down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutdown {
    /// Wait until all jobs are done, and the threads have ended.
    Wait,
    /// Cancel the jobs that have not begun, and wait for those that have.
    WaitCancelPending,
    /// Return at once. The threads work off what was submitted, and end.
    NoWait,
}

impl ThreadPool {
    /// A pool of up to so many threads.
    ///
    /// # Panics
    ///
    /// If `max_workers` is 0; [`Builder::build`] gives an error instead.
    #[must_use]
    #[track_caller]
    pub fn new(max_workers: usize) -> Self {
        match Self::builder().max_workers(max_workers).build() {
            Ok(pool) => pool,
            Err(error) => panic!("{error}"),
        }
    }

    /// A pool with settings of its own.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Has a thread of the pool run `job`, and returns what becomes of it.
    ///
    /// Of a pool that takes no jobs, the future has ended with an error: [`TaskError::Cancelled`] after a shutdown,
    /// [`TaskError::BrokenPool`] if the pool is broken, or has no thread and the system starts none;
    /// [`try_submit`](Self::try_submit) says which, and why. In any case `job` is dropped.
    #[track_caller]
    pub fn submit<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Future<T> {
        self.crew.submit(job)
    }

    /// The same, with an error if the pool takes no job.
    ///
    /// # Errors
    ///
    /// If the pool was shut down, is broken, or has no thread and the system starts none.
    #[track_caller]
    pub fn try_submit<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Future<T>, SubmitError> {
        let (job, future) = Job::pair(self.crew.origin(), job);
        self.crew.put(job)?;
        Ok(future)
    }

    /// Has the pool apply `function` to all items, and returns the results in the order of the items.
    ///
    /// ```
    /// use threadcraft_pool::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2);
    /// let lengths: Result<Vec<usize>, _> = pool.map(["a", "bread"], |word| word.len()).collect();
    /// assert_eq!(lengths.unwrap(), [1, 5]);
    /// ```
    ///
    /// See [`Map`] for timeouts, for buffers of a limited size, and for chunks.
    #[track_caller]
    pub fn map<I, T, F>(&self, items: I, function: F) -> Map<I::IntoIter, F, T>
    where
        I: IntoIterator,
        I::Item: Send + 'static,
        T: Send + 'static,
        F: Fn(I::Item) -> T + Send + Sync + 'static,
    {
        Map::new(Arc::clone(&self.crew), items.into_iter(), function)
    }

    /// Has the pool apply `function` to all numbers of the range, and returns the values in their order, when all are there.
    ///
    /// For many cheap items it is faster than [`map`](Self::map), which has to take one item after the other from its
    /// iterator: a range is divided as it is.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use threadcraft_pool::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2);
    /// let words: Arc<[&str]> = ["a", "bread"].into();
    /// let lengths = pool.map_range(0..words.len(), move |place| words[place].len()).unwrap();
    /// assert_eq!(lengths, [1, 5]);
    /// ```
    ///
    /// # Errors
    ///
    /// The first that there is, in the order of the numbers; what has not begun is cancelled then.
    ///
    /// # Panics
    ///
    /// If the results need more memory than there is.
    #[doc(alias = "par_iter")]
    #[track_caller]
    pub fn map_range<T, F>(&self, numbers: Range<usize>, function: F) -> Result<Vec<T>, TaskError>
    where
        T: Send + 'static,
        F: Fn(usize) -> T + Send + Sync + 'static,
    {
        map_range(&self.crew, numbers, function)
    }

    /// Runs `body`, which may submit jobs that borrow from outside; returns when all of them are done.
    ///
    /// ```
    /// use threadcraft_pool::ThreadPool;
    ///
    /// let (pool, mut numbers) = (ThreadPool::new(2), [1, 2, 3]);
    /// pool.scope(|scope| {
    ///     for number in &mut numbers {
    ///         scope.submit(move || *number *= 10);
    ///     }
    /// });
    /// assert_eq!(numbers, [10, 20, 30]);
    /// ```
    ///
    /// Jobs that have not begun when the body panics are run, too, before the panic goes on.
    ///
    /// # Panics
    ///
    /// If `body` panics. A job's panic is in its future.
    #[track_caller]
    pub fn scope<'env, R>(&self, body: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> R) -> R {
        scope::run(&self.crew, body)
    }

    /// Takes no more jobs. What happens to those that were submitted, and whether it waits for them, is `how`.
    ///
    /// Called by a job of the pool, it never waits: the job would wait for itself. Called again, it does what is left to
    /// be done.
    #[track_caller]
    pub fn shutdown(&self, how: Shutdown) {
        self.crew.shut_down(Some(how));
    }

    /// Why the pool is broken, if it is.
    #[must_use]
    pub fn broken(&self) -> Option<BrokenPool> {
        self.crew.broken()
    }

    /// How many threads it has at most.
    #[must_use]
    pub fn max_workers(&self) -> usize {
        self.crew.settings.max_workers
    }

    /// How much it has to do at this moment.
    #[must_use]
    #[track_caller]
    pub fn metrics(&self) -> Metrics {
        call(&self.crew.object, "metrics", None, || self.crew.metrics(), |_, done| done.read())
    }
}

impl Crew {
    /// Puts a job into the queue, as a call of the program.
    #[track_caller]
    pub(crate) fn put(self: &Arc<Self>, job: JobRef) -> Result<(), SubmitError> {
        call(&self.object, "submit", None, || self.post(job), |_, done| done.wrote())
    }

    /// The same, and a job that is not taken has ended.
    #[track_caller]
    pub(crate) fn submit<T: Send + 'static>(
        self: &Arc<Self>,
        closure: impl FnOnce() -> T + Send + 'static,
    ) -> Future<T> {
        let (job, future) = Job::pair(self.origin(), closure);
        if let Err(error) = self.put(job) {
            refuse(&future.job, &error);
        }
        future
    }
}

/// Ends a job that was not taken.
#[track_caller]
pub(crate) fn refuse(job: &Job, error: &SubmitError) {
    let stage = if matches!(TaskError::from(error), TaskError::Cancelled) { Stage::Cancelled } else { Stage::Broken };
    end_pending(job, stage);
}

impl Drop for ThreadPool {
    /// Waits, unless it was shut down without waiting, or is dropped by one of its own jobs.
    #[track_caller]
    fn drop(&mut self) {
        self.crew.shut_down(None);
    }
}

/// Shows the most threads it may have and whether it takes jobs.
impl fmt::Debug for ThreadPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ThreadPool");
        shown.field("max_workers", &self.max_workers()).field("open", &!self.crew.is_closed());
        shown.finish_non_exhaustive()
    }
}

/// How a pool is to be.
///
/// ```
/// use threadcraft_pool::ThreadPool;
///
/// let pool = ThreadPool::builder().max_workers(2).thread_name_prefix("baker").build()?;
/// assert_eq!(pool.submit(|| 1 + 1).result().unwrap(), 2);
/// # Ok::<(), threadcraft_pool::BuildError>(())
/// ```
#[derive(Default)]
#[must_use = "a builder is no pool before `build`"]
pub struct Builder {
    max_workers: Option<usize>,
    prefix: Option<String>,
    stack_size: Option<usize>,
    initializer: Option<Initializer>,
}

impl Builder {
    /// The most threads, not counting those that stand in for workers that wait for other jobs. Without it, as many as
    /// the machine runs at a time.
    pub fn max_workers(mut self, count: usize) -> Self {
        self.max_workers = Some(count);
        self
    }

    /// What the threads are called: `prefix_0`, `prefix_1`. Without it a name that no other pool has.
    pub fn thread_name_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Stacks of so many bytes.
    pub fn stack_size(mut self, bytes: usize) -> Self {
        self.stack_size = Some(bytes);
        self
    }

    /// What each thread runs before its first job. If it panics, the pool is broken: all that waits and all that comes
    /// ends with [`TaskError::BrokenPool`].
    pub fn initializer(mut self, initializer: impl Fn() + Send + Sync + 'static) -> Self {
        self.initializer = Some(Box::new(initializer));
        self
    }

    /// The pool. It starts no thread before there is a job.
    ///
    /// # Errors
    ///
    /// If it is to have no workers, or the name contains a NUL.
    pub fn build(self) -> Result<ThreadPool, BuildError> {
        /// For names.
        static POOLS: PerProgram<Quiet<usize>> = PerProgram::new(Quiet::default);
        let max_workers = self.max_workers.unwrap_or_else(available_parallelism);
        if max_workers == 0 {
            return Err(BuildError::NoWorkers);
        }
        let prefix = self.prefix.unwrap_or_else(|| {
            let number = POOLS.get().with(|pools| mem::replace(pools, *pools + 1));
            format!("ThreadPool-{number}")
        });
        if prefix.contains('\0') {
            return Err(BuildError::InvalidName(prefix));
        }
        let settings = Settings { max_workers, prefix, stack_size: self.stack_size, initializer: self.initializer };
        let crew = Arc::new(Crew::new(settings));
        end_at_exit(&crew);
        Ok(ThreadPool { crew })
    }
}

/// Sees to it that the threads of a pool which nobody ends do not keep the program for ever: at its end, when no other
/// threads are left, they work off what was submitted, and end, as Python's do.
fn end_at_exit(crew: &Arc<Crew>) {
    static LIVING: Quiet<Vec<Weak<Crew>>> = Quiet::new(Vec::new());
    static ASKED: Quiet<bool> = Quiet::new(false);
    if is_explored() {
        return;
    }
    LIVING.with(|living| {
        living.retain(|crew| crew.strong_count() > 0);
        living.push(Arc::downgrade(crew));
    });
    if !ASKED.with(|asked| mem::replace(asked, true)) {
        at_exit(|| {
            let living = LIVING.with(|living| living.clone());
            living.iter().filter_map(Weak::upgrade).for_each(|crew| crew.shut_down(Some(Shutdown::NoWait)));
        });
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Builder");
        shown.field("max_workers", &self.max_workers).field("thread_name_prefix", &self.prefix);
        shown.field("stack_size", &self.stack_size).field("initializer", &self.initializer.is_some()).finish()
    }
}
