//! What CPython's `test_concurrent_futures` asks of futures and of waiting for several, by behaviour, on real threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use threadcraft::prelude::{ReturnWhen, Shutdown, TaskError, ThreadPool, as_completed, as_completed_for};
use threadcraft::{TaskPanic, Unfinished, wait};
use threadcraft_tests::eventually::eventually;
use threadcraft_tests::gate::{Gate, is_cancelled, occupied};

const SHORT: Duration = Duration::from_millis(20);

mod ours_waiting {
    use super::*;

    #[test]
    fn one_that_is_given_twice_is_one() {
        let pool = ThreadPool::new(1);
        let job = pool.submit(|| 1);
        let waited = wait([&job, &job], ReturnWhen::AllCompleted, None);
        assert_eq!((waited.done.len(), waited.not_done.len()), (1, 0));
        assert_eq!(as_completed([&job, &job]).count(), 1);
    }

    #[test]
    fn the_first_that_ends_also_if_it_has_already() {
        let (pool, gate) = (ThreadPool::new(2), Gate::new());
        let slow = pool.submit(gate.job());
        for _ in 0..2 {
            let fast = pool.submit(|| ());
            let waited = wait([&slow, &fast], ReturnWhen::FirstCompleted, None);
            assert_eq!((waited.done.len(), waited.not_done.len()), (1, 1));
            assert!(std::ptr::eq(waited.done[0], &raw const fast));
        }
        let (done, also_done) = (pool.submit(|| ()), pool.submit(|| ()));
        wait([&done, &also_done], ReturnWhen::AllCompleted, None);
        assert_eq!(wait([&slow, &done, &also_done], ReturnWhen::FirstCompleted, None).done.len(), 2);
    }

    #[test]
    fn the_first_that_fails_and_a_cancel_is_no_failure() {
        let (pool, gate) = occupied();
        let (cancelled, good, bad) = (pool.submit(|| ()), pool.submit(|| ()), pool.submit(|| panic!("on purpose")));
        let after = pool.submit(gate.job());
        assert!(cancelled.cancel());
        let all = [&cancelled, &good, &bad, &after];
        let waited = wait(all, ReturnWhen::FirstException, SHORT);
        assert_eq!(waited.done.len(), 1, "the cancelled one");
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| wait(all, ReturnWhen::FirstException, None));
            gate.open.set();
            let waited = waiter.join().unwrap();
            assert!(waited.done.iter().any(|job| std::ptr::eq(*job, &raw const bad)));
        });
        let failed = pool.submit(|| panic!("on purpose"));
        assert!(failed.exception().is_some());
        let (pool, gate) = occupied();
        let pending = pool.submit(|| ());
        let waited = wait([&failed, &pending], ReturnWhen::FirstException, None);
        assert_eq!((waited.done.len(), waited.not_done.len()), (1, 1));
        drop(gate);
    }

    #[test]
    fn what_is_done_and_what_is_not_when_the_time_is_over() {
        let (pool, gate) = (ThreadPool::new(2), Gate::new());
        let (slow, fast) = (pool.submit(gate.job()), pool.submit(|| ()));
        fast.result().unwrap();
        let waited = wait([&slow, &fast], ReturnWhen::AllCompleted, SHORT);
        assert!(std::ptr::eq(waited.done[0], &raw const fast) && std::ptr::eq(waited.not_done[0], &raw const slow));
        assert_eq!(wait([&slow], ReturnWhen::AllCompleted, Duration::ZERO).not_done.len(), 1);
    }

    #[test]
    fn a_hundred_released_together() {
        let (pool, gate) = (ThreadPool::new(100), Gate::new());
        let jobs: Vec<_> = (0..100).map(|_| pool.submit(gate.job())).collect();
        gate.await_entered(100);
        gate.open.set();
        assert_eq!(wait(jobs, ReturnWhen::AllCompleted, None).done.len(), 100);
    }

    #[test]
    fn a_cancel_is_an_end() {
        let (pool, _gate) = occupied();
        let job = pool.submit(|| ());
        std::thread::scope(|scope| {
            let waiters = [
                scope.spawn(|| wait([&job], ReturnWhen::AllCompleted, None).done.len()),
                scope.spawn(|| as_completed([&job]).count()),
                scope.spawn(|| usize::from(is_cancelled(job.result()))),
            ];
            assert!(job.cancel());
            assert_eq!(waiters.map(|waiter| waiter.join().unwrap()), [1, 1, 1]);
        });
    }

    #[test]
    fn all_as_they_end_the_done_ones_first_and_then_the_timeout() {
        let (pool, gate) = (ThreadPool::new(4), Gate::new());
        let fast = [1, 2].map(|n| pool.submit(move || n));
        fast.iter().for_each(|job| while !job.is_done() {});
        let slow = [1, 2].map(|n| {
            let wait = gate.job();
            pool.submit(move || {
                wait();
                n
            })
        });
        let mut ended = as_completed_for(slow.iter().chain(&fast), SHORT);
        assert!(std::ptr::eq(ended.next().unwrap().unwrap(), &raw const fast[0]));
        assert!(std::ptr::eq(ended.next().unwrap().unwrap(), &raw const fast[1]));
        let unfinished = ended.next().unwrap().unwrap_err();
        assert_eq!(unfinished, Unfinished { unfinished: 2, total: 4 });
        assert_eq!(unfinished.to_string(), "2 (of 4) futures unfinished");
        assert!(ended.next().is_none());
        drop(ended);
        gate.open.set();
        assert_eq!(as_completed(slow).map(|job| job.result().unwrap()).sum::<i32>(), 3);
    }
}

