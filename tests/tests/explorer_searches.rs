//! The ways to search: random priorities, shares of a search, budgets, processors; and the verdicts on what is held for
//! ever.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use threadcraft::RawLock;
use threadcraft::prelude::*;
use threadcraft_explore::{Budget, Carrier, ClockPolicy, Explorer, FailureKind, Report, Shard, Strategy, explore};
use threadcraft_tests::model::lock::RawLocking;
use threadcraft_tests::programs::{failure, lost_update, philosophers};

fn with(strategy: Strategy) -> Explorer {
    Explorer::builder().strategy(strategy).max_schedules(5_000).build()
}

#[test]
fn random_priorities_find_what_few_changes_of_them_can_show() {
    for depth in [2, 3] {
        assert!(with(Strategy::Pct(depth)).explore(|| philosophers(3, false)).failure.is_some());
        let report = with(Strategy::Pct(depth)).explore(lost_update);
        assert_eq!(report.outcomes.to_string(), "counter = 1 | counter = 2");
        assert!(!report.complete);
    }
}

#[test]
fn random_priorities_without_a_change_never_interrupt_a_thread() {
    let report = with(Strategy::Pct(1)).explore(lost_update);
    assert_eq!(report.outcomes.to_string(), "counter = 2");
}

/// The final orders in which three threads can pass, as a search in this many shares sees them.
fn shares(strategy: Strategy, count: u32) -> Vec<(Report, BTreeSet<String>)> {
    let share = |index| {
        let mut seen = BTreeSet::new();
        let explorer = Explorer::builder().carrier(Carrier::Coroutines).strategy(strategy).shard(index, count).build();
        let report = explorer.visit(three_writers, |execution| {
            seen.extend(execution.outcome.clone());
        });
        (report, seen)
    };
    (1..=count).map(share).collect()
}

