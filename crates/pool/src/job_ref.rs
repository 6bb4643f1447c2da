//! Who owns a job: as an `Arc` does it, with a count that is a part of the word of the job, and with memory that is used
//! again.

use core::ops::Deref;
use core::ptr::NonNull;

use crate::job::{Job, Origin};
use crate::memory;

/// One of the owners of a job.
pub(crate) struct JobRef(NonNull<Job>);

// SAFETY:
// - what a job has is `Send`, and is used by several threads at a time as its state and its locks allow;
// - the last owner, in whatever thread, drops it.
unsafe impl Send for JobRef {}
// SAFETY:
// - as above: through a shared reference there is no more to be had than a reference to the job, and another owner.
unsafe impl Sync for JobRef {}

impl JobRef {
    /// The two that own a new job: one is for the shelf, and one for the future.
    #[inline]
    pub(crate) fn pair<T: Send>(origin: Origin, closure: impl FnOnce() -> T + Send) -> [Self; 2] {
        let job = memory::take();
        // SAFETY:
        // - it is the memory of a job, and nobody else has it.
        unsafe { Job::place(job.as_ptr(), origin, closure) };
        [Self(job), Self(job)]
    }

    /// Whether both own the same job.
    pub(crate) fn is(&self, job: *const Job) -> bool {
        core::ptr::eq(self.as_ptr(), job)
    }

    /// Where the job is.
    pub(crate) fn as_ptr(&self) -> *const Job {
        self.0.as_ptr()
    }
}

impl Deref for JobRef {
    type Target = Job;

    #[inline]
    fn deref(&self) -> &Job {
        // SAFETY:
        // - the job is there as long as it has an owner, and this is one;
        // - nobody has it for itself before the last owner goes.
        unsafe { self.0.as_ref() }
    }
}

impl Clone for JobRef {
    fn clone(&self) -> Self {
        self.core().own();
        Self(self.0)
    }
}

impl Drop for JobRef {
    #[inline]
    fn drop(&mut self) {
        if self.core().disown() {
            // SAFETY:
            // - `pair` has it from there, and this was its last owner.
            unsafe { memory::give_back(self.0) };
        }
    }
}
