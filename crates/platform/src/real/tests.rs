//! What both futexes promise. No sleeps: whoever is to be woken is asleep once a wake-up counts it.
//!
//! A test that fails ends all the same: nothing is waited for without a limit, and [`LetGo`] wakes those that sleep.

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use super::futex::{requeue, wait, wait_high, wake, wake_high};
use crate::Instant;
use crate::futex::{Queue, Wait};

const SHORT: Duration = Duration::from_millis(20);

/// After this much time something will not happen any more.
const LIMIT: Duration = Duration::from_secs(30);

/// Does something until it is so.
#[track_caller]
fn until(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LIMIT, "not so after {LIMIT:?}");
        thread::yield_now();
    }
}

/// Wakes until so many were woken.
#[track_caller]
fn wake_in_all(word: &AtomicU32, queue: Queue, count: usize) {
    let mut woken = 0;
    until(|| {
        woken += wake(word, queue, 1);
        woken >= count
    });
    assert_eq!(woken, count);
}

/// Nobody sleeps at these words any more once the test has failed: else its scope would wait for them for ever.
struct LetGo<'words>(&'words [&'words AtomicU32]);

impl Drop for LetGo<'_> {
    fn drop(&mut self) {
        for word in self.0.iter().filter(|_| thread::panicking()) {
            // Whoever has not fallen asleep yet finds the value changed.
            word.store(u32::MAX, Ordering::Relaxed);
            for queue in [Queue::First, Queue::Second] {
                wake(*word, queue, u32::MAX);
            }
        }
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
        let _let_go = LetGo(&[&word]);
        let waiter = scope.spawn(|| wait(&word, Queue::First, 0, Some(far)));
        until(|| {
            wake(&word, Queue::First, 1);
            waiter.is_finished()
        });
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
        let _let_go = LetGo(&[&word]);
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
        let _let_go = LetGo(&[&word]);
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
        let _let_go = LetGo(&[&word]);
        for _ in 0..5 {
            scope.spawn(|| {
                wait(&word, Queue::First, 0, None);
                gone.fetch_add(1, Ordering::Relaxed);
            });
        }
        wake_in_all(&word, Queue::First, 2);
        until(|| gone.load(Ordering::Relaxed) == 2);
        let mut woken = 2;
        until(|| {
            woken += wake(&word, Queue::First, u32::MAX);
            woken >= 5
        });
        assert_eq!(woken, 5);
    });
    assert_eq!(gone.into_inner(), 5);
}

/// One is woken where it sleeps; the others only where they were moved to. That Linux may send one back that it has moved
/// (see `requeue`) makes it move again here.
#[test]
fn requeued_waiters_sleep_on_until_the_other_word_is_woken() {
    const WAITERS: usize = 3;
    for limit in [1, 2, u32::MAX] {
        let (from, to, gone) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            let _let_go = LetGo(&[&from, &to]);
            for _ in 0..WAITERS {
                scope.spawn(|| {
                    wait(&from, Queue::First, 0, None);
                    gone.fetch_add(1, Ordering::Relaxed);
                });
            }
            let (mut woken, mut moved) = ([0, 0], 0);
            until(|| {
                let at_once = 1 - woken[0];
                let (at_from, more) = requeue(&from, at_once as u32, &to, limit);
                assert!(at_from <= at_once && more <= limit as usize, "({at_from}, {more}) of ({at_once}, {limit})");
                moved += more;
                woken[0] += at_from;
                woken[1] += wake(&to, Queue::First, 1);
                let woken = woken[0] + woken[1];
                assert!(gone.load(Ordering::Relaxed) as usize <= woken, "one went on that was not woken");
                woken == WAITERS
            });
            assert!(woken[1] >= WAITERS - 1 && moved >= woken[1], "{woken:?}, and {moved} moved");
            until(|| gone.load(Ordering::Relaxed) as usize == WAITERS);
        });
    }
}

#[test]
fn the_high_half_of_a_word_is_waited_for_whatever_the_low_half_does() {
    let word = AtomicU64::new(7 << 32);
    assert_eq!(wait_high(&word, 6, None), Wait::Woken);
    let past = Instant::now();
    while wait_high(&word, 7, Some(past)) == Wait::Woken {}
    let let_go = || {
        word.fetch_add(1 << 32, Ordering::Release);
        wake_high(&word, u32::MAX);
    };
    thread::scope(|scope| {
        for _ in 0..2 {
            // The low half changes meanwhile; if it counted, this would not sleep.
            scope
                .spawn(|| while wait_high(&word, 7, None) == Wait::Woken && word.load(Ordering::Acquire) >> 32 == 7 {});
        }
        let start = Instant::now();
        let mut woken = 0;
        while woken < 2 && start.elapsed() < LIMIT {
            word.fetch_add(1, Ordering::Relaxed);
            woken += wake_high(&word, 1);
            thread::yield_now();
        }
        let_go();
        assert!(woken >= 2, "{woken} of 2 sleep");
    });
    assert_eq!(wake_high(&word, u32::MAX), 0);
}
