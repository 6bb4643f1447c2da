//! Waiting, in a test, for what another thread is about to do: no sleeping, and no hanging.

use std::fs;
use std::path::PathBuf;
use std::thread;

#[cfg(not(loom))]
pub use threadcraft_suites::behaviour::{eventually, for_a_while};

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
