//! What Python's thread tests ask of threads, by behaviour: of ours and, where it has the feature, of `std`'s.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use threadcraft::{
    JoinError, Local, Thread, ThreadState, active_count, current, enumerate, main_thread, reset_except_hook, scope,
    set_except_hook, spawn,
};
use threadcraft_tests::eventually::eventually;

/// Long enough to be measured, short enough to wait for.
const TIMEOUT: Duration = Duration::from_millis(50);

/// What all threads can do.
trait Threads {
    fn run<T: Send + 'static>(name: &str, stack: usize, body: impl FnOnce() -> T + Send + 'static)
    -> Result<T, String>;
}

struct Ours;

impl Threads for Ours {
    fn run<T: Send + 'static>(
        name: &str,
        stack: usize,
        body: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, String> {
        let mut thread = Thread::new(body).name(name).stack_size(stack);
        thread.start().map_err(|error| error.to_string())?;
        thread.join().map_err(|error| error.to_string())
    }
}

struct Std;

impl Threads for Std {
    fn run<T: Send + 'static>(
        name: &str,
        stack: usize,
        body: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, String> {
        let thread = thread::Builder::new().name(name.to_owned()).stack_size(stack).spawn(body);
        thread.map_err(|error| error.to_string())?.join().map_err(|_| "it panicked".to_owned())
    }
}

fn threads_have_names_and_stacks_and_drop_what_they_captured<T: Threads>() {
    for stack in [64 << 10, 4 << 20] {
        let kept = Arc::new(());
        let inside = Arc::clone(&kept);
        let name = T::run("P0", stack, move || {
            drop(inside);
            thread::current().name().map(str::to_owned)
        });
        assert_eq!(name.unwrap().as_deref(), Some("P0"));
        assert_eq!(Arc::strong_count(&kept), 1);
    }
}

fn a_refused_start_and_a_panic_are_errors<T: Threads>() {
    assert!(T::run("huge", usize::MAX / 2, || ()).is_err());
    assert!(T::run("fails", 64 << 10, || panic!("on purpose")).is_err());
}

#[test]
fn what_all_threads_do() {
    threads_have_names_and_stacks_and_drop_what_they_captured::<Ours>();
    threads_have_names_and_stacks_and_drop_what_they_captured::<Std>();
    a_refused_start_and_a_panic_are_errors::<Ours>();
    a_refused_start_and_a_panic_are_errors::<Std>();
}

#[test]
fn many_wait_with_and_without_a_limit_and_again() {
    let (go, start) = mpsc::channel::<()>();
    let thread = spawn(move || start.recv());
    let begin = Instant::now();
    assert!(!thread.wait_for(TIMEOUT) && !thread.wait_for(Duration::ZERO));
    assert!(begin.elapsed() >= TIMEOUT && begin.elapsed() < 10 * TIMEOUT);
    let (arrived, gone) = (AtomicU32::new(0), AtomicU32::new(0));
    scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                arrived.fetch_add(1, Ordering::Relaxed);
                thread.wait();
                assert!(thread.wait_for(Duration::ZERO) && !thread.is_alive());
                gone.fetch_add(1, Ordering::Relaxed);
            });
        }
        eventually("all arrive", || arrived.load(Ordering::Relaxed) == 5);
        assert_eq!(gone.load(Ordering::Relaxed), 0);
        go.send(()).expect("the thread waits for it");
    });
    assert_eq!(gone.into_inner(), 5);
    assert_eq!(thread.state(), ThreadState::Terminated);
    assert!(thread.join_for(Duration::MAX).unwrap().is_ok());
}

#[test]
fn a_state_is_new_then_blocked_in_a_wait_of_ours_then_terminated() {
    static EVENT: threadcraft::Event = threadcraft::Event::new();
    let mut thread = Thread::new(|| EVENT.wait());
    assert_eq!((thread.state(), thread.ident(), thread.is_alive()), (ThreadState::New, None, false));
    thread.start().unwrap();
    eventually("it waits", || thread.state() == ThreadState::Blocked && thread.native_id().is_some());
    EVENT.set();
    thread.wait();
    assert_eq!((thread.state(), thread.is_alive()), (ThreadState::Terminated, false));
}

#[test]
fn threads_are_listed_while_they_live_foreign_ones_too() {
    let (go, start) = mpsc::channel::<()>();
    let thread = spawn(move || start.recv());
    assert!(enumerate().contains(thread.info()) && enumerate().contains(&main_thread()) && active_count() >= 2);
    drop(go);
    let info = thread.info().clone();
    thread.wait();
    assert!(!enumerate().contains(&info), "an ended thread is not listed");
    let foreign = thread::spawn(|| {
        let me = current();
        assert!(enumerate().contains(&me) && me.is_daemon() && me.is_alive());
        me
    });
    let foreign = foreign.join().unwrap();
    assert!(!enumerate().contains(&foreign) && !foreign.is_alive());
    let mut refused = Thread::new(|| ()).name("refused").stack_size(usize::MAX / 2);
    assert!(refused.start().is_err());
    assert!(enumerate().iter().all(|thread| thread.name() != Some("refused")));
}

#[test]
fn waiting_for_oneself_or_for_what_never_started_is_refused() {
    assert!(matches!(Thread::new(|| ()).join_for(TIMEOUT), Err(JoinError::NotStarted)));
    let never = spawn(|| Thread::new(|| ()).wait()).join().unwrap_err();
    assert!(never.to_string().contains("never started"), "{never}");
    let (send, receive) = mpsc::channel::<Arc<Thread<()>>>();
    let (answer, answered) = mpsc::channel();
    let thread = Arc::new(spawn(move || {
        let me = receive.recv().expect("it is sent below");
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| me.wait())).is_err();
        answer.send(refused).expect("the test waits for it");
    }));
    send.send(Arc::clone(&thread)).expect("the thread waits for it");
    assert!(answered.recv().unwrap());
}

#[test]
fn the_except_hook_is_told_and_a_failing_one_does_no_harm_and_the_old_one_comes_back() {
    // The hook is one for the process: no other test of this file sets it.
    let told = Arc::new(Mutex::new(Vec::new()));
    let before = set_except_hook({
        let told = Arc::clone(&told);
        move |end| {
            // Others of this file fail at the same time.
            if end.thread().name() == Some("told") {
                told.lock().unwrap().push(end.panic().message().to_owned());
            }
        }
    });
    let fail = || Ours::run("told", 64 << 10, || panic!("on purpose")).unwrap_err();
    assert!(fail().contains("on purpose"));
    let ours = set_except_hook(|_| panic!("the hook fails"));
    assert!(fail().contains("on purpose"));
    ours.restore();
    fail();
    reset_except_hook();
    fail();
    before.restore();
    assert_eq!(*told.lock().unwrap(), ["on purpose", "on purpose"]);
}

#[test]
fn a_local_is_one_value_a_thread_and_dropped_at_its_end() {
    static KEPT: Local<Arc<u32>> = Local::new();
    let shared = Arc::new(7);
    KEPT.set(Arc::clone(&shared));
    for _ in 0..3 {
        let inside = Arc::clone(&shared);
        spawn(move || {
            assert!(!KEPT.is_set());
            KEPT.set(inside);
            assert_eq!(KEPT.with(|value| **value), 7);
        })
        .join()
        .unwrap();
    }
    assert_eq!(Arc::strong_count(&shared), 2);
    assert_eq!(KEPT.take().as_deref(), Some(&7));
}
