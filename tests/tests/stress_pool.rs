//! Many jobs on real threads, with random cancels, panics, nested submits, waits and shutdowns: nothing is lost, nothing
//! runs twice, no thread is left.
//!
//! `THREADCRAFT_POOL_JOBS` says how many jobs: 10 million for a long run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

use threadcraft::{Future, ReturnWhen, Shutdown, TaskError, ThreadPool, as_completed, wait};

/// Marsaglia's xorshift: enough to mix what happens.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// How often each job has run, and how many closures were dropped.
struct Books {
    runs: Vec<AtomicU8>,
    dropped: AtomicUsize,
}

/// Belongs to a closure: whether it is called, cancelled or refused, it is dropped once.
struct Entry(Arc<Books>, usize);

impl Entry {
    fn run(&self) {
        self.0.runs[self.1].fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

fn total() -> usize {
    std::env::var("THREADCRAFT_POOL_JOBS").ok().and_then(|jobs| jobs.parse().ok()).unwrap_or(60_000)
}

/// What a job does besides being counted: nothing, mostly.
fn job(pool: &Arc<ThreadPool>, entry: Entry, kind: u64, inner: Option<Entry>) -> Future<u32> {
    let own = Arc::clone(pool);
    pool.submit(move || {
        entry.run();
        match (kind, inner) {
            // Quietly: the panic hook would write ten thousand lines.
            (0, _) => std::panic::resume_unwind(Box::new("on purpose")),
            (_, Some(inner)) => {
                let future = own.submit(move || {
                    inner.run();
                    1
                });
                1 + future.result().unwrap_or(0)
            }
            _ => 1,
        }
    })
}

/// One pool from its first job to its end. Returns how many jobs it was given.
fn round(dice: &mut Dice, jobs: usize) -> usize {
    let books =
        Arc::new(Books { runs: (0..2 * jobs).map(|_| AtomicU8::new(0)).collect(), dropped: AtomicUsize::new(0) });
    let pool = Arc::new(ThreadPool::new(1 + dice.roll(8) as usize));
    let how = [Shutdown::Wait, Shutdown::WaitCancelPending, Shutdown::NoWait][dice.roll(3) as usize];
    let (mut futures, mut entries) = (Vec::new(), jobs);
    let ends_at = dice.roll(2 * jobs as u64) as usize;
    for number in 0..jobs {
        let inner = (dice.roll(8) == 0).then(|| Entry(Arc::clone(&books), jobs + number));
        entries += usize::from(inner.is_some());
        let future = job(&pool, Entry(Arc::clone(&books), number), dice.roll(50), inner);
        match dice.roll(12) {
            0 => drop(future.cancel()),
            1 => drop(future.result_for(Duration::from_micros(dice.roll(50)))),
            2 => {
                let books = Arc::clone(&books);
                future.add_done_callback(move |_| assert!(books.runs[number].load(Ordering::Relaxed) <= 1));
            }
            _ => {}
        }
        if dice.roll(4) > 0 {
            futures.push((number, future));
        }
        if number == ends_at {
            pool.shutdown(how);
        }
    }
    let all = futures.iter().map(|(_, future)| future);
    let waited = wait(all.clone(), ReturnWhen::AllCompleted, None);
    assert_eq!((waited.done.len(), waited.not_done.len()), (futures.len(), 0));
    assert_eq!(as_completed(all).count(), futures.len());
    pool.shutdown(Shutdown::Wait);
    assert_eq!(pool.metrics().threads, 0, "a thread is left");
    assert_eq!(pool.metrics().queued, 0);
    for (number, future) in &futures {
        let ran = books.runs[*number].load(Ordering::Relaxed);
        let told = !matches!(future.exception(), Some(TaskError::Cancelled));
        assert_eq!(ran, u8::from(told), "job {number} of {jobs}: {future:?}");
    }
    assert!(books.runs.iter().all(|runs| runs.load(Ordering::Relaxed) <= 1), "a job ran twice");
    // One that was submitted has been dropped with its closure; one that was inside a closure that never ran, with it.
    assert_eq!(books.dropped.load(Ordering::Relaxed), entries, "a closure is left or was dropped twice");
    jobs
}

#[test]
fn these_tests_run_on_the_machine() {
    assert!(!threadcraft_platform::is_explored());
}

#[test]
fn nothing_is_lost_and_nothing_runs_twice() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut done = 0;
    while done < total() {
        let jobs = 1 + dice.roll(400) as usize;
        done += round(&mut dice, jobs);
    }
}

#[test]
fn submitters_that_race_with_the_end_get_a_job_that_runs_or_is_cancelled() {
    for seed in 1..=200_u64 {
        let (pool, ran) = (ThreadPool::new(2), AtomicUsize::new(0));
        let told: usize = std::thread::scope(|scope| {
            let ran = &ran;
            let pool = &pool;
            let submitters: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(move || {
                        pool.scope(|jobs| {
                            let futures: Vec<_> =
                                (0..50).map(|_| jobs.submit(|| ran.fetch_add(1, Ordering::Relaxed))).collect();
                            futures.iter().filter(|future| future.result().is_ok()).count()
                        })
                    })
                })
                .collect();
            (0..seed % 20).for_each(|_| std::thread::yield_now());
            pool.shutdown(if seed % 2 == 0 { Shutdown::Wait } else { Shutdown::WaitCancelPending });
            submitters.into_iter().map(|submitter| submitter.join().expect("it only counts")).sum()
        });
        assert_eq!(told, ran.into_inner());
    }
}
