//! The explorer's contract: what it finds, what it says, and that it says it truthfully.

use std::sync::Arc;
use std::time::Duration;

use threadcraft_explore::report::WaitingOn;
use threadcraft_explore::{
    Carrier, ClockPolicy, Explorer, Failure, FailureKind, Grain, Report, Strategy, check, explore, replay,
};
use threadcraft_platform::atomic::{AtomicU32, Ordering, fence};
use threadcraft_platform::cell::RaceCell;
use threadcraft_platform::{Instant, Shared, futex, println, probe, thread};
use threadcraft_tests::toy::{ToyLock, run_all, spawn};

/// Two threads that raise a counter in two steps each.
fn lost_update() {
    let counter = Arc::new(Shared::new(0).named("counter"));
    run_all(
        (0..2)
            .map(|_| {
                let counter = Arc::clone(&counter);
                Box::new(move || counter.set(counter.get() + 1)) as Box<dyn FnOnce() + Send>
            })
            .collect(),
    );
    println!("counter = {}", counter.get());
}

/// Philosophers that take the left fork first, or the lower one.
fn philosophers(count: usize, ordered: bool) {
    const NAMES: [&str; 4] = ["fork0", "fork1", "fork2", "fork3"];
    let forks: Arc<Vec<ToyLock>> = Arc::new(NAMES[..count].iter().map(|name| ToyLock::new(name)).collect());
    let philosopher = |index: usize| {
        let forks = Arc::clone(&forks);
        let (left, right) = (index, (index + 1) % count);
        let (first, second) = if ordered { (left.min(right), left.max(right)) } else { (left, right) };
        Box::new(move || {
            forks[first].lock();
            forks[second].lock();
            forks[second].unlock();
            forks[first].unlock();
        }) as Box<dyn FnOnce() + Send>
    };
    run_all((0..count).map(philosopher).collect());
}

fn failure(report: &Report) -> &Failure {
    report.failure.as_ref().expect("the program is wrong on some schedule")
}

#[test]
fn all_outcomes_of_a_lost_update_are_found_and_the_search_is_complete() {
    let report = explore(lost_update);
    assert_eq!(report.outcomes.to_string(), "counter = 1 | counter = 2");
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.cut, None);
    assert_eq!(report.failure, None);
}

#[test]
fn an_outcomes_schedule_leads_to_that_outcome() {
    let report = explore(lost_update);
    for (outcome, seen) in report.outcomes.iter() {
        let replayed = replay(&seen.schedule, lost_update);
        assert_eq!(replayed.execution.outcome.as_deref(), Some(outcome), "on {}", seen.schedule);
    }
}

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
fn the_same_search_gives_the_same_report_every_time() {
    let first = explore(|| philosophers(3, false));
    for _ in 0..20 {
        assert_eq!(explore(|| philosophers(3, false)), first);
    }
}

