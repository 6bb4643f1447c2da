//! A timer that calls a function later, one that is cancelled before, and an interval: one thread for all of them.

use std::sync::Arc;

use threadcraft::prelude::*;
use threadcraft::println;

fn main() {
    println!("{:?}", run(Duration::from_millis(20)));
}

/// Whether the tea was cancelled, and how often the clock ticked before the bell.
pub(crate) fn run(tick: Duration) -> (bool, bool) {
    let ticks = Arc::new(Lock::new(0));
    let clock = Interval::every(tick, {
        let ticks = Arc::clone(&ticks);
        move || *ticks.lock() += 1
    });
    let bell = Timer::after(tick * 5 / 2, || println!("the bell"));
    let tea = Timer::after(Duration::from_secs(3600), || println!("the tea is ready"));
    let cancelled = tea.cancel();
    bell.join();
    clock.cancel();
    clock.join();
    let ticked = *ticks.lock() >= 1;
    (cancelled, ticked)
}
