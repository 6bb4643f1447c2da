//! What an `Event` promises, on the machine's own threads.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use threadcraft_event::Event;

const SHORT: Duration = Duration::from_millis(20);

#[test]
fn these_tests_run_on_the_machine() {
    assert!(!threadcraft_platform::is_explored());
}

#[cfg(not(feature = "explore"))]
#[test]
fn an_event_takes_four_bytes() {
    assert_eq!(size_of::<Event>(), 4);
}

#[test]
fn set_and_clear_may_be_repeated() {
    let event = Event::new();
    assert!(!event.is_set());
    event.set();
    event.set();
    assert!(event.is_set());
    event.wait();
    event.clear();
    event.clear();
    assert!(!event.is_set());
}

#[test]
fn a_timed_wait_says_whether_the_flag_was_set() {
    let event = Event::new();
    assert!(!event.wait_for(Duration::ZERO));
    assert!(!event.wait_until(Instant::now()));
    let start = Instant::now();
    assert!(!event.wait_for(SHORT));
    assert!(start.elapsed() >= SHORT);
    event.set();
    assert!(event.wait_for(Duration::ZERO));
    assert!(event.wait_for(Duration::MAX));
    assert!(event.wait_until(Instant::now()));
}

#[test]
fn what_happened_before_set_is_visible_after_wait() {
    static MAILBOX: AtomicU32 = AtomicU32::new(0);
    let event = Event::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            MAILBOX.store(42, Ordering::Relaxed);
            event.set();
        });
        event.wait();
        assert_eq!(MAILBOX.load(Ordering::Relaxed), 42);
    });
}

#[test]
fn all_waiters_go_on_after_one_set() {
    let event = Event::new();
    let passed = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                event.wait();
                passed.fetch_add(1, Ordering::Relaxed);
            });
        }
        event.set();
    });
    assert_eq!(passed.into_inner(), 5);
}

#[test]
fn two_threads_take_turns_through_two_events() {
    let (ping, pong) = (Event::new(), Event::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..2_000 {
                ping.wait();
                ping.clear();
                pong.set();
            }
        });
        for _ in 0..2_000 {
            ping.set();
            pong.wait();
            pong.clear();
        }
    });
    assert!(!ping.is_set() && !pong.is_set());
}

#[test]
fn debug_shows_the_flag() {
    let event = Event::default();
    assert_eq!(format!("{event:?}"), "Event { set: false }");
    event.set();
    assert_eq!(format!("{event:?}"), "Event { set: true }");
}

#[test]
fn a_deadline_in_the_past_is_a_look_and_the_longest_timeout_means_for_ever() {
    let past = Instant::now();
    let event = Event::new();
    assert!(!event.wait_until(past));
    thread::scope(|scope| {
        let waiter = scope.spawn(|| event.wait_for(Duration::MAX));
        event.set();
        assert!(waiter.join().unwrap());
    });
    assert!(event.wait_until(past));
}