mod ours_futures {
    use super::*;

    /// Whether it is cancelled, running, done.
    fn state<T>(future: &threadcraft::Future<T>) -> [bool; 3] {
        [future.is_cancelled(), future.is_running(), future.is_done()]
    }

    #[test]
    fn truth_tables() {
        let (pool, gate) = (ThreadPool::new(1), Gate::new());
        let running = pool.submit(gate.job());
        gate.await_entered(1);
        let (pending, cancelled, failed) = (pool.submit(|| 1), pool.submit(|| 2), pool.submit(|| panic!("on purpose")));
        assert!(cancelled.cancel() && cancelled.cancel());
        assert!(!running.cancel());
        assert_eq!(state(&pending), [false, false, false]);
        assert_eq!(state(&running), [false, true, false]);
        assert_eq!(state(&cancelled), [true, false, true]);
        assert_eq!(format!("{pending:?} {cancelled:?}"), "Future { state: Pending } Future { state: Cancelled }");
        gate.open.set();
        assert!(failed.exception().is_some());
        assert_eq!(state(&pending), [false, false, true]);
        assert_eq!(state(&failed), [false, false, true]);
        assert!(!pending.cancel() && !failed.cancel());
        assert_eq!(pending.result().unwrap(), 1);
    }

    #[test]
    fn timeouts_by_state() {
        let (pool, gate) = occupied();
        let pending = pool.submit(|| 5);
        assert!(matches!(pending.result_for(Duration::ZERO), Err(TaskError::TimedOut)));
        assert!(matches!(pending.result_for(SHORT), Err(TaskError::TimedOut)));
        assert!(matches!(pending.exception_for(SHORT), Some(TaskError::TimedOut)));
        assert!(matches!(pending.result_until(Instant::now()), Err(TaskError::TimedOut)));
        gate.open.set();
        assert_eq!(pending.result_for(Duration::MAX).unwrap(), 5);
        let done = pool.submit(|| 6);
        assert!(done.exception().is_none());
        assert_eq!(done.result_for(Duration::ZERO).unwrap(), 6);
    }

