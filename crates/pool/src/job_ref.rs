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
        let job = NonNull::from(Box::leak(memory::take())).cast::<Job>();
        // SAFETY:
        // - it is the memory of a job, and nobody else has it.
        unsafe { Job::place(job.as_ptr(), origin, closure) };
        [Self(job), Self(job)]
    }

    /// The job itself, of its only owner.
    #[cfg(all(test, not(feature = "explore")))]
    pub(crate) fn into_box(self) -> Box<Job> {
        assert_eq!(self.core().state().owners(), 1);
        let job = core::mem::ManuallyDrop::new(self);
        // SAFETY:
        // - `pair` has leaked this box, and this was its only owner, and is none any more.
        unsafe { Box::from_raw(job.0.as_ptr()) }
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
            // - `pair` has leaked this box, and this was its last owner.
            memory::give_back(unsafe { Box::from_raw(self.0.as_ptr()) });
        }
    }
}
