//! Wrong: the clerk catches the panic, and goes home.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use threadcraft::prelude::*;

type Job = Box<dyn FnOnce() + Send>;

pub struct Office {
    jobs: Arc<Queue<Job>>,
    clerk: Thread<usize>,
}

impl Office {
    pub fn new() -> Self {
        let jobs = Arc::new(Queue::unbounded().named("jobs"));
        let clerk = spawn({
            let jobs = Arc::clone(&jobs);
            move || work_off(&jobs)
        });
        Self { jobs, clerk }
    }

    /// Hands in a job.
    pub fn submit(&self, job: impl FnOnce() + Send + 'static) {
        assert!(self.jobs.put(Box::new(job)).is_ok(), "the office is open");
    }

    /// Takes nothing more, waits until all is done, and says how many jobs panicked.
    pub fn close(self) -> usize {
        self.jobs.shutdown(false);
        self.clerk.join().expect("the clerk catches what a job throws")
    }
}

/// What the clerk does all day; says how many jobs panicked.
fn work_off(jobs: &Queue<Job>) -> usize {
    let mut failed = 0;
    while let Ok(job) = jobs.get() {
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            return 1;
        }
    }
    failed
}

pub fn main() {
    let office = Office::new();
    for letter in 1..=3 {
        office.submit(move || println!("letter {letter} is answered"));
    }
    let failed = office.close();
    println!("jobs that failed: {failed}");
}
