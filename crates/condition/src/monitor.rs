//! `Monitor`: data, its lock and its condition in one.

use core::fmt;
use core::mem::{forget, replace};
use core::ops::{Deref, DerefMut};
use core::time::Duration;

use threadcraft_lock::{Lock, LockGuard};
use threadcraft_platform::{Instant, const_unless_loom};

use crate::condition::Condition;
use crate::timeout::WaitTimeoutResult;

/// A lock around data, and the condition that its users wait for (Python's `threading.Condition()`, which makes its own
/// lock).
///
/// ```
/// use threadcraft_condition::Monitor;
///
/// static MAIL: Monitor<Vec<&str>> = Monitor::new(Vec::new()).named("mail");
///
/// std::thread::scope(|scope| {
///     scope.spawn(|| {
///         let mut mail = MAIL.lock();
///         mail.push("a letter");
///         mail.notify_one();
///     });
///     let mut mail = MAIL.lock();
///     mail.wait_while(|mail| mail.is_empty());
///     assert_eq!(mail.pop(), Some("a letter"));
/// });
/// ```
///
/// Where threads wait for different things, such as "not empty" and "not full", a [`Lock`] with two conditions wakes
/// nobody in vain.
#[doc(alias("threading.Condition", "Condition()"))]
#[derive(Default)]
pub struct Monitor<T: ?Sized> {
    condition: Condition,
    lock: Lock<T>,
}

impl<T> Monitor<T> {
    const_unless_loom! {
        /// A free monitor around `value`.
        #[must_use]
        pub const fn new(value: T) -> Self {
            Self { condition: Condition::new(), lock: Lock::new(value) }
        }
    }

    const_unless_loom! {
        /// The same monitor, whose lock and condition are called `name` in timelines and in `Debug`. Free without the
        /// feature `explore`.
        #[must_use]
        pub const fn named(mut self, name: &'static str) -> Self {
            // A plain assignment would drop the old one, which a constant function cannot. It owns nothing.
            forget(replace(&mut self.condition, Condition::new().named(name)));
            self.lock.set_name(name);
            self
        }
    }

    /// The data, taken out.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.lock.into_inner()
    }
}

impl<T: ?Sized> Monitor<T> {
    /// Takes the lock, waiting for as long as another thread holds it.
    #[doc(alias("acquire", "__enter__"))]
    #[inline]
    #[track_caller]
    pub fn lock(&self) -> MonitorGuard<'_, T> {
        self.guard(self.lock.lock())
    }

    /// Takes the lock if it is free now, else returns `None` at once.
    #[inline]
    #[track_caller]
    pub fn try_lock(&self) -> Option<MonitorGuard<'_, T>> {
        self.lock.try_lock().map(|guard| self.guard(guard))
    }

    /// Takes the lock, waiting for at most `timeout`; see [`Lock::try_lock_for`].
    #[inline]
    #[track_caller]
    pub fn try_lock_for(&self, timeout: Duration) -> Option<MonitorGuard<'_, T>> {
        self.lock.try_lock_for(timeout).map(|guard| self.guard(guard))
    }

    /// Takes the lock, waiting until `deadline` at the latest.
    #[inline]
    #[track_caller]
    pub fn try_lock_until(&self, deadline: impl Into<Instant>) -> Option<MonitorGuard<'_, T>> {
        self.lock.try_lock_until(deadline).map(|guard| self.guard(guard))
    }

    /// Whether a thread holds the lock at this moment: for tests and displays, not for decisions.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn is_locked(&self) -> bool {
        self.lock.is_locked()
    }

    /// The data, without locking: a unique reference proves that nobody else has one.
    #[must_use]
    pub fn get_mut(&mut self) -> &mut T {
        self.lock.get_mut()
    }

    #[inline]
    fn guard<'monitor>(&'monitor self, guard: LockGuard<'monitor, T>) -> MonitorGuard<'monitor, T> {
        MonitorGuard { condition: &self.condition, guard }
    }
}

