//! Timers on real threads, in a build of its own: threads that cannot be started, threads that leave, the end of the
//! program, which this test sees as a child that runs it.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use threadcraft_thread::enumerate;
use threadcraft_timer::{CancelOnDrop, Interval, Timer, TimerService};

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn this_is_a_build_without_the_explorer() {
    assert!(!threadcraft_platform::is_explored());
}

#[test]
fn handles_are_shared_and_sent() {
    fn anywhere<T: Send + Sync + 'static>() {}
    anywhere::<Timer>();
    anywhere::<Interval>();
    anywhere::<TimerService>();
    anywhere::<CancelOnDrop<Timer>>();
}

#[test]
fn a_service_that_has_nothing_to_do_has_no_thread() {
    let threads =
        || enumerate().iter().filter(|thread| thread.name().is_some_and(|name| name.starts_with("timer_"))).count();
    let before = threads();
    let service = TimerService::new();
    service.after(Duration::ZERO, || ()).join();
    let timer = service.after(HOUR, || ());
    let interval = service.every(HOUR, || ());
    assert!(timer.cancel() && interval.cancel());
    let begin = Instant::now();
    // Those of other tests may be there, too; they leave in the end, or the patience does.
    while threads() > before && begin.elapsed() < Duration::from_secs(20) {
        std::thread::yield_now();
    }
    assert!(service.is_empty());
    drop(service);
}

#[test]
fn a_thread_that_is_refused_is_named_and_the_function_is_dropped() {
    // A child, as the limit is one of the process.
    let output = child("refused");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("there is no thread that could call it") && said.contains("dropped"), "{said}");
}

#[test]
fn the_program_waits_for_timers_and_for_nothing_else() {
    let output = child("ends");
    assert!(output.status.success());
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(printed.lines().last(), Some("called"), "{printed}");
}

/// Runs this program again, with one test that is left out otherwise.
fn child(name: &str) -> std::process::Output {
    let program = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(program);
    command.args(["--ignored", "--exact", &format!("children::{name}"), "--nocapture", "--quiet"]);
    command.output().expect("it can be run")
}

mod children {
    use super::*;

    #[test]
    #[ignore = "run by the test of the same meaning"]
    fn ends() {
        // By hand: the test runner keeps what a thread of a test prints.
        let timer = Timer::after(Duration::from_millis(100), || {
            std::fs::write("/dev/stdout", "called\n").expect("there is a standard output");
        });
        drop(timer);
        Timer::new(HOUR, || ()).daemon(true).start().expect("it is new");
        drop(Timer::after(Duration::MAX, || ()));
        drop(Interval::every(HOUR, || ()));
        std::process::exit(0);
    }

    #[test]
    #[ignore = "run by the test of the same meaning"]
    fn refused() {
        struct Says;
        impl Drop for Says {
            fn drop(&mut self) {
                eprintln!("dropped");
            }
        }
        refuse_threads();
        let says = Says;
        Timer::after(Duration::ZERO, move || drop(says));
    }

    /// No thread can be started afterwards: there is no memory for its stack.
    fn refuse_threads() {
        let pages = std::fs::read_to_string("/proc/self/statm").expect("this is Linux");
        let pages: u64 = pages.split(' ').next().and_then(|pages| pages.parse().ok()).expect("a number");
        let limit = libc::rlimit { rlim_cur: pages * 4096 + (1 << 20), rlim_max: libc::RLIM_INFINITY };
        // SAFETY:
        // - the structure is live for the call, which only reads it.
        assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_AS, &raw const limit) }, 0);
    }
}

#[test]
fn a_timer_is_never_early_and_the_first_is_called_first() {
    let service = TimerService::new();
    let (order, called) = mpsc::channel();
    let begin = Instant::now();
    for delay in [30, 10, 20] {
        let order = order.clone();
        service.after(Duration::from_millis(delay), move || order.send((delay, begin.elapsed())).unwrap());
    }
    drop(order);
    let called: Vec<_> = called.iter().collect();
    assert!(called.iter().all(|&(delay, elapsed)| elapsed >= Duration::from_millis(delay)), "{called:?}");
}

#[test]
fn what_a_cancelled_timer_holds_is_dropped_at_once() {
    let held = Arc::new(());
    let timer = Timer::after(HOUR, {
        let held = Arc::clone(&held);
        move || drop(held)
    });
    assert_eq!(Arc::strong_count(&held), 2);
    assert!(timer.cancel());
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn a_thousand_intervals_and_timers_are_cancelled_and_none_is_left() {
    let (service, calls) = (TimerService::new(), Arc::new(AtomicU32::new(0)));
    let timers: Vec<_> = (0..1000)
        .map(|number| {
            let calls = Arc::clone(&calls);
            service.after(HOUR + Duration::from_nanos(number % 7), move || {
                calls.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    assert_eq!(service.len(), 1000);
    assert!(timers.iter().all(Timer::cancel));
    assert_eq!((service.len(), calls.load(Ordering::SeqCst), Arc::strong_count(&calls)), (0, 0, 1));
}
