//! How long 64 jobs take, whatever the number of threads: nobody starts any.

use threadcraft::prelude::*;

// TODO: … and then read the answers off the table.
/// What the table says: with more threads than these it does not get faster.
const ENOUGH_TO_WAIT: usize = 0;
const ENOUGH_TO_COMPUTE: usize = 0;
const ENOUGH_UNDER_A_GIL: usize = 0;

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
fn makespan(_threads: usize, job: impl Fn() + Send + Sync + 'static) -> u128 {
    let start = Instant::now();
    // TODO: let so many threads do the jobs, each the next that is left …
    for _ in 0..JOBS {
        job();
    }
    start.elapsed().as_millis()
}
