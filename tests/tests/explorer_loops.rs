//! Loops that let others go first: what a proof says of them is true of all their rounds.

use std::sync::Arc;

use threadcraft::prelude::*;
use threadcraft_explore::{Carrier, Explorer, Report, Strategy, explore};
use threadcraft_platform::Shared;
use threadcraft_platform::atomic::{AtomicBool, Ordering};

/// Runs `other` beside `main`, and gives what main came to.
fn beside<R>(other: impl FnOnce() + Send + 'static, main: impl FnOnce() -> R) -> R {
    let thread = spawn(other);
    let result = main();
    thread.join().expect("it does not panic");
    result
}

fn proven(program: impl Fn() -> u32 + Send + Sync + 'static) -> Report {
    let explorer = Explorer::builder().carrier(Carrier::Coroutines).strategy(Strategy::Dpor).build();
    let report = explorer.explore(program).unwrap();
    assert!(report.complete, "{:?}", report.cut);
    report
}

/// Looks so many times, and says at which look the flag was up; 0 if at none.
fn look(flag: &Shared<bool>, times: u32) -> u32 {
    (1..=times).find(|_| flag.get()).unwrap_or(0)
}

#[test]
fn a_poll_that_gives_up_does_so_on_some_schedule() {
    let report = explore(|| {
        let flag = Arc::new(Shared::new(false));
        let raised = Arc::clone(&flag);
        beside(move || raised.set(true), move || look(&flag, 6))
    });
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(
        report.outcomes.to_string(),
        "0 | 1 | 2 | 3 | 4 | 5 | 6",
        "the flag goes up before each look, or after all"
    );
}

#[test]
fn a_failure_behind_the_fifth_look_is_found_and_can_be_replayed() {
    let program = || {
        let flag = Arc::new(Shared::new(false).named("flag"));
        let raised = Arc::clone(&flag);
        beside(move || raised.set(true), move || assert_ne!(look(&flag, 9), 5, "the fifth look"));
    };
    let report = explore(program);
    let failure = report.failure.expect("the fifth look may be the first that sees it");
    assert_eq!(failure.kind.name(), "panic");
    let replayed = threadcraft_explore::replay(&failure.schedule, program);
    assert_eq!(replayed.failure.expect("it fails again").kind.name(), "panic", "{}", failure.schedule);
}

#[test]
fn a_loop_that_reads_five_times_need_not_see_a_write() {
    let report = explore(|| {
        let shared = Arc::new(Shared::new(0));
        let written = Arc::clone(&shared);
        beside(move || written.set(1), move || (0..5).map(|_| shared.get()).sum::<u32>())
    });
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "0 | 1 | 2 | 3 | 4 | 5");
}

#[test]
fn what_comes_after_a_poll_may_come_before_all_that_others_do() {
    let report = proven(|| {
        let shared = Arc::new((Shared::new(0), Shared::new(0)));
        let other = Arc::clone(&shared);
        let seen = Arc::new(Shared::new(9));
        let told = Arc::clone(&seen);
        beside(
            move || told.set(other.1.get()),
            move || {
                let looks: u32 = (0..5).map(|_| shared.0.get()).sum();
                shared.1.set(looks + 1);
            },
        );
        seen.get()
    });
    assert_eq!(report.outcomes.to_string(), "0 | 1");
}

#[test]
fn who_yields_may_go_on_at_once() {
    let report = proven(|| {
        let shared = Arc::new(Shared::new(0));
        let read = Arc::clone(&shared);
        let seen = Arc::new(Shared::new(0));
        let told = Arc::clone(&seen);
        beside(
            move || told.set(read.get()),
            move || {
                shared.set(1);
                yield_now();
                shared.set(2);
            },
        );
        seen.get()
    });
    assert_eq!(report.outcomes.to_string(), "0 | 1 | 2");
}

#[test]
fn a_bounded_number_of_tries_may_all_be_refused() {
    let report = proven(|| {
        let lock = Arc::new(Lock::new(()));
        let held = Arc::clone(&lock);
        beside(move || drop(held.lock()), move || (1..=5).find(|_| lock.try_lock().is_some()).unwrap_or(0))
    });
    assert_eq!(report.outcomes.to_string(), "0 | 1 | 2 | 3 | 4 | 5");
}

#[test]
fn a_spin_on_two_flags_ends_by_either() {
    let report = proven(|| {
        let flags = Arc::new([Shared::new(false), Shared::new(false)]);
        let raised = Arc::clone(&flags);
        beside(
            move || {
                raised[0].set(true);
                raised[1].set(true);
            },
            move || loop {
                if flags[0].get() {
                    return 1;
                }
                if flags[1].get() {
                    return 2;
                }
            },
        )
    });
    assert_eq!(report.outcomes.to_string(), "1 | 2");
}

#[test]
fn a_spin_by_swap_is_no_livelock() {
    let report = proven(|| {
        let held = Arc::new(AtomicBool::new(true));
        let released = Arc::clone(&held);
        beside(
            move || released.store(false, Ordering::Release),
            move || {
                while held.swap(true, Ordering::Acquire) {}
                1
            },
        )
    });
    assert_eq!(report.outcomes.to_string(), "1");
}

#[test]
fn a_loop_that_looks_under_a_lock_and_yields_is_proven() {
    let report = proven(|| {
        let ready = Arc::new(Lock::new(false));
        let told = Arc::clone(&ready);
        beside(
            move || *told.lock() = true,
            move || {
                while !*ready.lock() {
                    yield_now();
                }
                1
            },
        )
    });
    assert_eq!(report.outcomes.to_string(), "1");
}

#[test]
fn a_loop_without_end_that_leaves_something_behind_is_not_proven() {
    let explorer = Explorer::builder().carrier(Carrier::Coroutines).strategy(Strategy::Dpor).build();
    let report = explorer.explore(|| {
        let shared = Arc::new((AtomicBool::new(false), Shared::new(0_u32)));
        let told = Arc::clone(&shared);
        beside(
            move || told.0.store(true, Ordering::Release),
            move || {
                while !shared.0.load(Ordering::Acquire) {
                    shared.1.set(shared.1.get() + 1);
                    yield_now();
                }
            },
        );
    });
    assert!(!report.complete);
    assert_eq!(report.cut.as_deref(), Some("a loop that changes something in each round was not run for ever"));
}

#[test]
fn a_bounded_search_proves_nothing_of_loops() {
    let explorer = Explorer::builder().carrier(Carrier::Coroutines).strategy(Strategy::Bounded(3)).build();
    let report = explorer.explore(|| {
        let flag = Arc::new(Shared::new(false));
        let raised = Arc::clone(&flag);
        beside(move || raised.set(true), move || look(&flag, 6))
    });
    assert!(!report.complete, "{}", report.outcomes);
}
