//! Right: the library's queue is such a tray, and shutting it down tells everybody.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use threadcraft::prelude::*;

type Job = Box<dyn FnOnce() + Send>;

pub struct Pool {
    jobs: Arc<Queue<Job>>,
    workers: Vec<Thread<usize>>,
}

impl Pool {
    /// So many workers, who begin at once.
    pub fn new(workers: usize) -> Self {
        let jobs = Arc::new(Queue::unbounded().named("jobs"));
        let worker = |_| {
            let jobs = Arc::clone(&jobs);
            spawn(move || work_off(&jobs))
        };
        let workers = (0..workers).map(worker).collect();
        Self { jobs, workers }
    }

    /// Hands in a job.
    pub fn submit(&self, job: impl FnOnce() + Send + 'static) {
        assert!(self.jobs.put(Box::new(job)).is_ok(), "the pool is open");
    }

    /// Takes nothing more, and comes back when all is done and the workers have gone: how many jobs panicked.
    pub fn close(self) -> usize {
        self.jobs.shutdown(false);
        self.workers.into_iter().map(|worker| worker.join().expect("a worker catches what a job throws")).sum()
    }
}

/// What each worker does; says how many of its jobs panicked.
fn work_off(jobs: &Queue<Job>) -> usize {
    let mut failed = 0;
    while let Ok(job) = jobs.get() {
        failed += usize::from(catch_unwind(AssertUnwindSafe(job)).is_err());
    }
    failed
}

pub fn main() {
    let pool = Pool::new(2);
    for shoe in 1..=3 {
        pool.submit(move || println!("shoe {shoe} is mended"));
    }
    let failed = pool.close();
    println!("jobs that failed: {failed}");
}
