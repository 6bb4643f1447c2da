//! Right: no pool; each thread does an equal share, and all are joined.

use std::sync::Arc;

use threadcraft::prelude::*;

/// What the table says: with more threads than these it does not get faster.
const ENOUGH_TO_WAIT: usize = 64;
const ENOUGH_TO_COMPUTE: usize = 4;
const ENOUGH_UNDER_A_GIL: usize = 1;

const JOBS: usize = 64;
const JOB: Duration = Duration::from_millis(10);

pub fn main() {
    println!("threads  waiting  computing  under a GIL");
    for threads in [1, 4, 16, 64] {
        let gil = Lock::new(()).named("gil");
        let waiting = makespan(threads, || sleep(JOB));
        let computing = makespan(threads, || work(JOB));
        let interpreted = makespan(threads, move || {
            let _gil = gil.lock();
            work(JOB);
        });
        println!("{threads:7}  {waiting:7}  {computing:9}  {interpreted:11}");
    }
    println!("enough: {ENOUGH_TO_WAIT} to wait, {ENOUGH_TO_COMPUTE} to compute, {ENOUGH_UNDER_A_GIL} under a GIL");
}

/// The milliseconds until all jobs are done by so many threads.
fn makespan(threads: usize, job: impl Fn() + Send + Sync + 'static) -> u128 {
    let start = Instant::now();
    let job = Arc::new(job);
    let workers: Vec<_> = (0..threads)
        .map(|_| {
            let job = Arc::clone(&job);
            spawn(move || (0..JOBS / threads).for_each(|_| job()))
        })
        .collect();
    for worker in workers {
        worker.join().expect("no job panics");
    }
    start.elapsed().as_millis()
}
