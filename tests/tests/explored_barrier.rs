//! Programs with barriers under the explorer, at the grain of their calls: what a learner sees.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::explore::{FailureKind, Report, explore};
use threadcraft::prelude::*;

/// The calls on the object of this name in the failing execution, as the timeline shows them.
fn calls_on(report: &Report, name: &str) -> Vec<String> {
    let trace = &report.failure.as_ref().expect("it fails").trace;
    let is_on = |object: Option<usize>| object.is_some_and(|object| trace.objects[object].name == name);
    trace.steps.iter().filter(|step| is_on(step.object)).map(|step| step.call.clone()).collect()
}

#[test]
fn threads_at_a_barrier_are_proven_to_go_in_lockstep() {
    let report = explore(|| {
        let (meeting, total) = (Arc::new(Barrier::new(2)), Arc::new(Lock::new(0)));
        let work = |meeting: &Barrier, total: &Lock<u32>| {
            *total.lock() += 1;
            meeting.wait().unwrap();
            *total.lock()
        };
        let other = spawn({
            let (meeting, total) = (Arc::clone(&meeting), Arc::clone(&total));
            move || work(&meeting, &total)
        });
        let own = work(&meeting, &total);
        (own, other.join().unwrap())
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "(2, 2)");
}

#[test]
fn one_party_too_few_is_a_deadlock_at_the_barrier() {
    let report = explore(|| {
        let meeting = Arc::new(Barrier::new(3).named("meeting"));
        let other = spawn({
            let meeting = Arc::clone(&meeting);
            move || meeting.wait().is_ok()
        });
        assert!(meeting.wait().is_ok());
        other.join().unwrap()
    });
    let failure = report.failure.as_ref().expect("the third never comes");
    let FailureKind::Deadlock { waiting, .. } = &failure.kind else { panic!("{:?}", failure.kind) };
    assert!(waiting.iter().all(|wait| wait.call == "wait()"), "{waiting:?}");
    assert_eq!(calls_on(&report, "meeting"), ["wait()", "wait()"]);
}

#[test]
fn the_steps_of_an_action_are_steps_of_the_program() {
    let report = explore(|| {
        let log = Arc::new(Lock::new(Vec::new()).named("log"));
        let meeting = Arc::new(
            Barrier::with_action(2, {
                let log = Arc::clone(&log);
                move || log.lock().push("action")
            })
            .named("meeting"),
        );
        let other = spawn({
            let (meeting, log) = (Arc::clone(&meeting), Arc::clone(&log));
            move || {
                meeting.wait().unwrap();
                log.lock().push("after");
            }
        });
        meeting.wait().unwrap();
        other.join().unwrap();
        let log = log.lock();
        assert_eq!(*log, ["action"], "shown to fail");
    });
    let failure = report.failure.as_ref().expect("two entries");
    assert!(matches!(failure.kind, FailureKind::Panic { .. }), "{:?}", failure.kind);
    assert_eq!(calls_on(&report, "meeting"), ["wait()", "wait()", "wait()", "wait()"]);
    assert_eq!(calls_on(&report, "log").len(), 5, "{:?}", calls_on(&report, "log"));
}

#[test]
fn timed_waits_give_up_in_virtual_time_but_not_on_an_action() {
    let report = explore(|| {
        let hour = Duration::from_secs(3600);
        let begin = Instant::now();
        let alone = Barrier::with_timeout(2, hour);
        assert!(alone.wait().unwrap_err().timed_out());
        assert!(alone.wait_for(hour).is_err());
        let slow = Arc::new(Barrier::with_action(2, move || sleep(10 * hour)));
        let other = spawn({
            let slow = Arc::clone(&slow);
            move || slow.wait_for(hour).is_ok()
        });
        let own = slow.wait_for(hour).is_ok();
        (own, other.join().unwrap(), begin.elapsed())
    });
    assert_eq!(report.failure, None);
    assert_eq!(report.outcomes.to_string(), "(true, true, 39600s)");
}

#[test]
fn a_panic_in_the_action_is_that_of_the_last_to_come() {
    let report = explore(|| {
        let meeting = Arc::new(Barrier::with_action(2, || panic!("in the action")));
        let threads = [(); 2].map(|()| {
            let meeting = Arc::clone(&meeting);
            spawn(move || meeting.wait().is_err())
        });
        let ends = threads.map(|thread| thread.join());
        let panicked = ends.iter().filter(|end| end.is_err()).count();
        let broken = ends.iter().filter(|end| matches!(end, Ok(true))).count();
        (panicked, broken, meeting.is_broken())
    });
    assert_eq!(report.failure, None);
    assert_eq!(report.outcomes.to_string(), "(1, 1, true)");
}

#[test]
fn a_static_barrier_starts_afresh() {
    static MEETING: Barrier = Barrier::new(2);
    let report = explore(|| MEETING.wait().is_ok());
    assert!(matches!(report.failure.map(|failure| failure.kind), Some(FailureKind::Deadlock { .. })));
    let report = explore(|| {
        assert_eq!(MEETING.waiting(), 0);
        let other = spawn(|| MEETING.wait().is_ok());
        MEETING.wait().is_ok() && other.join().unwrap()
    });
    assert_eq!(report.outcomes.to_string(), "true");
}
