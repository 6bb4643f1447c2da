//! Time: each thread has a clock of its own, which stands still until the thread sleeps or a deadline of its passes.
//!
//! One clock for all would be memory that threads share without loom's knowledge: it would leave out orders that matter.

use std::cell::Cell;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Where time starts, for all threads and executions; only differences can be seen.
static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

loom::thread_local! {
    static NOW: Cell<Instant> = Cell::new(*ORIGIN);
}

/// The present, for the running thread.
pub(crate) fn now() -> Instant {
    NOW.with(Cell::get)
}

/// Nothing takes any time.
pub(crate) fn ticks() -> u64 {
    0
}

/// Lets time pass for the running thread.
pub(crate) fn pass_until(then: Instant) {
    NOW.with(|now| now.set(now.get().max(then)));
}

/// Lets time pass, and others go first. How far they get meanwhile is up to the schedule.
pub(crate) fn sleep(duration: Duration) {
    if let Some(then) = now().checked_add(duration) {
        pass_until(then);
    }
    loom::thread::yield_now();
}