fn three_writers() -> Vec<u32> {
    let order = Arc::new(Lock::new(Vec::new()));
    let threads: Vec<_> = (0..3)
        .map(|number| {
            let order = Arc::clone(&order);
            spawn(move || {
                order.lock().push(number);
                order.lock().push(number);
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    Arc::into_inner(order).map_or_else(Vec::new, Lock::into_inner)
}

#[test]
fn shares_of_a_search_see_together_what_the_whole_sees() {
    for (strategy, count) in [(Strategy::Dpor, 2), (Strategy::Dpor, 3), (Strategy::Bounded(2), 3)] {
        let whole = &shares(strategy, 1)[0];
        let parts = shares(strategy, count);
        let together: BTreeSet<String> = parts.iter().flat_map(|(_, seen)| seen.clone()).collect();
        assert_eq!(together, whole.1, "{strategy:?}");
        eprintln!(
            "{strategy:?} {count} {} {:?}",
            whole.0.schedules,
            parts.iter().map(|part| part.0.schedules).collect::<Vec<_>>()
        );
        assert!(parts.iter().all(|(report, _)| report.schedules < whole.0.schedules), "the work is divided");
        let merged = Report::merge(parts.iter().map(|(report, _)| report.clone()));
        assert_eq!(merged.complete, whole.0.complete, "{strategy:?}: {:?}", merged.cut);
        let outcomes: Vec<&str> = merged.outcomes.iter().map(|(outcome, _)| outcome).collect();
        assert_eq!(outcomes.len(), whole.1.len());
    }
}

#[test]
fn a_search_with_a_share_missing_is_not_complete() {
    let parts = shares(Strategy::Dpor, 3);
    let merged = Report::merge(parts[..2].iter().map(|(report, _)| report.clone()));
    assert!(!merged.complete);
    assert_eq!(merged.cut.as_deref(), Some("there are 0 reports of share 3/3"));
    let twice = Report::merge([&parts[0], &parts[0], &parts[1], &parts[2]].map(|(report, _)| report.clone()));
    assert!(!twice.complete);
}

#[test]
fn budgets_and_shares_are_read_from_text() {
    assert_eq!("5000".parse::<Budget>().map(|budget| budget.schedules), Ok(5_000));
    assert_eq!("90s".parse::<Budget>().map(|budget| budget.time), Ok(Duration::from_secs(90)));
    let both = Budget { schedules: 1_000_000, time: Duration::from_secs(300) };
    assert_eq!("1_000_000, 5m".parse::<Budget>(), Ok(both));
    for wrong in ["", "many", "5h", "-1", "1,"] {
        assert!(wrong.parse::<Budget>().is_err(), "{wrong}");
    }
    assert!("6/5".parse::<Shard>().is_err());
}

#[test]
#[should_panic(expected = "there is no share 0 of 2")]
fn a_share_that_does_not_exist_is_refused() {
    let _ = Explorer::builder().shard(0, 2);
}

/// How long `threads` threads take that each compute for a second.
fn makespan(threads: usize, cores: usize) -> Duration {
    let mut elapsed = Duration::ZERO;
    let program = move || {
        let workers: Vec<_> = (0..threads).map(|_| spawn(|| work(Duration::from_secs(1)))).collect();
        for worker in workers {
            worker.join().unwrap();
        }
    };
    let explorer = Explorer::builder().cores(cores).max_schedules(50).build();
    let report = explorer.visit(program, |execution| elapsed = elapsed.max(execution.elapsed));
    assert!(report.failure.is_none());
    elapsed
}

#[test]
fn computing_threads_share_the_processors() {
    assert_eq!(makespan(4, 4), Duration::from_secs(1));
    assert_eq!(makespan(4, 2), Duration::from_secs(2));
    assert_eq!(makespan(5, 2), Duration::from_secs(3));
    assert_eq!(makespan(3, 1), Duration::from_secs(3));
}

#[test]
fn a_lock_that_nobody_gives_back_is_a_failure_with_its_line() {
    let report = explore(|| {
        let total = Arc::new(Lock::new(0).named("total"));
        let inside = Arc::clone(&total);
        spawn(move || std::mem::forget(inside.lock())).join().unwrap();
    });
    let FailureKind::LeakedLock { thread, location, .. } = &failure(&report).kind else {
        panic!("{}", failure(&report).kind.name())
    };
    assert_eq!(*thread, 1);
    assert!(location.as_ref().is_some_and(|place| place.file.ends_with("explorer_searches.rs")));
}

#[test]
fn a_guard_that_moves_to_another_thread_is_no_leak() {
    let report = explore(|| {
        static TOTAL: Lock<()> = Lock::new(());
        let guard = TOTAL.lock();
        spawn(move || drop(guard)).join().unwrap();
    });
    assert!(report.failure.is_none() && report.complete, "{report:?}");
}

#[test]
fn unlocking_what_nobody_holds_is_misuse() {
    let report = explore(|| {
        let raw = RawLock::new();
        raw.lock();
        raw.unlock();
        raw.unlock();
    });
    let FailureKind::Misuse { what, thread, .. } = &failure(&report).kind else {
        panic!("{}", failure(&report).kind.name())
    };
    assert_eq!((what.as_str(), *thread), ("a lock is unlocked, and nobody holds it", 0));
}

/// Two readers come and go, each only while the other is inside; the writer waits until neither is.
fn readers_keep_the_writer_out() {
    let inside = Arc::new(Lock::new(0).named("inside"));
    let room = Arc::new(Semaphore::new(1).named("room"));
    let begun = Arc::new(Event::new());
    let turns = Arc::new([Semaphore::new(0).named("turn 0"), Semaphore::new(0).named("turn 1")]);
    for me in 0..2 {
        let (inside, room, turns) = (Arc::clone(&inside), Arc::clone(&room), Arc::clone(&turns));
        let begun = Arc::clone(&begun);
        let _reader = spawn(move || {
            if me == 1 {
                turns[me].acquire().forget();
            }
            loop {
                let mut readers = inside.lock();
                *readers += 1;
                if *readers == 1 {
                    room.acquire().forget();
                    begun.set();
                }
                drop(readers);
                turns[1 - me].release(1);
                turns[me].acquire().forget();
                let mut readers = inside.lock();
                *readers -= 1;
                if *readers == 0 {
                    room.release(1);
                }
            }
        });
    }
    let _writer = spawn(move || {
        begun.wait();
        drop(room.acquire());
    });
}

#[test]
fn a_writer_that_is_never_let_in_starves() {
    let explorer = Explorer::builder().max_steps(500).build();
    let report = explorer.explore(readers_keep_the_writer_out);
    let FailureKind::Starvation { thread, object, .. } = failure(&report).kind else {
        panic!("{}", failure(&report).kind.name())
    };
    assert_eq!(thread, 3);
    assert_eq!(failure(&report).trace.objects[object].name, "room");
}

#[test]
fn a_thread_that_was_woken_may_find_its_deadline_gone() {
    let late = |clock| {
        let explorer = Explorer::builder().clock(clock).build();
        explorer.explore(|| {
            let ready = Arc::new(Event::new());
            let waiter = Arc::clone(&ready);
            let deadline = Instant::now() + Duration::from_millis(5);
            let waits = spawn(move || (waiter.wait_until(deadline), Instant::now() >= deadline));
            ready.set();
            waits.join().unwrap()
        })
    };
    let usual = late(ClockPolicy::WhenIdle);
    assert_eq!(usual.outcomes.to_string(), "(true, false)");
    let anywhere = late(ClockPolicy::Anywhere);
    assert_eq!(anywhere.outcomes.to_string(), "(false, true) | (true, false) | (true, true)");
}
