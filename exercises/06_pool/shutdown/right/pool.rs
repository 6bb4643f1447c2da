//! Right: a pool of one worker; its futures know what became of the jobs.

use threadcraft::Future;
use threadcraft::prelude::*;

pub struct Office {
    pool: ThreadPool,
    jobs: Lock<Vec<Future<()>>>,
}

impl Office {
    pub fn new() -> Self {
        Self { pool: ThreadPool::new(1), jobs: Lock::new(Vec::new()).named("jobs") }
    }

    pub fn submit(&self, job: impl FnOnce() + Send + 'static) {
        let job = self.pool.submit(job);
        self.jobs.lock().push(job);
    }

    pub fn close(self) -> usize {
        self.pool.shutdown(Shutdown::Wait);
        self.jobs.into_inner().into_iter().filter(|job| job.result().is_err()).count()
    }
}

pub fn main() {
    let office = Office::new();
    for letter in 1..=3 {
        office.submit(move || println!("letter {letter} is answered"));
    }
    let failed = office.close();
    println!("jobs that failed: {failed}");
}
