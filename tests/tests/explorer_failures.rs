//! What the explorer finds: each kind of failure, and programs that look like one and are right.

use std::sync::Arc;
use std::time::Duration;

use threadcraft_explore::report::WaitingOn;
use threadcraft_explore::{Carrier, Explorer, FailureKind, Grain, Report, Strategy, explore};
use threadcraft_platform::atomic::{AtomicU32, Ordering, fence};
use threadcraft_platform::cell::RaceCell;
use threadcraft_platform::{Shared, println, thread};
use threadcraft_tests::programs::{failure, philosophers};
use threadcraft_tests::toy::{ToyLock, run_all, spawn};

#[test]
fn a_deadlock_has_its_cycle_and_at_most_one_preemption() {
    let report = explore(|| philosophers(3, false));
    let failure = failure(&report);
    let FailureKind::Deadlock { waiting, cycle } = &failure.kind else { panic!("{:?}", failure.kind) };
    assert_eq!(*cycle, [1, 2, 3]);
    assert!(failure.preemptions <= 1, "{} preemptions", failure.preemptions);
    let names: Vec<_> = waiting
        .iter()
        .filter_map(|entry| match entry.on {
            WaitingOn::Object(object) => Some(failure.trace.objects[object].name.as_str()),
            WaitingOn::Thread(_) => None,
        })
        .collect();
    assert_eq!(names, ["fork1", "fork2", "fork0"]);
    assert_eq!(waiting[1].held_by, [2], "b waits for fork1, which c holds");
}

#[test]
fn from_whatever_schedule_is_found_first_the_shortest_counterexample_is_the_same() {
    // Who sits down from left to right is interrupted every time; only another order of the same steps is simpler.
    for seed in 0..20 {
        let explorer = Explorer::builder().carrier(Carrier::Coroutines).strategy(Strategy::Random).seed(seed).build();
        let report = explorer.explore(|| philosophers(5, false));
        assert_eq!(failure(&report).preemptions, 1, "seed {seed}: {}", failure(&report).schedule);
    }
}

#[test]
fn a_destructor_that_waits_while_it_unwinds_is_refused_on_coroutines_only() {
    struct JoinOnDrop(Option<thread::Handle>);
    impl Drop for JoinOnDrop {
        fn drop(&mut self) {
            if let Some(handle) = self.0.take() {
                handle.join();
            }
        }
    }
    fn program() {
        let _joined = JoinOnDrop(Some(spawn(|| println!("still at work"))));
        panic!("main gives up");
    }
    let report = explore(program);
    assert!(matches!(failure(&report).kind, FailureKind::Panic { thread: 0, .. }));
    let report = Explorer::builder().carrier(Carrier::Coroutines).build().explore(program);
    assert!(matches!(failure(&report).kind, FailureKind::Foreign { .. }));
}

#[test]
fn a_back_off_that_gets_nowhere_is_a_livelock() {
    let report = explore(|| {
        let forks = Arc::new([ToyLock::new("fork0"), ToyLock::new("fork1")]);
        let eat = |first: usize| {
            let forks = Arc::clone(&forks);
            Box::new(move || {
                loop {
                    forks[first].lock();
                    if forks[1 - first].try_lock() {
                        break;
                    }
                    forks[first].unlock();
                }
                forks[1 - first].unlock();
                forks[first].unlock();
            }) as Box<dyn FnOnce() + Send>
        };
        run_all(vec![eat(0), eat(1)]);
    });
    let FailureKind::Livelock { from, period } = failure(&report).kind else { panic!("{:?}", failure(&report).kind) };
    assert_eq!(period, 6, "three steps of each");
    assert!(from < 40, "{from}");
}

#[test]
fn round_robin_finds_a_livelock_of_threads_that_begin_apart() {
    // One of them does something else first, or all have a turn between: with equal shares alone, the loops of some of
    // these programs never fall in phase.
    for (steps_before, turns_between) in [(0, 0), (1, 0), (2, 0), (3, 0), (0, 1), (1, 1), (2, 1), (3, 1)] {
        let report = Explorer::builder().strategy(Strategy::Lockstep).max_steps(2_000).build().explore(move || {
            let forks = Arc::new([ToyLock::new("fork0"), ToyLock::new("fork1")]);
            let eat = |first: usize, before: usize| {
                let forks = Arc::clone(&forks);
                Box::new(move || {
                    for step in 0..before {
                        println!("{step}");
                    }
                    loop {
                        forks[first].lock();
                        for turn in 0..turns_between {
                            println!("{turn}");
                        }
                        if forks[1 - first].try_lock() {
                            break;
                        }
                        forks[first].unlock();
                    }
                    forks[1 - first].unlock();
                    forks[first].unlock();
                }) as Box<dyn FnOnce() + Send>
            };
            let audit = |forks: &Arc<[ToyLock; 2]>| {
                let forks = Arc::clone(forks);
                Box::new(move || {
                    forks[0].lock();
                    forks[0].unlock();
                }) as Box<dyn FnOnce() + Send>
            };
            run_all(vec![eat(0, steps_before), eat(1, 0), audit(&forks)]);
        });
        let kind = report.failure.as_ref().map(|failure| failure.kind.name());
        assert_eq!(kind, Some("livelock"), "{steps_before} steps before, {turns_between} between");
    }
}

