//! What the pools are given to do. Each returns one figure.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use crate::contenders::Runs;

/// The last of so many jobs wakes the thread that waits.
struct Latch {
    left: AtomicUsize,
    waiter: Thread,
}

impl Latch {
    fn new(count: usize) -> Arc<Self> {
        Arc::new(Self { left: AtomicUsize::new(count), waiter: thread::current() })
    }

    fn count_down(&self) {
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.waiter.unpark();
        }
    }

    fn wait(&self) {
        while self.left.load(Ordering::Acquire) > 0 {
            thread::park();
        }
    }
}

fn nanoseconds_each(started: Instant, count: usize) -> f64 {
    started.elapsed().as_nanos() as f64 / count as f64
}

/// Jobs that do nothing; the end of all is waited for.
pub(crate) fn empty<P: Runs>(pool: &P, jobs: usize) -> f64 {
    let (latch, started) = (Latch::new(jobs), Instant::now());
    for _ in 0..jobs {
        let latch = Arc::clone(&latch);
        pool.run(move || latch.count_down());
    }
    latch.wait();
    nanoseconds_each(started, jobs)
}

/// Jobs with results, submitted and then read one after the other.
pub(crate) fn futures<P: Runs>(pool: &P, jobs: usize) -> f64 {
    let started = Instant::now();
    let submitted: Vec<_> = (0..jobs).map(|number| pool.submit(move || number)).collect();
    let sum: usize = submitted.into_iter().map(P::get).sum();
    assert_eq!(sum, jobs * (jobs - 1) / 2);
    nanoseconds_each(started, jobs)
}

/// Jobs that submit two more each, so many levels deep.
pub(crate) fn nested<P: Runs>(pool: &Arc<P>, depth: u32) -> f64 {
    fn grow<P: Runs>(pool: &Arc<P>, latch: &Arc<Latch>, depth: u32) {
        if depth > 0 {
            for _ in 0..2 {
                let (own, latch) = (Arc::clone(pool), Arc::clone(latch));
                pool.run(move || grow(&own, &latch, depth - 1));
            }
        }
        latch.count_down();
    }
    let jobs = (1 << (depth + 1)) - 1;
    let (latch, started) = (Latch::new(jobs), Instant::now());
    let (own, counted) = (Arc::clone(pool), Arc::clone(&latch));
    pool.run(move || grow(&own, &counted, depth));
    latch.wait();
    nanoseconds_each(started, jobs)
}

/// Empty jobs from two threads at once.
pub(crate) fn two_producers<P: Runs>(pool: &P, jobs: usize) -> f64 {
    let (latch, started) = (Latch::new(jobs), Instant::now());
    thread::scope(|scope| {
        for _ in 0..2 {
            let latch = &latch;
            scope.spawn(move || {
                for _ in 0..jobs / 2 {
                    let latch = Arc::clone(latch);
                    pool.run(move || latch.count_down());
                }
            });
        }
        latch.wait();
    });
    nanoseconds_each(started, jobs)
}

/// The median microseconds from a submit to its result, for a pool that sleeps.
pub(crate) fn idle_ping<P: Runs>(pool: &P, pings: usize) -> f64 {
    ping(pool, pings, Duration::from_micros(300))
}

/// The same for a pool that has just been asked.
pub(crate) fn hot_ping<P: Runs>(pool: &P, pings: usize) -> f64 {
    ping(pool, pings, Duration::ZERO)
}

fn ping<P: Runs>(pool: &P, pings: usize, pause: Duration) -> f64 {
    let mut times: Vec<f64> = (0..pings)
        .map(|_| {
            if !pause.is_zero() {
                thread::sleep(pause);
            }
            let started = Instant::now();
            P::get(pool.submit(|| ()));
            started.elapsed().as_nanos() as f64 / 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[pings / 2]
}

/// The microseconds of processor time that a job takes when one comes each millisecond, the caller's included.
pub(crate) fn trickle<P: Runs>(pool: &P, jobs: usize) -> f64 {
    let started = processor_time();
    for _ in 0..jobs {
        P::get(pool.submit(|| ()));
        thread::sleep(Duration::from_millis(1));
    }
    (processor_time() - started).as_nanos() as f64 / 1000.0 / jobs as f64
}

/// What the whole process has used.
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY:
    // - `time` is a live `timespec` that the call may write.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
