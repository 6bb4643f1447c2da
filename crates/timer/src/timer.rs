//! `Timer`: once.

extern crate alloc;

use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

use threadcraft_platform::thread::inherits_daemon;

use crate::due::Due;
use crate::error::AlreadyStarted;
use crate::handle::{CancelOnDrop, Cancellable, Handle};
use crate::service::{Service, of_program, shown};
use crate::state::Stage;
use crate::task::Once;

/// A function that is called once, after a delay, unless it is cancelled before (Python's `threading.Timer`).
///
/// ```
/// use std::time::Duration;
/// use threadcraft_timer::Timer;
///
/// let timer = Timer::new(Duration::from_millis(5), || println!("the tea is ready"));
/// timer.start()?;
/// timer.join();
///
/// let never = Timer::after(Duration::from_secs(3600), || println!("the cake is burnt"));
/// assert!(never.cancel());
/// # Ok::<(), threadcraft_timer::AlreadyStarted>(())
/// ```
///
/// The function is never called early: not before the delay has passed since the start. It runs in a thread of the
/// service that all timers share, and may take its time there, as no other timer waits for it. A panic of it is told to
/// the except hook of threads.
///
/// Dropping a `Timer` does not cancel it: see [`cancel_on_drop`](Self::cancel_on_drop). The program does not end before
/// its timers were called or cancelled, unless they are [daemons](Self::daemon), as Python's does; one with a delay beyond
/// what the clock can say is never called, and nothing waits for it.
#[doc(alias = "threading.Timer")]
pub struct Timer {
    handle: Handle,
    delay: Duration,
}

impl Timer {
    /// A timer that will call `function` so long after its start.
    #[must_use = "a timer does nothing before it is started"]
    pub fn new(delay: Duration, function: impl FnOnce() + Send + 'static) -> Self {
        Self::at_stage(Stage::New, of_program(inherits_daemon()), delay, function)
    }

    /// The same, started.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    #[track_caller]
    pub fn after(delay: Duration, function: impl FnOnce() + Send + 'static) -> Self {
        Self::begun(of_program(inherits_daemon()), delay, function, || Due::after(delay))
    }

    /// One that is on the list of the service.
    #[inline]
    #[track_caller]
    pub(crate) fn begun(
        service: Arc<Service>,
        delay: Duration,
        function: impl FnOnce() + Send + 'static,
        due: impl FnOnce() -> Due,
    ) -> Self {
        let timer = Self::at_stage(Stage::Pending, service, delay, function);
        timer.handle.begin(due);
        timer
    }

    #[inline]
    fn at_stage(
        stage: Stage,
        service: Arc<Service>,
        delay: Duration,
        function: impl FnOnce() + Send + 'static,
    ) -> Self {
        Self { handle: Handle { task: Arc::new(Once::new(stage, function)), service }, delay }
    }

    /// Says whether the program may end before the timer was called. If nobody says so, it may if the timer is made in a
    /// daemon thread.
    ///
    /// # Panics
    ///
    /// If it was started before.
    #[must_use]
    #[track_caller]
    pub fn daemon(mut self, daemon: bool) -> Self {
        assert!(self.handle.task.core().state().stage() == Stage::New, "a timer is made a daemon before it starts");
        self.handle.service = of_program(daemon);
        self
    }

    /// The same timer, called `name` in timelines. Free without the feature `explore`.
    #[must_use]
    pub fn named(self, name: &'static str) -> Self {
        self.handle.task.core().object.adopt(Some(name));
        self
    }

    /// Starts it: the delay begins. One that was cancelled before stays cancelled.
    ///
    /// # Errors
    ///
    /// If it was started before.
    ///
    /// # Panics
    ///
    /// If there is no thread for timers and the system refuses one. The timer is cancelled then.
    #[track_caller]
    pub fn start(&self) -> Result<(), AlreadyStarted> {
        self.handle.start(|| Due::after(self.delay))
    }

    /// Cancels it: true if the function has not been called and never will.
    ///
    /// Exact: either this is true, and the function and what it holds are dropped at once, in the thread that calls; or it
    /// is false, and the function is called at this moment, or was. It can be called again, and before the start.
    #[track_caller]
    pub fn cancel(&self) -> bool {
        self.handle.cancel()
    }

    /// The timer as a guard that cancels it when it is dropped.
    pub fn cancel_on_drop(self) -> CancelOnDrop<Self> {
        CancelOnDrop(self)
    }

    /// True if it was started, and neither has its function returned nor was it cancelled.
    #[doc(alias = "isAlive")]
    #[must_use]
    #[track_caller]
    pub fn is_alive(&self) -> bool {
        matches!(self.handle.stage(), Stage::Pending | Stage::Running)
    }

    /// True if the function was not called and never will be.
    #[must_use]
    #[track_caller]
    pub fn is_cancelled(&self) -> bool {
        matches!(self.handle.stage(), Stage::Ending | Stage::Cancelled)
    }

    /// Waits until the function has returned, or until the timer is cancelled. What the function did is visible then.
    ///
    /// # Panics
    ///
    /// If it was never started, or if its own function calls this.
    #[track_caller]
    pub fn join(&self) {
        self.handle.join(None);
    }

    /// The same for at most `timeout`; false if that has passed first.
    ///
    /// # Panics
    ///
    /// As [`join`](Self::join).
    #[doc(alias = "join(timeout)")]
    #[track_caller]
    pub fn join_for(&self, timeout: Duration) -> bool {
        self.handle.join(Some(timeout))
    }
}

impl Cancellable for Timer {
    #[track_caller]
    fn cancel(&self) -> bool {
        self.handle.cancel()
    }
}

/// Shows how far it is. Never waits.
impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown_fields = f.debug_struct("Timer");
        shown_fields.field("delay", &self.delay).field("state", &format_args!("{}", shown(&*self.handle.task))).finish()
    }
}
