//! The pools, each as what all of them can do.

use std::sync::mpsc;

use rayon::ThreadPoolBuilder;
use threadcraft::{Future, ThreadPool};

/// A pool that runs jobs and gives results.
pub(crate) trait Runs: Sync + Send + 'static {
    const NAME: &'static str;
    /// What is held of a job.
    type Job<T: Send + 'static>: Send;
    fn new(workers: usize) -> Self;
    /// A job whose end nobody asks for.
    fn run(&self, job: impl FnOnce() + Send + 'static);
    fn submit<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Self::Job<T>;
    fn get<T: Send + 'static>(job: Self::Job<T>) -> T;
}

impl Runs for ThreadPool {
    const NAME: &'static str = "ours";
    type Job<T: Send + 'static> = Future<T>;
    fn new(workers: usize) -> Self {
        Self::new(workers)
    }
    fn run(&self, job: impl FnOnce() + Send + 'static) {
        drop(self.submit(job));
    }
    fn submit<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Future<T> {
        self.submit(job)
    }
    fn get<T: Send + 'static>(job: Future<T>) -> T {
        job.result().expect("it does not fail")
    }
}

/// A result by a channel, for pools that have none.
fn channelled<T: Send + 'static>(
    job: impl FnOnce() -> T + Send + 'static,
) -> (impl FnOnce() + Send + 'static, mpsc::Receiver<T>) {
    let (sender, receiver) = mpsc::sync_channel(1);
    let job = move || {
        // Nobody may be there to take it.
        let _ = sender.send(job());
    };
    (job, receiver)
}

impl Runs for rayon::ThreadPool {
    const NAME: &'static str = "rayon";
    type Job<T: Send + 'static> = mpsc::Receiver<T>;
    fn new(workers: usize) -> Self {
        ThreadPoolBuilder::new().num_threads(workers).build().expect("it starts")
    }
    fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.spawn(job);
    }
    fn submit<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> mpsc::Receiver<T> {
        let (job, receiver) = channelled(job);
        self.spawn(job);
        receiver
    }
    fn get<T: Send + 'static>(job: mpsc::Receiver<T>) -> T {
        job.recv().expect("it does not fail")
    }
}

/// `threadpool` keeps its queue behind a mutex of its own; its handle cannot be shared without one.
pub(crate) struct Threadpool(threadpool::ThreadPool);

impl Runs for Threadpool {
    const NAME: &'static str = "threadpool";
    type Job<T: Send + 'static> = mpsc::Receiver<T>;
    fn new(workers: usize) -> Self {
        Self(threadpool::ThreadPool::new(workers))
    }
    fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.0.execute(job);
    }
    fn submit<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> mpsc::Receiver<T> {
        let (job, receiver) = channelled(job);
        self.0.execute(job);
        receiver
    }
    fn get<T: Send + 'static>(job: mpsc::Receiver<T>) -> T {
        job.recv().expect("it does not fail")
    }
}

impl Runs for rusty_pool::ThreadPool {
    const NAME: &'static str = "rusty_pool";
    type Job<T: Send + 'static> = rusty_pool::JoinHandle<T>;
    fn new(workers: usize) -> Self {
        rusty_pool::Builder::new().core_size(workers).max_size(workers).build()
    }
    fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.execute(job);
    }
    fn submit<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Self::Job<T> {
        self.evaluate(job)
    }
    fn get<T: Send + 'static>(job: Self::Job<T>) -> T {
        job.await_complete()
    }
}

/// tokio's threads for blocking jobs.
pub(crate) struct Tokio(tokio::runtime::Runtime);

impl Runs for Tokio {
    const NAME: &'static str = "tokio spawn_blocking";
    type Job<T: Send + 'static> = (tokio::runtime::Handle, tokio::task::JoinHandle<T>);
    fn new(workers: usize) -> Self {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        Self(builder.worker_threads(1).max_blocking_threads(workers).build().expect("it starts"))
    }
    fn run(&self, job: impl FnOnce() + Send + 'static) {
        drop(self.0.spawn_blocking(job));
    }
    fn submit<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Self::Job<T> {
        (self.0.handle().clone(), self.0.spawn_blocking(job))
    }
    fn get<T: Send + 'static>((runtime, job): Self::Job<T>) -> T {
        runtime.block_on(job).expect("it does not fail")
    }
}
