//! What the semaphores promise, on the machine's own threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use threadcraft_semaphore::{BoundedSemaphore, MAX_PERMITS, Semaphore};

const SHORT: Duration = Duration::from_millis(20);

#[test]
fn these_tests_run_on_the_machine() {
    assert!(!threadcraft_platform::is_explored());
}

#[cfg(not(feature = "explore"))]
#[test]
fn a_semaphore_takes_four_bytes() {
    assert_eq!(size_of::<Semaphore>(), 4);
    assert_eq!(size_of::<BoundedSemaphore>(), 8);
}

#[test]
fn permits_are_counted_down_and_up() {
    let semaphore = Semaphore::new(2);
    let first = semaphore.acquire();
    let second = semaphore.try_acquire().expect("one is left");
    assert!(semaphore.try_acquire().is_none());
    assert!(semaphore.try_acquire_for(Duration::ZERO).is_none());
    assert!(semaphore.try_acquire_until(Instant::now()).is_none());
    drop(second);
    assert_eq!(semaphore.available_permits(), 1);
    drop(first);
    assert_eq!(semaphore.available_permits(), 2);
}

#[test]
fn many_are_taken_all_or_none() {
    let semaphore = Semaphore::new(3);
    assert!(semaphore.try_acquire_many(4).is_none());
    assert!(semaphore.try_acquire_many_for(4, SHORT).is_none());
    assert!(semaphore.try_acquire_many_until(4, Instant::now()).is_none());
    assert_eq!(semaphore.available_permits(), 3);
    let three = semaphore.acquire_many(3);
    assert_eq!(three.permits(), 3);
    assert_eq!(semaphore.available_permits(), 0);
    drop(three);
    assert_eq!(semaphore.available_permits(), 3);
    drop(semaphore.acquire_many(0));
    assert_eq!(semaphore.available_permits(), 3);
}

#[test]
fn a_release_may_exceed_the_start_but_not_the_largest_number() {
    let semaphore = Semaphore::new(0);
    semaphore.release(2);
    assert_eq!(semaphore.available_permits(), 2);
    semaphore.release(0);
    semaphore.release(MAX_PERMITS - 2);
    assert_eq!(semaphore.available_permits(), MAX_PERMITS);
    let overflow = std::panic::catch_unwind(|| semaphore.release(1)).unwrap_err();
    let message = overflow.downcast_ref::<String>().unwrap();
    assert!(message.contains("above the limit of 536870911"), "{message}");
    assert_eq!(semaphore.available_permits(), MAX_PERMITS);
}

#[test]
fn a_release_above_the_bound_is_an_error_and_changes_nothing() {
    let bounded = BoundedSemaphore::new(2);
    let error = bounded.release(1).unwrap_err();
    assert_eq!((error.permits(), error.available(), error.limit()), (1, 2, 2));
    assert_eq!(error.to_string(), "released 1 permit above the limit of 2 (2 are available)");
    bounded.acquire_many(2).forget();
    assert!(bounded.release(3).is_err());
    assert_eq!(bounded.available_permits(), 0);
    bounded.release(2).unwrap();
    assert_eq!(bounded.available_permits(), 2);
}

#[test]
fn a_permit_that_comes_back_to_a_full_semaphore_panics_and_changes_nothing() {
    let bounded = BoundedSemaphore::new(1);
    let permit = bounded.acquire();
    bounded.release(1).unwrap();
    let surplus = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(permit))).unwrap_err();
    assert_eq!(
        surplus.downcast_ref::<String>().unwrap(),
        "a permit came back to a full semaphore: released 1 permit above the limit of 1 (1 are available)"
    );
    assert_eq!(bounded.available_permits(), 1);
    // What others took and gave back meanwhile is no reason to refuse one.
    let permit = bounded.acquire();
    drop(bounded.try_acquire());
    bounded.release(1).unwrap();
    bounded.acquire().forget();
    drop(permit);
    assert_eq!(bounded.available_permits(), 1);
}

#[test]
fn more_permits_than_can_be_counted_are_refused() {
    for make in [|permits| drop(Semaphore::new(permits)), |permits| drop(BoundedSemaphore::new(permits))] {
        make(MAX_PERMITS);
        for permits in [MAX_PERMITS + 1, u32::MAX] {
            let payload = std::panic::catch_unwind(|| make(permits)).unwrap_err();
            let message = payload.downcast_ref::<&str>().unwrap();
            assert_eq!(*message, "a semaphore has at most MAX_PERMITS (536870911) permits");
        }
    }
}

#[test]
fn a_panic_in_a_section_gives_the_permits_back() {
    let semaphore = Semaphore::new(3);
    let panicked = std::panic::catch_unwind(|| {
        let _permits = semaphore.acquire_many(2);
        panic!("with the permits");
    });
    assert!(panicked.is_err());
    assert_eq!(semaphore.available_permits(), 3);
}

#[test]
fn permits_come_back_in_any_order_whatever_came_in_between() {
    let semaphore = Arc::new(BoundedSemaphore::new(6));
    let (one, two) = (semaphore.acquire(), semaphore.acquire_many(2));
    let three = semaphore.acquire_many_owned(3);
    drop(one);
    assert_eq!(semaphore.available_permits(), 1);
    drop(three);
    assert_eq!(semaphore.available_permits(), 4);
    drop(two);
    assert_eq!(semaphore.available_permits(), 6);
}

