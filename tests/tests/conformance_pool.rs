//! What CPython's `test_concurrent_futures` asks of an executor, by behaviour, on real threads.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

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
    fn map_equals_the_serial_map_at_any_chunk_size() {
        let pool = ThreadPool::new(3);
        let serial: Vec<u64> = (0..50).map(|n| n * n).collect();
        for chunk in [1, 2, 3, 7, 50, 100] {
            for buffer in [1, 2, usize::MAX] {
                let mapped = pool.map(0..50_u64, |n| n * n).chunk_size(chunk).buffer_size(buffer);
                assert_eq!(mapped.collect::<Result<Vec<_>, _>>().unwrap(), serial, "chunks of {chunk}");
            }
        }
    }

    #[test]
    fn map_fails_at_the_third_after_two_good_ones() {
        let pool = ThreadPool::new(2);
        for chunk in [1, 10] {
            let mut quotients = pool.map([1, 1, 0, 1], |n| 8 / n).chunk_size(chunk);
            assert_eq!(quotients.next().unwrap().unwrap(), 8);
            assert_eq!(quotients.next().unwrap().unwrap(), 8);
            let Err(TaskError::Panicked(panic)) = quotients.next().unwrap() else { panic!("it divides by zero") };
            assert!(panic.message().contains("divide by zero"), "{panic}");
        }
    }

    #[test]
    fn map_times_out_after_two_and_cancels_the_rest() {
        let (pool, gate) = (ThreadPool::new(1), Gate::new());
        let (open, ran) = (Arc::clone(&gate.open), Arc::new(AtomicUsize::new(0)));
        let job = {
            let ran = Arc::clone(&ran);
            move |waits: bool| {
                ran.fetch_add(1, Ordering::SeqCst);
                if waits {
                    open.wait();
                }
            }
        };
        let mut results = pool.map([false, false, true, false, false], job).timeout(Duration::from_millis(200));
        assert!(results.next().unwrap().is_ok());
        assert!(results.next().unwrap().is_ok());
        assert!(matches!(results.next(), Some(Err(TaskError::TimedOut))));
        assert!(results.next().is_none());
        gate.open.set();
        pool.shutdown(Shutdown::Wait);
        assert_eq!(ran.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn map_runs_although_nobody_iterates() {
        let ran = Arc::new(AtomicUsize::new(0));
        let pool = ThreadPool::new(2);
        let count = Arc::clone(&ran);
        drop(pool.map(0..10, move |_| count.fetch_add(1, Ordering::SeqCst)));
        pool.shutdown(Shutdown::Wait);
        assert_eq!(ran.load(Ordering::SeqCst), 10);
    }

    #[test]
    fn a_map_that_is_left_early_cancels_what_has_not_begun() {
        let (pool, gate) = (ThreadPool::new(1), Gate::new());
        let (open, ran) = (Arc::clone(&gate.open), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&ran);
        let mut results = pool.map(0..50, move |n| {
            if n == 1 {
                open.wait();
            }
            count.fetch_add(1, Ordering::SeqCst)
        });
        assert!(results.next().unwrap().is_ok());
        drop(results);
        gate.open.set();
        pool.shutdown(Shutdown::Wait);
        assert!(ran.load(Ordering::SeqCst) <= 2, "the second may have begun");
    }

    #[test]
    fn map_with_a_buffer_takes_no_more_items_than_it_holds() {
        let pool = ThreadPool::new(1);
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        let items = std::iter::repeat_with(move || count.fetch_add(1, Ordering::SeqCst));
        let mut results = pool.map(items, |n| n).buffer_size(3).start();
        assert_eq!(taken.load(Ordering::SeqCst), 3);
        assert_eq!(results.next().unwrap().unwrap(), 0);
        assert_eq!(taken.load(Ordering::SeqCst), 4);
    }

    /// Items of which it says that so many are left at least, whatever there are.
    struct Says(std::ops::Range<u64>, usize);

    impl Iterator for Says {
        type Item = u64;
        fn next(&mut self) -> Option<u64> {
            self.0.next()
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            (self.1, None)
        }
    }

    #[test]
    fn all_values_at_once_are_those_of_the_serial_map_however_many_are_expected() {
        let pool = ThreadPool::new(3);
        let serial: Vec<u64> = (0..50).map(|n| n * n).collect();
        for chunk in [1, 7, 50, 100] {
            for buffer in [1, 2, usize::MAX] {
                for said in [0, 1, 49, 50, 51, 1000, usize::MAX] {
                    let mapped = pool.map(Says(0..50, said), |n| n * n).chunk_size(chunk).buffer_size(buffer);
                    assert_eq!(mapped.into_vec().unwrap(), serial, "chunks of {chunk}, {said} expected");
                }
                let mut begun = pool.map(0..50_u64, |n| n * n).chunk_size(chunk).buffer_size(buffer);
                assert_eq!(begun.next().unwrap().unwrap(), 0);
                assert_eq!(begun.into_vec().unwrap(), serial[1..], "begun, chunks of {chunk}");
            }
        }
        assert_eq!(pool.map([(); 3], |()| ()).into_vec().unwrap(), [(); 3]);
        assert_eq!(pool.map([0; 0], |n| n).into_vec().unwrap(), [0; 0]);
    }

    #[test]
    fn all_values_at_once_are_the_first_error_if_there_is_one_and_none_is_left() {
        let (pool, value) = (ThreadPool::new(2), Arc::new(()));
        for (chunk, said) in [(1, 20), (3, 20), (20, 20), (3, 0), (3, 11)] {
            let each = {
                let value = Arc::clone(&value);
                move |n: u64| {
                    assert!(n != 10 && n != 12, "item {n}");
                    Arc::clone(&value)
                }
            };
            let Err(TaskError::Panicked(panic)) = pool.map(Says(0..20, said), each).chunk_size(chunk).into_vec() else {
                panic!("it fails")
            };
            assert_eq!(panic.message(), "item 10");
            // Of what had begun, too: a worker may just have ended the last of it.
            eventually("no value is left", || Arc::strong_count(&value) == 1);
        }
    }

    #[test]
    fn all_values_at_once_in_time_or_what_has_not_begun_is_cancelled() {
        let (pool, gate, ran) = (ThreadPool::new(1), Gate::new(), Arc::new(AtomicUsize::new(0)));
        let (open, count) = (Arc::clone(&gate.open), Arc::clone(&ran));
        let waits = move |n: u64| {
            count.fetch_add(1, Ordering::SeqCst);
            open.wait();
            n
        };
        let values = pool.map(0..10, waits).timeout(Duration::from_millis(20)).into_vec();
        assert!(matches!(values, Err(TaskError::TimedOut)), "{values:?}");
        gate.open.set();
        pool.shutdown(Shutdown::Wait);
        assert!(ran.load(Ordering::SeqCst) <= 1, "the first may have begun");
    }

    #[test]
    fn a_range_is_mapped_as_serially_whoever_asks_and_however_it_is_divided() {
        for workers in 1..=3 {
            let pool = Arc::new(ThreadPool::new(workers));
            for numbers in [0..0, 7..7, 5..6, 3..11, 90..190, usize::MAX - 100..usize::MAX] {
                let serial: Vec<usize> = numbers.clone().map(|n| n ^ 5).collect();
                assert_eq!(
                    pool.map_range(numbers.clone(), |n| n ^ 5).unwrap(),
                    serial,
                    "{numbers:?}, {workers} workers"
                );
                let inside = Arc::clone(&pool);
                let nested = pool.submit(move || inside.map_range(numbers, |n| n ^ 5).unwrap());
                assert_eq!(nested.result().unwrap(), serial, "from a job");
            }
        }
    }

    #[test]
    fn a_range_gives_the_first_error_and_no_value_is_left() {
        let (pool, value) = (ThreadPool::new(2), Arc::new(()));
        let each = {
            let value = Arc::clone(&value);
            move |n| {
                assert!(n != 10 && n != 52, "number {n}");
                Arc::clone(&value)
            }
        };
        let Err(TaskError::Panicked(panic)) = pool.map_range(0..100, each) else { panic!("it fails") };
        assert_eq!(panic.message(), "number 10");
        eventually("no value is left", || Arc::strong_count(&value) == 1);
        pool.shutdown(Shutdown::Wait);
        assert!(matches!(pool.map_range(0..2, |n| n), Err(TaskError::Cancelled)));
    }

    #[test]
    #[should_panic(expected = "a vector of 18446744073709551615 results")]
    fn a_range_of_more_results_than_there_is_memory_is_told() {
        let _ = ThreadPool::new(1).map_range(0..usize::MAX, |n| n);
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
