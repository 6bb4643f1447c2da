//! Of barriers.

use std::sync::atomic::{AtomicUsize, Ordering};

use threadcraft::scope;

use crate::barrier::Meeting;

/// Runs `body` in so many threads, and returns what they return.
///
/// # Panics
///
/// If one of them does.
pub fn in_threads<T: Send>(threads: usize, body: impl Fn(usize) -> T + Sync) -> Vec<T> {
    scope(|scope| {
        let body = &body;
        let threads: Vec<_> = (0..threads).map(|number| scope.spawn(move || body(number))).collect();
        threads.into_iter().map(|thread| thread.join().expect("the bodies do not panic")).collect()
    })
}

/// Nobody is a phase ahead of another.
///
/// # Panics
///
/// If somebody is.
pub fn threads_go_in_lockstep<B: Meeting>(parties: usize, phases: usize) {
    let barrier = B::new(parties);
    let lists: [AtomicUsize; 2] = Default::default();
    in_threads(parties, |_| {
        for phase in 0..phases {
            for list in &lists {
                // Relaxed: all who add to it have met before it is looked at, and meet before it grows again.
                list.fetch_add(1, Ordering::Relaxed);
                barrier.wait().expect("nobody breaks it");
                assert_eq!(list.load(Ordering::Relaxed), parties * (phase + 1), "so many have come");
            }
        }
    });
}

/// In each phase each is told the number that is its own.
///
/// # Panics
///
/// If two are told the same.
pub fn the_numbers_of_each_phase_are_right<B: Meeting>(parties: usize, phases: usize) {
    let barrier = B::new(parties);
    let told =
        in_threads(parties, |_| (0..phases).map(|_| barrier.wait().expect("nobody breaks it")).collect::<Vec<_>>());
    for phase in 0..phases {
        let numbers: Vec<usize> = told.iter().map(|told| told[phase]).collect();
        assert!(B::is_right(numbers.clone()), "they are told {numbers:?}");
    }
}

/// A party of one need not wait.
///
/// # Panics
///
/// If it is not told that it is the one.
pub fn a_single_thread_passes<B: Meeting>() {
    let barrier = B::new(1);
    for _ in 0..2 {
        let number = barrier.wait().expect("nobody breaks it");
        assert!(B::is_right(vec![number]), "it is told {number}");
    }
}