#[test]
#[should_panic(expected = "3 permits can never be available: the limit is 2")]
fn to_want_more_than_there_can_be_is_a_mistake() {
    drop(BoundedSemaphore::new(2).acquire_many(3));
}

#[test]
fn an_owned_permit_keeps_its_semaphore_alive_and_may_be_given_back_elsewhere() {
    let semaphore = Arc::new(Semaphore::new(3));
    let one = semaphore.acquire_owned();
    let two = semaphore.acquire_many_owned(2);
    assert!(semaphore.try_acquire_owned().is_none());
    two.forget();
    thread::spawn(move || drop(one)).join().unwrap();
    assert_eq!(semaphore.available_permits(), 1);
    let last = BoundedSemaphore::acquire_owned(&Arc::new(BoundedSemaphore::new(1)));
    assert_eq!(last.permits(), 1);
}

#[test]
fn a_timed_waiter_waits_as_long_as_it_was_told_and_takes_nothing() {
    let semaphore = Semaphore::new(0);
    let start = Instant::now();
    assert!(semaphore.try_acquire_for(SHORT).is_none());
    assert!(start.elapsed() >= SHORT);
    semaphore.release(1);
    assert_eq!(semaphore.available_permits(), 1);
    assert!(semaphore.try_acquire_for(Duration::MAX).is_some());
}

#[test]
fn a_release_of_n_lets_exactly_n_of_the_waiters_go() {
    let semaphore = Semaphore::new(0);
    let passed = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                semaphore.acquire().forget();
                passed.fetch_add(1, Ordering::Relaxed);
            });
        }
        for (step, expected) in [(1, 1), (2, 3), (3, 6)] {
            semaphore.release(step);
            while passed.load(Ordering::Relaxed) < expected {
                thread::yield_now();
            }
            assert_eq!(passed.load(Ordering::Relaxed), expected);
            assert_eq!(semaphore.available_permits(), 0);
        }
    });
}

#[test]
fn a_wait_for_many_is_not_starved_by_a_stream_of_single_ones() {
    let semaphore = Semaphore::new(4);
    let served = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                // Two at a time in each thread, overlapping: left alone, four are never free at once.
                let mut held = semaphore.acquire();
                while !served.load(Ordering::Relaxed) {
                    if let Some(next) = semaphore.try_acquire() {
                        held = next;
                    } else {
                        drop(held);
                        held = semaphore.acquire();
                    }
                }
                drop(held);
            });
        }
        scope.spawn(|| {
            let _all = semaphore.acquire_many(4);
            served.store(true, Ordering::Relaxed);
        });
    });
    assert_eq!(semaphore.available_permits(), 4);
}

#[test]
fn no_permit_is_lost_or_made_up_whatever_the_threads_do() {
    const PERMITS: u32 = 5;
    let semaphore = Semaphore::new(PERMITS);
    let inside = AtomicU32::new(0);
    thread::scope(|scope| {
        for worker in 0..8 {
            let (semaphore, inside) = (&semaphore, &inside);
            scope.spawn(move || {
                for round in 0..1_500 {
                    let wanted = 1 + (worker + round) % 3;
                    let permit = match (worker * 7 + round) % 5 {
                        0 => semaphore.try_acquire_many(wanted),
                        1 | 2 => semaphore.try_acquire_many_for(wanted, Duration::from_micros(u64::from(round % 60))),
                        _ => Some(semaphore.acquire_many(wanted)),
                    };
                    let Some(permit) = permit else { continue };
                    let now = inside.fetch_add(permit.permits(), Ordering::Relaxed) + permit.permits();
                    assert!(now <= PERMITS, "{now} permits are out, of {PERMITS}");
                    inside.fetch_sub(permit.permits(), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(semaphore.available_permits(), PERMITS);
}

#[test]
fn debug_shows_the_permits() {
    assert_eq!(format!("{:?}", Semaphore::new(3)), "Semaphore { permits: 3 }");
    assert_eq!(format!("{:?}", BoundedSemaphore::default()), "BoundedSemaphore { permits: 1, bound: 1 }");
    assert_eq!(format!("{:?}", Semaphore::new(2).acquire_many(2)), "Permit { permits: 2 }");
}

#[test]
fn a_static_semaphore_needs_no_initialisation() {
    static SEATS: BoundedSemaphore = BoundedSemaphore::new(1).named("seats");
    assert!(SEATS.try_acquire().is_some());
}

#[test]
fn a_deadline_in_the_past_is_a_try_and_the_longest_timeout_means_for_ever() {
    let past = Instant::now();
    let semaphore = Semaphore::new(1);
    let permit = semaphore.try_acquire_until(past).expect("there is one");
    assert!(semaphore.try_acquire_until(past).is_none());
    thread::scope(|scope| {
        let waiter = scope.spawn(|| semaphore.try_acquire_for(Duration::MAX).is_some());
        drop(permit);
        assert!(waiter.join().unwrap());
    });
    assert_eq!(semaphore.available_permits(), 1);
}
