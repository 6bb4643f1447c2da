//! Races of a pool's parts: a whole pool has more interleavings, with every access a step, than can all be run.

use std::sync::Arc;

use threadcraft::Future;
use threadcraft::{Shutdown, spawn};
use threadcraft_pool::parts::{LoneCrew, LoneDesk, LoneJob};

use crate::model::Unprotected;

/// A job that adds one to a number which nothing else protects.
fn adder(number: &Arc<Unprotected>) -> impl FnOnce() + Send + 'static {
    let number = Arc::clone(number);
    move || number.add_one()
}

/// A job of no pool. Its owners are counted in its word, if it is said so.
fn lone<T: Send + 'static>(counted: bool, job: impl FnOnce() -> T + Send + 'static) -> (LoneJob, Future<T>) {
    if counted { LoneJob::counted(job) } else { LoneJob::new(job) }
}

/// A job of no pool, run by one and cancelled by another. Comes to whether each of them says that it was first, and
/// whether it ran.
pub fn lone_cancel(counted: bool) -> (bool, bool, u32) {
    let number = Arc::new(Unprotected::new());
    let (job, future) = lone(counted, adder(&number));
    let runner = spawn(move || job.run());
    let cancelled = future.cancel();
    (runner.join().expect("the threads of a model do not panic"), cancelled, number.get())
}

/// A job of no pool, run by one and waited for by another. Comes to what it wrote.
pub fn lone_wait(counted: bool) -> u32 {
    let number = Arc::new(Unprotected::new());
    let (job, future) = lone(counted, adder(&number));
    let runner = spawn(move || job.run());
    assert!(future.result().is_ok(), "nobody cancels it");
    // Before anything else that could order it.
    let written = number.get();
    assert!(runner.join().is_ok_and(|ran| ran), "nobody cancels it");
    written
}

/// A job of no pool ends while somebody asks to be told, and lets go of its future. Comes to how often that was told, and
/// how many of its values are left: none.
pub fn lone_end(counted: bool) -> (u32, usize) {
    let (told, value) = (Arc::new(Unprotected::new()), Arc::new(()));
    let (job, future) = lone(counted, {
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

/// The future of a job of no pool goes while another runs the job: whoever is left has it for itself. Comes to whether it
/// ran, what it wrote, and how many of its values are left: none.
pub fn lone_drop() -> (bool, u32, usize) {
    let (number, value) = (Arc::new(Unprotected::new()), Arc::new(()));
    let (job, future) = lone(true, {
        let (number, value) = (Arc::clone(&number), Arc::clone(&value));
        move || {
            number.add_one();
            value
        }
    });
    let runner = spawn(move || job.run());
    drop(future);
    let ran = runner.join().expect("the threads of a model do not panic");
    (ran, number.get(), Arc::strong_count(&value) - 1)
}

/// A worker that runs the jobs of its desk, of which it had so many and gets one more, while another takes the first half and
/// runs it, or only looks. Comes to how many each has run, and what they wrote, which is nobody else's.
pub fn lone_desk(jobs: u32, takes: bool) -> (u32, u32, Vec<u32>) {
    let (desk, others) = LoneDesk::new();
    let numbers: Vec<_> = (0..=jobs).map(|_| Arc::new(Unprotected::new())).collect();
    let put = |number: &Arc<Unprotected>| desk.put(LoneJob::new(adder(number)).0);
    numbers.iter().skip(1).for_each(put);
    let other = spawn(move || {
        if takes {
            return others.split().into_iter().map(|job| u32::from(job.run())).sum();
        }
        assert!(others.pending() <= jobs as usize + 1, "there are no more");
        0
    });
    put(&numbers[0]);
    let mut own = 0;
    while let Some(job) = desk.take() {
        own += u32::from(job.run());
    }
    let taken = other.join().expect("the threads of a model do not panic");
    // What the other looked at when the desk seemed empty is still there.
    while let Some(job) = desk.take() {
        own += u32::from(job.run());
    }
    (own, taken, numbers.iter().map(|number| number.get()).collect())
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
