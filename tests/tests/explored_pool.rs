//! Programs with pools under the explorer, at the grain of their calls: what a learner sees.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use threadcraft::explore::{FailureKind, explore};
use threadcraft::prelude::*;

#[test]
fn a_pool_that_squares_is_proven_on_all_interleavings() {
    let report = explore(|| {
        let pool = ThreadPool::new(2);
        let squares = [2, 3].map(|n| pool.submit(move || n * n));
        squares.map(|square| square.result().unwrap())
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "[4, 9]");
}

#[test]
fn a_range_is_mapped_on_all_interleavings() {
    let report = explore(|| ThreadPool::new(2).map_range(2..4, |n| n * n).unwrap());
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "[4, 9]");
}

#[test]
fn a_cancel_wins_or_loses_but_is_exact() {
    let report = explore(|| {
        let pool = ThreadPool::new(1);
        let job = pool.submit(|| 1);
        let cancelled = job.cancel();
        (cancelled, job.result().is_ok())
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "(false, true) | (true, false)");
}

#[test]
fn a_lost_update_in_two_jobs_is_found() {
    let report = explore(|| {
        let (pool, total) = (ThreadPool::new(2), Arc::new(Shared::new(0).named("total")));
        let jobs = [1, 2].map(|_| {
            let total = Arc::clone(&total);
            pool.submit(move || total.set(total.get() + 1))
        });
        jobs.iter().for_each(|job| job.result().unwrap());
        total.get()
    });
    assert_eq!(report.failure, None);
    assert_eq!(report.outcomes.to_string(), "1 | 2");
}

#[test]
fn jobs_that_wait_for_a_job_of_their_pool_do_not_deadlock() {
    let report = explore(|| {
        let pool = Arc::new(ThreadPool::new(1));
        let own = Arc::clone(&pool);
        let outer = pool.submit(move || own.submit(|| 20).result().unwrap() + 1);
        outer.result().unwrap()
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "21");
}

#[test]
fn a_job_that_waits_for_what_never_comes_is_a_deadlock() {
    let report = explore(|| {
        let (pool, never) = (ThreadPool::new(1), Arc::new(Event::new().named("never")));
        let job = pool.submit(move || never.wait());
        job.result().is_ok()
    });
    let failure = report.failure.as_ref().expect("nobody sets it");
    assert!(matches!(failure.kind, FailureKind::Deadlock { .. }), "{:?}", failure.kind);
}

#[test]
fn three_jobs_in_a_row_use_one_thread_on_every_interleaving() {
    let report = explore(|| {
        let pool = ThreadPool::new(3);
        // Kept: an address that is used again is another one in the next run, and the explorer knows futexes by theirs.
        let mut ended = Vec::new();
        for n in 0..3 {
            let job = pool.submit(move || n);
            assert_eq!(job.result().unwrap(), n);
            ended.push(job);
        }
        pool.metrics().threads
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "1");
}

#[test]
fn a_wait_with_a_timeout_takes_virtual_time() {
    let report = explore(|| {
        let pool = ThreadPool::new(1);
        let job = pool.submit(|| sleep(Duration::from_secs(3600)));
        let early = job.result_for(Duration::from_secs(60)).is_err();
        (early, job.result_for(Duration::from_secs(7200)).is_ok())
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "(true, true)");
}

/// What jobs of a scope borrow.
struct Lent(Arc<AtomicBool>);

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Uses it to the end.
struct Borrows<'a> {
    _lent: &'a Lent,
    is_gone: Arc<AtomicBool>,
}

static USED_WHEN_GONE: AtomicBool = AtomicBool::new(false);

impl Drop for Borrows<'_> {
    fn drop(&mut self) {
        USED_WHEN_GONE.fetch_or(self.is_gone.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

#[test]
fn a_scope_that_is_unwound_outlives_its_jobs_those_that_run_and_those_that_wait() {
    let report = explore(|| {
        let (pool, never, is_gone) = (ThreadPool::new(1), Event::new(), Arc::new(AtomicBool::new(false)));
        let lent = Lent(Arc::clone(&is_gone));
        pool.scope(|scope| {
            for _ in 0..2 {
                let borrows = Borrows { _lent: &lent, is_gone: Arc::clone(&is_gone) };
                let never = &never;
                scope.submit(move || {
                    let _borrows = borrows;
                    never.wait();
                });
            }
        });
    });
    let failure = report.failure.as_ref().expect("nobody sets it");
    assert!(matches!(failure.kind, FailureKind::Deadlock { .. }), "{:?}", failure.kind);
    assert!(!USED_WHEN_GONE.load(Ordering::SeqCst));
}
