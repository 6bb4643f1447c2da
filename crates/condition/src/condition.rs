//! `Condition`: what a program calls.

use core::fmt;
use core::time::Duration;

use threadcraft_lock::LockGuard;
use threadcraft_platform::object::Done;
use threadcraft_platform::{Instant, call, const_unless_loom, is_torn_down};

use crate::raw::RawCondition;
use crate::timeout::WaitTimeoutResult;

/// Waiting for a change of what a lock protects (Python's `threading.Condition`, without its lock).
///
/// ```
/// use threadcraft_condition::Condition;
/// use threadcraft_lock::Lock;
///
/// let (items, not_empty) = (Lock::new(Vec::new()), Condition::new());
/// std::thread::scope(|scope| {
///     scope.spawn(|| {
///         let mut items = items.lock();
///         items.push("bread");
///         not_empty.notify_one(&mut items);
///     });
///     let mut items = items.lock();
///     not_empty.wait_while(&mut items, |items| items.is_empty());
///     assert_eq!(items.pop(), Some("bread"));
/// });
/// ```
///
/// Waiting releases the lock and takes it again before it returns. Waiters are notified in the order of their coming,
/// and none goes on that was not notified; those that are notified together go on as they get the lock. Between the
/// notification and the waiter's turn others may have had the lock: what the waiter waited for may be gone again, so
/// [`wait_while`](Self::wait_while) looks.
///
/// One lock may serve several conditions. A condition belongs to one lock at a time, as that is what guards its queue:
/// while anybody waits with one lock, using it with another is a bug, and panics.
///
/// # Cost
///
/// | | atomics | system calls |
/// |---|---|---|
/// | notify, nobody waits | 1 load | none |
/// | notify | 1 load, 2 stores at most | none; 1 futex wake with the release of the lock |
/// | notify n | 1 load, 3 stores at most | none; 2 futex wakes with the release; each that goes on wakes one more with its own |
/// | wait | the lock's release and taking, 1 compare-and-swap, 2 loads | 1 futex wait |
///
/// 24 bytes (without the feature `explore`).
#[doc(alias("threading.Condition", "Condvar", "condition variable"))]
pub struct Condition {
    raw: RawCondition,
}

impl Condition {
    const_unless_loom! {
        /// A condition that nobody waits for.
        #[must_use]
        pub const fn new() -> Self {
            Self { raw: RawCondition::new() }
        }
    }

