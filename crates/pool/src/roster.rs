//! What a pool is made with, and what its lock protects.

extern crate alloc;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use threadcraft_thread::Thread;

use crate::desk::Desk;
use crate::error::BrokenPool;

/// What each worker runs before its first job.
pub(crate) type Initializer = Box<dyn Fn() + Send + Sync>;

/// How a pool is made.
pub(crate) struct Settings {
    pub(crate) max_workers: usize,
    pub(crate) prefix: String,
    pub(crate) stack_size: Option<usize>,
    pub(crate) initializer: Option<Initializer>,
}

/// What the lock of a crew protects.
#[derive(Default)]
pub(crate) struct Roster {
    /// Workers that have been started and have not left.
    pub(crate) live: usize,
    /// Workers that wait for a job of the pool: others may stand in for them.
    pub(crate) blocked: usize,
    /// Jobs that workers have run to their end who have left.
    pub(crate) done: usize,
    /// Threads ever started, for their names.
    pub(crate) started: usize,
    /// As many are live as may be, and the word of the watch says so.
    pub(crate) full: bool,
    /// No more jobs are taken, and workers leave when the shelves are empty.
    pub(crate) closed: bool,
    /// It was shut down without waiting: then its end does not wait, either.
    pub(crate) let_go: bool,
    pub(crate) broken: Option<BrokenPool>,
    /// The desks of the workers, by their numbers.
    pub(crate) desks: Vec<(usize, Arc<Desk>)>,
    /// The threads, by their numbers, to be joined.
    pub(crate) threads: Vec<(usize, Thread<()>)>,
}

/// How much a pool has to do at a moment.
///
/// ```
/// use std::sync::mpsc;
/// use threadcraft_pool::{Metrics, Shutdown, ThreadPool};
///
/// let pool = ThreadPool::new(1);
/// let (begun, has_begun) = mpsc::channel();
/// let (go, may_go) = mpsc::channel();
/// let _ = pool.submit(move || {
///     begun.send(()).unwrap();
///     may_go.recv().unwrap();
/// });
/// let _ = pool.submit(|| ());
/// has_begun.recv().unwrap();
/// assert_eq!(pool.metrics(), Metrics { queued: 1, running: 1, done: 0, threads: 1 });
///
/// go.send(()).unwrap();
/// pool.shutdown(Shutdown::Wait);
/// assert_eq!(pool.metrics().done, 2);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metrics {
    /// Jobs that have not begun.
    pub queued: usize,
    /// Jobs that run.
    pub running: usize,
    /// Jobs that have run to their end, by a panic, too.
    pub done: usize,
    /// Threads that have been started and have not ended.
    pub threads: usize,
}
