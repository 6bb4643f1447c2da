//! Races of a pool's parts: a whole pool has more interleavings, with every access a step, than can all be run.

use std::sync::Arc;

use threadcraft::{Shutdown, spawn};
use threadcraft_pool::parts::{LoneCrew, LoneJob};

use crate::model::Unprotected;

/// A job that adds one to a number which nothing else protects.
fn adder(number: &Arc<Unprotected>) -> impl FnOnce() + Send + 'static {
    let number = Arc::clone(number);
    move || number.add_one()
}

/// A job of no pool, run by one and cancelled by another. Comes to whether each of them says that it was first, and
/// whether it ran.
pub fn lone_cancel() -> (bool, bool, u32) {
    let number = Arc::new(Unprotected::new());
    let (job, future) = LoneJob::new(adder(&number));
    let runner = spawn(move || job.run());
    let cancelled = future.cancel();
    (runner.join().expect("the threads of a model do not panic"), cancelled, number.get())
}

/// A job of no pool, run by one and waited for by another. Comes to what it wrote.
pub fn lone_wait() -> u32 {
    let number = Arc::new(Unprotected::new());
    let (job, future) = LoneJob::new(adder(&number));
    let runner = spawn(move || job.run());
    assert!(future.result().is_ok(), "nobody cancels it");
    // Before anything else that could order it.
    let written = number.get();
    assert!(runner.join().is_ok_and(|ran| ran), "nobody cancels it");
    written
}

/// A job of no pool ends while somebody asks to be told, and lets go of its future. Comes to how often that was told, and
/// how many of its values are left: none.
pub fn lone_end() -> (u32, usize) {
    let (told, value) = (Arc::new(Unprotected::new()), Arc::new(()));
    let (job, future) = LoneJob::new({
        let value = Arc::clone(&value);
        move || value
    });
    let runner = spawn(move || job.run());
    let number = Arc::clone(&told);
    future.add_done_callback(move |_| number.add_one());
    drop(future);
    runner.join().expect("the threads of a model do not panic");
    (told.get(), Arc::strong_count(&value) - 1)
}

/// So many jobs, and as many workers that each look for one and sleep until there is one. Comes to what they wrote.
pub fn lone_sleepers(workers: usize) -> Vec<u32> {
    let crew = Arc::new(LoneCrew::new(workers));
    let threads: Vec<_> = (0..workers)
        .map(|_| {
            let crew = Arc::clone(&crew);
            spawn(move || crew.work_once())
        })
        .collect();
    let numbers: Vec<_> = (0..workers).map(|_| Arc::new(Unprotected::new())).collect();
    let _kept: Vec<_> = numbers.iter().map(|number| crew.submit(adder(number))).collect();
    for thread in threads {
        thread.join().expect("the threads of a model do not panic");
    }
    numbers.iter().map(|number| number.get()).collect()
}

/// A worker that looks for its last job, and the end of the pool. Comes to whether that is said to have run, and what it
/// wrote.
pub fn lone_last_job(how: Shutdown) -> (bool, u32) {
    let (crew, number) = (Arc::new(LoneCrew::new(1)), Arc::new(Unprotected::new()));
    let job = crew.submit(adder(&number));
    let worker = spawn({
        let crew = Arc::clone(&crew);
        move || crew.work_to_the_end()
    });
    crew.shut_down(how);
    worker.join().expect("the threads of a model do not panic");
    (job.is_done() && !job.is_cancelled(), number.get())
}

/// A worker that has nothing to do, and the end of the pool. Comes to its end.
pub fn lone_end_of_a_sleeper() {
    let crew = Arc::new(LoneCrew::new(1));
    let worker = spawn({
        let crew = Arc::clone(&crew);
        move || crew.work_to_the_end()
    });
    crew.shut_down(Shutdown::NoWait);
    worker.join().expect("the threads of a model do not panic");
}
