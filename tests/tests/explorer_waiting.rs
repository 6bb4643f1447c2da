//! Calls that wait: a proof looks at the order in which they are served, and not at the order in which they come.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Event, Instant, Lock, RLock, Semaphore, Shared, scope, sleep, spawn};
use threadcraft_explore::{Carrier, ClockPolicy, Explorer, FailureKind, Report, Strategy};

fn dpor() -> Explorer {
    Explorer::builder().strategy(Strategy::Dpor).carrier(Carrier::Coroutines).build()
}

/// How many executions prove it.
#[track_caller]
fn proof(report: &Report) -> u64 {
    assert!(report.complete, "{:?} {:?}", report.cut, report.failure);
    report.schedules - RUNS_BEFORE
}

/// The default schedule is run twice before any search.
const RUNS_BEFORE: u64 = 2;

/// `n` over `k`.
fn binomial(n: u64, k: u64) -> u64 {
    (1..=k).fold(1, |product, i| product * (n - k + i) / i)
}

/// Two threads with so many sections each can be served in so many orders as there are ways to put two rows of
/// sections into one.
#[test]
fn sections_under_a_lock_are_proven_in_as_many_executions_as_there_are_orders_of_them() {
    for sections in 1..=5 {
        let report = dpor().explore(move || {
            let lock = Lock::new(0);
            scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| (0..sections).for_each(|_| *lock.lock() += 1));
                }
            });
            lock.into_inner()
        });
        assert_eq!(proof(&report), binomial(2 * sections, sections), "{sections} sections each");
    }
}

#[test]
fn sections_under_a_lock_that_is_taken_twice_are_proven_in_as_many_executions() {
    for sections in 1..=3 {
        let report = dpor().explore(move || {
            let lock = RLock::new(());
            let twice = || {
                let _outer = lock.lock();
                let _inner = lock.lock();
            };
            scope(|scope| (0..2).for_each(|_| drop(scope.spawn(|| (0..sections).for_each(|_| twice())))));
        });
        assert_eq!(proof(&report), binomial(2 * sections, sections), "{sections} sections each");
    }
}

#[test]
fn one_permit_and_three_threads_are_proven_in_six_executions() {
    let report = dpor().explore(|| {
        let permits = Semaphore::new(1);
        scope(|scope| (0..3).for_each(|_| drop(scope.spawn(|| drop(permits.acquire())))));
    });
    assert_eq!(proof(&report), 6);
}

#[test]
fn who_waits_for_an_event_before_it_is_set_or_after_makes_no_difference() {
    let report = dpor().explore(|| {
        let event = Event::new();
        scope(|scope| {
            (0..3).for_each(|_| drop(scope.spawn(|| event.wait())));
            scope.spawn(|| event.set());
        });
    });
    assert_eq!(proof(&report), 1);
}

/// A thread that only comes to wait where nobody else can go on still comes to wait.
#[test]
fn a_deadlock_that_only_the_proof_finds_says_who_waits_for_whom_and_can_be_replayed() {
    let program = || {
        let locks = Arc::new((Lock::new(()).named("left"), Lock::new(()).named("right")));
        let other = spawn({
            let locks = Arc::clone(&locks);
            move || {
                let _right = locks.1.lock();
                let _left = locks.0.lock();
            }
        });
        {
            let _left = locks.0.lock();
            let _right = locks.1.lock();
        }
        other.join().expect("it does not panic");
    };
    for minimise in [true, false] {
        let builder = Explorer::builder().strategy(Strategy::Dpor).minimise(minimise);
        let failure = builder.build().explore(program).failure.expect("a deadlock");
        let FailureKind::Deadlock { cycle, waiting } = &failure.kind else { panic!("{:?}", failure.kind) };
        assert_eq!((cycle.len(), waiting.len()), (2, 2));
        let text = failure.schedule.to_string();
        let schedule = text.parse().expect("a schedule reads what it writes");
        let again = threadcraft_explore::replay(&schedule, program);
        assert_eq!(again.failure.map(|failure| failure.kind.name()), Some("deadlock"), "{text}");
    }
}

/// Looks make a difference of what else would make none: then all orders are tried.
#[test]
fn a_program_that_looks_at_who_waits_is_proven_with_all_that_can_be_seen() {
    let program = || {
        let event = Arc::new(Event::new());
        let waiter = spawn({
            let event = Arc::clone(&event);
            move || {
                let _ = event.is_set();
                event.wait();
            }
        });
        let setter = spawn(move || event.set());
        let seen = waiter.state();
        setter.join().expect("it does not panic");
        waiter.join().expect("it does not panic");
        format!("{seen:?}")
    };
    let full = Explorer::builder().strategy(Strategy::Full).carrier(Carrier::Coroutines).build().explore(program);
    let reduced = dpor().explore(program);
    assert!(full.complete && reduced.complete);
    assert!(reduced.outcomes.to_string().contains("Blocked"), "{}", reduced.outcomes);
    assert_eq!(reduced.outcomes.to_string(), full.outcomes.to_string());
}

/// What a thread does before its first call belongs to its start; but it may ask for the time there, and time may pass
/// before the call.
#[test]
fn time_may_pass_between_a_look_at_the_clock_and_the_first_call_of_a_thread() {
    let program = || {
        let (shared, start, a_while) = (Arc::new(Shared::new(0)), Instant::now(), Duration::from_millis(5));
        let writer = spawn({
            let shared = Arc::clone(&shared);
            move || {
                sleep(a_while);
                shared.set(1);
            }
        });
        let reader = spawn(move || {
            let late = Instant::now().saturating_duration_since(start) >= a_while;
            (late, shared.get())
        });
        writer.join().expect("it does not panic");
        reader.join().expect("it does not panic")
    };
    for strategy in [Strategy::Full, Strategy::Dpor] {
        let explorer = Explorer::builder().strategy(strategy).clock(ClockPolicy::Anywhere).build();
        let report = explorer.explore(program);
        assert!(report.complete, "{:?} {:?}", report.cut, report.failure);
        assert_eq!(report.outcomes.to_string(), "(false, 0) | (false, 1) | (true, 0) | (true, 1)", "{strategy:?}");
    }
}