#[test]
fn threads_and_coroutines_give_the_same_reports() {
    fn on(carrier: Carrier, program: fn()) -> Report {
        Explorer::builder().carrier(carrier).max_schedules(500).build().explore(program)
    }
    let panics = || {
        let thread = spawn(|| panic!("on purpose"));
        println!("main");
        thread.join();
    };
    for program in [lost_update as fn(), || philosophers(3, false), || philosophers(3, true), panics] {
        assert_eq!(on(Carrier::Coroutines, program), on(Carrier::Threads, program));
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
fn ordered_forks_are_proven_in_few_schedules() {
    for (count, most) in [(3, 300), (4, 2_500)] {
        let explorer = Explorer::builder().strategy(Strategy::Dpor).build();
        let report = explorer.explore(move || philosophers(count, true));
        assert_eq!(report.failure, None);
        assert!(report.complete, "{:?}", report.cut);
        assert!(report.schedules < most, "{} schedules for {count}", report.schedules);
    }
}

#[test]
fn a_failing_schedule_fails_again_when_it_is_replayed_from_its_text() {
    let report = explore(|| philosophers(3, false));
    let failure = failure(&report);
    let text = failure.schedule.to_string();
    let replayed = replay(&text.parse().expect("what is printed can be read"), || philosophers(3, false));
    assert_eq!(replayed.failure.map(|failure| failure.kind), Some(failure.kind.clone()));
}

#[test]
fn a_schedule_that_asks_for_the_impossible_says_where_and_what_was_possible() {
    let replayed = replay(&"abbbbbb".parse().expect("valid"), lost_update);
    let Some(FailureKind::Diverged { step, why }) = replayed.failure.map(|failure| failure.kind) else {
        panic!("b has two steps only")
    };
    assert_eq!(step, 4);
    assert!(why.contains("possible: a, c"), "{why}");
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
    assert!(location.as_ref().is_some_and(|location| location.file.ends_with("explorer.rs")));
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
fn a_weak_exchange_may_fail_and_a_wait_may_return_for_no_reason_in_fine_grain_only() {
    fn weak() -> bool {
        let flag = AtomicU32::new(0);
        spawn(|| {}).join();
        flag.compare_exchange_weak(0, 1, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
    fn wait_once() -> u32 {
        let word = Arc::new(AtomicU32::new(0));
        let waker = Arc::clone(&word);
        let thread = spawn(move || {
            waker.store(1, Ordering::Release);
            futex::wake(&raw const *waker, 1);
        });
        futex::wait(&word, 0, None);
        let seen = word.load(Ordering::Acquire);
        thread.join();
        seen
    }
    let fine = Explorer::builder().grain(Grain::Fine).build();
    assert_eq!(fine.explore(weak).outcomes.to_string(), "false | true");
    assert_eq!(fine.explore(wait_once).outcomes.to_string(), "0 | 1");
    assert_eq!(explore(weak).outcomes.to_string(), "true");
    assert_eq!(explore(wait_once).outcomes.to_string(), "1");
}

#[test]
fn virtual_time_passes_when_nobody_can_run_and_costs_nothing() {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let report = explore(|| {
        let began = Instant::now();
        let thread = spawn(|| {
            thread::sleep(DAY);
            println!("a day later");
        });
        thread::sleep(DAY / 2);
        println!("half a day later");
        thread.join();
        began.elapsed()
    });
    assert_eq!(report.outcomes.to_string(), "86400s");
    assert!(report.complete, "{:?}", report.cut);
    let replayed = replay(&"".parse().expect("valid"), || thread::sleep(DAY));
    let jumps = replayed.trace.steps.iter().filter(|step| step.call.is_empty()).count();
    assert_eq!(jumps, 1, "the jump of the clock is a row of the trace");
}

#[test]
fn a_deadline_passes_before_the_wake_only_where_the_clock_may_jump_anywhere() {
    fn times_out() -> bool {
        let word = Arc::new(AtomicU32::new(0));
        let waker = Arc::clone(&word);
        let thread = spawn(move || {
            waker.store(1, Ordering::Release);
            futex::wake(&raw const *waker, 1);
        });
        let end = futex::wait(&word, 0, Instant::after(Duration::from_millis(10)));
        thread.join();
        end == futex::Wait::TimedOut
    }
    assert_eq!(explore(times_out).outcomes.to_string(), "false");
    let anywhere = Explorer::builder().clock(ClockPolicy::Anywhere).build();
    let report = anywhere.explore(times_out);
    assert_eq!(report.outcomes.to_string(), "false | true");
    assert!(report.complete, "{:?}", report.cut);
}

#[test]
fn statics_of_the_seam_start_afresh_each_time() {
    static COUNTER: Shared<u32> = Shared::new(7);
    static WORD: AtomicU32 = AtomicU32::new(7);
    let report = explore(|| {
        run_all((0..2).map(|_| Box::new(|| COUNTER.set(COUNTER.get() + 1)) as Box<dyn FnOnce() + Send>).collect());
        WORD.fetch_add(1, Ordering::Relaxed);
        (COUNTER.get(), WORD.load(Ordering::Relaxed))
    });
    assert_eq!(report.outcomes.to_string(), "(8, 8) | (9, 8)");
}

#[test]
fn a_thread_of_std_that_uses_an_explored_object_is_a_failure_that_says_what_to_use() {
    let report = explore(|| {
        let counter = Arc::new(Shared::new(0).named("counter"));
        counter.set(1);
        let other = Arc::clone(&counter);
        std::thread::spawn(move || other.set(2)).join().expect("it does not panic");
        counter.get()
    });
    let FailureKind::Foreign { what, instead, location } = &failure(&report).kind else { panic!("not foreign") };
    assert!(what.contains("`counter`"), "{what}");
    assert!(instead.contains("threadcraft::spawn"), "{instead}");
    assert!(location.as_ref().is_some_and(|location| location.file.ends_with("explorer.rs")));
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
        if runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed).is_multiple_of(2) {
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
fn a_used_up_budget_is_never_called_complete() {
    let report = Explorer::builder().max_schedules(5).build().explore(|| philosophers(3, true));
    assert!(!report.complete);
    assert_eq!(report.schedules, 5);
    assert_eq!(report.cut.as_deref(), Some("the budget of 5 schedules was used"));
    let random = Explorer::builder().strategy(Strategy::Random).max_schedules(50).build().explore(lost_update);
    assert!(!random.complete);
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

#[test]
fn hundreds_of_failing_executions_leave_no_thread_behind() {
    let threads = || std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    let before = threads();
    for _ in 0..50 {
        let _ = explore(|| philosophers(3, false));
    }
    // Other tests of this process run explorations of their own meanwhile: a handful of threads, not hundreds.
    assert!(threads() < before + 100, "{} threads, {before} before", threads());
}

#[test]
fn probes_are_steps_so_that_no_order_of_two_is_left_out() {
    let mut most = 0;
    let report = Explorer::builder().build().visit(
        || {
            let bodies = (0..3).map(|_| {
                Box::new(|| {
                    probe("inside", 1);
                    probe("inside", -1);
                }) as Box<dyn FnOnce() + Send>
            });
            run_all(bodies.collect());
        },
        |execution| {
            let sums = execution.probes.iter().scan(0, |inside, probe| {
                *inside += probe.value;
                Some(*inside)
            });
            most = most.max(sums.max().unwrap_or(0));
        },
    );
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(most, 3, "all three are inside on some schedule");
}

#[test]
fn lives_overlap_unless_a_join_lies_between() {
    fn program(joined_first: bool) {
        let first = spawn(|| println!("first"));
        if joined_first {
            first.join();
            spawn(|| println!("second")).join();
        } else {
            let second = spawn(|| println!("second"));
            first.join();
            second.join();
        }
    }
    for joined_first in [true, false] {
        let _ = Explorer::default().visit(
            move || program(joined_first),
            |execution| assert_eq!(execution.overlap(1, 2), !joined_first, "on {}", execution.schedule),
        );
    }
}

#[test]
fn check_panics_with_the_timeline() {
    let panic = std::panic::catch_unwind(|| check(|| philosophers(3, false))).expect_err("it deadlocks");
    let text = panic.downcast_ref::<String>().expect("the message is text");
    assert!(text.contains("error[deadlock]"), "{text}");
    assert!(text.contains("fork1"), "{text}");
    assert!(text.contains("THREADCRAFT_SCHEDULE="), "{text}");
}

#[test]
fn a_real_thread_local_is_each_explored_threads_own_and_new_each_time() {
    std::thread_local! {
        static SEEN: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    }
    let report = explore(|| {
        let bump = || {
            SEEN.set(SEEN.get() + 1);
            println!("{}", SEEN.get());
        };
        run_all(vec![Box::new(bump), Box::new(bump)]);
        SEEN.get()
    });
    assert_eq!(report.outcomes.to_string(), "0");
    assert!(report.complete, "{:?}", report.cut);
}
