//! Dining philosophers: each takes the fork with the lower number first, so no circle of waiting can close.

use std::sync::Arc;

use threadcraft::prelude::*;
use threadcraft::println;

fn main() {
    println!("{} meals", run(5, 3));
}

/// So many philosophers, each of whom eats so often. Returns how many meals there were.
pub(crate) fn run(philosophers: usize, meals: u32) -> u32 {
    let forks: Arc<Vec<Lock<()>>> = Arc::new((0..philosophers).map(|_| Lock::new(())).collect());
    let seats: Vec<_> = (0..philosophers)
        .map(|seat| {
            let forks = Arc::clone(&forks);
            let (left, right) = (seat, (seat + 1) % philosophers);
            let mut thread = Thread::new(move || {
                for _ in 0..meals {
                    let _first = forks[left.min(right)].lock();
                    let _second = forks[left.max(right)].lock();
                    // Eats.
                }
                meals
            })
            .name(format!("P{seat}"));
            thread.start().expect("there are threads enough");
            thread
        })
        .collect();
    seats.into_iter().map(|seat| seat.join().expect("they only eat")).sum()
}