    #[test]
    fn a_panic_keeps_its_message_and_its_payload() {
        let pool = ThreadPool::new(1);
        let failed = pool.submit(|| -> u32 { std::panic::panic_any(77_u64) });
        let panics: Vec<TaskPanic> = (0..2)
            .map(|_| match failed.result() {
                Err(TaskError::Panicked(panic)) => panic,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(panics[0].clone().into_payload().downcast_ref::<u64>(), Some(&77));
        let told = pool.submit(|| -> u32 { panic!("{} loaves", 3) });
        assert_eq!(told.result().unwrap_err().to_string(), "the job panicked: 3 loaves");
        assert_eq!(pool.submit(|| 1).result().unwrap(), 1, "the thread goes on");
        assert_eq!(pool.metrics().threads, 1);
    }

    #[test]
    fn callbacks_come_with_a_value_a_panic_and_a_cancel() {
        for ended_before in [false, true] {
            let (pool, gate) = occupied();
            let (send, receive) = mpsc::channel();
            let jobs = [pool.submit(|| 1), pool.submit(|| panic!("on purpose")), pool.submit(|| 3)];
            assert!(jobs[2].cancel());
            if ended_before {
                gate.open.set();
                wait(&jobs, ReturnWhen::AllCompleted, None);
            }
            for job in &jobs {
                let send = send.clone();
                job.add_done_callback(move |job| send.send(job.result().map_err(|error| error.to_string())).unwrap());
            }
            gate.open.set();
            drop((send, pool));
            let mut told: Vec<_> = receive.iter().collect();
            told.sort();
            let errors = ["the job panicked: on purpose", "the job was cancelled before it began"];
            assert_eq!(told, [Ok(1), Err(errors[0].to_owned()), Err(errors[1].to_owned())]);
        }
    }

    #[test]
    fn a_callback_that_panics_keeps_nobody_from_being_told() {
        let (pool, gate) = occupied();
        let (job, told) = (pool.submit(|| 1), Arc::new(AtomicUsize::new(0)));
        for number in 1..=3 {
            let told = Arc::clone(&told);
            job.add_done_callback(move |_| {
                assert_eq!(told.fetch_add(1, Ordering::SeqCst) + 1, number, "in their order");
                assert!(number != 2, "on purpose");
            });
        }
        gate.open.set();
        assert_eq!(job.result().unwrap(), 1);
        pool.shutdown(Shutdown::Wait);
        assert_eq!(told.load(Ordering::SeqCst), 3);
        let callback = || job.add_done_callback(|_| panic!("on purpose"));
        assert!(catch_unwind(AssertUnwindSafe(callback)).is_ok());
    }

    #[test]
    fn a_callback_has_the_value_also_when_nobody_has_the_future() {
        let (pool, gate) = occupied();
        let (send, receive) = mpsc::channel();
        pool.submit(|| String::from("bread")).add_done_callback(move |job| send.send(job.result().unwrap()).unwrap());
        gate.open.set();
        assert_eq!(receive.recv().unwrap(), "bread");
    }

    #[test]
    fn a_value_is_there_once() {
        let pool = ThreadPool::new(1);
        let job = pool.submit(|| 1);
        assert_eq!(job.result().unwrap(), 1);
        assert!(catch_unwind(AssertUnwindSafe(|| job.result())).is_err());
    }

    #[test]
    fn a_cancel_drops_what_the_closure_holds_at_once() {
        let (pool, _gate) = occupied();
        let token = Arc::new(());
        let held = Arc::clone(&token);
        let job = pool.submit(move || drop(held));
        assert!(job.cancel());
        assert_eq!(Arc::strong_count(&token), 1);
    }
}

mod ours_inside_a_worker {
    use super::*;

    #[test]
    fn a_job_waits_for_jobs_of_its_own_pool() {
        fn count_down(pool: &Arc<ThreadPool>, n: u32) -> u32 {
            let inner = Arc::clone(pool);
            if n == 0 { 0 } else { 1 + pool.submit(move || count_down(&inner, n - 1)).result().unwrap() }
        }
        let pool = Arc::new(ThreadPool::new(1));
        assert_eq!(count_down(&pool, 3), 3);
        let inner = Arc::clone(&pool);
        assert_eq!(pool.submit(move || count_down(&inner, 50)).result().unwrap(), 50);
        assert_eq!(pool.metrics().threads, 1, "it ran them itself");
    }

    #[test]
    fn while_it_waits_for_one_that_runs_another_thread_stands_in() {
        let (pool, gate) = (Arc::new(ThreadPool::new(2)), Gate::new());
        let running = pool.submit(gate.job());
        gate.await_entered(1);
        let waits = pool.submit(move || running.result().is_ok());
        // Both threads are taken: one is at the gate, the other waits for it.
        assert_eq!(pool.submit(|| 5).result().unwrap(), 5);
        gate.open.set();
        assert!(waits.result().unwrap());
        let jobs: Vec<_> = (0..10).map(|n| pool.submit(move || n)).collect();
        assert_eq!(as_completed(jobs).count(), 10);
        eventually("the one that stood in leaves", || pool.metrics().threads <= 2);
    }

    #[test]
    fn wait_and_as_completed_and_map_and_scope_run_what_has_not_begun() {
        let pool = Arc::new(ThreadPool::new(1));
        let own = Arc::clone(&pool);
        let job = pool.submit(move || {
            let jobs = [own.submit(|| 1), own.submit(|| 2)];
            assert_eq!(wait(&jobs, ReturnWhen::AllCompleted, None).done.len(), 2);
            assert_eq!(as_completed((0..3).map(|n| own.submit(move || n))).count(), 3);
            assert_eq!(own.map(0..4, |n| n).filter_map(Result::ok).sum::<i32>(), 6);
            let ran = AtomicUsize::new(0);
            own.scope(|scope| (0..3).for_each(|_| drop(scope.submit(|| ran.fetch_add(1, Ordering::SeqCst)))));
            assert_eq!(ran.into_inner(), 3);
        });
        job.result().unwrap();
    }

    #[test]
    fn in_time_it_gives_up_and_runs_nothing_itself() {
        let pool = Arc::new(ThreadPool::new(1));
        let (own, gate) = (Arc::clone(&pool), Gate::new());
        let blocked = gate.job();
        let job = pool.submit(move || {
            let inner = own.submit(blocked);
            matches!(inner.result_for(SHORT), Err(TaskError::TimedOut))
        });
        assert!(job.result().unwrap());
    }
}
