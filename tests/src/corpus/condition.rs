//! The smallest condition variable for the programs of the corpus.

use std::time::Duration;

use threadcraft::{Instant, LockGuard};
use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::futex::{self, Wait};
use threadcraft_platform::{Object, call};

/// A condition variable: who waits lets go of the lock meanwhile; who notifies holds it.
///
/// | `notified` | means |
/// |---|---|
/// | n | there were n notifications (modulo 2³²); who waits since before the last one need not sleep |
#[derive(Debug)]
pub struct Condition {
    notified: AtomicU32,
    object: Object,
}

impl Condition {
    /// A condition that nobody waits for.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { notified: AtomicU32::new(0), object: Object::new("condition").named(name) }
    }

    /// Waits to be notified.
    #[track_caller]
    pub fn wait<T>(&self, guard: &mut LockGuard<'_, T>) {
        call(&self.object, "wait", None, || self.wait_until(guard, None), |_, _| {});
    }

    /// Waits to be notified; false if that took too long.
    #[track_caller]
    pub fn wait_for<T>(&self, guard: &mut LockGuard<'_, T>, timeout: Duration) -> bool {
        let deadline = Instant::after(timeout);
        call(
            &self.object,
            "wait_for",
            None,
            || self.wait_until(guard, deadline),
            |&notified, done| {
                if !notified {
                    done.refused();
                }
            },
        )
    }

    fn wait_until<T>(&self, guard: &mut LockGuard<'_, T>, deadline: Option<Instant>) -> bool {
        // Relaxed: the lock is held here and where it is raised, and orders both.
        let before = self.notified.load(Ordering::Relaxed);
        LockGuard::unlocked(guard, || futex::wait(&self.notified, before, deadline)) != Wait::TimedOut
    }

    /// Wakes one of those that wait.
    #[track_caller]
    pub fn notify_one<T>(&self, guard: &mut LockGuard<'_, T>) {
        self.notify("notify_one", guard, 1);
    }

    /// Wakes all that wait.
    #[track_caller]
    pub fn notify_all<T>(&self, guard: &mut LockGuard<'_, T>) {
        self.notify("notify_all", guard, u32::MAX);
    }

    #[track_caller]
    fn notify<T>(&self, verb: &'static str, _lock_is_held: &mut LockGuard<'_, T>, count: u32) {
        call(
            &self.object,
            verb,
            None,
            || {
                // Relaxed: as in `wait_until`.
                self.notified.fetch_add(1, Ordering::Relaxed);
                futex::wake(&raw const self.notified, count);
            },
            |(), done| done.wrote(),
        );
    }
}
