//! Programs with conditions under the explorer, at the grain of their calls: what a learner sees.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::explore::{FailureKind, Report, explore};
use threadcraft::prelude::*;

/// The calls of the failing execution, as the timeline shows them.
fn calls(report: &Report) -> Vec<String> {
    let trace = &report.failure.as_ref().expect("it fails").trace;
    let name = |object: usize| trace.objects[object].name.as_str();
    trace.steps.iter().map(|step| format!("{}.{}", step.object.map_or("", name), step.call)).collect()
}

#[test]
fn a_wait_shows_the_release_the_wait_and_the_taking_of_the_lock() {
    let report = explore(|| {
        let room = Arc::new((Lock::new(0).named("room"), Condition::new().named("change")));
        let waiter = spawn({
            let room = Arc::clone(&room);
            move || {
                let mut guests = room.0.lock();
                // `if` where there must be `while`.
                if *guests == 0 {
                    room.1.wait(&mut guests);
                }
                assert_eq!(*guests, 1);
            }
        });
        sleep(Duration::from_millis(1));
        let mut guests = room.0.lock();
        *guests = 2;
        room.1.notify_one(&mut guests);
        drop(guests);
        waiter.join().unwrap();
    });
    let failure = report.failure.as_ref().expect("the waiter finds two");
    assert!(matches!(failure.kind, FailureKind::Panic { .. }), "{:?}", failure.kind);
    let of_waiter: Vec<String> = calls(&report)
        .into_iter()
        .zip(&failure.trace.steps)
        .filter(|(call, step)| step.thread == 1 && !call.starts_with('.'))
        .map(|(call, _)| call)
        .collect();
    let expected = ["room.lock()", "room.unlock()", "change.wait()", "change.wait()", "room.lock()"];
    assert_eq!(of_waiter, expected);
    let waits = failure.trace.steps.iter().filter(|step| step.call == "wait()");
    assert!(
        waits.clone().all(|step| step.location.as_ref().is_some_and(|at| at.file.ends_with("explored_condition.rs")))
    );
}

#[test]
fn a_lost_wake_up_is_a_deadlock_that_names_the_condition() {
    let report = explore(|| {
        let ready = Arc::new((Lock::new(()), Condition::new().named("ready")));
        let waiter = spawn({
            let ready = Arc::clone(&ready);
            move || ready.1.wait(&mut ready.0.lock())
        });
        ready.1.notify_one(&mut ready.0.lock());
        waiter.join().unwrap();
    });
    let failure = report.failure.as_ref().expect("the notification may come first");
    let FailureKind::Deadlock { waiting, .. } = &failure.kind else { panic!("{:?}", failure.kind) };
    assert!(waiting.iter().any(|wait| wait.thread == 1 && wait.call == "wait()"), "{waiting:?}");
    assert!(calls(&report).contains(&"ready.notify_one()".to_owned()), "{:?}", calls(&report));
}

#[test]
fn a_waiter_that_cannot_take_its_lock_again_waits_for_the_lock() {
    let report = explore(|| {
        let room = Arc::new((Lock::new(false).named("room"), Condition::new()));
        let waiter = spawn({
            let room = Arc::clone(&room);
            move || room.1.wait_while(&mut room.0.lock(), |open| !*open)
        });
        sleep(Duration::from_millis(1));
        let mut open = room.0.lock();
        *open = true;
        room.1.notify_all(&mut open);
        // The wake-up goes out with the release; the lock is taken by somebody who keeps it.
        drop(open);
        std::mem::forget(room.0.lock());
        waiter.join().unwrap();
    });
    let failure = report.failure.as_ref().expect("the waiter may come too late");
    let FailureKind::Deadlock { waiting, cycle } = &failure.kind else { panic!("{:?}", failure.kind) };
    assert!(waiting.iter().any(|wait| wait.thread == 1 && wait.call == "lock()" && wait.held_by == [0]), "{waiting:?}");
    assert_eq!(*cycle, [0, 1]);
}

