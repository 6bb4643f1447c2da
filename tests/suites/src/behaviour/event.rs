//! Of events.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use threadcraft::{Instant, scope};

use super::{TIMEOUT, eventually, for_a_while, gave_up_in_time};
use crate::event::Flag;

/// So many wait, go on when it is set, and then need not wait; in each of two rounds, for it can be cleared.
///
/// # Panics
///
/// If anybody goes on before, or does not go on.
pub fn waiters_go_on_and_a_second_wait_is_immediate<E: Flag>(waiters: u32) {
    let event = E::new();
    for _ in 0..2 {
        // Relaxed, here and below: they count, and the event's own order is not looked at.
        let (arrived, gone) = (AtomicU32::new(0), AtomicU32::new(0));
        scope(|scope| {
            for _ in 0..waiters {
                scope.spawn(|| {
                    arrived.fetch_add(1, Ordering::Relaxed);
                    event.wait();
                    assert!(event.wait_for(Duration::ZERO), "it is set, and a wait fails");
                    gone.fetch_add(1, Ordering::Relaxed);
                });
            }
            eventually("all arrive", || arrived.load(Ordering::Relaxed) == waiters);
            for_a_while("nobody goes on", || gone.load(Ordering::Relaxed) == 0);
            event.set();
        });
        assert_eq!(gone.into_inner(), waiters, "so many went on");
        event.clear();
    }
}

/// A wait that ends in time says whether it was set.
///
/// # Panics
///
/// If it says otherwise, or gives up before its time or long after it.
pub fn timed_waits_say_whether_it_was_set<E: Flag>() {
    let event = E::new();
    assert!(!event.wait_for(Duration::ZERO), "it is not set");
    let begin = Instant::now();
    assert!(!event.wait_for(TIMEOUT), "it is not set");
    gave_up_in_time(begin);
    event.set();
    assert!(event.wait_for(Duration::ZERO), "it is set");
    assert!(event.wait_for(TIMEOUT), "it is set");
    event.wait();
    event.clear();
    assert!(!event.wait_for(Duration::ZERO), "it is cleared");
}
