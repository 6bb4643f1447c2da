//! What CPython's `test_concurrent_futures` asks of an executor, by behaviour, on real threads.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use threadcraft::prelude::*;
use threadcraft::{BuildError, SubmitError};
use threadcraft_tests::eventually::eventually;
use threadcraft_tests::gate::{Gate, is_cancelled, occupied};

mod ours_executor {
    use super::*;

    #[test]
    fn a_job_is_run_and_gives_its_value() {
        let pool = ThreadPool::new(2);
        let base = 16;
        assert_eq!(pool.submit(move || base * 16).result().unwrap(), 256);
    }

    #[test]
    fn the_closure_is_dropped_after_the_run_also_without_a_future() {
        let pool = ThreadPool::new(1);
        let token = Arc::new(());
        let held = Arc::clone(&token);
        drop(pool.submit(move || drop(held)));
        eventually("the closure is dropped", || Arc::strong_count(&token) == 1);
    }

    #[test]
    fn a_value_that_nobody_takes_is_dropped_with_the_future_or_after_the_run() {
        let pool = ThreadPool::new(1);
        let token = Arc::new(());
        let value = Arc::clone(&token);
        let future = pool.submit(move || value);
        eventually("it runs", || future.is_done());
        assert_eq!(Arc::strong_count(&token), 2);
        drop(future);
        assert_eq!(Arc::strong_count(&token), 1);
        let value = Arc::clone(&token);
        drop(pool.submit(move || value));
        pool.shutdown(Shutdown::Wait);
        assert_eq!(Arc::strong_count(&token), 1);
    }

    #[test]
    fn no_workers_are_refused() {
        assert_eq!(ThreadPool::builder().max_workers(0).build().unwrap_err(), BuildError::NoWorkers);
        assert!(catch_unwind(|| ThreadPool::new(0)).is_err());
    }

    #[test]
    fn the_default_is_what_the_machine_runs_at_a_time() {
        let pool = ThreadPool::builder().build().unwrap();
        assert_eq!(pool.max_workers(), std::thread::available_parallelism().unwrap().get());
    }

    #[test]
    fn blocked_jobs_start_as_many_threads_as_are_allowed_and_no_more() {
        let (pool, gate) = (ThreadPool::new(7), Gate::new());
        assert_eq!(pool.metrics().threads, 0, "threads are started when there is a job");
        let jobs: Vec<_> = (0..60).map(|_| pool.submit(gate.job())).collect();
        gate.await_entered(7);
        let metrics = pool.metrics();
        assert_eq!((metrics.threads, metrics.running, metrics.queued, metrics.done), (7, 7, 53, 0));
        gate.open.set();
        assert!(jobs.iter().all(|job| job.result().is_ok()));
        assert_eq!(pool.metrics().done, 60);
    }

    #[test]
    fn jobs_in_a_row_use_one_thread() {
        for _ in 0..200 {
            let pool = ThreadPool::new(8);
            for n in 0..3 {
                assert_eq!(pool.submit(move || n * 2).result().unwrap(), n * 2);
            }
            assert_eq!(pool.metrics().threads, 1);
        }
    }
}

mod ours_shutdown {
    use super::*;

    #[test]
    fn a_job_after_it_is_an_error() {
        let pool = ThreadPool::new(1);
        pool.shutdown(Shutdown::Wait);
        let token = Arc::new(());
        let held = Arc::clone(&token);
        assert!(is_cancelled(pool.submit(move || drop(held)).result()));
        assert_eq!(Arc::strong_count(&token), 1);
        let Err(SubmitError::ShutDown) = pool.try_submit(|| 1) else { panic!("it was shut down") };
        assert!(pool.map([1], |n| n).next().unwrap().is_err());
    }

    #[test]
    fn what_was_submitted_is_done_and_can_be_read() {
        let pool = ThreadPool::new(5);
        let jobs: Vec<_> = (0..50).map(|n| pool.submit(move || n)).collect();
        pool.shutdown(Shutdown::Wait);
        assert_eq!(pool.metrics().threads, 0);
        assert!(jobs.iter().all(|job| job.is_done()));
        assert!(jobs.iter().enumerate().all(|(n, job)| job.result().unwrap() == n));
    }

    #[test]
    fn pending_jobs_can_be_cancelled() {
        let (pool, gate) = (ThreadPool::new(5), Gate::new());
        let jobs: Vec<_> = (0..50).map(|_| pool.submit(gate.job())).collect();
        gate.await_entered(5);
        let open = Arc::clone(&gate.open);
        jobs[49].add_done_callback(move |_| open.set());
        pool.shutdown(Shutdown::WaitCancelPending);
        let cancelled = jobs.iter().filter(|job| job.is_cancelled()).count();
        assert_eq!(cancelled, 45);
        assert!(jobs.iter().all(|job| job.is_done()));
    }

    #[test]
    fn dropping_drains_and_joins() {
        let done = Arc::new(AtomicUsize::new(0));
        let pool = ThreadPool::new(3);
        for _ in 0..20 {
            let done = Arc::clone(&done);
            drop(pool.submit(move || done.fetch_add(1, Ordering::SeqCst)));
        }
        drop(pool);
        assert_eq!(done.load(Ordering::SeqCst), 20);
    }

