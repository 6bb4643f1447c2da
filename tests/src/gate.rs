//! Jobs that wait to be let go, so that a test knows what a pool is at.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use threadcraft::{Event, TaskError, ThreadPool};

use crate::eventually::eventually;

/// A job that begins, says so, and waits to be let go.
#[derive(Debug)]
pub struct Gate {
    entered: Arc<AtomicUsize>,
    /// Lets all go.
    pub open: Arc<Event>,
}

impl Gate {
    /// A closed one.
    #[must_use]
    pub fn new() -> Self {
        Self { entered: Arc::new(AtomicUsize::new(0)), open: Arc::new(Event::new()) }
    }

    /// The job.
    pub fn job(&self) -> impl FnOnce() + Send + 'static {
        let (entered, open) = (Arc::clone(&self.entered), Arc::clone(&self.open));
        move || {
            entered.fetch_add(1, Ordering::SeqCst);
            open.wait();
        }
    }

    /// Returns when so many jobs have begun.
    #[track_caller]
    pub fn await_entered(&self, count: usize) {
        eventually("the jobs begin", || self.entered.load(Ordering::SeqCst) == count);
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

/// Opens the gate at the end, also when the test fails: the pool waits for its jobs.
impl Drop for Gate {
    fn drop(&mut self) {
        self.open.set();
    }
}

/// A pool whose one thread waits at a gate. A gate is declared after its pool: then it is dropped first, which opens it.
#[must_use]
pub fn occupied() -> (ThreadPool, Gate) {
    let (pool, gate) = (ThreadPool::new(1), Gate::new());
    drop(pool.submit(gate.job()));
    gate.await_entered(1);
    (pool, gate)
}

/// Whether the job was cancelled.
pub fn is_cancelled<T>(result: Result<T, TaskError>) -> bool {
    matches!(result, Err(TaskError::Cancelled))
}
