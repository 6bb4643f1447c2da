//! `TimerService`: timers that end together.

extern crate alloc;

use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

use threadcraft_platform::{Instant, call};

use crate::due::Due;
use crate::interval::Interval;
use crate::service::Service;
use crate::timer::Timer;

/// Timers and intervals with a list and threads of their own, which end together.
///
/// ```
/// use std::time::Duration;
/// use threadcraft_timer::TimerService;
///
/// let reminders = TimerService::new();
/// let (hour, day) = (Duration::from_secs(3600), Duration::from_secs(86_400));
/// reminders.after(hour, || println!("drink something"));
/// reminders.every(day, || println!("another day"));
/// assert_eq!(reminders.len(), 2);
/// reminders.shutdown(); // all are cancelled
/// assert!(reminders.is_empty());
/// ```
///
/// There is no thread while nothing is on the list. One watches the clock; when something is due it hands that over to
/// another one before it calls the function, so that a function may take its time, and returns to the list afterwards.
/// Its threads are daemons. Dropping it shuts it down.
pub struct TimerService {
    service: Arc<Service>,
}

impl TimerService {
    /// A service with nothing on its list.
    #[must_use]
    pub fn new() -> Self {
        Self { service: Arc::new(Service::new(true)) }
    }

    /// Has `function` called once, so long from now. After a shutdown it is cancelled at once, here and below.
    ///
    /// # Panics
    ///
    /// As [`Timer::start`].
    #[inline]
    #[track_caller]
    pub fn after(&self, delay: Duration, function: impl FnOnce() + Send + 'static) -> Timer {
        Timer::begun(Arc::clone(&self.service), delay, function, || Due::after(delay))
    }

    /// Has `function` called once, at that time; at once if it has passed.
    ///
    /// # Panics
    ///
    /// As [`Timer::start`].
    #[track_caller]
    pub fn at(&self, time: impl Into<Instant>, function: impl FnOnce() + Send + 'static) -> Timer {
        let time = time.into();
        let delay = time.saturating_duration_since(Instant::now());
        Timer::begun(Arc::clone(&self.service), delay, function, || Due(Some(time)))
    }

    /// Has `function` called each time that `period` has passed, from now on.
    ///
    /// # Panics
    ///
    /// As [`Interval::every`].
    #[track_caller]
    pub fn every(&self, period: Duration, function: impl FnMut() + Send + 'static) -> Interval {
        Interval::of(Arc::clone(&self.service), period, function)
    }

    /// How many timers and intervals wait for their time.
    #[must_use]
    #[track_caller]
    pub fn len(&self) -> usize {
        self.service.len()
    }

    /// Whether nothing waits for its time.
    #[must_use]
    #[track_caller]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Cancels all that waits for its time, and waits for functions that are called at this moment, unless it is one of
    /// them that calls this. Nothing is called afterwards. It can be called again.
    #[track_caller]
    pub fn shutdown(&self) {
        self.service.shut_down();
    }
}

impl Service {
    #[track_caller]
    fn len(&self) -> usize {
        call(
            &self.object,
            "len",
            None,
            || self.waiting(),
            |len, done| {
                done.read();
                done.result(len);
            },
        )
    }
}

impl Default for TimerService {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TimerService {
    #[track_caller]
    fn drop(&mut self) {
        self.service.shut_down();
    }
}

/// Shows how many wait. Never waits itself.
impl fmt::Debug for TimerService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimerService").field("waiting", &self.service.waiting()).finish()
    }
}
