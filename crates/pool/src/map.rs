//! A function applied to many items.

extern crate alloc;

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::{self, Vec};
use core::fmt;
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use threadcraft_platform::Instant;
use threadcraft_platform::thread::{is_teardown, panicking};

use crate::crew::Crew;
use crate::error::{TaskError, TaskPanic};
use crate::future::Future;
use crate::job::Task;

/// The results of [`ThreadPool::map`](crate::ThreadPool::map), in the order of the items (Python's `Executor.map`).
///
/// ```
/// use threadcraft_pool::ThreadPool;
///
/// let pool = ThreadPool::new(2);
/// let squares = pool.map(1..=1000_u64, |n| n * n).chunk_size(100);
/// assert_eq!(squares.map(Result::unwrap).sum::<u64>(), 333_833_500);
/// ```
///
/// An item whose function panics is an error, and the others are what they are. The jobs are submitted when the first
/// result is asked for, by [`start`](Self::start), or when a map that nobody has asked is dropped; those that have not
/// begun are cancelled when one is dropped that somebody has asked.
#[must_use = "results are waited for when they are asked for"]
pub struct Map<I, F, T>
where
    I: Iterator,
    I::Item: Send + 'static,
    T: Send + 'static,
    F: Fn(I::Item) -> T + Send + Sync + 'static,
{
    crew: Arc<Crew>,
    /// `None` when it is exhausted.
    items: Option<I>,
    function: Arc<F>,
    chunk_size: usize,
    /// The most jobs that are submitted ahead.
    buffer_size: usize,
    timeout: Option<Duration>,
    started: bool,
    deadline: Option<Instant>,
    submitted: VecDeque<Future<Vec<Result<T, TaskError>>>>,
    ready: vec::IntoIter<Result<T, TaskError>>,
}

impl<I, F, T> Map<I, F, T>
where
    I: Iterator,
    I::Item: Send + 'static,
    T: Send + 'static,
    F: Fn(I::Item) -> T + Send + Sync + 'static,
{
    pub(crate) fn new(crew: Arc<Crew>, items: I, function: F) -> Self {
        Self {
            crew,
            items: Some(items),
            function: Arc::new(function),
            chunk_size: 1,
            buffer_size: usize::MAX,
            timeout: None,
            started: false,
            deadline: None,
            submitted: VecDeque::new(),
            ready: Vec::new().into_iter(),
        }
    }

    /// So many items a job, instead of one: for functions that take little time.
    ///
    /// # Panics
    ///
    /// If it is 0.
    #[track_caller]
    pub fn chunk_size(mut self, items: usize) -> Self {
        assert!(items > 0, "a chunk of 0 items: it takes at least 1");
        self.chunk_size = items;
        self
    }

    /// At most so many jobs whose results were not asked for, instead of all: for long or endless iterators.
    ///
    /// # Panics
    ///
    /// If it is 0.
    #[doc(alias = "buffersize")]
    #[track_caller]
    pub fn buffer_size(mut self, jobs: usize) -> Self {
        assert!(jobs > 0, "a buffer for 0 jobs: it takes at least 1");
        self.buffer_size = jobs;
        self
    }

    /// Gives up when all results together take longer, counted from the start: the result that is then waited for is
    /// [`TaskError::TimedOut`], the jobs that have not begun are cancelled, and nothing follows.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Submits the jobs now. Does nothing if it has begun.
    #[track_caller]
    pub fn start(mut self) -> Self {
        self.begin();
        self
    }

    fn begin(&mut self) {
        if !self.started {
            self.started = true;
            self.deadline = self.timeout.and_then(Instant::after);
            self.fill();
        }
    }

    /// Submits as many jobs as the buffer holds.
    fn fill(&mut self) {
        while let Some(items) = &mut self.items
            && self.submitted.len() < self.buffer_size
        {
            let chunk: Vec<I::Item> = items.take(self.chunk_size).collect();
            if chunk.is_empty() {
                self.items = None;
                return;
            }
            let function = Arc::clone(&self.function);
            let job = move || chunk.into_iter().map(|item| apply(&*function, item)).collect();
            self.submitted.push_back(self.crew.submit(Task::new(&self.crew, job)));
        }
    }

    /// Cancels what has not begun; nothing follows.
    fn stop(&mut self) {
        self.items = None;
        for job in self.submitted.drain(..) {
            job.cancel();
        }
    }
}

/// Applies the function to one item: a panic belongs to this item alone.
fn apply<I, T>(function: &impl Fn(I) -> T, item: I) -> Result<T, TaskError> {
    // Unwind safe: whoever sees what the panic left half done is told of it.
    match catch_unwind(AssertUnwindSafe(|| function(item))) {
        Ok(value) => Ok(value),
        Err(payload) if is_teardown(&*payload) => resume_unwind(payload),
        Err(payload) => Err(TaskError::Panicked(TaskPanic::new(payload))),
    }
}

impl<I, F, T> Iterator for Map<I, F, T>
where
    I: Iterator,
    I::Item: Send + 'static,
    T: Send + 'static,
    F: Fn(I::Item) -> T + Send + Sync + 'static,
{
    type Item = Result<T, TaskError>;

    #[track_caller]
    fn next(&mut self) -> Option<Self::Item> {
        if let Some(ready) = self.ready.next() {
            return Some(ready);
        }
        self.begin();
        let job = self.submitted.front()?;
        let chunk = match self.deadline {
            Some(deadline) => job.result_until(deadline),
            None => job.result(),
        };
        match chunk {
            Ok(chunk) => {
                self.submitted.pop_front();
                self.fill();
                self.ready = chunk.into_iter();
                self.ready.next()
            }
            Err(error) => {
                // No time, or no pool: the same would be said of all that follow.
                self.stop();
                Some(Err(error))
            }
        }
    }
}

impl<I, F, T> Drop for Map<I, F, T>
where
    I: Iterator,
    I::Item: Send + 'static,
    T: Send + 'static,
    F: Fn(I::Item) -> T + Send + Sync + 'static,
{
    fn drop(&mut self) {
        if self.started {
            self.stop();
        } else if !panicking() {
            self.begin();
        }
    }
}

impl<I, F, T> fmt::Debug for Map<I, F, T>
where
    I: Iterator,
    I::Item: Send + 'static,
    T: Send + 'static,
    F: Fn(I::Item) -> T + Send + Sync + 'static,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Map");
        shown.field("started", &self.started).field("submitted", &self.submitted.len()).finish_non_exhaustive()
    }
}
