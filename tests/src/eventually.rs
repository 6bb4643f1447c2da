//! Waiting, in a test, for what another thread is about to do: no sleeping, and no hanging.

use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits for what has to happen before it fails. Only a failing test ever waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Returns when `condition` holds.
///
/// # Panics
///
/// If it does not hold for twenty seconds.
#[track_caller]
pub fn eventually(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "did not happen within {PATIENCE:?}: {what}");
        thread::yield_now();
    }
}

/// Fails if `condition` stops to hold while others have many chances to run. A look, not a proof: what must never happen
/// on any schedule is for the explorer to show.
#[track_caller]
pub fn for_a_while(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..500 {
        assert!(condition(), "did not last: {what}");
        thread::yield_now();
    }
}