impl<T> From<T> for Monitor<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// Shows the data if the lock is free, else `<locked>`. Never waits.
impl<T: ?Sized + fmt::Debug> fmt::Debug for Monitor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor").field("condition", &self.condition).field("lock", &&self.lock).finish()
    }
}

/// The right to use the data of a [`Monitor`], until it is dropped; also the way to wait and to notify.
///
/// The methods are those of [`Condition`], for the monitor's own.
///
/// ```
/// use std::time::Duration;
/// use threadcraft_condition::Monitor;
///
/// let stock = Monitor::new(3);
/// let mut guard = stock.lock();
/// *guard -= 1;
/// guard.notify_all();
/// let result = guard.wait_while_for(|stock| *stock < 3, Duration::from_millis(1));
/// assert!(result.timed_out());
/// assert_eq!(*guard, 2, "the guard has the lock again, in time or not");
/// ```
#[must_use = "the monitor is released at once if the guard is not kept; name it, as in `let mut guard = monitor.lock();`"]
pub struct MonitorGuard<'monitor, T: ?Sized> {
    condition: &'monitor Condition,
    guard: LockGuard<'monitor, T>,
}

impl<T: ?Sized> MonitorGuard<'_, T> {
    /// Releases the monitor, waits to be notified, and takes it again: [`Condition::wait`].
    #[track_caller]
    pub fn wait(&mut self) {
        self.condition.wait(&mut self.guard);
    }

    /// The same, for at most `timeout`: [`Condition::wait_for`].
    #[doc(alias = "wait(timeout=)")]
    #[track_caller]
    pub fn wait_for(&mut self, timeout: Duration) -> WaitTimeoutResult {
        self.condition.wait_for(&mut self.guard, timeout)
    }

    /// The same, until `deadline` at the latest: [`Condition::wait_until`].
    #[track_caller]
    pub fn wait_until(&mut self, deadline: impl Into<Instant>) -> WaitTimeoutResult {
        self.condition.wait_until(&mut self.guard, deadline)
    }

    /// Waits for as long as `predicate` is true of the data: [`Condition::wait_while`].
    #[doc(alias = "wait_for(predicate)")]
    #[track_caller]
    pub fn wait_while(&mut self, predicate: impl FnMut(&mut T) -> bool) {
        self.condition.wait_while(&mut self.guard, predicate);
    }

    /// The same, for at most `timeout`: [`Condition::wait_while_for`].
    #[doc(alias = "wait_for(predicate, timeout=)")]
    #[track_caller]
    pub fn wait_while_for(&mut self, predicate: impl FnMut(&mut T) -> bool, timeout: Duration) -> WaitTimeoutResult {
        self.condition.wait_while_for(&mut self.guard, predicate, timeout)
    }

    /// The same, until `deadline` at the latest: [`Condition::wait_while_until`].
    #[track_caller]
    pub fn wait_while_until(
        &mut self,
        predicate: impl FnMut(&mut T) -> bool,
        deadline: impl Into<Instant>,
    ) -> WaitTimeoutResult {
        self.condition.wait_while_until(&mut self.guard, predicate, deadline)
    }

    /// Lets the `count` threads go on that have waited longest, and returns how many: [`Condition::notify`].
    #[inline]
    #[track_caller]
    pub fn notify(&mut self, count: usize) -> usize {
        self.condition.notify(&mut self.guard, count)
    }

    /// Lets the thread go on that has waited longest: [`Condition::notify_one`].
    #[inline]
    #[track_caller]
    pub fn notify_one(&mut self) -> bool {
        self.condition.notify_one(&mut self.guard)
    }

    /// Lets all go on that wait, and returns how many: [`Condition::notify_all`].
    #[doc(alias = "notifyAll")]
    #[inline]
    #[track_caller]
    pub fn notify_all(&mut self) -> usize {
        self.condition.notify_all(&mut self.guard)
    }
}

impl<T: ?Sized> Deref for MonitorGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T: ?Sized> DerefMut for MonitorGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MonitorGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MonitorGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