#[test]
fn two_locks_at_a_time_are_a_panic_that_names_both() {
    let report = explore(|| {
        let shared =
            Arc::new((Lock::new(0).named("left"), Lock::new(0).named("right"), Condition::new().named("change")));
        let waiter = spawn({
            let shared = Arc::clone(&shared);
            move || shared.2.wait(&mut shared.0.lock())
        });
        sleep(Duration::from_millis(1));
        let panic = spawn({
            let shared = Arc::clone(&shared);
            move || shared.2.notify_one(&mut shared.1.lock())
        });
        let told = panic.join().unwrap_err().to_string();
        shared.2.notify_one(&mut shared.0.lock());
        waiter.join().unwrap();
        told
    });
    assert_eq!(report.failure, None);
    let outcome = report.outcomes.to_string();
    let expected =
        "condition `change` is used with two locks: with the lock `right` while threads wait with the lock `left`";
    assert!(outcome.contains(expected), "{outcome}");
}

#[test]
fn timed_waits_give_up_in_virtual_time() {
    let report = explore(|| {
        let (lock, change) = (Lock::new(0), Condition::new());
        let (begin, mut guard) = (Instant::now(), lock.lock());
        let hour = Duration::from_secs(3600);
        let timed_out = [
            change.wait_for(&mut guard, hour).timed_out(),
            change.wait_while_for(&mut guard, |_| true, hour).timed_out(),
            change.wait_while_for(&mut guard, |_| false, hour).timed_out(),
        ];
        (timed_out, begin.elapsed())
    });
    assert_eq!(report.outcomes.to_string(), "([true, true, false], 7200s)");
}

#[test]
fn a_static_condition_starts_afresh_after_a_run_that_was_cut_off() {
    static DOOR: Lock<()> = Lock::new(());
    static CHANGE: Condition = Condition::new();
    let hangs = || CHANGE.wait(&mut DOOR.lock());
    for _ in 0..2 {
        let report = explore(hangs);
        assert!(matches!(report.failure.map(|failure| failure.kind), Some(FailureKind::Deadlock { .. })));
    }
    let report = explore(|| {
        let other = spawn(|| CHANGE.wait_for(&mut DOOR.lock(), Duration::from_secs(1)).timed_out());
        sleep(Duration::from_millis(1));
        let notified = CHANGE.notify_all(&mut DOOR.lock());
        (notified, other.join().unwrap())
    });
    assert_eq!(report.failure, None);
    assert_eq!(report.outcomes.to_string(), "(1, false)");
}

#[test]
fn a_monitor_is_proven_right() {
    let report = explore(|| {
        let items = Arc::new(Monitor::new(0).named("items"));
        let takers: Vec<_> = (0..2)
            .map(|_| {
                let items = Arc::clone(&items);
                spawn(move || {
                    let mut items = items.lock();
                    items.wait_while(|items| *items == 0);
                    *items -= 1;
                })
            })
            .collect();
        let mut guard = items.lock();
        *guard = 2;
        guard.notify(2);
        drop(guard);
        for taker in takers {
            taker.join().unwrap();
        }
        *items.lock()
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "0");
}

/// Waits in a destructor for what does not come any more.
struct WaitsForever(Arc<(Lock<bool>, Condition)>);

impl Drop for WaitsForever {
    fn drop(&mut self) {
        let (done, changed) = &*self.0;
        changed.wait_while(&mut done.lock(), |done| !*done);
        let a_day = Duration::from_secs(86_400);
        changed.wait_while_for(&mut done.lock(), |done| !*done, a_day);
    }
}

#[test]
fn a_destructor_that_waits_in_a_loop_ends_when_the_execution_is_over() {
    let report = explore(|| {
        let shared = Arc::new((Lock::new(false), Condition::new()));
        let never = Event::new().named("never");
        let _waits = WaitsForever(shared);
        never.wait();
    });
    assert!(matches!(report.failure.expect("it fails").kind, FailureKind::Deadlock { .. }));
}
