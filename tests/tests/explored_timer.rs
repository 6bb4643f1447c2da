//! Programs with timers under the explorer, at the grain of their calls: what a learner sees. Time is virtual.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use threadcraft::explore::{ClockPolicy, Explorer, FailureKind, explore};
use threadcraft::prelude::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_timer_is_called_when_its_time_has_come_and_the_program_waits_for_it() {
    let report = explore(|| {
        let begin = Instant::now();
        drop(Timer::after(3600 * SECOND, move || threadcraft::println!("after {:?}", begin.elapsed())));
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert!(report.outcomes.to_string().contains("after 3600s"), "{}", report.outcomes);
}

#[test]
fn daemons_and_intervals_do_not_hold_the_program() {
    let report = explore(|| {
        let daemon = Timer::new(SECOND, || threadcraft::println!("not seen")).daemon(true);
        daemon.start().unwrap();
        drop(Interval::every(SECOND, || threadcraft::println!("neither is this")));
    });
    assert_eq!(report.failure, None);
    assert!(!report.outcomes.to_string().contains("seen"), "{}", report.outcomes);
}

#[test]
fn a_cancel_that_may_come_at_any_time_is_exact() {
    let report = Explorer::builder().clock(ClockPolicy::Anywhere).build().explore(|| {
        let called = Arc::new(Shared::new(false));
        let timer = Timer::after(SECOND, {
            let called = Arc::clone(&called);
            move || called.set(true)
        });
        let cancelled = timer.cancel();
        timer.join();
        (cancelled, called.get())
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "(false, true) | (true, false)");
}

/// The seconds at which an interval of one second calls a function whose second call takes two and a half.
fn seconds(missed: MissedTicks) -> Vec<u128> {
    let (begin, times) = (Instant::now(), Arc::new(Lock::new(Vec::new())));
    let interval = Interval::every(SECOND, {
        let times = Arc::clone(&times);
        move || {
            let number = {
                let mut times = times.lock();
                times.push(begin.elapsed().as_millis());
                times.len()
            };
            if number == 2 {
                sleep(SECOND * 5 / 2);
            }
        }
    });
    let interval = interval.missed(missed);
    sleep(SECOND * 29 / 4);
    interval.cancel();
    interval.join();
    let mut times = times.lock().clone();
    // The last one may come when the cancel does.
    times.pop();
    times
}

#[test]
fn what_was_missed_is_made_up_for_left_out_or_moved() {
    for (missed, expected) in [
        (MissedTicks::Burst, "[1000, 2000, 4500, 4500, 5000, 6000]"),
        (MissedTicks::Skip, "[1000, 2000, 5000, 6000]"),
        (MissedTicks::Delay, "[1000, 2000, 5500]"),
    ] {
        // The first schedules, on which nobody is kept waiting: what is late on others has nothing to do with the policy.
        let report = Explorer::builder().max_schedules(8).build().explore(move || seconds(missed));
        assert_eq!(report.failure, None);
        assert_eq!(report.outcomes.to_string(), expected, "{missed:?}");
    }
}

#[test]
fn a_panic_is_a_failure_unless_a_hook_hears_of_it_and_the_next_timer_is_called() {
    fn program() -> bool {
        // Kept: an address that is used again is another one in the next run, and the explorer knows futexes by theirs.
        let first = Timer::after(SECOND, || panic!("on purpose"));
        first.join();
        let called = Arc::new(AtomicBool::new(false));
        let next = Timer::after(SECOND, {
            let called = Arc::clone(&called);
            move || called.store(true, Ordering::SeqCst)
        });
        next.join();
        called.load(Ordering::SeqCst)
    }
    let failure = explore(program).failure.expect("nobody hears of it");
    assert!(matches!(failure.kind, FailureKind::Panic { .. }), "{:?}", failure.kind);
    let heard = explore(|| {
        set_except_hook(|end| assert_eq!(end.panic().message(), "on purpose"));
        program()
    });
    assert_eq!(heard.failure, None);
    assert_eq!(heard.outcomes.to_string(), "true");
}

#[test]
fn a_timer_that_waits_for_itself_is_told_so() {
    let report = explore(|| {
        let slot = Arc::new(Lock::new(None::<Arc<Timer>>));
        let timer = Timer::new(SECOND, {
            let slot = Arc::clone(&slot);
            move || {
                let own = slot.lock().clone();
                own.expect("it was put there").join();
            }
        });
        let timer = Arc::new(timer);
        *slot.lock() = Some(Arc::clone(&timer));
        timer.start().unwrap();
    });
    let failure = report.failure.expect("it panics");
    assert!(format!("{:?}", failure.kind).contains("cannot wait for its end"), "{:?}", failure.kind);
}
