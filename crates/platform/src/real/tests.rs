//! What both futexes promise. No sleeps: whoever is to be woken is asleep once a wake-up counts it.

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use super::futex::{requeue, wait, wait_high, wake, wake_high};
use crate::Instant;
use crate::futex::{Queue, Wait};

const SHORT: Duration = Duration::from_millis(20);

/// Wakes until so many were woken.
fn wake_in_all(word: &AtomicU32, queue: Queue, count: usize) {
    let mut woken = 0;
    while woken < count {
        woken += wake(word, queue, 1);
        thread::yield_now();
    }
}

#[test]
fn a_wait_for_another_value_returns_at_once() {
    assert_eq!(wait(&AtomicU32::new(1), Queue::First, 0, None), Wait::Woken);
}

#[test]
fn a_wait_ends_at_its_deadline_and_never_before() {
    let word = AtomicU32::new(0);
    for queue in [Queue::First, Queue::Second] {
        let deadline = Instant::after(SHORT).expect("the clock counts further");
        while wait(&word, queue, 0, Some(deadline)) == Wait::Woken {}
        assert!(Instant::now() >= deadline);
    }
}

#[test]
fn a_deadline_in_the_past_ends_the_wait_at_once() {
    let word = AtomicU32::new(0);
    let past = Instant::now();
    while wait(&word, Queue::First, 0, Some(past)) == Wait::Woken {}
}

#[test]
fn a_deadline_far_away_is_no_deadline() {
    let word = AtomicU32::new(0);
    let mut far = Instant::now();
    for seconds in (0..64).rev() {
        far = far.checked_add(Duration::from_secs(1 << seconds)).unwrap_or(far);
    }
    thread::scope(|scope| {
        let waiter = scope.spawn(|| wait(&word, Queue::First, 0, Some(far)));
        while !waiter.is_finished() {
            wake(&word, Queue::First, 1);
            thread::yield_now();
        }
        assert_eq!(waiter.join().unwrap(), Wait::Woken);
    });
}

#[test]
fn a_wake_up_of_nobody_wakes_nobody_and_reads_nothing() {
    assert_eq!(wake(core::ptr::without_provenance(0x1000), Queue::First, u32::MAX), 0);
    assert_eq!(requeue(core::ptr::without_provenance(0x1000), 1, core::ptr::without_provenance(0x2000), 1), (0, 0));
}

#[test]
fn a_wake_up_of_zero_wakes_nobody() {
    let word = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| wait(&word, Queue::First, 0, None));
        for _ in 0..1_000 {
            assert_eq!(wake(&word, Queue::First, 0), 0);
        }
        wake_in_all(&word, Queue::First, 1);
    });
}

#[test]
fn the_two_queues_of_a_word_are_woken_apart() {
    let word = AtomicU32::new(0);
    let gone = AtomicU32::new(0);
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            wait(&word, Queue::First, 0, None);
            gone.fetch_add(1, Ordering::Relaxed);
        });
        scope.spawn(|| {
            wait(&word, Queue::Second, 0, None);
            gone.fetch_add(10, Ordering::Relaxed);
        });
        wake_in_all(&word, Queue::First, 1);
        first.join().unwrap();
        assert_eq!(gone.load(Ordering::Relaxed), 1);
        assert_eq!(wake(&word, Queue::First, u32::MAX), 0);
        wake_in_all(&word, Queue::Second, 1);
    });
    assert_eq!(gone.into_inner(), 11);
}

#[test]
fn as_many_are_woken_as_asked_for_and_the_largest_count_is_all() {
    let word = AtomicU32::new(0);
    let gone = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                wait(&word, Queue::First, 0, None);
                gone.fetch_add(1, Ordering::Relaxed);
            });
        }
        wake_in_all(&word, Queue::First, 2);
        while gone.load(Ordering::Relaxed) < 2 {
            thread::yield_now();
        }
        let mut woken = 2;
        while woken < 5 {
            woken += wake(&word, Queue::First, u32::MAX);
            thread::yield_now();
        }
        assert_eq!(woken, 5);
    });
    assert_eq!(gone.into_inner(), 5);
}

#[test]
fn requeued_waiters_sleep_on_until_the_other_word_is_woken() {
    let (from, to) = (AtomicU32::new(0), AtomicU32::new(0));
    for limit in [2, u32::MAX] {
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| wait(&from, Queue::First, 0, None));
            }
            let (mut woken, mut moved) = (0, 0);
            while woken + moved < 3 {
                let wake = u32::from(woken == 0);
                let (more_woken, more_moved) = requeue(&from, wake, &to, limit);
                woken += more_woken;
                moved += more_moved;
                thread::yield_now();
            }
            assert_eq!((woken, moved), (1, 2));
            assert_eq!(wake(&from, Queue::First, u32::MAX), 0);
            assert_eq!(wake(&to, Queue::First, u32::MAX), 2);
        });
    }
}

#[test]
fn the_high_half_of_a_word_is_waited_for_whatever_the_low_half_does() {
    let word = AtomicU64::new(7 << 32);
    assert_eq!(wait_high(&word, 6, None), Wait::Woken);
    let past = Instant::now();
    while wait_high(&word, 7, Some(past)) == Wait::Woken {}
    thread::scope(|scope| {
        for _ in 0..2 {
            // The low half changes meanwhile; if it counted, this would not sleep.
            scope
                .spawn(|| while wait_high(&word, 7, None) == Wait::Woken && word.load(Ordering::Acquire) >> 32 == 7 {});
        }
        word.fetch_add(1, Ordering::Relaxed);
        let mut woken = 0;
        while woken < 2 {
            word.fetch_add(1, Ordering::Relaxed);
            woken += wake_high(&word, 1);
            thread::yield_now();
        }
        word.fetch_add(1 << 32, Ordering::Release);
        wake_high(&word, u32::MAX);
    });
    assert_eq!(wake_high(&word, u32::MAX), 0);
}
