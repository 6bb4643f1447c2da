//! What a `Barrier` promises, on the machine's own threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use threadcraft_barrier::Barrier;

const SHORT: Duration = Duration::from_millis(20);

fn until_waiting(barrier: &Barrier, count: usize) {
    while barrier.waiting() != count {
        thread::yield_now();
    }
}

#[test]
fn these_tests_run_on_the_machine() {
    assert!(!threadcraft_platform::is_explored());
}

#[cfg(not(feature = "explore"))]
#[test]
fn a_barrier_takes_24_bytes_and_its_action() {
    assert_eq!(size_of::<Barrier>(), 24 + size_of::<Box<dyn FnMut()>>());
    assert_eq!(size_of::<Result<threadcraft_barrier::BarrierWait, threadcraft_barrier::BrokenBarrier>>(), 16);
}

#[test]
fn a_barrier_of_nobody_is_refused_and_so_is_one_of_too_many() {
    let message = |parties: usize| {
        let payload = catch_unwind(|| drop(Barrier::new(parties))).expect_err("it is refused");
        payload.downcast_ref::<&str>().map_or_else(String::new, |message| (*message).to_owned())
    };
    assert_eq!(message(0), "a barrier of 0 parties: it takes at least 1 to wait");
    assert!(message(usize::MAX).contains("more than 4294967295 parties"));
    assert!(catch_unwind(|| drop(Barrier::with_action(0, || ()))).is_err());
    assert!(catch_unwind(|| drop(Barrier::with_timeout(0, SHORT))).is_err());
}

#[test]
fn one_party_passes_at_once_and_runs_the_action() {
    let runs = Arc::new(AtomicU32::new(0));
    let barrier = Barrier::with_action(1, {
        let runs = Arc::clone(&runs);
        move || _ = runs.fetch_add(1, Ordering::Relaxed)
    });
    for run in 1..=3 {
        let place = barrier.wait().unwrap();
        assert_eq!((place.index(), place.is_leader()), (0, true));
        assert_eq!(runs.load(Ordering::Relaxed), run);
    }
    assert!(barrier.wait_for(Duration::ZERO).is_ok() && barrier.wait_until(Instant::now()).is_ok());
    assert!(Barrier::new(1).wait_for(Duration::MAX).is_ok());
}

#[test]
fn threads_go_in_lockstep_and_each_phase_has_each_number_once() {
    const PARTIES: usize = 5;
    let barrier = Barrier::new(PARTIES);
    let came: Vec<AtomicUsize> = (0..40).map(|_| AtomicUsize::new(0)).collect();
    let numbers: Vec<AtomicUsize> = (0..40).map(|_| AtomicUsize::new(0)).collect();
    thread::scope(|scope| {
        for _ in 0..PARTIES {
            scope.spawn(|| {
                for (came, numbers) in came.iter().zip(&numbers) {
                    came.fetch_add(1, Ordering::Relaxed);
                    let place = barrier.wait().unwrap();
                    assert_eq!(came.load(Ordering::Relaxed), PARTIES, "nobody goes on before all have come");
                    numbers.fetch_or(1 << place.index(), Ordering::Relaxed);
                    assert_eq!(place.is_leader(), place.index() == PARTIES - 1);
                }
            });
        }
    });
    assert!(numbers.iter().all(|numbers| numbers.load(Ordering::Relaxed) == (1 << PARTIES) - 1));
}

