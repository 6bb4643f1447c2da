//! A pool of workers: a tray of jobs, a lock, and a condition to sleep at.

use std::collections::VecDeque;
use std::sync::Arc;

use threadcraft::prelude::*;

type Job = Box<dyn FnOnce() + Send>;

/// What the workers share.
struct Tray {
    jobs: VecDeque<Job>,
    closed: bool,
}

struct Shop {
    tray: Lock<Tray>,
    changed: Condition,
}

pub struct Pool {
    shop: Arc<Shop>,
    workers: Vec<Thread<usize>>,
}

impl Pool {
    /// So many workers, who begin at once.
    pub fn new(workers: usize) -> Self {
        let tray = Lock::new(Tray { jobs: VecDeque::new(), closed: false }).named("tray");
        let shop = Arc::new(Shop { tray, changed: Condition::new().named("changed") });
        let worker = |_| {
            let shop = Arc::clone(&shop);
            spawn(move || work_off(&shop))
        };
        let workers = (0..workers).map(worker).collect();
        Self { shop, workers }
    }

    /// Hands in a job.
    pub fn submit(&self, job: impl FnOnce() + Send + 'static) {
        // TODO: somebody may be asleep …
        self.shop.tray.lock().jobs.push_back(Box::new(job));
    }

    /// Takes nothing more, and comes back when all is done and the workers have gone: how many jobs panicked.
    pub fn close(self) -> usize {
        // TODO: … and who is told that it is over, and who waits for whom?
        self.shop.tray.lock().closed = true;
        0
    }
}

/// What each worker does; says how many of its jobs panicked.
fn work_off(shop: &Shop) -> usize {
    // TODO: an empty tray is no reason to go home, and a job that panics is none, either.
    while let Some(job) = shop.tray.lock().jobs.pop_front() {
        job();
    }
    0
}

pub fn main() {
    let pool = Pool::new(2);
    for shoe in 1..=3 {
        pool.submit(move || println!("shoe {shoe} is mended"));
    }
    let failed = pool.close();
    println!("jobs that failed: {failed}");
}