    /// The same condition, called `name` in timelines and in `Debug`. Free without the feature `explore`.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.raw.object = self.raw.object.named(name);
        self
    }

    /// Releases the lock, waits to be notified, and takes the lock again.
    ///
    /// What is waited for may be there already, or gone again when the lock is held: use
    /// [`wait_while`](Self::wait_while), or call this in a loop that looks.
    ///
    /// # Panics
    ///
    /// If others wait with another lock; the lock stays held.
    #[track_caller]
    pub fn wait<T: ?Sized>(&self, guard: &mut LockGuard<'_, T>) {
        self.raw.wait(guard, "wait", None, None);
    }

    /// The same, for at most `timeout`. Zero means that others get the lock once; a timeout beyond what the clock can
    /// count means for ever. The lock is taken again in any case, however long that takes.
    ///
    /// # Panics
    ///
    /// As [`wait`](Self::wait).
    #[doc(alias = "wait(timeout=)")]
    #[track_caller]
    pub fn wait_for<T: ?Sized>(&self, guard: &mut LockGuard<'_, T>, timeout: Duration) -> WaitTimeoutResult {
        let deadline = Instant::after(timeout);
        let notified = self.raw.wait(guard, "wait_for", Some(&format_args!("{timeout:?}")), deadline);
        WaitTimeoutResult::new(!notified)
    }

    /// The same, until `deadline` at the latest.
    ///
    /// # Panics
    ///
    /// As [`wait`](Self::wait).
    #[track_caller]
    pub fn wait_until<T: ?Sized>(
        &self,
        guard: &mut LockGuard<'_, T>,
        deadline: impl Into<Instant>,
    ) -> WaitTimeoutResult {
        let notified = self.raw.wait(guard, "wait_until", None, Some(deadline.into()));
        WaitTimeoutResult::new(!notified)
    }

    /// Waits for as long as `predicate` is true of what the lock protects. It is called with the lock held.
    ///
    /// # Panics
    ///
    /// As [`wait`](Self::wait). A panic of `predicate` goes on, with the lock held and nothing left behind.
    #[doc(alias = "wait_for(predicate)")]
    #[track_caller]
    pub fn wait_while<T: ?Sized>(&self, guard: &mut LockGuard<'_, T>, mut predicate: impl FnMut(&mut T) -> bool) {
        while predicate(guard) && !is_torn_down() {
            self.wait(guard);
        }
    }

    /// The same, for at most `timeout`: [`timed_out`](WaitTimeoutResult::timed_out) says that `predicate` was still true
    /// at the end.
    ///
    /// ```
    /// use std::time::Duration;
    /// use threadcraft_condition::Condition;
    /// use threadcraft_lock::Lock;
    ///
    /// let (count, grown) = (Lock::new(0), Condition::new());
    /// let mut guard = count.lock();
    /// let result = grown.wait_while_for(&mut guard, |count| *count == 0, Duration::from_millis(10));
    /// assert!(result.timed_out());
    /// ```
    ///
    /// # Panics
    ///
    /// As [`wait_while`](Self::wait_while).
    #[doc(alias = "wait_for(predicate, timeout=)")]
    #[track_caller]
    pub fn wait_while_for<T: ?Sized>(
        &self,
        guard: &mut LockGuard<'_, T>,
        mut predicate: impl FnMut(&mut T) -> bool,
        timeout: Duration,
    ) -> WaitTimeoutResult {
        if !predicate(guard) {
            return WaitTimeoutResult::new(false);
        }
        // Counted from the first time that it has to wait, not anew after each notification.
        let Some(deadline) = Instant::after(timeout) else {
            self.wait(guard);
            self.wait_while(guard, predicate);
            return WaitTimeoutResult::new(false);
        };
        self.wait_more_until(guard, predicate, deadline)
    }

    /// The same, until `deadline` at the latest.
    ///
    /// # Panics
    ///
    /// As [`wait_while`](Self::wait_while).
    #[track_caller]
    pub fn wait_while_until<T: ?Sized>(
        &self,
        guard: &mut LockGuard<'_, T>,
        mut predicate: impl FnMut(&mut T) -> bool,
        deadline: impl Into<Instant>,
    ) -> WaitTimeoutResult {
        if !predicate(guard) {
            return WaitTimeoutResult::new(false);
        }
        self.wait_more_until(guard, predicate, deadline.into())
    }

    /// Waits at least once.
    #[track_caller]
    fn wait_more_until<T: ?Sized>(
        &self,
        guard: &mut LockGuard<'_, T>,
        mut predicate: impl FnMut(&mut T) -> bool,
        deadline: Instant,
    ) -> WaitTimeoutResult {
        loop {
            let gave_up = self.wait_until(guard, deadline).timed_out();
            // What is waited for may have come together with the deadline.
            let unmet = predicate(guard);
            if !unmet || gave_up || is_torn_down() {
                return WaitTimeoutResult::new(unmet);
            }
        }
    }

    /// Lets the `count` threads go on that have waited longest, or all if they are fewer, and returns how many.
    ///
    /// They are woken when the caller releases the lock: the first two by that, each of the others by one before it.
    ///
    /// ```
    /// # use threadcraft_condition::Condition;
    /// # use threadcraft_lock::Lock;
    /// let (seats, free) = (Lock::new(0), Condition::new());
    /// let mut guard = seats.lock();
    /// *guard += 3;
    /// assert_eq!(free.notify(&mut guard, 3), 0, "nobody waits");
    /// ```
    ///
    /// The lock has to be held, which in Python is a `RuntimeError` at run time, and here a type:
    ///
    /// ```compile_fail,E0308
    /// # use threadcraft_condition::Condition;
    /// # use threadcraft_lock::Lock;
    /// let (seats, free) = (Lock::new(0), Condition::new());
    /// free.notify(&mut seats, 1);
    /// ```
    ///
    /// # Panics
    ///
    /// If others wait with another lock.
    #[inline]
    #[track_caller]
    pub fn notify<T: ?Sized>(&self, guard: &mut LockGuard<'_, T>, count: usize) -> usize {
        call(&self.raw.object, "notify", Some(&count), || self.raw.notify(guard, count), notified)
    }

    /// Lets the thread go on that has waited longest; true if there was one.
    ///
    /// # Panics
    ///
    /// As [`notify`](Self::notify).
    #[inline]
    #[track_caller]
    pub fn notify_one<T: ?Sized>(&self, guard: &mut LockGuard<'_, T>) -> bool {
        call(&self.raw.object, "notify_one", None, || self.raw.notify(guard, 1) == 1, notified)
    }

    /// Lets all go on that wait, and returns how many.
    ///
    /// # Panics
    ///
    /// As [`notify`](Self::notify).
    #[doc(alias = "notifyAll")]
    #[inline]
    #[track_caller]
    pub fn notify_all<T: ?Sized>(&self, guard: &mut LockGuard<'_, T>) -> usize {
        call(&self.raw.object, "notify_all", None, || self.raw.notify(guard, usize::MAX), notified)
    }
}

/// What a notification means for the timeline.
fn notified(whom: &impl fmt::Display, done: &mut Done<'_>) {
    done.wrote();
    done.result(whom);
}

impl Default for Condition {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows whether anybody waits. Never waits.
impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Condition");
        if let Some(name) = self.raw.object.name() {
            shown.field("name", &name);
        }
        shown.field("waited_for", &self.raw.is_waited_for()).finish()
    }
}
