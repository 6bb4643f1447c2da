//! `Interval`: again and again.

extern crate alloc;

use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

use crate::due::Due;
use crate::handle::{CancelOnDrop, Cancellable, Handle};
use crate::service::{Service, of_program, shown};
use crate::state::Stage;
use crate::task::Repeated;

/// What becomes of calls whose time has passed when the one before returns: because it took long, or as the machine was
/// busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum MissedTicks {
    /// All are made up for, one directly after the other, until the interval is on time again.
    Burst,
    /// They are left out: the next call is at the next whole period since the beginning.
    Skip,
    /// The next call is one period after the one that was late has returned, and the others are counted from there.
    Delay,
}

impl MissedTicks {
    pub(crate) fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Burst,
            1 => Self::Skip,
            _ => Self::Delay,
        }
    }
}

/// A function that is called again and again at a fixed rate.
///
/// ```
/// use std::sync::mpsc;
/// use std::time::Duration;
/// use threadcraft_timer::Interval;
///
/// let (ticks, clock) = mpsc::channel();
/// let interval = Interval::every(Duration::from_millis(5), move || ticks.send("tick").unwrap_or(()));
/// assert_eq!(clock.iter().take(3).count(), 3);
/// interval.cancel();
/// ```
///
/// The first call is one period after the start, the n-th n periods after it, and never before: what a call takes, or how
/// late it was, does not add up. A call does not begin before the one before has returned; what then becomes of those
/// that were missed meanwhile is up to [`missed`](Self::missed). A panic is told to the except hook of threads, and the
/// interval goes on.
///
/// Dropping an `Interval` does not cancel it: see [`cancel_on_drop`](Self::cancel_on_drop). The program does not wait for
/// intervals, which have no end of their own.
#[doc(alias("setInterval", "scheduleAtFixedRate"))]
pub struct Interval {
    handle: Handle,
    period: Duration,
}

impl Interval {
    /// Has `function` called each time that `period` has passed, from now on.
    ///
    /// # Panics
    ///
    /// If `period` is zero; or if there is no thread for timers and the system refuses one.
    #[track_caller]
    pub fn every(period: Duration, function: impl FnMut() + Send + 'static) -> Self {
        Self::of(of_program(true), period, function)
    }

    #[track_caller]
    pub(crate) fn of(service: Arc<Service>, period: Duration, function: impl FnMut() + Send + 'static) -> Self {
        assert!(!period.is_zero(), "an interval of zero: its function would be called without end");
        let interval = Self { handle: Handle { task: Arc::new(Repeated::new(period, function)), service }, period };
        interval.handle.begin(|| Due::after(period));
        interval
    }

    /// The same interval with another rule for calls that are late, from the next one on. At first it is
    /// [`MissedTicks::Burst`].
    #[must_use]
    pub fn missed(self, missed: MissedTicks) -> Self {
        self.handle.task.set_missed(missed);
        self
    }

    /// The same interval, called `name` in timelines. Free without the feature `explore`.
    #[must_use]
    pub fn named(self, name: &'static str) -> Self {
        self.handle.task.core().object.adopt(Some(name));
        self
    }

    /// Ends it: no call begins any more. True if none is under way: then the function and what it holds have been dropped.
    /// False if one is, which is the last; [`join`](Self::join) waits for it.
    #[track_caller]
    pub fn cancel(&self) -> bool {
        self.handle.cancel()
    }

    /// The interval as a guard that cancels it when it is dropped.
    pub fn cancel_on_drop(self) -> CancelOnDrop<Self> {
        CancelOnDrop(self)
    }

    /// True until it was cancelled, and the last call has returned.
    #[must_use]
    #[track_caller]
    pub fn is_alive(&self) -> bool {
        matches!(self.handle.stage(), Stage::Pending | Stage::Running)
    }

    /// Waits until it was cancelled, and the last call has returned. What the function did is visible then.
    ///
    /// # Panics
    ///
    /// If its own function calls this.
    #[track_caller]
    pub fn join(&self) {
        self.handle.join(None);
    }

    /// The same for at most `timeout`; false if that has passed first.
    ///
    /// # Panics
    ///
    /// As [`join`](Self::join).
    #[track_caller]
    pub fn join_for(&self, timeout: Duration) -> bool {
        self.handle.join(Some(timeout))
    }
}

impl Cancellable for Interval {
    #[track_caller]
    fn cancel(&self) -> bool {
        self.handle.cancel()
    }
}

/// Shows how far it is. Never waits.
impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown_fields = f.debug_struct("Interval");
        let state = shown(&*self.handle.task);
        shown_fields.field("period", &self.period).field("state", &format_args!("{state}")).finish()
    }
}
