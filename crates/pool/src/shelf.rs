//! A row of jobs that nobody has begun: the inbox of a pool, and the desk of each worker.

extern crate alloc;

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use core::mem;

use threadcraft_lock::Lock;
use threadcraft_platform::atomic::{AtomicUsize, Ordering};

use crate::job::Job;

/// Jobs, first in, first out.
#[derive(Default)]
pub(crate) struct Shelf {
    row: Lock<Row>,
    /// How many they are, for those who only want to know whether to look.
    len: AtomicUsize,
}

#[derive(Default)]
struct Row {
    jobs: VecDeque<Arc<dyn Job>>,
    closed: bool,
}

impl Shelf {
    fn with<R>(&self, body: impl FnOnce(&mut Row) -> R) -> R {
        let mut row = self.row.lock();
        let result = body(&mut row);
        // Relaxed: a hint. Who has to know takes the lock.
        self.len.store(row.jobs.len(), Ordering::Relaxed);
        result
    }

    /// One more job, which comes back if nothing is taken any more.
    pub(crate) fn push(&self, job: Arc<dyn Job>) -> Result<(), Arc<dyn Job>> {
        self.with(|row| {
            if row.closed {
                return Err(job);
            }
            row.jobs.push_back(job);
            Ok(())
        })
    }

    pub(crate) fn pop(&self) -> Option<Arc<dyn Job>> {
        if self.seen_len() == 0 { None } else { self.with(|row| row.jobs.pop_front()) }
    }

    /// More jobs.
    pub(crate) fn fill(&self, more: impl Iterator<Item = Arc<dyn Job>>) {
        self.with(|row| row.jobs.extend(more));
    }

    /// Puts all jobs where there is none.
    pub(crate) fn empty_into(&self, place: &mut VecDeque<Arc<dyn Job>>) {
        debug_assert!(place.is_empty());
        if self.seen_len() > 0 {
            self.with(|row| mem::swap(&mut row.jobs, place));
        }
    }

    /// Takes the later half of the jobs, and of an odd number the greater part.
    pub(crate) fn split(&self) -> VecDeque<Arc<dyn Job>> {
        self.with(|row| row.jobs.split_off(row.jobs.len() / 2))
    }

    /// Takes all jobs.
    pub(crate) fn take(&self) -> VecDeque<Arc<dyn Job>> {
        self.with(|row| mem::take(&mut row.jobs))
    }

    /// Takes the job at this address back, if it is there.
    pub(crate) fn withdraw(&self, job: *const ()) -> Option<Arc<dyn Job>> {
        self.with(|row| {
            let place = row.jobs.iter().rposition(|other| Arc::as_ptr(other).cast() == job)?;
            row.jobs.remove(place)
        })
    }

    /// No more jobs are taken.
    pub(crate) fn close(&self) {
        self.with(|row| row.closed = true);
    }

    /// How many jobs there are. What the caller did before is visible to whoever puts a job here afterwards.
    pub(crate) fn len(&self) -> usize {
        self.row.lock().jobs.len()
    }

    /// How many there were at some moment that the caller need not know exactly.
    pub(crate) fn seen_len(&self) -> usize {
        // Relaxed: see `with`.
        self.len.load(Ordering::Relaxed)
    }

    /// How many of the jobs nobody has begun or cancelled.
    pub(crate) fn pending(&self) -> usize {
        self.row.lock().jobs.iter().filter(|job| job.core().is_pending()).count()
    }
}
