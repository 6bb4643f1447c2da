//! `Future`: what a program holds of a job.

extern crate alloc;

use alloc::boxed::Box;
use core::fmt;
use core::marker::PhantomData;
use core::mem::{ManuallyDrop, needs_drop};
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

use threadcraft_platform::{Instant, call};

use crate::crew::Crew;
use crate::error::TaskError;
use crate::job::{end_pending, error_of};
use crate::job_ref::JobRef;
use crate::observers::{Observer, report};
use crate::state::Stage;

/// The result of a job, when it is there (Python's `concurrent.futures.Future`).
///
/// ```
/// use threadcraft_pool::ThreadPool;
///
/// let pool = ThreadPool::new(2);
/// let answer = pool.submit(|| 6 * 7);
/// assert_eq!(answer.result().unwrap(), 42);
/// ```
///
/// Dropping it does not cancel the job, and loses its result, a panic included. It is also a [`core::future::Future`]: in an `async` function of any runtime,
/// `pool.submit(f).await` gives the same as [`result`](Self::result), and blocks no thread.
///
/// A job that never begins, as it was [cancelled](Self::cancel), leaves nothing behind: what its closure holds is dropped
/// at once, in the thread that cancels.
#[doc(alias("concurrent.futures.Future", "JoinHandle"))]
pub struct Future<T> {
    pub(crate) job: JobRef,
    value: PhantomData<T>,
}

// SAFETY:
// - the value comes to one thread at most, and it is `Send`, as a job with any other is not made; of the rest an owner of
//   a job may be sent.
unsafe impl<T> Send for Future<T> {}
// SAFETY:
// - as above: a shared future gives the value away, and no reference to it.
unsafe impl<T> Sync for Future<T> {}

impl<T> Future<T> {
    /// That of a job with this result.
    pub(crate) fn of(job: JobRef) -> Self {
        Self { job, value: PhantomData }
    }

    /// Cancels the job if it has not begun; true if it never will, also if it was cancelled before.
    ///
    /// Exact: either this is true and the closure is dropped without having run, or it is false and the job has begun.
    #[track_caller]
    pub fn cancel(&self) -> bool {
        if end_pending(&self.job, Stage::Cancelled) {
            return true;
        }
        if self.job.core().state().stage() == Stage::Ending {
            // Another does the same at this moment.
            let core = self.job.core();
            call(&core.object, "cancel", None, || core.wait(None), |_, done| done.read());
        }
        self.is_cancelled()
    }

    /// Whether the job was cancelled.
    #[doc(alias = "cancelled")]
    #[must_use]
    #[track_caller]
    pub fn is_cancelled(&self) -> bool {
        self.stage() == Stage::Cancelled
    }

    /// Whether the job runs at this moment.
    #[doc(alias = "running")]
    #[must_use]
    #[track_caller]
    pub fn is_running(&self) -> bool {
        self.stage() == Stage::Running
    }

    /// Whether the job has ended: with a value, by a panic, or without having begun.
    #[doc(alias = "done")]
    #[must_use]
    #[track_caller]
    pub fn is_done(&self) -> bool {
        !matches!(self.stage(), Stage::Pending | Stage::Running | Stage::Ending)
    }

    /// Waits for the job to end, and gives its value. All that the job did is visible afterwards.
    ///
    /// In a worker of the job's own pool it does not wait for a job that has not begun: it runs it. If it has begun
    /// elsewhere, the pool gets another thread for as long as this one waits.
    ///
    /// # Errors
    ///
    /// If the job panicked, was cancelled, or found its pool broken or shut down. An error is there for everybody who
    /// asks.
    ///
    /// # Panics
    ///
    /// If the value was taken before: it is there once.
    #[track_caller]
    pub fn result(&self) -> Result<T, TaskError> {
        self.wait("result", None, true, || self.take())
    }

    /// The same, for at most `timeout`. Zero means: if it has ended. It runs nothing itself, as that could take longer.
    ///
    /// # Errors
    ///
    /// As [`result`](Self::result), and if the time is over; the job goes on.
    ///
    /// # Panics
    ///
    /// As [`result`](Self::result).
    #[doc(alias = "result(timeout=)")]
    #[track_caller]
    pub fn result_for(&self, timeout: Duration) -> Result<T, TaskError> {
        self.wait("result_for", Instant::after(timeout), false, || self.take())
    }

    /// The same, until `deadline` at the latest.
    ///
    /// # Errors
    ///
    /// As [`result_for`](Self::result_for).
    ///
    /// # Panics
    ///
    /// As [`result`](Self::result).
    #[track_caller]
    pub fn result_until(&self, deadline: impl Into<Instant>) -> Result<T, TaskError> {
        self.wait("result_until", Some(deadline.into()), false, || self.take())
    }

