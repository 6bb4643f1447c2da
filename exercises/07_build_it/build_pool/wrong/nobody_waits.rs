//! Wrong: the last jobs may still be going on when it comes back.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
        let mut tray = self.shop.tray.lock();
        tray.jobs.push_back(Box::new(job));
        self.shop.changed.notify_one(&mut tray);
    }

    /// Takes nothing more, and comes back when all is done and the workers have gone: how many jobs panicked.
    pub fn close(self) -> usize {
        let mut tray = self.shop.tray.lock();
        tray.closed = true;
        self.shop.changed.notify_all(&mut tray);
        0
    }
}

/// What each worker does; says how many of its jobs panicked.
fn work_off(shop: &Shop) -> usize {
    let mut failed = 0;
    let mut tray = shop.tray.lock();
    loop {
        if let Some(job) = tray.jobs.pop_front() {
            drop(tray);
            failed += usize::from(catch_unwind(AssertUnwindSafe(job)).is_err());
            tray = shop.tray.lock();
        } else if tray.closed {
            return failed;
        } else {
            shop.changed.wait(&mut tray);
        }
    }
}

pub fn main() {
    let pool = Pool::new(2);
    for shoe in 1..=3 {
        pool.submit(move || println!("shoe {shoe} is mended"));
    }
    let failed = pool.close();
    println!("jobs that failed: {failed}");
}
