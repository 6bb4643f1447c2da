//! What a `Thread` promises, on the machine's own threads.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use threadcraft_thread::{JoinError, Panic, StartError, Thread, current, sleep, sleep_until, spawn, yield_now};

#[test]
fn these_tests_run_on_the_machine() {
    assert!(!threadcraft_platform::is_explored());
}

#[test]
fn a_thread_runs_once_it_is_started_and_gives_its_value_to_the_join() {
    let ran = Arc::new(AtomicBool::new(false));
    let mut thread = Thread::new({
        let ran = Arc::clone(&ran);
        move || {
            ran.store(true, Ordering::Relaxed);
            String::from("done")
        }
    });
    assert!(!ran.load(Ordering::Relaxed));
    thread.start().unwrap();
    assert_eq!(thread.join().unwrap(), "done");
    assert!(ran.load(Ordering::Relaxed));
}

#[test]
fn a_thread_that_is_never_started_never_runs() {
    drop(Thread::new(|| panic!("nobody started this")));
    assert!(matches!(Thread::new(|| ()).join(), Err(JoinError::NotStarted)));
}

#[test]
fn a_second_start_is_an_error_and_does_not_disturb_the_first() {
    let mut thread = Thread::new(|| 1);
    thread.start().unwrap();
    assert!(matches!(thread.start(), Err(StartError::AlreadyStarted)));
    assert_eq!(thread.join().unwrap(), 1);
}

#[test]
fn a_name_reaches_the_thread_and_the_owner() {
    let mut thread = Thread::new(|| current().name().map(str::to_owned)).name("P0").stack_size(128 * 1024);
    thread.start().unwrap();
    assert_eq!(thread.info().name(), Some("P0"));
    assert_eq!(format!("{thread:?}"), r#"Thread { name: Some("P0"), started: true, .. }"#);
    assert_eq!(thread.join().unwrap().as_deref(), Some("P0"));
    assert_eq!(spawn(|| current().name().map(str::to_owned)).join().unwrap(), None);
}

#[test]
fn a_name_that_the_system_cannot_keep_is_an_error() {
    let error = Thread::new(|| ()).name("a\0b").start().unwrap_err();
    assert!(matches!(&error, StartError::InvalidName(name) if name == "a\0b"));
    assert!(error.to_string().contains("contains a NUL"));
}

#[test]
fn a_start_that_the_system_refuses_loses_nothing() {
    let mut thread = Thread::new(|| 5).stack_size(usize::MAX / 2);
    let error = thread.start().unwrap_err();
    assert!(matches!(&error, StartError::Refused(_)) && error.source().is_some());
    let mut thread = thread.stack_size(256 * 1024);
    thread.start().unwrap();
    assert_eq!(thread.join().unwrap(), 5);
}

#[test]
#[should_panic(expected = "a thread gets its name before it starts")]
fn a_running_thread_cannot_be_named() {
    drop(spawn(|| ()).name("late"));
}

#[test]
fn a_panic_comes_out_of_the_join_with_its_message_and_value() {
    let Err(JoinError::Panicked(panic)) = spawn(|| panic!("number {}", 7)).join() else { panic!("it panicked") };
    assert_eq!(panic.message(), "number 7");
    assert_eq!(format!("{panic:?}"), r#"Panic { message: "number 7", .. }"#);
    let error = spawn(|| -> () { std::panic::panic_any(42) }).join().unwrap_err();
    assert_eq!(error.to_string(), "the thread panicked: a value that is not text");
    let JoinError::Panicked(panic) = error else { panic!("it panicked") };
    assert_eq!(panic.into_payload().downcast_ref(), Some(&42));
}

#[test]
fn a_panic_can_go_on_in_the_thread_that_joined() {
    let joiner = spawn(|| match spawn(|| panic!("first")).join() {
        Err(JoinError::Panicked(panic)) => panic.resume(),
        _ => unreachable!("it panicked"),
    });
    let Err(JoinError::Panicked(panic)) = joiner.join() else { panic!("it panicked") };
    assert_eq!(panic.message(), "first");
}

#[test]
fn joining_oneself_is_an_error() {
    let (send, receive) = mpsc::channel::<Thread<()>>();
    // The handle is used up by the join, so the answer comes another way.
    let (answer, answered) = mpsc::channel();
    let thread = spawn(move || {
        let myself = receive.recv().expect("it is sent below");
        answer.send(matches!(myself.join(), Err(JoinError::WouldDeadlock))).expect("the test waits for it");
    });
    send.send(thread).expect("the thread waits for it");
    assert!(answered.recv().expect("the thread answers"));
}

#[test]
fn what_the_closure_captured_is_dropped_before_the_join_returns() {
    let kept = Arc::new(());
    let mut thread = Thread::new({
        let kept = Arc::clone(&kept);
        move || drop(kept)
    });
    thread.start().unwrap();
    thread.join().unwrap();
    assert_eq!(Arc::strong_count(&kept), 1);
}

#[test]
fn a_dropped_thread_goes_on_by_itself() {
    let (send, receive) = mpsc::channel();
    drop(spawn(move || send.send("still here")));
    assert_eq!(receive.recv().unwrap(), "still here");
}

#[test]
fn a_thread_may_start_threads() {
    let depth = Arc::new(AtomicU32::new(0));
    fn nest(depth: Arc<AtomicU32>, left: u32) {
        depth.fetch_add(1, Ordering::Relaxed);
        if left > 0 {
            spawn(move || nest(depth, left - 1)).join().unwrap();
        }
    }
    nest(Arc::clone(&depth), 10);
    assert_eq!(depth.load(Ordering::Relaxed), 11);
}

#[test]
fn sleeping_is_never_too_short() {
    let start = Instant::now();
    sleep(Duration::from_millis(5));
    sleep_until((start + Duration::from_millis(10)).into());
    yield_now();
    assert!(start.elapsed() >= Duration::from_millis(10));
}

#[test]
fn errors_and_handles_may_be_sent_and_shared() {
    fn anywhere<T: Send + Sync + 'static>() {}
    anywhere::<Thread<u32>>();
    anywhere::<JoinError>();
    anywhere::<StartError>();
    anywhere::<Panic>();
}