    /// Waits for the job to end, and gives the reason why it has no value; the value stays.
    ///
    /// ```
    /// use threadcraft_pool::{TaskError, ThreadPool};
    ///
    /// let pool = ThreadPool::new(1);
    /// let job = pool.submit(|| -> u32 { panic!("out of paper") });
    /// let Some(TaskError::Panicked(panic)) = job.exception() else { unreachable!() };
    /// assert_eq!(panic.message(), "out of paper");
    /// ```
    #[track_caller]
    pub fn exception(&self) -> Option<TaskError> {
        self.wait("exception", None, true, || error_of(&self.job))
    }

    /// The same, for at most `timeout`: [`TaskError::TimedOut`] when that is over.
    #[doc(alias = "exception(timeout=)")]
    #[track_caller]
    pub fn exception_for(&self, timeout: Duration) -> Option<TaskError> {
        let look = || match self.job.core().state().is_done() {
            true => error_of(&self.job),
            false => Some(TaskError::TimedOut),
        };
        self.wait("exception_for", Instant::after(timeout), false, look)
    }

    /// Has `callback` called when the job ends: by the thread that ends it, or at once by this one if it has ended.
    ///
    /// Callbacks are called in the order in which they were added. If one panics, the panic hook reports it, and the
    /// others are called all the same.
    #[track_caller]
    pub fn add_done_callback(&self, callback: impl FnOnce(&Self) + Send + 'static)
    where
        T: 'static,
    {
        // Not dropped: the caller's is the one that says when the value is wanted no more.
        let future = ManuallyDrop::new(Self::of(self.job.clone()));
        let lent = Lent(future);
        let observer = Observer::Callback(Box::new(move || callback(lent.get())));
        let add = || {
            self.job.core().lend();
            self.job.core().observe(observer)
        };
        let added = call(&self.job.core().object, "add_done_callback", None, add, |_, done| done.wrote());
        if let Err(Observer::Callback(callback)) = added {
            report(callback);
        }
    }

    /// The stage, as a call of the program.
    #[track_caller]
    fn stage(&self) -> Stage {
        let core = self.job.core();
        call(&core.object, "state", None, || core.state().stage(), |_, done| done.read())
    }

    /// Waits for the job to end, or runs it where that is allowed, and looks.
    #[track_caller]
    fn wait<R>(&self, verb: &'static str, deadline: Option<Instant>, helps: bool, look: impl Fn() -> R) -> R {
        let core = self.job.core();
        let wait = || {
            if helps && Crew::claim_here(core) {
                return None;
            }
            Crew::wait_for(core, deadline);
            Some(look())
        };
        call(&core.object, verb, None, wait, |_, done| done.read()).unwrap_or_else(|| {
            Crew::run_here(&self.job);
            look()
        })
    }

    /// Takes the value, which the caller has claimed.
    fn take_value(&self) -> Option<T> {
        // SAFETY:
        // - the job was made together with the future of its result, and the caller has claimed the value.
        unsafe { self.job.take_value() }
    }

    /// The value or the reason why there is none, of a job that has ended or has not in time.
    fn take(&self) -> Result<T, TaskError> {
        let core = self.job.core();
        if !core.state().is_done() {
            return Err(TaskError::TimedOut);
        }
        if let Some(error) = error_of(&self.job) {
            return Err(error);
        }
        let value = if core.claim_value() { self.take_value() } else { None };
        Ok(value.expect("the value of a job is there once, and was taken before"))
    }
}

/// A future for callbacks: one of the owners of the job, but not the one whose end makes the value unwanted.
struct Lent<T>(ManuallyDrop<Future<T>>);

impl<T> Lent<T> {
    fn get(&self) -> &Future<T> {
        &self.0
    }
}

impl<T> Drop for Lent<T> {
    fn drop(&mut self) {
        // SAFETY:
        // - the field is not used again;
        // - an owner of the job is read out of the future, whose destructor, all that could use it again, does not run.
        drop(unsafe { core::ptr::read(&raw const self.0.job) });
    }
}

impl<T> Drop for Future<T> {
    fn drop(&mut self) {
        if needs_drop::<T>() {
            let core = self.job.core();
            if call(&core.object, "drop", None, || core.unwant(), |_, _| ()) {
                drop(self.take_value());
            }
        }
    }
}

impl<T> core::future::Future for Future<T> {
    type Output = Result<T, TaskError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let core = self.job.core();
        let watch = || core.state().is_done() || core.observe(Observer::Waker(context.waker().clone())).is_err();
        if call(&core.object, "poll", None, watch, |_, done| done.read()) {
            Poll::Ready(self.take())
        } else {
            Poll::Pending
        }
    }
}

/// Shows how far the job is. Never waits.
impl<T> fmt::Debug for Future<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Future").field("state", &self.job.core().state().stage()).finish()
    }
}
