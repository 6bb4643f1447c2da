//! A pool on real threads, in a build of its own: `await`, threads that cannot be started, sharing between threads.

use std::future::Future as _;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use threadcraft_pool::{BuildError, Future, Scope, SubmitError, TaskError, ThreadPool};

/// Wakes a thread, and counts.
struct Unpark(std::thread::Thread, AtomicUsize);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.unpark();
    }
}

fn block_on<T>(future: impl std::future::Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current(), AtomicUsize::new(0))));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn this_is_a_build_without_the_explorer() {
    assert!(!threadcraft_platform::is_explored());
}

#[test]
fn a_future_can_be_awaited() {
    let pool = ThreadPool::new(2);
    let sum = block_on(async {
        let (two, three) = (pool.submit(|| 2), pool.submit(|| 3));
        two.await.unwrap() + three.await.unwrap()
    });
    assert_eq!(sum, 5);
    let failed = block_on(pool.submit(|| -> u32 { panic!("on purpose") }));
    assert!(matches!(failed, Err(TaskError::Panicked(_))));
}

#[test]
fn the_last_waker_is_woken_and_no_other() {
    let pool = ThreadPool::new(1);
    let (open, opened) = std::sync::mpsc::channel::<()>();
    let mut job = pool.submit(move || opened.recv().is_ok());
    let wakers = [0, 1].map(|_| Arc::new(Unpark(std::thread::current(), AtomicUsize::new(0))));
    for unpark in &wakers {
        let waker = Waker::from(Arc::clone(unpark));
        assert!(std::pin::Pin::new(&mut job).poll(&mut Context::from_waker(&waker)).is_pending());
    }
    open.send(()).unwrap();
    drop(pool);
    assert_eq!(wakers.map(|unpark| unpark.1.load(Ordering::SeqCst)), [0, 1]);
    assert!(job.result().is_ok());
}

#[test]
fn a_thread_that_the_system_refuses_orphans_no_job() {
    let pool = ThreadPool::builder().max_workers(1).stack_size(usize::MAX / 4).build().unwrap();
    let Err(error) = pool.try_submit(|| 1) else { panic!("no system has so much memory") };
    assert!(matches!(error, SubmitError::NoThread(_)));
    assert!(error.to_string().starts_with("the pool has no thread to run a job on: the system started no thread"));
    let token = Arc::new(());
    let held = Arc::clone(&token);
    assert!(matches!(pool.submit(move || drop(held)).result(), Err(TaskError::BrokenPool)));
    assert_eq!(Arc::strong_count(&token), 1);
    assert_eq!(pool.metrics().queued, 0);
}

#[test]
fn where_some_threads_are_refused_those_that_live_do_all_jobs() {
    // A child, as the limit is one of the process: three or so of the threads have room.
    let limited = |program: &std::path::Path| {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "ulimit -v 1200000 && exec \"$0\" \"$@\""]).arg(program);
        command
    };
    let printed = child_of(limited, "crowded");
    let printed = printed.lines().find(|line| line.starts_with("threads")).expect("it says how many").to_owned();
    let threads: usize = printed.split(' ').nth(1).expect("a number").parse().expect("a number");
    assert!((1..CROWD).contains(&threads), "{printed}");
    assert!(printed.ends_with("all jobs done"), "{printed}");
}

/// More threads than there is room for.
const CROWD: usize = 12;

#[test]
fn names_with_a_nul_are_refused() {
    let refused = ThreadPool::builder().thread_name_prefix("a\0b").build().unwrap_err();
    assert_eq!(refused, BuildError::InvalidName("a\0b".to_owned()));
}

#[test]
fn pools_and_futures_can_be_sent_and_shared() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<ThreadPool>();
    is_shared::<Future<std::cell::Cell<u32>>>();
    is_shared::<Scope<'_, '_>>();
}

/// Runs one of the tests below in a process of its own; returns what it printed, once it has ended.
fn child(name: &str) -> String {
    child_of(|program| std::process::Command::new(program), name)
}

fn child_of(command: impl FnOnce(&std::path::Path) -> std::process::Command, name: &str) -> String {
    let mut command = command(&std::env::current_exe().expect("this program has a path"));
    command.args(["--ignored", "--exact", &format!("children::{name}"), "--nocapture", "--quiet"]);
    let output = command.output().expect("it can be run");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_pool_that_nobody_ends_does_its_jobs_and_lets_the_program_end() {
    assert_eq!(child("leaked").lines().filter(|line| line.starts_with("job")).count(), 3);
}

#[test]
fn a_pool_that_was_not_waited_for_keeps_the_program_until_its_jobs_are_done() {
    assert_eq!(child("not_waited_for").lines().filter(|line| line.starts_with("job")).count(), 3);
}

#[test]
fn a_thread_may_use_a_pool_after_main_has_gone() {
    assert_eq!(child("after_main").lines().filter(|line| line.starts_with("job")).count(), 3);
}

mod children {
    use std::time::Duration;

    use super::*;
    use threadcraft_pool::Shutdown;

    const LATER: Duration = Duration::from_millis(50);

    fn print(number: i32) {
        std::thread::sleep(LATER);
        std::fs::write("/dev/stdout", format!("job {number}\n")).expect("there is a standard output");
    }

    fn pool() -> ThreadPool {
        let pool = ThreadPool::new(2);
        (0..3).for_each(|number| drop(pool.submit(move || print(number))));
        pool
    }

    #[test]
    #[ignore = "run by the test of the same meaning"]
    fn leaked() {
        std::mem::forget(pool());
        std::process::exit(0);
    }

    #[test]
    #[ignore = "run by the test of the same meaning"]
    fn not_waited_for() {
        pool().shutdown(Shutdown::NoWait);
        std::process::exit(0);
    }

    #[test]
    #[ignore = "run by the test of the same meaning"]
    fn crowded() {
        let pool = ThreadPool::builder().max_workers(CROWD).stack_size(256 << 20).build().unwrap();
        let open = Arc::new(threadcraft_event::Event::new());
        let jobs: Vec<_> = (0..3 * CROWD)
            .map(|number| {
                let open = Arc::clone(&open);
                pool.submit(move || {
                    open.wait();
                    number
                })
            })
            .collect();
        let threads = pool.metrics().threads;
        open.set();
        assert!(jobs.iter().enumerate().all(|(number, job)| job.result().unwrap() == number));
        drop(pool);
        std::fs::write("/dev/stdout", format!("threads {threads} and all jobs done\n"))
            .expect("there is a standard output");
    }

    #[test]
    #[ignore = "run by the test of the same meaning"]
    fn after_main() {
        drop(threadcraft_thread::spawn(|| {
            std::thread::sleep(LATER);
            drop(pool());
        }));
        std::process::exit(0);
    }
}
