//! The explorer's contract: that it says truthfully what it ran, and runs it the same way every time.

use std::sync::Arc;
use std::time::Duration;

use threadcraft_explore::{
    Carrier, ClockPolicy, Explorer, FailureKind, Grain, Report, Strategy, check, explore, replay,
};
use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::{Instant, Shared, futex, println, probe, thread};
use threadcraft_tests::programs::{failure, lost_update, philosophers};
use threadcraft_tests::toy::{run_all, spawn};

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
fn a_used_up_budget_is_never_called_complete() {
    let report = Explorer::builder().max_schedules(5).build().explore(|| philosophers(3, true));
    assert!(!report.complete);
    assert_eq!(report.schedules, 5);
    assert_eq!(report.cut.as_deref(), Some("the budget of 5 schedules was used"));
    let random = Explorer::builder().strategy(Strategy::Random).max_schedules(50).build().explore(lost_update);
    assert!(!random.complete);
    let hurried = Explorer::builder().time_limit(Duration::ZERO).build().explore(|| philosophers(3, true));
    assert!(!hurried.complete);
    assert_eq!(hurried.cut.as_deref(), Some("the time limit of 0ns was reached"));
    // Nothing is left within the bound, but beyond it.
    let bounded = Explorer::builder().strategy(Strategy::Bounded(1)).build().explore(lost_update);
    assert!(!bounded.complete && bounded.schedules < 100, "{:?}", bounded.cut);
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

/// Where a word stands is a matter of chance; an execution must not depend on it.
#[test]
fn words_that_stand_where_another_stood_are_words_of_their_own() {
    use std::sync::atomic::AtomicUsize;

    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let report = explore(|| {
        let use_up = |word: &AtomicU32| {
            word.store(1, Ordering::Release);
            futex::wake(word, 1);
        };
        let first = Box::new(AtomicU32::new(0));
        use_up(&first);
        // In each second run its memory is free for the next one.
        let kept = RUNS.fetch_add(1, Ordering::Relaxed).is_multiple_of(2).then_some(first);
        let second = Box::new(AtomicU32::new(0));
        use_up(&second);
        println!("done");
        drop(kept);
    });
    assert_eq!(report.failure, None);
    assert!(report.complete);
}
