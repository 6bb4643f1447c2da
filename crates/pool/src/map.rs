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
use crate::vector::{Part, Whole};

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
    submitted: VecDeque<Future<Chunk<T>>>,
    ready: Ready<T>,
}

/// What came of the items of one job: the values, and the panics, each with the place at which it stands among both.
struct Chunk<T> {
    values: Vec<T>,
    panics: Vec<(usize, TaskPanic)>,
}

/// The same on its way out.
struct Ready<T> {
    values: vec::IntoIter<T>,
    panics: VecDeque<(usize, TaskPanic)>,
    /// The place of the next one.
    place: usize,
}

impl<T> From<Chunk<T>> for Ready<T> {
    fn from(chunk: Chunk<T>) -> Self {
        Self { values: chunk.values.into_iter(), panics: chunk.panics.into(), place: 0 }
    }
}

impl<T> Ready<T> {
    #[inline]
    fn next(&mut self) -> Option<Result<T, TaskError>> {
        self.place += 1;
        let panic = self.panics.pop_front_if(|(place, _)| *place + 1 == self.place);
        match panic {
            Some((_, panic)) => Some(Err(TaskError::Panicked(panic))),
            None => self.values.next().map(Ok),
        }
    }
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
            ready: Chunk { values: Vec::new(), panics: Vec::new() }.into(),
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

    /// All values, or the first error; what has not begun is cancelled then. Faster than collecting results one by one, where
    /// items are many and cheap.
    ///
    /// ```
    /// let pool = threadcraft_pool::ThreadPool::new(2);
    /// let squares = pool.map(1..=1000_u64, |n| n * n).chunk_size(100).into_vec().unwrap();
    /// assert_eq!(squares[999], 1_000_000);
    /// ```
    ///
    /// # Errors
    ///
    /// The first that there is among the results.
    #[track_caller]
    pub fn into_vec(mut self) -> Result<Vec<T>, TaskError> {
        let expected = self.items.as_ref().map_or(0, |items| items.size_hint().0);
        let whole = if self.started { None } else { Whole::new(expected) };
        let mut values = match whole {
            Some(whole) => self.fill_whole(whole)?,
            None => Vec::new(),
        };
        self.begin();
        self.fill();
        // What was submitted before, and what there is beyond what was expected.
        while let Some(result) = self.next() {
            values.push(result?);
            if self.ready.panics.is_empty() {
                self.ready.place += self.ready.values.len();
                values.extend(self.ready.values.by_ref());
            }
        }
        Ok(values)
    }

    /// The values of as many items as there are places, or of all if they are fewer. The jobs write them where they are to
    /// be.
    #[track_caller]
    fn fill_whole(&mut self, mut whole: Whole<T>) -> Result<Vec<T>, TaskError> {
        self.set_out();
        let mut jobs = Submitted(VecDeque::new());
        loop {
            while jobs.0.len() < self.buffer_size
                && whole.places() > 0
                && let Some(items) = self.next_chunk(whole.places())
            {
                let (function, part) = (Arc::clone(&self.function), whole.part(items.len()));
                jobs.0.push_back(self.crew.submit(move || filled(part, items.into_iter().map(&*function))));
            }
            let Some(job) = jobs.0.front() else { return Ok(whole.into_vector()) };
            whole.keep(self.result_of(job)?.map_err(TaskError::Panicked)?);
            jobs.0.pop_front();
        }
    }

    /// Submits the jobs now. Does nothing if it has begun.
    #[track_caller]
    pub fn start(mut self) -> Self {
        self.begin();
        self
    }

    fn begin(&mut self) {
        if !self.started {
            self.set_out();
            self.fill();
        }
    }

    /// The time begins.
    fn set_out(&mut self) {
        self.started = true;
        self.deadline = self.timeout.and_then(Instant::after);
    }

    /// The items of the next job, at most so many.
    fn next_chunk(&mut self, most: usize) -> Option<Vec<I::Item>> {
        let chunk: Vec<I::Item> = self.items.as_mut()?.take(self.chunk_size.min(most)).collect();
        if chunk.is_empty() {
            self.items = None;
            return None;
        }
        Some(chunk)
    }

    /// What came of a job, in time.
    #[track_caller]
    fn result_of<R>(&self, job: &Future<R>) -> Result<R, TaskError> {
        match self.deadline {
            Some(deadline) => job.result_until(deadline),
            None => job.result(),
        }
    }

    /// Submits as many jobs as the buffer holds.
    fn fill(&mut self) {
        while self.submitted.len() < self.buffer_size
            && let Some(items) = self.next_chunk(usize::MAX)
        {
            let function = Arc::clone(&self.function);
            self.submitted.push_back(self.crew.submit(move || apply_to_all(&*function, items)));
        }
    }

    /// Cancels what has not begun; nothing follows.
    fn stop(&mut self) {
        self.items = None;
        cancel(&mut self.submitted);
    }
}

/// Cancels what has not begun.
fn cancel<R>(jobs: &mut VecDeque<Future<R>>) {
    for job in jobs.drain(..) {
        job.cancel();
    }
}

/// Jobs that are cancelled when nobody waits for them any more.
pub(crate) struct Submitted<R>(pub(crate) VecDeque<Future<R>>);

impl<R> Drop for Submitted<R> {
    fn drop(&mut self) {
        cancel(&mut self.0);
    }
}

/// The part with these values, if none of them panics.
pub(crate) fn filled<T>(mut part: Part<T>, values: impl Iterator<Item = T>) -> Result<Part<T>, TaskPanic> {
    caught(|| part.extend(values)).map(|()| part)
}

/// Applies a function to items, until it panics.
fn caught(apply: impl FnOnce()) -> Result<(), TaskPanic> {
    // Unwind safe: whoever sees what the panic left half done is told of it.
    match catch_unwind(AssertUnwindSafe(apply)) {
        Ok(()) => Ok(()),
        Err(payload) if is_teardown(&*payload) => resume_unwind(payload),
        Err(payload) => Err(TaskPanic::new(payload)),
    }
}

/// Applies the function to all items: a panic belongs to its item alone.
fn apply_to_all<I, T>(function: &impl Fn(I) -> T, items: Vec<I>) -> Chunk<T> {
    let mut chunk = Chunk { values: Vec::with_capacity(items.len()), panics: Vec::new() };
    let mut items = items.into_iter();
    while let Err(panic) = caught(|| items.by_ref().for_each(|item| chunk.values.push(function(item)))) {
        chunk.panics.push((chunk.values.len() + chunk.panics.len(), panic));
    }
    chunk
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
        match self.result_of(job) {
            Ok(chunk) => {
                self.submitted.pop_front();
                self.fill();
                self.ready = chunk.into();
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