#[test]
fn more_threads_than_parties_are_served_in_groups() {
    const WAITS: u32 = 1_200;
    let barrier = Barrier::new(2);
    let (begun, passed) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                // As many in all as make whole groups: nobody is left alone.
                while begun.fetch_add(1, Ordering::Relaxed) < WAITS {
                    barrier.wait().unwrap();
                    passed.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(passed.into_inner(), WAITS);
    assert_eq!(barrier.waiting(), 0);
}

#[test]
fn a_timeout_breaks_the_barrier_for_all_until_it_is_reset() {
    let barrier = Barrier::new(3);
    thread::scope(|scope| {
        let patient = scope.spawn(|| barrier.wait());
        until_waiting(&barrier, 1);
        let start = Instant::now();
        let error = barrier.wait_for(SHORT).unwrap_err();
        assert!(error.timed_out() && !error.was_reset() && start.elapsed() >= SHORT);
        let error = patient.join().unwrap().unwrap_err();
        assert!(!error.timed_out() && !error.was_reset());
    });
    assert!(barrier.is_broken());
    assert!(barrier.wait().is_err() && barrier.wait_for(Duration::MAX).is_err());
    barrier.reset();
    assert!(!barrier.is_broken());
    assert!(barrier.wait_for(Duration::ZERO).unwrap_err().timed_out(), "zero breaks it at once");
    barrier.reset();
    assert!(barrier.wait_until(Instant::now()).unwrap_err().timed_out());
}

#[test]
fn the_default_timeout_is_that_of_wait_alone() {
    let barrier = Barrier::with_timeout(2, SHORT);
    let start = Instant::now();
    assert!(barrier.wait().unwrap_err().timed_out());
    assert!(start.elapsed() >= SHORT);
    let barrier = Barrier::with_timeout(2, Duration::MAX);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| barrier.wait());
        until_waiting(&barrier, 1);
        assert!(barrier.wait_for(Duration::ZERO).is_ok(), "all others have come");
        assert!(waiter.join().unwrap().is_ok());
    });
}

#[test]
fn an_abort_sends_away_those_that_wait_and_stays() {
    let barrier = Barrier::new(3);
    thread::scope(|scope| {
        let waiters = [scope.spawn(|| barrier.wait()), scope.spawn(|| barrier.wait_for(Duration::MAX))];
        until_waiting(&barrier, 2);
        barrier.abort();
        barrier.abort();
        assert!(waiters.into_iter().all(|waiter| waiter.join().unwrap().is_err()));
    });
    assert!(barrier.is_broken() && barrier.wait().is_err());
    assert_eq!(barrier.waiting(), 0);
}

#[test]
fn a_reset_sends_away_those_that_wait_and_counts_none_of_them() {
    let barrier = Barrier::new(3);
    for _ in 0..50 {
        thread::scope(|scope| {
            let old = [scope.spawn(|| barrier.wait()), scope.spawn(|| barrier.wait())];
            until_waiting(&barrier, 2);
            barrier.reset();
            assert!(!barrier.is_broken());
            // These come while the old ones may not have left: two are not three.
            let new = [scope.spawn(|| barrier.wait()), scope.spawn(|| barrier.wait())];
            assert!(old.into_iter().all(|waiter| waiter.join().unwrap().unwrap_err().was_reset()));
            until_waiting(&barrier, 2);
            assert!(barrier.wait().unwrap().is_leader());
            assert!(new.into_iter().all(|waiter| waiter.join().unwrap().is_ok()));
        });
    }
    barrier.reset();
    assert!(!barrier.is_broken(), "a reset of an idle barrier does nothing");
}

#[test]
fn a_reset_after_an_abort_leaves_a_usable_barrier() {
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        let old = scope.spawn(|| barrier.wait());
        until_waiting(&barrier, 1);
        barrier.abort();
        barrier.reset();
        let new = scope.spawn(|| barrier.wait());
        assert!(barrier.wait().is_ok());
        assert!(old.join().unwrap().is_err() && new.join().unwrap().is_ok());
    });
}

#[test]
fn the_action_runs_once_a_phase_before_anybody_goes_on() {
    let runs = Arc::new(AtomicU32::new(0));
    let barrier = Barrier::with_action(4, {
        let runs = Arc::clone(&runs);
        move || {
            thread::yield_now();
            runs.fetch_add(1, Ordering::Relaxed);
        }
    });
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for phase in 1..=50 {
                    barrier.wait().unwrap();
                    // The next phase cannot end before this thread comes to it, so its action has not begun.
                    assert_eq!(runs.load(Ordering::Relaxed), phase);
                }
            });
        }
    });
}

#[test]
fn a_panic_in_the_action_breaks_the_barrier_and_goes_on_in_its_thread() {
    let fails = Arc::new(AtomicBool::new(true));
    let barrier = Barrier::with_action(2, {
        let fails = Arc::clone(&fails);
        move || assert!(!fails.load(Ordering::Relaxed), "in the action")
    });
    thread::scope(|scope| {
        let waiter = scope.spawn(|| barrier.wait());
        until_waiting(&barrier, 1);
        let payload = catch_unwind(AssertUnwindSafe(|| barrier.wait())).expect_err("the panic goes on");
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"in the action"));
        assert!(waiter.join().unwrap().is_err());
    });
    assert!(barrier.is_broken());
    fails.store(false, Ordering::Relaxed);
    barrier.reset();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| barrier.wait());
        assert!(barrier.wait().is_ok() && waiter.join().unwrap().is_ok());
    });
}