    #[test]
    fn without_waiting_the_results_come_all_the_same() {
        let (pool, gate) = occupied();
        let later = pool.submit(|| 7);
        pool.shutdown(Shutdown::NoWait);
        drop(pool);
        assert!(!later.is_done());
        gate.open.set();
        assert_eq!(later.result().unwrap(), 7);
    }

    #[test]
    fn submit_cancel_shut_down_does_not_hang() {
        let (pool, gate) = occupied();
        let job = pool.submit(|| 1);
        assert!(job.cancel());
        gate.open.set();
        pool.shutdown(Shutdown::Wait);
        assert!(is_cancelled(job.result()));
    }

    #[test]
    fn twice_is_as_good_as_once_and_from_two_threads_both_wait() {
        let (pool, gate) = occupied();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    pool.shutdown(Shutdown::Wait);
                    assert_eq!(pool.metrics().threads, 0);
                });
            }
            gate.open.set();
        });
        pool.shutdown(Shutdown::NoWait);
    }

    #[test]
    fn threads_are_called_after_the_pool() {
        let name = || current().name().map(str::to_owned).expect("a name");
        let pool = ThreadPool::builder().max_workers(1).thread_name_prefix("baker").build().unwrap();
        assert_eq!(pool.submit(name).result().unwrap(), "baker_0");
        let names = [1, 2].map(|_| ThreadPool::new(1).submit(name).result().unwrap());
        assert_ne!(names[0], names[1]);
        assert!(names.iter().all(|name| name.starts_with("ThreadPool-") && name.ends_with("_0")), "{names:?}");
    }

    #[test]
    fn by_a_job_of_the_pool_it_does_not_wait_for_itself() {
        let pool = Arc::new(ThreadPool::new(1));
        let own = Arc::clone(&pool);
        let job = pool.submit(move || own.shutdown(Shutdown::Wait));
        assert!(job.result().is_ok());
        let pool = Arc::new(ThreadPool::new(1));
        let (own, (send, receive)) = (Arc::clone(&pool), mpsc::channel::<()>());
        let job = pool.submit(move || {
            let _ = receive.recv();
            drop(own);
        });
        drop(pool);
        drop(send);
        assert!(job.result().is_ok(), "the pool is dropped by its own job");
    }
}

mod ours_initializer {
    use super::*;

    #[test]
    fn it_runs_before_the_jobs_of_each_thread() {
        let ran = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&ran);
        let pool = ThreadPool::builder()
            .max_workers(2)
            .initializer(move || {
                count.fetch_add(1, Ordering::SeqCst);
            })
            .build()
            .unwrap();
        assert_eq!(pool.submit(move || ran.load(Ordering::SeqCst)).result().unwrap(), 1);
    }

    #[test]
    fn one_that_panics_breaks_the_pool_for_all() {
        let started = Arc::new(Event::new());
        let wait = Arc::clone(&started);
        let pool = ThreadPool::builder()
            .max_workers(1)
            .initializer(move || {
                wait.wait();
                panic!("no oven");
            })
            .build()
            .unwrap();
        let jobs = [pool.submit(|| 1), pool.submit(|| 2)];
        started.set();
        assert!(jobs.iter().all(|job| matches!(job.result(), Err(TaskError::BrokenPool))));
        assert!(matches!(pool.submit(|| 3).result(), Err(TaskError::BrokenPool)));
        assert_eq!(pool.broken().unwrap().message(), "no oven");
        let Err(error) = pool.try_submit(|| 4) else { panic!("it is broken") };
        assert_eq!(error.to_string(), "the pool is broken: its initializer panicked: no oven");
    }
}

mod ours_scopes {
    use super::*;

    #[test]
    fn jobs_borrow_and_submit_more() {
        let (pool, log) = (ThreadPool::new(3), Lock::new(BTreeSet::new()));
        let answer = pool.scope(|scope| {
            for n in 0..5 {
                let log = &log;
                drop(scope.submit(move || {
                    log.lock().insert(n);
                    drop(scope.submit(move || log.lock().insert(n + 10)));
                }));
            }
            scope.submit(|| 42)
        });
        assert_eq!(log.into_inner().len(), 10);
        assert_eq!(answer.result().unwrap(), 42);
    }

    #[test]
    fn a_body_that_panics_waits_first() {
        let (pool, done) = (ThreadPool::new(1), AtomicBool::new(false));
        let body = || {
            pool.scope(|scope| {
                drop(scope.submit(|| done.store(true, Ordering::SeqCst)));
                panic!("on purpose");
            })
        };
        assert!(catch_unwind(AssertUnwindSafe(body)).is_err());
        assert!(done.load(Ordering::SeqCst));
    }

    #[test]
    fn a_value_that_borrows_is_dropped_before_the_scope_ends() {
        struct Counts<'a>(&'a AtomicUsize);
        impl Drop for Counts<'_> {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::SeqCst);
            }
        }
        let pool = ThreadPool::new(2);
        for _ in 0..500 {
            let dropped = AtomicUsize::new(0);
            pool.scope(|scope| (0..4).for_each(|_| drop(scope.submit(|| Counts(&dropped)))));
            assert_eq!(dropped.load(Ordering::SeqCst), 4);
        }
    }
}
