//! The small programs that more than one test explores.

use std::sync::Arc;

use threadcraft_explore::{Failure, Report};
use threadcraft_platform::{Shared, println};

use crate::toy::{ToyLock, run_all};

/// Two threads that raise a counter in two steps each.
pub fn lost_update() {
    let counter = Arc::new(Shared::new(0).named("counter"));
    run_all(
        (0..2)
            .map(|_| {
                let counter = Arc::clone(&counter);
                Box::new(move || counter.set(counter.get() + 1)) as Box<dyn FnOnce() + Send>
            })
            .collect(),
    );
    println!("counter = {}", counter.get());
}

/// Philosophers that take the left fork first, or the lower one.
pub fn philosophers(count: usize, ordered: bool) {
    const NAMES: [&str; 5] = ["fork0", "fork1", "fork2", "fork3", "fork4"];
    let forks: Arc<Vec<ToyLock>> = Arc::new(NAMES[..count].iter().map(|name| ToyLock::new(name)).collect());
    let philosopher = |index: usize| {
        let forks = Arc::clone(&forks);
        let (left, right) = (index, (index + 1) % count);
        let (first, second) = if ordered { (left.min(right), left.max(right)) } else { (left, right) };
        Box::new(move || {
            forks[first].lock();
            forks[second].lock();
            forks[second].unlock();
            forks[first].unlock();
        }) as Box<dyn FnOnce() + Send>
    };
    run_all((0..count).map(philosopher).collect());
}

/// What went wrong.
///
/// # Panics
///
/// If nothing did.
#[must_use]
pub fn failure(report: &Report) -> &Failure {
    report.failure.as_ref().expect("the program is wrong on some schedule")
}
