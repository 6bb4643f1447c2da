//! Who owns a job: as an `Arc` does it, with a count that begins at as many owners as there are going to be, and with memory
//! that is used again.

use core::ops::Deref;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU32, Ordering};
use std::process::abort;

use crate::job::Job;
use crate::memory;

/// How many own a job. It is the machine's own word also where the program is explored, as the count of an `Arc` is:
/// nothing depends on it but when the job goes.
pub(crate) struct Owners(AtomicU32);

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
    /// A job that two own: one is for the shelf, and one for the future.
    pub(crate) fn pair(make: impl FnOnce(Owners) -> Job) -> [Self; 2] {
        let job = Box::write(memory::take(), make(Owners(AtomicU32::new(2))));
        let job = NonNull::from(Box::leak(job));
        [Self(job), Self(job)]
    }

    /// The job itself, of its only owner.
    #[cfg(all(test, not(feature = "explore")))]
    pub(crate) fn into_box(self) -> Box<Job> {
        assert_eq!(self.owners.0.load(Ordering::Acquire), 1);
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
        // Relaxed: who has one owner may make another; nothing is read through the new one that was not there for this.
        if self.owners.0.fetch_add(1, Ordering::Relaxed) > i32::MAX as u32 {
            // So many owners that the count might come round: only by forgetting them.
            abort();
        }
        Self(self.0)
    }
}

impl Drop for JobRef {
    #[inline]
    fn drop(&mut self) {
        let owners = &self.owners.0;
        // Release, pairs with the Acquire below: what this owner did with the job comes before its end.
        // Nobody else can make owners if this is the only one left, and that it is needs no exchange to be found out.
        // Acquire, both: pairs with the Release of the other owners.
        if owners.load(Ordering::Acquire) == 1 || owners.fetch_sub(1, Ordering::AcqRel) == 1 {
            // SAFETY:
            // - `pair` has leaked this box, and this was its last owner.
            memory::give_back(unsafe { Box::from_raw(self.0.as_ptr()) });
        }
    }
}
