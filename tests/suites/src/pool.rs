//! Programs for pools.

use std::sync::Arc;

use threadcraft::{Future, Shutdown, ThreadPool, spawn};

use super::Unprotected;

/// A pool, as far as these programs need it.
pub trait Pool: Send + Sync + 'static {
    /// What is held of a job.
    type Job: Send + Sync + 'static;
    /// One of up to so many threads.
    fn new(workers: usize) -> Self;
    /// Takes a job.
    fn submit(&self, job: impl FnOnce() + Send + 'static) -> Self::Job;
    /// Waits for the jobs, and for the threads.
    fn shut_down(&self);
}

/// Pools whose jobs can be waited for, and cancelled.
pub trait FuturePool: Pool<Job: Job> {
    /// Cancels the jobs that have not begun, and waits for the others, and for the threads.
    fn shut_down_now(&self);
    /// How many threads there are.
    fn threads(&self) -> usize;
}

/// A job that was submitted.
pub trait Job: Send + Sync + 'static {
    /// Cancels it, if it has not begun.
    fn cancel(&self) -> bool;
    /// Waits for its end; true if it has run.
    fn wait(&self) -> bool;
}

impl Pool for ThreadPool {
    type Job = Future<()>;
    #[track_caller]
    fn new(workers: usize) -> Self {
        Self::new(workers)
    }
    #[track_caller]
    fn submit(&self, job: impl FnOnce() + Send + 'static) -> Future<()> {
        self.submit(job)
    }
    #[track_caller]
    fn shut_down(&self) {
        self.shutdown(Shutdown::Wait);
    }
}

impl FuturePool for ThreadPool {
    #[track_caller]
    fn shut_down_now(&self) {
        self.shutdown(Shutdown::WaitCancelPending);
    }
    #[track_caller]
    fn threads(&self) -> usize {
        self.metrics().threads
    }
}

impl Job for Future<()> {
    #[track_caller]
    fn cancel(&self) -> bool {
        self.cancel()
    }
    #[track_caller]
    fn wait(&self) -> bool {
        self.result().is_ok()
    }
}

/// A job that adds one to a number which nothing else protects.
fn adder(number: &Arc<Unprotected>) -> impl FnOnce() + Send + 'static {
    let number = Arc::clone(number);
    move || number.add_one()
}

/// Jobs one after the other, each waited for. Comes to what they wrote and how many threads it took: one.
pub fn one_by_one<P: FuturePool>(jobs: u32) -> (u32, usize) {
    let (pool, number) = (P::new(2), Arc::new(Unprotected::new()));
    // Kept: an address that is used again is another one in the next run, and the explorer knows futexes by theirs.
    let mut ended = Vec::new();
    for _ in 0..jobs {
        let job = pool.submit(adder(&number));
        assert!(job.wait(), "nobody cancels it");
        ended.push(job);
    }
    // Before anything else that could order it.
    let written = number.get();
    let threads = pool.threads();
    pool.shut_down();
    (written, threads)
}

/// A job that is cancelled while it may begin. Comes to whether it was, and whether it ran: one or the other.
pub fn cancel<P: FuturePool>() -> (bool, u32) {
    let (pool, number) = (P::new(1), Arc::new(Unprotected::new()));
    let cancelled = pool.submit(adder(&number)).cancel();
    pool.shut_down();
    (cancelled, number.get())
}

/// A job that another thread waits for, and this one cancels. Comes to whether it was cancelled and whether the other
/// was told that it ran.
pub fn cancel_and_wait<P: FuturePool>() -> (bool, bool) {
    let pool = P::new(1);
    let job = Arc::new(pool.submit(|| ()));
    let waiter = spawn({
        let job = Arc::clone(&job);
        move || job.wait()
    });
    let cancelled = job.cancel();
    (cancelled, waiter.join().expect("the threads of a model do not panic"))
}

/// Jobs, and at once the end. Comes to how many were run: all.
pub fn last_job<P: Pool>(jobs: usize) -> u32 {
    let (pool, number) = (P::new(1), Arc::new(Unprotected::new()));
    let _kept: Vec<_> = (0..jobs).map(|_| pool.submit(adder(&number))).collect();
    pool.shut_down();
    number.get()
}

/// A job, and at once an end that cancels. Comes to whether the future says that it ran, and whether it did.
pub fn cancelled_by_the_end<P: FuturePool>() -> (bool, u32) {
    let (pool, number) = (P::new(1), Arc::new(Unprotected::new()));
    let job = pool.submit(adder(&number));
    pool.shut_down_now();
    (job.wait(), number.get())
}

/// A job that waits for another one of a pool of one thread. Comes to what they wrote.
pub fn nested<P: FuturePool>() -> u32 {
    let (pool, number) = (Arc::new(P::new(1)), Arc::new(Unprotected::new()));
    let outer = pool.submit({
        let (pool, number) = (Arc::clone(&pool), Arc::clone(&number));
        move || {
            assert!(pool.submit(adder(&number)).wait(), "nobody cancels it");
            number.add_one();
        }
    });
    assert!(outer.wait(), "nobody cancels it");
    pool.shut_down();
    number.get()
}

/// Two jobs together on two threads, which wait for each other to have begun. Comes to its end.
pub fn both_run<P: FuturePool>() -> bool {
    let (pool, meeting) = (P::new(2), Arc::new(threadcraft::Barrier::new(2)));
    let jobs = [1, 2].map(|_| {
        let meeting = Arc::clone(&meeting);
        pool.submit(move || {
            let _ = meeting.wait();
        })
    });
    let ran = jobs.iter().all(Job::wait);
    pool.shut_down();
    ran
}

/// A job that waits for an event which the one behind it sets, on two threads of which the other has work of its own
/// first. Comes to its end: what one has taken, and does not get to, the other runs.
pub fn behind_one_that_waits<P: FuturePool>() -> bool {
    let (pool, done) = (P::new(2), Arc::new(threadcraft::Event::new()));
    let submit = |job: Box<dyn FnOnce() + Send>| pool.submit(job);
    let (first, second) = (Arc::clone(&done), Arc::clone(&done));
    let jobs = [
        submit(Box::new(|| ())),
        submit(Box::new(move || first.wait())),
        submit(Box::new(move || second.set())),
        submit(Box::new(|| ())),
    ];
    jobs.iter().all(Job::wait)
}

/// A job that submits one and then waits for what that does, on two threads of which the other may have another job
/// first. Comes to its end.
pub fn submitted_and_left<P: FuturePool>(others: usize) -> bool {
    let (pool, done) = (Arc::new(P::new(2)), Arc::new(threadcraft::Event::new()));
    let outer = pool.submit({
        let (pool, done) = (Arc::clone(&pool), Arc::clone(&done));
        move || {
            let set = Arc::clone(&done);
            let _inner = pool.submit(move || set.set());
            done.wait();
        }
    });
    let others: Vec<_> = (0..others).map(|_| pool.submit(|| ())).collect();
    let ran = outer.wait() && others.iter().all(Job::wait);
    pool.shut_down();
    ran
}

/// A job of a pool without threads, submitted beside the end of the pool. Comes to whether it is said to have run, and
/// whether it had when the end was waited for.
pub fn submit_against_the_end<P: FuturePool>() -> (bool, u32) {
    let (pool, number) = (Arc::new(P::new(1)), Arc::new(Unprotected::new()));
    let submitter = spawn({
        let (pool, job) = (Arc::clone(&pool), adder(&number));
        move || pool.submit(job)
    });
    pool.shut_down();
    let job = submitter.join().expect("the threads of a model do not panic");
    (job.wait(), number.get())
}