#[test]
fn a_long_program_that_makes_progress_is_a_step_limit_and_no_livelock() {
    let explorer = Explorer::builder().max_steps(500).build();
    let report = explorer.explore(|| {
        let counter = Shared::new(0_u64);
        for _ in 0..10_000 {
            counter.set(counter.get() + 1);
        }
    });
    assert_eq!(failure(&report).kind, FailureKind::StepLimit { limit: 500 });
}

#[test]
fn a_thread_that_spins_until_somebody_writes_is_no_livelock() {
    let report = explore(|| {
        let flag = Arc::new(Shared::new(false));
        let setter = Arc::clone(&flag);
        let thread = spawn(move || setter.set(true));
        while !flag.get() {}
        thread.join();
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
}

#[test]
fn a_spin_for_a_write_that_never_comes_is_a_livelock() {
    let report = explore(|| {
        let flag = Shared::new(false).named("flag");
        while !flag.get() {}
    });
    assert!(matches!(failure(&report).kind, FailureKind::Livelock { period: 1, .. }), "{:?}", failure(&report).kind);
}

#[test]
fn a_panic_that_nobody_notices_is_a_failure_with_message_and_line() {
    let report = explore(|| {
        let thread = spawn(|| {
            println!("working");
            panic!("out of {}", "paper");
        });
        thread.join();
    });
    let FailureKind::Panic { thread, message, location } = &failure(&report).kind else { panic!("not a panic") };
    assert_eq!((*thread, message.as_str()), (1, "out of paper"));
    assert!(location.as_ref().is_some_and(|location| location.file.ends_with("explorer_failures.rs")));
}

#[test]
fn a_failed_assertion_on_one_schedule_is_found() {
    let report = explore(|| {
        let counter = Arc::new(Shared::new(0));
        let other = Arc::clone(&counter);
        let thread = spawn(move || other.set(1));
        assert_eq!(counter.get(), 0, "read before the write");
        thread.join();
    });
    let failure = failure(&report);
    assert!(matches!(&failure.kind, FailureKind::Panic { thread: 0, .. }), "{:?}", failure.kind);
}

#[test]
fn unordered_accesses_to_a_plain_cell_are_a_race_and_ordered_ones_are_not() {
    fn publish(store: Ordering, load: Ordering) -> Report {
        Explorer::builder().grain(Grain::Fine).build().explore(move || {
            let shared = Arc::new((RaceCell::new(0).named("data"), AtomicU32::new(0)));
            let writer = Arc::clone(&shared);
            let thread = spawn(move || {
                // SAFETY: the only access that can overlap is the one that the explorer is to find.
                writer.0.with_mut(|data| unsafe { *data = 42 });
                writer.1.store(1, store);
            });
            if shared.1.load(load) == 1 {
                // SAFETY: as above.
                let seen = shared.0.with(|data| unsafe { *data });
                assert_eq!(seen, 42);
            }
            thread.join();
        })
    }
    let right = publish(Ordering::Release, Ordering::Acquire);
    assert_eq!(right.failure, None);
    assert!(right.complete, "{:?}", right.cut);
    for (store, load) in [(Ordering::Relaxed, Ordering::Acquire), (Ordering::Release, Ordering::Relaxed)] {
        let report = publish(store, load);
        let FailureKind::DataRace { first, second, .. } = &failure(&report).kind else { panic!("{store:?} {load:?}") };
        assert!(first.write && !second.write);
        assert_eq!((first.thread, second.thread), (1, 0));
    }
}

#[test]
fn fences_order_what_relaxed_accesses_carry() {
    let program = |fenced: bool| {
        move || {
            let shared = Arc::new((RaceCell::new(0), AtomicU32::new(0)));
            let writer = Arc::clone(&shared);
            let thread = spawn(move || {
                // SAFETY: ordered by the fences, or the race that is to be found.
                writer.0.with_mut(|data| unsafe { *data = 42 });
                if fenced {
                    fence(Ordering::Release);
                }
                writer.1.store(1, Ordering::Relaxed);
            });
            if shared.1.load(Ordering::Relaxed) == 1 {
                fence(Ordering::Acquire);
                // SAFETY: as above.
                shared.0.with(|data| unsafe { *data });
            }
            thread.join();
        }
    };
    let explorer = Explorer::builder().grain(Grain::Fine).build();
    assert_eq!(explorer.explore(program(true)).failure, None);
    assert!(matches!(failure(&explorer.explore(program(false))).kind, FailureKind::DataRace { .. }));
}

#[test]
fn a_thread_of_std_that_uses_an_explored_object_is_a_failure_that_says_what_to_use() {
    for carrier in [Carrier::Threads, Carrier::Coroutines] {
        let report = Explorer::builder().carrier(carrier).build().explore(|| {
            let counter = Arc::new(Shared::new(0).named("counter"));
            counter.set(1);
            let other = Arc::clone(&counter);
            std::thread::spawn(move || other.set(2)).join().expect("it does not panic");
            counter.get()
        });
        let FailureKind::Foreign { what, instead, location } = &failure(&report).kind else { panic!("not foreign") };
        assert!(what.contains("`counter`"), "{what}");
        assert!(instead.contains("threadcraft::spawn"), "{instead}");
        assert!(location.as_ref().is_some_and(|location| location.file.ends_with("explorer_failures.rs")));
        // Also where no choice follows.
        let report = Explorer::builder().carrier(carrier).build().explore(|| {
            let counter = Arc::new(Shared::new(0));
            counter.set(1);
            std::thread::spawn(move || counter.set(2)).join().expect("it does not panic");
        });
        assert!(matches!(failure(&report).kind, FailureKind::Foreign { .. }), "{carrier:?}");
    }
}

#[test]
fn a_thread_that_keeps_its_turn_is_named_with_its_last_line() {
    let explorer = Explorer::builder().hang_limit(Duration::from_millis(100)).build();
    let report = explorer.explore(|| {
        let ready = Arc::new(Shared::new(false));
        let lock = Arc::new(std::sync::Mutex::new(()));
        let (other_ready, other_lock) = (Arc::clone(&ready), Arc::clone(&lock));
        let thread = spawn(move || {
            let _guard = other_lock.lock();
            other_ready.set(true);
            other_ready.get();
        });
        while !ready.get() {}
        // Where the other thread still holds it, this blocks with the turn.
        drop(lock.lock());
        thread.join();
    });
    let FailureKind::Stuck { thread, location, .. } = &failure(&report).kind else { panic!("not stuck") };
    assert_eq!(*thread, 0);
    assert!(location.is_some());
}

#[test]
fn a_program_that_depends_on_more_than_the_schedule_is_refused() {
    let runs = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let report = explore(move || {
        let flag = Shared::new(0);
        if runs.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
            flag.set(1);
        }
        flag.get()
    });
    assert!(matches!(failure(&report).kind, FailureKind::Uncontrolled { .. }), "{:?}", failure(&report).kind);
    assert!(!report.complete);
}

#[test]
fn a_program_in_which_nothing_can_be_seen_is_refused() {
    let report = explore(|| 1 + 1);
    assert_eq!(failure(&report).kind, FailureKind::NothingRecorded);
    assert!(!report.complete);
}

#[test]
fn destructors_of_a_failed_execution_find_it_over_and_do_not_hang() {
    struct Unlock(Arc<ToyLock>, Arc<ToyLock>);
    impl Drop for Unlock {
        fn drop(&mut self) {
            self.1.lock();
            self.1.unlock();
            self.0.unlock();
        }
    }
    let report = explore(|| {
        let (left, right) = (Arc::new(ToyLock::new("left")), Arc::new(ToyLock::new("right")));
        let cross = |one: &Arc<ToyLock>, other: &Arc<ToyLock>| {
            let (one, other) = (Arc::clone(one), Arc::clone(other));
            Box::new(move || {
                one.lock();
                let _unlock = Unlock(Arc::clone(&one), Arc::clone(&other));
            }) as Box<dyn FnOnce() + Send>
        };
        run_all(vec![cross(&left, &right), cross(&right, &left)]);
    });
    assert!(matches!(failure(&report).kind, FailureKind::Deadlock { .. }));
}
