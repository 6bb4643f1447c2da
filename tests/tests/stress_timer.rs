//! Many timers on real threads, with random cancels: each is called once or cancelled, none early, none lost.
//!
//! `THREADCRAFT_TIMERS` says how many: 100 thousand for a long run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use threadcraft::{Timer, TimerService};

fn total() -> usize {
    std::env::var("THREADCRAFT_TIMERS").ok().and_then(|timers| timers.parse().ok()).unwrap_or(5_000)
}

/// Marsaglia's xorshift.
fn roll(dice: &mut u64, sides: u64) -> u64 {
    *dice ^= *dice << 13;
    *dice ^= *dice >> 7;
    *dice ^= *dice << 17;
    *dice % sides
}

/// Belongs to a function: dropped once, whether it is called or not.
struct Entry(Arc<Books>, usize);

struct Books {
    calls: Vec<AtomicU8>,
    early: AtomicUsize,
    dropped: AtomicUsize,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn each_is_called_once_or_cancelled() {
    assert!(!threadcraft_platform::is_explored());
    const SETTERS: usize = 4;
    let each = total() / SETTERS;
    let calls = (0..SETTERS * each).map(|_| AtomicU8::new(0)).collect();
    let books = Arc::new(Books { calls, early: AtomicUsize::new(0), dropped: AtomicUsize::new(0) });
    let service = TimerService::new();
    let cancelled: Vec<(Timer, bool, usize)> = std::thread::scope(|scope| {
        let setters: Vec<_> = (0..SETTERS)
            .map(|setter| {
                let (books, service) = (&books, &service);
                scope.spawn(move || set(service, books, setter * each..(setter + 1) * each))
            })
            .collect();
        setters.into_iter().flat_map(|setter| setter.join().expect("it only sets timers")).collect()
    });
    for (timer, was_cancelled, number) in &cancelled {
        timer.join();
        let calls = books.calls[*number].load(Ordering::Relaxed);
        assert_eq!(calls, u8::from(!was_cancelled), "timer {number}");
    }
    assert_eq!(books.early.load(Ordering::Relaxed), 0, "some were early");
    assert_eq!(service.len(), 0);
    drop(service);
    assert_eq!(books.dropped.load(Ordering::Relaxed), cancelled.len(), "a function is left or was dropped twice");
}

/// Starts these timers, and cancels some: at once, or some later.
fn set(service: &TimerService, books: &Arc<Books>, numbers: std::ops::Range<usize>) -> Vec<(Timer, bool, usize)> {
    let mut dice = 0x9e37_79b9_7f4a_7c15 ^ numbers.start as u64;
    let mut timers: Vec<(Timer, bool, usize)> = Vec::new();
    for number in numbers {
        let delay = Duration::from_micros(roll(&mut dice, 20_000));
        let due = Instant::now() + delay;
        let entry = Entry(Arc::clone(books), number);
        let timer = service.after(delay, move || {
            entry.0.early.fetch_add(usize::from(Instant::now() < due), Ordering::Relaxed);
            entry.0.calls[entry.1].fetch_add(1, Ordering::Relaxed);
        });
        timers.push((timer, false, number));
        if roll(&mut dice, 2) == 0 {
            let place = timers.len() - 1 - (roll(&mut dice, 200) as usize).min(timers.len() - 1);
            let (timer, was_cancelled, _) = &mut timers[place];
            *was_cancelled = timer.cancel();
        }
    }
    timers
}
