//! What threads, pools and timers are not meant to be given, and do without harm. What is refused with an error of its own
//! is also tested beside each crate, where limits of the system are set for a process: `crates/{thread,pool,timer}/tests`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use threadcraft::prelude::*;
use threadcraft::{BuildError, Interval, StartError, SubmitError, TimerService};
use threadcraft_tests::eventually::eventually;
use threadcraft_tests::gate::occupied;

#[test]
fn zero_workers_a_nul_in_a_name_and_a_stack_beyond_all_memory_are_named() {
    let zero = ThreadPool::builder().max_workers(0).build().unwrap_err();
    assert_eq!(zero, BuildError::NoWorkers);
    assert_eq!(zero.to_string(), "a pool of 0 workers: it takes at least 1 to run anything");
    let name = ThreadPool::builder().thread_name_prefix("a\0b").build().unwrap_err();
    assert_eq!(name.to_string(), r#"the threads' name "a\0b" contains a NUL: choose one without"#);
    let mut thread = Thread::new(|| ()).name("a\0b");
    assert!(matches!(thread.start(), Err(StartError::InvalidName(name)) if name == "a\0b"));
    let pool = ThreadPool::builder().stack_size(usize::MAX / 4).build().unwrap();
    let Err(error @ SubmitError::NoThread(_)) = pool.try_submit(|| ()) else { panic!("no system has so much memory") };
    assert!(error.to_string().contains("the system started no thread"), "{error}");
    assert!(matches!(pool.submit(|| ()).result(), Err(TaskError::BrokenPool)));
    let mut thread = Thread::new(|| ()).stack_size(usize::MAX / 4);
    assert!(matches!(thread.start(), Err(StartError::Refused(_))));
}

#[test]
fn a_pool_whose_first_thread_is_refused_is_shut_down_and_dropped_like_any_other() {
    for how in [Shutdown::Wait, Shutdown::WaitCancelPending, Shutdown::NoWait] {
        let pool = ThreadPool::builder().max_workers(2).stack_size(usize::MAX / 4).build().unwrap();
        let job = pool.submit(|| ());
        pool.shutdown(how);
        assert!(matches!(pool.submit(|| ()).result(), Err(TaskError::Cancelled)));
        drop(pool);
        assert!(matches!(job.result(), Err(TaskError::BrokenPool)));
    }
}

#[test]
fn a_job_that_submits_to_its_closed_pool_gets_an_error_and_no_deadlock() {
    let (pool, gate) = occupied();
    let pool = Arc::new(pool);
    let own = Arc::clone(&pool);
    let job = pool.submit(move || {
        let refused = matches!(own.try_submit(|| ()), Err(SubmitError::ShutDown));
        refused && matches!(own.submit(|| ()).result(), Err(TaskError::Cancelled))
    });
    pool.shutdown(Shutdown::NoWait);
    gate.open.set();
    assert!(job.result().unwrap());
}

#[test]
fn results_of_every_kind_are_there_when_the_pool_is_gone() {
    let (pool, gate) = occupied();
    let [value, panic, cancelled] = [1, 2, 3].map(|number| pool.submit(move || 6 / (number % 2)));
    assert!(cancelled.cancel());
    gate.open.set();
    drop(pool);
    assert_eq!(value.result().unwrap(), 6);
    assert!(matches!(panic.result(), Err(TaskError::Panicked(panic)) if panic.message().contains("divide by zero")));
    assert!(matches!(cancelled.result(), Err(TaskError::Cancelled)));
    let told = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&told);
    value.add_done_callback(move |_| _ = count.fetch_add(1, Ordering::SeqCst));
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

#[test]
fn what_is_dropped_inside_a_worker_waits_for_nothing_of_its_own_pool() {
    let (pool, token) = (Arc::new(ThreadPool::new(1)), Arc::new(()));
    let (own, held) = (Arc::clone(&pool), Arc::clone(&token));
    let job = pool.submit(move || {
        // A future of a job that has not begun, and will.
        let held = [(); 3].map(|()| Arc::clone(&held));
        let [first, second, third] = held.map(|held| own.submit(move || held));
        drop(first);
        // One that was cancelled, one that was run here, and a map that is left.
        assert!(second.cancel());
        drop(second);
        drop(third.result());
        let mut squares = own.map(0..10, |n| n * n);
        assert_eq!(squares.next().unwrap().unwrap(), 0);
        drop(squares);
        // Another pool, which is waited for, and one's own.
        let other = ThreadPool::new(1);
        let done = other.submit(|| 1);
        drop(other);
        assert!(done.is_done());
        drop(own);
    });
    assert!(job.result().is_ok());
    drop(pool);
    assert_eq!(Arc::strong_count(&token), 1);
}

#[test]
fn a_pool_that_its_own_job_drops_last_runs_what_is_left() {
    let (pool, ran) = (ThreadPool::new(1), Arc::new(AtomicUsize::new(0)));
    let (send, receive) = mpsc::channel::<ThreadPool>();
    let last = pool.submit(move || drop(receive.recv()));
    let jobs: Vec<_> = (0..10)
        .map(|_| {
            let ran = Arc::clone(&ran);
            pool.submit(move || ran.fetch_add(1, Ordering::SeqCst))
        })
        .collect();
    send.send(pool).unwrap();
    assert!(last.result().is_ok());
    assert!(jobs.iter().all(|job| job.result().is_ok()));
    assert_eq!(ran.load(Ordering::SeqCst), 10);
}

#[test]
fn a_callback_that_panics_costs_neither_the_thread_nor_the_next_callback_nor_the_value() {
    let (pool, told) = (ThreadPool::new(1), Arc::new(AtomicUsize::new(0)));
    let (open, opened) = mpsc::channel::<()>();
    let job = pool.submit(move || opened.recv().is_ok());
    job.add_done_callback(|_| panic!("on purpose"));
    let count = Arc::clone(&told);
    job.add_done_callback(move |_| _ = count.fetch_add(1, Ordering::SeqCst));
    open.send(()).unwrap();
    assert!(job.result().unwrap());
    assert_eq!(pool.submit(|| 7).result().unwrap(), 7);
    assert_eq!((told.load(Ordering::SeqCst), pool.metrics().threads), (1, 1));
}

#[test]
fn the_largest_delay_is_never_an_interval_of_zero_is_refused_and_both_say_so() {
    let service = TimerService::new();
    let timer = service.after(Duration::MAX, || unreachable!("it is never due"));
    assert!(timer.is_alive() && !timer.join_for(Duration::from_millis(1)));
    assert!(timer.cancel());
    let refused = std::panic::catch_unwind(|| Interval::every(Duration::ZERO, || ()));
    let message = refused.expect_err("it would never end");
    assert!(message.downcast_ref::<&str>().is_some_and(|message| message.contains("zero")), "{message:?}");
}

#[test]
fn a_timer_whose_function_panics_or_drops_its_own_service_harms_no_other() {
    let (service, called) = (Arc::new(TimerService::new()), Arc::new(AtomicUsize::new(0)));
    drop(service.after(Duration::ZERO, || panic!("on purpose")));
    let count = Arc::clone(&called);
    service.after(Duration::ZERO, move || _ = count.fetch_add(1, Ordering::SeqCst)).join();
    let own = Arc::clone(&service);
    let last = service.after(Duration::ZERO, move || drop(own));
    drop(service);
    eventually("the last one has ended", || !last.is_alive());
    assert_eq!(called.load(Ordering::SeqCst), 1);
}