/// A barrier of two whose action tells that it runs, and goes on when it is told to.
fn with_a_long_action() -> (Arc<Barrier>, Arc<AtomicBool>, Arc<AtomicBool>) {
    let (runs, goes_on) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let barrier = Barrier::with_action(2, {
        let (runs, goes_on) = (Arc::clone(&runs), Arc::clone(&goes_on));
        move || {
            runs.store(true, Ordering::Relaxed);
            while !goes_on.load(Ordering::Relaxed) {
                thread::yield_now();
            }
        }
    });
    (Arc::new(barrier), runs, goes_on)
}

#[test]
fn while_the_action_runs_newcomers_wait() {
    let (barrier, runs, goes_on) = with_a_long_action();
    thread::scope(|scope| {
        let waiters = [scope.spawn(|| barrier.wait()), scope.spawn(|| barrier.wait())];
        while !runs.load(Ordering::Relaxed) {
            thread::yield_now();
        }
        let newcomer = scope.spawn(|| barrier.wait_for(Duration::ZERO));
        (0..500).for_each(|_| thread::yield_now());
        assert!(!newcomer.is_finished(), "the action runs");
        goes_on.store(true, Ordering::Relaxed);
        assert!(waiters.into_iter().all(|waiter| waiter.join().unwrap().is_ok()));
        assert!(newcomer.join().unwrap().unwrap_err().timed_out());
    });
}

#[test]
fn an_abort_or_a_reset_while_the_action_runs_is_an_error_for_all_of_the_phase() {
    for (give_up, is_broken) in [(Barrier::abort as fn(&Barrier), true), (Barrier::reset, false)] {
        let (barrier, runs, goes_on) = with_a_long_action();
        thread::scope(|scope| {
            let waiters = [scope.spawn(|| barrier.wait()), scope.spawn(|| barrier.wait())];
            while !runs.load(Ordering::Relaxed) {
                thread::yield_now();
            }
            give_up(&barrier);
            goes_on.store(true, Ordering::Relaxed);
            assert!(waiters.into_iter().all(|waiter| waiter.join().unwrap().is_err()));
        });
        assert_eq!(barrier.is_broken(), is_broken);
        barrier.reset();
        thread::scope(|scope| {
            let waiter = scope.spawn(|| barrier.wait());
            assert!(barrier.wait().is_ok() && waiter.join().unwrap().is_ok());
        });
    }
}

#[test]
fn an_action_may_abort_its_own_barrier() {
    let slot: Arc<std::sync::OnceLock<std::sync::Weak<Barrier>>> = Arc::default();
    let barrier = Arc::new(Barrier::with_action(1, {
        let slot = Arc::clone(&slot);
        move || slot.get().and_then(std::sync::Weak::upgrade).expect("set below").abort()
    }));
    slot.set(Arc::downgrade(&barrier)).expect("set once");
    assert!(barrier.wait().is_err());
    assert!(barrier.is_broken());
}

#[test]
fn debug_shows_the_state_and_never_waits() {
    let barrier = Barrier::new(4);
    thread::scope(|scope| {
        scope.spawn(|| barrier.wait());
        until_waiting(&barrier, 1);
        assert_eq!(format!("{barrier:?}"), "Barrier { parties: 4, waiting: 1, broken: false }");
        barrier.abort();
    });
    assert_eq!(format!("{barrier:?}"), "Barrier { parties: 4, waiting: 0, broken: true }");
    assert_eq!(barrier.parties(), 4);
}

#[test]
fn a_static_barrier_needs_no_initialisation() {
    static MEETING: Barrier = Barrier::with_timeout(2, Duration::from_secs(60)).named("meeting");
    let other = thread::spawn(|| MEETING.wait().is_ok());
    assert!(MEETING.wait().is_ok() && other.join().unwrap());
}

#[test]
fn with_a_deadline_in_the_past_it_is_passed_if_all_others_have_come() {
    let past = Instant::now();
    let barrier = Barrier::new(2);
    assert!(barrier.wait_until(past).unwrap_err().timed_out());
    barrier.reset();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| barrier.wait_for(Duration::MAX));
        until_waiting(&barrier, 1);
        assert!(barrier.wait_until(past).is_ok());
        assert!(waiter.join().unwrap().is_ok());
    });
}
