//! What timers and intervals have in common: a task, and the service that calls it.

extern crate alloc;

use alloc::sync::Arc;
use core::ops::Deref;
use core::time::Duration;

use threadcraft_platform::{Instant, call};

use crate::due::Due;
use crate::error::AlreadyStarted;
use crate::service::{Refusal, Service};
use crate::state::Stage;
use crate::task::{Cancel, Task, end_unused};

/// One way to a task; the service has another.
pub(crate) struct Handle {
    pub(crate) task: Arc<dyn Task>,
    pub(crate) service: Arc<Service>,
}

impl Handle {
    /// One that is new waits for its time from now on. One that was cancelled before stays cancelled, and so is one that
    /// comes to a service that was shut down.
    #[track_caller]
    pub(crate) fn start(&self, due: impl FnOnce() -> Due) -> Result<(), AlreadyStarted> {
        let core = self.task.core();
        let start = || core.start().then(|| self.list(due()));
        match call(&core.object, "start", None, start, |_, done| done.wrote()) {
            Some(Ok(())) => {}
            Some(Err(refusal)) => self.refuse(refusal),
            None if core.state().is_dead() => {}
            None => return Err(AlreadyStarted),
        }
        Ok(())
    }

    /// The same for one that was made pending, and of which nobody else knows.
    #[inline]
    #[track_caller]
    pub(crate) fn begin(&self, due: impl FnOnce() -> Due) {
        let listed = call(&self.task.core().object, "start", None, || self.list(due()), |_, done| done.wrote());
        if let Err(refusal) = listed {
            self.refuse(refusal);
        }
    }

    #[inline]
    #[track_caller]
    fn list(&self, due: Due) -> Result<(), Refusal> {
        self.service.list(due, Arc::clone(&self.task))
    }

    /// What is on no list is cancelled.
    #[cold]
    #[track_caller]
    fn refuse(&self, refusal: Refusal) {
        if let Cancel::Claimed { .. } = self.task.core().cancel() {
            end_unused(&*self.task);
        }
        if let Refusal::NoThread(error) = refusal {
            panic!("there is no thread that could call it: {error}");
        }
    }

    #[track_caller]
    pub(crate) fn cancel(&self) -> bool {
        self.service.cancel(&*self.task)
    }

    /// The stage, as a call of the program.
    #[track_caller]
    pub(crate) fn stage(&self) -> Stage {
        let core = self.task.core();
        call(&core.object, "state", None, || core.state().stage(), |_, done| done.read())
    }

    #[track_caller]
    pub(crate) fn join(&self, timeout: Option<Duration>) -> bool {
        let core = self.task.core();
        assert!(core.state().stage() != Stage::New, "a timer that was never started has no end to wait for");
        assert!(!core.is_called_here(), "a timer's own function cannot wait for its end");
        let deadline = timeout.and_then(Instant::after);
        call(&core.object, "join", None, || core.wait(deadline), |_, done| done.read())
    }
}

/// Cancels a [`Timer`](crate::Timer) or an [`Interval`](crate::Interval) when it is dropped; made by their
/// `cancel_on_drop`.
///
/// ```
/// use std::time::Duration;
/// use threadcraft_timer::Timer;
///
/// let reminder = Timer::after(Duration::from_secs(3600), || println!("still there?")).cancel_on_drop();
/// assert!(reminder.is_alive());
/// drop(reminder); // the hour is not waited for
/// ```
#[derive(Debug)]
#[must_use = "it cancels when it is dropped, which is at once if nobody keeps it"]
#[expect(private_bounds, reason = "timers and intervals are all there is to cancel")]
pub struct CancelOnDrop<T: Cancellable>(pub(crate) T);

/// What [`CancelOnDrop`] is for.
pub(crate) trait Cancellable {
    fn cancel(&self) -> bool;
}

impl<T: Cancellable> Deref for CancelOnDrop<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Cancellable> Drop for CancelOnDrop<T> {
    #[track_caller]
    fn drop(&mut self) {
        self.0.cancel();
    }
}
