//! Waiting, in a test, for what another thread is about to do: no sleeping, and no hanging.

use std::fs;
use std::path::PathBuf;
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

/// A thread that another asks whether it sleeps.
#[derive(Debug)]
pub struct Watched(Option<PathBuf>);

impl Watched {
    /// The thread that calls.
    #[must_use]
    pub fn current() -> Self {
        Self(fs::read_link("/proc/thread-self").ok())
    }

    /// Whether it sleeps in the system, as one that waits does. Where the system does not tell, it is given time.
    #[must_use]
    pub fn is_asleep(&self) -> bool {
        let Some(path) = &self.0 else {
            (0..500).for_each(|_| thread::yield_now());
            return true;
        };
        let status = fs::read_to_string(PathBuf::from("/proc").join(path).join("stat")).unwrap_or_default();
        // The name of the thread, in parentheses, may hold anything; the state comes after it.
        status.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('S'))
    }
}
