//! Programs of the primitives under the explorer, at the grain of their calls: what a learner sees.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::explore::{Explorer, FailureKind, Report, explore};
use threadcraft::prelude::*;
use threadcraft::println;

fn kind(report: &Report) -> Option<&'static str> {
    report.failure.as_ref().map(|failure| failure.kind.name())
}

#[test]
fn a_program_of_all_primitives_is_proven_right() {
    let report = explore(|| {
        let (total, seats, ready) = (Arc::new(Lock::new(0)), Arc::new(Semaphore::new(1)), Arc::new(Event::new()));
        let workers: Vec<_> = (0..2)
            .map(|_| {
                let (total, seats, ready) = (Arc::clone(&total), Arc::clone(&seats), Arc::clone(&ready));
                spawn(move || {
                    ready.wait();
                    let _seat = seats.acquire();
                    *total.lock() += 1;
                })
            })
            .collect();
        ready.set();
        for worker in workers {
            worker.join().unwrap();
        }
        *total.lock()
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "2");
}

#[test]
fn a_deadlock_of_named_locks_shows_their_names_and_calls() {
    let report = explore(|| {
        let (left, right) = (Arc::new(Lock::new(()).named("left")), Arc::new(Lock::new(()).named("right")));
        let other = spawn({
            let (left, right) = (Arc::clone(&left), Arc::clone(&right));
            move || {
                let _right = right.lock();
                let _left = left.lock();
            }
        });
        let left = left.lock();
        let right = right.lock();
        drop((left, right));
        other.join().unwrap();
    });
    let failure = report.failure.expect("the two take them in opposite order");
    let FailureKind::Deadlock { waiting, cycle } = &failure.kind else { panic!("{:?}", failure.kind) };
    assert_eq!(*cycle, [0, 1]);
    let names: Vec<_> = failure.trace.objects.iter().map(|object| object.name.as_str()).collect();
    assert!(names.contains(&"left") && names.contains(&"right"), "{names:?}");
    for wait in waiting {
        assert_eq!(wait.call, "lock()");
        let location = wait.location.as_ref().expect("a call has a place");
        assert!(location.file.ends_with("explored.rs"), "{location:?}");
    }
}

#[test]
fn a_panic_that_is_joined_is_the_joiners_business_and_one_that_is_not_is_a_failure() {
    let joined = explore(
        || matches!(spawn(|| panic!("told")).join(), Err(JoinError::Panicked(panic)) if panic.message() == "told"),
    );
    assert_eq!((kind(&joined), joined.outcomes.to_string().as_str()), (None, "true"));
    let lost = explore(|| drop(spawn(|| panic!("untold"))));
    assert_eq!(kind(&lost), Some("panic"));
}

#[test]
fn a_thread_has_its_name() {
    let report = explore(|| {
        let mut thread = Thread::new(|| current().name().map(str::to_owned)).name("P0");
        thread.start().unwrap();
        thread.join().unwrap()
    });
    assert_eq!(report.outcomes.to_string(), r#"Some("P0")"#);
    assert_eq!(report.failure.map(|failure| failure.kind), None);
}

#[test]
fn timed_calls_give_up_in_virtual_time() {
    let start = std::time::Instant::now();
    let report = explore(|| {
        let (lock, semaphore, event) = (Lock::new(()), Semaphore::new(0), Event::new());
        let begin = Instant::now();
        let _held = lock.lock();
        let refused = [
            lock.try_lock_for(Duration::from_secs(3600)).is_none(),
            semaphore.try_acquire_for(Duration::from_secs(3600)).is_none(),
            !event.wait_for(Duration::from_secs(3600)),
        ];
        sleep(Duration::from_secs(3600));
        (refused, begin.elapsed())
    });
    assert_eq!(report.outcomes.to_string(), "([true, true, true], 14400s)");
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn what_is_printed_is_part_of_the_outcome() {
    let report = explore(|| {
        let other = spawn(|| println!("other"));
        println!("main");
        other.join().unwrap();
    });
    assert_eq!(report.outcomes.to_string(), "main / other | other / main");
}

#[test]
fn a_static_without_data_starts_afresh_and_one_with_data_is_a_verdict() {
    static DOOR: Lock<()> = Lock::new(());
    static SEATS: Semaphore = Semaphore::new(1);
    static READY: Event = Event::new();
    let report = explore(|| {
        assert!(
            SEATS.try_acquire().is_some_and(|permit| {
                permit.forget();
                true
            }),
            "one seat at the start"
        );
        assert!(!READY.is_set(), "not set at the start");
        READY.set();
        let other = spawn(|| drop(DOOR.lock()));
        drop(DOOR.lock());
        other.join().unwrap();
    });
    assert_eq!(report.failure, None);

    static COUNT: Lock<u32> = Lock::new(0).named("count");
    let report = explore(|| {
        let other = spawn(|| *COUNT.lock() += 1);
        *COUNT.lock() += 1;
        other.join().unwrap();
    });
    assert_eq!(kind(&report), Some("foreign"));
}

/// Takes the lock when it is dropped, also while an execution is torn down.
struct LocksAtTheEnd(Arc<Lock<u32>>);

impl Drop for LocksAtTheEnd {
    fn drop(&mut self) {
        *self.0.lock() += 1;
    }
}

#[test]
fn a_deadlock_is_torn_down_through_guards_and_destructors() {
    let report = explore(|| {
        let lock = Arc::new(Lock::new(0));
        let never = Arc::new(Event::new());
        let inside = spawn({
            let (lock, never) = (Arc::clone(&lock), Arc::clone(&never));
            move || {
                let _last = LocksAtTheEnd(Arc::clone(&lock));
                let mut guard = lock.lock();
                LockGuard::unlocked(&mut guard, || never.wait());
            }
        });
        let _held = LocksAtTheEnd(Arc::clone(&lock));
        inside.join().unwrap();
    });
    assert_eq!(kind(&report), Some("deadlock"));
}

#[test]
fn a_deadlock_in_taking_a_lock_again_does_not_abort_the_process() {
    let report = explore(|| {
        let lock = Lock::new(0);
        let mut guard = lock.lock();
        LockGuard::unlocked(&mut guard, || std::mem::forget(lock.lock()));
    });
    assert_eq!(kind(&report), Some("deadlock"));
}

#[test]
fn permits_that_one_thread_takes_and_another_gives_back_are_no_deadlock() {
    let report = Explorer::default().explore(|| {
        let semaphore = Arc::new(Semaphore::new(1));
        let permit = semaphore.acquire_owned();
        let other = spawn(move || drop(permit));
        let again = semaphore.acquire();
        other.join().unwrap();
        again.permits()
    });
    assert_eq!((kind(&report), report.outcomes.to_string().as_str()), (None, "1"));
}
