//! Parts of a pool, without the rest: a whole pool has more interleavings than can all be run, these have not. For proofs,
//! and no part of what the crate promises.

extern crate alloc;

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use threadcraft_lock::Lock;

use crate::crew::Crew;
use crate::desk::{Desk, OwnDesk};
use crate::future::Future;
use crate::job::{Job, Origin};
use crate::job_ref::JobRef;
use crate::pool::Shutdown;
use crate::roster::Settings;
use crate::seat::Seat;

/// A job that belongs to no pool: whoever has it runs it.
pub struct LoneJob(JobRef);

impl LoneJob {
    /// A job, and what becomes of it.
    pub fn new<T: Send + 'static>(closure: impl FnOnce() -> T + Send + 'static) -> (Self, Future<T>) {
        let (job, future) = Job::pair(Origin::default(), closure);
        (Self(job), future)
    }

    /// The same, and its owners are counted in its word, as they are where nothing is explored.
    pub fn counted<T: Send + 'static>(closure: impl FnOnce() -> T + Send + 'static) -> (Self, Future<T>) {
        let (job, future) = Job::pair(Origin { counted: true, ..Origin::default() }, closure);
        (Self(job), future)
    }

    /// Runs it as a worker does; false if it was cancelled.
    #[track_caller]
    pub fn run(self) -> bool {
        let claimed = self.0.core().claim_own();
        if claimed {
            self.0.run(None);
        }
        claimed
    }
}

/// The desk of a worker, for the one thread that is that.
pub struct LoneDesk(OwnDesk);

/// The same desk, for the others.
pub struct OthersDesk(Arc<Desk>);

impl LoneDesk {
    /// An empty desk.
    #[must_use]
    pub fn new() -> (Self, OthersDesk) {
        let desk = OwnDesk::new();
        let others = OthersDesk(desk.shared());
        (Self(desk), others)
    }

    /// One more job.
    pub fn put(&self, job: LoneJob) {
        self.0.push(job.0);
    }

    /// The last job.
    #[must_use]
    pub fn take(&self) -> Option<LoneJob> {
        self.0.pop().map(LoneJob)
    }
}

impl OthersDesk {
    /// The first half of the jobs.
    #[must_use]
    pub fn split(&self) -> Vec<LoneJob> {
        self.0.split().into_iter().map(LoneJob).collect()
    }

    /// How many jobs there are that nobody has begun.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.0.pending()
    }
}

/// The threads of a pool and their shelves; the threads are the caller's.
pub struct LoneCrew {
    crew: Arc<Crew>,
    desks: Lock<Vec<(usize, OwnDesk)>>,
}

impl LoneCrew {
    /// So many threads count as started and on their way.
    #[must_use]
    pub fn new(workers: usize) -> Self {
        let settings = Settings { max_workers: workers, prefix: String::new(), stack_size: None, initializer: None };
        let crew = Arc::new(Crew::new(settings));
        let desks: Vec<_> = (0..workers).map(|number| (number, crew.enlist(&mut crew.roster.lock()))).collect();
        Self { crew, desks: Lock::new(desks) }
    }

    /// What a worker does, in the thread that calls: until the pool has ended, or it has run so many jobs.
    fn work(&self, most: usize) {
        let (number, desk) = self.desks.lock().pop().expect("as many as were asked for");
        let seat = Seat::take(Arc::clone(&self.crew), desk);
        for _ in 0..most {
            let Some(job) = self.crew.search(&seat, number) else { break };
            seat.settle();
            LoneJob(job).run();
        }
    }

    /// Finds one job, and runs it.
    pub fn work_once(&self) {
        self.work(1);
    }

    /// Runs jobs until the pool is closed and none is left.
    pub fn work_to_the_end(&self) {
        self.work(usize::MAX);
    }

    /// Has one of them run the job.
    #[track_caller]
    pub fn submit<T: Send + 'static>(&self, closure: impl FnOnce() -> T + Send + 'static) -> Future<T> {
        self.crew.submit(closure)
    }

    /// Takes no more jobs; they leave when there are none.
    #[track_caller]
    pub fn shut_down(&self, how: Shutdown) {
        self.crew.shut_down(Some(how));
    }
}
